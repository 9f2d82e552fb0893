//! Calculators of discounts and of shipping, and prices of a catalogue.

use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text},
    expected, order, profile,
};
use crate::vectors_runner::{
    engine::{Engine, Quote},
    exact::Exact,
    outcome::{Comparison, Gap, Outcome},
};

const UNTAXED: &str = "untaxed";

/// `calculator`: what a discount takes off a base, or a count of goods costs.
pub fn calculator(case: Case<'_>, engine: &Engine) -> Outcome {
    let config = &case.value["config"];
    only(config, "switch", &["calculator", "per_unit_average"])?;
    let calculator = &config["calculator"];
    if text(calculator, "type")? == "first_additional" {
        return first_additional(case, engine);
    }
    let input = &case.value["input"];
    let known = ["base", "order_item_total", "eligible_quantity", "compare_at_price"];
    only(input, "input", &known)?;
    let base = case.required(input, "base")?;
    // The base is one line of an order; what the order holds besides stands on another.
    let mut line = json!({"sku": "BASE", "quantity": "1", "unitPrice": case.price(base)?});
    if let Some(quantity) = input["eligible_quantity"].as_i64() {
        let price = base.over(quantity, case.digits);
        let price = price.ok_or_else(|| Gap::malformed("no quantity"))?;
        line["quantity"] = json!(quantity.to_string());
        line["unitPrice"] = json!(case.price(price)?);
    }
    if case.amount(input, "compare_at_price")?.is_some() {
        line["tags"] = json!([order::SALE]);
    }
    let total = case.amount(input, "order_item_total")?.unwrap_or(base);
    let rest = json!({"sku": "REST", "quantity": "1", "unitPrice": case.price(total.minus(base))?});
    let lines = [line, rest].map(|mut line| {
        line["taxes"] = json!([{"category": "O"}]);
        line
    });
    let mut rules = profile::rules(case.plain(), false)?;
    let promotions = promotions(case, calculator)?;
    let groups = json!({"id": "tiers", "mode": "bestOf"});
    rules["stacking"]["groups"] = json!([groups]);
    rules["promotions"] = json!(promotions);
    let quote = engine.quote(&rules, &json!({"lines": lines}))?;
    only(&case.value["expected"], "figure", &["amount"])?;
    let found = quote.amount("/totals/discountMinor", case.unit_digits);
    compare(case, "amount", found)
}

fn compare(case: Case<'_>, word: &str, found: Exact) -> Outcome {
    let mut comparison = Comparison::default();
    let expected = case.required(&case.value["expected"], word)?;
    comparison.within(word, expected, found, case.tolerance());
    comparison.finish()
}

/// The promotions of a discount calculator: one for each tier, of which the largest counts.
fn promotions(case: Case<'_>, calculator: &Value) -> Result<Vec<Value>, Gap> {
    let kind = text(calculator, "type")?;
    let percentage = |percent: Exact| {
        let percent = percent.min(Exact::from_minor(100, 0));
        json!({"kind": "linePercentage", "percent": percent.to_string()})
    };
    let mut found: Vec<(Value, Value)> = Vec::new();
    let everything = json!({});
    match kind {
        "percent" => {
            only(calculator, "calculator", &["type", "percent", "only_full_priced"])?;
            found.push((json!({}), percentage(decimal(calculator, "percent")?)));
        }
        "tiered_percent" | "tiered_percent_by_quantity" => {
            only(calculator, "calculator", &["type", "base_percent", "tiers"])?;
            found.push((json!({}), percentage(decimal(calculator, "base_percent")?)));
            for tier in rows(calculator, "tiers")? {
                only(tier, "tier", &["min_total", "min_quantity", "percent"])?;
                let when = match kind {
                    "tiered_percent" => json!({
                        "minimumMinor": case.minor(tier, "min_total")?, "counting": everything,
                    }),
                    _ => json!({"minimumQuantity": tier["min_quantity"].to_string()}),
                };
                found.push((when, percentage(decimal(tier, "percent")?)));
            }
        }
        "tiered_flat" => {
            only(calculator, "calculator", &["type", "base_amount", "tiers"])?;
            let fixed =
                |amount: i64| json!({"kind": "lineFixed", "amountMinor": amount, "per": "line"});
            found.push((json!({}), fixed(case.minor(calculator, "base_amount")?)));
            for tier in rows(calculator, "tiers")? {
                only(tier, "tier", &["min_total", "amount"])?;
                let when = json!({
                    "minimumMinor": case.minor(tier, "min_total")?, "counting": everything,
                });
                found.push((when, fixed(case.minor(tier, "amount")?)));
            }
        }
        other => return Err(Gap::not_covered(format!("calculator {other}"))),
    }
    let excluded =
        if calculator["only_full_priced"] == true { json!([order::SALE]) } else { json!([]) };
    let promotion = |(at, (when, effect)): (usize, (Value, Value))| {
        json!({
            "id": format!("tier {at}"), "name": {"en": "Tier"}, "group": "tiers",
            "target": {"skus": ["BASE"], "excluded": excluded}, "when": when, "effect": effect,
        })
    };
    Ok(found.into_iter().enumerate().map(promotion).collect())
}

/// A price for the first unit and one for each further one. As a discount a maximum stops the count.
fn first_additional(case: Case<'_>, engine: &Engine) -> Outcome {
    let config = &case.value["config"];
    let calculator = &config["calculator"];
    let input = &case.value["input"];
    only(input, "input", &["quantity", "already_in_cart"])?;
    let quantity = input["quantity"].as_i64().ok_or_else(|| Gap::malformed("no quantity"))?;
    let quantity = quantity.saturating_add(input["already_in_cart"].as_i64().unwrap_or(0));
    let (first, further) =
        (case.minor(calculator, "first")?, case.minor(calculator, "additional")?);
    let mut rate = steps(first, further);
    let most = calculator["max_items"].as_i64().unwrap_or(0);
    if most > 0 {
        rate["maximumMinor"] = json!(first.saturating_add(further.saturating_mul(most - 1)));
    }
    only(calculator, "calculator", &["type", "first", "additional", "max_items"])?;
    let quote = charged(case, engine, json!([quantity_table(rate)]), &[goods(quantity)])?;
    let found = quote.amount("/totals/shippingMinor", case.unit_digits);
    if config["per_unit_average"] == true {
        let each = found.over(quantity, case.unit_digits).unwrap_or(Exact::ZERO);
        return compare(case, "amount_per_unit", each);
    }
    compare(case, "amount", found)
}

fn steps(first: i64, further: i64) -> Value {
    json!({
        "first": {"size": "1", "priceMinor": first},
        "further": {"size": "1", "priceMinor": further},
    })
}

fn quantity_table(rate: Value) -> Value {
    json!({"measure": "quantity", "rows": [{"rates": [rate]}]})
}

fn goods(quantity: i64) -> Value {
    json!({"sku": "GOODS", "quantity": quantity.to_string(), "unitPrice": "1"})
}

/// `shipping_rate`: what a shipping calculator asks for.
pub fn shipping_rate(case: Case<'_>, engine: &Engine) -> Outcome {
    let config = &case.value["config"];
    only(config, "switch", &["calculator"])?;
    let input = &case.value["input"];
    only(input, "input", &["quantity", "lines", "items_total"])?;
    let mut lines = Vec::new();
    for row in rows(input, "lines")? {
        only(row, "line", &["unit_price", "quantity"])?;
        lines.push(json!({
            "sku": "GOODS", "quantity": decimal(row, "quantity")?.to_string(),
            "unitPrice": case.price(case.required(row, "unit_price")?)?,
        }));
    }
    if let Some(quantity) = input["quantity"].as_i64() {
        lines.push(goods(quantity));
    }
    if let Some(total) = case.amount(input, "items_total")? {
        lines.push(json!({"sku": "GOODS", "quantity": "1", "unitPrice": case.price(total)?}));
    }
    let tables = shipping_tables(case, &config["calculator"])?;
    let quote = charged(case, engine, tables, &lines)?;
    only(&case.value["expected"], "figure", &["price"])?;
    compare(case, "price", quote.amount("/totals/shippingMinor", case.unit_digits))
}

/// The order of some goods with a shipping method of these tables.
fn charged(case: Case<'_>, engine: &Engine, tables: Value, lines: &[Value]) -> Result<Quote, Gap> {
    let mut rules = profile::rules(case.plain(), false)?;
    rules["taxClasses"] = json!([{"id": UNTAXED, "rules": [{"components": [{"category": "O"}]}]}]);
    rules["shippingMethods"] = json!([{
        "id": "method", "name": {"en": "Method"}, "taxClass": UNTAXED, "tables": tables,
    }]);
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| {
            let mut line = line.clone();
            line["taxClass"] = json!(UNTAXED);
            line
        })
        .collect();
    engine.quote(&rules, &json!({"lines": lines, "details": {"shippingMethod": "method"}}))
}

/// The engine's tables for a calculator of shipping.
pub fn shipping_tables(case: Case<'_>, calculator: &Value) -> Result<Value, Gap> {
    let table = |measure: &str, rates: Vec<Value>| json!([{"measure": measure, "rows": [{"rates": rates}]}]);
    match text(calculator, "type")? {
        "flat" | "flat_rate" => {
            only(calculator, "calculator", &["type", "amount"])?;
            Ok(table("quantity", vec![json!({"priceMinor": case.minor(calculator, "amount")?})]))
        }
        "per_item" => {
            only(calculator, "calculator", &["type", "amount"])?;
            let step = json!({"size": "1", "priceMinor": case.minor(calculator, "amount")?});
            Ok(table("quantity", vec![json!({"further": step})]))
        }
        "percent_of_items" => {
            only(calculator, "calculator", &["type", "percent"])?;
            let percent = decimal(calculator, "percent")?.to_string();
            Ok(table("quantity", vec![json!({"percent": percent})]))
        }
        "first_additional" => {
            only(calculator, "calculator", &["type", "first", "additional", "max_items"])?;
            let mut rate =
                steps(case.minor(calculator, "first")?, case.minor(calculator, "additional")?);
            // For shipping a maximum begins a new box.
            let most = calculator["max_items"].as_u64().unwrap_or(0);
            if most > 0 {
                rate["parcelSize"] = json!(most.to_string());
            }
            Ok(table("quantity", vec![rate]))
        }
        "price_sack" => {
            only(calculator, "calculator", &["type", "minimal", "normal", "discounted"])?;
            let from = case.minor(calculator, "minimal")?.to_string();
            let below = json!({"to": from, "priceMinor": case.minor(calculator, "normal")?});
            let above = json!({"from": from, "priceMinor": case.minor(calculator, "discounted")?});
            Ok(table("value", vec![below, above]))
        }
        other => Err(Gap::not_covered(format!("shipping calculator {other}"))),
    }
}

/// `catalog_price`: promotions on a list price, as an order of one unit.
pub fn catalog_price(case: Case<'_>, engine: &Engine) -> Outcome {
    let input = &case.value["input"];
    only(input, "input", &["original_unit_price", "min_unit_price"])?;
    let mut line = json!({
        "sku": "GOODS", "quantity": 1, "tax_rates_percent": [],
        "unit_price": case.required(input, "original_unit_price")?.to_string(),
    });
    if let Some(floor) = case.amount(input, "min_unit_price")? {
        line["min_unit_price"] = json!(floor.to_string());
    }
    let mut value = case.value.clone();
    let price = case.required(&value["expected"], "unit_price")?;
    value["lines"] = json!([line]);
    value["input"] = Value::Null;
    if let Some(fields) = value["expected"].as_object_mut() {
        fields.remove("unit_price");
        fields.remove("unit_price_minor");
        // The only line has one unit: its price is the order's total.
        fields.insert("total_net".to_owned(), json!(price.to_string()));
    }
    let case = Case { value: &value, ..case };
    // Promotions of the catalogue chain, as the price each of them leaves is the price of the next.
    let priced = order::price_with(case, engine, |rules| {
        rules["stacking"]["percentageOf"] = json!("left");
    })?;
    expected::compare(case, &priced, engine)
}
