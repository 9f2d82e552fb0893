//! Thresholds that no order can reach.

use super::{
    Linter,
    shown::{Shown, ShownKind},
};
use crate::{
    decimal::Decimal,
    explain::ExplanationKind,
    issue::{Code, Issue},
    limits::{MAX_AMOUNT_MINOR, MAX_LINES, MAX_QUANTITY},
    money::Amount,
    ruleset::{Effect, PriceSource, Product, Promotion},
};

impl Linter<'_> {
    pub(super) fn thresholds(&mut self, promotion: &Promotion, path: &str) {
        let counted = promotion.when.counting.as_ref().unwrap_or(&promotion.target);
        let Some(most) = self.largest_order(|it| counted.matches(&it.target_line())) else {
            return;
        };
        let mut found = false;
        if let Some(minimum) = promotion.when.minimum_minor {
            found |= self.threshold(minimum, most, format!("{path}/when/minimumMinor"));
        }
        if let Effect::SpendTiers { tiers, repeat: false } = &promotion.effect {
            for (at, tier) in tiers.iter().enumerate() {
                let path = format!("{path}/effect/tiers/{at}/spendMinor");
                found |= self.threshold(tier.spend_minor, most, path);
            }
        }
        if found {
            let example = self.unapplied(promotion);
            self.show(example);
        }
    }

    /// Whether the threshold is beyond the most that an order can be worth.
    #[inline(never)]
    fn threshold(&mut self, threshold: Amount, most: Amount, path: String) -> bool {
        let unreachable = threshold > most;
        if unreachable {
            let issue = Issue::new(Code::ThresholdUnreachable, path);
            let issue = issue.with("thresholdMinor", threshold).with("maximumMinor", most);
            self.warn(issue.with("currency", self.ruleset.currency));
        }
        unreachable
    }

    /// Free delivery from an amount on that no order reaches.
    pub(super) fn free_over(&mut self) {
        let Some(most) = self.largest_order(|_| true) else { return };
        let ruleset = self.ruleset;
        for (index, method) in ruleset.shipping_methods.iter().enumerate() {
            let Some(free_over) = method.free_over_minor else { continue };
            let path = format!("/shippingMethods/{index}/freeOverMinor");
            if self.threshold(free_over, most, path)
                && let Some(case) = self.deliverable(method)
                && let Some(quote) = self.quote(&case)
                && let Some(sentence) = self.said(&quote, &|it| {
                    it.kind == ExplanationKind::NotQualified
                        && it.rule.as_deref() == Some(method.id.as_str())
                })
            {
                let shown = Shown::new(ShownKind::NotApplied, sentence).of_rule(&method.id);
                self.show(Some((case, shown)));
            }
        }
    }

    /// The most that an order of matching products can be worth, or `None` if nothing bounds it.
    fn largest_order(&self, matches: impl Fn(&Product) -> bool) -> Option<Amount> {
        if self.ruleset.price_source == PriceSource::Draft {
            return None;
        }
        let mut most = Amount::ZERO;
        for product in self.ruleset.products.iter().filter(|product| matches(product)) {
            most = most.max(self.largest_line(product)?);
        }
        let lines = i64::try_from(MAX_LINES).ok()?;
        Amount::new(most.minor().checked_mul(lines)?.min(MAX_AMOUNT_MINOR)).ok()
    }

    fn largest_line(&self, product: &Product) -> Option<Amount> {
        let most = product.maximum_quantity.unwrap_or(Decimal::from_integer(MAX_QUANTITY));
        self.worth(product.unit_price, most)
    }

    /// A price times a quantity.
    pub(super) fn worth(&self, price: Decimal, quantity: Decimal) -> Option<Amount> {
        let minor = i128::from(self.ruleset.currency.minor_per_major());
        let numerator = price.mantissa().checked_mul(quantity.mantissa())?.checked_mul(minor)?;
        let denominator = price.denominator().checked_mul(quantity.denominator())?;
        Amount::from_fraction(numerator, denominator, self.ruleset.rounding.mode).ok()
    }
}
