//! One seeded defect for each rule of the linter, and a ruleset without any.

use orderkit::{
    Code,
    lint::{Finding, Severity, lint_json},
};
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
             "taxClass": "food", "countries": ["DE", "FR"]}
        ],
        "paymentMethods": [{"id": "card", "name": text("Card")}],
        "taxClasses": [{"id": "food", "rules": [
            {"countries": ["DE"], "components": [{"percent": "7"}]},
            {"countries": ["FR"], "components": [{"percent": "5.5"}]}
        ]}]
    })
}

fn lint(ruleset: &Value) -> Vec<Finding> {
    lint_json(ruleset.to_string().as_bytes(), NOW_MS)
}

/// The clean ruleset with one value set must have exactly this finding.
#[track_caller]
fn finds(path: &str, value: Value, severity: Severity, code: Code, at: &str) {
    let mut ruleset = clean();
    let (parent, key) = path.rsplit_once('/').unwrap();
    match ruleset.pointer_mut(parent).unwrap() {
        Value::Array(list) if key == "-" => list.push(value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        object => object[key] = value,
    }
    let found = lint(&ruleset);
    let short: Vec<_> =
        found.iter().map(|it| (it.severity, it.issue.code, it.issue.path.as_str())).collect();
    assert_eq!(short, [(severity, code, at)], "{found:#?}");
}

#[test]
fn a_clean_ruleset_has_no_findings() {
    assert_eq!(lint(&clean()), []);
}

#[test]
fn a_ruleset_that_cannot_be_used_has_the_errors_that_say_why() {
    let mut ruleset = clean();
    ruleset["products"][0]["taxClass"] = json!("drinks");
    let found = lint(&ruleset);
    assert_eq!((found[0].severity, found[0].issue.code), (Severity::Error, Code::RulesetInvalid));
    assert_eq!(lint_json(b"{", 0)[0].issue.code, Code::JsonMalformed);
    ruleset["products"][0]["unitPrice"] = json!(4.95);
    assert_eq!(lint(&ruleset)[0].issue.path, "/products/0/unitPrice");
}

#[test]
fn numbers_that_can_repeat() {
    let numbering = json!({"pattern": "{date:yyMMdd}{digits:6}", "ordersPerDay": 1000});
    let pattern = "/numbering/pattern";
    finds("/numbering", numbering, Severity::Warning, Code::PatternCollides, pattern);
    let mut ruleset = clean();
    ruleset["numbering"] = json!({"pattern": "{date:yyMMdd}{digits:6}"});
    let message = lint(&ruleset)[0].issue.message(orderkit::Language::English);
    assert!(message.contains("39.32"), "{message}");
    assert!(
        message.contains("at 1000 orders") && message.contains("{device:2}{seq:4}"),
        "{message}"
    );
    // 50 orders a day over 30^6 numbers: 1.7 in a million.
    ruleset["numbering"] = json!({"pattern": "{date:yyMMdd}{rand:6}", "ordersPerDay": 50});
    assert_eq!(lint(&ruleset), []);
}

#[test]
fn promotions_that_never_come() {
    use Severity::Warning;
    let path = "/promotions/0/endsMs";
    finds(path, json!(NOW_MS), Warning, Code::PromotionEnded, path);
    let path = "/promotions/2/effect";
    let nothing = json!({"kind": "orderPercentage", "percent": "0"});
    finds(path, nothing, Warning, Code::PromotionWithoutEffect, path);
    let nothing = json!({"kind": "orderPercentage", "percent": "5", "maximumMinor": 0});
    finds(path, nothing, Warning, Code::PromotionWithoutEffect, path);
    let path = "/promotions/0/target/skus/-";
    finds(path, json!("CUP"), Warning, Code::TargetUnknown, "/promotions/0/target/skus/1");
    let path = "/promotions/0/target/categories/0";
    finds(path, json!("food"), Warning, Code::TargetUnknown, path);
}

#[test]
fn thresholds_out_of_reach() {
    use Severity::Warning;
    // 2,000 lines of 10 pots at 20.00 are 400,000.00.
    let path = "/shippingMethods/0/freeOverMinor";
    finds(path, json!(40_000_001), Warning, Code::ThresholdUnreachable, path);
    let path = "/promotions/2/when/minimumMinor";
    finds(path, json!(40_000_001), Warning, Code::ThresholdUnreachable, path);
    let path = "/promotions/1/effect/tiers/1/spendMinor";
    finds(path, json!(40_000_001), Warning, Code::ThresholdUnreachable, path);
    let mut ruleset = clean();
    ruleset["shippingMethods"][0]["freeOverMinor"] = json!(40_000_000);
    assert_eq!(lint(&ruleset), []);
    ruleset["shippingMethods"][0]["freeOverMinor"] = json!(50_000_000);
    ruleset["products"][1].as_object_mut().unwrap().remove("maximumQuantity");
    assert_eq!(lint(&ruleset), []);
}

#[test]
fn tiers_that_do_not_rise() {
    let path = "/promotions/1/effect/tiers/1/saveMinor";
    finds(path, json!(100), Severity::Warning, Code::TierNotHigher, path);
}

#[test]
fn percentages_that_reach_everything() {
    let effect = json!({"kind": "orderPercentage", "percent": "50"});
    let path = "/promotions/2/effect";
    finds(path, effect, Severity::Warning, Code::DiscountsReachAll, "/promotions");
    let mut ruleset = clean();
    ruleset["promotions"][2]["effect"] =
        json!({"kind": "orderPercentage", "percent": "50", "maximumMinor": 1000});
    assert_eq!(lint(&ruleset), [], "a maximum bounds it");
    ruleset["promotions"][2]["effect"] = json!({"kind": "orderPercentage", "percent": "50"});
    ruleset["promotions"][2]["target"]["skus"] = json!(["POT"]);
    ruleset["promotions"][0]["target"]["skus"] = json!([]);
    assert_eq!(lint(&ruleset), [], "no product has both");
}

#[test]
fn taxes_and_countries() {
    let rules = json!([{"countries": ["FR"], "components": [{"percent": "5.5"}]}]);
    let path = "/taxClasses/0/rules";
    finds(path, rules, Severity::Error, Code::TaxRateMissing, path);
    let unused = json!({"id": "books", "rules": []});
    let at = "/taxClasses/1/rules";
    finds("/taxClasses/-", unused, Severity::Warning, Code::TaxRateMissing, at);
    let countries = json!(["DE", "FR", "ES"]);
    let to = "/shippingMethods/0/countries";
    finds(to, countries, Severity::Warning, Code::TaxRateMissing, path);
    let at = "/taxClasses/0/rules/1/countries/0";
    finds(to, json!(["DE"]), Severity::Warning, Code::CountryNotServed, at);
    finds(to, json!(["FR"]), Severity::Warning, Code::CountryNotServed, "/homeCountry");
    let again = json!({"countries": ["FR"], "components": [{"percent": "6"}]});
    let at = "/taxClasses/0/rules/2/countries/0";
    finds("/taxClasses/0/rules/-", again, Severity::Warning, Code::RuleShadowed, at);
}

#[test]
fn texts_without_chinese_are_counted() {
    let name = json!({"en": "Tea"});
    let code = Code::TranslationMissing;
    finds("/products/0/name", name, Severity::Info, code, "/products");
}

#[test]
fn the_example_shop_has_no_errors_or_warnings() {
    let found = lint_json(include_bytes!("../examples/ruleset.json"), NOW_MS);
    let bad: Vec<_> = found.iter().filter(|it| it.severity != Severity::Info).collect();
    assert_eq!(bad, Vec::<&Finding>::new());
}
