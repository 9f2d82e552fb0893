//! `manual_discount`: what staff take off a line or the order, after earlier entries. Spree's entries clamp to what is left, as
//! promotions do here.

use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text},
    order,
};
use crate::vectors_runner::{
    engine::{Engine, Quote},
    outcome::{Comparison, Gap, Outcome},
};

pub fn run(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["new", "prior"])?;
    let expected = &case.value["expected"];
    only(expected, "figure", &["lines", "discount_gross", "grand_total_change", "error"])?;
    let mut value = case.value.clone();
    value["input"] = Value::Null;
    value["kind"] = json!("order");
    let plain = Case { value: &value, ..case };
    let priced = order::price(plain, engine)?;
    let mut entries = Vec::new();
    for entry in rows(input, "prior")?.iter().chain([&input["new"]]) {
        entries.push(promotion(case, entry, entries.len())?);
    }
    let quote = |entries: &[Value]| -> Result<Quote, Gap> {
        let mut rules = priced.rules.clone();
        rules["promotions"] = json!(entries);
        engine.quote(&rules, &priced.draft)
    };
    let last = entries.len().saturating_sub(1);
    let (before, after) = (quote(&entries[..last])?, quote(&entries)?);

    let digits = case.unit_digits;
    let taken = |pointer: &str| before.amount(pointer, digits).minus(after.amount(pointer, digits));
    let mut comparison = Comparison::default();
    let change = taken("/totals/grossMinor");
    if let Some(error) = expected["error"].as_str() {
        if error != "discount_has_no_effect" {
            return Err(Gap::not_covered(format!("error {error}")));
        }
        if !change.is_zero() {
            comparison.add("error", error, change);
        }
    }
    for row in rows(expected, "lines")? {
        only(row, "figure", &["sku", "discount_gross"])?;
        let at = line(case, text(row, "sku")?)?;
        let expected = case.required(row, "discount_gross")?;
        comparison.exact(
            format!("line {}", at + 1),
            expected,
            taken(&format!("/lines/{at}/grossMinor")),
        );
    }
    if let Some(amount) = case.amount(expected, "discount_gross")? {
        comparison.exact("discount_gross", amount, change);
    }
    if let Some(expected) = case.amount(expected, "grand_total_change")? {
        comparison.exact("grand_total_change", expected, change.minus(change).minus(change));
    }
    comparison.finish()
}

fn promotion(case: Case<'_>, entry: &Value, at: usize) -> Result<Value, Gap> {
    only(entry, "manual discount", &["target", "type", "value", "amount", "percent"])?;
    let on_order = text(entry, "target")? == "order";
    let effect = if entry["type"] == "percent" {
        let key = if entry["percent"].is_null() { "value" } else { "percent" };
        let kind = if on_order { "orderPercentage" } else { "linePercentage" };
        json!({"kind": kind, "percent": decimal(entry, key)?.to_string()})
    } else {
        let key = if case.amount(entry, "value")?.is_some() { "value" } else { "amount" };
        let amount = case.minor(entry, key)?;
        match on_order {
            true => json!({"kind": "orderFixed", "amountMinor": amount}),
            false => json!({"kind": "lineFixed", "amountMinor": amount, "per": "line"}),
        }
    };
    let mut promotion = json!({
        "id": format!("entry {at}"), "name": {"en": "Entry"}, "priority": at, "phase": "order",
        "effect": effect,
    });
    if !on_order {
        promotion["target"] = json!({"skus": [text(entry, "target")?]});
    }
    Ok(promotion)
}

fn line(case: Case<'_>, sku: &str) -> Result<usize, Gap> {
    let found = rows(case.value, "lines")?.iter().position(|line| line["sku"] == sku);
    found.ok_or_else(|| Gap::malformed(format!("no line {sku}")))
}
