//! What is probably not meant in a ruleset that can be used: checked before it is saved.
//!
//! [`Rules::new`] refuses what cannot work. The linter looks for what works but surprises: numbers
//! that can repeat, discounts that never come or take everything, countries that nobody serves.
//!
//! A finding about prices has an example: a cart that was priced, and what its quote shows. It is
//! searched among small carts, so it cannot say what is not so.

use serde::{Deserialize, Serialize};

use crate::{
    context::Context,
    draft::Draft,
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    ruleset::{Rules, Ruleset},
};

mod carts;
mod coupons;
mod numbering;
mod prices;
mod promotions;
mod reach;
mod shipping;
mod shown;
mod stacking;
mod taxes;
mod texts;
mod thresholds;

pub use shown::{Shown, ShownKind};

use carts::Case;

/// How much a [`Finding`] matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// The ruleset cannot be used, or orders of the home country will fail.
    Error,
    /// Hardly meant like this.
    Warning,
    /// Could be better.
    Info,
}

/// Something that the linter found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What and where; the sentence of it names the remedy.
    pub issue: Issue,
    /// A cart that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Draft>,
    /// What is known besides when the example is priced: the time, the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// What the quote of the example shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<Shown>,
}

impl Severity {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl Finding {
    fn new(severity: Severity, issue: Issue) -> Self {
        Self { severity, issue, example: None, context: None, shows: None }
    }

    /// Whether a cart can show it: not what is about numbers, texts, or rules that cannot be used.
    pub fn is_about_carts(&self) -> bool {
        !matches!(
            self.issue.code,
            Code::PatternCollides
                | Code::PatternSmall
                | Code::PatternInvalid
                | Code::TranslationMissing
                | Code::EntryUnused
                | Code::EntryWithoutEffect
                | Code::GroupMixed
                | Code::CouponShared
                | Code::RulesetInvalid
                | Code::JsonMalformed
                | Code::ShapeInvalid
                | Code::DocumentTooLarge
        )
    }
}

/// All findings of a ruleset document. One that cannot be used has only the errors that say why.
///
/// # Example
///
/// ```
/// use orderkit::{Code, lint::{Severity, lint_json}};
///
/// let findings = lint_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR",
///     "homeCountry": "DE", "priceBasis": "taxInclusive",
///     "numbering": {"pattern": "{date:yyMMdd}{digits:6}"}
/// }"#, 0);
/// assert_eq!(findings[0].issue.code, Code::PatternCollides);
/// assert_eq!(findings[0].severity, Severity::Warning);
/// ```
pub fn lint_json(bytes: &[u8], now_ms: i64) -> Vec<Finding> {
    match Rules::from_json(bytes) {
        Ok(rules) => lint(&rules, now_ms),
        Err(refusal) => {
            let error = |issue| Finding::new(Severity::Error, issue);
            refusal.issues.into_iter().map(error).collect()
        }
    }
}

/// All findings of a ruleset that can be used, errors first. The time decides what has ended.
pub fn lint(rules: &Rules, now_ms: i64) -> Vec<Finding> {
    let ruleset = rules.ruleset();
    let mut linter =
        Linter { rules, ruleset, now_ms, quotes_left: MAX_QUOTES, findings: Vec::new() };
    linter.numbering();
    let settled = linter.promotions();
    linter.reach(&settled);
    linter.price_lists();
    linter.products();
    linter.stacking();
    linter.coupons();
    linter.shipping();
    linter.taxes();
    linter.countries();
    linter.unused();
    linter.translations();
    // Two passes and not a sort, which weighs more than all of this in a browser module.
    let (mut findings, others): (Vec<_>, Vec<_>) =
        linter.findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    let (warnings, rest): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|finding| finding.severity == Severity::Warning);
    findings.extend(warnings);
    findings.extend(rest);
    findings
}

/// Carts that are priced at most, so that a page can lint while somebody types: about a tenth of a second.
const MAX_QUOTES: u32 = 3_000;

struct Linter<'a> {
    rules: &'a Rules,
    ruleset: &'a Ruleset,
    now_ms: i64,
    quotes_left: u32,
    findings: Vec<Finding>,
}

impl Linter<'_> {
    #[inline(never)]
    fn warn(&mut self, issue: Issue) {
        self.findings.push(Finding::new(Severity::Warning, issue));
    }

    #[inline(never)]
    fn inform(&mut self, issue: Issue) {
        self.findings.push(Finding::new(Severity::Info, issue));
    }

    /// Adds the example to what was found last.
    #[inline(never)]
    fn show(&mut self, example: Option<(Case, Shown)>) {
        if let (Some(finding), Some((case, shown))) = (self.findings.last_mut(), example) {
            finding.example = Some(case.draft);
            finding.context = Some(case.context);
            finding.shows = Some(shown);
        }
    }
}
