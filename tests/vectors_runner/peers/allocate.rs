//! `allocate` and `allocate_with_floor`: an amount over weights or lines, as a discount on an order by the profile's rule of sharing.

use serde_json::{Value, json};

use super::{
    case::{Case, only, rows},
    order::SALE,
    profile,
};
use crate::vectors_runner::{
    engine::Engine,
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

/// Lines are dear enough to bear any share of such an amount.
const PRICE: i64 = 1_000_000_000;

/// `allocate`: an amount over weights.
pub fn shares(case: Case<'_>, engine: &Engine) -> Outcome {
    let config = &case.value["config"];
    only(config, "switch", &["method"])?;
    let even = match config["method"].as_str() {
        None | Some("proportional") => false,
        Some("even") => true,
        Some(other) => return Err(Gap::not_covered(format!("allocate method {other}"))),
    };
    let mut weights = Vec::new();
    for weight in rows(case.value, "weights")? {
        let weight =
            Exact::from_json(weight).ok_or_else(|| Gap::malformed("a weight is not a decimal"))?;
        let whole = weight.minor(2).ok_or_else(|| Gap::not_covered("a weight as fine as this"))?;
        weights.push(whole);
    }
    let amount = case.minor(case.value, "amount")?;
    if weights.is_empty() {
        return finish(case, Vec::new());
    }
    // Only the ratio of the weights counts: as prices they are large beside the amount. Equal ones are units of one line, where
    // the engine has its own rule.
    let sum: i64 = weights.iter().map(|weight| weight.abs()).sum();
    let factor = if sum == 0 { 1 } else { amount.abs() / sum + 1 };
    let lines: Vec<Value> = weights
        .iter()
        .map(|weight| {
            let price = if even { PRICE } else { weight * factor };
            let price = Exact::from_minor(price, case.digits);
            json!({"sku": "GOODS", "quantity": "1", "unitPrice": price.to_string(), "taxes": [{"category": "O"}]})
        })
        .collect();
    let mut rules = profile::rules(case.plain(), false)?;
    if even {
        // Evenly over units: down, the rest to the first.
        rules["stacking"]["sharing"]["leftover"] = json!("first");
    }
    if case.peer() == "saleor" || case.peer() == "vendure" {
        rules["rounding"]["workingDigits"] = json!(0);
    }
    rules["promotions"] = json!([{
        "id": "share", "name": {"en": "Share"},
        "effect": {"kind": "orderFixed", "amountMinor": amount.abs()},
    }]);
    let quote = engine.quote(&rules, &json!({"lines": lines}))?;
    let taken = quote.rows("/adjustments").first().map_or(&Value::Null, |it| &it["sharesMinor"]);
    let parts = (0..weights.len()).map(|at| {
        let share = taken[at].as_i64().unwrap_or(0);
        Exact::from_minor(if amount < 0 { -share } else { share }, case.digits)
    });
    finish(case, parts.collect())
}

/// `allocate_with_floor`: an amount over lines, of which none goes below its floor.
pub fn with_floor(case: Case<'_>, engine: &Engine) -> Outcome {
    let config = &case.value["config"];
    only(config, "switch", &["applies_to_discounted", "clamp_to_subject_total"])?;
    let mut lines = Vec::new();
    for row in rows(case.value, "lines")? {
        let known = ["total", "quantity", "min_unit_price", "already_discounted", "sku"];
        only(row, "line", &known)?;
        let quantity = row["quantity"].as_i64().unwrap_or(1);
        let total = case.required(row, "total")?;
        let price =
            total.over(quantity, case.digits).filter(|price| price.times(quantity) == Some(total));
        let price =
            price.ok_or_else(|| Gap::not_covered("a line total that its units do not share"))?;
        let mut line = json!({
            "sku": "GOODS", "quantity": quantity.to_string(), "unitPrice": price.to_string(),
            "taxes": [{"category": "O"}],
        });
        if let Some(floor) = case.amount(row, "min_unit_price")? {
            line["floorUnitPrice"] = json!(floor.to_string());
        }
        if row["already_discounted"] == true {
            line["tags"] = json!([SALE]);
        }
        lines.push(line);
    }
    let amount = case.minor(case.value, "amount")?;
    let mut rules = profile::rules(case, false)?;
    let excluded = if config["applies_to_discounted"] == false { json!([SALE]) } else { json!([]) };
    rules["promotions"] = json!([{
        "id": "share", "name": {"en": "Share"}, "target": {"excluded": excluded},
        "effect": {"kind": "orderFixed", "amountMinor": amount.abs()},
    }]);
    let count = lines.len();
    let quote = engine.quote(&rules, &json!({"lines": lines}))?;
    let taken = quote.rows("/adjustments").first().map_or(&Value::Null, |it| &it["sharesMinor"]);
    let parts = (0..count).map(|at| {
        let share = taken[at].as_i64().unwrap_or(0);
        Exact::from_minor(if amount < 0 { -share } else { share }, case.digits)
    });
    finish(case, parts.collect())
}

fn finish(case: Case<'_>, mut found: Vec<Exact>) -> Outcome {
    let expected = &case.value["expected"];
    only(expected, "figure", &["parts", "parts_any_order"])?;
    let any_order =
        !expected["parts_any_order"].is_null() || !expected["parts_any_order_minor"].is_null();
    let mut wanted = case.amounts(expected, if any_order { "parts_any_order" } else { "parts" })?;
    if any_order {
        found.sort();
        wanted.sort();
    }
    let mut comparison = Comparison::default();
    if found.len() != wanted.len() {
        comparison.add("parts", wanted.len(), found.len());
    }
    for (at, (wanted, found)) in wanted.into_iter().zip(found).enumerate() {
        comparison.within(format!("part {}", at + 1), wanted, found, case.tolerance());
    }
    comparison.finish()
}
