//! What the steps say, in both languages.

use orderkit::{
    Context, Draft, Language, Rules,
    explain::{ExplanationKind, explain},
    quote,
};
use serde_json::{Value, json};

use super::shop::{cart, promotion, rules, ruleset};

/// The sentences about a rule, of a shop with these promotions.
#[track_caller]
fn says(
    promotions: Value,
    lines: &str,
    rule: &str,
    kind: ExplanationKind,
    english: &str,
    chinese: &str,
) {
    says_with(ruleset(promotions), cart(lines), Context::at(0), rule, kind, english, chinese);
}

#[track_caller]
fn says_with(
    shop: Value,
    draft: Draft,
    context: Context,
    rule: &str,
    kind: ExplanationKind,
    english: &str,
    chinese: &str,
) {
    let rules = rules(&shop);
    let quote = quote(&draft, &rules, &context).unwrap();
    for (language, expected) in [(Language::English, english), (Language::Chinese, chinese)] {
        let told = explain(&quote, &rules, language);
        let of_rule = told.iter().filter(|it| it.rule.as_deref().unwrap_or_default() == rule);
        let sentences: Vec<_> =
            of_rule.filter(|it| it.kind == kind).map(|it| &it.sentence).collect();
        assert_eq!(sentences, [expected], "{told:#?}");
    }
}

fn named(id: &str, en: &str, zh: &str, effect: Value, more: Value) -> Value {
    let mut promotion = promotion(id, effect, more);
    promotion["name"] = json!({"en": en, "zh": zh});
    promotion
}

fn half() -> Value {
    json!({"kind": "orderPercentage", "percent": "50"})
}

fn p(more: Value) -> Value {
    json!([named("p", "Sale", "大促", half(), more)])
}

#[test]
fn discounts_and_why_they_do_not_apply() {
    use ExplanationKind::{Applied, NextStep, NotQualified};
    says(p(json!({})), "1A", "p", Applied, "Sale takes off 5.00 EUR.", "大促：减 5.00 EUR。");
    let cases = [
        (
            json!({"when": {"minimumMinor": 1500}}),
            "Sale: 5.00 EUR more, and it applies.",
            "大促：再买 5.00 EUR 即可生效。",
        ),
        (
            json!({"when": {"minimumQuantity": "3"}}),
            "Sale: 2 more of these items, and it applies.",
            "大促：再买 2 件即可生效。",
        ),
        (json!({"endsMs": 0}), "Sale is not valid at this time.", "大促目前不在有效期内。"),
        (
            json!({"target": {"skus": ["B"]}}),
            "Sale: nothing in this order is part of it.",
            "大促：订单中没有参与的商品。",
        ),
        (
            json!({"when": {"customerGroups": ["gold"]}}),
            "Sale is for other customers.",
            "大促仅限其他客户。",
        ),
        (
            json!({"when": {"daysSinceLastOrder": 30}}),
            "Sale is for customers who have not ordered for longer.",
            "大促仅限较久未下单的客户。",
        ),
        (
            json!({"when": {"shippingMethods": ["post"]}}),
            "Sale needs another shipping method: Post.",
            "大促需选择其他配送方式：Post。",
        ),
        (
            json!({"when": {"paymentMethods": ["cash", "card"]}}),
            "Sale needs another payment method: Cash, Card.",
            "大促需选择其他付款方式：Cash, Card。",
        ),
        (
            json!({"when": {"countries": ["FR"]}}),
            "Sale is not for this country.",
            "大促不适用于该国家。",
        ),
        (
            json!({"when": {"containsAll": ["C"]}}),
            "Sale needs items that are not in this order.",
            "大促需要订单中没有的商品。",
        ),
    ];
    for (more, english, chinese) in cases {
        says(p(more), "1A", "p", NotQualified, english, chinese);
    }
    let tiers = json!({"kind": "spendTiers", "tiers": [{"spendMinor": 1000, "saveMinor": 100}, {"spendMinor": 3000, "saveMinor": 500}]});
    let tiers = json!([named("t", "Spend and save", "满减", tiers, json!({}))]);
    says(
        tiers,
        "1A",
        "t",
        NextStep,
        "Spend and save: 20.00 EUR more, and it saves 5.00 EUR.",
        "满减：再买 20.00 EUR 即可减 5.00 EUR。",
    );
    let second = json!({"kind": "nthUnit", "n": 2, "percent": "50"});
    let second = json!([named("s", "Second at half price", "第二件半价", second, json!({}))]);
    says(
        second,
        "3A",
        "s",
        NextStep,
        "Second at half price: 1 more of these items, and it applies once more.",
        "第二件半价：再买 1 件即可再享一次。",
    );
}

#[test]
fn coupons_limits_and_rivals() {
    use ExplanationKind::{Applied, Beaten, Capped, NotQualified, Suppressed};
    let shop =
        ruleset(p(json!({"couponCodes": ["TEN"], "limits": {"uses": 3, "orderMinor": 200}})));
    let mut draft = cart("1A");
    draft.details.coupon_codes = vec!["ten".to_owned()];
    let now = Context::at(0);
    says_with(
        shop.clone(),
        draft.clone(),
        now.clone(),
        "p",
        Applied,
        "Sale takes off 2.00 EUR, unlocked by the coupon ten.",
        "大促：减 2.00 EUR（优惠券 ten）。",
    );
    says_with(
        shop.clone(),
        draft.clone(),
        now,
        "p",
        Capped,
        "Sale would take off 5.00 EUR; its maximum for an order allows 2.00 EUR.",
        "大促本可减 5.00 EUR，每单上限只允许 2.00 EUR。",
    );
    let used: Context =
        serde_json::from_value(json!({"nowMs": 0, "uses": [{"rule": "p", "count": 3}]})).unwrap();
    says_with(
        shop,
        draft,
        used,
        "p",
        NotQualified,
        "Sale has been used as often as it may.",
        "大促的使用次数已满。",
    );

    let two = |more: Value| {
        json!([
            named("p", "Sale", "大促", half(), more.clone()),
            named("q", "Club", "会员价", json!({"kind": "orderFixed", "amountMinor": 100}), more)
        ])
    };
    let mut shop = ruleset(two(json!({"group": "g"})));
    shop["stacking"] = json!({"groups": [{"id": "g", "mode": "bestOf"}]});
    says_with(
        shop,
        cart("1A"),
        Context::at(0),
        "q",
        Beaten,
        "Club would take off 1.00 EUR; Sale takes off 5.00 EUR, and only the better one counts.",
        "会员价本可减 1.00 EUR；大促减 5.00 EUR，只取更优的一个。",
    );
    let alone = two(json!({"exclusive": "items"}));
    says(
        alone,
        "1A",
        "q",
        Suppressed,
        "Club does not apply: it or Sale runs alone.",
        "会员价未生效：它或大促不与其他优惠同享。",
    );
    let mut shop = ruleset(two(json!({})));
    shop["stacking"] = json!({"pairs": [{"first": "p", "second": "q", "combine": false}]});
    says_with(
        shop,
        cart("1A"),
        Context::at(0),
        "q",
        Suppressed,
        "Club does not apply together with Sale.",
        "会员价不能与大促同享。",
    );
}

#[test]
fn prices_roundings_shipping_and_taxes() {
    let mut shop = ruleset(json!([]));
    shop["products"][0]["unitPrice"] = json!("8.505");
    shop["products"][0]["name"] = json!({"en": "Mug", "zh": "杯"});
    shop["products"][0]["taxClass"] = json!("vat");
    let vat = json!({"id": "vat", "rules": [{"components": [{"percent": "20"}]}]});
    shop["taxClasses"].as_array_mut().unwrap().push(vat);
    shop["shippingMethods"][0]["freeOverMinor"] = json!(3_000);
    let rules: Rules = rules(&shop);
    let mut draft = cart("3A");
    draft.details.shipping_method = Some("post".to_owned());
    let quote = quote(&draft, &rules, &Context::at(0)).unwrap();
    let told = explain(&quote, &rules, Language::English);
    let told: Vec<_> = told
        .iter()
        .map(|it| (it.sentence.as_str(), it.amount_minor.map(|amount| amount.minor()), it.line))
        .collect();
    assert_eq!(
        told,
        [
            ("Mug: 3 × 8.505 EUR = 25.52 EUR.", Some(2_552), Some(0)),
            (
                "Mug: exactly 2551.5 in the smallest unit of the currency, rounded once to 25.52 EUR.",
                None,
                Some(0)
            ),
            ("Post: 4.48 EUR more, and it is free.", None, None),
            ("Post: 5.00 EUR.", Some(500), None),
            ("20 % tax: the prices hold 4.25 EUR on 21.27 EUR without tax.", Some(425), None),
            (
                "20 % tax: exactly 1276/3 in the smallest unit of the currency, rounded once to 4.25 EUR.",
                None,
                None
            ),
            ("zero-rated tax: the prices hold 0.00 EUR on 5.00 EUR without tax.", Some(0), None),
        ]
    );
    assert_eq!(
        explain(&quote, &rules, Language::Chinese)[0].sentence,
        "杯：3 × 8.505 EUR = 25.52 EUR。"
    );
}
