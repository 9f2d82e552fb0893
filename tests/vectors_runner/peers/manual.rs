//! `manual_discount`: what staff take off a line or the order, after earlier entries.

use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text},
    order,
};
use crate::vectors_runner::{
    engine::{Engine, ruleset},
    outcome::{Comparison, Gap, Outcome},
};

pub fn run(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["new", "prior"])?;
    let expected = &case.value["expected"];
    only(expected, "figure", &["lines", "discount_gross", "grand_total_change"])?;
    let inclusive = case.prices_include_tax();
    let rules = ruleset(case.currency()?, inclusive, order::switches(case, inclusive)?);
    let mut draft = json!({"lines": order::lines(case, true)?, "adjustments": []});
    for entry in rows(input, "prior")? {
        add(case, entry, &mut draft)?;
    }
    let before = engine.quote(&rules, &draft, 0)?;
    add(case, &input["new"], &mut draft)?;
    let after = engine.quote(&rules, &draft, 0)?;

    let taken = |pointer: &str| {
        before.amount(pointer, case.digits).minus(after.amount(pointer, case.digits))
    };
    let mut comparison = Comparison::default();
    for row in rows(expected, "lines")? {
        only(row, "figure", &["sku", "discount_gross"])?;
        let at = line(case, text(row, "sku")?)?;
        let expected = case.required(row, "discount_gross")?;
        let pointer = format!("/lines/{at}/grossMinor");
        comparison.exact(format!("line {}", at + 1), expected, taken(&pointer));
    }
    if let Some(amount) = case.amount(expected, "discount_gross")? {
        comparison.exact("discount_gross", amount, taken("/totals/grossMinor"));
    }
    if let Some(change) = case.amount(expected, "grand_total_change")? {
        let fallen = taken("/totals/grossMinor");
        comparison.exact("grand_total_change", change, fallen.minus(fallen).minus(fallen));
    }
    comparison.finish()
}

fn add(case: Case<'_>, entry: &Value, draft: &mut Value) -> Result<(), Gap> {
    only(entry, "manual discount", &["target", "type", "value", "amount", "percent"])?;
    let mut adjustment = json!({"kind": "allowance"});
    if entry["type"] == "percent" {
        let percent = if entry["percent"].is_null() { "value" } else { "percent" };
        adjustment["percent"] = json!(decimal(entry, percent)?.to_string());
    } else {
        let key = if case.amount(entry, "value")?.is_some() { "value" } else { "amount" };
        adjustment["amountMinor"] = json!(case.minor(entry, key)?);
    }
    let list = match text(entry, "target")? {
        "order" => draft["adjustments"].as_array_mut(),
        sku => draft["lines"][line(case, sku)?]["adjustments"].as_array_mut(),
    };
    list.ok_or_else(|| Gap::malformed("no such target"))?.push(adjustment);
    Ok(())
}

fn line(case: Case<'_>, sku: &str) -> Result<usize, Gap> {
    let found = rows(case.value, "lines")?.iter().position(|line| line["sku"] == sku);
    found.ok_or_else(|| Gap::malformed(format!("no line {sku}")))
}
