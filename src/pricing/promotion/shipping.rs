//! Promotions on the shipping charge.

use super::{Deal, Evaluation, Setting, qualify};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        trace::{LimitKind, Trace, TraceStep},
    },
    ruleset::{Effect, Promotion, StackingMode},
};

/// Takes promotions off the charge, one after the other; gives them and what is left of it.
///
/// `deals` are those on the items, which may keep some of these out.
pub(in crate::pricing) fn off<'a>(
    charge: Amount,
    cart: &Cart<'a>,
    setting: &Setting<'a>,
    deals: &[Deal<'a>],
    trace: &mut Trace,
) -> Result<(Vec<Deal<'a>>, Amount), AmountError> {
    let mut left = charge;
    let mut all: Vec<Deal<'a>> = deals.iter().map(|deal| deal.on_shipping(Amount::ZERO)).collect();
    for deal in deals {
        let amount = deal.shipping.min(left);
        if !amount.is_zero() {
            left = take(deal.on_shipping(amount), left, setting, trace, &mut all)?;
        }
    }
    for turn in setting.rules.promotion_turns() {
        let best = turn.len() > 1;
        let mut rivals: Vec<Deal<'a>> = Vec::new();
        for promotion in turn.iter().filter_map(|at| setting.candidate(*at)) {
            if !promotion.is_on_shipping() {
                continue;
            }
            let Some(deal) = offered(promotion, charge, left, cart, setting, &all, trace)? else {
                continue;
            };
            if best
                && setting.group_of(promotion).is_some_and(|it| it.mode != StackingMode::Parallel)
            {
                rivals.push(deal);
            } else {
                left = take(deal, left, setting, trace, &mut all)?;
            }
        }
        if let Some(most) = rivals.iter().map(|deal| deal.amount).max()
            && let Some(at) = rivals.iter().position(|deal| deal.amount == most)
        {
            let winner = rivals.swap_remove(at);
            for loser in &rivals {
                trace.push(TraceStep::BeatenBy {
                    rule: loser.promotion.id.clone(),
                    by: winner.promotion.id.clone(),
                    amount_minor: setting.working.shown(loser.amount)?,
                    by_amount_minor: setting.working.shown(winner.amount)?,
                });
            }
            left = take(winner, left, setting, trace, &mut all)?;
        }
    }
    Ok((all.split_off(deals.len()), left))
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
    deal: Deal<'a>,
    left: Amount,
    setting: &Setting<'a>,
    trace: &mut Trace,
    all: &mut Vec<Deal<'a>>,
) -> Result<Amount, AmountError> {
    let before = setting.working.shown(left)?;
    let left = left.minus(deal.amount)?;
    trace.push(TraceStep::ShippingDiscount {
        rule: deal.promotion.id.clone(),
        amount_minor: before.minus(setting.working.shown(left)?)?,
    });
    all.push(deal);
    Ok(left)
}

fn offered<'a>(
    promotion: &'a Promotion,
    charge: Amount,
    left: Amount,
    cart: &Cart<'a>,
    setting: &Setting<'a>,
    deals: &[Deal<'a>],
    trace: &mut Trace,
) -> Result<Option<Deal<'a>>, AmountError> {
    let Ok(coupon) = setting.coupon(promotion) else { return Ok(None) };
    if let Some((by, reason)) = setting.suppressed(promotion, deals) {
        trace.push(TraceStep::Suppressed { rule: promotion.id.clone(), by, reason });
        return Ok(None);
    }
    if !setting.is_let_in(promotion, cart) {
        return Ok(None);
    }
    let evaluation = Evaluation::new(promotion, setting, cart, &cart.left);
    let obstacle = match qualify::obstacle(promotion, setting) {
        None => evaluation.missing()?,
        some => some,
    };
    if let Some(step) = obstacle {
        trace.push(step);
        return Ok(None);
    }
    let wanted = match &promotion.effect {
        Effect::ShippingPercentage { percent, maximum_minor } => {
            let base = setting.percentage_base(charge, left);
            let amount = evaluation.percent(base, *percent)?;
            match maximum_minor {
                Some(most) => amount.min(setting.working.up(*most)?),
                None => amount,
            }
        }
        Effect::ShippingFixed { amount_minor } => setting.working.up(*amount_minor)?,
        _ => return Ok(None),
    };
    let mut most = left;
    if let Some(limit) = promotion.limits.order_minor {
        most = most.min(setting.working.up(limit)?);
    }
    if let Some(budget) = promotion.limits.budget_minor {
        let spent = setting.context.uses_of(&promotion.id).map(|it| it.amount_minor);
        let open = setting.working.up(budget.minus(spent.unwrap_or_default())?)?;
        if promotion.limits.whole_only && open < wanted.min(most) {
            let limit = LimitKind::Budget;
            trace.push(TraceStep::UsedUp { rule: promotion.id.clone(), limit });
            return Ok(None);
        }
        most = most.min(open);
    }
    let amount = wanted.min(most).max(Amount::ZERO);
    let deal = Deal {
        promotion,
        coupon,
        shares: Vec::new(),
        amount,
        shipping: Amount::ZERO,
        taken: Vec::new(),
        notes: Vec::new(),
    };
    Ok((!amount.is_zero()).then_some(deal))
}

impl Setting<'_> {
    fn percentage_base(&self, charge: Amount, left: Amount) -> Amount {
        use crate::ruleset::PercentageBase;
        match self.rules.ruleset().stacking.percentage_of {
            PercentageBase::Left | PercentageBase::OriginalOnLines => left,
            PercentageBase::Original => charge,
        }
    }
}
