//! The shops: the one of the example, and nine whose drafts name the prices.

use serde_json::{Value, json};

/// A shop, and the names that its drafts can use.
pub struct Shop {
    pub name: String,
    pub now_ms: i64,
    pub home: &'static str,
    pub currency: &'static str,
    /// Digits of the minor unit.
    pub exponent: u64,
    pub names_prices: bool,
    pub skus: Vec<String>,
    pub ruleset: Value,
}

/// 1 March 2026, 12:00 UTC.
const NOW_MS: i64 = 1_772_366_400_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

const HOME: &str = "DE";
const CURRENCIES: [(&str, u64); 3] = [("EUR", 2), ("JPY", 0), ("KWD", 3)];
const MODES: [&str; 5] = ["halfUp", "halfEven", "halfDown", "up", "down"];
const CATEGORIES: [&str; 3] = ["tea", "books", "tools"];
pub const TAX_CLASSES: [&str; 5] = ["standard", "reduced", "sales", "exempt", "home-only"];
pub const COUPONS: [&str; 4] = ["SAVE10", "WELCOME10", "FIVE", "OVER"];
pub const SHIPPING: [&str; 4] = ["standard", "express", "international", "pickup"];

pub fn all() -> Vec<Shop> {
    let mut shops = vec![example()];
    shops.extend((0..9).map(named_by_drafts));
    shops
}

fn example() -> Shop {
    let text = include_str!("../ruleset.json");
    let ruleset: Value = serde_json::from_str(text).expect("the example is JSON");
    let products = ruleset["products"].as_array().expect("it has products");
    let skus = products.iter().filter_map(|it| it["sku"].as_str()).map(str::to_owned).collect();
    Shop {
        name: "example".to_owned(),
        now_ms: NOW_MS,
        home: "GB",
        currency: "GBP",
        exponent: 2,
        names_prices: false,
        skus,
        ruleset,
    }
}

/// The switches turn at different speeds, so that nine shops show each value of each of them.
fn named_by_drafts(at: usize) -> Shop {
    let (currency, exponent) = CURRENCIES[at % 3];
    let basis = if at.is_multiple_of(2) { "taxInclusive" } else { "taxExclusive" };
    let level = if (at / 2).is_multiple_of(2) { "group" } else { "line" };
    let target = if (at / 4).is_multiple_of(2) { "tax" } else { "net" };
    let mode = MODES[at % 5];
    let skus: Vec<String> = (1..=12).map(|number| format!("P-{number}")).collect();
    let products: Vec<Value> = skus.iter().enumerate().map(|(at, sku)| product(at, sku)).collect();
    let unit = 10_i64.pow(exponent as u32);
    let ruleset = json!({
        "version": format!("{at}"),
        "name": {"en": "Shop", "zh": "商店"},
        "currency": currency,
        "homeCountry": HOME,
        "priceBasis": basis,
        "priceSource": "draft",
        "rounding": {"level": level, "mode": mode, "target": target},
        "products": products,
        "promotions": promotions(unit),
        "shippingMethods": shipping_methods(unit),
        "paymentMethods": [
            {"id": "card", "name": {"en": "Card"}},
            {"id": "invoice", "name": {"en": "Invoice"}, "terms": "onAccount"},
        ],
        "taxClasses": tax_classes(),
    });
    let name = format!("{currency} {basis} {level} {mode} {target}");
    Shop { name, now_ms: NOW_MS, home: HOME, currency, exponent, names_prices: true, skus, ruleset }
}

fn product(at: usize, sku: &str) -> Value {
    let mut product = json!({
        "sku": sku,
        "name": {"en": format!("Thing {sku}"), "zh": "东西"},
        "unitPrice": format!("{}.{}", at * 7 + 1, at % 10),
        "taxClass": TAX_CLASSES[at % 4],
        "category": CATEGORIES[at % 3],
    });
    if at % 4 == 3 {
        product["minimumQuantity"] = json!("2");
        product["maximumQuantity"] = json!("500");
        product["quantityStep"] = json!("0.5");
    }
    product
}

/// All effects, with windows, minima, maxima and coupons.
fn promotions(unit: i64) -> Value {
    let name = json!({"en": "Off", "zh": "优惠"});
    json!([
        {"id": "tea", "name": name, "target": {"categories": ["tea"]},
         "effect": {"kind": "linePercentage", "percent": "12.5"}},
        {"id": "piece", "name": name, "target": {"skus": ["P-2", "P-5", "X-1"]}, "priority": 1,
         "effect": {"kind": "lineFixed", "amountMinor": 3, "per": "unit"}},
        {"id": "row", "name": name, "target": {"categories": ["tools"]}, "priority": 2,
         "effect": {"kind": "lineFixed", "amountMinor": unit, "per": "line"}},
        {"id": "over", "name": name, "startsMs": NOW_MS - 9 * DAY_MS, "endsMs": NOW_MS, "couponCodes": ["OVER"],
         "effect": {"kind": "orderFixed", "amountMinor": unit}},
        {"id": "soon", "name": name, "startsMs": NOW_MS + DAY_MS,
         "effect": {"kind": "orderPercentage", "percent": "50"}},
        {"id": "now", "name": name, "startsMs": NOW_MS, "endsMs": NOW_MS + DAY_MS, "when": {"minimumMinor": 50 * unit},
         "effect": {"kind": "orderPercentage", "percent": "3.333", "maximumMinor": 20 * unit}},
        {"id": "five", "name": name, "couponCodes": ["FIVE", "V"], "priority": 3,
         "effect": {"kind": "orderFixed", "amountMinor": 5 * unit}},
        {"id": "spend", "name": name, "priority": 4, "effect": {"kind": "spendTiers", "tiers": [
            {"spendMinor": 100 * unit, "saveMinor": 7 * unit},
            {"spendMinor": 300 * unit, "saveMinor": 30 * unit + 1},
        ]}},
        {"id": "ten", "name": name, "couponCodes": ["SAVE10"], "priority": 5,
         "effect": {"kind": "orderPercentage", "percent": "10"}},
    ])
}

fn shipping_methods(unit: i64) -> Value {
    let name = json!({"en": "Delivery"});
    json!([
        {"id": "standard", "name": name, "priceMinor": 5 * unit - 1, "freeOverMinor": 80 * unit,
         "taxClass": "standard", "countries": ["DE", "FR", "US"]},
        {"id": "express", "name": name, "priceMinor": 12 * unit, "freeOverMinor": 200 * unit,
         "freeOverBasis": "beforeDiscounts", "taxClass": "reduced", "countries": ["DE"]},
        {"id": "international", "name": name, "priceMinor": 25 * unit, "taxClass": "sales"},
        {"id": "pickup", "name": name, "priceMinor": 0, "taxClass": "exempt"},
    ])
}

/// One rate, several on one base, none, and a class that has a rate at home only.
fn tax_classes() -> Value {
    json!([
        {"id": "standard", "rules": [
            {"countries": ["DE"], "components": [{"percent": "19"}]},
            {"countries": ["FR"], "components": [{"percent": "20"}]},
            {"components": [{"category": "G"}]}]},
        {"id": "reduced", "rules": [
            {"countries": ["FR"], "components": [{"percent": "5.5"}]},
            {"components": [{"percent": "7"}]}]},
        {"id": "sales", "rules": [{"components": [
            {"percent": "4", "jurisdiction": "state"},
            {"percent": "4.5", "jurisdiction": "city"},
            {"percent": "0.375", "jurisdiction": "district"}]}]},
        {"id": "exempt", "rules": [{"components": [{"category": "E"}]}]},
        {"id": "home-only", "rules": [{"countries": ["DE"], "components": [{"percent": "10.7"}]}]},
    ])
}
