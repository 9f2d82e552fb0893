//! Promotions that no cart was found for, or that another one always keeps out.

use super::{
    Linter,
    carts::Case,
    shown::{Shown, is_applied},
};
use crate::{
    issue::{Code, Issue},
    pricing::{Quote, TraceStep},
    ruleset::Promotion,
};

/// What became of a promotion in a cart that it seems to be for.
enum Outcome {
    /// It took something off.
    Applied,
    /// Another took its place.
    KeptOut(String),
    /// It does not apply.
    NotQualified,
}

impl Linter<'_> {
    /// Looks for a cart for each promotion of which it is not known yet that it takes nothing.
    pub(super) fn reach(&mut self, settled: &[bool]) {
        let ruleset = self.ruleset;
        for (index, promotion) in ruleset.promotions.iter().enumerate() {
            if settled.get(index).is_some_and(|settled| *settled) {
                continue;
            }
            let path = format!("/promotions/{index}");
            if let Some((by, example)) = self.unreached(promotion) {
                let issue = match by {
                    Some(by) => Issue::new(Code::PromotionNeverWins, path).with("by", by),
                    None => Issue::new(Code::PromotionUnreachable, path),
                };
                self.warn(issue.with("promotion", promotion.id.as_str()));
                self.show(Some(example));
            }
        }
    }

    /// Who keeps it out, if anybody, and a cart that shows it; `None` if it applies to a cart, or nothing can be said.
    #[inline(never)]
    fn unreached(&mut self, promotion: &Promotion) -> Option<(Option<String>, (Case, Shown))> {
        let mut unmet: Option<(Case, Quote)> = None;
        let mut kept_out: Option<(String, Case, Quote)> = None;
        for case in self.cases_of(promotion) {
            // Once enough was priced, nothing more can be said.
            let quote = match self.price(&case)? {
                Ok(quote) => quote,
                Err(_) => continue,
            };
            match outcome(&quote, promotion) {
                Outcome::Applied => return None,
                Outcome::KeptOut(by) if self.steps_aside(&by, promotion) => return None,
                Outcome::KeptOut(by) => {
                    kept_out.get_or_insert((by, case, quote));
                }
                Outcome::NotQualified => {
                    unmet.get_or_insert((case, quote));
                }
            }
        }
        if let Some((by, case, quote)) = kept_out {
            let shown = self.not_applied(&quote, &promotion.id);
            return Some((Some(by), (case, shown)));
        }
        let (case, quote) = unmet?;
        let shown = self.not_applied(&quote, &promotion.id);
        Some((None, (case, shown)))
    }
}

impl Linter<'_> {
    /// Whether a promotion is over or used up some day while another one is still valid.
    fn steps_aside(&self, by: &str, other: &Promotion) -> bool {
        let Some(by) = self.ruleset.promotions.iter().find(|it| it.id == by) else { return false };
        let limits = &by.limits;
        let outlived = by.ends_ms.is_some_and(|end| other.ends_ms.is_none_or(|it| it > end));
        outlived
            || limits.uses.is_some()
            || limits.uses_per_customer.is_some()
            || limits.budget_minor.is_some()
            || limits.budget_per_customer_minor.is_some()
    }
}

fn outcome(quote: &Quote, promotion: &Promotion) -> Outcome {
    if is_applied(quote, &promotion.id) {
        return Outcome::Applied;
    }
    let by = quote.trace.iter().find_map(|step| match step {
        TraceStep::Suppressed { rule, by, .. } | TraceStep::BeatenBy { rule, by, .. }
            if *rule == promotion.id =>
        {
            Some(by.clone())
        }
        TraceStep::NotInBest { rule, .. } if *rule == promotion.id => {
            let best = quote.adjustments.first();
            Some(best.map_or_else(|| promotion.id.clone(), |it| it.rule.clone()))
        }
        _ => None,
    });
    by.map_or(Outcome::NotQualified, Outcome::KeptOut)
}
