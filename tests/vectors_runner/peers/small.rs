//! Kinds that are not whole orders: taxes, averages, gift cards, numbers.

use orderkit::{
    TimeZone,
    numbering::{NumberInputs, Pattern},
};
use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text},
    expected, order, pattern, profile, taxes,
};
use crate::vectors_runner::{
    engine::Engine,
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

/// Runs the case as an order with these fields in place of its own.
pub fn as_order(case: Case<'_>, fields: Value, engine: &Engine) -> Outcome {
    let mut value = case.value.clone();
    if let (Some(object), Value::Object(fields)) = (value.as_object_mut(), fields) {
        for (key, field) in fields {
            object.insert(key, field);
        }
    }
    let case = Case { value: &value, ..case };
    expected::compare(case, &order::price(case, engine)?, engine)
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
    // What is asked of the base is asked of the order, which is this base.
    let mut expected = case.value["expected"].clone();
    for (word, of_order) in [("net", "total_net"), ("gross", "grand_total"), ("tax", "tax_total")] {
        for suffix in ["", "_minor"] {
            if let Some(figure) =
                expected.as_object_mut().and_then(|it| it.remove(&format!("{word}{suffix}")))
            {
                expected[format!("{of_order}{suffix}")] = figure;
            }
        }
    }
    as_order(case, json!({"lines": [line], "input": null, "expected": expected}), engine)
}

/// `tax_exact`: several rates, also taxes on taxes, with parts that need not be whole cents.
pub fn tax_exact(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["base", "rates"])?;
    let mut components = Vec::new();
    for (at, rate) in rows(input, "rates")?.iter().enumerate() {
        only(rate, "rate", &["rate_percent", "compound", "priority"])?;
        components.push(json!({
            "category": "S", "percent": decimal(rate, "rate_percent")?.to_string(),
            "jurisdiction": format!("authority {at}"), "compound": rate["compound"] == true,
        }));
    }
    // Compound taxes are on the others, whatever the order of the list.
    components.sort_by_key(|component| component["compound"] == true);
    // Exact: in units far below the cent.
    let case = Case { unit_digits: Case::FINE_DIGITS, ..case };
    let mut rules = profile::rules(case, case.prices_include_tax())?;
    rules["rounding"]["workingDigits"] = json!(0);
    let line = json!({
        "sku": "BASE", "quantity": "1", "taxes": components,
        "unitPrice": case.price(case.required(input, "base")?)?,
    });
    let quote = engine.quote(&rules, &json!({"lines": [line]}))?;
    let mut comparison = Comparison::default();
    only(&case.value["expected"], "figure", &["tax_by_rate", "tax_total"])?;
    for row in rows(&case.value["expected"], "tax_by_rate")? {
        only(row, "tax row", &["rate_percent", "compound", "tax"])?;
        let rate = decimal(row, "rate_percent")?;
        let same = |total: &&Value| {
            Exact::from_json(&total["tax"]["percent"]) == Some(rate)
                && (total["tax"]["compound"] == true) == (row["compound"] == true)
        };
        let found = quote.rows("/taxes").iter().filter(same);
        let found = found.map(|total| total["taxMinor"].as_i64().unwrap_or(0)).sum();
        let slack = case.tolerance().or(Some(Exact::from_minor(1, 9)));
        let expected = case.required(row, "tax")?;
        comparison.within(
            format!("tax at {rate} %"),
            expected,
            Exact::from_minor(found, case.unit_digits),
            slack,
        );
    }
    if let Some(expected) = case.amount(&case.value["expected"], "tax_total")? {
        let found = quote.amount("/totals/taxMinor", case.unit_digits);
        comparison.within(
            "tax",
            expected,
            found,
            case.tolerance().or(Some(Exact::from_minor(1, 9))),
        );
    }
    comparison.finish()
}

/// `tax_distribute`: the exact taxes of units are summed, rounded and handed back.
pub fn tax_distribute(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["units", "rate_percent"])?;
    let mut lines = Vec::new();
    for (at, unit) in rows(input, "units")?.iter().enumerate() {
        only(unit, "unit", &["base", "exact_tax"])?;
        lines.push(json!({
            "sku": format!("unit {at}"), "quantity": "1",
            "unitPrice": case.price(case.required(unit, "base")?)?,
            "taxes": [{"category": "S", "percent": decimal(input, "rate_percent")?.to_string()}],
        }));
    }
    // The units of a row are what all items are elsewhere: parts of one sum.
    let mut rules = profile::rules(case, false)?;
    rules["rounding"]["level"] = json!("document");
    let quote = engine.quote(&rules, &json!({"lines": lines}))?;
    let expected = &case.value["expected"];
    only(expected, "figure", &["tax_total", "units_tax"])?;
    let mut comparison = Comparison::default();
    let total = quote.amount("/totals/taxMinor", case.unit_digits);
    comparison.exact("tax_total", case.required(expected, "tax_total")?, total);
    let stated = rows(expected, "units_tax_minor")?.iter().filter_map(Value::as_array).flatten();
    for (at, stated) in stated.enumerate() {
        let found = quote.amount(&format!("/lines/{at}/taxMinor"), case.unit_digits);
        let stated = Exact::from_minor_json(stated, case.digits);
        let stated = stated.ok_or_else(|| Gap::malformed("a tax is not an amount"))?;
        comparison.exact(format!("unit {}", at + 1), stated, found);
    }
    comparison.finish()
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
    // Zones are regions of the buyer's country; those that say nothing of a category leave it untaxed.
    let mut classes: Vec<Value> = Vec::new();
    let mut lines = Vec::new();
    for line in rows(case.value, "lines")? {
        only(line, "line", &["sku", "unit_price", "quantity", "tax_category"])?;
        let id = text(line, "tax_category")?;
        if !classes.iter().any(|class| class["id"] == id) {
            let mut rules = Vec::new();
            for row in table.iter().filter(|row| row["category"] == id) {
                let percent = decimal(row, "rate_percent")?.to_string();
                rules.push(json!({
                    "regions": [text(row, "zone")?], "components": [{"percent": percent}],
                }));
            }
            rules.push(json!({"components": [{"category": "O"}]}));
            classes.push(json!({"id": id, "rules": rules}));
        }
        lines.push(json!({
            "sku": text(line, "sku")?, "quantity": decimal(line, "quantity")?.to_string(),
            "unitPrice": case.price(case.required(line, "unit_price")?)?, "taxClass": id,
        }));
    }
    let inclusive = case.prices_include_tax();
    let mut rules = profile::rules(case, inclusive)?;
    rules["taxClasses"] = json!(classes);
    let address = json!({"country": taxes::ABROAD, "region": zone});
    let draft = json!({"lines": lines, "details": {"shippingAddress": address}});
    let quote = engine.quote(&rules, &draft)?;
    let lines = rows(case.value, "lines")?.iter().map(|row| order::Line {
        row,
        is_shipment: false,
        inclusive,
        taxes: Value::Null,
    });
    let priced = order::Priced {
        before: quote.clone(),
        quote,
        lines: lines.collect(),
        promotions: Vec::new(),
        shipping_inclusive: inclusive,
        rules,
        draft,
    };
    expected::compare(case, &priced, engine)
}

/// `rate_weighted` and `rate_sum`: the rate that shipping gets from the goods, and that of several taxes.
pub fn rate(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["lines"])?;
    let mut lines = Vec::new();
    for row in rows(input, "lines")? {
        only(row, "line", &["net", "rate_percent"])?;
        lines.push(json!({
            "sku": "GOODS", "quantity": "1", "unitPrice": case.price(case.required(row, "net")?)?,
            "taxes": [{"category": "S", "percent": decimal(row, "rate_percent")?.to_string()}],
        }));
    }
    let mut rules = profile::rules(case, false)?;
    rules["taxation"]["shipping"] = json!("averageRate");
    rules["taxClasses"] = json!([{"id": "none", "rules": [{"components": [{"category": "O"}]}]}]);
    rules["shippingMethods"] = json!([{"id": "method", "name": {"en": "Method"}, "taxClass": "none", "priceMinor": 10_000}]);
    let draft = json!({"lines": lines, "details": {"shippingMethod": "method"}});
    let quote = engine.quote(&rules, &draft)?;
    let expected = decimal(&case.value["expected"], "rate_percent")?;
    let mut rates = quote.rows("/taxes").iter();
    let mut comparison = Comparison::default();
    if !rates.any(|total| Exact::from_json(&total["tax"]["percent"]) == Some(expected)) {
        comparison.add("rate", expected, "none of the rates");
    }
    comparison.finish()
}

/// `gift_card`: what a card leaves of a total, net and gross, as a discount on it.
pub fn gift_card(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["total_net", "total_gross", "balance"])?;
    let (net, gross) = (case.required(input, "total_net")?, case.required(input, "total_gross")?);
    let tax = gross.minus(net);
    // The rate in hundredths of a per cent, if it is one.
    let rate = if net.is_zero() {
        Some(Exact::ZERO)
    } else {
        let parts = net.minor(case.digits).unwrap_or(1);
        tax.scaled(2).and_then(|tax| tax.scaled(case.digits)).and_then(|tax| tax.over(parts, 2))
    };
    let rate = rate.filter(|rate| net.percent(*rate) == Some(tax));
    let rate = rate.ok_or_else(|| Gap::not_covered("a total of mixed rates"))?;
    let fields = json!({
        "prices_include_tax": true, "input": null,
        "lines": [{
            "sku": "ALL", "quantity": 1, "unit_price": gross.to_string(),
            "tax_rates_percent": [rate.to_string()],
        }],
        "order_discounts": [{
            "code": "CARD", "type": "fixed", "value": case.required(input, "balance")?.to_string(),
        }],
    });
    as_order(case, fields, engine)
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
