//! What is sold whole stays whole after its order is placed, and nobody gets a number of units that could not be ordered.

use orderkit::{Code, Language, Refusal};

use crate::{
    shop::{self, rules_with},
    steps::{Life, TOTAL, money, pay},
};

fn one(line: &str, quantity: &str) -> String {
    format!(r#"{{"lines": [{{"line": "{line}", "quantity": "{quantity}"}}]}}"#)
}

fn edit(changes: &str) -> String {
    format!(
        r#"{{"id": "e", "reason": "asked", "consent": {{"by": "Ada", "how": "telephone"}}, "changes": [{changes}]}}"#
    )
}

fn found(refusal: &Refusal) -> (Code, String) {
    (refusal.issues[0].code, refusal.issues[0].path.clone())
}

#[test]
fn a_part_of_a_line_is_a_multiple_of_its_step() {
    let set = |quantity: &str| {
        edit(&format!(r#"{{"setQuantity": {{"line": "1", "quantity": "{quantity}"}}}}"#))
    };
    let add = |sku: &str, quantity: &str| {
        edit(&format!(r#"{{"addLine": {{"line": {{"sku": "{sku}", "quantity": "{quantity}"}}}}}}"#))
    };
    let table = [
        (
            "cancelLines",
            one("1", "0.5").replacen('{', r#"{"credit": "c", "reason": "no", "#, 1),
            Code::QuantityStep,
            "/args/lines/0/quantity",
        ),
        (
            "allocate",
            one("1", "0.5").replacen('{', r#"{"shipment": "s", "#, 1),
            Code::QuantityStep,
            "/args/lines/0/quantity",
        ),
        (
            "ship",
            one("1", "2.1").replacen('{', r#"{"shipment": "s", "#, 1),
            Code::QuantityStep,
            "/args/lines/0/quantity",
        ),
        ("amend", set("0.5"), Code::QuantityStep, "/args/changes/0/quantity"),
        ("amend", set("3.5"), Code::QuantityStep, "/args/changes/0/quantity"),
        ("amend", set("1000001"), Code::QuantityTooLarge, "/args/changes/0/quantity"),
        ("amend", add("CUP", "0.3"), Code::QuantityStep, "/args/changes/0/line/quantity"),
        (
            "amend",
            add("CUP", "999999999999"),
            Code::QuantityTooLarge,
            "/args/changes/0/line/quantity",
        ),
        ("amend", add("TAPE", "0.4"), Code::QuantityTooSmall, "/args/changes/0/line/quantity"),
        ("amend", add("TAPE", "50.1"), Code::QuantityTooLarge, "/args/changes/0/line/quantity"),
    ];
    for (kind, args, code, path) in table {
        let refusal = Life::confirmed("{}").give(kind, &args).expect_err(kind);
        assert_eq!(found(&refusal), (code, path.to_owned()), "{kind} {args}");
    }
    for (kind, args) in [("amend", set("2")), ("amend", add("TAPE", "0.7"))] {
        Life::confirmed("{}").must(&[(kind, &args)]);
    }
}

#[test]
fn what_comes_back_is_counted_as_it_was_sold() {
    let mut life = Life::confirmed("{}");
    life.must(&[("ship", r#"{"shipment": "s"}"#), ("deliver", r#"{"shipment": "s"}"#)]);
    let request = |quantity: &str| {
        format!(
            r#"{{"returnId": "r", "lines": [{{"line": "1", "quantity": "{quantity}", "reason": "noLongerWanted"}}]}}"#
        )
    };
    assert_eq!(life.refused("requestReturn", &request("0.5")), "quantity_step");
    life.must(&[("requestReturn", &request("2")), ("approveReturn", r#"{"returnId": "r"}"#)]);
    let part = |name: &str, quantity: &str, rest: &str| {
        format!(
            r#"{{"returnId": "r", "{name}": [{{"line": "1", "quantity": "{quantity}"{rest}}}]}}"#
        )
    };
    assert_eq!(life.refused("receiveReturn", &part("lines", "1.5", "")), "quantity_step");
    life.must(&[("receiveReturn", &part("lines", "2", ""))]);
    let good = r#", "condition": "good", "goods": "restock""#;
    assert_eq!(life.refused("inspectReturn", &part("inspections", "0.5", good)), "quantity_step");
    life.must(&[("inspectReturn", &part("inspections", "2", good))]);
    let half = r#"{"returnId": "r", "outcomes": [
        {"line": "1", "quantity": "0.5", "outcome": "refund"},
        {"line": "1", "quantity": "1.5", "outcome": "refund"}]}"#;
    assert_eq!(life.refused("resolveReturn", half), "quantity_step");
    life.must(&[("resolveReturn", r#"{"returnId": "r"}"#)]);
}

#[test]
fn an_order_of_rules_with_another_step_can_still_be_worked_on() {
    let by_half = rules_with(&[(r#""quantityStep": "0.1""#, r#""quantityStep": "0.5""#)]);
    let mut draft = shop::draft();
    draft.lines[0].sku = "TAPE".to_owned();
    draft.lines[0].quantity = "0.7".parse::<orderkit::Decimal>().unwrap().into();
    let mut life = Life::of(shop::rules(), draft);
    life.rules = by_half.into();
    let part = one("1", "0.2").replacen('{', r#"{"credit": "c", "reason": "cut short", "#, 1);
    life.must(&[("cancelLines", &part)]);
}

#[test]
fn a_bank_takes_back_what_it_paid_and_no_more() {
    let mut life = Life::placed("{}");
    life.must(&[
        ("recordPayment", &pay("p1", 2_000)),
        ("recordPayment", &pay("p2", TOTAL - 2_000)),
    ]);
    let back = |id: &str, amount: i64, rest: &str| money(id, "chargeback", amount, rest);
    let of = r#""source": "p1""#;
    for (amount, rest) in [(2_001, of), (TOTAL + 1, "")] {
        assert_eq!(life.refused("recordPayment", &back("b", amount, rest)), "chargeback_too_large");
    }
    // What the shop gave back before does not bind the bank: then the money is gone twice, and the buyer owes it.
    life.must(&[("recordPayment", &money("r", "refund", 500, of))]);
    life.must(&[("recordPayment", &back("b1", 2_000, of))]);
    assert_eq!(life.refused("recordPayment", &back("b2", 1, of)), "chargeback_too_large");
    life.must(&[("recordPayment", &back("b3", TOTAL - 2_000, r#""source": "p2""#))]);
    assert_eq!(life.refused("recordPayment", &back("b4", 1, "")), "chargeback_too_large");
}

#[test]
fn every_figure_of_a_sentence_about_a_long_text_is_there() {
    let long = "x".repeat(5_000);
    for (kind, args) in [
        ("cancel", format!(r#"{{"reason": "{long}"}}"#)),
        ("note", format!(r#"{{"text": "{long}"}}"#)),
        ("hold", format!(r#"{{"reason": "manual", "note": "{long}"}}"#)),
    ] {
        let refusal = Life::confirmed("{}").give(kind, &args).expect_err(kind);
        let sentence = refusal.issues[0].message(Language::English);
        assert_eq!(refusal.code(), Code::TextTooLong, "{kind}");
        assert!(sentence.contains("5000") && !sentence.contains('{'), "{sentence}");
    }
}
