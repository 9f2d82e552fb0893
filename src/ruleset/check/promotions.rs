//! Promotions: times, targets, conditions and limits.

use super::Findings;
use crate::{
    decimal::Decimal,
    limits::MAX_PROMOTIONS,
    money::Amount,
    ruleset::{Limits, Promotion, Target},
};

impl Findings<'_> {
    pub(super) fn promotions(&mut self) {
        let promotions = &self.ruleset.promotions;
        if promotions.len() > MAX_PROMOTIONS {
            self.add("/promotions", format!("more than {MAX_PROMOTIONS} promotions"));
        }
        self.repeated(promotions.iter().map(|rule| rule.id.as_str()), "/promotions", "id");
        for (index, promotion) in promotions.iter().enumerate() {
            let path = format!("/promotions/{index}");
            self.window(promotion.starts_ms, promotion.ends_ms, &path);
            self.when(promotion, &path);
            self.limits(&promotion.limits, &path);
            self.effect(&promotion.effect, &format!("{path}/effect"));
            self.group(promotion, &path);
            if let Some(id) = &promotion.with
                && !promotions.iter().any(|other| other.id == *id && other.with.is_none())
            {
                let reason = format!("there is no promotion \"{id}\" with conditions of its own");
                self.add(format!("{path}/with"), reason);
            }
        }
    }

    pub(super) fn window(&mut self, starts_ms: Option<i64>, ends_ms: Option<i64>, path: &str) {
        if let (Some(start), Some(end)) = (starts_ms, ends_ms)
            && start >= end
        {
            self.add(format!("{path}/endsMs"), "it ends before it starts");
        }
    }

    fn when(&mut self, promotion: &Promotion, path: &str) {
        let when = &promotion.when;
        self.not_negative(when.minimum_minor, &format!("{path}/when/minimumMinor"));
        if when.minimum_quantity.is_some_and(Decimal::is_negative) {
            self.add(format!("{path}/when/minimumQuantity"), "a minimum cannot be negative");
        }
        if when.nth_order == Some(0) {
            self.add(format!("{path}/when/nthOrder"), "the first order of a customer is 1");
        }
        self.target(&promotion.target, &format!("{path}/target"));
        if let Some(counting) = &when.counting {
            self.target(counting, &format!("{path}/when/counting"));
        }
        self.known_methods(&when.shipping_methods, &when.payment_methods, path);
    }

    fn known_methods(&mut self, shipping: &[String], payment: &[String], path: &str) {
        let ruleset = self.ruleset;
        let unknown = shipping
            .iter()
            .position(|id| !ruleset.shipping_methods.iter().any(|method| method.id == *id));
        if let Some(at) = unknown {
            self.add(format!("{path}/when/shippingMethods/{at}"), "there is no such method");
        }
        let unknown = payment
            .iter()
            .position(|id| !ruleset.payment_methods.iter().any(|method| method.id == *id));
        if let Some(at) = unknown {
            self.add(format!("{path}/when/paymentMethods/{at}"), "there is no such method");
        }
    }

    pub(super) fn target(&mut self, target: &Target, path: &str) {
        if let (Some(least), Some(most)) = (target.minimum_unit_price, target.maximum_unit_price)
            && least > most
        {
            self.add(format!("{path}/maximumUnitPrice"), "the maximum is below the minimum");
        }
    }

    fn limits(&mut self, limits: &Limits, path: &str) {
        let amounts = [
            ("orderMinor", limits.order_minor),
            ("lineMinor", limits.line_minor),
            ("budgetMinor", limits.budget_minor),
            ("budgetPerCustomerMinor", limits.budget_per_customer_minor),
        ];
        for (name, amount) in amounts {
            self.not_negative(amount, &format!("{path}/limits/{name}"));
        }
    }

    fn group(&mut self, promotion: &Promotion, path: &str) {
        if let Some(id) = &promotion.group
            && !self.ruleset.stacking.groups.iter().any(|group| group.id == *id)
        {
            self.add(format!("{path}/group"), format!("there is no stacking group \"{id}\""));
        }
    }

    pub(super) fn not_negative(&mut self, amount: Option<Amount>, path: &str) {
        if amount.is_some_and(Amount::is_negative) {
            self.add(path, "the amount cannot be negative");
        }
    }

    pub(super) fn percentage(&mut self, percent: Option<Decimal>, path: &str) {
        let outside =
            |percent: Decimal| percent.is_negative() || percent > Decimal::from_integer(100);
        if percent.is_some_and(outside) {
            self.add(path, "a percentage lies between 0 and 100");
        }
    }
}
