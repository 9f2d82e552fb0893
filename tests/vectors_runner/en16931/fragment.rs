//! A document, or a part of one, as a draft for the engine.

use serde_json::{Map, Value, json};

use crate::vectors_runner::{
    engine::{Engine, Quote, ruleset},
    exact::Exact,
    outcome::Gap,
};

/// Decimals of every amount: BR-DEC allows two, whatever the currency.
pub const DIGITS: u32 = 2;

/// A draft that grows.
#[derive(Default)]
pub struct Fragment {
    lines: Vec<Value>,
    adjustments: Vec<Value>,
    ends: Map<String, Value>,
}

impl Fragment {
    /// A line of one unit at this amount.
    pub fn line(&mut self, amount: Exact, taxes: &Value) -> &mut Self {
        self.priced_line(json!({"quantity": "1", "unitPrice": amount.to_string(), "taxes": taxes}))
    }

    /// A line with its price, quantity, taxes and adjustments.
    pub fn priced_line(&mut self, mut line: Value) -> &mut Self {
        line["sku"] = json!("ITEM");
        self.lines.push(line);
        self
    }

    /// An allowance or charge on the document.
    pub fn adjustment(&mut self, mut adjustment: Value, taxes: &Value) -> &mut Self {
        adjustment["taxes"] = taxes.clone();
        self.adjustments.push(adjustment);
        self
    }

    /// What was paid before, and the rounding of what is payable.
    pub fn ends(&mut self, prepaid: Exact, rounding: Exact) -> Result<&mut Self, Gap> {
        self.ends.insert("prepaidMinor".to_owned(), json!(minor(prepaid)?));
        self.ends.insert("payableRoundingMinor".to_owned(), json!(minor(rounding)?));
        Ok(self)
    }

    pub fn quote(&self, engine: &Engine, currency: &str) -> Result<Quote, Gap> {
        let mut draft = self.ends.clone();
        draft.insert("lines".to_owned(), json!(self.lines));
        draft.insert("adjustments".to_owned(), json!(self.adjustments));
        engine.quote(&ruleset(currency, false), &Value::Object(draft))
    }
}

/// Minor units of an amount with at most two decimals.
pub fn minor(amount: Exact) -> Result<i64, Gap> {
    amount.minor(DIGITS).ok_or_else(|| Gap::not_covered("an amount with more than two decimals"))
}

/// The decimal under a key; `None` if it is not stated.
pub fn stated(object: &Value, key: &str) -> Result<Option<Exact>, Gap> {
    match &object[key] {
        Value::Null => Ok(None),
        value => match Exact::from_json(value) {
            Some(amount) => Ok(Some(amount)),
            None => Err(Gap::malformed(format!("{key} is not a decimal"))),
        },
    }
}

/// The rows of a list; none if it is not there.
pub fn rows<'a>(object: &'a Value, key: &str) -> Result<&'a [Value], Gap> {
    match &object[key] {
        Value::Null => Ok(&[]),
        Value::Array(rows) => Ok(rows),
        _ => Err(Gap::malformed(format!("{key} is not a list"))),
    }
}

/// The engine's taxes of a line, allowance or charge. Without a category there is no tax on it.
pub fn taxes(object: &Value) -> Result<Value, Gap> {
    let vat = &object["vat"];
    let category = vat["category"].as_str().unwrap_or("O");
    let rate = stated(vat, "rate")?.unwrap_or(Exact::ZERO);
    Ok(json!([{"category": category, "percent": rate.to_string()}]))
}

/// An allowance or charge as the engine takes it: computed where its base and percentage are stated.
pub fn adjustment(object: &Value, as_stated: bool) -> Result<Value, Gap> {
    let kind = if object["charge"] == Value::Bool(true) { "charge" } else { "allowance" };
    if let (false, Some(base), Some(percent)) =
        (as_stated, stated(object, "base_amount")?, stated(object, "percent")?)
    {
        return Ok(
            json!({"kind": kind, "baseMinor": minor(base)?, "percent": percent.to_string()}),
        );
    }
    let amount = stated(object, "amount")?
        .ok_or_else(|| Gap::malformed("an allowance or charge without an amount"))?;
    Ok(json!({"kind": kind, "amountMinor": minor(amount)?}))
}
