//! Tax classes and their rules, and how tax is rounded.

use super::{Findings, Place};
use crate::{
    limits::{MAX_DECIMAL_FRACTION_DIGITS, MAX_TAXES},
    ruleset::{RoundingRules, TaxCategory, TaxClass, TaxComponent, TaxRule},
};

impl Findings<'_> {
    pub(super) fn tax_classes(&mut self) {
        let (document, names) = (&Place::DOCUMENT, &self.names.tax_classes);
        self.repeated(names, document, "taxClasses", "id");
        for (index, class) in self.ruleset.tax_classes.iter().enumerate() {
            self.tax_rules(class, &document.item("taxClasses", index));
        }
        self.at_most_rules(names.len(), document, "taxClasses");
        self.taxation();
        self.rounding();
    }

    fn tax_rules(&mut self, class: &TaxClass, place: &Place<'_>) {
        for (index, rule) in class.rules.iter().enumerate() {
            let place = place.item("rules", index);
            self.countries(&rule.countries, &place);
            self.narrowing(rule, &place);
            let count = rule.components.len();
            let reason = "tax_empty";
            self.require(count > 0, &place, "components", reason);
            self.at_most(count, MAX_TAXES, &place, "components");
            for (at, component) in rule.components.iter().enumerate() {
                self.component(component, &place.item("components", at));
            }
        }
    }

    fn narrowing(&mut self, rule: &TaxRule, place: &Place<'_>) {
        let mut met = true;
        for texts in [&rule.regions, &rule.postcodes] {
            for text in texts {
                met &= !text.trim().is_empty();
            }
        }
        self.require(met, place, "", "place_blank");
        self.window(rule.starts_ms, rule.ends_ms, place);
        let prices = (rule.minimum_unit_price, rule.maximum_unit_price);
        self.rising(prices, place, "maximumUnitPrice");
    }

    fn component(&mut self, component: &TaxComponent, place: &Place<'_>) {
        let (category, percent) = (component.category, component.percent);
        let has_rate = category.has_rate();
        let met = !percent.is_negative() && (has_rate || percent.is_zero());
        self.require(met, place, "", "category_rate");
        if let Some(amount) = component.amount_per_unit {
            let reason = "negative";
            self.require(!amount.is_negative(), place, "amountPerUnit", reason);
            let met = percent.is_zero() && !component.compound;
            self.require(met, place, "", "rate_or_amount");
            let met = has_rate || category == TaxCategory::O;
            self.require(met, place, "", "category_amount");
        }
        // BR-S-10 and BR-Z-10 of EN 16931: no reason where nothing is exempt.
        let exempt = !has_rate && category != TaxCategory::Z;
        let reasoned = component.exemption_reason.is_some() || component.exemption_code.is_some();
        self.require(exempt || !reasoned, place, "", "category_reason");
    }

    fn taxation(&mut self) {
        let taxation = &self.ruleset.taxation;
        let place = &Place::DOCUMENT.field("taxation");
        let met = taxation.maximum_check_age_ms.unwrap_or_default() >= 0;
        self.require(met, place, "maximumCheckAgeMs", "negative");
        let destination = &taxation.destination;
        let digits = destination.net_digits.max(destination.gross_digits).unwrap_or_default();
        let most = usize::from(MAX_DECIMAL_FRACTION_DIGITS);
        self.at_most(digits.into(), most, place, "destination");
        for (index, rule) in taxation.reverse_charges.iter().enumerate() {
            let place = place.item("reverseCharges", index);
            self.countries(&rule.countries, &place);
            let met = !rule.countries.contains(&self.ruleset.home_country);
            self.require(met, &place, "countries", "home_tax");
            let known = &self.names.tax_classes;
            self.all_known(known, &rule.tax_classes, &place, "taxClasses");
            self.component(&rule.tax, &place.field("tax"));
            let met = !rule.tax.category.has_rate();
            self.require(met, &place, "tax/category", "category_rateless");
        }
        self.at_most_rules(taxation.reverse_charges.len(), place, "reverseCharges");
    }

    fn rounding(&mut self) {
        let document = &Place::DOCUMENT;
        let digits = self.ruleset.rounding.working_digits.into();
        let most = RoundingRules::MAX_WORKING_DIGITS.into();
        self.at_most(digits, most, document, "rounding/workingDigits");
        for (index, method) in self.ruleset.payment_methods.iter().enumerate() {
            let place = document.item("paymentMethods", index);
            let met = method.cash_rounding.is_none_or(|cash| cash.step_minor.minor() >= 1);
            let reason = "positive";
            self.require(met, &place, "cashRounding/stepMinor", reason);
        }
    }

    pub(super) fn tax_class(&mut self, id: &str, place: &Place<'_>, field: &str) {
        self.known(&self.names.tax_classes, id, place, field);
    }
}
