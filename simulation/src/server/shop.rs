//! The simulated shop: few rules, so that a run is short, and all that sync has to do with.

use orderkit::{Actor, Role};

/// The shops. They share a server and nothing else.
pub const TENANTS: [&str; 2] = ["main", "other"];
/// When a run begins: a working day in 2025.
pub const START_MS: i64 = 1_764_000_000_000;

/// The rules; each version has other prices.
pub fn ruleset(version: u64) -> String {
    let tea = 4 + version % 3;
    format!(
        r#"{{"version": "{version}", "name": {{"en": "Corner shop"}}, "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxInclusive",
        "products": [
            {{"sku": "TEA", "name": {{"en": "Tea"}}, "unitPrice": "{tea}.95", "taxClass": "food"}},
            {{"sku": "CUP", "name": {{"en": "Cup"}}, "unitPrice": "12.50", "taxClass": "goods"}}
        ],
        "promotions": [{{"id": "tea", "name": {{"en": "Tea week"}}, "target": {{"skus": ["TEA"]}},
            "effect": {{"kind": "linePercentage", "percent": "10"}}}}],
        "shippingMethods": [{{"id": "parcel", "name": {{"en": "Parcel"}}, "priceMinor": 490, "taxClass": "goods"}}],
        "paymentMethods": [{{"id": "card", "name": {{"en": "Card"}}}}],
        "taxClasses": [
            {{"id": "food", "rules": [{{"components": [{{"percent": "7"}}]}}]}},
            {{"id": "goods", "rules": [{{"components": [{{"percent": "19"}}]}}]}}
        ]}}"#
    )
}

/// A user of a shop.
pub fn actor(user: usize, role: Role) -> Actor {
    Actor { user: format!("user-{user}"), role }
}
