//! Switches that other commerce systems need: what percentages are of and where they are rounded, how amounts are shared, which
//! units count, and discounts with several effects.

use orderkit::{Context, Quote, quote};
use serde_json::{Value, json};

use super::shop::{applied, cart, discounts, promotion, rules, ruleset};

#[track_caller]
fn stacked(promotions: Value, stacking: Value, lines: &str) -> Quote {
    let mut shop = ruleset(promotions);
    shop["stacking"] = stacking;
    quote(&cart(lines), &rules(&shop), &Context::at(0)).unwrap()
}

fn off(id: &str, kind: &str, percent: &str, priority: i64) -> Value {
    promotion(
        id,
        json!({"kind": kind, "percent": percent}),
        json!({"priority": priority, "phase": "order"}),
    )
}

#[test]
fn original_on_lines_and_left_on_the_order() {
    let promotions = json!([
        off("line 1", "linePercentage", "20", 1),
        off("line 2", "linePercentage", "10", 2),
        off("order", "orderPercentage", "50", 3),
    ]);
    // 20 % and 10 % of 10.00, then half of the 7.00 that are left.
    let quote = stacked(promotions, json!({"percentageOf": "originalOnLines"}), "1A");
    assert_eq!(discounts(&quote), [650]);
}

/// WooCommerce: each line cut down, what the sum rounds to more by the unit, from the dearest line on.
#[test]
fn percentages_cut_down_with_the_rest_by_the_unit() {
    let stacking = json!({
        "percentagePlace": "cut", "percentageMode": "halfDown",
        "sharing": {"weights": "units", "leftover": "dearestUnits"},
    });
    let taken = |percent: &str, lines: &str| {
        let promotions = json!([off("p", "linePercentage", percent, 1)]);
        discounts(&stacked(promotions, stacking.clone(), lines))
    };
    // Of 1.00, 5.00 and 20.00 that is 0.33 + 1.66 + 6.66 cut down, and 8.67 of the sum: a cent each for the dearest.
    assert_eq!(taken("33.333", "1D 1C 1B"), [33, 167, 667]);
    // One half cent is no cent.
    assert_eq!(taken("0.5", "1D"), [0]);
    assert_eq!(taken("33.333", "3A"), [1_000]);
}

#[test]
fn equal_parts_per_unit() {
    let stacking = json!({"sharing": {"weights": "units", "leftover": "dearestUnits"}});
    let fixed = |amount: i64| {
        json!([promotion("p", json!({"kind": "orderFixed", "amountMinor": amount}), json!({}))])
    };
    // 1.66 for each of six units; four cents for the units of the dearest lines: two of B, two of A.
    assert_eq!(discounts(&stacked(fixed(1_000), stacking.clone(), "3A 2B 1C")), [500, 334, 166]);
    // D bears no more than its price; the others share the rest.
    assert_eq!(discounts(&stacked(fixed(1_000), stacking, "1D 2A")), [100, 900]);
}

/// Vendure: the weights are the prices with their tax, whatever the shop's prices hold.
#[test]
fn shares_by_what_is_left_with_its_tax() {
    let mut shop = ruleset(json!([promotion(
        "p",
        json!({"kind": "orderFixed", "amountMinor": 1_000}),
        json!({})
    )]));
    shop["priceBasis"] = json!("taxExclusive");
    shop["taxClasses"] = json!([
        {"id": "none", "rules": [{"components": [{"category": "Z"}]}]},
        {"id": "half", "rules": [{"components": [{"percent": "50"}]}]},
    ]);
    shop["products"][0]["taxClass"] = json!("half");
    let shares = |weights: &str| {
        let mut shop = shop.clone();
        shop["stacking"] = json!({"sharing": {"weights": weights}});
        discounts(&quote(&cart("1A 1B"), &rules(&shop), &Context::at(0)).unwrap())
    };
    assert_eq!(shares("left"), [333, 667]);
    // 15.00 and 20.00.
    assert_eq!(shares("gross"), [429, 571]);
}

#[test]
fn units_are_worth_their_price_while_so_much_is_left() {
    let promotions = || {
        json!([
            off("first", "linePercentage", "50", 1),
            promotion(
                "second",
                json!({"kind": "linePercentage", "percent": "10", "units": {"maximum": 1, "perLine": true}}),
                json!({"priority": 2, "phase": "order"}),
            ),
        ])
    };
    // Half of 40.00, then a tenth of one unit: of the 5.00 that are left of it, or of its price.
    assert_eq!(discounts(&stacked(promotions(), json!({}), "4A")), [2_050]);
    let original = json!({"unitWorth": "original"});
    assert_eq!(discounts(&stacked(promotions(), original.clone(), "4A")), [2_100]);
    // Of a single unit no more than 5.00 are left.
    assert_eq!(discounts(&stacked(promotions(), original, "1A")), [550]);
}

#[test]
fn a_limited_fixed_discount_takes_no_more_than_its_units_cost() {
    let effect = json!({
        "kind": "lineFixed", "amountMinor": 2_000, "per": "unit", "units": {"maximum": 1},
    });
    let quote = stacked(json!([promotion("p", effect, json!({}))]), json!({}), "3A");
    assert_eq!(discounts(&quote), [1_000]);
}

/// Medusa: the largest line qualifies, then the largest of the others is given, all or nothing.
#[test]
fn bought_units_first() {
    let effect = |get: u32, bought_first: bool| {
        json!({
            "kind": "buyGet", "buyQuantity": 1, "getQuantity": get, "percent": "100",
            "pick": "largestLine", "boughtFirst": bought_first, "maximumTimes": 1,
        })
    };
    let taken = |get: u32, bought_first: bool, lines: &str| {
        let promotions = json!([promotion("p", effect(get, bought_first), json!({}))]);
        discounts(&stacked(promotions, json!({}), lines))
    };
    // Three A cost more than one B: an A is bought, another one given.
    assert_eq!(taken(1, true, "3A 1B"), [1_000, 0]);
    assert_eq!(taken(1, true, "1A 1B"), [1_000, 0]);
    assert_eq!(taken(1, false, "1A 1B"), [0, 2_000]);
    // Lines that cost the same: the later one first.
    assert_eq!(taken(1, true, "2A 1B"), [1_000, 0]);
    assert_eq!(taken(3, true, "1A 1B"), [0, 0]);
}

#[test]
fn the_order_must_hold_none_of_some_goods() {
    let taken = |lines: &str| {
        let when = json!({"when": {"containsNone": ["small", "tools"]}});
        let effect = json!({"kind": "orderFixed", "amountMinor": 100});
        discounts(&stacked(json!([promotion("p", effect, when)]), json!({}), lines))
    };
    assert_eq!(taken("1A"), [100]);
    assert_eq!(taken("1A 1D"), [0, 0]);
    assert_eq!(taken("1A 1E"), [0, 0]);
}

/// Sylius: a promotion tests its conditions once, and then carries out all its actions.
#[test]
fn several_effects_behind_one_condition() {
    let fixed = json!({"kind": "orderFixed", "amountMinor": 1_000});
    let shop = |lines: &str, spend: i64| {
        let promotions = json!([
            promotion("a", fixed.clone(), json!({"priority": 1, "when": {"minimumMinor": spend}})),
            promotion("b", fixed.clone(), json!({"priority": 2, "with": "a"})),
            promotion(
                "c",
                json!({"kind": "shippingPercentage", "percent": "100"}),
                json!({"with": "a"})
            ),
        ]);
        let mut shop = ruleset(promotions);
        shop["priceSource"] = json!("priceList");
        let mut draft = cart(lines);
        draft.details.shipping_method = Some("post".to_owned());
        quote(&draft, &rules(&shop), &Context::at(0)).unwrap()
    };
    // After the first effect 20.00 are left, which would not be enough for the others.
    let met = shop("3A", 3_000);
    assert_eq!((applied(&met), met.totals.gross_minor.minor()), (vec!["a", "b"], 1_000));
    let not_met = shop("2A", 3_000);
    assert_eq!((applied(&not_met).len(), not_met.totals.gross_minor.minor()), (0, 2_500));
}

#[test]
fn conditions_of_a_promotion_that_is_not_there_are_refused() {
    let effect = json!({"kind": "orderFixed", "amountMinor": 1_000});
    let shop = ruleset(json!([promotion("b", effect, json!({"with": "a"}))]));
    let refusal = orderkit::Rules::from_json(shop.to_string().as_bytes()).unwrap_err();
    assert_eq!(refusal.issues[0].path, "/promotions/0/with");
}

/// Saleor: a manual discount is shared between items and shipping by value.
#[test]
fn a_discount_that_reaches_shipping() {
    let priced = |effect: Value| {
        let mut draft = cart("1A 1C");
        draft.details.shipping_method = Some("post".to_owned());
        let shop = rules(&ruleset(json!([promotion("p", effect, json!({}))])));
        quote(&draft, &shop, &Context::at(0)).unwrap()
    };
    let charge = |quote: &Quote| quote.shipping.as_ref().unwrap().amount_minor.minor();
    let fixed = |amount: i64| {
        priced(json!({"kind": "orderFixed", "amountMinor": amount, "withShipping": true}))
    };
    // 4.00 over 15.00 and 5.00.
    let some = fixed(400);
    assert_eq!((discounts(&some), charge(&some)), (vec![200, 100], 400));
    let all = fixed(5_000);
    assert_eq!((all.totals.gross_minor.minor(), charge(&all)), (0, 0));
    let half = priced(json!({"kind": "orderPercentage", "percent": "50", "withShipping": true}));
    assert_eq!((half.totals.gross_minor.minor(), charge(&half)), (1_000, 250));
}
