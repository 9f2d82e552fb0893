//! The least that makes an offer come true, found by pricing the draft with more in it.

use super::{
    Offer, OfferGoods, OfferKind,
    candidates::{Candidate, Need},
    named,
    tries::{Goods, Tries, charge, gain, taken},
};
use crate::{
    decimal::Decimal,
    money::Amount,
    pricing::{Quote, TraceStep},
    ruleset::{Effect, Target},
};

/// A discount that eats into what counts asks for a little more each time; so often it may.
const ROUNDS: usize = 16;
/// And so often the lines are gone through.
const PASSES: usize = 4;
/// Goods of so many lines have to make an amount count that any goods may.
const LINES: usize = 3;

/// What was found.
#[derive(Default)]
struct Found {
    missing_minor: Option<Amount>,
    missing_quantity: Option<Decimal>,
    goods: Vec<OfferGoods>,
    gain: Amount,
    /// What the goods that were added cost.
    distance: Amount,
}

pub(super) struct Search<'s, 'a> {
    candidate: &'s Candidate<'a>,
    base: &'a Quote,
    tries: &'s mut Tries<'a>,
    /// The goods that count for a threshold.
    counting: Target,
}

impl<'s, 'a> Search<'s, 'a> {
    pub fn new(candidate: &'s Candidate<'a>, base: &'a Quote, tries: &'s mut Tries<'a>) -> Self {
        let own = candidate.promotion.map(|it| it.when.counting.as_ref().unwrap_or(&it.target));
        Self { candidate, base, tries, counting: own.cloned().unwrap_or_default() }
    }

    /// The offer and what it costs to take it, if it comes true.
    pub fn offer(mut self) -> Option<(Amount, Offer)> {
        let candidate = self.candidate;
        let found = match &candidate.need {
            Need::Threshold(minor, quantity) => self.threshold(*minor, *quantity)?,
            Need::AtMost(most, least) => self.amount(*most, *least)?,
            Need::Units(parts) => self.units(parts)?,
            Need::Tier(tiers) => self.tier(tiers)?,
        };
        let is_named = found.goods.iter().any(|goods| goods.quantity.is_some());
        let percent = candidate.percent.filter(|_| !is_named);
        let offer = Offer {
            kind: candidate.kind,
            rule: candidate.rule.to_owned(),
            sentence: String::new(),
            missing_minor: found.missing_minor,
            missing_quantity: found.missing_quantity,
            goods: found.goods,
            save_minor: Some(found.gain).filter(|gain| !gain.is_zero() && percent.is_none()),
            percent,
            template: candidate.template.map(str::to_owned),
        };
        Some((found.distance, offer))
    }

    /// What is gained, if it came true.
    fn gain(&self, after: &Quote) -> Option<Amount> {
        let Candidate { kind, rule, template, .. } = *self.candidate;
        if kind != OfferKind::FreeShipping {
            return gain(rule, self.base, after);
        }
        let is_free = after.trace.iter().any(|step| {
            matches!(step, TraceStep::ShippingFree { method, template: own, .. }
                if method == rule && own.as_deref() == template)
        });
        let less = charge(self.base).minus(charge(after)).ok()?;
        (is_free && less > Amount::ZERO).then_some(less)
    }

    /// Goods of the order that count, or the cheapest that do.
    fn samples(&self) -> Vec<Goods<'a>> {
        let template = self.candidate.template;
        let goods_template = |goods: &Goods<'_>| {
            self.tries.rules.product(goods.sku).and_then(|it| it.shipping_template.as_deref())
        };
        let fits = |goods: &Goods<'a>| template.is_none() || goods_template(goods) == template;
        let mut goods: Vec<_> =
            self.tries.in_order(&self.counting, self.base).filter(fits).collect();
        // One kind of goods after the other; where they are named, the buyer sees which.
        goods.truncate(LINES);
        if goods.is_empty() {
            goods.extend(self.tries.cheapest(&self.counting, self.base).filter(fits));
        }
        goods
    }

    fn threshold(&mut self, minor: Option<Amount>, quantity: Option<Decimal>) -> Option<Found> {
        let mut found =
            Found { missing_minor: minor, missing_quantity: quantity, ..Found::default() };
        let samples = self.samples();
        if samples.is_empty() {
            return None;
        }
        // What is enough of some goods may be too little of others, and once more the other way round.
        for _ in 0..PASSES {
            let before = (found.missing_minor, found.missing_quantity);
            for goods in &samples {
                self.reach(*goods, &mut found)?;
            }
            if samples.len() == 1 || before == (found.missing_minor, found.missing_quantity) {
                return Some(self.in_words(found));
            }
        }
        None
    }

    /// The goods that count, where not all do.
    fn in_words(&self, mut found: Found) -> Found {
        found.goods = named(&self.counting, self.tries.rules);
        // One kind of goods alone counts: so many of it.
        if let ([only], None, Some(quantity)) =
            (found.goods.as_mut_slice(), found.missing_minor, found.missing_quantity)
        {
            only.quantity = Some(quantity);
        } else if found.missing_minor.is_none() {
            found.goods.clear();
        }
        found
    }

    /// Asks for more until it comes true with these goods.
    fn reach(&mut self, goods: Goods<'a>, found: &mut Found) -> Option<()> {
        for _ in 0..ROUNDS {
            let by_amount = match found.missing_minor {
                Some(minor) => goods.costing(minor, self.base)?,
                None => Decimal::ZERO,
            };
            let quantity = by_amount.max(found.missing_quantity.unwrap_or(Decimal::ZERO));
            let after = self.tries.with(&[(goods, quantity)])?;
            if let Some(gain) = self.gain(&after) {
                found.gain = gain;
                found.distance = self.distance(&after);
                return Some(());
            }
            let (minor, more) = self.still_missing(&after)?;
            if let Some(minor) = minor {
                let before = found.missing_minor.unwrap_or_default();
                found.missing_minor = Some(before.plus(minor).ok()?);
            }
            if let Some(more) = more {
                found.missing_quantity = Some(quantity.checked_add(more)?);
            }
        }
        None
    }

    /// What the steps say is missing, although there is more already.
    fn still_missing(&self, after: &Quote) -> Option<(Option<Amount>, Option<Decimal>)> {
        let Candidate { kind, rule, template, .. } = *self.candidate;
        after.trace.iter().find_map(|step| match step {
            TraceStep::NotReached { rule: own, missing_minor } if own == rule => {
                Some((Some(*missing_minor), None))
            }
            TraceStep::NotEnough { rule: own, missing_quantity } if own == rule => {
                Some((None, Some(*missing_quantity)))
            }
            TraceStep::NextTier { rule: own, missing_minor, .. }
                if own == rule && kind == OfferKind::NextTier =>
            {
                Some((Some(*missing_minor), None))
            }
            TraceStep::ShippingNotFree {
                method,
                template: own,
                missing_minor,
                missing_quantity,
            } if method == rule && own.as_deref() == template => {
                Some((*missing_minor, *missing_quantity))
            }
            _ => None,
        })
    }

    /// The least amount, no more than `most`, that gains `least` or more.
    fn amount(&mut self, most: Amount, least: Amount) -> Option<Found> {
        let goods = self.tries.cheapest(&self.counting, self.base)?;
        let mut best = None;
        let (mut low, mut high) = (1, most.minor());
        let mut at = high;
        while low <= high {
            let missing = Amount::new(at).ok()?;
            let quantity = goods.costing(missing, self.base)?;
            let after = self.tries.with(&[(goods, quantity)]);
            let gained = after.as_ref().and_then(|after| {
                let gain = self.gain(after).filter(|gain| *gain >= least)?;
                Some((gain, self.distance(after)))
            });
            match gained {
                Some((gain, distance)) => {
                    let missing_minor = Some(missing);
                    best = Some(Found { missing_minor, gain, distance, ..Found::default() });
                    high = at.saturating_sub(1);
                }
                // It does not come true at all.
                None if best.is_none() => return None,
                None => low = at.saturating_add(1),
            }
            at = low.saturating_add(high.saturating_sub(low).checked_div(2).unwrap_or(0));
        }
        let found = best?;
        for goods in self.samples() {
            let quantity = goods.costing(found.missing_minor?, self.base)?;
            let after = self.tries.with(&[(goods, quantity)])?;
            self.gain(&after).filter(|gain| *gain >= least)?;
        }
        Some(self.in_words(found))
    }

    /// The fewest units, no more than these.
    fn units(&mut self, parts: &[(Goods<'a>, u32)]) -> Option<Found> {
        let mut counts: Vec<u32> = parts.iter().map(|(_, count)| *count).collect();
        let mut best = self.with_units(parts, &counts)?;
        for at in 0..parts.len() {
            let (mut low, mut high) = (0, counts.get(at).copied().unwrap_or(0));
            while low < high {
                let middle =
                    low.saturating_add(high.saturating_sub(low).checked_div(2).unwrap_or(0));
                if let Some(count) = counts.get_mut(at) {
                    *count = middle;
                }
                match self.with_units(parts, &counts) {
                    Some(found) => (best, high) = (found, middle),
                    None => low = middle.saturating_add(1),
                }
            }
            if let Some(count) = counts.get_mut(at) {
                *count = high;
            }
        }
        Some(best)
    }

    fn with_units(&mut self, parts: &[(Goods<'a>, u32)], counts: &[u32]) -> Option<Found> {
        let rows = parts.iter().zip(counts).filter(|(_, count)| **count > 0);
        let more: Vec<_> = rows
            .map(|((goods, _), count)| (*goods, Decimal::from_integer((*count).into())))
            .collect();
        let after = self.tries.with(&more)?;
        let gain = self.gain(&after)?;
        Some(self.of_goods(&more, gain, &after))
    }

    /// The nearest tier that saves more on each unit.
    fn tier(&mut self, tiers: &[(Goods<'a>, Decimal, Decimal)]) -> Option<Found> {
        let rule = self.candidate.rule;
        let together = self.candidate.promotion.is_some_and(|promotion| {
            matches!(promotion.effect, Effect::QuantityTiers { together: true, .. })
        });
        for (goods, missing, has) in tiers {
            let after = self.tries.with(&[(*goods, *missing)])?;
            let taken = |quote: &Quote| match goods.line {
                Some(line) if !together => {
                    let own = quote.adjustments.iter().find(|it| it.rule == rule);
                    own.and_then(|it| it.shares_minor.get(line).copied()).unwrap_or_default()
                }
                _ => taken(rule, quote).unwrap_or_default(),
            };
            let will = has.checked_add(*missing)?;
            // Less on each unit than now is no next tier: a / b > c / d.
            let product = |amount: Amount, quantity: Decimal, other: Decimal| {
                let product = i128::from(amount.minor()).checked_mul(quantity.mantissa())?;
                product.checked_mul(other.denominator())
            };
            let is_more =
                product(taken(&after), *has, will)? > product(taken(self.base), will, *has)?;
            if let (true, Some(gain)) = (is_more, self.gain(&after)) {
                return Some(self.of_goods(&[(*goods, *missing)], gain, &after));
            }
        }
        None
    }

    fn of_goods(&self, more: &[(Goods<'a>, Decimal)], gain: Amount, after: &Quote) -> Found {
        let goods = more.iter().map(|(goods, quantity)| OfferGoods {
            sku: goods.sku.to_owned(),
            quantity: Some(*quantity),
        });
        let all = more
            .iter()
            .fold(Decimal::ZERO, |sum, (_, quantity)| sum.checked_add(*quantity).unwrap_or(sum));
        Found {
            missing_quantity: Some(all),
            goods: goods.collect(),
            gain,
            distance: self.distance(after),
            ..Found::default()
        }
    }

    /// What the goods that were added cost before discounts.
    fn distance(&self, after: &Quote) -> Amount {
        let bought = |quote: &Quote| {
            let lines = quote.lines.iter().filter(|line| line.gift_of.is_none());
            Amount::sum(lines.map(|line| line.amount_minor)).unwrap_or(Amount::MAX)
        };
        bought(after).minus(bought(self.base)).unwrap_or(Amount::MAX)
    }
}
