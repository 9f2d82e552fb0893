//! Kinds that are not whole orders: sharing out, taxes, calculators, prices, numbers.

use orderkit::{
    Amount, TimeZone, allocate,
    numbering::{NumberInputs, Pattern},
};
use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text},
    expected, order, pattern,
};
use crate::vectors_runner::{
    engine::Engine,
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

/// `allocate`: an amount over weights.
pub fn shares(case: Case<'_>) -> Outcome {
    let refused = |_| Gap::Refused("amount_too_large".to_owned());
    let config = &case.value["config"];
    only(config, "switch", &["method"])?;
    let weights = rows(case.value, "weights")?.iter().map(|weight| {
        let weight =
            Exact::from_json(weight).ok_or_else(|| Gap::malformed("a weight is not a decimal"))?;
        // Six decimals: only the ratio of the weights counts.
        let whole = weight.minor(6).and_then(|whole| Amount::new(whole).ok());
        whole.ok_or_else(|| Gap::not_covered("a weight as large or as fine as this"))
    });
    let mut weights = weights.collect::<Result<Vec<_>, Gap>>()?;
    match config["method"].as_str() {
        None | Some("proportional") => {}
        Some("even") => weights.fill(Amount::new(1).map_err(refused)?),
        Some(other) => return Err(Gap::not_covered(format!("allocate method {other}"))),
    }
    let amount = Amount::new(case.minor(case.value, "amount")?).map_err(refused)?;
    let parts = allocate(amount, &weights).map_err(refused)?;
    let mut found: Vec<Exact> =
        parts.iter().map(|part| Exact::from_minor(part.minor(), case.digits)).collect();
    let expected = &case.value["expected"];
    only(expected, "figure", &["parts", "parts_any_order"])?;
    let any_order =
        !expected["parts_any_order"].is_null() || !expected["parts_any_order_minor"].is_null();
    let mut wanted = amounts(case, expected, if any_order { "parts_any_order" } else { "parts" })?;
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

fn amounts(case: Case<'_>, object: &Value, key: &str) -> Result<Vec<Exact>, Gap> {
    let wrong = || Gap::malformed(format!("{key} holds other things than amounts"));
    let minor = format!("{key}_minor");
    if object[&minor].is_array() {
        let list = rows(object, &minor)?.iter();
        return list.map(|it| Exact::from_minor_json(it, case.digits).ok_or_else(wrong)).collect();
    }
    rows(object, key)?.iter().map(|it| Exact::from_json(it).ok_or_else(wrong)).collect()
}

/// Runs the case as an order with these fields in place of its own.
fn as_order(case: Case<'_>, fields: Value, engine: &Engine) -> Outcome {
    let mut value = case.value.clone();
    if let (Some(object), Value::Object(fields)) = (value.as_object_mut(), fields) {
        for (key, field) in fields {
            object.insert(key, field);
        }
    }
    let case = Case { value: &value, ..case };
    expected::compare(case, &order::price(case, engine)?)
}

/// `tax`: one base and rate, or lines.
pub fn tax(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    if input["base_minor"].is_null() && input["base"].is_null() {
        return as_order(case, json!({}), engine);
    }
    only(input, "input", &["base", "rate_percent"])?;
    let line = json!({
        "sku": "BASE", "quantity": 1, "tax_rates_percent": [decimal(input, "rate_percent")?.to_string()],
        "unit_price": case.required(input, "base")?.to_string(),
    });
    as_order(case, json!({"lines": [line], "input": null}), engine)
}

/// `tax_exact`: several rates, with parts that need not be whole cents.
pub fn tax_exact(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["base", "rates"])?;
    let mut rates = Vec::new();
    for rate in rows(input, "rates")? {
        if rate["compound"] == true {
            return Err(Gap::not_covered("compound tax"));
        }
        rates.push(decimal(rate, "rate_percent")?.to_string());
    }
    let line = json!({
        "sku": "BASE", "quantity": 1, "tax_rates_percent": rates,
        "unit_price": case.required(input, "base")?.to_string(),
    });
    as_order(case, json!({"lines": [line], "input": null}), engine)
}

/// `tax_lookup`: the rate comes from a table by zone and category.
pub fn tax_lookup(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["tax_table", "context"])?;
    only(&input["context"], "context", &["zone", "default_zone"])?;
    let zone = input["context"]["zone"].as_str().or(input["context"]["default_zone"].as_str());
    let zone = zone.ok_or_else(|| Gap::malformed("no zone"))?;
    let table = rows(input, "tax_table")?;
    for row in table {
        only(row, "tax rate", &["zone", "category", "rate_percent"])?;
    }
    // The engine's table: a class for each category, a rule for each zone. Zones that say nothing
    // of a category leave it untaxed. Countries stand for zones.
    let mut zones: Vec<&str> = Vec::new();
    for name in table.iter().filter_map(|row| row["zone"].as_str()).chain([zone]) {
        if !zones.contains(&name) {
            zones.push(name);
        }
    }
    let country = |zone: &str| {
        let at = zones.iter().position(|known| *known == zone).unwrap_or(0);
        char::from_u32(u32::from(b'A') + at as u32 % 26).map(|letter| format!("X{letter}"))
    };
    let mut classes: Vec<Value> = Vec::new();
    for line in rows(case.value, "lines")? {
        let id = text(line, "tax_category")?;
        if classes.iter().any(|class| class["id"] == id) {
            continue;
        }
        let mut rules = Vec::new();
        for row in table.iter().filter(|row| row["category"] == id) {
            let percent = decimal(row, "rate_percent")?.to_string();
            let countries = [country(text(row, "zone")?)];
            rules.push(json!({"countries": countries, "components": [{"percent": percent}]}));
        }
        rules.push(json!({"components": [{"category": "O"}]}));
        classes.push(json!({"id": id, "rules": rules}));
    }
    lookup_order(case, classes, country(zone), engine)
}

fn lookup_order(
    case: Case<'_>,
    classes: Vec<Value>,
    country: Option<String>,
    engine: &Engine,
) -> Outcome {
    let inclusive = case.prices_include_tax();
    let switches = order::switches(case, inclusive)?;
    let mut rules = crate::vectors_runner::engine::ruleset(case.currency()?, inclusive, switches);
    rules["taxClasses"] = json!(classes);
    let mut lines = Vec::new();
    for line in rows(case.value, "lines")? {
        only(line, "line", &["sku", "unit_price", "quantity", "tax_category"])?;
        lines.push(json!({
            "sku": text(line, "sku")?, "quantity": decimal(line, "quantity")?.to_string(),
            "unitPrice": case.required(line, "unit_price")?.to_string(), "taxClass": line["tax_category"],
        }));
    }
    let address = json!({"country": country});
    let draft = json!({"lines": lines, "details": {"shippingAddress": address}});
    let quote = engine.quote(&rules, &draft, 0)?;
    let before = quote.clone();
    expected::compare(case, &order::Priced { quote, before, promotions: Vec::new(), inclusive })
}

/// `calculator`: what a discount takes off a base.
pub fn calculator(case: Case<'_>, engine: &Engine) -> Outcome {
    let config = &case.value["config"];
    only(config, "switch", &["calculator"])?;
    let calculator = &config["calculator"];
    let effect = match text(calculator, "type")? {
        "percent" => {
            only(calculator, "calculator", &["type", "percent"])?;
            json!({"kind": "linePercentage", "percent": decimal(calculator, "percent")?.to_string()})
        }
        "tiered_flat" => {
            only(calculator, "calculator", &["type", "base_amount", "tiers"])?;
            let mut tiers =
                vec![json!({"spendMinor": 0, "saveMinor": case.minor(calculator, "base_amount")?})];
            for tier in rows(calculator, "tiers")? {
                let (spend, save) = (case.minor(tier, "min_total")?, case.minor(tier, "amount")?);
                tiers.push(json!({"spendMinor": spend, "saveMinor": save}));
            }
            json!({"kind": "spendTiers", "tiers": tiers})
        }
        other => return Err(Gap::not_covered(format!("calculator {other}"))),
    };
    only(&case.value["input"], "input", &["base"])?;
    let base = case.required(&case.value["input"], "base")?;
    let found = discount_of(case, base, &[effect], engine)?;
    only(&case.value["expected"], "figure", &["amount"])?;
    let mut comparison = Comparison::default();
    comparison.within(
        "amount",
        case.required(&case.value["expected"], "amount")?,
        found.1,
        case.tolerance(),
    );
    comparison.finish()
}

/// The price of one unit after these effects, and what they took off.
fn discount_of(
    case: Case<'_>,
    price: Exact,
    effects: &[Value],
    engine: &Engine,
) -> Result<(Exact, Exact), Gap> {
    let mut rules = crate::vectors_runner::engine::ruleset(
        case.currency()?,
        false,
        order::switches(case, false)?,
    );
    let promotion = |(at, effect): (usize, &Value)| json!({"id": format!("{at}"), "name": {"en": "Discount"}, "priority": at, "effect": effect});
    rules["promotions"] = effects.iter().enumerate().map(promotion).collect();
    let line = json!({
        "sku": "BASE", "quantity": "1", "unitPrice": price.to_string(), "taxes": [{"category": "O"}],
    });
    let quote = engine.quote(&rules, &json!({"lines": [line]}), 0)?;
    Ok((
        quote.amount("/totals/netMinor", case.digits),
        quote.amount("/totals/discountMinor", case.digits),
    ))
}

/// `catalog_price`: promotions on a list price.
pub fn catalog_price(case: Case<'_>, engine: &Engine) -> Outcome {
    only(&case.value["input"], "input", &["original_unit_price"])?;
    let price = case.required(&case.value["input"], "original_unit_price")?;
    let line = json!({
        "sku": "GOODS", "quantity": 1, "tax_rates_percent": [], "unit_price": price.to_string(),
    });
    let mut expected = case.value["expected"].clone();
    let unit_price = case.required(&expected, "unit_price")?;
    if let Some(fields) = expected.as_object_mut() {
        fields.remove("unit_price");
        fields.remove("unit_price_minor");
        // The only line has one unit: its price is the order's total.
        fields.insert("total_net".to_owned(), json!(unit_price.to_string()));
    }
    as_order(case, json!({"lines": [line], "input": null, "expected": expected}), engine)
}

/// `number`: random numbers of a form. Counters without a device are refused by the engine's design.
pub fn number(case: Case<'_>) -> Outcome {
    let input = &case.value["input"];
    if !input["calls"].is_null() {
        return Err(Gap::not_covered(
            "a counter without a device, which the engine refuses as unsafe",
        ));
    }
    only(input, "input", &["length", "prefix", "letters"])?;
    if case.profile != "solidus" {
        return Err(Gap::not_covered("such order numbers"));
    }
    let length = input["length"].as_u64().unwrap_or(9);
    let prefix = input["prefix"].as_str().unwrap_or("R");
    let part = if input["letters"] == true { "rand" } else { "digits" };
    let compiled = Pattern::compile(&format!("{prefix}{{{part}:{length}}}"));
    let compiled = compiled.map_err(|issue| Gap::Refused(issue.code.as_str().to_owned()))?;
    let random: Vec<u8> = (0..=255_u8).map(|byte| byte.wrapping_mul(167)).collect();
    let inputs = NumberInputs { at_ms: 0, device: "", sequence: 1, random: &random };
    let number = compiled
        .generate(inputs, &TimeZone::default())
        .map_err(|issue| Gap::Refused(issue.code.as_str().to_owned()))?;
    let expected = &case.value["expected"];
    only(expected, "figure", &["pattern", "total_length"])?;
    let mut comparison = Comparison::default();
    if let Some(form) = expected["pattern"].as_str()
        && !pattern::matches(form, &number)?
    {
        comparison.add("pattern", form, &number);
    }
    if let Some(length) = expected["total_length"].as_u64()
        && length != number.len() as u64
    {
        comparison.add("length", length, number.len());
    }
    comparison.finish()
}
