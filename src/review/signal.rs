//! Signals of fraud: rules as data, each with a score. Enough of them hold an order until somebody has looked.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    draft::Draft,
    issue::{Code, Issue, Refusal},
    json::{FromJson, ToJson},
    limits::MAX_TEXT_BYTES,
    money::Amount,
};

/// Signals that a shop can have.
const MAX_SIGNALS: usize = 50;
/// Words in one signal.
const MAX_WORDS: usize = 500;
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// What makes a new order suspicious. Only the authority knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewRules {
    /// An order is held when its signals add up to this.
    pub hold_at: u32,
    /// The signals.
    #[serde(default)]
    pub signals: Vec<Signal>,
}

/// One signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Signal {
    /// Its name, which the staff see at the order.
    pub id: String,
    /// What it adds.
    pub score: u32,
    /// When it is given.
    pub when: SignalKind,
}

/// When a signal is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SignalKind {
    /// The total with tax is more than this.
    TotalAbove {
        /// In the shop's currency.
        amount_minor: Amount,
    },
    /// The buyer's first order is more than this.
    FirstOrderAbove {
        /// In the shop's currency.
        amount_minor: Amount,
    },
    /// More of one product than this.
    QuantityAbove {
        /// Units.
        quantity: Decimal,
    },
    /// The goods go to another country than the invoice.
    CountriesDiffer {},
    /// The goods go to one of these countries.
    Countries {
        /// ISO 3166 codes.
        codes: Vec<String>,
    },
    /// The buyer's e-mail address is of one of these domains.
    MailDomains {
        /// Such as `example.org`; of their subdomains too.
        domains: Vec<String>,
    },
    /// The buyer has placed so many orders in so many hours, this one counted.
    OrdersWithin {
        /// Orders.
        count: u32,
        /// Hours.
        hours: u32,
    },
}

/// The earlier orders of a buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// How many there are.
    pub count: u64,
    /// When the latest ones were placed.
    pub placed_ms: Vec<i64>,
}

/// Why an order is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspicion {
    /// The sum of the signals.
    pub score: u32,
    /// The names of the signals that were given.
    pub signals: Vec<String>,
}

impl ReviewRules {
    /// Reads rules and checks them.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, each with its path.
    pub fn from_json(text: &[u8]) -> Result<Self, Refusal> {
        let rules: Self = crate::json::read(text)?;
        Refusal::unless_empty(rules.issues())?;
        Ok(rules)
    }

    /// The hours that [`Earlier::placed_ms`] has to reach back.
    pub fn longest_hours(&self) -> u32 {
        let hours = self.signals.iter().filter_map(|signal| match signal.when {
            SignalKind::OrdersWithin { hours, .. } => Some(hours),
            _ => None,
        });
        hours.max().unwrap_or_default()
    }

    /// Whether an order of this total is to be held, and by which signals.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::{Amount, Draft, review::{Earlier, ReviewRules}};
    ///
    /// let rules = ReviewRules::from_json(
    ///     br#"{"holdAt": 50, "signals": [{"id": "large", "score": 60, "when": {"totalAbove": {"amountMinor": 100000}}}]}"#,
    /// ).unwrap();
    /// let draft: Draft = serde_json::from_str(r#"{"lines": []}"#).unwrap();
    /// let of = |minor| rules.suspicion(&draft, Amount::new(minor).unwrap(), &Earlier::default(), 0);
    /// assert_eq!(of(100_000), None);
    /// assert_eq!(of(100_001).unwrap().signals, ["large"]);
    /// ```
    pub fn suspicion(
        &self,
        draft: &Draft,
        total: Amount,
        earlier: &Earlier,
        now_ms: i64,
    ) -> Option<Suspicion> {
        let mut found = Suspicion::default();
        for signal in &self.signals {
            if signal.when.is_given(draft, total, earlier, now_ms) {
                found.score = found.score.saturating_add(signal.score);
                found.signals.push(signal.id.clone());
            }
        }
        (!found.signals.is_empty() && found.score >= self.hold_at).then_some(found)
    }

    fn issues(&self) -> Vec<Issue> {
        let mut issues = Vec::new();
        if self.hold_at == 0 {
            issues.push(invalid("/holdAt".to_owned(), "positive"));
        }
        if self.signals.len() > MAX_SIGNALS {
            issues.push(invalid("/signals".to_owned(), "too_many").with("most", MAX_SIGNALS));
        }
        for (index, signal) in self.signals.iter().enumerate() {
            let path = format!("/signals/{index}");
            let mut before = self.signals.iter().take(index);
            if signal.id.len() > MAX_TEXT_BYTES {
                let issue = Issue::new(Code::TextTooLong, format!("{path}/id"));
                issues.push(issue.with("maximum", MAX_TEXT_BYTES));
            } else if signal.id.trim().is_empty() || before.any(|it| it.id == signal.id) {
                issues.push(invalid(format!("{path}/id"), "repeated"));
            }
            let words = match &signal.when {
                SignalKind::Countries { codes: words }
                | SignalKind::MailDomains { domains: words } => words,
                _ => continue,
            };
            if words.is_empty() {
                issues.push(Issue::new(Code::Required, format!("{path}/when")));
            } else if words.len() > MAX_WORDS {
                issues.push(invalid(format!("{path}/when"), "too_many").with("most", MAX_WORDS));
            }
        }
        issues
    }
}

/// The reason is a word of the catalogue, `reason.WORD`.
fn invalid(path: String, reason: &'static str) -> Issue {
    Issue::new(Code::RulesetInvalid, path).with("reason", reason)
}

impl SignalKind {
    fn is_given(&self, draft: &Draft, total: Amount, earlier: &Earlier, now_ms: i64) -> bool {
        let details = &draft.details;
        match self {
            Self::TotalAbove { amount_minor } => total > *amount_minor,
            Self::FirstOrderAbove { amount_minor } => earlier.count == 0 && total > *amount_minor,
            Self::QuantityAbove { quantity } => {
                let mut units = draft.lines.iter().filter_map(|line| line.quantity.value());
                units.any(|units| units > *quantity)
            }
            Self::CountriesDiffer {} => match (&details.shipping_address, &details.billing_address)
            {
                (Some(goods), Some(invoice)) => {
                    !goods.country.eq_ignore_ascii_case(&invoice.country)
                }
                _ => false,
            },
            Self::Countries { codes } => details
                .country()
                .is_some_and(|country| codes.iter().any(|code| code.eq_ignore_ascii_case(country))),
            Self::MailDomains { domains } => {
                let mail = details.customer.as_ref().and_then(|it| it.email.as_deref());
                let domain = mail.and_then(|mail| mail.trim().rsplit_once('@')).map(|(_, it)| it);
                domain.is_some_and(|domain| domains.iter().any(|known| is_within(domain, known)))
            }
            Self::OrdersWithin { count, hours } => {
                let from_ms = now_ms.saturating_sub(i64::from(*hours).saturating_mul(HOUR_MS));
                let recent =
                    earlier.placed_ms.iter().filter(|placed_ms| **placed_ms > from_ms).count();
                u32::try_from(recent).unwrap_or(u32::MAX).saturating_add(1) >= *count
            }
        }
    }
}

/// Whether a domain is another one or below it.
fn is_within(domain: &str, known: &str) -> bool {
    let (domain, known) = (domain.to_lowercase(), known.to_lowercase());
    domain.strip_suffix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_764_000_000_000;

    fn given(when: &str, draft: &str, total_minor: i64, earlier: &Earlier) -> bool {
        let rules =
            format!(r#"{{"holdAt": 1, "signals": [{{"id": "s", "score": 1, "when": {when}}}]}}"#);
        let rules = ReviewRules::from_json(rules.as_bytes()).unwrap();
        let draft = serde_json::from_str(draft).unwrap();
        rules.suspicion(&draft, Amount::new(total_minor).unwrap(), earlier, NOW_MS).is_some()
    }

    #[test]
    fn each_signal_is_given_by_what_it_names() {
        let none = r#"{"lines": []}"#;
        let ten = r#"{"lines": [{"sku": "MUG", "quantity": "10"}]}"#;
        let abroad = r#"{"lines": [], "details": {"shippingAddress": {"country": "FR"}, "billingAddress": {"country": "DE"}}}"#;
        let mail = r#"{"lines": [], "details": {"customer": {"email": "x@Mail.Example.org"}}}"#;
        let new = Earlier::default();
        let known = Earlier { count: 3, placed_ms: vec![NOW_MS - HOUR_MS, NOW_MS - HOUR_MS / 2] };
        let rows = [
            (r#"{"totalAbove": {"amountMinor": 100}}"#, none, 100, &new, false),
            (r#"{"totalAbove": {"amountMinor": 100}}"#, none, 101, &new, true),
            (r#"{"firstOrderAbove": {"amountMinor": 100}}"#, none, 101, &new, true),
            (r#"{"firstOrderAbove": {"amountMinor": 100}}"#, none, 101, &known, false),
            (r#"{"quantityAbove": {"quantity": "10"}}"#, ten, 0, &new, false),
            (r#"{"quantityAbove": {"quantity": "9.9"}}"#, ten, 0, &new, true),
            (r#"{"countriesDiffer": {}}"#, abroad, 0, &new, true),
            (r#"{"countriesDiffer": {}}"#, none, 0, &new, false),
            (r#"{"countries": {"codes": ["fr"]}}"#, abroad, 0, &new, true),
            (r#"{"countries": {"codes": ["DE"]}}"#, abroad, 0, &new, false),
            (r#"{"mailDomains": {"domains": ["example.org"]}}"#, mail, 0, &new, true),
            (r#"{"mailDomains": {"domains": ["ample.org"]}}"#, mail, 0, &new, false),
            (r#"{"ordersWithin": {"count": 2, "hours": 1}}"#, none, 0, &new, false),
            (r#"{"ordersWithin": {"count": 2, "hours": 1}}"#, none, 0, &known, true),
            (r#"{"ordersWithin": {"count": 3, "hours": 1}}"#, none, 0, &known, false),
            (r#"{"ordersWithin": {"count": 3, "hours": 2}}"#, none, 0, &known, true),
        ];
        for (when, draft, total_minor, earlier, expected) in rows {
            assert_eq!(
                given(when, draft, total_minor, earlier),
                expected,
                "{when} {draft} {total_minor}"
            );
        }
    }

    #[test]
    fn signals_add_up() {
        let rules = ReviewRules::from_json(
            br#"{"holdAt": 100, "signals": [
                {"id": "large", "score": 60, "when": {"totalAbove": {"amountMinor": 10}}},
                {"id": "first", "score": 40, "when": {"firstOrderAbove": {"amountMinor": 20}}}
            ]}"#,
        )
        .unwrap();
        let draft = serde_json::from_str(r#"{"lines": []}"#).unwrap();
        let of =
            |minor| rules.suspicion(&draft, Amount::new(minor).unwrap(), &Earlier::default(), 0);
        assert_eq!(of(15), None);
        assert_eq!(
            of(21).map(|it| (it.score, it.signals)),
            Some((100, vec!["large".into(), "first".into()]))
        );
    }

    #[test]
    fn bad_rules_are_refused_with_their_places() {
        let text = br#"{"holdAt": 0, "signals": [
            {"id": "a", "score": 1, "when": {"countries": {"codes": []}}},
            {"id": "a", "score": 1, "when": {"countriesDiffer": {}}},
            {"id": " ", "score": 1, "when": {"countriesDiffer": {}}}
        ]}"#;
        let refusal = ReviewRules::from_json(text).unwrap_err();
        let found: Vec<_> = refusal.issues.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(found, ["/holdAt", "/signals/0/when", "/signals/1/id", "/signals/2/id"]);
    }
}
