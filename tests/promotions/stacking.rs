//! How promotions go together.

use orderkit::{Context, Quote, quote};
use serde_json::{Value, json};

use super::shop::{applied, cart, discounts, promotion, rules, ruleset, steps};

fn percent(id: &str, percent: &str, more: Value) -> Value {
    promotion(id, json!({"kind": "orderPercentage", "percent": percent}), more)
}

#[track_caller]
fn stacked(promotions: Value, stacking: Value, lines: &str) -> Quote {
    let mut shop = ruleset(promotions);
    shop["stacking"] = stacking;
    quote(&cart(lines), &rules(&shop), &Context::at(0)).unwrap()
}

#[test]
fn one_after_the_other_side_by_side_or_only_the_best() {
    let two = || {
        json!([
            percent("ten", "10", json!({"group": "g"})),
            percent("half", "50", json!({"group": "g"}))
        ])
    };
    let with = |mode: &str| stacked(two(), json!({"groups": [{"id": "g", "mode": mode}]}), "1A");
    // By id: half first, then ten.
    assert_eq!(
        (discounts(&with("sequential")), applied(&with("sequential"))),
        (vec![550], vec!["half", "ten"])
    );
    assert_eq!(discounts(&with("parallel")), [600]);
    let best = with("bestOf");
    assert_eq!((discounts(&best), applied(&best)), (vec![500], vec!["half"]));
    assert_eq!(
        steps(&best, "ten"),
        [
            json!({"step": "beatenBy", "rule": "ten", "by": "half", "amountMinor": 100, "byAmountMinor": 500})
        ]
    );
}

#[test]
fn the_best_of_each_line() {
    let on = |id: &str, sku: &str, amount: i64| {
        promotion(
            id,
            json!({"kind": "lineFixed", "amountMinor": amount, "per": "line"}),
            json!({"group": "g", "target": {"skus": [sku]}}),
        )
    };
    let all =
        promotion("all", json!({"kind": "linePercentage", "percent": "10"}), json!({"group": "g"}));
    let quote = stacked(
        json!([on("a", "A", 300), on("b", "B", 100), all]),
        json!({"groups": [{"id": "g", "mode": "bestPerLine"}]}),
        "1A 1B 1C",
    );
    assert_eq!(discounts(&quote), [300, 200, 50]);
    assert_eq!(applied(&quote), ["a", "all"]);
    assert_eq!(steps(&quote, "b")[0]["by"], "all");
}

#[test]
fn parallel_never_takes_more_than_there_is() {
    let quote = stacked(
        json!([
            percent("a", "70", json!({"group": "g"})),
            percent("b", "70", json!({"group": "g"}))
        ]),
        json!({"groups": [{"id": "g", "mode": "parallel"}]}),
        "1A",
    );
    assert_eq!(discounts(&quote), [1000]);
}

#[test]
fn priority_and_id_decide_and_not_the_order_in_the_file() {
    let (a, b) = (percent("a", "10", json!({"priority": 5})), percent("b", "20", json!({})));
    let one = stacked(json!([a, b]), json!({}), "1A");
    let other = stacked(json!([b, a]), json!({}), "1A");
    assert_eq!(applied(&one), ["b", "a"]);
    assert_eq!((one.lines, one.adjustments), (other.lines, other.adjustments));
}

#[test]
fn an_exclusive_promotion_runs_alone_in_its_scope() {
    let shop = |scope: &str| {
        let mut shop = ruleset(json!([
            percent("ten", "10", json!({})),
            percent("only", "20", json!({"priority": 9, "exclusive": scope})),
            promotion("ship", json!({"kind": "shippingPercentage", "percent": "100"}), json!({})),
        ]));
        shop["stacking"] = json!({"exclusiveFirst": true});
        shop
    };
    let priced = |scope: &str| {
        let mut draft = cart("1A");
        draft.details.shipping_method = Some("post".to_owned());
        quote(&draft, &rules(&shop(scope)), &Context::at(0)).unwrap()
    };
    let items = priced("items");
    assert_eq!(applied(&items), ["only"]);
    assert_eq!(
        steps(&items, "ten"),
        [json!({"step": "suppressed", "rule": "ten", "by": "only", "reason": "exclusive"})]
    );
    assert_eq!(items.totals.shipping_minor.minor(), 0);
    assert_eq!(priced("all").totals.shipping_minor.minor(), 500);
}

#[test]
fn groups_exclude_each_other_and_pairs_are_exceptions() {
    let promotions = || {
        json!([
            percent("a", "10", json!({"group": "one"})),
            percent("b", "10", json!({"group": "two"})),
            percent("c", "10", json!({"group": "two"}))
        ])
    };
    let groups = json!([{"id": "one", "excludes": ["two"]}, {"id": "two"}]);
    let quote = stacked(promotions(), json!({"groups": groups}), "1A");
    assert_eq!(applied(&quote), ["a"]);
    assert_eq!(steps(&quote, "b")[0]["reason"], "group");
    let pairs = json!([{"first": "a", "second": "c", "combine": true}]);
    let quote = stacked(promotions(), json!({"groups": groups, "pairs": pairs}), "1A");
    assert_eq!(applied(&quote), ["a", "c"]);
    let pairs = json!([{"first": "c", "second": "b", "combine": false}]);
    let quote = stacked(
        promotions(),
        json!({"groups": [{"id": "one"}, {"id": "two"}], "pairs": pairs}),
        "1A",
    );
    assert_eq!(applied(&quote), ["a", "b"]);
    assert_eq!(steps(&quote, "c")[0]["reason"], "pair");
}

#[test]
fn at_most_so_many_on_a_line_or_an_order() {
    let line = |id: &str, sku: Value| {
        promotion(
            id,
            json!({"kind": "linePercentage", "percent": "10"}),
            json!({"group": "g", "target": {"skus": sku}}),
        )
    };
    let promotions =
        json!([line("a", json!(["A"])), line("b", json!(["A", "B"])), line("c", json!(["B"]))]);
    let quote =
        stacked(promotions.clone(), json!({"groups": [{"id": "g", "maximumPerLine": 1}]}), "1A 1B");
    assert_eq!(discounts(&quote), [100, 200]);
    let quote =
        stacked(promotions, json!({"groups": [{"id": "g", "maximumPerOrder": 2}]}), "1A 1B");
    assert_eq!(applied(&quote), ["a", "b"]);
    assert_eq!(steps(&quote, "c")[0]["reason"], "groupMaximum");
}

#[test]
fn percentages_of_the_original_price() {
    let promotions = json!([
        percent("a", "50", json!({})),
        percent("b", "30", json!({})),
        percent("c", "30", json!({}))
    ]);
    let quote = stacked(promotions, json!({"percentageOf": "original"}), "1A");
    assert_eq!(
        quote.adjustments.iter().map(|it| it.amount_minor.minor()).collect::<Vec<_>>(),
        [500, 300, 200]
    );
}

#[test]
fn the_best_combination_is_found_and_proven() {
    // Alone, `big` saves most; but it keeps the two others out, which together save more.
    let promotions = json!([
        percent("big", "30", json!({"exclusive": "items"})),
        percent("one", "20", json!({})),
        promotion("two", json!({"kind": "orderFixed", "amountMinor": 300}), json!({})),
    ]);
    let first = stacked(promotions.clone(), json!({"exclusiveFirst": true}), "1B");
    assert_eq!(first.totals.gross_minor.minor(), 1400);
    let best = stacked(promotions, json!({"exclusiveFirst": true, "bestForCustomer": true}), "1B");
    assert_eq!((best.totals.gross_minor.minor(), applied(&best)), (1300, vec!["one", "two"]));
    let trace = serde_json::to_value(&best.trace).unwrap();
    assert!(trace.as_array().unwrap().contains(&json!({"step": "bestCombination", "savedMinor": 700, "boundMinor": 700, "isExact": true})), "{trace}");
    assert_eq!(
        steps(&best, "big"),
        [json!({"step": "notInBest", "rule": "big", "amountMinor": 600})]
    );
}
