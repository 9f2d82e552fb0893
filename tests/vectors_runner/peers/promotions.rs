//! Promotions of a case as promotions of the engine: in which order, when, and for what.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::{
    case::{Case, only, rows, text, texts, time_ms},
    effects,
    order::{SALE, SHIPMENT, has_shipment_lines},
};
use crate::vectors_runner::{exact::Exact, outcome::Gap};

const LANES: [&str; 3] = ["pre", "default", "post"];
const PROMOTION: [&str; 13] = [
    "code",
    "name",
    "condition",
    "priority",
    "lane",
    "starts_at",
    "ends_at",
    "actions",
    "exclusive",
    "budget",
    "limit_units",
    "usage_limit",
    "group_size",
];

/// A promotion of the engine and the code it stands for in the case.
pub struct Promotion {
    pub rule: Value,
    pub code: String,
    pub of_order: bool,
}

/// The promotions of a case, with what they need besides.
#[derive(Default)]
pub struct Promotions {
    pub promotions: Vec<Promotion>,
    /// Goods that are given.
    pub products: Vec<Value>,
    /// What was used of budgets.
    pub uses: Vec<Value>,
}

/// All promotions of a case in the order in which they run.
pub fn promotions(case: Case<'_>) -> Result<Promotions, Gap> {
    let mut found = Promotions::default();
    for promotion in ranked(case)? {
        translate(case, promotion, &mut found)?;
    }
    for discount in rows(case.value, "order_discounts")? {
        let code = discount["code"].as_str().unwrap_or("discount").to_owned();
        let rule = json!({"effect": effects::order_discount(case, discount)?, "target": target(case, discount)?});
        found.promotions.push(Promotion { rule, code, of_order: true });
    }
    if case.value["config"]["manual_replaces_voucher"] == true {
        manual_first(&mut found.promotions)?;
    }
    for (at, promotion) in found.promotions.iter_mut().enumerate() {
        promotion.rule["priority"] = json!(at);
        promotion.rule["name"] = json!({"en": promotion.code});
        if promotion.rule["id"].is_null() {
            promotion.rule["id"] = json!(format!("{} #{at}", promotion.code));
        }
        if !promotion.rule["effect"]["kind"]
            .as_str()
            .is_some_and(|kind| kind.starts_with("shipping"))
        {
            // The peers have no phases but those of their order.
            promotion.rule["phase"] = json!("order");
        }
    }
    Ok(found)
}

/// A manual discount keeps vouchers out: the catalogue's promotions stay.
fn manual_first(promotions: &mut [Promotion]) -> Result<(), Gap> {
    let is_manual = |promotion: &Promotion| promotion.code == "MANUAL";
    if !promotions.iter().any(is_manual) {
        return Err(Gap::not_covered("a manual discount by another name"));
    }
    promotions.sort_by_key(|promotion| promotion.of_order && !is_manual(promotion));
    for promotion in promotions.iter_mut().filter(|promotion| promotion.rule["group"].is_null()) {
        promotion.rule["group"] = json!(if is_manual(promotion) { "manual" } else { "vouchers" });
    }
    Ok(())
}

/// In the order of the peer.
fn ranked(case: Case<'_>) -> Result<Vec<&Value>, Gap> {
    let mut ranked = Vec::new();
    for (at, promotion) in rows(case.value, "promotions")?.iter().enumerate() {
        let lane = promotion["lane"].as_str().unwrap_or("default");
        let lane = LANES.iter().position(|name| *name == lane);
        let lane = lane.ok_or_else(|| Gap::not_covered("promotion lane"))?;
        let priority = Reverse(promotion["priority"].as_i64().unwrap_or(0));
        let group = match (case.peer(), promotion["applies_to"].as_str()) {
            ("vendure" | "spree", Some("order")) => 1,
            ("vendure" | "spree", Some("shipping")) => 2,
            _ => 0,
        };
        let coupon = if case.value["config"]["coupon_order"] == "woo_priority" {
            coupon_rank(case, promotion)?
        } else {
            (0, 0, Exact::ZERO)
        };
        ranked.push(((lane, group, priority, coupon, at), promotion));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, promotion)| promotion).collect())
}

/// Coupons by type, then the smaller limit, then the smaller amount unless percentages chain.
fn coupon_rank(case: Case<'_>, promotion: &Value) -> Result<(i64, u64, Exact), Gap> {
    let (name, usual) = match (promotion["applies_to"].as_str(), promotion["type"].as_str()) {
        (Some("order"), _) => ("fixed_cart", 3),
        (_, Some("percent")) => ("percent", 2),
        _ => ("fixed_product", 1),
    };
    let rank = case.value["config"]["priorities"][name].as_i64().unwrap_or(usual);
    // No limit counts as the smallest.
    let limit = promotion["limit_units"].as_u64().unwrap_or(0);
    if case.value["config"]["sequential"] == true {
        return Ok((rank, limit, Exact::ZERO));
    }
    let amount = match case.amount(promotion, "value")? {
        Some(value) => value,
        None => Exact::from_json(&promotion["percent"]).unwrap_or_default(),
    };
    Ok((rank, limit, amount))
}

fn translate(case: Case<'_>, promotion: &Value, into: &mut Promotions) -> Result<(), Gap> {
    let known: Vec<&str> = PROMOTION.iter().chain(&effects::ACTION).copied().collect();
    only(promotion, "promotion", &known)?;
    let code = promotion["code"].as_str().unwrap_or("promotion").to_owned();
    let stated = rows(promotion, "actions")?;
    let whole = std::slice::from_ref(promotion);
    let actions = if stated.is_empty() { whole } else { stated };
    if promotion["exclusive"] == true && actions.len() > 1 {
        return Err(Gap::not_covered("an exclusive promotion with several effects"));
    }
    let when = condition(case, promotion)?;
    let carrier = carrier(case, promotion, actions, &when, into);
    for action in actions {
        if !stated.is_empty() {
            only(action, "promotion", &effects::ACTION)?;
        }
        let effect = effects::effect(case, promotion, action, into)?;
        let mut rule = json!({
            "id": format!("{code} #{}", into.promotions.len()),
            "effect": effect.effect, "target": effect.target,
        });
        match &carrier {
            Some(id) => rule["with"] = json!(id),
            None => rule["when"] = when.clone(),
        }
        effects::narrow(case, promotion, action, &mut rule)?;
        window(promotion, &mut rule)?;
        group(case, action, promotion, &mut rule);
        budget(case, promotion, &mut rule, into)?;
        if promotion["exclusive"] == true {
            rule["exclusive"] = json!("all");
        }
        into.promotions.push(Promotion { rule, code: code.clone(), of_order: effect.of_order });
    }
    Ok(())
}

/// Conditions that are tested once for several effects, or in their turn for one on shipping: those of a promotion that takes
/// nothing.
fn carrier(
    case: Case<'_>,
    promotion: &Value,
    actions: &[Value],
    when: &Value,
    into: &mut Promotions,
) -> Option<String> {
    let on_shipping = actions.iter().any(|action| action["applies_to"] == "shipping");
    let in_turn = on_shipping && case.peer() == "sylius";
    let conditional = when.as_object().is_some_and(|when| !when.is_empty());
    if !conditional || promotion["exclusive"] == true || !(actions.len() > 1 || in_turn) {
        return None;
    }
    let id = format!("condition #{}", into.promotions.len());
    let mut rule =
        json!({"id": id, "when": when, "effect": {"kind": "orderFixed", "amountMinor": 0}});
    // A window that is wrong is refused with the effect.
    window(promotion, &mut rule).ok()?;
    into.promotions.push(Promotion { rule, code: "condition".to_owned(), of_order: false });
    Some(id)
}

fn window(promotion: &Value, rule: &mut Value) -> Result<(), Gap> {
    for (key, field) in [("starts_at", "startsMs"), ("ends_at", "endsMs")] {
        if let Some(time) = promotion[key].as_str() {
            rule[field] = json!(time_ms(time)?);
        }
    }
    Ok(())
}

/// The stacking group of the profile that a promotion belongs to.
fn group(case: Case<'_>, action: &Value, promotion: &Value, rule: &mut Value) {
    let target = action["applies_to"].as_str().unwrap_or("item");
    let group = match (case.peer(), target) {
        ("solidus", _) => Some(promotion["lane"].as_str().unwrap_or("default")),
        ("spree", "item") => Some("items"),
        ("spree", other) => Some(other),
        // What is on single goods is a price of the catalogue; vouchers come on top.
        ("saleor", "item") if action["allocation"] == "each_unit" => Some("catalogue"),
        _ => None,
    };
    let is_gift = rule["effect"]["kind"] == "gift";
    if let Some(group) = group.filter(|_| !is_gift) {
        rule["group"] = json!(group);
    }
}

fn budget(
    case: Case<'_>,
    promotion: &Value,
    rule: &mut Value,
    into: &mut Promotions,
) -> Result<(), Gap> {
    let budget = &promotion["budget"];
    if budget.is_null() {
        return Ok(());
    }
    match text(budget, "type")? {
        "spend" => {
            only(budget, "budget", &["type", "limit", "used"])?;
            rule["limits"] =
                json!({"budgetMinor": case.minor(budget, "limit")?, "wholeOnly": true});
            let used = case.minor(budget, "used")?;
            into.uses.push(json!({"rule": rule["id"], "amountMinor": used}));
        }
        "usage" => {
            only(budget, "budget", &["type", "limit_count", "used_count"])?;
            rule["limits"] = json!({"uses": budget["limit_count"]});
            into.uses.push(json!({"rule": rule["id"], "count": budget["used_count"]}));
        }
        other => return Err(Gap::not_covered(format!("budget {other}"))),
    }
    Ok(())
}

/// The lines of an effect on goods: all but those that stand for shipments.
pub fn target(case: Case<'_>, action: &Value) -> Result<Value, Gap> {
    let filter = &action["filter"];
    let prices = ["min_unit_price", "max_unit_price", "unit_price_equals"];
    only(filter, "promotion filter", &[&["skus", "any_tag"], &prices[..]].concat())?;
    let (skus, tags) = (texts(filter, "skus")?, texts(filter, "any_tag")?);
    if !skus.is_empty() && !tags.is_empty() {
        return Err(Gap::not_covered("a promotion filter by SKU and tag"));
    }
    let mut target = json!({"skus": skus, "categories": tags});
    for (key, fields) in prices.iter().zip([
        &["minimumUnitPrice"][..],
        &["maximumUnitPrice"],
        &["minimumUnitPrice", "maximumUnitPrice"],
    ]) {
        if let Some(price) = case.amount(filter, key)? {
            for field in fields {
                target[*field] = json!(case.price(price)?);
            }
        }
    }
    if has_shipment_lines(case)? {
        target["excluded"] = json!([SHIPMENT]);
    }
    Ok(target)
}

/// What must be so. Minimums count what earlier promotions left, on all goods.
fn condition(case: Case<'_>, promotion: &Value) -> Result<Value, Gap> {
    let condition = &promotion["condition"];
    let known = [
        "min_subtotal",
        "subtotal_basis",
        "min_quantity",
        "min_line_quantity",
        "contains_skus",
        "contains_any_tag",
        "tag_subtotal",
        "nth_order",
        "customer_group",
        "shipping_method",
        "line_has_no_discount",
    ];
    only(condition, "promotion condition", &known)?;
    let mut when = json!({});
    let everything = match has_shipment_lines(case)? {
        true => json!({"excluded": [SHIPMENT]}),
        false => json!({}),
    };
    let mut counting = Vec::new();
    if case.amount(condition, "min_subtotal")?.is_some() {
        let mut least = case.required(condition, "min_subtotal")?;
        if condition["subtotal_basis"] == "net" && case.prices_include_tax() {
            least = least.plus(only_tax(case, least)?);
        }
        let least = case.units(least);
        let least = least.ok_or_else(|| Gap::not_covered("a minimum finer than the unit"))?;
        when["minimumMinor"] = json!(least);
        counting.push(everything.clone());
    }
    if let Some(quantity) = condition["min_quantity"].as_u64() {
        when["minimumQuantity"] = json!(quantity.to_string());
        counting.push(everything);
    }
    if let Some(quantity) = condition["min_line_quantity"].as_u64() {
        when["minimumQuantity"] = json!(quantity.to_string());
        counting.push(json!({"minimumLineQuantity": quantity.to_string()}));
    }
    let tag = &condition["tag_subtotal"];
    if tag.is_object() {
        only(tag, "tag subtotal", &["tag", "min"])?;
        when["minimumMinor"] = json!(case.minor(tag, "min")?);
        counting.push(json!({"categories": [text(tag, "tag")?]}));
    }
    if counting.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err(Gap::not_covered("minimums on different goods"));
    }
    if let Some(counting) = counting.pop() {
        when["counting"] = counting;
    }
    let any = [texts(condition, "contains_skus")?, texts(condition, "contains_any_tag")?];
    match &any {
        [skus, tags] if !skus.is_empty() && !tags.is_empty() => {
            return Err(Gap::not_covered("a condition on SKUs and tags"));
        }
        [skus, tags] if !skus.is_empty() || !tags.is_empty() => {
            when["containsAny"] = json!(any.concat());
        }
        _ => {}
    }
    for (key, field) in
        [("customer_group", "customerGroups"), ("shipping_method", "shippingMethods")]
    {
        if let Some(word) = condition[key].as_str() {
            when[field] = json!([word]);
        }
    }
    if let Some(nth) = condition["nth_order"].as_u64() {
        when["nthOrder"] = json!(nth);
    }
    // WooCommerce's coupon on the cart is refused where it leaves out goods that are in the cart.
    if case.peer() == "woocommerce"
        && promotion["applies_to"] == "order"
        && promotion["applies_to_discounted"] == false
    {
        when["containsNone"] = json!([SALE]);
    }
    Ok(when)
}

/// The tax on an amount, where all goods have the same rates.
fn only_tax(case: Case<'_>, net: Exact) -> Result<Exact, Gap> {
    let lines = rows(case.value, "lines")?;
    let same =
        lines.windows(2).all(|pair| pair[0]["tax_rates_percent"] == pair[1]["tax_rates_percent"]);
    let Some(line) = lines.first().filter(|_| same) else {
        return Err(Gap::not_covered("a minimum without tax for goods of several rates"));
    };
    let rates = rows(line, "tax_rates_percent")?.iter().filter_map(Exact::from_json);
    let taxes = rates.filter_map(|rate| net.percent(rate));
    Ok(taxes.fold(Exact::ZERO, Exact::plus))
}
