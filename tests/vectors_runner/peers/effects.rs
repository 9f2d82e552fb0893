//! What a promotion of a case takes off, as an effect of the engine.

use serde_json::{Value, json};

use super::{
    case::{Case, decimal, only, rows, text, texts},
    order::{SALE, SHIPMENT, has_shipment_lines},
    promotions::{self, Promotions},
};
use crate::vectors_runner::{exact::Exact, outcome::Gap};

/// Fields of a promotion or of one of its actions.
pub const ACTION: [&str; 17] = [
    "applies_to",
    "type",
    "value",
    "percent",
    "allocation",
    "filter",
    "max_discount",
    "max_quantity",
    "applies_to_discounted",
    "buy",
    "get",
    "add_sku",
    "add_unit_price",
    "add_quantity_per",
    "tiers",
    "base_percent",
    "repeat",
];

/// An effect with the lines it is on.
pub struct Action {
    pub effect: Value,
    pub target: Value,
    /// Whether it belongs to the whole order.
    pub of_order: bool,
}

pub fn effect(
    case: Case<'_>,
    promotion: &Value,
    action: &Value,
    into: &mut Promotions,
) -> Result<Action, Gap> {
    match text(action, "type")? {
        "buy_get" => return buy_get(case, action),
        "add_discounted_item" => return gift(case, action, into),
        _ => {}
    }
    match action["applies_to"].as_str().unwrap_or("item") {
        "shipping" if !has_shipment_lines(case)? => {
            let effect = on_charge(case, action)?;
            Ok(Action { effect, target: json!({}), of_order: false })
        }
        "shipping" => {
            // A line for each shipment: tags are those of the methods.
            let mut target = promotions::target(case, action)?;
            target["excluded"] = json!([]);
            if action["filter"].is_null() {
                target["categories"] = json!([SHIPMENT]);
            }
            let effect = on_lines(case, promotion, action)?;
            Ok(Action { effect, target, of_order: false })
        }
        kind @ ("item" | "order") => {
            let target = promotions::target(case, action)?;
            let spread = kind == "order" || action["allocation"] == "across";
            let effect = match spread {
                true => on_order(case, action)?,
                false => on_lines(case, promotion, action)?,
            };
            Ok(Action { effect, target, of_order: spread })
        }
        other => Err(Gap::not_covered(format!("promotion on {other}"))),
    }
}

/// Percentages beyond 100 take all there is, which is what 100 takes.
fn percent(object: &Value) -> Result<String, Gap> {
    Ok(decimal(object, "percent")?.min(Exact::from_minor(100, 0)).to_string())
}

fn on_charge(case: Case<'_>, action: &Value) -> Result<Value, Gap> {
    only(
        action,
        "shipping promotion",
        &[&promotion_fields()[..], &["applies_to", "type", "value", "percent", "allocation"]]
            .concat(),
    )?;
    match text(action, "type")? {
        "percent" => Ok(json!({"kind": "shippingPercentage", "percent": percent(action)?})),
        "fixed" => {
            Ok(json!({"kind": "shippingFixed", "amountMinor": case.minor(action, "value")?}))
        }
        other => Err(Gap::not_covered(format!("shipping promotion type {other}"))),
    }
}

/// What the promotion itself may say beside its only action.
fn promotion_fields() -> [&'static str; 8] {
    ["code", "name", "condition", "priority", "lane", "starts_at", "ends_at", "budget"]
}

fn on_order(case: Case<'_>, action: &Value) -> Result<Value, Gap> {
    let amount = || case.minor(action, "value");
    Ok(match text(action, "type")? {
        "percent" => {
            let mut effect = json!({"kind": "orderPercentage", "percent": percent(action)?});
            if case.amount(action, "max_discount")?.is_some() {
                effect["maximumMinor"] = json!(case.minor(action, "max_discount")?);
            }
            effect
        }
        "fixed" => json!({"kind": "orderFixed", "amountMinor": amount()?}),
        "fixed_price" => json!({"kind": "orderFixedPrice", "amountMinor": amount()?}),
        "tiered_percent" => {
            let mut tiers = vec![json!({
                "spendMinor": 0, "percent": decimal(action, "base_percent")?.to_string(),
            })];
            for tier in rows(action, "tiers")? {
                only(tier, "tier", &["min_total", "percent"])?;
                tiers.push(json!({
                    "spendMinor": case.minor(tier, "min_total")?, "percent": percent(tier)?,
                }));
            }
            json!({"kind": "spendTiers", "tiers": tiers})
        }
        other => return Err(Gap::not_covered(format!("promotion type {other} on the order"))),
    })
}

fn on_lines(case: Case<'_>, promotion: &Value, action: &Value) -> Result<Value, Gap> {
    let allocation = action["allocation"].as_str().unwrap_or("");
    if allocation == "across" {
        return on_order(case, action);
    }
    if case.amount(action, "max_discount")?.is_some() {
        return Err(Gap::not_covered("a maximum of a discount on lines"));
    }
    let units = units(case, promotion, action, allocation)?;
    let mut effect = match text(action, "type")? {
        "percent" => json!({"kind": "linePercentage", "percent": percent(action)?}),
        "fixed_price" => {
            json!({"kind": "fixedPrice", "unitPrice": case.price(case.required(action, "value")?)?})
        }
        "fixed" => json!({
            "kind": "lineFixed", "amountMinor": case.minor(action, "value")?,
            "per": match allocation {
                "each_unit" | "cheapest_unit_once" => "unit",
                // A promotion on one price has no units.
                "each_line" | "each" | "" => "line",
                other => return Err(Gap::not_covered(format!("promotion allocation {other}"))),
            },
        }),
        other => return Err(Gap::not_covered(format!("promotion type {other}"))),
    };
    if let Some(units) = units {
        effect["units"] = units;
    }
    Ok(effect)
}

/// Which units of the lines are meant, if not all.
fn units(
    case: Case<'_>,
    promotion: &Value,
    action: &Value,
    allocation: &str,
) -> Result<Option<Value>, Gap> {
    let limit = promotion["limit_units"].as_u64();
    let group = promotion["group_size"].as_u64();
    let each = action["max_quantity"].as_u64();
    // WooCommerce sorts lines by price first.
    let pick = if case.peer() == "woocommerce" { "dearest" } else { "listed" };
    Ok(Some(match (allocation, limit, group, each) {
        ("cheapest_unit_once", None, None, None) => json!({"maximum": 1, "pick": "cheapest"}),
        ("each", None, None, Some(most)) => json!({"maximum": most, "perLine": true}),
        (_, limit, Some(size), None) => json!({"maximum": limit, "groupSize": size, "pick": pick}),
        (_, Some(limit), None, None) => json!({"maximum": limit, "pick": pick}),
        (_, None, None, None) => return Ok(None),
        _ => return Err(Gap::not_covered("such a limit of units")),
    }))
}

/// Medusa's: the largest lines qualify first, the largest others are given, all or nothing, once.
fn buy_get(case: Case<'_>, action: &Value) -> Result<Action, Gap> {
    let (buy, get) = (&action["buy"], &action["get"]);
    only(buy, "buy", &["any_tag", "min_quantity"])?;
    only(get, "get", &["any_tag", "quantity", "percent_off"])?;
    if !action["filter"].is_null() {
        return Err(Gap::not_covered("a filter beside buy and get"));
    }
    let excluded = if has_shipment_lines(case)? { vec![SHIPMENT] } else { vec![] };
    let goods = |row: &Value| -> Result<Value, Gap> {
        Ok(json!({"categories": texts(row, "any_tag")?, "excluded": excluded}))
    };
    let effect = json!({
        "kind": "buyGet", "buyQuantity": buy["min_quantity"], "get": goods(get)?,
        "getQuantity": get["quantity"], "percent": decimal(get, "percent_off")?.to_string(),
        "pick": "largestLine", "boughtFirst": true, "wholeSetsOnly": true, "maximumTimes": 1,
    });
    Ok(Action { effect, target: goods(buy)?, of_order: false })
}

/// A line that the promotion adds for nothing.
fn gift(case: Case<'_>, action: &Value, into: &mut Promotions) -> Result<Action, Gap> {
    if decimal(action, "percent")? != Exact::from_minor(100, 0) {
        return Err(Gap::not_covered("an added item that is not for nothing"));
    }
    let sku = text(action, "add_sku")?;
    let class = "class 0";
    into.products.push(json!({
        "sku": sku, "name": {"en": sku}, "taxClass": class,
        "unitPrice": case.price(case.required(action, "add_unit_price")?)?,
    }));
    let mut effect = json!({"kind": "gift", "skus": [sku]});
    let mut target = promotions::target(case, action)?;
    if let Some(per) = action["add_quantity_per"].as_str() {
        effect["perUnits"] = json!(1);
        target["skus"] = json!([per]);
    }
    Ok(Action { effect, target, of_order: false })
}

/// Narrows the lines of an effect by what they have got already.
pub fn narrow(
    case: Case<'_>,
    promotion: &Value,
    action: &Value,
    rule: &mut Value,
) -> Result<(), Gap> {
    if promotion["condition"]["line_has_no_discount"] == true {
        rule["target"]["undiscountedOnly"] = json!(true);
    }
    let refuses = [promotion, action].iter().any(|it| it["applies_to_discounted"] == false);
    if refuses {
        let sold = |line: &&Value| line["already_discounted"] == true;
        let mut lines = rows(case.value, "lines")?.iter().filter(sold);
        if lines.all(|line| !line["original_unit_price_minor"].is_null()) {
            rule["target"]["fullPriceOnly"] = json!(true);
        } else {
            rule["target"]["excluded"] = json!([SALE, SHIPMENT]);
        }
    }
    Ok(())
}

/// A discount of the order with its amount or percentage.
pub fn order_discount(case: Case<'_>, discount: &Value) -> Result<Value, Gap> {
    only(discount, "order discount", &["code", "type", "value", "percent", "scope"])?;
    let mut effect = on_order(case, discount)?;
    match discount["scope"].as_str() {
        None | Some("items") => {}
        Some("items_and_shipping") if has_shipment_lines(case)? => {
            return Err(Gap::not_covered("an order discount over several shipments"));
        }
        Some("items_and_shipping") => effect["withShipping"] = json!(true),
        Some(other) => return Err(Gap::not_covered(format!("order discount on {other}"))),
    }
    Ok(effect)
}
