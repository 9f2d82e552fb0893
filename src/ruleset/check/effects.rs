//! Effects of promotions: amounts, percentages, tiers, counts.

use super::{Findings, Place};
use crate::{
    decimal::Decimal,
    ruleset::{BundlePart, Effect, QuantityTier, SpendTier, UnitLimit},
};

impl Findings<'_> {
    pub(super) fn effect(&mut self, effect: &Effect, place: &Place<'_>) {
        match effect {
            Effect::LinePercentage { percent, units } => {
                self.percentage(Some(*percent), place, "percent");
                self.unit_limit(*units, place);
            }
            Effect::LineFixed { amount_minor, units, .. } => {
                self.not_negative(Some(*amount_minor), place, "amountMinor");
                self.unit_limit(*units, place);
            }
            Effect::FixedPrice { unit_price, units } => {
                self.price(Some(*unit_price), place, "unitPrice");
                self.unit_limit(*units, place);
            }
            Effect::OrderPercentage { percent, maximum_minor, .. }
            | Effect::ShippingPercentage { percent, maximum_minor } => {
                self.percentage(Some(*percent), place, "percent");
                self.not_negative(*maximum_minor, place, "maximumMinor");
            }
            Effect::OrderFixed { amount_minor, .. }
            | Effect::OrderFixedPrice { amount_minor }
            | Effect::ShippingFixed { amount_minor } => {
                self.not_negative(Some(*amount_minor), place, "amountMinor");
            }
            Effect::SpendTiers { tiers, .. } => self.spend_tiers(tiers, place),
            Effect::QuantityTiers { tiers, .. } => self.quantity_tiers(tiers, place),
            Effect::NthUnit { n, percent, .. } => {
                self.at_least(*n, 2, place, "n");
                self.percentage(Some(*percent), place, "percent");
            }
            Effect::BuyGet { buy_quantity, get_quantity, percent, .. } => {
                self.at_least(*buy_quantity, 1, place, "buyQuantity");
                self.at_least(*get_quantity, 1, place, "getQuantity");
                self.percentage(Some(*percent), place, "percent");
            }
            Effect::AnyFor { quantity, amount_minor, .. } => {
                self.at_least(*quantity, 2, place, "quantity");
                self.not_negative(Some(*amount_minor), place, "amountMinor");
            }
            Effect::Bundle { parts, amount_minor, percent, .. } => {
                self.not_negative(*amount_minor, place, "amountMinor");
                self.percentage(*percent, place, "percent");
                let either = amount_minor.is_some() != percent.is_some();
                self.require(either, place, "", "either");
                self.parts(parts, place);
            }
            Effect::Gift { skus, quantity, per_units } => {
                self.at_least(*quantity, 1, place, "quantity");
                self.at_least(per_units.unwrap_or(1), 1, place, "perUnits");
                self.gifts(skus, place);
            }
        }
    }

    #[inline(never)]
    fn at_least(&mut self, count: u32, least: u32, place: &Place<'_>, field: &str) {
        if count < least {
            let least = i64::from(least);
            self.add_with(place, field, "at_least", Some(("least", least.into())));
        }
    }

    #[inline(never)]
    pub(super) fn price(&mut self, price: Option<Decimal>, place: &Place<'_>, field: &str) {
        let met = !price.is_some_and(Decimal::is_negative);
        self.require(met, place, field, "negative");
    }

    #[inline(never)]
    fn unit_limit(&mut self, limit: Option<UnitLimit>, place: &Place<'_>) {
        let met = limit.is_none_or(|limit| limit.maximum != Some(0) && limit.group_size != Some(0));
        self.require(met, place, "units", "positive");
    }

    fn spend_tiers(&mut self, tiers: &[SpendTier], place: &Place<'_>) {
        let rising = |pair: &[SpendTier]| match pair {
            [lower, higher] => lower.spend_minor < higher.spend_minor,
            _ => true,
        };
        let met = !tiers.is_empty() && tiers.windows(2).all(rising);
        self.require(met, place, "tiers", "tiers_rise");
        for (at, tier) in tiers.iter().enumerate() {
            let place = place.item("tiers", at);
            self.not_negative(Some(tier.spend_minor), &place, "spendMinor");
            self.not_negative(Some(tier.save_minor), &place, "saveMinor");
            self.percentage(tier.percent, &place, "percent");
            let both = tier.percent.is_some() && !tier.save_minor.is_zero();
            self.require(!both, &place, "", "either");
        }
    }

    fn quantity_tiers(&mut self, tiers: &[QuantityTier], place: &Place<'_>) {
        let rising = |pair: &[QuantityTier]| match pair {
            [lower, higher] => lower.quantity < higher.quantity,
            _ => true,
        };
        let met = !tiers.is_empty() && tiers.windows(2).all(rising);
        self.require(met, place, "tiers", "tiers_rise");
        for (at, tier) in tiers.iter().enumerate() {
            let place = place.item("tiers", at);
            let one = matches!(
                (tier.percent, tier.amount_minor, tier.unit_price),
                (Some(_), None, None) | (None, Some(_), None) | (None, None, Some(_))
            );
            self.require(one, &place, "", "one_price");
            self.percentage(tier.percent, &place, "percent");
            self.not_negative(tier.amount_minor, &place, "amountMinor");
            self.price(tier.unit_price, &place, "unitPrice");
        }
    }

    fn parts(&mut self, parts: &[BundlePart], place: &Place<'_>) {
        self.require(!parts.is_empty(), place, "parts", "parts_empty");
        for (at, part) in parts.iter().enumerate() {
            let place = place.item("parts", at);
            self.at_least(part.quantity, 1, &place, "quantity");
            self.target(&part.target, &place.field("target"));
        }
    }

    fn gifts(&mut self, skus: &[String], place: &Place<'_>) {
        self.require(!skus.is_empty(), place, "skus", "gift_empty");
        for (at, sku) in skus.iter().enumerate() {
            let met = self.names.products.contains(&sku.as_str());
            if !met {
                self.add_with(
                    &place.item("skus", at),
                    "",
                    "unknown",
                    Some(("name", sku.as_str().into())),
                );
            }
        }
    }
}
