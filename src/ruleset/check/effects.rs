//! Effects of promotions: amounts, percentages, tiers, counts.

use super::Findings;
use crate::{
    decimal::Decimal,
    ruleset::{BundlePart, Effect, QuantityTier, SpendTier, UnitLimit},
};

impl Findings<'_> {
    pub(super) fn effect(&mut self, effect: &Effect, path: &str) {
        let at = |field: &str| format!("{path}/{field}");
        match effect {
            Effect::LinePercentage { percent, units } => {
                self.percentage(Some(*percent), &at("percent"));
                self.unit_limit(*units, &at("units"));
            }
            Effect::LineFixed { amount_minor, units, .. } => {
                self.not_negative(Some(*amount_minor), &at("amountMinor"));
                self.unit_limit(*units, &at("units"));
            }
            Effect::FixedPrice { unit_price, units } => {
                self.price(Some(*unit_price), &at("unitPrice"));
                self.unit_limit(*units, &at("units"));
            }
            Effect::OrderPercentage { percent, maximum_minor, .. }
            | Effect::ShippingPercentage { percent, maximum_minor } => {
                self.percentage(Some(*percent), &at("percent"));
                self.not_negative(*maximum_minor, &at("maximumMinor"));
            }
            Effect::OrderFixed { amount_minor, .. }
            | Effect::OrderFixedPrice { amount_minor }
            | Effect::ShippingFixed { amount_minor } => {
                self.not_negative(Some(*amount_minor), &at("amountMinor"));
            }
            Effect::SpendTiers { tiers, .. } => self.spend_tiers(tiers, &at("tiers")),
            Effect::QuantityTiers { tiers, .. } => self.quantity_tiers(tiers, &at("tiers")),
            Effect::NthUnit { n, percent, .. } => {
                self.at_least(*n, 2, &at("n"));
                self.percentage(Some(*percent), &at("percent"));
            }
            Effect::BuyGet { buy_quantity, get_quantity, percent, .. } => {
                self.at_least(*buy_quantity, 1, &at("buyQuantity"));
                self.at_least(*get_quantity, 1, &at("getQuantity"));
                self.percentage(Some(*percent), &at("percent"));
            }
            Effect::AnyFor { quantity, amount_minor, .. } => {
                self.at_least(*quantity, 2, &at("quantity"));
                self.not_negative(Some(*amount_minor), &at("amountMinor"));
            }
            Effect::Bundle { parts, amount_minor, percent, .. } => {
                self.not_negative(*amount_minor, &at("amountMinor"));
                self.percentage(*percent, &at("percent"));
                if amount_minor.is_some() == percent.is_some() {
                    self.add(path, "give either amountMinor or percent");
                }
                self.parts(parts, &at("parts"));
            }
            Effect::Gift { skus, quantity, per_units } => {
                self.at_least(*quantity, 1, &at("quantity"));
                self.at_least(per_units.unwrap_or(1), 1, &at("perUnits"));
                self.gifts(skus, &at("skus"));
            }
        }
    }

    fn at_least(&mut self, count: u32, least: u32, path: &str) {
        if count < least {
            self.add(path, format!("it must be at least {least}"));
        }
    }

    pub(super) fn price(&mut self, price: Option<Decimal>, path: &str) {
        if price.is_some_and(Decimal::is_negative) {
            self.add(path, "a price cannot be negative");
        }
    }

    fn unit_limit(&mut self, limit: Option<UnitLimit>, path: &str) {
        if let Some(limit) = limit
            && (limit.maximum == Some(0) || limit.group_size == Some(0))
        {
            self.add(path, "a limit of units is at least 1");
        }
    }

    fn spend_tiers(&mut self, tiers: &[SpendTier], path: &str) {
        let rising = |pair: &[SpendTier]| match pair {
            [lower, higher] => lower.spend_minor < higher.spend_minor,
            _ => true,
        };
        if tiers.is_empty() || !tiers.windows(2).all(rising) {
            self.add(path, "tiers are needed, by rising spend");
        }
        for (at, tier) in tiers.iter().enumerate() {
            self.not_negative(Some(tier.spend_minor), &format!("{path}/{at}/spendMinor"));
            self.not_negative(Some(tier.save_minor), &format!("{path}/{at}/saveMinor"));
            self.percentage(tier.percent, &format!("{path}/{at}/percent"));
            if tier.percent.is_some() && !tier.save_minor.is_zero() {
                self.add(format!("{path}/{at}"), "give either saveMinor or percent");
            }
        }
    }

    fn quantity_tiers(&mut self, tiers: &[QuantityTier], path: &str) {
        let rising = |pair: &[QuantityTier]| match pair {
            [lower, higher] => lower.quantity < higher.quantity,
            _ => true,
        };
        if tiers.is_empty() || !tiers.windows(2).all(rising) {
            self.add(path, "tiers are needed, by rising quantity");
        }
        for (at, tier) in tiers.iter().enumerate() {
            let path = format!("{path}/{at}");
            let given =
                [tier.percent.is_some(), tier.amount_minor.is_some(), tier.unit_price.is_some()];
            if given.iter().filter(|given| **given).count() != 1 {
                self.add(path.as_str(), "give one of percent, amountMinor and unitPrice");
            }
            self.percentage(tier.percent, &format!("{path}/percent"));
            self.not_negative(tier.amount_minor, &format!("{path}/amountMinor"));
            self.price(tier.unit_price, &format!("{path}/unitPrice"));
        }
    }

    fn parts(&mut self, parts: &[BundlePart], path: &str) {
        if parts.is_empty() {
            self.add(path, "a bundle needs parts");
        }
        for (at, part) in parts.iter().enumerate() {
            self.at_least(part.quantity, 1, &format!("{path}/{at}/quantity"));
            self.target(&part.target, &format!("{path}/{at}/target"));
        }
    }

    fn gifts(&mut self, skus: &[String], path: &str) {
        if skus.is_empty() {
            self.add(path, "a gift needs a SKU");
        }
        for (at, sku) in skus.iter().enumerate() {
            if !self.ruleset.products.iter().any(|product| product.sku == *sku) {
                self.add(format!("{path}/{at}"), "there is no such product");
            }
        }
    }
}
