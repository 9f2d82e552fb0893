//! Promotions: times, targets, conditions and limits.

use super::{Findings, Place};
use crate::{
    decimal::Decimal,
    limits::MAX_PROMOTIONS,
    ruleset::{Limits, Promotion, Target},
};

impl Findings<'_> {
    pub(super) fn promotions(&mut self) {
        let (document, names) = (&Place::DOCUMENT, self.names);
        let promotions = &self.ruleset.promotions;
        self.at_most(promotions.len(), MAX_PROMOTIONS, document, "promotions");
        self.repeated(&names.promotions, document, "promotions", "id");
        for (index, promotion) in promotions.iter().enumerate() {
            let place = document.item("promotions", index);
            self.window(promotion.starts_ms, promotion.ends_ms, &place);
            self.when(promotion, &place);
            self.coupon_codes(promotion, &place);
            self.limits(&promotion.limits, &place);
            self.effect(&promotion.effect, &place.field("effect"));
            if let Some(id) = &promotion.group {
                self.known(&names.stacking_groups, id, &place, "group");
            }
            if let Some(id) = &promotion.with
                && !promotions.iter().any(|other| other.id == *id && other.with.is_none())
            {
                let figure = ("name", id.as_str().into());
                self.add_with(&place, "with", "with_unknown", Some(figure));
            }
        }
    }

    /// An empty code would be unlocked by an empty field. Case does not matter.
    fn coupon_codes(&mut self, promotion: &Promotion, place: &Place<'_>) {
        let mut lower = Vec::new();
        for code in &promotion.coupon_codes {
            lower.push(code.trim().to_ascii_lowercase());
        }
        let mut codes = Vec::new();
        for code in &lower {
            codes.push(code.as_str());
        }
        self.repeated(&codes, place, "couponCodes", "");
    }

    fn when(&mut self, promotion: &Promotion, place: &Place<'_>) {
        let (when, names) = (&promotion.when, self.names);
        self.not_negative(when.minimum_minor, place, "when/minimumMinor");
        let negative = when.minimum_quantity.is_some_and(Decimal::is_negative);
        self.require(!negative, place, "when/minimumQuantity", "negative");
        let counts = when.nth_order != Some(0);
        self.require(counts, place, "when/nthOrder", "first_order");
        self.target(&promotion.target, &place.field("target"));
        if let Some(counting) = &when.counting {
            self.target(counting, &place.field("when/counting"));
        }
        let methods = &names.shipping_methods;
        self.known_methods(methods, &when.shipping_methods, place, "when/shippingMethods");
        let methods = &names.payment_methods;
        self.known_methods(methods, &when.payment_methods, place, "when/paymentMethods");
    }

    fn known_methods(
        &mut self,
        known: &[&str],
        ids: &[String],
        place: &Place<'_>,
        field: &'static str,
    ) {
        let mut listed = ids.iter().enumerate();
        if let Some((at, id)) = listed.find(|(_, id)| !known.contains(&id.as_str())) {
            self.known(known, id, &place.item(field, at), "");
        }
    }

    pub(super) fn target(&mut self, target: &Target, place: &Place<'_>) {
        let prices = (target.minimum_unit_price, target.maximum_unit_price);
        self.rising(prices, place, "maximumUnitPrice");
    }

    fn limits(&mut self, limits: &Limits, place: &Place<'_>) {
        self.not_negative(limits.order_minor, place, "limits/orderMinor");
        self.not_negative(limits.line_minor, place, "limits/lineMinor");
        self.not_negative(limits.budget_minor, place, "limits/budgetMinor");
        let own = limits.budget_per_customer_minor;
        self.not_negative(own, place, "limits/budgetPerCustomerMinor");
    }
}
