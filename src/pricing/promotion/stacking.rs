//! Which promotions go together: turns, groups, exclusions.

use super::{Deal, Evaluation, Setting, apply, evaluate};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        trace::{SuppressionKind, Trace, TraceStep},
    },
    ruleset::{Promotion, StackingGroup, StackingMode},
};

/// Runs all promotions on the items.
pub(in crate::pricing) fn run<'a>(
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
) -> Result<Vec<Deal<'a>>, AmountError> {
    let mut deals = Vec::new();
    if setting.rules.ruleset().stacking.exclusive_first {
        exclusive(cart, setting, trace, &mut deals)?;
    }
    for turn in setting.rules.promotion_turns() {
        let open = |promotion: &&Promotion| {
            !promotion.is_on_shipping()
                && !deals.iter().any(|deal: &Deal<'_>| deal.is_of(promotion))
        };
        let mut members = turn.iter().filter_map(|at| setting.candidate(*at)).filter(open);
        if turn.len() > 1 {
            let members = members.collect();
            group(members, cart, setting, trace, &mut deals)?;
        } else if let Some(promotion) = members.next() {
            alone(promotion, cart, setting, trace, &mut deals)?;
        }
    }
    Ok(deals)
}

/// The first promotion that wants to be alone and applies to the untouched cart.
fn exclusive<'a>(
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    for at in setting.rules.exclusive_promotions() {
        let Some(promotion) = setting.candidate(*at) else { continue };
        if promotion.is_on_shipping() {
            continue;
        }
        if let Ok(deal) = evaluate(promotion, setting, cart, &cart.left, &[])?
            && !deal.amount.is_zero()
        {
            return apply(deal, cart, setting.working, trace, deals);
        }
    }
    Ok(())
}

fn alone<'a>(
    promotion: &'a Promotion,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    if setting.rules.has_followers()
        && setting.coupon(promotion).is_ok()
        && Evaluation::new(promotion, setting, cart, &cart.left).is_met()?
    {
        cart.met.push(&promotion.id);
    }
    let deal = offered(promotion, &cart.left, cart, setting, trace, deals)?;
    match deal {
        Some(deal) if !deal.amount.is_zero() => apply(deal, cart, setting.working, trace, deals),
        Some(mut deal) => {
            trace.append(&mut deal.notes);
            Ok(())
        }
        None => Ok(()),
    }
}

/// What a promotion would take, if nothing keeps it out; says why not otherwise.
fn offered<'a>(
    promotion: &'a Promotion,
    from: &[Amount],
    cart: &Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &[Deal<'a>],
) -> Result<Option<Deal<'a>>, AmountError> {
    if promotion.is_gift() {
        return Ok(None);
    }
    let Ok(_) = setting.coupon(promotion) else { return Ok(None) };
    if let Some((by, reason)) = setting.suppressed(promotion, deals) {
        trace.push(TraceStep::Suppressed { rule: promotion.id.clone(), by, reason });
        return Ok(None);
    }
    let barred = setting.barred(promotion, deals, cart.lines.len());
    match evaluate(promotion, setting, cart, from, &barred)? {
        Ok(deal) => Ok(Some(deal)),
        Err(step) => {
            if let Some(step) = step {
                trace.push(step);
            }
            Ok(None)
        }
    }
}

/// The promotions of a group that are decided together.
fn group<'a>(
    members: Vec<&'a Promotion>,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    let Some(rule) = members.first().and_then(|first| setting.group_of(first)) else {
        return Ok(());
    };
    if rule.mode == StackingMode::Parallel {
        let before = cart.left.clone();
        for promotion in members {
            if let Some(deal) = offered(promotion, &before, cart, setting, trace, deals)?
                && !deal.amount.is_zero()
            {
                apply(deal, cart, setting.working, trace, deals)?;
            }
        }
        return Ok(());
    }
    let mut rivals = Vec::new();
    for promotion in members {
        let deal = offered(promotion, &cart.left, cart, setting, trace, deals)?;
        rivals.extend(deal.filter(|deal| !deal.amount.is_zero()));
    }
    match rule.mode {
        StackingMode::BestPerLine => best_per_line(rivals, cart, setting, trace, deals),
        _ => best_of(rivals, cart, setting, trace, deals),
    }
}

fn best_of<'a>(
    mut rivals: Vec<Deal<'a>>,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    let Some(at) = largest(rivals.iter().map(|deal| deal.amount)) else { return Ok(()) };
    if at >= rivals.len() {
        return Ok(());
    }
    let winner = rivals.swap_remove(at);
    for loser in &rivals {
        beaten(loser, loser.amount, &winner, setting, trace)?;
    }
    apply(winner, cart, setting.working, trace, deals)
}

/// The position of the largest; the earliest of equal ones.
fn largest(amounts: impl Iterator<Item = Amount>) -> Option<usize> {
    let mut best: Option<(usize, Amount)> = None;
    for (at, amount) in amounts.enumerate() {
        if best.is_none_or(|(_, known)| amount > known) {
            best = Some((at, amount));
        }
    }
    best.map(|(at, _)| at)
}

fn best_per_line<'a>(
    mut rivals: Vec<Deal<'a>>,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    // What each wanted, and a line on which it wanted it.
    let first = |deal: &Deal<'_>| deal.shares.iter().position(|share| !share.is_zero());
    let wanted: Vec<_> = rivals.iter().map(|deal| (deal.amount, first(deal))).collect();
    let mut winners = vec![0_usize; cart.lines.len()];
    for (line, winner) in winners.iter_mut().enumerate() {
        let shares = rivals.iter().map(|deal| deal.share_of(line));
        *winner = largest(shares).unwrap_or(0);
    }
    for (at, deal) in rivals.iter_mut().enumerate() {
        for (share, winner) in deal.shares.iter_mut().zip(&winners) {
            if *winner != at {
                *share = Amount::ZERO;
            }
        }
        deal.amount = Amount::sum(deal.shares.iter().copied())?;
    }
    for (deal, (amount, line)) in rivals.iter().zip(wanted) {
        let winner = line.and_then(|line| winners.get(line)).and_then(|at| rivals.get(*at));
        if let (true, Some(winner)) = (deal.amount.is_zero(), winner) {
            beaten(deal, amount, winner, setting, trace)?;
        }
    }
    for deal in rivals {
        if !deal.amount.is_zero() {
            apply(deal, cart, setting.working, trace, deals)?;
        }
    }
    Ok(())
}

fn beaten(
    loser: &Deal<'_>,
    amount: Amount,
    winner: &Deal<'_>,
    setting: &Setting<'_>,
    trace: &mut Trace,
) -> Result<(), AmountError> {
    if trace.is_kept() {
        trace.push(TraceStep::BeatenBy {
            rule: loser.promotion.id.clone(),
            by: winner.promotion.id.clone(),
            amount_minor: setting.working.shown(amount)?,
            by_amount_minor: setting.working.shown(winner.amount)?,
        });
    }
    Ok(())
}

impl Deal<'_> {
    pub(super) fn is_of(&self, promotion: &Promotion) -> bool {
        core::ptr::eq(self.promotion, promotion)
    }

    fn share_of(&self, line: usize) -> Amount {
        self.shares.get(line).copied().unwrap_or_default()
    }
}

impl<'a> Setting<'a> {
    /// A promotion by its position, if the combination that is being priced has it.
    pub(super) fn candidate(&self, at: usize) -> Option<&'a Promotion> {
        let allowed = self.allowed.is_empty() || self.allowed.get(at).is_some_and(|it| *it);
        if allowed { self.rules.ruleset().promotions.get(at) } else { None }
    }

    /// What keeps a promotion out after others have applied.
    pub(super) fn suppressed(
        &self,
        promotion: &Promotion,
        deals: &[Deal<'a>],
    ) -> Option<(String, SuppressionKind)> {
        let own = self.group_of(promotion);
        for deal in deals {
            let other = deal.promotion;
            let reason = match self.pair(promotion, other) {
                Some(true) => continue,
                Some(false) => Some(SuppressionKind::Pair),
                None => self.excluded(promotion, own, other),
            };
            if let Some(reason) = reason {
                return Some((other.id.clone(), reason));
            }
        }
        let most = own?.maximum_per_order?;
        let mut same = deals.iter().filter(|deal| deal.promotion.group == promotion.group);
        let last = same.nth(usize::try_from(most).ok()?.checked_sub(1)?)?;
        Some((last.promotion.id.clone(), SuppressionKind::GroupMaximum))
    }

    fn pair(&self, one: &Promotion, other: &Promotion) -> Option<bool> {
        let pairs = &self.rules.ruleset().stacking.pairs;
        let is = |first: &str, second: &str| first == one.id && second == other.id;
        let named = pairs
            .iter()
            .find(|pair| is(&pair.first, &pair.second) || is(&pair.second, &pair.first));
        named.map(|pair| pair.combine)
    }

    fn excluded(
        &self,
        promotion: &Promotion,
        own: Option<&StackingGroup>,
        other: &Promotion,
    ) -> Option<SuppressionKind> {
        let on_shipping = promotion.is_on_shipping();
        let alone =
            |of: &Promotion, reached: bool| of.exclusive.is_some_and(|it| it.reaches(reached));
        if alone(other, on_shipping) || alone(promotion, other.is_on_shipping()) {
            return Some(SuppressionKind::Exclusive);
        }
        let (own, others) = (own?, self.group_of(other)?);
        let excludes = |from: &StackingGroup, to: &StackingGroup, reached: bool| {
            from.scope.reaches(reached) && from.excludes.contains(&to.id)
        };
        let kept_out =
            excludes(others, own, on_shipping) || excludes(own, others, other.is_on_shipping());
        kept_out.then_some(SuppressionKind::Group)
    }

    /// Lines that have as many promotions of the group as they may; empty if none has.
    fn barred(&self, promotion: &Promotion, deals: &[Deal<'a>], lines: usize) -> Vec<bool> {
        let most = self.group_of(promotion).and_then(|group| group.maximum_per_line);
        let Some(most) = most else { return Vec::new() };
        let same = || deals.iter().filter(|deal| deal.promotion.group == promotion.group);
        let count = |line: usize| same().filter(|deal| !deal.share_of(line).is_zero()).count();
        (0..lines).map(|line| u32::try_from(count(line)).is_ok_and(|count| count >= most)).collect()
    }
}
