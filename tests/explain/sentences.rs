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
        "Second at half price: one more of these items, and it applies once more.",
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
            ("Mug: exactly 25.515 EUR, rounded once to 25.52 EUR.", None, Some(0)),
            ("Post: 4.48 EUR more, and it is free.", None, None),
            ("Post: 5.00 EUR.", Some(500), None),
            ("20 % tax: the prices hold 4.25 EUR on 21.27 EUR without tax.", Some(425), None),
            ("20 % tax: exactly 4.253333… EUR, rounded once to 4.25 EUR.", None, None),
            ("zero-rated tax: the prices hold 0.00 EUR on 5.00 EUR without tax.", Some(0), None),
        ]
    );
    assert_eq!(
        explain(&quote, &rules, Language::Chinese)[0].sentence,
        "杯：3 × 8.505 EUR = 25.52 EUR。"
    );
}

/// All sentences of a draft in a language.
fn told(shop: &Value, draft: Value, context: Value, language: Language) -> Vec<String> {
    let draft: Draft = serde_json::from_value(draft).unwrap();
    let context: Context = serde_json::from_value(context).unwrap();
    let rules = rules(shop);
    let quote = quote(&draft, &rules, &context).unwrap();
    explain(&quote, &rules, language).into_iter().map(|it| it.sentence).collect()
}

#[test]
fn a_promotion_that_some_goods_rule_out_says_so() {
    let none = p(json!({"when": {"containsNone": ["B"]}}));
    let kind = ExplanationKind::NotQualified;
    let english = "Sale is not for orders with some of these items.";
    says(none, "1A 1B", "p", kind, english, "大促不适用于含有其中某些商品的订单。");
    let all = p(json!({"when": {"containsNone": ["B"], "containsAll": ["C"]}}));
    let english = "Sale needs items that are not in this order.";
    says(all, "1A", "p", kind, english, "大促需要订单中没有的商品。");
}

#[test]
fn each_change_by_hand_has_its_own_reason() {
    let draft = json!({"lines": [{"sku": "A", "quantity": "1"}], "adjustments": [
        {"kind": "allowance", "amountMinor": 50, "reason": "scratch"},
        {"kind": "charge", "amountMinor": 250, "reason": "gift wrap"},
        {"kind": "charge", "amountMinor": 10},
    ]});
    let context = json!({"nowMs": 0, "mayAdjust": true});
    let told = told(&ruleset(json!([])), draft, context, Language::English);
    assert_eq!(
        told[1..4],
        [
            "On the whole order: -0.50 EUR by hand (scratch).",
            "On the whole order: 2.50 EUR by hand (gift wrap).",
            "On the whole order: 0.10 EUR by hand.",
        ]
    );
}

#[test]
fn one_is_told_apart_from_many_and_money_looks_like_money() {
    let mut shop = ruleset(json!([promotion(
        "q",
        json!({"kind": "quantityTiers", "tiers": [{"quantity": "2", "unitPrice": "10"}]}),
        json!({})
    )]));
    shop["points"] = json!({"unitPoints": 1, "unitMinor": 1, "as": "discount"});
    shop["shippingMethods"][0]["tables"] = json!([{"measure": "weight", "volumetricDivisor": 5000, "roundUpTo": 500,
        "rows": [{"rates": [{"first": {"size": "1000", "priceMinor": 800}, "further": {"size": "1000", "priceMinor": 333,
        "proportional": true}, "maximumMinor": 1000}], "freeOverMinor": 9000, "freeOverQuantity": "6"}]}]);
    shop["shippingMethods"][0].as_object_mut().unwrap().remove("priceMinor");
    let product = &mut shop["products"][0];
    product["weightGrams"] = json!(60);
    for side in ["lengthMm", "widthMm", "heightMm"] {
        product[side] = json!(170);
    }
    let draft = json!({"lines": [{"sku": "A", "quantity": "5"}],
        "details": {"shippingMethod": "post", "spendPoints": 1}});
    let context = json!({"nowMs": 0, "customer": {"points": 5}});
    let english = told(&shop, draft.clone(), context.clone(), Language::English);
    for expected in [
        "A: 5 × 10.00 EUR = 50.00 EUR.",
        // Five are more than the two that it asks for, and the price is the same.
        "q takes nothing off.",
        "1 point takes off 0.01 EUR.",
        "Post: 40.01 EUR and 1 item more, and it is free.",
        "Post, 5000 g by size (rounded up in steps of 500 g): first 1000 g 8.00 EUR + 4000 g at 3.33 EUR for 1000 g − 11.32 EUR down to the highest price = 10.00 EUR.",
    ] {
        assert!(english.iter().any(|it| it == expected), "{expected}: {english:#?}");
    }
    let chinese = told(&shop, draft, context, Language::Chinese);
    let expected = "Post，体积重 5000 克（按 500 克进位）：首 1000 克 8.00 EUR + 4000 克，每 1000 克 3.33 EUR − 11.32 EUR（封顶） = 10.00 EUR。";
    assert!(chinese.iter().any(|it| it == expected), "{chinese:#?}");
}

#[test]
fn rounding_to_coins_is_called_by_its_chinese_name() {
    let mut shop = ruleset(json!([]));
    shop["products"][0]["unitPrice"] = json!("10.03");
    shop["paymentMethods"][1]["cashRounding"] = json!({"stepMinor": 10, "mode": "down"});
    let draft =
        json!({"lines": [{"sku": "A", "quantity": "1"}], "details": {"paymentMethod": "cash"}});
    let told = told(&shop, draft, json!({"nowMs": 0}), Language::Chinese);
    assert!(told.contains(&"抹零（精确到 0.10 EUR）：-0.03 EUR。".to_owned()), "{told:?}");
}

#[test]
fn a_refused_method_is_called_by_its_name() {
    let mut shop = ruleset(json!([]));
    shop["shippingZones"] =
        json!([{"id": "west", "places": [{"countries": ["CN"], "regions": ["新疆"]}]}]);
    shop["shippingMethods"] = json!([
        {"id": "m", "name": {"en": "Parcel", "zh": "包裹"}, "priceMinor": 500, "taxClass": "none", "exceptZones": ["west"]},
        {"id": "pickup", "kind": "pickUp", "name": {"en": "Pick-up", "zh": "自提"}, "priceMinor": 0, "taxClass": "none"},
    ]);
    let draft: Draft = serde_json::from_value(json!({"lines": [{"sku": "A", "quantity": "1"}], "details": {
        "shippingMethod": "m",
        "shippingAddress": {"country": "CN", "region": "新疆", "city": "喀什", "postcode": "844000"},
    }}))
    .unwrap();
    let refusal = quote(&draft, &rules(&shop), &Context::at(0)).unwrap_err();
    let issue = &refusal.issues[0];
    assert_eq!(
        issue.message(Language::English),
        "Parcel leaves out CN 新疆 844000. Possible: Pick-up."
    );
    assert_eq!(
        issue.message(Language::Chinese),
        "包裹不配送到 CN 新疆 844000（该地区除外）。可选：自提。"
    );
}

#[test]
fn a_quote_is_refused_in_another_currency_or_with_an_unknown_payment_method() {
    let rules = rules(&ruleset(json!([])));
    let refused = |more: Value| {
        let mut draft = json!({"lines": [{"sku": "A", "quantity": "1"}]});
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let draft: Draft = serde_json::from_value(draft).unwrap();
        quote(&draft, &rules, &Context::at(0)).unwrap_err().issues[0].message(Language::English)
    };
    assert_eq!(refused(json!({"currency": "USD"})), "This shop sells in EUR, not in USD.");
    assert_eq!(
        refused(json!({"details": {"paymentMethod": "gold"}})),
        "Please choose a payment method: gold is not offered."
    );
}
