//! Seeded defects of rulesets, each found at its place with a cart that shows it, and rulesets without any.
#![allow(dead_code, reason = "the shop of the promotion tests is used in part")]

#[path = "promotions/any.rs"]
mod any;
#[path = "promotions/shop.rs"]
mod shop;

use orderkit::{
    Code, Quote, Refusal, Rules, TraceStep,
    lint::{Finding, Severity, ShownKind, lint, lint_json},
    quote,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW_MS: i64 = 1_800_000_000_000;

/// A ruleset without findings.
fn clean() -> Value {
    let text = |en: &str| json!({"en": en, "zh": "文字"});
    json!({
        "version": "1", "name": text("Tea shop"), "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxInclusive",
        "products": [
            {"sku": "TEA", "name": text("Tea"), "unitPrice": "4.95", "taxClass": "food",
             "category": "drinks", "maximumQuantity": "10"},
            {"sku": "POT", "name": text("Pot"), "unitPrice": "20", "taxClass": "food",
             "maximumQuantity": "10"}
        ],
        "priceLists": [
            {"id": "club", "name": text("Club"), "customerGroups": ["club"],
             "prices": [{"sku": "TEA", "unitPrice": "4.50"}]}
        ],
        "promotions": [
            {"id": "tea", "name": text("Tea day"), "target": {"categories": ["drinks"], "skus": ["POT"]},
             "endsMs": NOW_MS + 1, "effect": {"kind": "linePercentage", "percent": "50"}},
            {"id": "tiers", "name": text("Spend and save"), "effect": {"kind": "spendTiers",
             "tiers": [{"spendMinor": 1000, "saveMinor": 100}, {"spendMinor": 2000, "saveMinor": 300}]}},
            {"id": "half", "name": text("Half"), "couponCodes": ["HALF"], "when": {"minimumMinor": 500},
             "effect": {"kind": "orderPercentage", "percent": "49.9"}}
        ],
        "shippingMethods": [
            {"id": "post", "name": text("Post"), "priceMinor": 500, "freeOverMinor": 5000,
             "freeOverBasis": "beforeDiscounts", "taxClass": "food", "countries": ["DE", "FR"]}
        ],
        "paymentMethods": [{"id": "card", "name": text("Card")}],
        "taxClasses": [{"id": "food", "rules": [
            {"countries": ["DE"], "components": [{"percent": "7"}]},
            {"countries": ["FR"], "components": [{"percent": "5.5"}]}
        ]}]
    })
}

/// The clean ruleset with values set at some places; `-` adds to a list.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut ruleset = clean();
    for (path, value) in changes {
        let (parent, key) = path.rsplit_once('/').unwrap();
        match ruleset.pointer_mut(parent).unwrap_or_else(|| panic!("{path}")) {
            Value::Array(list) if key == "-" => list.push(value.clone()),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.clone(),
            object => object[key] = value.clone(),
        }
    }
    ruleset
}

fn found(ruleset: &Value) -> Vec<Finding> {
    lint_json(ruleset.to_string().as_bytes(), NOW_MS)
}

/// The clean ruleset with one defect has exactly this finding, with a cart that shows it where a cart can.
#[track_caller]
fn finds(changes: &[(&str, Value)], severity: Severity, code: Code, at: &str) {
    let ruleset = with(changes);
    let found = found(&ruleset);
    let short: Vec<_> =
        found.iter().map(|it| (it.severity, it.issue.code, it.issue.path.as_str())).collect();
    assert_eq!(short, [(severity, code, at)], "{found:#?}");
    let rules = shop::rules(&ruleset);
    for finding in &found {
        assert_eq!(finding.example.is_some(), finding.is_about_carts(), "{finding:#?}");
        holds(&rules, finding).unwrap();
    }
}

#[track_caller]
fn warns(changes: &[(&str, Value)], code: Code, at: &str) {
    finds(changes, Severity::Warning, code, at);
}

fn applied(quote: &Quote, rule: &str) -> bool {
    quote.adjustments.iter().any(|it| it.rule == rule && !it.amount_minor.is_zero())
        || quote.lines.iter().any(|it| it.gift_of.as_deref() == Some(rule))
        || quote.shipping.iter().flat_map(|it| &it.discounts).any(|it| it.rule == rule)
}

/// Whether the quote of the example shows what the finding says of it.
fn holds(rules: &Rules, finding: &Finding) -> Result<(), TestCaseError> {
    let (Some(draft), Some(context), Some(shows)) =
        (&finding.example, &finding.context, &finding.shows)
    else {
        prop_assert!(finding.example.is_none() && finding.shows.is_none());
        return Ok(());
    };
    let is_finished = !shows.sentence.en.contains('{') && shows.sentence.zh.is_some();
    prop_assert!(is_finished);
    let priced: Result<Quote, Refusal> = quote(draft, rules, context);
    if shows.kind == ShownKind::Refused {
        let codes: Vec<Code> = priced.unwrap_err().issues.iter().map(|it| it.code).collect();
        prop_assert!(codes.contains(&shows.code.unwrap()), "{codes:?}");
        return Ok(());
    }
    let quote = priced.unwrap();
    let rule = shows.rule.as_deref().unwrap_or_default();
    let amount = shows.amount_minor.unwrap_or_default();
    let other = shows.other_minor.unwrap_or_default();
    let without = || {
        let mut draft = draft.clone();
        draft.details.coupon_codes.clear();
        orderkit::quote(&draft, rules, context).unwrap().totals
    };
    let taken =
        quote.adjustments.iter().find(|it| it.rule == rule).map_or(0, |it| it.amount_minor.minor());
    let is_right = match shows.kind {
        ShownKind::NotApplied => {
            let not_free = |step: &TraceStep| matches!(step, TraceStep::ShippingNotFree { method, .. } if method == rule);
            !applied(&quote, rule)
                && (rules.shipping_method(rule).is_none() || quote.trace.iter().any(not_free))
        }
        ShownKind::Capped => {
            taken == amount.minor() && amount <= shows.other_minor.unwrap_or(amount)
        }
        ShownKind::Everything => {
            quote.totals.discount_minor == quote.totals.items_minor
                && quote.totals.items_minor == amount
        }
        ShownKind::ShippingLost => {
            quote.totals.shipping_minor == amount
                && without().shipping_minor == other
                && amount > other
        }
        ShownKind::Dearer => {
            quote.totals.gross_minor == amount && without().gross_minor == other && amount > other
        }
        ShownKind::ListUnused | ShownKind::BelowFloor => quote.lines[0].amount_minor == amount,
        ShownKind::SavesNoMore => taken == amount.minor() && amount <= other,
        ShownKind::SavesNoMoreEach => {
            let units: i64 = quote.lines[0].quantity.to_integer().unwrap();
            taken / units == amount.minor() && amount <= other
        }
        ShownKind::Taxed => quote.totals.tax_minor == amount,
        ShownKind::Refused => false,
    };
    prop_assert!(is_right, "{:#?} of {:?}", finding, quote.trace);
    Ok(())
}

#[test]
fn a_clean_ruleset_has_no_findings() {
    assert_eq!(found(&clean()), []);
}

#[test]
fn the_example_shop_has_no_errors_or_warnings() {
    let found = lint_json(include_bytes!("../examples/ruleset.json"), NOW_MS);
    let bad: Vec<_> = found.iter().filter(|it| it.severity != Severity::Info).collect();
    assert_eq!(bad, Vec::<&Finding>::new());
}

#[test]
fn a_ruleset_that_cannot_be_used_has_the_errors_that_say_why() {
    let mut ruleset = clean();
    ruleset["products"][0]["taxClass"] = json!("drinks");
    let errors = found(&ruleset);
    assert_eq!((errors[0].severity, errors[0].issue.code), (Severity::Error, Code::RulesetInvalid));
    assert_eq!(lint_json(b"{", 0)[0].issue.code, Code::JsonMalformed);
    ruleset["products"][0]["unitPrice"] = json!(4.95);
    assert_eq!(found(&ruleset)[0].issue.path, "/products/0/unitPrice");
    // Gaps and overlaps in bands, and gifts that are not sold, cannot be used at all.
    let band = |from: &str| json!([{"rows": [{"rates": [{"to": "5", "priceMinor": 100}, {"from": from, "priceMinor": 200}]}]}]);
    for from in ["6", "4"] {
        let errors = found(&with(&[("/shippingMethods/0/tables", band(from))]));
        assert_eq!(errors[0].issue.path, "/shippingMethods/0/tables/0/rows/0/rates/1/from");
    }
    let gift = json!({"kind": "gift", "skus": ["CUP"]});
    assert_eq!(
        found(&with(&[("/promotions/0/effect", gift)]))[0].issue.path,
        "/promotions/0/effect/skus/0"
    );
}

#[test]
fn numbers_that_can_repeat() {
    let numbering = json!({"pattern": "{date:yyMMdd}{digits:6}", "ordersPerDay": 1000});
    warns(&[("/numbering", numbering)], Code::PatternCollides, "/numbering/pattern");
    let loose = with(&[("/numbering", json!({"pattern": "{date:yyMMdd}{digits:6}"}))]);
    let message = found(&loose)[0].issue.message(orderkit::Language::English);
    assert!(message.contains("39.3 % a day"), "{message}");
    assert!(
        message.contains("at 1000 orders") && message.contains("{device:2}{seq:4}"),
        "{message}"
    );
    // 50 orders a day over 30^6 numbers: 1.7 in a million.
    let rare = json!({"pattern": "{date:yyMMdd}{rand:6}", "ordersPerDay": 50});
    assert_eq!(found(&with(&[("/numbering", rare)])), []);
}

#[test]
fn promotions_that_never_come() {
    let ended = "/promotions/0/endsMs";
    warns(&[(ended, json!(NOW_MS))], Code::PromotionEnded, ended);
    let effect = "/promotions/2/effect";
    let nothing = json!({"kind": "orderPercentage", "percent": "0"});
    warns(&[(effect, nothing)], Code::PromotionWithoutEffect, effect);
    let nothing = json!({"kind": "orderPercentage", "percent": "5", "maximumMinor": 0});
    warns(&[(effect, nothing)], Code::PromotionWithoutEffect, effect);
    warns(
        &[("/promotions/0/target/skus/-", json!("CUP"))],
        Code::TargetUnknown,
        "/promotions/0/target/skus/1",
    );
    let nobody = json!({"categories": ["food"]});
    warns(
        &[("/promotions/0/target", nobody)],
        Code::TargetUnknown,
        "/promotions/0/target/categories/0",
    );
    // Conditions that contradict each other: nothing else is wrong with them.
    let target = json!({"skus": ["TEA"], "excluded": ["drinks"]});
    warns(&[("/promotions/0/target", target)], Code::PromotionUnreachable, "/promotions/0");
    let dear = json!({"minimumUnitPrice": "50"});
    warns(&[("/promotions/0/target", dear)], Code::PromotionUnreachable, "/promotions/0");
    let contains = json!({"containsAll": ["CUP"]});
    warns(
        &[("/promotions/1/when", contains)],
        Code::TargetUnknown,
        "/promotions/1/when/containsAll/0",
    );
    let counting = json!({"counting": {"categories": ["cups"]}, "minimumQuantity": "2"});
    warns(
        &[("/promotions/2/when", counting)],
        Code::TargetUnknown,
        "/promotions/2/when/counting/categories/0",
    );
}

#[test]
fn coupons_that_never_win() {
    let group = json!([{"id": "one", "mode": "bestOf"}]);
    let small = json!({"kind": "orderFixed", "amountMinor": 1});
    let big = json!({"kind": "orderPercentage", "percent": "10"});
    warns(
        &[
            ("/stacking", json!({"groups": group})),
            ("/promotions/1/effect", big),
            ("/promotions/1/group", json!("one")),
            ("/promotions/1/phase", json!("coupon")),
            ("/promotions/2/effect", small),
            ("/promotions/2/group", json!("one")),
        ],
        Code::PromotionNeverWins,
        "/promotions/2",
    );
    // One that runs alone, for every order, and first.
    let alone = with(&[
        ("/promotions/0/exclusive", json!("items")),
        ("/promotions/0/target", json!({})),
        ("/promotions/0/endsMs", Value::Null),
    ]);
    let found = found(&alone);
    let never: Vec<_> = found.iter().map(|it| (it.issue.code, it.issue.path.as_str())).collect();
    let code = Code::PromotionNeverWins;
    assert_eq!(never, [(code, "/promotions/1"), (code, "/promotions/2")], "{found:#?}");
    found.iter().for_each(|it| holds(&shop::rules(&alone), it).unwrap());
}

#[test]
fn groups_that_exclude_each_other() {
    let groups = json!([{"id": "a", "excludes": ["b"]}, {"id": "b", "excludes": ["c"]}, {"id": "c", "excludes": ["a"]}]);
    let changes = [
        ("/stacking", json!({"groups": groups})),
        ("/promotions/0/group", json!("a")),
        ("/promotions/0/target", json!({"skus": ["TEA"]})),
        ("/promotions/1/group", json!("b")),
        ("/promotions/1/target", json!({"skus": ["POT"]})),
        ("/promotions/2/group", json!("c")),
    ];
    let codes: Vec<Code> = found(&with(&changes)).iter().map(|it| it.issue.code).collect();
    assert!(codes.contains(&Code::ExclusionCycle), "{codes:?}");
    let pair = json!([{"id": "a", "excludes": ["b"]}, {"id": "b", "excludes": ["a"]}]);
    warns(
        &[
            ("/stacking", json!({"groups": pair})),
            ("/promotions/0/group", json!("a")),
            ("/promotions/0/target", json!({"skus": ["TEA"]})),
            ("/promotions/1/group", json!("b")),
        ],
        Code::ExclusionCycle,
        "/stacking/groups/0/excludes",
    );
    let one_way = json!([{"id": "a", "excludes": ["b"]}, {"id": "b"}]);
    let changes = [
        ("/stacking", json!({"groups": one_way})),
        ("/promotions/0/group", json!("a")),
        ("/promotions/0/target", json!({"skus": ["TEA"]})),
        ("/promotions/1/group", json!("b")),
    ];
    assert_eq!(found(&with(&changes)), []);
}

#[test]
fn discounts_that_take_everything() {
    let half = json!({"kind": "orderPercentage", "percent": "50"});
    // One after the other they leave a quarter.
    assert_eq!(found(&with(&[("/promotions/2/effect", half.clone())])), []);
    let of_original = ("/stacking", json!({"percentageOf": "original"}));
    warns(
        &[("/promotions/2/effect", half.clone()), of_original.clone()],
        Code::DiscountsReachAll,
        "/promotions",
    );
    let parallel = [
        ("/promotions/2/effect", half.clone()),
        ("/promotions/0/phase", json!("coupon")),
        ("/promotions/0/group", json!("p")),
        ("/promotions/2/group", json!("p")),
        ("/stacking", json!({"groups": [{"id": "p", "mode": "parallel"}]})),
    ];
    warns(&parallel, Code::DiscountsReachAll, "/promotions");
    let capped = ("/stacking", json!({"percentageOf": "original", "maximumOrderPercent": "90"}));
    assert_eq!(
        found(&with(&[("/promotions/2/effect", half.clone()), capped])),
        [],
        "a maximum bounds it"
    );
    let limited = json!({"kind": "orderPercentage", "percent": "50", "maximumMinor": 1000});
    assert_eq!(found(&with(&[("/promotions/2/effect", limited), of_original.clone()])), []);
    let apart = [
        ("/promotions/2/effect", half),
        of_original,
        ("/promotions/2/target", json!({"skus": ["POT"]})),
        ("/promotions/0/target", json!({"skus": ["TEA"]})),
    ];
    assert_eq!(found(&with(&apart)), [], "no product has both");
}

#[test]
fn thresholds_out_of_reach() {
    // 2,000 lines of 10 pots at 20.00 are 400,000.00.
    let code = Code::ThresholdUnreachable;
    for path in [
        "/shippingMethods/0/freeOverMinor",
        "/promotions/2/when/minimumMinor",
        "/promotions/1/effect/tiers/1/spendMinor",
    ] {
        let found = found(&with(&[(path, json!(40_000_001))]));
        assert_eq!((found[0].issue.code, found[0].issue.path.as_str()), (code, path), "{found:#?}");
        assert_eq!(found.len(), 1, "{found:#?}");
    }
    warns(
        &[("/shippingMethods/0/freeOverMinor", json!(40_000_001))],
        code,
        "/shippingMethods/0/freeOverMinor",
    );
    warns(
        &[("/promotions/2/when/minimumMinor", json!(40_000_001))],
        code,
        "/promotions/2/when/minimumMinor",
    );
    assert_eq!(found(&with(&[("/shippingMethods/0/freeOverMinor", json!(40_000_000))])), []);
    let mut unbounded = with(&[("/shippingMethods/0/freeOverMinor", json!(50_000_000))]);
    unbounded["products"][1].as_object_mut().unwrap().remove("maximumQuantity");
    assert_eq!(found(&unbounded), []);
}

#[test]
fn a_coupon_that_loses_free_delivery() {
    let path = "/shippingMethods/0/freeOverBasis";
    let after = (path, json!("afterDiscounts"));
    finds(std::slice::from_ref(&after), Severity::Info, Code::CouponLosesShipping, path);
    // 3.00 off costs 5.00 of delivery.
    let one = json!({"kind": "orderFixed", "amountMinor": 300});
    warns(&[after, ("/promotions/2/effect", one)], Code::CouponCostsMore, path);
}

#[test]
fn tiers_that_do_not_rise() {
    let path = "/promotions/1/effect/tiers/1/saveMinor";
    warns(&[(path, json!(100))], Code::TierNotHigher, path);
    let ladder = |field: &str, low: Value, high: Value| {
        let tier = |quantity: &str, value: Value| {
            let mut tier = json!({ "quantity": quantity });
            tier[field] = value;
            tier
        };
        json!({"kind": "quantityTiers", "tiers": [tier("2", low), tier("5", high)]})
    };
    let at = |field: &str| format!("/promotions/1/effect/tiers/1/{field}");
    let tiers = "/promotions/1/effect";
    warns(
        &[(tiers, ladder("percent", json!("20"), json!("2")))],
        Code::TierNotHigher,
        &at("percent"),
    );
    warns(
        &[(tiers, ladder("unitPrice", json!("1"), json!("3")))],
        Code::TierNotHigher,
        &at("unitPrice"),
    );
    assert_eq!(found(&with(&[(tiers, ladder("percent", json!("2"), json!("20")))])), []);
}

#[test]
fn prices_that_are_no_better() {
    let effect = "/promotions/1/effect";
    let fixed = json!({"kind": "fixedPrice", "unitPrice": "6"});
    warns(&[(effect, fixed)], Code::FixedPriceNotLower, "/promotions/1/effect/unitPrice");
    let set = json!({"kind": "anyFor", "quantity": 3, "amountMinor": 6000});
    warns(&[(effect, set)], Code::SetNotCheaper, "/promotions/1/effect/amountMinor");
    let bundle = json!({"kind": "bundle", "amountMinor": 2500, "parts": [{"target": {"skus": ["TEA"]}}, {"target": {"skus": ["POT"]}}]});
    warns(&[(effect, bundle)], Code::SetNotCheaper, "/promotions/1/effect/amountMinor");
    let price = "/priceLists/0/prices/0/unitPrice";
    warns(&[(price, json!("4.95"))], Code::ListPriceNotLower, price);
    let more = json!({"sku": "TEA", "unitPrice": "4.60", "minimumQuantity": "5"});
    warns(
        &[("/priceLists/0/prices/-", more)],
        Code::ListPriceNotLower,
        "/priceLists/0/prices/1/unitPrice",
    );
    warns(
        &[("/priceLists/0/prices/0/sku", json!("CUP"))],
        Code::TargetUnknown,
        "/priceLists/0/prices/0/sku",
    );
    warns(&[("/priceLists/0/endsMs", json!(NOW_MS))], Code::PromotionEnded, "/priceLists/0/endsMs");
    let floor = "/products/1/floorUnitPrice";
    warns(&[(floor, json!("21"))], Code::FloorAbovePrice, floor);
    assert_eq!(found(&with(&[(floor, json!("9"))])), []);
    let budget = "/promotions/1/limits";
    warns(
        &[(budget, json!({"budgetMinor": 50}))],
        Code::BudgetTooSmall,
        "/promotions/1/limits/budgetMinor",
    );
    let whole = json!({"budgetPerCustomerMinor": 50, "wholeOnly": true});
    let found = found(&with(&[(budget, whole)]));
    assert_eq!(found[0].issue.path, "/promotions/1/limits/budgetPerCustomerMinor", "{found:#?}");
}

#[test]
fn delivery_that_does_not_work() {
    let methods = "/shippingMethods/-";
    let name = json!({"en": "Van", "zh": "货车"});
    let van = |more: Value| {
        let mut van = json!({"id": "van", "name": name, "taxClass": "food", "priceMinor": 100, "countries": ["DE"]});
        for (key, value) in more.as_object().unwrap() {
            van[key] = value.clone();
        }
        van
    };
    let far = json!({"minimumOrderMinor": 1_000_000});
    warns(&[(methods, van(far))], Code::MethodUnreachable, "/shippingMethods/1");
    let table = json!({"tables": [{"rows": [{"rates": [{"to": "5000", "priceMinor": 100}]}]}]});
    let mut unbounded =
        vec![(methods, van(table)), ("/products/0/maximumQuantity", json!("900000"))];
    finds(&unbounded, Severity::Info, Code::BandsEnd, "/shippingMethods/1/tables/0/rows/0/rates");
    unbounded.pop();
    let heavy =
        json!({"tables": [{"template": "heavy", "rows": [{"rates": [{"priceMinor": 100}]}]}]});
    let of_heavy = ("/products/1/shippingTemplate", json!("heavy"));
    warns(&[(methods, van(heavy)), of_heavy], Code::TemplateUncovered, "/shippingMethods/1/tables");
    let zone = json!([{"id": "north", "places": [{"countries": ["DE"]}]}]);
    let north = json!({"countries": [], "tables": [{"rows": [{"zones": ["north"], "rates": [{"priceMinor": 100}]}]}]});
    warns(
        &[("/shippingZones", zone.clone()), (methods, van(north))],
        Code::TableWithoutDefault,
        "/shippingMethods/1/tables/0/rows",
    );
    finds(&[("/shippingZones", zone)], Severity::Info, Code::EntryUnused, "/shippingZones/0");
    let groups = json!({"groups": [{"id": "spare"}]});
    finds(&[("/stacking", groups)], Severity::Info, Code::EntryUnused, "/stacking/groups/0");
}

#[test]
fn taxes_and_countries() {
    let rules = "/taxClasses/0/rules";
    let french = json!([{"countries": ["FR"], "components": [{"percent": "5.5"}]}]);
    let errors = found(&with(&[(rules, french)]));
    assert_eq!((errors[0].severity, errors[0].issue.code), (Severity::Error, Code::TaxRateMissing));
    assert!(errors[0].example.is_some());
    let unused = json!({"id": "books", "rules": []});
    let found_unused = found(&with(&[("/taxClasses/-", unused)]));
    assert_eq!(found_unused[0].issue.path, "/taxClasses/1/rules");
    let to = "/shippingMethods/0/countries";
    warns(&[(to, json!(["DE", "FR", "ES"]))], Code::TaxRateMissing, rules);
    warns(&[(to, json!(["DE"]))], Code::CountryNotServed, "/taxClasses/0/rules/1/countries/0");
    warns(&[(to, json!(["FR"]))], Code::CountryNotServed, "/homeCountry");
    let again = json!({"countries": ["FR"], "components": [{"percent": "6"}]});
    warns(
        &[("/taxClasses/0/rules/-", again)],
        Code::RuleShadowed,
        "/taxClasses/0/rules/2/countries/0",
    );
    let ends = ("/taxClasses/0/rules/0/endsMs", json!(NOW_MS + 1_000));
    warns(std::slice::from_ref(&ends), Code::TaxTimeGap, rules);
    let next = |starts: i64| json!({"countries": ["DE"], "startsMs": starts, "components": [{"percent": "8"}]});
    warns(
        &[ends.clone(), ("/taxClasses/0/rules/-", next(NOW_MS + 1_001))],
        Code::TaxTimeHole,
        rules,
    );
    assert_eq!(found(&with(&[ends, ("/taxClasses/0/rules/-", next(NOW_MS + 1_000))])), []);
    let cheap = json!([{"countries": ["DE"], "maximumUnitPrice": "10", "components": [{"percent": "7"}]},
        {"countries": ["DE"], "minimumUnitPrice": "30", "components": [{"percent": "7"}]},
        {"countries": ["FR"], "components": [{"percent": "5.5"}]}]);
    let gaps = found(&with(&[(rules, cheap), ("/shippingMethods", json!([]))]));
    assert!(
        gaps.iter().any(|it| it.issue.code == Code::TaxRateMissing && it.example.is_some()),
        "{gaps:#?}"
    );
}

#[test]
fn limits_that_let_nothing_through() {
    let code = Code::LimitOfNothing;
    for field in ["uses", "usesPerCustomer"] {
        let path = format!("/promotions/1/limits/{field}");
        let limits = json!({ field: 0 });
        warns(&[("/promotions/1/limits", limits)], code, &path);
    }
    let none = json!({"groups": [{"id": "g", "maximumPerOrder": 0}]});
    let changes = [("/stacking", none), ("/promotions/1/group", json!("g"))];
    warns(&changes, code, "/stacking/groups/0/maximumPerOrder");
    warns(&[("/priceLists/0/quota", json!(0))], code, "/priceLists/0/quota");
}

#[test]
fn entries_that_change_nothing() {
    let code = Code::EntryWithoutEffect;
    let pair = |first: &str, second: &str, combine: bool| json!({"first": first, "second": second, "combine": combine});
    let itself = json!({"pairs": [pair("tea", "tea", false)]});
    warns(&[("/stacking", itself)], code, "/stacking/pairs/0");
    let both = json!({"pairs": [pair("tea", "half", true), pair("half", "tea", false)]});
    warns(&[("/stacking", both)], code, "/stacking/pairs/1");
    let alone = ("/stacking", json!({"groups": [{"id": "g", "excludes": ["g"]}]}));
    let member = |at: u32| format!("/promotions/{at}/group");
    let first = (&*member(0), json!("g"));
    warns(&[alone.clone(), first.clone()], code, "/stacking/groups/0/excludes");
    // One of the two applies.
    assert_eq!(found(&with(&[alone, first, (&member(1), json!("g"))])), []);
    let again = json!({"sku": "TEA", "unitPrice": "4.40"});
    warns(&[("/priceLists/0/prices/-", again)], code, "/priceLists/0/prices/1");
}

#[test]
fn promotions_that_go_with_a_later_one() {
    let code = Code::FollowerBeforeLeader;
    warns(&[("/promotions/0/with", json!("tiers"))], code, "/promotions/0/with");
    let minimum = json!({"minimumMinor": 5000});
    let later = [("/promotions/1/with", json!("tea")), ("/promotions/1/when", minimum)];
    assert_eq!(found(&with(&later)), [], "its own conditions count besides");
}

#[test]
fn groups_of_goods_and_shipping() {
    let name = json!({"en": "Post", "zh": "邮费"});
    let free = json!({"id": "free", "name": name, "group": "g", "effect": {"kind": "shippingPercentage", "percent": "100"}});
    let group = |mode: &str| json!({"groups": [{"id": "g", "mode": mode}]});
    let changes = |mode: &str| {
        with(&[
            ("/promotions/-", free.clone()),
            ("/promotions/1/group", json!("g")),
            ("/stacking", group(mode)),
        ])
    };
    let mixed =
        |mode: &str| found(&changes(mode)).iter().any(|it| it.issue.code == Code::GroupMixed);
    assert!(mixed("bestOf") && mixed("parallel") && !mixed("sequential"));
}

#[test]
fn tiers_that_take_everything() {
    let tiers = |repeat: bool, save: i64| json!({"kind": "spendTiers", "repeat": repeat, "tiers": [{"spendMinor": 1000, "saveMinor": save}]});
    let (effect, at) = ("/promotions/1/effect", "/promotions/1/effect/tiers/0/saveMinor");
    for (repeat, save) in [(false, 5000), (true, 1000)] {
        let pots = ("/promotions/1/target", json!({"skus": ["POT"]}));
        warns(&[(effect, tiers(repeat, save)), pots], Code::TierTakesAll, at);
    }
    let mixed = json!({"kind": "spendTiers", "tiers": [{"spendMinor": 5000, "percent": "20"}, {"spendMinor": 6000, "saveMinor": 500}]});
    warns(&[(effect, mixed)], Code::TierNotHigher, "/promotions/1/effect/tiers/1/saveMinor");
    let mixed = json!({"kind": "spendTiers", "tiers": [{"spendMinor": 5000, "percent": "20"}, {"spendMinor": 6000, "saveMinor": 1201}]});
    assert_eq!(found(&with(&[(effect, mixed)])), []);
}

#[test]
fn zones_that_hold_nothing_more() {
    let zone = |id: &str, place: Value, except: Value| json!({"id": id, "places": [place], "except": except});
    let germany = || json!({"countries": ["DE"]});
    let north = || json!({"countries": ["DE"], "postcodePrefixes": ["2"]});
    let van = |more: (&str, Value)| {
        let mut van = json!({"id": "van", "name": {"en": "Van", "zh": "货车"}, "taxClass": "food", "priceMinor": 100, "zones": ["de"]});
        van[more.0] = more.1;
        van
    };
    let (zones, methods) = ("/shippingZones", "/shippingMethods/-");
    let empty = json!([zone("de", north(), json!([germany()]))]);
    let at = "/shippingMethods/1";
    warns(&[(zones, empty), (methods, van(("priceMinor", json!(1))))], Code::MethodUnreachable, at);
    let whole = json!([zone("de", germany(), json!([]))]);
    warns(
        &[(zones, whole), (methods, van(("exceptZones", json!(["de"]))))],
        Code::MethodUnreachable,
        at,
    );
    let row = |id: &str| json!({"zones": [id], "rates": [{"priceMinor": 100}]});
    let table = |first: &str, second: &str| json!([{"rows": [row(first), row(second)]}]);
    let two = || json!([zone("de", germany(), json!([])), zone("north", north(), json!([]))]);
    let rows = found(&with(&[(zones, two()), (methods, van(("tables", table("de", "north"))))]));
    assert_eq!(rows[0].issue.code, Code::RuleShadowed, "{rows:#?}");
    assert_eq!(rows[0].issue.path, "/shippingMethods/1/tables/0/rows/1");
    let turned = with(&[(zones, two()), (methods, van(("tables", table("north", "de"))))]);
    assert_eq!(found(&turned), []);
    let spanish = json!({"countries": ["ES"]});
    let everywhere = json!({"components": [{"percent": "7"}]});
    warns(
        &[("/promotions/0/when", spanish), ("/taxClasses/0/rules/-", everywhere)],
        Code::CountryNotServed,
        "/promotions/0/when/countries/0",
    );
    let surcharge =
        json!([{"id": "s", "name": {"en": "S", "zh": "附"}, "tags": ["glass"], "priceMinor": 5}]);
    let at = "/shippingMethods/0/surcharges";
    finds(&[(at, surcharge)], Severity::Info, Code::EntryUnused, &format!("{at}/0/tags/0"));
    let class = json!({"id": "books", "rules": [{"components": [{"percent": "7"}]}]});
    finds(&[("/taxClasses/-", class)], Severity::Info, Code::EntryUnused, "/taxClasses/1");
}

#[test]
fn coupons_of_two_promotions() {
    let code = Code::CouponShared;
    let shared = ("/promotions/1/couponCodes", json!(["half"]));
    finds(&[shared], Severity::Info, code, "/promotions/2/couponCodes/0");
    // Twice in one, or empty, cannot be used at all.
    for codes in [json!(["A", "a"]), json!([""])] {
        let errors = found(&with(&[("/promotions/2/couponCodes", codes)]));
        assert_eq!(errors[0].severity, Severity::Error);
    }
}

#[test]
fn what_looks_wrong_and_is_not() {
    let best = [
        ("/stacking", json!({"groups": [{"id": "g", "mode": "bestOf"}]})),
        (
            "/promotions/0",
            json!({"id": "a", "name": {"en": "A", "zh": "甲"}, "group": "g", "effect": {"kind": "orderFixed", "amountMinor": 100}}),
        ),
        (
            "/promotions/1",
            json!({"id": "b", "name": {"en": "B", "zh": "乙"}, "group": "g", "effect": {"kind": "orderPercentage", "percent": "0.1"}}),
        ),
        (
            "/products/1",
            json!({"sku": "POT", "name": {"en": "Pot", "zh": "壶"}, "unitPrice": "20", "taxClass": "food"}),
        ),
    ];
    assert_eq!(found(&with(&best)), [], "0.1 % wins above 1,000.00");
    let alone = |more: (&str, Value)| {
        with(&[
            ("/promotions/0/exclusive", json!("items")),
            ("/promotions/0/target", json!({})),
            ("/promotions/0/endsMs", Value::Null),
            more,
        ])
    };
    let uses = alone(("/promotions/0/limits", json!({"uses": 10})));
    assert_eq!(found(&uses), [], "after ten uses the others apply");
    let whole = json!({"budgetMinor": 50, "wholeOnly": true});
    let small = found(&with(&[("/promotions/1/limits", whole)]));
    let message = small[0].issue.message(orderkit::Language::English);
    assert!(message.contains("1.00 EUR or more"), "{message}");
    let dear = json!({"kind": "quantityTiers", "tiers": [{"quantity": "2", "unitPrice": "25"}]});
    let changes =
        [("/promotions/1/effect", dear), ("/promotions/1/target", json!({"skus": ["POT"]}))];
    warns(&changes, Code::FixedPriceNotLower, "/promotions/1/effect/tiers/0/unitPrice");
    let floor = [("/products/0/floorUnitPrice", json!("4.7"))];
    warns(&floor, Code::FloorAbovePrice, "/priceLists/0/prices/0/unitPrice");
}

#[test]
fn gifts_without_a_tax_rate() {
    let class =
        json!({"id": "toys", "rules": [{"countries": ["DE"], "components": [{"percent": "19"}]}]});
    let toy = json!({"sku": "TOY", "name": {"en": "Toy", "zh": "玩具"}, "unitPrice": "1", "taxClass": "toys"});
    let gift = json!({"kind": "gift", "skus": ["TOY"]});
    let changes = [("/taxClasses/-", class), ("/products/-", toy), ("/promotions/1/effect", gift)];
    let found = found(&with(&changes));
    let at = |path: &str| {
        found.iter().find(|it| it.issue.path == path).unwrap_or_else(|| panic!("{found:#?}"))
    };
    assert_eq!(at("/promotions/1/effect/skus/0").issue.code, Code::TaxRateMissing);
    assert_eq!(at("/taxClasses/1/rules").issue.code, Code::TaxRateMissing);
    let rules = shop::rules(&with(&changes));
    found.iter().for_each(|finding| holds(&rules, finding).unwrap());
}

#[test]
fn texts_without_chinese_are_counted() {
    let code = Code::TranslationMissing;
    finds(&[("/products/0/name", json!({"en": "Tea"}))], Severity::Info, code, "/products");
    finds(&[("/priceLists/0/name", json!({"en": "Club"}))], Severity::Info, code, "/priceLists");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 150 } else { 1_500 }))]

    #[test]
    fn every_example_shows_what_its_finding_says(promotions in any::any_promotions(), stacking in any::any_stacking(), free in 0_i64..9_000, coupon in any::<bool>()) {
        let mut ruleset = shop::ruleset(promotions);
        ruleset["stacking"] = stacking;
        ruleset["shippingMethods"][0]["freeOverMinor"] = json!(free);
        ruleset["products"][0]["floorUnitPrice"] = json!("12");
        if coupon {
            ruleset["promotions"][0]["couponCodes"] = json!(["CODE"]);
        }
        let rules = shop::rules(&ruleset);
        for finding in lint(&rules, NOW_MS) {
            holds(&rules, &finding)?;
        }
    }
}
