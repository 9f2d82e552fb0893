//! Stock rules: quantities, and sets whose parts are goods.

use super::{Findings, place::Place};
use crate::{decimal::Decimal, ruleset::Backorder};

impl Findings<'_> {
    pub(super) fn inventory(&mut self) {
        let inventory = &self.ruleset.inventory;
        let place = &Place::DOCUMENT.field("inventory");
        self.quantity(Some(inventory.safety_quantity), place, "safetyQuantity");
        self.quantity(Some(inventory.tell_up_to), place, "tellUpTo");
        self.backorder(inventory.backorder.as_ref(), place);
        if let Some(quota) = &inventory.quota {
            self.quantity(Some(quota.quantity), place, "quota/quantity");
            self.percentage(Some(quota.percent), place, "quota/percent");
            self.require(quota.hours > 0, place, "quota/hours", "positive");
        }
        let skus = super::names(&inventory.products, |rule| &rule.sku);
        self.repeated(&skus, place, "products", "sku");
        self.at_most(skus.len(), crate::limits::MAX_PRODUCTS, place, "products");
        for (at, rule) in inventory.products.iter().enumerate() {
            let place = &place.item("products", at);
            self.quantity(rule.safety_quantity, place, "safetyQuantity");
            self.backorder(rule.backorder.as_ref(), place);
            for (at, part) in rule.parts.iter().enumerate() {
                let place = &place.item("parts", at);
                self.require(part.quantity > 0, place, "quantity", "positive");
                // A set of sets would have to be taken apart more than once, or for ever.
                let of_sets = inventory.rule(&part.sku).is_some_and(|it| !it.parts.is_empty());
                self.require(!of_sets, place, "sku", "set_of_sets");
            }
            let parts = super::names(&rule.parts, |part| &part.sku);
            self.repeated(&parts, place, "parts", "sku");
        }
    }

    fn backorder(&mut self, backorder: Option<&Backorder>, place: &Place<'_>) {
        self.quantity(backorder.and_then(|it| it.limit), place, "backorder/limit");
    }

    fn quantity(&mut self, quantity: Option<Decimal>, place: &Place<'_>, field: &str) {
        let met = !quantity.is_some_and(Decimal::is_negative);
        self.require(met, place, field, "negative");
    }
}
