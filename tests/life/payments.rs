//! Payments: several tenders, authorizations, words that come late, limits of what goes back.

use orderkit::{Amount, Role, ledger::RefundOrder, ledger::refund_plan};

use crate::steps::{HOUR_MS, Life, TOTAL, money, pay};

fn derived(life: &Life) -> (String, i64, i64) {
    let derived = life.order.derived().unwrap();
    let word = serde_json::to_value(derived.payment).unwrap();
    (
        word.as_str().unwrap().to_owned(),
        derived.paid_minor.minor(),
        derived.balance_due_minor.minor(),
    )
}

#[test]
fn an_authorization_lets_the_work_begin_and_is_captured_in_parts_or_let_go() {
    let mut life = Life::placed("{}");
    life.must(&[("recordPayment", &money("a", "authorization", TOTAL, ""))]);
    assert_eq!(derived(&life), ("authorized".to_owned(), 0, TOTAL));
    life.must(&[("confirm", "{}")]);
    let capture = |id: &str, amount| money(id, "capture", amount, r#""source": "a""#);
    life.must(&[("recordPayment", &capture("c1", 2_000))]);
    assert_eq!(derived(&life), ("partiallyPaid".to_owned(), 2_000, TOTAL - 2_000));
    assert_eq!(life.refused("recordPayment", &capture("c2", TOTAL - 1_999)), "capture_too_large");
    assert_eq!(
        life.refused("recordPayment", &money("v", "void", 2_000, r#""source": "a""#)),
        "capture_too_large"
    );
    assert_eq!(
        life.refused("recordPayment", &money("v", "void", 1, r#""source": "x""#)),
        "payment_unknown"
    );
    assert_eq!(life.refused("recordPayment", &money("v", "void", 1, "")), "required");
    life.must(&[("recordPayment", &capture("c2", TOTAL - 2_000))]);
    assert_eq!(derived(&life), ("paid".to_owned(), TOTAL, 0));
}

#[test]
fn an_authorization_that_has_run_out_holds_nothing() {
    let mut life = Life::placed("{}");
    let expires_ms = life.now_ms + HOUR_MS;
    let rest = format!(r#""expiresMs": {expires_ms}"#);
    life.must(&[("recordPayment", &money("a", "authorization", TOTAL, &rest))]);
    life.wait(2 * HOUR_MS);
    assert_eq!(life.refused("confirm", "{}"), "payment_missing");
}

#[test]
fn words_on_a_payment_may_come_twice_late_and_in_any_order() {
    let word = |state: &str| money("p", "capture", TOTAL, &format!(r#""state": "{state}""#));
    let mut life = Life::placed("{}");
    life.must(&[("recordPayment", &word("pending")), ("recordPayment", &word("success"))]);
    assert_eq!(life.give("recordPayment", &word("success")).unwrap(), 0, "twice");
    assert_eq!(life.give("recordPayment", &word("pending")).unwrap(), 0, "late");
    assert_eq!(life.order.payments.len(), 1);
    // Of a first try, that came after the word on the second one: what happened stays so.
    assert_eq!(life.give("recordPayment", &word("failure")).unwrap(), 0);
    assert_eq!(life.refused("recordPayment", &pay("p", TOTAL - 1)), "payment_repeated");
    // A failure may be tried again under its id, which the provider takes for the same payment.
    let mut life = Life::placed("{}");
    life.must(&[("recordPayment", &word("failure")), ("recordPayment", &word("success"))]);
    assert_eq!(derived(&life).0, "paid");
}

#[test]
fn an_unknown_outcome_keeps_everything_open_and_never_charges_twice() {
    let mut life = Life::placed(r#"{"payWithinMinutes": 30, "pendingWithinHours": 24}"#);
    life.must(&[("recordPayment", &money("p", "capture", TOTAL, r#""state": "initial""#))]);
    life.wait(HOUR_MS);
    assert_eq!(life.refused("expire", "{}"), "too_early");
    assert_eq!(derived(&life).0, "pending");
    life.must(&[("recordPayment", &pay("p", TOTAL))]);
    assert_eq!((derived(&life), life.order.payments.len()), (("paid".to_owned(), TOTAL, 0), 1));
}

#[test]
fn a_refund_is_never_more_than_what_is_left_of_its_payment_and_a_pending_one_counts() {
    let mut life = Life::placed("{}");
    life.must(&[
        ("recordPayment", &pay("p1", 2_000)),
        ("recordPayment", &pay("p2", TOTAL - 2_000)),
    ]);
    let refund = |id: &str, amount: i64, rest: &str| money(id, "refund", amount, rest);
    assert_eq!(life.refused("recordPayment", &refund("r", TOTAL + 1, "")), "refund_too_large");
    assert_eq!(
        life.refused("recordPayment", &refund("r", 2_001, r#""source": "p1""#)),
        "refund_too_large"
    );
    life.must(&[("recordPayment", &refund("r1", 1_500, r#""source": "p1", "state": "pending""#))]);
    assert_eq!(
        life.refused("recordPayment", &refund("r2", 501, r#""source": "p1""#)),
        "refund_too_large"
    );
    life.must(&[("recordPayment", &refund("r1", 1_500, r#""source": "p1""#))]);
    let plan = refund_plan(&life.order.payments, Amount::MAX, RefundOrder::LastFirst).unwrap();
    let plan: Vec<_> =
        plan.iter().map(|part| (part.source.as_str(), part.amount_minor.minor())).collect();
    assert_eq!(plan, [("p2", TOTAL - 2_000), ("p1", 500)]);
    assert_eq!(derived(&life).0, "partiallyRefunded");
}

#[test]
fn small_differences_are_let_go_as_an_entry_and_large_ones_asked_about() {
    let mut life =
        Life::placed(r#"{"underpaymentMinor": 5, "overpaymentMinor": 2, "writeOffMinor": 20}"#);
    life.must(&[("recordPayment", &pay("p1", TOTAL - 5))]);
    assert_eq!(derived(&life), ("paid".to_owned(), TOTAL - 5, 0));
    assert_eq!(life.order.written_off_minor.minor(), 5);
    let mut life =
        Life::placed(r#"{"underpaymentMinor": 5, "overpaymentMinor": 2, "writeOffMinor": 20}"#);
    life.must(&[("recordPayment", &pay("p1", TOTAL - 15))]);
    assert_eq!(derived(&life), ("partiallyPaid".to_owned(), TOTAL - 15, 15));
    assert_eq!(life.refused("writeOff", r#"{"amountMinor": 14}"#), "balance_differs");
    life.must(&[
        ("writeOff", r#"{"amountMinor": 15, "reason": "bank charges"}"#),
        ("confirm", "{}"),
    ]);
    let mut life = Life::placed(r#"{"overpaymentMinor": 2}"#);
    assert_eq!(life.refused("recordPayment", &pay("p1", TOTAL + 3)), "payment_too_large");
    life.must(&[("recordPayment", &pay("p1", TOTAL + 2))]);
    assert_eq!(derived(&life).0, "overpaid");
    // medusajs/medusa#13972: -0.005 pending for ever. Ours is whole cents and can be closed.
    life.must(&[("writeOff", r#"{"amountMinor": -2}"#)]);
    assert_eq!(derived(&life), ("paid".to_owned(), TOTAL + 2, 0));
}

#[test]
fn money_in_another_currency_is_refused_with_both() {
    let mut life = Life::placed("{}");
    let refusal = life
        .give("recordPayment", &money("p", "capture", TOTAL, r#""currency": "USD""#))
        .unwrap_err();
    let issue = &refusal.issues[0];
    assert_eq!((issue.code.as_str(), issue.path.as_str()), ("currency_mismatch", "/args/currency"));
}

#[test]
fn a_chargeback_is_a_fact_and_reopens_the_question() {
    let mut life = Life::confirmed("{}");
    life.must(&[("recordPayment", &money("b", "chargeback", TOTAL, r#""source": "p1""#))]);
    assert_eq!(derived(&life), ("refunded".to_owned(), 0, TOTAL));
    assert_eq!(life.summary(), "exception");
    assert_eq!(life.refused("ship", r#"{"shipment": "s"}"#), "payment_missing");
}

#[test]
fn a_late_payment_brings_an_order_back_or_goes_back() {
    let late = money("p", "capture", TOTAL, r#""isCertain": true"#);
    let closed = || {
        let mut life = Life::placed(r#"{"payWithinMinutes": 30}"#);
        life.wait(HOUR_MS).must(&[("expire", "{}")]);
        life.wait(1).must(&[("recordPayment", &late)]);
        life
    };
    let mut back = closed();
    assert_eq!(back.summary(), "awaitingRefund");
    back.must(&[("reinstate", r#"{"reason": "paid after all"}"#), ("confirm", "{}")]);
    assert_eq!(derived(&back), ("paid".to_owned(), TOTAL, 0));
    let mut refunded = closed();
    refunded.must(&[("recordPayment", &money("r", "refund", TOTAL, r#""source": "p""#))]);
    assert_eq!(refunded.summary(), "refunded");
    assert_eq!(refunded.refused("reinstate", r#"{"reason": "too late"}"#), "payment_missing");
}

#[test]
fn the_shop_commits_by_itself_as_soon_as_the_terms_are_met() {
    let mut life = Life::placed(r#"{"confirmation": "whenPaid"}"#);
    life.must(&[("hold", r#"{"reason": "fraudReview"}"#), ("recordPayment", &pay("p1", TOTAL))]);
    assert_eq!(life.summary(), "onHold");
    life.must(&[("release", r#"{"reason": "fraudReview"}"#)]);
    assert_eq!(life.summary(), "awaitingShipment");
}

/// What the ledger asks of providers: kind, amount and source of each payment that nobody has answered.
fn asked(life: &Life) -> Vec<String> {
    let open = life.order.payments.iter().filter(|it| it.is_pending());
    open.map(|it| {
        assert_eq!(it.provider.as_deref(), Some("bank"), "{it:?}");
        let source = it.source.as_deref().unwrap_or_default();
        format!("{} {} of {source}", it.kind.as_str(), it.amount_minor.minor())
    })
    .collect()
}

fn told(life: &mut Life, payment: &str) {
    life.give_as("system", Role::System, "recordPayment", payment).unwrap();
}

#[test]
fn what_came_through_a_provider_goes_back_through_it_and_the_rest_by_hand() {
    let mut life = Life::placed("{}");
    let by_bank = |id: &str, amount| money(id, "capture", amount, r#""provider": "bank""#);
    assert_eq!(life.refused("recordPayment", &by_bank("b", 2_000)), "role_forbids");
    told(&mut life, &by_bank("b", 2_000));
    life.must(&[("recordPayment", &pay("cash", TOTAL - 2_000))]);
    life.must(&[("cancel", r#"{"reason": "no longer made"}"#)]);
    assert_eq!(asked(&life), ["refund 2000 of b"]);
    let known = life.order.payments.last().unwrap().clone();
    let done = format!(
        r#"{{"id": "{}", "kind": "refund", "method": "card", "amountMinor": 2000, "source": "b", "provider": "bank"}}"#,
        known.id
    );
    told(&mut life, &done);
    assert_eq!(derived(&life).2, -(TOTAL - 2_000), "the cash is still owed");
    assert!(asked(&life).is_empty());
}

#[test]
fn a_part_that_is_canceled_is_asked_back_once_and_an_overpayment_is_left_alone() {
    let mut life = Life::placed(r#"{"overpaymentMinor": 500}"#);
    told(&mut life, &money("b", "capture", TOTAL + 500, r#""provider": "bank""#));
    assert_eq!(derived(&life).0, "overpaid");
    let line = life.order.lines[0].clone();
    let part = format!(
        r#"{{"credit": "k1", "reason": "sold out", "lines": [{{"line": "{}", "quantity": "1"}}]}}"#,
        line.id
    );
    life.must(&[("cancelLines", &part)]);
    let credit = life.order.credits[0].total_minor.minor();
    assert_eq!(asked(&life), [format!("refund {credit} of b")]);
    assert_eq!(derived(&life).2, -500 - credit);
    // Called off as a whole: all that is not on its way already.
    life.must(&[("cancel", r#"{"reason": "no more"}"#)]);
    assert_eq!(
        asked(&life),
        [format!("refund {credit} of b"), format!("refund {} of b", TOTAL + 500 - credit)]
    );
}

#[test]
fn an_authorization_is_let_go_and_late_money_goes_back_if_the_shop_says_so() {
    for (workflow, late) in [
        (r#"{"payWithinMinutes": 1}"#, Vec::new()),
        (
            r#"{"payWithinMinutes": 1, "refundsLatePayments": true}"#,
            vec![format!("refund {TOTAL} of late")],
        ),
    ] {
        let mut life = Life::placed(workflow);
        told(&mut life, &money("a", "authorization", 1_000, r#""provider": "bank""#));
        life.wait(2 * HOUR_MS);
        life.give_as("system", Role::System, "expire", "{}").unwrap();
        assert_eq!(asked(&life), ["void 1000 of a"]);
        let void = life.order.payments.last().unwrap().id.clone();
        told(&mut life, &money(&void, "void", 1_000, r#""source": "a", "provider": "bank""#));
        told(&mut life, &money("late", "capture", TOTAL, r#""provider": "bank""#));
        assert_eq!(asked(&life), late);
    }
}
