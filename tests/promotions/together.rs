//! One gate for all: promotions on the items, on shipping, with both, and gifts obey the same rules.

use orderkit::{Context, Draft, Quote, quote};
use serde_json::{Value, json};

use super::shop::{applied, cart, discounts, promotion, rules, ruleset, steps};

fn off(id: &str, amount_minor: i64, more: Value) -> Value {
    promotion(id, json!({"kind": "orderFixed", "amountMinor": amount_minor}), more)
}

fn shipped(lines: &str) -> Draft {
    let mut draft = cart(lines);
    draft.details.shipping_method = Some("post".to_owned());
    draft
}

fn known(context: Value) -> Context {
    let mut known = json!({"nowMs": 0});
    for (key, value) in context.as_object().unwrap() {
        known[key] = value.clone();
    }
    serde_json::from_value(known).unwrap()
}

#[track_caller]
fn sold(promotions: Value, stacking: Value, draft: &Draft, context: Value) -> Quote {
    let mut shop = ruleset(promotions);
    shop["stacking"] = stacking;
    quote(draft, &rules(&shop), &known(context)).unwrap()
}

/// What is off the items, and what is left of the shipping charge of 5.00.
#[track_caller]
fn takes(promotions: Value, stacking: Value, draft: &Draft, context: Value, expected: (i64, i64)) {
    let quote = sold(promotions, stacking, draft, context);
    let found = (quote.totals.discount_minor.minor(), quote.totals.shipping_minor.minor());
    assert_eq!(found, expected, "{:?}", quote.trace);
}

#[test]
fn limits_hold_for_what_spans_items_and_shipping() {
    let spans = |limits: Value| {
        let effect = json!({"kind": "orderFixed", "amountMinor": 2_000, "withShipping": true});
        json!([promotion("w", effect, json!({"limits": limits}))])
    };
    let both = |limits, context, expected| {
        takes(spans(limits), json!({}), &shipped("1A 1C"), context, expected);
    };
    both(json!({}), json!({}), (1_500, 0));
    both(json!({"orderMinor": 500}), json!({}), (375, 375));
    both(json!({"budgetMinor": 100}), json!({}), (75, 475));
    let spent = json!({"uses": [{"rule": "w", "count": 1, "customerAmountMinor": 900}]});
    both(json!({"budgetPerCustomerMinor": 1_000}), spent.clone(), (75, 475));
    both(json!({"budgetPerCustomerMinor": 1_000, "wholeOnly": true}), spent, (0, 500));
    let percent = json!({"kind": "orderPercentage", "percent": "50", "maximumMinor": 400, "withShipping": true});
    takes(
        json!([promotion("w", percent, json!({}))]),
        json!({}),
        &shipped("1A 1C"),
        json!({}),
        (300, 400),
    );
    // Where the items cost nothing any more, the whole amount is for shipping.
    let nothing = promotion("all", json!({"kind": "linePercentage", "percent": "100"}), json!({}));
    takes(json!([nothing, spans(json!({}))[0]]), json!({}), &shipped("1A"), json!({}), (1_000, 0));
}

#[test]
fn limits_hold_on_shipping_and_say_so() {
    let free = |limits: Value| {
        let effect = json!({"kind": "shippingPercentage", "percent": "100"});
        json!([promotion("s", effect, json!({"limits": limits}))])
    };
    let spent = json!({"uses": [{"rule": "s", "count": 1, "customerAmountMinor": 900}]});
    takes(
        free(json!({"budgetPerCustomerMinor": 1_000})),
        json!({}),
        &shipped("1A"),
        spent,
        (0, 400),
    );
    let quote = sold(free(json!({"orderMinor": 200})), json!({}), &shipped("1A"), json!({}));
    assert_eq!(quote.totals.shipping_minor.minor(), 300);
    let capped = json!({"step": "discountCapped", "rule": "s", "wantedMinor": 500, "amountMinor": 200, "cap": "order"});
    assert_eq!(steps(&quote, "s")[0], capped);
}

#[test]
fn a_shipping_promotion_needs_the_goods_it_is_for() {
    let effect = || json!({"kind": "shippingPercentage", "percent": "100"});
    let only_b = json!([promotion("s", effect(), json!({"target": {"skus": ["B"]}}))]);
    takes(only_b.clone(), json!({}), &shipped("1A"), json!({}), (0, 500));
    takes(only_b, json!({}), &shipped("1A 1B"), json!({}), (0, 0));
}

#[test]
fn side_by_side_on_shipping_is_of_the_charge_before() {
    let half = |id| {
        promotion(id, json!({"kind": "shippingPercentage", "percent": "50"}), json!({"group": "g"}))
    };
    for (mode, left) in [("parallel", 0), ("sequential", 125), ("bestOf", 250)] {
        let stacking = json!({"groups": [{"id": "g", "mode": mode}]});
        takes(json!([half("a"), half("b")]), stacking, &shipped("1A"), json!({}), (0, left));
    }
}

#[test]
fn the_exclusive_one_comes_first_on_shipping_too() {
    let fixed = |id, amount: i64, more| {
        promotion(id, json!({"kind": "shippingFixed", "amountMinor": amount}), more)
    };
    let two =
        json!([fixed("a", 100, json!({})), fixed("b", 300, json!({"exclusive": "shipping"}))]);
    takes(two.clone(), json!({}), &shipped("1A"), json!({}), (0, 400));
    takes(two, json!({"exclusiveFirst": true}), &shipped("1A"), json!({}), (0, 200));
}

#[test]
fn a_group_that_is_decided_together_knows_no_phases() {
    let line =
        promotion("l", json!({"kind": "linePercentage", "percent": "10"}), json!({"group": "g"}));
    let order =
        promotion("o", json!({"kind": "orderPercentage", "percent": "20"}), json!({"group": "g"}));
    let coupon = off("c", 150, json!({"group": "g", "couponCodes": ["C"]}));
    let mut draft = shipped("1A");
    draft.details.coupon_codes = vec!["C".to_owned()];
    let of = |mode: &str, most| {
        let promotions = json!([line, order, coupon]);
        takes(
            promotions,
            json!({"groups": [{"id": "g", "mode": mode}]}),
            &draft,
            json!({}),
            (most, 500),
        );
    };
    of("bestOf", 200);
    of("bestPerLine", 200);
    of("parallel", 450);
}

#[test]
fn the_best_of_each_line_obeys_the_other_rules() {
    let on = |id: &str, sku: &str, amount: i64, more: Value| {
        let effect = json!({"kind": "lineFixed", "amountMinor": amount, "per": "line"});
        let mut promotion = promotion(id, effect, more);
        promotion["group"] = json!("g");
        promotion["target"] = json!({"skus": [sku]});
        promotion
    };
    let two = |more: Value| json!([on("x", "A", 100, json!({})), on("y", "B", 200, more)]);
    let group = |more: Value| {
        let mut group = json!({"id": "g", "mode": "bestPerLine"});
        for (key, value) in more.as_object().unwrap() {
            group[key] = value.clone();
        }
        json!([group])
    };
    let of = |promotions, stacking, most| {
        takes(promotions, stacking, &shipped("1A 1B"), json!({}), (most, 500))
    };
    of(two(json!({})), json!({"groups": group(json!({}))}), 300);
    of(two(json!({})), json!({"groups": group(json!({"maximumPerOrder": 1}))}), 200);
    of(two(json!({"exclusive": "items"})), json!({"groups": group(json!({}))}), 200);
    let apart = json!([{"first": "x", "second": "y", "combine": false}]);
    of(two(json!({})), json!({"groups": group(json!({})), "pairs": apart}), 200);
    // One that wins no line keeps nobody out.
    let all = on("z", "B", 150, json!({"exclusive": "items"}));
    of(
        json!([two(json!({}))[0], two(json!({}))[1], all]),
        json!({"groups": group(json!({}))}),
        300,
    );
}

#[test]
fn a_pair_goes_together_in_spite_of_the_best_of_its_group() {
    let stacking = json!({
        "groups": [{"id": "g", "mode": "bestOf"}],
        "pairs": [{"first": "x", "second": "y", "combine": true}],
    });
    let three = json!([
        off("x", 100, json!({"group": "g"})),
        off("y", 50, json!({"group": "g"})),
        off("z", 70, json!({"group": "g"})),
    ]);
    let quote = sold(three, stacking, &shipped("1A"), json!({}));
    assert_eq!((discounts(&quote), applied(&quote)), (vec![150], vec!["x", "y"]));
}

#[test]
fn a_limit_of_nothing_is_nothing() {
    let group = json!({"groups": [{"id": "g", "maximumPerOrder": 0}]});
    takes(
        json!([off("p", 100, json!({"group": "g"}))]),
        group,
        &shipped("1A"),
        json!({}),
        (0, 500),
    );
    let none = json!([off("p", 100, json!({"limits": {"uses": 0}}))]);
    takes(none, json!({}), &shipped("1A"), json!({}), (0, 500));
}

#[test]
fn followers_go_with_any_leader_and_its_conditions_and_their_own() {
    let leader = |more: Value| off("lead", 100, more);
    let follower =
        |effect: Value| promotion("next", effect, json!({"with": "lead", "priority": 9}));
    let free = || json!({"kind": "shippingPercentage", "percent": "100"});
    let unmet = || json!({"when": {"minimumMinor": 99_999}});
    for (more, left) in [(json!({}), 0), (unmet(), 500), (json!({"group": "g"}), 0)] {
        let stacking = json!({"groups": [{"id": "g", "mode": "bestOf"}]});
        let rival = off("rival", 50, json!({"group": "g"}));
        let all = json!([leader(more.clone()), rival, follower(free())]);
        let quote = sold(all, stacking, &shipped("1A"), json!({}));
        assert_eq!(quote.totals.shipping_minor.minor(), left, "{more}");
    }
    let gift = follower(json!({"kind": "gift", "skus": ["D"]}));
    let quote = sold(json!([leader(unmet()), gift]), json!({}), &shipped("1A"), json!({}));
    assert_eq!(quote.lines.len(), 1);
    let step = json!({"step": "conditionNotMet", "rule": "next", "condition": "otherPromotion"});
    assert_eq!(steps(&quote, "next"), [step]);
}

#[test]
fn gifts_obey_groups_exclusions_stock_and_budgets() {
    let gift = |id: &str, more: Value| promotion(id, json!({"kind": "gift", "skus": ["D"]}), more);
    let gifts = |promotions: Value, stacking: Value, lines: &str, context: Value| {
        let quote = sold(promotions, stacking, &shipped(lines), context);
        quote.lines.len() - lines.split_whitespace().count()
    };
    let two = |more: Value| json!([gift("g1", more.clone()), gift("g2", more)]);
    assert_eq!(gifts(two(json!({})), json!({}), "1A", json!({})), 2);
    let one = json!({"groups": [{"id": "g", "maximumPerOrder": 1}]});
    assert_eq!(gifts(two(json!({"group": "g"})), one, "1A", json!({})), 1);
    assert_eq!(gifts(two(json!({"exclusive": "items"})), json!({}), "1A", json!({})), 1);
    let stock = |quantity: &str| json!({"stock": [{"sku": "D", "quantity": quantity}]});
    assert_eq!(gifts(two(json!({})), json!({}), "1A", stock("1")), 1);
    assert_eq!(gifts(two(json!({})), json!({}), "1D", stock("2")), 1);
    // A gift is worth 1.00: a budget covers it, or it is not given.
    for (limits, count) in [
        (json!({"budgetMinor": 100}), 1),
        (json!({"budgetMinor": 99}), 0),
        (json!({"orderMinor": 50}), 0),
    ] {
        assert_eq!(
            gifts(json!([gift("g", json!({"limits": limits}))]), json!({}), "1A", json!({})),
            count
        );
    }
}

#[test]
fn tiers_count_what_their_conditions_count() {
    let tiers =
        || json!({"kind": "spendTiers", "tiers": [{"spendMinor": 9_500, "saveMinor": 500}]});
    let line = promotion("l", json!({"kind": "linePercentage", "percent": "10"}), json!({}));
    let of = |when: Value, most| {
        let tiered = promotion("t", tiers(), json!({"when": when}));
        takes(json!([line, tiered]), json!({}), &shipped("5B"), json!({}), (most, 500));
    };
    of(json!({}), 1_000);
    of(json!({"minimumBasis": "beforeDiscounts"}), 1_500);
}

#[test]
fn a_bundle_is_found_whatever_the_order_of_its_parts() {
    let part = |target: Value| json!({"quantity": 1, "target": target});
    let parts = [part(json!({"categories": ["books"]})), part(json!({"skus": ["B"]}))];
    for turned in [false, true] {
        let mut parts = parts.to_vec();
        if turned {
            parts.reverse();
        }
        let bundle = promotion(
            "b",
            json!({"kind": "bundle", "parts": parts, "amountMinor": 2_500}),
            json!({}),
        );
        // B is the only one for its part, so A serves the other one.
        takes(json!([bundle]), json!({}), &shipped("1A 1B"), json!({}), (500, 500));
        // The dearest goods that make a bundle are in it.
        takes(json!([bundle]), json!({}), &shipped("2A 2B"), json!({}), (1_500, 500));
    }
}

#[test]
fn a_quota_counts_all_lines_of_an_order() {
    let mut shop = ruleset(json!([]));
    let prices = json!([{"sku": "A", "unitPrice": "1"}, {"sku": "B", "unitPrice": "2"}]);
    shop["priceLists"] =
        json!([{"id": "flash", "name": {"en": "Flash"}, "quota": 5, "prices": prices}]);
    for (lines, items) in [("4A 1A", 500), ("4A 4A", 4_400), ("4A 4B", 8_400), ("6A", 6_000)] {
        let quote = quote(&cart(lines), &rules(&shop), &Context::at(0)).unwrap();
        assert_eq!(quote.totals.items_minor.minor(), items, "{lines}");
    }
}

#[test]
fn a_discount_never_pays_out_what_a_credit_line_leaves() {
    let mut shop = ruleset(json!([off("f", 900, json!({})), off("g", 900, json!({}))]));
    shop["priceSource"] = json!("draft");
    let draft: Draft = serde_json::from_value(json!({"lines": [
        {"sku": "A", "quantity": "1", "unitPrice": "10"},
        {"sku": "C", "quantity": "-1", "unitPrice": "5"},
    ]}))
    .unwrap();
    let quote = quote(&draft, &rules(&shop), &Context::at(0)).unwrap();
    assert_eq!((quote.totals.discount_minor.minor(), quote.totals.gross_minor.minor()), (500, 0));
}

#[test]
fn the_cap_that_bound_is_named() {
    for (limits, floor, cap, most) in [
        (json!({"lineMinor": 100}), "5", "line", 100),
        (json!({"lineMinor": 800}), "5", "floor", 500),
    ] {
        let half = promotion(
            "p",
            json!({"kind": "linePercentage", "percent": "90"}),
            json!({"limits": limits}),
        );
        let mut shop = ruleset(json!([half]));
        shop["products"][0]["floorUnitPrice"] = json!(floor);
        let quote = quote(&cart("1A"), &rules(&shop), &Context::at(0)).unwrap();
        let step = &steps(&quote, "p")[0];
        assert_eq!((&step["cap"], &step["amountMinor"]), (&json!(cap), &json!(most)));
    }
}
