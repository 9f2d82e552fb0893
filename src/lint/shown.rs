//! What the quote of an example shows.

use serde::{Deserialize, Serialize};

use super::{Linter, carts::Case};
use crate::{
    explain::{Explanation, ExplanationKind, explain},
    issue::{Arguments, Code, Language, Refusal, fill, template},
    json::{FromJson, ToJson},
    money::Amount,
    pricing::Quote,
    ruleset::LocalText,
};

/// What the quote of an example shows, so that whoever doubts a finding can see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// What it is.
    pub kind: ShownKind,
    /// The sentence.
    pub sentence: LocalText,
    /// The promotion, price list or shipping method that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The amount that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// The amount that it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_minor: Option<Amount>,
    /// Why there is no price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
}

/// What a [`Shown`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShownKind {
    /// The rule takes nothing off, or does not make shipping free.
    NotApplied,
    /// The rule takes off less than it would.
    Capped,
    /// There is no price; `code` says why.
    Refused,
    /// Discounts take `amountMinor` off the items: everything.
    Everything,
    /// With the coupons delivery costs `amountMinor`, without them `otherMinor`.
    ShippingLost,
    /// With the coupons the order costs `amountMinor`, without them `otherMinor`.
    Dearer,
    /// The line costs `amountMinor`, and the price list is not used.
    ListUnused,
    /// The rule takes off `amountMinor`, with less in the cart `otherMinor`.
    SavesNoMore,
    /// The rule takes off `amountMinor` of each unit (rounded down), with fewer in the cart `otherMinor`.
    SavesNoMoreEach,
    /// The price of the line is `amountMinor`, which is below the lowest one already.
    BelowFloor,
    /// The taxes are these, in the sentence; an earlier rule made them.
    Taxed,
}

impl Shown {
    #[inline(never)]
    pub(super) fn new(kind: ShownKind, sentence: LocalText) -> Self {
        Self { kind, sentence, rule: None, amount_minor: None, other_minor: None, code: None }
    }

    #[inline(never)]
    pub(super) fn refused(refusal: &Refusal) -> Option<Self> {
        let issue = refusal.issues.first()?;
        let sentence = LocalText {
            en: issue.message(Language::English),
            zh: Some(issue.message(Language::Chinese)),
        };
        Some(Self { code: Some(issue.code), ..Self::new(ShownKind::Refused, sentence) })
    }

    #[inline(never)]
    pub(super) fn of_rule(self, rule: &str) -> Self {
        Self { rule: Some(rule.to_owned()), ..self }
    }

    #[inline(never)]
    pub(super) fn amounts(self, amount: Amount, other: Option<Amount>) -> Self {
        Self { amount_minor: Some(amount), other_minor: other, ..self }
    }
}

impl Linter<'_> {
    /// A sentence of the catalogue in both languages.
    #[inline(never)]
    pub(super) fn sentence(&self, key: &str, arguments: Arguments) -> LocalText {
        let arguments = arguments.with("currency", self.ruleset.currency);
        let say = |language| fill(&template(key, language), &arguments, language);
        LocalText { en: say(Language::English), zh: Some(say(Language::Chinese)) }
    }

    /// What a quote says of a rule that did not take effect.
    #[inline(never)]
    pub(super) fn not_applied(&self, quote: &Quote, rule: &str) -> Shown {
        let said = self.said(quote, &|it| {
            it.rule.as_deref() == Some(rule)
                && matches!(
                    it.kind,
                    ExplanationKind::NotQualified
                        | ExplanationKind::Suppressed
                        | ExplanationKind::Beaten
                        | ExplanationKind::Capped
                )
        });
        let sentence = said.unwrap_or_else(|| {
            let name = self.ruleset.promotions.iter().find(|it| it.id == rule);
            let of = |language| name.map_or(rule, |it| it.name.text(language));
            let arguments = Arguments::default().with("name", of(Language::English));
            let arguments = arguments.with("nameZh", of(Language::Chinese));
            self.sentence("example.nothing", arguments)
        });
        Shown::new(ShownKind::NotApplied, sentence).of_rule(rule)
    }

    /// The first explanation of a kind, in both languages.
    pub(super) fn said(
        &self,
        quote: &Quote,
        is_meant: &dyn Fn(&Explanation) -> bool,
    ) -> Option<LocalText> {
        let english = explain(quote, self.rules, Language::English);
        let at = english.iter().position(is_meant)?;
        let mut chinese = explain(quote, self.rules, Language::Chinese).into_iter();
        let zh = chinese.nth(at).map(|it| it.sentence);
        english.into_iter().nth(at).map(|it| LocalText { en: it.sentence, zh })
    }

    /// An example that is refused for a reason.
    pub(super) fn refusal_of(
        &mut self,
        case: Case,
        is_meant: &dyn Fn(Code) -> bool,
    ) -> Option<(Case, Shown)> {
        let refusal = self.price(&case)?.err()?;
        let shown = Shown::refused(&refusal)?;
        shown.code.is_some_and(is_meant).then_some((case, shown))
    }
}

/// Whether a rule took something off, or gave something.
pub(super) fn is_applied(quote: &Quote, rule: &str) -> bool {
    quote.adjustments.iter().any(|it| it.rule == rule && !it.amount_minor.is_zero())
        || quote.lines.iter().any(|it| it.gift_of.as_deref() == Some(rule))
        || quote.shipping.iter().any(|shipping| {
            let taken = |it: &crate::pricing::ShippingDiscount| {
                it.rule == rule && !it.amount_minor.is_zero()
            };
            shipping.discounts.iter().any(taken)
        })
}
