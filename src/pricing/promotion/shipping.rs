//! Promotions on the shipping charge.

use super::{
    Deal, Evaluation, Setting,
    stacking::{beaten, largest},
};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        trace::{CapKind, Trace, TraceStep},
    },
    ruleset::{Effect, PercentageBase, Promotion, StackingMode},
};

/// A charge, and what promotions have left of it.
#[derive(Clone, Copy)]
struct Charged {
    /// Before all promotions.
    original: Amount,
    /// When the group that has its turn began.
    from: Amount,
    left: Amount,
}

/// Takes promotions off the charge, one after the other; gives them and what is left of it.
///
/// `deals` are those on the items, of which some take from the charge besides.
pub(in crate::pricing) fn off<'a>(
    charge: Amount,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    deals: &[Deal<'a>],
    trace: &mut Trace,
) -> Result<(Vec<Deal<'a>>, Amount), AmountError> {
    let mut charged = Charged { original: charge, from: charge, left: charge };
    let mut off = Vec::new();
    for deal in deals {
        let amount = deal.shipping.min(charged.left);
        if !amount.is_zero() {
            take(deal.on_shipping(amount), &mut charged, setting, trace, &mut off)?;
        }
    }
    if setting.rules.ruleset().stacking.exclusive_first {
        for promotion in setting.rules.exclusive_promotions() {
            let Some(promotion) = setting.candidate(*promotion) else { continue };
            if promotion.is_on_shipping()
                && let Some(deal) =
                    offered(promotion, charged, cart, setting, &mut Trace::silent())?
            {
                cart.applied.push(promotion);
                take(deal, &mut charged, setting, trace, &mut off)?;
                break;
            }
        }
    }
    for turn in setting.rules.promotion_turns() {
        charged.from = charged.left;
        let mut rivals: Vec<Deal<'a>> = Vec::new();
        for promotion in turn.iter().filter_map(|at| setting.candidate(*at)) {
            if !promotion.is_on_shipping() {
                continue;
            }
            setting.remember(promotion, cart)?;
            if cart.has_applied(promotion) {
                continue;
            }
            let is_parallel = mode_of(promotion, setting) == StackingMode::Parallel;
            if !is_parallel {
                charged.from = charged.left;
            }
            let Some(deal) = offered(promotion, charged, cart, setting, trace)? else { continue };
            if turn.len() > 1 && !is_parallel {
                rivals.push(deal);
            } else {
                cart.applied.push(promotion);
                take(deal, &mut charged, setting, trace, &mut off)?;
            }
        }
        best_of(rivals, &mut charged, cart, setting, trace, &mut off)?;
    }
    Ok((off, charged.left))
}

fn mode_of(promotion: &Promotion, setting: &Setting<'_>) -> StackingMode {
    setting.group_of(promotion).map_or(StackingMode::Sequential, |group| group.mode)
}

/// Applies the rival that takes most; the charge is one line, so the best on each line is the same one.
fn best_of<'a>(
    mut rivals: Vec<Deal<'a>>,
    charged: &mut Charged,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    off: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    let Some(at) = largest(rivals.iter().map(Deal::worth)) else { return Ok(()) };
    if at >= rivals.len() {
        return Ok(());
    }
    let winner = rivals.remove(at);
    for loser in &rivals {
        beaten(loser, loser.worth(), &winner, setting, trace)?;
    }
    cart.applied.push(winner.promotion);
    take(winner, charged, setting, trace, off)
}

impl<'a> Deal<'a> {
    /// What it takes off the shipping charge, as a deal of its own.
    fn on_shipping(&self, amount: Amount) -> Self {
        let Self { promotion, coupon, shipping, .. } = *self;
        let (shares, taken, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { promotion, coupon, shares, amount, shipping, taken, notes }
    }
}

fn take<'a>(
    mut deal: Deal<'a>,
    charged: &mut Charged,
    setting: &Setting<'a>,
    trace: &mut Trace,
    off: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    let before = setting.working.shown(charged.left)?;
    charged.left = charged.left.minus(deal.amount)?;
    trace.append(&mut deal.notes);
    trace.push(TraceStep::ShippingDiscount {
        rule: deal.promotion.id.clone(),
        amount_minor: before.minus(setting.working.shown(charged.left)?)?,
    });
    off.push(deal);
    Ok(())
}

fn offered<'a>(
    promotion: &'a Promotion,
    charged: Charged,
    cart: &Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
) -> Result<Option<Deal<'a>>, AmountError> {
    let Some(entry) = setting.admit(promotion, cart, trace) else { return Ok(None) };
    let mut evaluation = Evaluation::new(promotion, setting, cart, &cart.left);
    evaluation.notes = entry.notes;
    if let Some(step) = evaluation.missing()? {
        trace.push(step);
        return Ok(None);
    }
    let wanted = match &promotion.effect {
        Effect::ShippingPercentage { percent, maximum_minor } => {
            let base = setting.percentage_base(charged);
            let amount = evaluation.percent(base, *percent)?;
            match maximum_minor {
                Some(most) => amount.min(setting.working.up(*most)?),
                None => amount,
            }
        }
        Effect::ShippingFixed { amount_minor } => setting.working.up(*amount_minor)?,
        _ => return Ok(None),
    };
    let (mut amount, mut cap) = (wanted.min(charged.left), CapKind::Left);
    match evaluation.most(amount)? {
        Ok(Some((most, kind))) if most < amount => (amount, cap) = (most, kind),
        Ok(_) => {}
        Err(step) => {
            trace.push(step);
            return Ok(None);
        }
    }
    let amount = amount.max(Amount::ZERO);
    if amount.is_zero() && cap == CapKind::Left {
        return Ok(None);
    }
    evaluation.note_cap(wanted, amount, cap)?;
    let mut notes = evaluation.notes;
    if amount.is_zero() {
        trace.append(&mut notes);
        return Ok(None);
    }
    let (shares, shipping, taken) = (Vec::new(), Amount::ZERO, Vec::new());
    Ok(Some(Deal { promotion, coupon: entry.coupon, shares, amount, shipping, taken, notes }))
}

impl Setting<'_> {
    fn percentage_base(&self, charged: Charged) -> Amount {
        match self.rules.ruleset().stacking.percentage_of {
            PercentageBase::Left | PercentageBase::OriginalOnLines => charged.from,
            PercentageBase::Original => charged.original,
        }
    }
}
