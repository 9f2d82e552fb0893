//! Tax classes and their rules.

use super::Findings;
use crate::ruleset::TaxClass;

impl Findings<'_> {
    pub(super) fn tax_classes(&mut self) {
        let classes = &self.ruleset.tax_classes;
        self.repeated(classes.iter().map(|class| class.id.as_str()), "/taxClasses", "id");
        for (index, class) in classes.iter().enumerate() {
            let path = format!("/taxClasses/{index}");
            self.tax_rules(class, &path);
        }
        self.at_most(self.ruleset.tax_classes.len(), "/taxClasses");
    }

    fn tax_rules(&mut self, class: &TaxClass, path: &str) {
        for (index, rule) in class.rules.iter().enumerate() {
            let path = format!("{path}/rules/{index}");
            self.countries(&rule.countries, &path);
            if rule.components.is_empty() {
                self.add(
                    format!("{path}/components"),
                    "a rule needs a tax; use category O or Z for none",
                );
            }
            for component in &rule.components {
                let zero_only = !component.category.has_rate() && !component.percent.is_zero();
                if component.percent.is_negative() || zero_only {
                    self.add(format!("{path}/components"), "this category has no such rate");
                }
            }
        }
    }

    pub(super) fn tax_class(&mut self, id: &str, path: &str) {
        if !self.ruleset.tax_classes.iter().any(|class| class.id == id) {
            self.add(path, format!("there is no tax class \"{id}\""));
        }
    }
}
