//! Promotions of a case as promotions of the engine.

use serde_json::{Value, json};

use super::case::{Case, decimal, only, rows, text, texts, time_ms};
use crate::vectors_runner::outcome::Gap;

/// Fields of a promotion or of one of its actions.
const ACTION: [&str; 9] = [
    "applies_to",
    "type",
    "value",
    "percent",
    "allocation",
    "filter",
    "max_discount",
    "max_quantity",
    "applies_to_discounted",
];
const PROMOTION: [&str; 8] =
    ["code", "name", "condition", "priority", "lane", "starts_at", "ends_at", "actions"];
const LANES: [&str; 3] = ["pre", "default", "post"];

/// A promotion of the engine and the code it stands for in the case.
pub struct Promotion {
    pub rule: Value,
    pub code: String,
    pub of_order: bool,
}

/// All promotions of a case in the order in which they run.
pub fn promotions(case: Case<'_>) -> Result<Vec<Promotion>, Gap> {
    let stated = rows(case.value, "promotions")?;
    let discounts = rows(case.value, "order_discounts")?;
    best_only(case, stated)?;
    own_base(case, stated)?;
    let mut ranked = Vec::new();
    for (at, promotion) in stated.iter().enumerate() {
        let lane = promotion["lane"].as_str().unwrap_or("default");
        let lane = LANES.iter().position(|name| *name == lane);
        let lane = lane.ok_or_else(|| Gap::not_covered("promotion lane"))?;
        let priority = promotion["priority"].as_i64().unwrap_or(0);
        ranked.push(((lane, -priority, at), promotion));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut translated = Vec::new();
    for (_, promotion) in ranked {
        translate(case, promotion, &mut translated)?;
    }
    for discount in discounts {
        translated.push(order_discount(case, discount)?);
    }
    for (at, promotion) in translated.iter_mut().enumerate() {
        promotion.rule["id"] = json!(format!("{} #{at}", promotion.code));
        promotion.rule["name"] = json!({"en": promotion.code});
        promotion.rule["priority"] = json!(at);
    }
    Ok(translated)
}

/// Engines that let only the best promotion win: the same as all of them where none compete.
fn best_only(case: Case<'_>, promotions: &[Value]) -> Result<(), Gap> {
    let lanes = matches!(case.profile, "solidus" | "spree");
    let best = case.value["config"]["stacking"].is_string()
        || case.value["config"]["within_lane"].is_string();
    if !lanes && !best {
        return Ok(());
    }
    let place = |promotion: &Value| (promotion["lane"].clone(), promotion["applies_to"].clone());
    let skus = |promotion: &Value| promotion["filter"]["skus"].as_array().cloned();
    for (at, one) in promotions.iter().enumerate() {
        for other in &promotions[..at] {
            let apart = match (skus(one), skus(other)) {
                (Some(one), Some(other)) => !one.iter().any(|sku| other.contains(sku)),
                _ => false,
            };
            if place(one) == place(other) && !apart {
                return Err(Gap::not_covered("only the best of several promotions"));
            }
        }
    }
    Ok(())
}

/// Percentages of the original price: the same as chained ones where there is only one.
fn own_base(case: Case<'_>, promotions: &[Value]) -> Result<(), Gap> {
    let original = case.value["config"]["sequential"] == Value::Bool(false);
    if original && promotions.len() > 1 && promotions.iter().any(|it| it["type"] == "percent") {
        return Err(Gap::not_covered("several percentages, each of the original price"));
    }
    if case.value["config"]["coupon_order"] == "woo_priority" && promotions.len() > 1 {
        return Err(Gap::not_covered("coupons in an order of their own"));
    }
    Ok(())
}

fn translate(case: Case<'_>, promotion: &Value, into: &mut Vec<Promotion>) -> Result<(), Gap> {
    let known: Vec<&str> = PROMOTION.iter().chain(&ACTION).copied().collect();
    only(promotion, "promotion", &known)?;
    let actions = rows(promotion, "actions")?;
    if actions.len() > 1 && !promotion["condition"].is_null() {
        return Err(Gap::not_covered("several effects behind one condition"));
    }
    let whole = std::slice::from_ref(promotion);
    for action in if actions.is_empty() { whole } else { actions } {
        if !actions.is_empty() {
            only(action, "promotion", &ACTION)?;
        }
        let (effect, of_order) = effect(case, action)?;
        let mut rule = json!({"effect": effect});
        filter(case, action, &mut rule)?;
        condition(case, promotion, action, &mut rule)?;
        for (key, field) in [("starts_at", "startsMs"), ("ends_at", "endsMs")] {
            if let Some(time) = promotion[key].as_str() {
                rule[field] = json!(time_ms(time)?);
            }
        }
        let code = promotion["code"].as_str().unwrap_or("promotion").to_owned();
        into.push(Promotion { rule, code, of_order });
    }
    Ok(())
}

/// The effect, and whether it belongs to the whole order.
fn effect(case: Case<'_>, action: &Value) -> Result<(Value, bool), Gap> {
    let target = action["applies_to"].as_str().unwrap_or("item");
    let allocation = action["allocation"].as_str().unwrap_or("");
    let kind = text(action, "type")?;
    let spread = target == "order" || allocation == "across";
    if !matches!(target, "item" | "order") {
        return Err(Gap::not_covered(format!("promotion on {target}")));
    }
    if allocation != "each" && !action["max_quantity"].is_null() {
        return Err(Gap::not_covered("a discount on some units of a line"));
    }
    let maximum = case.amount(action, "max_discount")?;
    if maximum.is_some() && !(spread && kind == "percent") {
        return Err(Gap::not_covered("a maximum of such a discount"));
    }
    let effect = match (kind, spread) {
        ("percent", true) => {
            let mut effect = json!({"kind": "orderPercentage", "percent": decimal(action, "percent")?.to_string()});
            if maximum.is_some() {
                effect["maximumMinor"] = json!(case.minor(action, "max_discount")?);
            }
            effect
        }
        ("fixed", true) => {
            json!({"kind": "orderFixed", "amountMinor": case.minor(action, "value")?})
        }
        ("percent", false) => {
            per(case, action, allocation)?;
            json!({"kind": "linePercentage", "percent": decimal(action, "percent")?.to_string()})
        }
        ("fixed", false) => json!({
            "kind": "lineFixed",
            "amountMinor": case.minor(action, "value")?,
            "per": per(case, action, allocation)?,
        }),
        (other, _) => return Err(Gap::not_covered(format!("promotion type {other}"))),
    };
    Ok((effect, spread))
}

/// What a discount on lines is counted by.
fn per(case: Case<'_>, action: &Value, allocation: &str) -> Result<&'static str, Gap> {
    match allocation {
        // A promotion on one price has no lines to be shared over.
        "each_line" | "" => Ok("line"),
        "each_unit" => Ok("unit"),
        "each" => {
            let most = action["max_quantity"].as_i64().unwrap_or(i64::MAX);
            let lines = rows(case.value, "lines")?;
            let more = |line: &Value| line["quantity"].as_i64().is_none_or(|units| units > most);
            if lines.iter().any(more) {
                return Err(Gap::not_covered("a discount on some units of a line"));
            }
            Ok("line")
        }
        other => Err(Gap::not_covered(format!("promotion allocation {other}"))),
    }
}

fn filter(case: Case<'_>, action: &Value, rule: &mut Value) -> Result<(), Gap> {
    let filter = &action["filter"];
    only(filter, "promotion filter", &["skus", "any_tag"])?;
    let (skus, tags) = (texts(filter, "skus")?, texts(filter, "any_tag")?);
    if !skus.is_empty() && !tags.is_empty() {
        return Err(Gap::not_covered("a promotion filter by SKU and tag"));
    }
    if filter.is_object() && skus.is_empty() && tags.is_empty() {
        return Err(Gap::not_covered("a promotion filter that matches nothing"));
    }
    rule["target"] = json!({"skus": skus, "categories": tags});
    let discounted =
        rows(case.value, "lines")?.iter().any(|line| line["already_discounted"] == true);
    if action["applies_to_discounted"] == false && discounted {
        return Err(Gap::not_covered("a promotion that leaves out sale lines"));
    }
    Ok(())
}

fn condition(
    case: Case<'_>,
    promotion: &Value,
    action: &Value,
    rule: &mut Value,
) -> Result<(), Gap> {
    let condition = &promotion["condition"];
    only(condition, "promotion condition", &["min_subtotal", "subtotal_basis"])?;
    if case.amount(condition, "min_subtotal")?.is_none() {
        return Ok(());
    }
    if action["filter"].is_object() {
        return Err(Gap::not_covered("a minimum on other lines than the discount"));
    }
    let basis = condition["subtotal_basis"].as_str().unwrap_or("price_basis");
    let same = match basis {
        "running_items_total" | "after_previous_lanes" | "price_basis" => true,
        "net" => !case.prices_include_tax(),
        _ => false,
    };
    if !same {
        return Err(Gap::not_covered(format!("a minimum on {basis}")));
    }
    rule["when"]["minimumMinor"] = json!(case.minor(condition, "min_subtotal")?);
    Ok(())
}

fn order_discount(case: Case<'_>, discount: &Value) -> Result<Promotion, Gap> {
    only(discount, "order discount", &["code", "type", "value", "percent", "scope"])?;
    let ships = rows(case.value, "shipping")?
        .iter()
        .any(|row| case.amount(row, "price").ok().flatten().is_none_or(|price| !price.is_zero()));
    if discount["scope"].as_str().is_some_and(|scope| scope != "items") && ships {
        return Err(Gap::not_covered("an order discount that also takes off shipping"));
    }
    let effect = match text(discount, "type")? {
        "fixed" => json!({"kind": "orderFixed", "amountMinor": case.minor(discount, "value")?}),
        "percent" => {
            json!({"kind": "orderPercentage", "percent": decimal(discount, "percent")?.to_string()})
        }
        other => return Err(Gap::not_covered(format!("order discount type {other}"))),
    };
    let code = discount["code"].as_str().unwrap_or("discount").to_owned();
    Ok(Promotion { rule: json!({"effect": effect}), code, of_order: true })
}
