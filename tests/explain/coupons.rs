//! What becomes of the coupon codes that a buyer enters.

use orderkit::{Cart, CartChange, Context, Language, Rules, explain::explain, quote};
use serde_json::{Value, json};

use super::shop::{cart, promotion, rules, ruleset, steps};

fn change(value: Value) -> CartChange {
    serde_json::from_value(value).unwrap()
}

fn fixed(more: Value) -> Value {
    ruleset(json!([promotion("p", json!({"kind": "orderFixed", "amountMinor": 100}), more)]))
}

/// The sentences about coupons in both languages.
fn told(shop: &Value, codes: &[&str]) -> Vec<String> {
    let rules = rules(shop);
    let mut draft = cart("1A");
    draft.details.coupon_codes = codes.iter().map(|code| (*code).to_owned()).collect();
    let used = json!({"nowMs": 0, "uses": [{"rule": "p", "count": 3}]});
    let context: Context = serde_json::from_value(used).unwrap();
    let quote = quote(&draft, &rules, &context).unwrap();
    let said = |language| explain(&quote, &rules, language).into_iter().map(|it| it.sentence);
    said(Language::English)
        .chain(said(Language::Chinese))
        .filter(|sentence| codes.iter().any(|code| sentence.contains(code)))
        .collect()
}

#[test]
fn a_code_that_takes_nothing_off_is_told_with_the_reason() {
    let of = |more: Value, english: &str, chinese: &str| {
        assert_eq!(told(&fixed(more), &["TEN"]), [english, chinese]);
    };
    of(json!({"couponCodes": ["OTHER"]}), "The coupon TEN is not known.", "优惠券 TEN 不存在。");
    of(
        json!({"couponCodes": ["ten"], "endsMs": 0}),
        "The coupon TEN is not valid at this time.",
        "优惠券 TEN 现在不可用。",
    );
    of(
        json!({"couponCodes": ["ten"], "limits": {"uses": 3}}),
        "The coupon TEN has been used as often as it may.",
        "优惠券 TEN 的使用次数已满。",
    );
    of(
        json!({"couponCodes": ["ten"], "when": {"minimumMinor": 5_000}}),
        "The coupon TEN takes nothing off this order.",
        "优惠券 TEN 对此订单没有优惠。",
    );
}

#[test]
fn a_code_that_counts_has_no_step_of_its_own() {
    let shop = fixed(json!({"couponCodes": ["ten"]}));
    let mut draft = cart("1A");
    draft.details.coupon_codes = vec!["TEN".to_owned(), "NOPE".to_owned()];
    let quote = quote(&draft, &rules(&shop), &Context::at(0)).unwrap();
    assert_eq!(steps(&quote, "p").len(), 1);
    let about: Vec<Value> = quote
        .trace
        .iter()
        .map(|step| serde_json::to_value(step).unwrap())
        .filter(|step| step["step"] == "couponNotUsed")
        .collect();
    assert_eq!(about, [json!({"step": "couponNotUsed", "coupon": "NOPE", "obstacle": "unknown"})]);
}

#[test]
fn a_cart_takes_neither_an_empty_line_nor_an_empty_code() {
    let mut held = Cart::new(cart("1A"), Context::at(0));
    let before = held.clone();
    let refused = |held: &mut Cart, value: Value| held.change(change(value)).unwrap_err();
    let issue = refused(&mut held, json!({"addLine": {}}));
    assert_eq!((issue.code.as_str(), issue.path.as_str()), ("required", "/addLine/sku"));
    for code in ["", " "] {
        let issue = refused(&mut held, json!({"applyCoupon": code}));
        assert_eq!((issue.code.as_str(), issue.path.as_str()), ("required", "/applyCoupon"));
    }
    let issue = refused(&mut held, json!({"removeLine": 5}));
    assert_eq!(issue.message(Language::English), "The order has no line 6.");
    assert_eq!(held, before);
}

#[test]
fn a_promotion_with_an_empty_or_repeated_code_is_refused() {
    for codes in [json!([""]), json!(["A", " "]), json!(["TEN", "ten"])] {
        let shop = fixed(json!({ "couponCodes": codes }));
        let refusal = Rules::from_json(shop.to_string().as_bytes()).unwrap_err();
        let issue = &refusal.issues[0];
        assert_eq!(issue.code.as_str(), "ruleset_invalid", "{codes}");
        assert!(issue.path.starts_with("/promotions/0/couponCodes/"), "{}", issue.path);
    }
}
