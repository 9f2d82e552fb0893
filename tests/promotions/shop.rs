//! A shop whose promotions a test writes down.

use orderkit::{Context, Draft, Quote, Rules, TraceStep, quote};
use serde_json::{Value, json};

/// Prices in whole euros, so that a reader can follow: A 10, B 20, C 5, D 1 (tagged `small`), E 30 (reduced from 40).
pub fn ruleset(promotions: Value) -> Value {
    let product = |sku: &str, price: &str, category: &str| json!({"sku": sku, "name": {"en": sku}, "unitPrice": price, "taxClass": "none", "category": category});
    let mut products = json!([
        product("A", "10", "books"),
        product("B", "20", "books"),
        product("C", "5", "toys"),
        product("D", "1", "toys"),
        product("E", "30", "tools"),
    ]);
    products[3]["tags"] = json!(["small"]);
    products[4]["originalUnitPrice"] = json!("40");
    json!({
        "version": "1", "name": {"en": "Shop"}, "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxInclusive", "products": products, "promotions": promotions,
        "shippingMethods": [{"id": "post", "name": {"en": "Post"}, "priceMinor": 500, "taxClass": "none"}],
        "paymentMethods": [{"id": "card", "name": {"en": "Card"}}, {"id": "cash", "name": {"en": "Cash"}}],
        "taxClasses": [{"id": "none", "rules": [{"components": [{"category": "Z"}]}]}],
    })
}

/// A promotion with an effect; `more` adds or replaces fields.
pub fn promotion(id: &str, effect: Value, more: Value) -> Value {
    let mut promotion = json!({"id": id, "name": {"en": id}, "effect": effect});
    for (key, value) in more.as_object().unwrap() {
        promotion[key] = value.clone();
    }
    promotion
}

/// `3A 1B` as a draft.
pub fn cart(lines: &str) -> Draft {
    let lines: Vec<Value> = lines
        .split_whitespace()
        .map(|line| {
            let (quantity, sku) = line.split_at(line.len() - 1);
            json!({"sku": sku, "quantity": quantity})
        })
        .collect();
    serde_json::from_value(json!({ "lines": lines })).unwrap()
}

#[track_caller]
pub fn rules(ruleset: &Value) -> Rules {
    Rules::from_json(ruleset.to_string().as_bytes()).unwrap()
}

#[track_caller]
pub fn priced(promotions: Value, lines: &str) -> Quote {
    quote(&cart(lines), &rules(&ruleset(promotions)), &Context::at(0)).unwrap()
}

/// What is taken off each line.
pub fn discounts(quote: &Quote) -> Vec<i64> {
    quote.lines.iter().map(|line| line.discount_minor.minor()).collect()
}

/// The rules that took something off, in order.
pub fn applied(quote: &Quote) -> Vec<&str> {
    quote.adjustments.iter().map(|it| it.rule.as_str()).collect()
}

/// The steps that are about a rule, as JSON.
pub fn steps(quote: &Quote, rule: &str) -> Vec<Value> {
    let all = quote.trace.iter().map(|step: &TraceStep| serde_json::to_value(step).unwrap());
    all.filter(|step| step["rule"] == rule).collect()
}

/// One promotion without conditions on a cart: what it takes off each line.
#[track_caller]
pub fn takes(effect: Value, lines: &str, expected: &[i64]) {
    takes_from(effect, json!({}), lines, expected);
}

#[track_caller]
pub fn takes_from(effect: Value, more: Value, lines: &str, expected: &[i64]) {
    let quote = priced(json!([promotion("p", effect.clone(), more)]), lines);
    assert_eq!(discounts(&quote), expected, "{effect} on {lines}: {:?}", quote.trace);
}
