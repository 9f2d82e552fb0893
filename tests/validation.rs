//! Validation: one row for each rule, all issues at once, in the order of the form.

mod shop;

use orderkit::{Code, Context, Draft, Issue, Language, validate};
use shop::{DRAFT, NOW_MS, rules};

fn issues(text: &str) -> Vec<Issue> {
    let draft: Draft = orderkit::json::read(text.as_bytes()).unwrap();
    validate(&draft, &rules(), &Context::at(NOW_MS))
}

/// The draft with a piece of it replaced has exactly this issue.
#[track_caller]
fn finds(from: &str, to: &str, code: Code, path: &str) {
    assert!(DRAFT.contains(from), "{from}");
    let found = issues(&DRAFT.replace(from, to));
    let found: Vec<_> = found.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
    assert_eq!(found, [(code, path)], "{from} -> {to}");
}

#[track_caller]
fn accepts(from: &str, to: &str) {
    assert!(DRAFT.contains(from), "{from}");
    assert_eq!(issues(&DRAFT.replace(from, to)), [], "{from} -> {to}");
}

#[test]
fn lines() {
    let tea = r#"{"sku": "TEA", "quantity": "3"}"#;
    let row = |to: &str, code, field: &str| finds(tea, to, code, &format!("/lines/0{field}"));
    row(r#"{"sku": "", "quantity": "3"}"#, Code::Required, "/sku");
    row(r#"{"sku": "COFFEE", "quantity": "3"}"#, Code::SkuUnknown, "/sku");
    row(r#"{"sku": "TEA"}"#, Code::Required, "/quantity");
    row(r#"{"sku": "TEA", "quantity": " "}"#, Code::Required, "/quantity");
    row(r#"{"sku": "TEA", "quantity": "1,5"}"#, Code::NumberMalformed, "/quantity");
    row(r#"{"sku": "TEA", "quantity": "0"}"#, Code::QuantityNotPositive, "/quantity");
    row(r#"{"sku": "TEA", "quantity": "-1"}"#, Code::QuantityNotPositive, "/quantity");
    row(r#"{"sku": "TEA", "quantity": "1.5"}"#, Code::QuantityStep, "/quantity");
    row(r#"{"sku": "TEA", "quantity": "1000001"}"#, Code::QuantityTooLarge, "/quantity");
    row(r#"{"sku": "TAPE", "quantity": "0.4"}"#, Code::QuantityTooSmall, "/quantity");
    row(r#"{"sku": "TAPE", "quantity": "50.1"}"#, Code::QuantityTooLarge, "/quantity");
    row(r#"{"sku": "TAPE", "quantity": "0.55"}"#, Code::QuantityStep, "/quantity");
    row(
        r#"{"sku": "TEA", "quantity": "1", "unitPrice": "1"}"#,
        Code::PriceNotAllowed,
        "/unitPrice",
    );
    accepts(tea, r#"{"sku": "TAPE", "quantity": "0.5"}"#);
    let twice =
        r#"{"id": "a", "sku": "TEA", "quantity": "3"}, {"id": "a", "sku": "TEA", "quantity": "3"}"#;
    finds(tea, twice, Code::LineIdRepeated, "/lines/1/id");
    finds(
        &format!(r#"[{tea}, {{"sku": "CUP", "quantity": "1"}}]"#),
        "[]",
        Code::LinesEmpty,
        "/lines",
    );
    let many = vec![tea; 2_001].join(",");
    finds(tea, &many, Code::LinesTooMany, "/lines");
}

#[test]
fn customer_and_address() {
    let customer = "/details/customer";
    let row = |from: &str, to: &str, code, path: &str| finds(from, to, code, path);
    row("Ada Lovelace", " ", Code::Required, &format!("{customer}/name"));
    row("Ada Lovelace", &"x".repeat(401), Code::TextTooLong, &format!("{customer}/name"));
    row("Ada Lovelace", r"Ada\u0000", Code::TextInvalid, &format!("{customer}/name"));
    row("ada@example.org", "ada@example", Code::EmailInvalid, &format!("{customer}/email"));
    row(r#", "email": "ada@example.org""#, "", Code::Required, &format!("{customer}/email"));
    row(
        r#""email": "ada@example.org""#,
        r#""phone": "call me""#,
        Code::PhoneInvalid,
        &format!("{customer}/phone"),
    );
    accepts(r#""email": "ada@example.org""#, r#""phone": "+49 30 901820""#);

    let address = "/details/shippingAddress";
    row("Unter den Linden 1", "", Code::Required, &format!("{address}/street/0"));
    row(r#""city": "Berlin""#, r#""city": """#, Code::Required, &format!("{address}/city"));
    row("10117", "1011", Code::PostcodeInvalid, &format!("{address}/postcode"));
    row(r#""postcode": "10117", "#, "", Code::Required, &format!("{address}/postcode"));
    row(
        r#""country": "DE""#,
        r#""country": "XX""#,
        Code::CountryUnknown,
        &format!("{address}/country"),
    );
    row(r#""country": "DE""#, r#""country": """#, Code::Required, &format!("{address}/country"));
    accepts(r#""postcode": "10117", "country": "DE""#, r#""postcode": "1010", "country": "AT""#);
}

#[test]
fn choices_and_coupons() {
    let details = |field: &str| format!("/details/{field}");
    finds(r#""shippingMethod": "parcel", "#, "", Code::Required, &details("shippingMethod"));
    finds("parcel", "drone", Code::ShippingMethodUnknown, &details("shippingMethod"));
    finds(
        r#""paymentMethod": "card""#,
        r#""note": "hi""#,
        Code::Required,
        &details("paymentMethod"),
    );
    finds(r#""card""#, r#""shells""#, Code::PaymentMethodUnknown, &details("paymentMethod"));
    let abroad = r#""postcode": "75001", "country": "FR""#;
    finds(
        r#""postcode": "10117", "country": "DE""#,
        abroad,
        Code::ShippingNotServed,
        &details("shippingMethod"),
    );
    let coupon = |code: &str| format!(r#""card", "couponCodes": ["{code}"]"#);
    finds(r#""card""#, &coupon("NOPE"), Code::CouponUnknown, &details("couponCodes/0"));
    finds(r#""card""#, &coupon("OLD"), Code::CouponNotActive, &details("couponCodes/0"));
    accepts(r#""card""#, &coupon("welcome"));
    let many = format!(r#""card", "couponCodes": [{}]"#, vec![r#""WELCOME""#; 21].join(","));
    finds(r#""card""#, &many, Code::CouponsTooMany, &details("couponCodes"));
    finds(r#""card""#, r#""card", "note": "\u0007""#, Code::TextInvalid, &details("note"));
    finds(r#""lines""#, r#""currency": "USD", "lines""#, Code::CurrencyMismatch, "/currency");
    let off = r#""adjustments": [{"kind": "allowance", "percent": "5"}], "lines""#;
    finds(r#""lines""#, off, Code::AdjustmentNotAllowed, "/adjustments");
    // A customer who says what was paid before would get the goods for nothing.
    for (field, amount) in [("prepaidMinor", 3_076), ("payableRoundingMinor", -3_076)] {
        let to = format!(r#""{field}": {amount}, "lines""#);
        finds(r#""lines""#, &to, Code::AdjustmentNotAllowed, &format!("/{field}"));
        let staff = Context { may_adjust: true, ..Context::at(NOW_MS) };
        for (wrong, minor) in [("prepaidMinor", -1), ("payableRoundingMinor", 100)] {
            let text = DRAFT.replace(r#""lines""#, &format!(r#""{wrong}": {minor}, "lines""#));
            let draft: Draft = orderkit::json::read(text.as_bytes()).unwrap();
            assert_eq!(validate(&draft, &rules(), &staff)[0].code, Code::AdjustmentInvalid);
        }
    }
}

#[test]
fn an_empty_form_lists_everything_in_the_order_of_the_form() {
    let found = issues("{}");
    let found: Vec<_> =
        found.iter().map(|issue| (issue.code.as_str(), issue.path.as_str())).collect();
    assert_eq!(
        found,
        [
            ("lines_empty", "/lines"),
            ("required", "/details/customer/name"),
            ("required", "/details/customer/email"),
            ("required", "/details/shippingAddress/street/0"),
            ("required", "/details/shippingAddress/city"),
            ("required", "/details/shippingAddress/country"),
            ("required", "/details/shippingMethod"),
            ("required", "/details/paymentMethod"),
        ]
    );
}

#[test]
fn an_issue_has_a_sentence_in_both_languages() {
    let found = issues(&DRAFT.replace("10117", "X"));
    assert_eq!(
        found[0].message(Language::English),
        "Please check the postcode: in DE it looks like 10115."
    );
    assert_eq!(found[0].message(Language::Chinese), "请检查邮政编码：DE 的格式如 10115。");
}
