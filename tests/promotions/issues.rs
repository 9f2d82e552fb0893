//! What users of other systems complained about (the issue is in the name), as it is here.

use orderkit::{Context, quote};
use serde_json::json;

use super::shop::{applied, cart, discounts, priced, promotion, rules, ruleset, steps};

#[test]
fn macrozheng_mall_356_a_coupon_of_ten_takes_ten() {
    for lines in ["1A 1A 1A", "3A 1C 7D", "1D 1D 1D 1E", "2C 3A 1B 5D"] {
        let off = promotion("p", json!({"kind": "orderFixed", "amountMinor": 1_000}), json!({}));
        let quote = priced(json!([off]), lines);
        assert_eq!(quote.totals.discount_minor.minor(), 1_000, "{lines}");
        assert_eq!(discounts(&quote).iter().sum::<i64>(), 1_000, "{lines}");
    }
}

#[test]
fn medusajs_medusa_14899_stacked_promotions_never_go_below_zero() {
    let greedy =
        |id: &str| promotion(id, json!({"kind": "orderFixed", "amountMinor": 900}), json!({}));
    let quote = priced(json!([greedy("a"), greedy("b"), greedy("c")]), "1A");
    assert_eq!((quote.totals.gross_minor.minor(), discounts(&quote)), (0, vec![1000]));
    assert_eq!(steps(&quote, "b")[0]["wantedMinor"], 900);
    assert_eq!(steps(&quote, "c"), [json!({"step": "noLineMatches", "rule": "c"})]);
}

#[test]
fn medusajs_medusa_8829_buy_and_get_of_the_same_goods_counts_a_unit_once() {
    let one_free = json!({"kind": "buyGet", "buyQuantity": 1, "getQuantity": 1, "percent": "100"});
    for (lines, free) in [("1A", 0), ("2A", 1), ("3A", 1), ("4A", 2), ("101A", 50)] {
        let quote = priced(json!([promotion("p", one_free.clone(), json!({}))]), lines);
        assert_eq!(quote.totals.discount_minor.minor(), free * 1_000, "{lines}");
    }
}

#[test]
fn medusajs_medusa_11259_and_13431_buy_and_get_repeats_as_often_as_it_may() {
    let free = json!({"kind": "buyGet", "buyQuantity": 2, "get": {"skus": ["C"]}, "getQuantity": 1, "percent": "100", "maximumTimes": 2});
    for (lines, times) in [("2A 5C", 1), ("4A 5C", 2), ("9A 5C", 2), ("9A 1C", 1)] {
        let target = json!({"target": {"skus": ["A"]}});
        let quote = priced(json!([promotion("p", free.clone(), target)]), lines);
        assert_eq!(quote.totals.discount_minor.minor(), times * 500, "{lines}");
    }
}

#[test]
fn medusajs_medusa_14432_two_promotions_do_not_give_the_same_unit() {
    let free = |id: &str| {
        promotion(
            id,
            json!({"kind": "buyGet", "buyQuantity": 1, "getQuantity": 1, "percent": "100"}),
            json!({}),
        )
    };
    let quote = priced(json!([free("a"), free("b")]), "2A");
    assert_eq!((quote.totals.discount_minor.minor(), applied(&quote)), (1_000, vec!["a"]));
}

#[test]
fn sylius_sylius_10913_an_exclusive_order_discount_leaves_the_shipping_discount() {
    let promotions = json!([
        promotion(
            "order",
            json!({"kind": "orderPercentage", "percent": "10"}),
            json!({"exclusive": "items"})
        ),
        promotion("free", json!({"kind": "shippingPercentage", "percent": "100"}), json!({})),
    ]);
    let mut draft = cart("1A");
    draft.details.shipping_method = Some("post".to_owned());
    let quote = quote(&draft, &rules(&ruleset(promotions)), &Context::at(0)).unwrap();
    assert_eq!(
        (quote.totals.discount_minor.minor(), quote.totals.shipping_minor.minor()),
        (100, 0)
    );
}

#[test]
fn shopware_shopware_13674_preventing_combination_does_not_overrule_priority() {
    let ten =
        |id: &str, more| promotion(id, json!({"kind": "orderPercentage", "percent": "10"}), more);
    let promotions = json!([
        ten("alone", json!({"priority": 2, "exclusive": "items"})),
        ten("first", json!({"priority": 1}))
    ]);
    let quote = priced(promotions, "1A");
    assert_eq!(applied(&quote), ["first"]);
    assert_eq!(steps(&quote, "alone")[0]["reason"], "exclusive");
}

#[test]
fn woocommerce_woocommerce_44340_a_coupon_ends_at_an_instant_and_not_at_a_local_midnight() {
    let coupon = promotion(
        "p",
        json!({"kind": "orderFixed", "amountMinor": 100}),
        json!({"couponCodes": ["X"], "startsMs": 1_000, "endsMs": 2_000}),
    );
    let rules = rules(&ruleset(json!([coupon])));
    let mut draft = cart("1A");
    draft.details.coupon_codes = vec!["x".to_owned()];
    let off =
        |now_ms| quote(&draft, &rules, &Context::at(now_ms)).unwrap().totals.discount_minor.minor();
    assert_eq!([off(999), off(1_000), off(1_999), off(2_000)], [0, 100, 100, 0]);
}
