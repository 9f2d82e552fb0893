//! What makes a ruleset unusable: broken references and impossible values.

use super::{Ruleset, ZoneTransition, names::repeated};
use crate::{
    issue::{Code, Issue},
    limits::{MAX_ORDERS_PER_DAY, MAX_RULES},
};

mod effects;
mod products;
mod promotions;
mod shipping;
mod stacking;
mod tax;

/// All findings, in the order of the document.
pub(super) fn all(ruleset: &Ruleset) -> Vec<Issue> {
    let mut findings = Findings { ruleset, issues: Vec::new() };
    findings.head();
    findings.products();
    findings.price_lists();
    findings.promotions();
    findings.stacking();
    findings.points();
    findings.shipping();
    findings.payment_methods();
    findings.tax_classes();
    findings.workflow();
    findings.issues
}

struct Findings<'a> {
    ruleset: &'a Ruleset,
    issues: Vec<Issue>,
}

impl Findings<'_> {
    fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.push(path.into(), reason.into());
    }

    // Most rulesets have no fault: what makes an issue is here once, and not at each check.
    #[cold]
    #[inline(never)]
    fn push(&mut self, path: String, reason: String) {
        self.issues.push(Issue::new(Code::RulesetInvalid, path).with("reason", reason));
    }

    fn repeated<'n>(&mut self, names: impl Iterator<Item = &'n str>, list: &str, field: &str) {
        for at in repeated(names) {
            self.add(format!("{list}/{at}/{field}"), "empty, or the same as an earlier one");
        }
    }

    fn head(&mut self) {
        if self.ruleset.version.is_empty() {
            self.add("/version", "the version needs a name");
        }
        if !is_country(&self.ruleset.home_country) {
            self.add("/homeCountry", "not a two-letter ISO 3166 code");
        }
        let rising = |pair: &[ZoneTransition]| match pair {
            [earlier, later] => earlier.from_ms < later.from_ms,
            _ => true,
        };
        if !self.ruleset.time_zone.transitions.windows(2).all(rising) {
            self.add("/timeZone/transitions", "the transitions must rise in time");
        }
    }

    fn payment_methods(&mut self) {
        let methods = &self.ruleset.payment_methods;
        self.repeated(methods.iter().map(|method| method.id.as_str()), "/paymentMethods", "id");
        self.at_most(self.ruleset.payment_methods.len(), "/paymentMethods");
    }

    fn workflow(&mut self) {
        let workflow = &self.ruleset.workflow;
        if workflow.price_grace_ms < 0 || workflow.overpayment_minor.is_negative() {
            self.add("/workflow", "times and amounts cannot be negative");
        }
        let orders_per_day = self.ruleset.numbering.orders_per_day;
        if orders_per_day == 0 || orders_per_day > MAX_ORDERS_PER_DAY {
            let reason = format!("a shop expects 1 to {MAX_ORDERS_PER_DAY} orders a day");
            self.add("/numbering/ordersPerDay", reason);
        }
    }

    fn countries(&mut self, countries: &[String], path: &str) {
        for (index, code) in countries.iter().enumerate() {
            if !is_country(code) {
                self.add(format!("{path}/countries/{index}"), "not a two-letter ISO 3166 code");
            }
        }
    }

    fn at_most(&mut self, count: usize, path: &str) {
        if count > MAX_RULES {
            self.add(path, format!("more than {MAX_RULES} entries"));
        }
    }
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
