//! What could be in reach: by the steps of a quote, and by the promotions that apply and could again.

use super::{
    OfferKind,
    tries::{Goods, Tries, taken},
};
use crate::{
    decimal::Decimal,
    money::Amount,
    pricing::{Quote, QuoteLine, TraceStep},
    ruleset::{Effect, Promotion, Rules, SpendTier, Target},
};

/// Something that may come true with more in the order.
pub(super) struct Candidate<'a> {
    pub kind: OfferKind,
    /// The promotion or the shipping method.
    pub rule: &'a str,
    pub promotion: Option<&'a Promotion>,
    pub template: Option<&'a str>,
    pub percent: Option<Decimal>,
    pub need: Need<'a>,
}

/// What may have to be added.
pub(super) enum Need<'a> {
    /// An amount, a quantity or both, of whatever counts.
    Threshold(Option<Amount>, Option<Decimal>),
    /// No more than this amount, to save so much or more; how much of it has to be found.
    AtMost(Amount, Amount),
    /// No more than these units.
    Units(Vec<(Goods<'a>, u32)>),
    /// So many of some goods, of which there are so many already.
    Tier(Vec<(Goods<'a>, Decimal, Decimal)>),
}

/// All that may be in reach of a quote, in the order of its steps.
pub(super) fn all<'a>(base: &'a Quote, tries: &Tries<'a>) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    for step in &base.trace {
        found.extend(of_step(step, base, tries));
    }
    for promotion in &tries.rules.ruleset().promotions {
        let is_told = found.iter().any(|it: &Candidate<'_>| it.rule == promotion.id);
        let applies = taken(&promotion.id, base).is_some_and(|amount| !amount.is_zero());
        if applies && !is_told {
            found.extend(again(promotion, base, tries));
        }
    }
    found
}

fn promotion<'a>(rules: &'a Rules, id: &str) -> Option<&'a Promotion> {
    rules.ruleset().promotions.iter().find(|promotion| promotion.id == id)
}

fn of_step<'a>(step: &'a TraceStep, base: &'a Quote, tries: &Tries<'a>) -> Option<Candidate<'a>> {
    let of = |kind, rule: &'a String, percent, need| {
        let promotion = promotion(tries.rules, rule);
        Some(Candidate { kind, rule, promotion, template: None, percent, need })
    };
    match step {
        TraceStep::NotReached { rule, missing_minor } => {
            let need = Need::Threshold(Some(*missing_minor), None);
            of(OfferKind::Promotion, rule, percent_of(promotion(tries.rules, rule)?), need)
        }
        TraceStep::NotEnough { rule, missing_quantity } => {
            let promotion = promotion(tries.rules, rule)?;
            let need = units(promotion, base, tries)
                .unwrap_or(Need::Threshold(None, Some(*missing_quantity)));
            of(OfferKind::Promotion, rule, percent_of(promotion), need)
        }
        TraceStep::NextTier { rule, missing_minor, percent, .. } => {
            let need = Need::Threshold(Some(*missing_minor), None);
            of(OfferKind::NextTier, rule, *percent, need)
        }
        TraceStep::NextUnit { rule, .. } => {
            let need = units(promotion(tries.rules, rule)?, base, tries)?;
            of(OfferKind::NextUnit, rule, None, need)
        }
        TraceStep::ShippingNotFree { method, template, missing_minor, missing_quantity } => {
            Some(Candidate {
                kind: OfferKind::FreeShipping,
                rule: method,
                promotion: None,
                template: template.as_deref(),
                percent: None,
                need: Need::Threshold(*missing_minor, *missing_quantity),
            })
        }
        _ => None,
    }
}

/// A promotion that applies, and could once more.
fn again<'a>(
    promotion: &'a Promotion,
    base: &'a Quote,
    tries: &Tries<'a>,
) -> Option<Candidate<'a>> {
    let need = match &promotion.effect {
        // A percentage grows with every unit: there is no next time to wait for.
        Effect::SpendTiers { tiers, repeat: true }
            if tiers.iter().all(|tier| tier.percent.is_none()) =>
        {
            let spend = tiers.iter().map(|tier: &SpendTier| tier.spend_minor).max()?;
            Need::AtMost(spend, tiers.iter().map(|tier| tier.save_minor).min()?)
        }
        _ => units(promotion, base, tries)?,
    };
    let kind = match need {
        Need::Tier(_) => OfferKind::NextTier,
        _ => OfferKind::NextUnit,
    };
    let rule = &promotion.id;
    Some(Candidate { kind, rule, promotion: Some(promotion), template: None, percent: None, need })
}

/// The units that complete the next set, or reach the next tier.
fn units<'a>(promotion: &'a Promotion, base: &'a Quote, tries: &Tries<'a>) -> Option<Need<'a>> {
    let of = |target: &Target, count: u32| Some((tries.cheapest(target, base)?, count));
    let own = &promotion.target;
    let parts: Option<Vec<_>> = match &promotion.effect {
        Effect::NthUnit { n, .. } => of(own, *n).map(|part| vec![part]),
        Effect::AnyFor { quantity, .. } => of(own, *quantity).map(|part| vec![part]),
        Effect::Gift { per_units: Some(size), .. } => of(own, *size).map(|part| vec![part]),
        Effect::BuyGet { buy_quantity, get: None, get_quantity, .. } => {
            of(own, buy_quantity.saturating_add(*get_quantity)).map(|part| vec![part])
        }
        Effect::BuyGet { buy_quantity, get: Some(get), get_quantity, .. } => {
            [of(own, *buy_quantity), of(get, *get_quantity)].into_iter().collect()
        }
        Effect::Bundle { parts, .. } => {
            parts.iter().map(|part| of(&part.target, part.quantity)).collect()
        }
        Effect::QuantityTiers { tiers, together } => {
            let tiers = tiers.iter().map(|tier| tier.quantity);
            return Some(Need::Tier(next_tiers(promotion, tiers, *together, base, tries)));
        }
        _ => None,
    };
    Some(Need::Units(parts?))
}

/// The tiers above what is in the order, the nearest first.
fn next_tiers<'a>(
    promotion: &'a Promotion,
    tiers: impl Iterator<Item = Decimal> + Clone,
    together: bool,
    base: &'a Quote,
    tries: &Tries<'a>,
) -> Vec<(Goods<'a>, Decimal, Decimal)> {
    let quantity = |goods: &Goods<'_>| {
        let line = goods.line.and_then(|line| base.lines.get(line));
        line.map_or(Decimal::ZERO, |line: &QuoteLine| line.quantity)
    };
    let mut goods: Vec<_> =
        tries.in_order(&promotion.target, base).map(|goods| (goods, quantity(&goods))).collect();
    if together {
        let all = goods
            .iter()
            .fold(Decimal::ZERO, |sum, (_, quantity)| sum.checked_add(*quantity).unwrap_or(sum));
        goods =
            tries.cheapest(&promotion.target, base).map(|goods| (goods, all)).into_iter().collect();
    }
    let mut found: Vec<(Goods<'a>, Decimal, Decimal)> = Vec::new();
    for (goods, has) in goods {
        for tier in tiers.clone().filter(|tier| *tier > has) {
            let Some(missing) = tier.checked_sub(has) else { continue };
            let place = found.partition_point(|(_, other, _)| *other <= missing);
            found.insert(place, (goods, missing, has));
        }
    }
    found
}

/// The percentage that a promotion saves whatever is bought.
fn percent_of(promotion: &Promotion) -> Option<Decimal> {
    let limits = &promotion.limits;
    if limits.order_minor.is_some() || limits.line_minor.is_some() {
        return None;
    }
    match &promotion.effect {
        Effect::SpendTiers { tiers, .. } => tiers.first()?.percent,
        Effect::LinePercentage { percent, units: None }
        | Effect::OrderPercentage { percent, maximum_minor: None, .. } => Some(*percent),
        _ => None,
    }
}
