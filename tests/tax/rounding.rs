//! Where and how tax is rounded.

use orderkit::{Code, Rules, TraceStep};
use serde_json::{Value, json};

use crate::shop::{class, line_taxes, lines, price, rows, ruleset, totals};

fn shop(basis: &str, rounding: Value, rates: &[&str]) -> Value {
    let classes: Vec<Value> =
        rates.iter().map(|rate| class(rate, json!([{"percent": rate}]))).collect();
    ruleset("EUR", basis, "DE", json!({"rounding": rounding, "taxClasses": classes}))
}

#[test]
fn the_level_decides_who_loses_the_fraction() {
    // 21 % of 1.13 are 23.73 cents; 2 x 1.13 47.46; all five 118.65.
    let three = [("21", "1.13", "1"), ("21", "1.13", "2"), ("21", "1.13", "2")];
    for (level, expected) in [
        ("unit", vec![24, 48, 48]),
        ("line", vec![24, 47, 47]),
        ("group", vec![24, 48, 47]),
        ("document", vec![24, 48, 47]),
    ] {
        let quote = price(&shop("taxExclusive", json!({"level": level}), &["21"]), &lines(&three));
        assert_eq!(line_taxes(&quote), expected, "{level}");
    }
    // Two rates whose fractions add up: 0.5 and 0.5 are 1, not 2.
    let halves = [("10", "0.05", "1"), ("5", "0.10", "1")];
    for (level, leftover, expected) in [
        ("group", "largestRemainder", vec![1, 1]),
        ("document", "largestRemainder", vec![1, 0]),
        ("document", "first", vec![1, 0]),
    ] {
        let rounding = json!({"level": level, "leftover": leftover});
        let quote = price(&shop("taxExclusive", rounding, &["10", "5"]), &lines(&halves));
        assert_eq!(line_taxes(&quote), expected, "{level} {leftover}");
        let of_rows: i64 = quote.taxes.iter().map(|row| row.tax_minor.minor()).sum();
        assert_eq!(of_rows, totals(&quote).1);
    }
}

#[test]
fn the_mode_depends_on_the_basis() {
    // 20 % of 0.125 and of what holds it: halves everywhere.
    let rounding =
        json!({"level": "line", "taxExclusiveMode": "halfUp", "taxInclusiveMode": "halfDown"});
    let exclusive =
        price(&shop("taxExclusive", rounding.clone(), &["10"]), &lines(&[("10", "0.05", "1")]));
    assert_eq!(totals(&exclusive), (5, 1, 6));
    let inclusive =
        price(&shop("taxInclusive", rounding, &["100"]), &lines(&[("100", "0.05", "1")]));
    assert_eq!(totals(&inclusive), (3, 2, 5));
    for (mode, tax) in [("thirdDecimal", 50), ("halfUp", 50), ("halfEven", 50), ("down", 49)] {
        // 6 % of 8.25 are 49.5 cents, and of 8.24 49.44.
        let us = price(
            &shop("taxExclusive", json!({"level": "line", "mode": mode}), &["6"]),
            &lines(&[("6", "8.25", "1")]),
        );
        assert_eq!(totals(&us).1, tax, "{mode}");
    }
    let below = shop("taxExclusive", json!({"level": "line", "mode": "thirdDecimal"}), &["6"]);
    assert_eq!(totals(&price(&below, &lines(&[("6", "8.24", "1")]))).1, 49);
    // JavaScript's halves: a credit of 0.5 is rounded to nothing, a debit to one.
    let vendure =
        shop("taxExclusive", json!({"level": "line", "mode": "halfTowardPositive"}), &["10"]);
    assert_eq!(
        line_taxes(&price(&vendure, &lines(&[("10", "0.05", "1"), ("10", "0.05", "-1")]))),
        [1, 0]
    );
}

#[test]
fn net_and_gross_on_their_own() {
    // 3 x 3.335 = 10.005 with two digits more than cents: net 10.01, gross 11.0055 -> 11.01, tax the difference.
    let rounding = |target: &str| json!({"level": "line", "target": target, "workingDigits": 2});
    let draft = lines(&[("10", "3.335", "3")]);
    assert_eq!(
        totals(&price(&shop("taxExclusive", rounding("both"), &["10"]), &draft)),
        (1_001, 100, 1_101)
    );
    assert_eq!(
        totals(&price(&shop("taxExclusive", rounding("tax"), &["10"]), &draft)),
        (1_001, 100, 1_101)
    );
    let draft = lines(&[("50", "3.335", "3")]);
    // Tax 5.0025 -> 5.00, but gross 15.0075 -> 15.01.
    assert_eq!(
        totals(&price(&shop("taxExclusive", rounding("both"), &["50"]), &draft)),
        (1_001, 500, 1_501)
    );
    let draft = lines(&[("50", "0.335", "1")]);
    // Net 0.335 -> 0.34, gross 0.5025 -> 0.50; the tax alone would be 0.17.
    assert_eq!(
        totals(&price(&shop("taxExclusive", rounding("both"), &["50"]), &draft)),
        (34, 16, 50)
    );
    assert_eq!(
        totals(&price(&shop("taxExclusive", rounding("tax"), &["50"]), &draft)),
        (34, 17, 51)
    );
}

#[test]
fn working_digits_keep_fractions_until_tax() {
    let rules = |digits: u8, level: &str| {
        shop("taxExclusive", json!({"level": level, "workingDigits": digits}), &["20"])
    };
    let draft = lines(&[("20", "0.333", "1"), ("20", "0.333", "1"), ("20", "0.334", "1")]);
    for (digits, level, net) in [(0, "document", 99), (3, "line", 99), (3, "document", 100)] {
        let quote = price(&rules(digits, level), &draft);
        assert_eq!(totals(&quote).0, net, "{digits} {level}");
        let said = quote.trace.iter().any(
            |step| matches!(step, TraceStep::LineAmountsRounded { rounded, .. } if rounded.len() == 3),
        );
        assert_eq!(said, digits > 0);
    }
}

#[test]
fn shipping_apart_from_the_goods() {
    let rules = |apart: bool| {
        let mut rules = shop("taxExclusive", json!({"shippingApart": apart}), &["10"]);
        rules["shippingMethods"] =
            json!([{"id": "post", "name": {"en": "Post"}, "priceMinor": 104, "taxClass": "10"}]);
        rules
    };
    let mut draft = lines(&[("10", "1.01", "1")]);
    draft["details"] = json!({"shippingMethod": "post"});
    // 10.1 and 10.4 cents: 20.5 together.
    assert_eq!(totals(&price(&rules(false), &draft)).1, 21);
    assert_eq!(totals(&price(&rules(true), &draft)).1, 20);
}

#[test]
fn each_line_lists_its_taxes() {
    let rules = ruleset(
        "USD",
        "taxExclusive",
        "US",
        json!({"taxation": {"lineTaxes": true}, "taxClasses": [
        class("a", json!([{"percent": "4", "jurisdiction": "NY"}, {"percent": "4.5", "jurisdiction": "NYC"}])),
        class("b", json!([{"percent": "4", "jurisdiction": "NY"}]))]}),
    );
    let quote = price(&rules, &lines(&[("a", "100", "1"), ("b", "10", "1")]));
    assert_eq!(rows(&quote), ["S 4 NY: 11000 440", "S 4.5 NYC: 10000 450"]);
    let taxes: Vec<Vec<_>> = quote
        .lines
        .iter()
        .map(|line| line.taxes.iter().map(|it| (it.tax, it.tax_minor.minor())).collect())
        .collect();
    assert_eq!(taxes, [vec![(0, 400), (1, 450)], vec![(0, 40)]]);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let refused = |extra: Value| {
        let ruleset = ruleset("EUR", "taxInclusive", "DE", extra);
        let refusal = Rules::from_json(ruleset.to_string().as_bytes()).unwrap_err();
        assert!(refusal.issues.iter().all(|issue| issue.code == Code::RulesetInvalid));
        refusal.issues.into_iter().map(|issue| issue.path).collect::<Vec<_>>()
    };
    let one = |component: Value| refused(json!({"taxClasses": [class("a", json!([component]))]}));
    let component = "/taxClasses/0/rules/0/components/0";
    assert_eq!(one(json!({"category": "Z", "percent": "1"})), [component]);
    assert_eq!(one(json!({"percent": "1", "amountPerUnit": "1"})), [component]);
    assert_eq!(one(json!({"amountPerUnit": "-1"})), [format!("{component}/amountPerUnit")]);
    assert_eq!(one(json!({"category": "E", "amountPerUnit": "1"})), [component]);
    assert_eq!(one(json!({"percent": "1", "exemptionReason": "x"})), [component]);
    let rule = |rule: Value| refused(json!({"taxClasses": [{"id": "a", "rules": [rule]}]}));
    let rule_path = "/taxClasses/0/rules/0";
    assert_eq!(
        rule(json!({"components": [{}], "startsMs": 2, "endsMs": 2})),
        [format!("{rule_path}/endsMs")]
    );
    assert_eq!(
        rule(json!({"components": [{}], "minimumUnitPrice": "2", "maximumUnitPrice": "1"})),
        [format!("{rule_path}/maximumUnitPrice")]
    );
    assert_eq!(rule(json!({"components": [{}], "postcodes": [" "]})), [rule_path]);
    assert_eq!(
        rule(json!({"components": vec![json!({}); 17]})),
        [format!("{rule_path}/components")]
    );
    assert_eq!(refused(json!({"rounding": {"workingDigits": 7}})), ["/rounding/workingDigits"]);
    let cash = json!([{"id": "cash", "name": {"en": "Cash"}, "cashRounding": {"stepMinor": 0}}]);
    assert_eq!(
        refused(json!({"paymentMethods": cash})),
        ["/paymentMethods/0/cashRounding/stepMinor"]
    );
    let reverse = json!({"reverseCharges": [{"countries": ["DE"], "taxClasses": ["x"], "tax": {"percent": "1"}}]});
    let path = "/taxation/reverseCharges/0";
    assert_eq!(
        refused(json!({"taxation": reverse})),
        [
            format!("{path}/countries"),
            format!("{path}/taxClasses/0"),
            format!("{path}/tax/category")
        ]
    );
}
