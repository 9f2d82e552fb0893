//! Tax classes and their rules, and how tax is rounded.

use super::Findings;
use crate::{
    limits::{MAX_DECIMAL_FRACTION_DIGITS, MAX_TAXES},
    ruleset::{RoundingRules, TaxCategory, TaxClass, TaxComponent, TaxRule},
};

impl Findings<'_> {
    pub(super) fn tax_classes(&mut self) {
        let classes = &self.ruleset.tax_classes;
        self.repeated(classes.iter().map(|class| class.id.as_str()), "/taxClasses", "id");
        for (index, class) in classes.iter().enumerate() {
            let path = format!("/taxClasses/{index}");
            self.tax_rules(class, &path);
        }
        self.at_most(self.ruleset.tax_classes.len(), "/taxClasses");
        self.taxation();
        self.rounding();
    }

    fn tax_rules(&mut self, class: &TaxClass, path: &str) {
        for (index, rule) in class.rules.iter().enumerate() {
            let path = format!("{path}/rules/{index}");
            self.countries(&rule.countries, &path);
            self.narrowing(rule, &path);
            if rule.components.is_empty() {
                self.add(
                    format!("{path}/components"),
                    "a rule needs a tax; use category O or Z for none",
                );
            }
            if rule.components.len() > MAX_TAXES {
                self.add(format!("{path}/components"), format!("more than {MAX_TAXES} taxes"));
            }
            for (at, component) in rule.components.iter().enumerate() {
                self.component(component, &format!("{path}/components/{at}"));
            }
        }
    }

    fn narrowing(&mut self, rule: &TaxRule, path: &str) {
        let texts = rule.regions.iter().chain(&rule.postcodes);
        if texts.into_iter().any(|text| text.trim().is_empty()) {
            self.add(path, "a region or postcode is empty");
        }
        if let (Some(start), Some(end)) = (rule.starts_ms, rule.ends_ms)
            && start >= end
        {
            self.add(format!("{path}/endsMs"), "it ends before it starts");
        }
        if let (Some(minimum), Some(maximum)) = (rule.minimum_unit_price, rule.maximum_unit_price)
            && minimum > maximum
        {
            self.add(format!("{path}/maximumUnitPrice"), "the maximum is below the minimum");
        }
    }

    fn component(&mut self, component: &TaxComponent, path: &str) {
        let zero_only = !component.category.has_rate() && !component.percent.is_zero();
        if component.percent.is_negative() || zero_only {
            self.add(path, "this category has no such rate");
        }
        if let Some(amount) = component.amount_per_unit {
            if amount.is_negative() {
                self.add(format!("{path}/amountPerUnit"), "a tax cannot be negative");
            }
            if !component.percent.is_zero() || component.compound {
                self.add(path, "a tax has a rate or an amount per unit, not both");
            }
            if !component.category.has_rate() && component.category != TaxCategory::O {
                self.add(path, "this category has no amount");
            }
        }
        // BR-S-10 and BR-Z-10 of EN 16931: no reason where nothing is exempt.
        let exempt = !component.category.has_rate() && component.category != TaxCategory::Z;
        let reasoned = component.exemption_reason.is_some() || component.exemption_code.is_some();
        if reasoned && !exempt {
            self.add(path, "this category has no exemption reason");
        }
    }

    fn taxation(&mut self) {
        let taxation = &self.ruleset.taxation;
        if taxation.maximum_check_age_ms.is_some_and(|age| age < 0) {
            self.add("/taxation/maximumCheckAgeMs", "an age cannot be negative");
        }
        let digits = [taxation.destination.net_digits, taxation.destination.gross_digits];
        if digits.into_iter().flatten().any(|digits| digits > MAX_DECIMAL_FRACTION_DIGITS) {
            let reason = format!("more than {MAX_DECIMAL_FRACTION_DIGITS} decimals");
            self.add("/taxation/destination", reason);
        }
        for (index, rule) in taxation.reverse_charges.iter().enumerate() {
            let path = format!("/taxation/reverseCharges/{index}");
            self.countries(&rule.countries, &path);
            if rule.countries.contains(&self.ruleset.home_country) {
                self.add(format!("{path}/countries"), "the tax of the home country stays");
            }
            for (at, class) in rule.tax_classes.iter().enumerate() {
                self.tax_class(class, &format!("{path}/taxClasses/{at}"));
            }
            self.component(&rule.tax, &format!("{path}/tax"));
            if rule.tax.category.has_rate() {
                self.add(format!("{path}/tax/category"), "a category without a rate is needed");
            }
        }
        self.at_most(taxation.reverse_charges.len(), "/taxation/reverseCharges");
    }

    fn rounding(&mut self) {
        let most = RoundingRules::MAX_WORKING_DIGITS;
        if self.ruleset.rounding.working_digits > most {
            self.add("/rounding/workingDigits", format!("more than {most} digits"));
        }
        for (index, method) in self.ruleset.payment_methods.iter().enumerate() {
            if method.cash_rounding.is_some_and(|cash| cash.step_minor.minor() < 1) {
                let path = format!("/paymentMethods/{index}/cashRounding/stepMinor");
                self.add(path, "a coin is worth at least one minor unit");
            }
        }
    }

    pub(super) fn tax_class(&mut self, id: &str, path: &str) {
        if !self.ruleset.tax_classes.iter().any(|class| class.id == id) {
            self.add(path, format!("there is no tax class \"{id}\""));
        }
    }
}
