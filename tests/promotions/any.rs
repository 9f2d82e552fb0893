//! Any promotions of any kind.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::shop::promotion;

pub fn any_effect() -> impl Strategy<Value = Value> {
    let percent = || (0_u32..=1000).prop_map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
    let amount = || 0_i64..3_000;
    let pick = || prop_oneof![Just("cheapest"), Just("dearest")];
    prop_oneof![
        percent().prop_map(|percent| json!({"kind": "linePercentage", "percent": percent})),
        (percent(), 1_u32..5, pick()).prop_map(|(percent, most, pick)| {
            json!({"kind": "linePercentage", "percent": percent, "units": {"maximum": most, "pick": pick}})
        }),
        (amount(), any::<bool>()).prop_map(|(amount, unit)| {
            json!({"kind": "lineFixed", "amountMinor": amount, "per": if unit { "unit" } else { "line" }})
        }),
        (0_u32..40).prop_map(|price| json!({"kind": "fixedPrice", "unitPrice": price.to_string()})),
        (percent(), any::<bool>()).prop_map(|(percent, shipping)| json!({"kind": "orderPercentage", "percent": percent, "withShipping": shipping})),
        (amount(), any::<bool>()).prop_map(|(amount, shipping)| json!({"kind": "orderFixed", "amountMinor": amount, "withShipping": shipping})),
        amount().prop_map(|amount| json!({"kind": "orderFixedPrice", "amountMinor": amount})),
        (1_i64..3_000, 0_i64..900, any::<bool>()).prop_map(|(spend, save, repeat)| {
            json!({"kind": "spendTiers", "repeat": repeat, "tiers": [{"spendMinor": spend, "saveMinor": save}]})
        }),
        (2_u32..6, percent(), any::<bool>()).prop_map(|(from, percent, together)| {
            json!({"kind": "quantityTiers", "together": together, "tiers": [{"quantity": from.to_string(), "percent": percent}]})
        }),
        (2_u32..5, percent(), pick())
            .prop_map(|(n, percent, pick)| json!({"kind": "nthUnit", "n": n, "percent": percent, "pick": pick})),
        (1_u32..3, 1_u32..3, percent(), any::<bool>(), pick()).prop_map(|(buy, get, percent, toys, pick)| {
            let get_target = if toys { json!({"categories": ["toys"]}) } else { Value::Null };
            json!({"kind": "buyGet", "buyQuantity": buy, "get": get_target, "getQuantity": get, "percent": percent, "pick": pick})
        }),
        (2_u32..5, amount()).prop_map(|(size, price)| json!({"kind": "anyFor", "quantity": size, "amountMinor": price})),
        (1_u32..3, amount()).prop_map(|(count, price)| {
            let parts = json!([{"target": {"categories": ["books"]}}, {"target": {"skus": ["C"]}, "quantity": count}]);
            json!({"kind": "bundle", "parts": parts, "amountMinor": price})
        }),
        percent().prop_map(|percent| json!({"kind": "shippingPercentage", "percent": percent})),
    ]
}

pub fn any_promotions() -> impl Strategy<Value = Value> {
    let more =
        (0_i32..3, prop_oneof![Just(Value::Null), Just(json!("g")), Just(json!("h"))], 0_u8..8);
    let one = (any_effect(), more).prop_map(|(effect, (priority, group, exclusive))| {
        let mut more = json!({"priority": priority, "group": group});
        if exclusive == 0 {
            more["exclusive"] = json!("items");
        }
        (effect, more)
    });
    prop::collection::vec(one, 1..6).prop_map(|promotions| {
        let named = promotions.into_iter().enumerate();
        named.map(|(at, (effect, more))| promotion(&format!("p{at}"), effect, more)).collect()
    })
}

pub fn any_stacking() -> impl Strategy<Value = Value> {
    let mode =
        prop_oneof![Just("sequential"), Just("parallel"), Just("bestOf"), Just("bestPerLine")];
    (mode, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(mode, original, excludes, first)| {
            let excluded: &[&str] = if excludes { &["h"] } else { &[] };
            json!({
                "groups": [{"id": "g", "mode": mode, "excludes": excluded}, {"id": "h"}],
                "percentageOf": if original { "original" } else { "left" },
                "exclusiveFirst": first,
            })
        },
    )
}
