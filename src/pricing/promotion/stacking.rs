//! Which promotions go together: turns, groups, exclusions.

use super::{Deal, Setting, apply, evaluate};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        trace::{SuppressionKind, Trace, TraceStep},
    },
    ruleset::{Promotion, StackingMode},
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
        let mut members = Vec::with_capacity(turn.len());
        for promotion in turn.iter().filter_map(|at| setting.candidate(*at)) {
            if promotion.is_on_shipping() || promotion.is_gift() {
                continue;
            }
            setting.remember(promotion, cart)?;
            if !cart.has_applied(promotion) {
                members.push(promotion);
            }
        }
        if turn.len() > 1 {
            group(members, cart, setting, trace, &mut deals)?;
        } else {
            one_by_one(members, None, cart, setting, trace, &mut deals)?;
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
        if promotion.is_on_shipping() || promotion.is_gift() {
            continue;
        }
        if let Some(deal) =
            offered(promotion, &cart.left, cart, setting, &mut Trace::silent(), &[])?
            && !deal.is_nothing()
        {
            return apply(deal, cart, setting.working, trace, deals);
        }
    }
    Ok(())
}

/// Each on what the earlier ones left, or all on what was left `before`.
fn one_by_one<'a>(
    members: Vec<&'a Promotion>,
    before: Option<&[Amount]>,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    for promotion in members {
        let from = before.unwrap_or(&cart.left);
        match offered(promotion, from, cart, setting, trace, deals)? {
            Some(deal) if !deal.is_nothing() => {
                apply(deal, cart, setting.working, trace, deals)?;
            }
            Some(mut deal) => trace.append(&mut deal.notes),
            None => {}
        }
    }
    Ok(())
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
    let barred = setting.barred(promotion, deals, cart.lines.len());
    evaluate(promotion, setting, cart, from, &barred, trace)
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
        return one_by_one(members, Some(&before), cart, setting, trace, deals);
    }
    let mut rivals = Vec::new();
    for promotion in members {
        let deal = offered(promotion, &cart.left, cart, setting, trace, deals)?;
        rivals.extend(deal.filter(|deal| !deal.is_nothing()));
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
    let Some(at) = largest(rivals.iter().map(Deal::worth)) else { return Ok(()) };
    if at >= rivals.len() {
        return Ok(());
    }
    let winner = rivals.remove(at);
    let mut partners = Vec::new();
    for loser in rivals {
        // The shop lets these two go together in spite of their group.
        if setting.pair(winner.promotion, loser.promotion) == Some(true) {
            partners.push(loser.promotion);
        } else {
            beaten(&loser, loser.worth(), &winner, setting, trace)?;
        }
    }
    apply(winner, cart, setting.working, trace, deals)?;
    one_by_one(partners, None, cart, setting, trace, deals)
}

/// The position of the largest; the earliest of equal ones.
pub(super) fn largest(amounts: impl Iterator<Item = Amount>) -> Option<usize> {
    let mut best: Option<(usize, Amount)> = None;
    for (at, amount) in amounts.enumerate() {
        if best.is_none_or(|(_, known)| amount > known) {
            best = Some((at, amount));
        }
    }
    best.map(|(at, _)| at)
}

fn best_per_line<'a>(
    rivals: Vec<Deal<'a>>,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    let mut open = rivals;
    loop {
        let (together, kept_out) = compatible(&open, cart, setting);
        let winners: Vec<Option<usize>> = (0..cart.lines.len())
            .map(|line| {
                let at = largest(together.iter().map(|at| share_of(&open, *at, line)))?;
                together.get(at).copied()
            })
            .collect();
        let wins = |at: usize| {
            let mut lines = winners.iter().enumerate();
            lines.any(|(line, winner)| *winner == Some(at) && !share_of(&open, at, line).is_zero())
        };
        if let Some(at) = together.iter().copied().find(|at| !wins(*at)) {
            // It wins nowhere, so it must not keep others out either.
            let loser = open.remove(at);
            tell_beaten_on_lines(&loser, at, &winners, &open, setting, trace)?;
            continue;
        }
        for (at, by, reason) in kept_out {
            if let Some(deal) = open.get(at) {
                let rule = deal.promotion.id.clone();
                trace.push(TraceStep::Suppressed { rule, by, reason });
            }
        }
        for (at, mut deal) in open.into_iter().enumerate() {
            if !together.contains(&at) {
                continue;
            }
            for (share, winner) in deal.shares.iter_mut().zip(&winners) {
                if *winner != Some(at) {
                    *share = Amount::ZERO;
                }
            }
            deal.amount = Amount::sum(deal.shares.iter().copied())?;
            apply(deal, cart, setting.working, trace, deals)?;
        }
        return Ok(());
    }
}

/// A promotion that is kept out: its position, by whom, and why.
type KeptOut = (usize, String, SuppressionKind);

/// The positions of rivals that can go together, the largest first, and what keeps out the others.
fn compatible<'a>(
    rivals: &[Deal<'a>],
    cart: &Cart<'a>,
    setting: &Setting<'a>,
) -> (Vec<usize>, Vec<KeptOut>) {
    let mut order: Vec<usize> = Vec::with_capacity(rivals.len());
    for (at, deal) in rivals.iter().enumerate() {
        let larger =
            |earlier: &usize| rivals.get(*earlier).is_some_and(|it| it.worth() >= deal.worth());
        let place = order.partition_point(larger);
        order.insert(place, at);
    }
    let mut tried = Cart::new(Vec::new());
    tried.applied.clone_from(&cart.applied);
    let (mut together, mut kept_out) = (Vec::new(), Vec::new());
    for at in order {
        let Some(deal) = rivals.get(at) else { continue };
        match setting.suppressed(deal.promotion, &tried) {
            Some((by, reason)) => kept_out.push((at, by, reason)),
            None => {
                tried.applied.push(deal.promotion);
                together.push(at);
            }
        }
    }
    let in_turn = (0..rivals.len()).filter(|at| together.contains(at)).collect();
    (in_turn, kept_out)
}

fn share_of(rivals: &[Deal<'_>], at: usize, line: usize) -> Amount {
    rivals.get(at).map_or(Amount::ZERO, |deal| deal.share_of(line))
}

/// Says who won the first line that a loser wanted. `at` is where the loser stood among the `others`.
fn tell_beaten_on_lines(
    loser: &Deal<'_>,
    at: usize,
    winners: &[Option<usize>],
    others: &[Deal<'_>],
    setting: &Setting<'_>,
    trace: &mut Trace,
) -> Result<(), AmountError> {
    let line = loser.shares.iter().position(|share| !share.is_zero());
    let winner = line.and_then(|line| winners.get(line).copied().flatten());
    let place = winner.map(|winner| if winner > at { winner.saturating_sub(1) } else { winner });
    match place.and_then(|place| others.get(place)) {
        Some(winner) => beaten(loser, loser.worth(), winner, setting, trace),
        None => Ok(()),
    }
}

pub(super) fn beaten(
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
            by_amount_minor: setting.working.shown(winner.worth())?,
        });
    }
    Ok(())
}

impl Deal<'_> {
    /// What it takes off items and shipping together.
    pub(super) fn worth(&self) -> Amount {
        self.amount.plus(self.shipping).unwrap_or(self.amount)
    }

    fn is_nothing(&self) -> bool {
        self.amount.is_zero() && self.shipping.is_zero()
    }

    fn share_of(&self, line: usize) -> Amount {
        self.shares.get(line).copied().unwrap_or_default()
    }
}

impl<'a> Setting<'a> {
    /// Lines that have as many promotions of the group as they may; empty if none has.
    fn barred(&self, promotion: &Promotion, deals: &[Deal<'a>], lines: usize) -> Vec<bool> {
        let most = self.group_of(promotion).and_then(|group| group.maximum_per_line);
        let Some(most) = most else { return Vec::new() };
        let same = || deals.iter().filter(|deal| deal.promotion.group == promotion.group);
        let count = |line: usize| same().filter(|deal| !deal.share_of(line).is_zero()).count();
        (0..lines).map(|line| u32::try_from(count(line)).is_ok_and(|count| count >= most)).collect()
    }
}
