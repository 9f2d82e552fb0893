//! Compatibility profiles: the switches with which a ruleset gives the totals of another commerce system.
//!
//! A profile is a ruleset without a shop: how taxes and discounts are rounded, shared and put together. `docs/profiles.md` says what
//! each switch is for. They are for programs that write rulesets; the browser modules do not have them.

use serde_json::{Map, Value};

use crate::issue::{Code, Issue};

/// The profiles by name, as JSON documents.
const PROFILES: [(&str, &str); 10] = [
    ("medusa", include_str!("../profiles/medusa.json")),
    ("saleor", include_str!("../profiles/saleor.json")),
    ("solidus", include_str!("../profiles/solidus.json")),
    ("spree", include_str!("../profiles/spree.json")),
    ("sylius-items", include_str!("../profiles/sylius-items.json")),
    ("sylius-items-decimal", include_str!("../profiles/sylius-items-decimal.json")),
    ("sylius-units", include_str!("../profiles/sylius-units.json")),
    ("sylius-units-decimal", include_str!("../profiles/sylius-units-decimal.json")),
    ("vendure", include_str!("../profiles/vendure.json")),
    ("woocommerce", include_str!("../profiles/woocommerce.json")),
];

/// The names of all profiles, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|(name, _)| *name)
}

/// The switches of a profile as a JSON document.
pub fn switches(name: &str) -> Option<&'static str> {
    PROFILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// A ruleset document with the switches of a profile. What the ruleset says itself stays as it is.
///
/// # Errors
///
/// `json_malformed` if the ruleset is no JSON, `ruleset_invalid` if there is no such profile.
///
/// # Example
///
/// ```
/// use orderkit::{Rules, Rounding, profile};
///
/// let shop = br#"{
///     "version": "1", "name": {"en": "Shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive"
/// }"#;
/// let rules = Rules::from_json(&profile::apply("woocommerce", shop).unwrap()).unwrap();
/// assert_eq!(rules.ruleset().rounding.tax_inclusive_mode, Some(Rounding::HalfDown));
/// ```
pub fn apply(name: &str, ruleset: &[u8]) -> Result<Vec<u8>, Issue> {
    let malformed = |error: serde_json::Error| {
        Issue::new(Code::JsonMalformed, "").with("reason", error.to_string())
    };
    let Some(switches) = switches(name) else {
        let known = names().collect::<Vec<_>>().join(", ");
        let reason = format!("there is no profile \"{name}\"; there are {known}");
        return Err(Issue::new(Code::RulesetInvalid, "").with("reason", reason));
    };
    let mut own: Value = serde_json::from_slice(ruleset).map_err(malformed)?;
    let switches: Value = serde_json::from_str(switches).map_err(malformed)?;
    if let (Value::Object(own), Value::Object(switches)) = (&mut own, switches) {
        fill(own, switches);
    }
    serde_json::to_vec(&own).map_err(malformed)
}

/// Adds the fields that are missing, at any depth.
fn fill(own: &mut Map<String, Value>, others: Map<String, Value>) {
    for (name, value) in others {
        match (own.get_mut(&name), value) {
            (Some(Value::Object(own)), Value::Object(others)) => fill(own, others),
            (Some(_), _) => {}
            (None, value) => {
                own.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ruleset::Rules;

    const SHOP: &str = r#"{
        "version": "1", "name": {"en": "Shop"}, "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxExclusive"
    }"#;

    #[test]
    fn every_profile_is_a_ruleset_of_switches() {
        for name in names() {
            let text = apply(name, SHOP.as_bytes()).unwrap();
            assert!(Rules::from_json(&text).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_the_shop_says_stays() {
        let mut shop: Value = serde_json::from_str(SHOP).unwrap();
        shop["rounding"] = serde_json::json!({"mode": "up"});
        let text = apply("vendure", shop.to_string().as_bytes()).unwrap();
        let merged: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(merged["rounding"]["mode"], "up");
        assert_eq!(merged["rounding"]["target"], "both");
    }

    #[test]
    fn an_unknown_profile_is_refused_with_those_there_are() {
        let issue = apply("magento", SHOP.as_bytes()).unwrap_err();
        assert_eq!(issue.code, Code::RulesetInvalid);
        assert_eq!(apply("medusa", b"{").unwrap_err().code, Code::JsonMalformed);
    }
}
