//! The engine as every program sees it: JSON in, JSON out, with a record of each call.

use std::{cell::RefCell, collections::BTreeMap};

use orderkit::{Context, Rules, api};
use serde::Serialize;
use serde_json::{Value, json};

use super::{exact::Exact, outcome::Gap};

/// The country of the shop.
pub const HOME: &str = "ZZ";

/// A call of the engine with its answer, so that other builds can be asked the same.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    pub ruleset: String,
    pub draft: String,
    pub context: String,
    pub answer: String,
}

/// Runs quotes and keeps what was asked.
#[derive(Default)]
pub struct Engine {
    calls: RefCell<BTreeMap<(String, String, String), String>>,
}

/// A ruleset where the draft names prices and taxes.
pub fn ruleset(currency: &str, inclusive: bool) -> Value {
    json!({
        "version": "1",
        "name": {"en": "Vectors"},
        "currency": currency,
        "homeCountry": HOME,
        "priceBasis": if inclusive { "taxInclusive" } else { "taxExclusive" },
        "priceSource": "draft",
    })
}

impl Engine {
    /// The quote, or why the engine gives none.
    pub fn quote(&self, ruleset: &Value, draft: &Value) -> Result<Quote, Gap> {
        self.quote_in(ruleset, draft, &json!({"nowMs": 0}))
    }

    /// The quote for what is known besides.
    pub fn quote_in(&self, ruleset: &Value, draft: &Value, context: &Value) -> Result<Quote, Gap> {
        let (ruleset, draft) = (ruleset.to_string(), draft.to_string());
        let context = context.to_string();
        let known: Context = orderkit::json::read(context.as_bytes())
            .map_err(|issue| Gap::malformed(format!("context {}", issue.path)))?;
        let rules = Rules::from_json(ruleset.as_bytes()).map_err(|refusal| {
            let reasons =
                refusal.issues.iter().map(|it| format!("{} {}", it.code.as_str(), it.path));
            Gap::Refused(format!("ruleset: {}", reasons.collect::<Vec<_>>().join(", ")))
        })?;
        let bytes = api::quote(&rules, draft.as_bytes(), &known);
        let answer = String::from_utf8(bytes).map_err(|_| Gap::malformed("answer is not UTF-8"))?;
        let parsed: Value = serde_json::from_str(&answer)
            .map_err(|error| Gap::malformed(format!("answer is not JSON: {error}")))?;
        self.calls.borrow_mut().insert((ruleset, draft, context), answer);
        if parsed["ok"] == Value::Bool(true) {
            return Ok(Quote(parsed["quote"].clone()));
        }
        let issues = parsed["issues"].as_array().cloned().unwrap_or_default();
        let codes = issues.iter().map(|issue| issue["code"].as_str().unwrap_or("?").to_owned());
        Err(Gap::Refused(codes.collect::<Vec<_>>().join(", ")))
    }

    /// Every call so far, each once.
    pub fn calls(&self) -> Vec<Call> {
        let calls = self.calls.borrow();
        let rows = calls.iter().map(|((ruleset, draft, context), answer)| Call {
            ruleset: ruleset.clone(),
            draft: draft.clone(),
            context: context.clone(),
            answer: answer.clone(),
        });
        rows.collect()
    }
}

/// A quote as JSON.
#[derive(Clone, Debug)]
pub struct Quote(pub Value);

impl Quote {
    /// An amount in minor units by its JSON pointer; nothing there is zero.
    pub fn minor(&self, pointer: &str) -> i64 {
        self.0.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)
    }

    /// An amount in major units.
    pub fn amount(&self, pointer: &str, digits: u32) -> Exact {
        Exact::from_minor(self.minor(pointer), digits)
    }

    pub fn rows(&self, pointer: &str) -> &[Value] {
        self.0.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}
