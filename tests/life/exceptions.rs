//! Exceptions: each is found when its cause is there, offers ways out that work, and is gone with its cause.

use std::collections::BTreeSet;

use orderkit::{
    Code, CommandKind, allowed_commands,
    exceptions::{ExceptionKind, ExceptionSeverity, WayOut, exceptions, kind_of_refusal},
};

use crate::{
    shop::{actor, facts},
    steps::{DAY_MS, HOUR_MS, Life, TOTAL, money, pay},
};

fn kinds(life: &Life) -> Vec<&'static str> {
    let found = exceptions(&life.order, life.rules.ruleset(), life.now_ms).unwrap();
    found.iter().map(|it| it.kind.as_str()).collect()
}

/// A cause, the exception, the command that is a way out, and its arguments.
#[test]
fn each_exception_has_its_cause_and_a_way_out_that_ends_it() {
    let s1 = r#"{"shipment": "s1"}"#;
    let why = r#"{"shipment": "s1", "reason": "nobody there"}"#;
    let late = money("p", "capture", TOTAL, r#""isCertain": true"#);
    let table: Vec<(Life, &str, CommandKind, String)> = vec![
        (
            with("{}", &[("hold", r#"{"reason": "fraudReview"}"#)]),
            "fraudSuspected",
            CommandKind::Release,
            r#"{"reason": "fraudReview"}"#.into(),
        ),
        (
            with("{}", &[("hold", r#"{"reason": "address"}"#)]),
            "unserviceableAddress",
            CommandKind::Release,
            r#"{"reason": "address"}"#.into(),
        ),
        (
            with("{}", &[("hold", r#"{"reason": "stock"}"#)]),
            "outOfStock",
            CommandKind::Release,
            r#"{"reason": "stock"}"#.into(),
        ),
        (
            with("{}", &[("hold", r#"{"reason": "manual"}"#)]),
            "heldByHand",
            CommandKind::Release,
            r#"{"reason": "manual"}"#.into(),
        ),
        (
            with("{}", &[("allocate", r#"{"shipment": "s1", "isBackordered": true}"#)]),
            "outOfStock",
            CommandKind::Allocate,
            s1.into(),
        ),
        (
            with("{}", &[("ship", s1), ("failDelivery", why)]),
            "deliveryFailed",
            CommandKind::Redeliver,
            s1.into(),
        ),
        (
            with("{}", &[("ship", s1), ("lose", why)]),
            "lost",
            CommandKind::Cancel,
            r#"{"reason": "lost by the carrier"}"#.into(),
        ),
        (
            with("{}", &[("ship", s1), ("failDelivery", why), ("returnToSender", why)]),
            "returnedToSender",
            CommandKind::Cancel,
            r#"{"reason": "came back"}"#.into(),
        ),
        (
            with("{}", &[("recordPayment", &money("b", "chargeback", 15, r#""source": "p1""#))]),
            "chargeback",
            CommandKind::WriteOff,
            r#"{"amountMinor": 15}"#.into(),
        ),
        (
            with(
                r#"{"writeOffMinor": 20}"#,
                &[("recordPayment", &money("more", "capture", 15, r#""isCertain": true"#))],
            ),
            "overpaid",
            CommandKind::WriteOff,
            r#"{"amountMinor": -15}"#.into(),
        ),
        (
            expired(&late),
            "latePayment",
            CommandKind::Reinstate,
            r#"{"reason": "paid after all"}"#.into(),
        ),
        (
            unpaid(&[("recordPayment", &money("p", "capture", TOTAL, r#""state": "pending""#))]),
            "paymentPending",
            CommandKind::RecordPayment,
            pay("p", TOTAL),
        ),
        (
            unpaid(&[("recordPayment", &money("p", "capture", TOTAL, r#""state": "failure""#))]),
            "paymentFailed",
            CommandKind::Cancel,
            r#"{"reason": "no money"}"#.into(),
        ),
        (
            unpaid(&[("recordPayment", &pay("p", TOTAL - 3))]),
            "underpaid",
            CommandKind::WriteOff,
            r#"{"amountMinor": 3}"#.into(),
        ),
    ];
    for (mut life, kind, command, args) in table {
        let found = exceptions(&life.order, life.rules.ruleset(), life.now_ms).unwrap();
        let exception = found.iter().find(|it| it.kind.as_str() == kind);
        let exception =
            exception.unwrap_or_else(|| panic!("{kind} is not among {:?}", kinds(&life)));
        let offered = exception.ways_out.contains(&WayOut::Command(command));
        // What a chargeback leaves is a balance, which only a shop with a higher limit lets go.
        assert!(offered, "{kind} does not offer {command:?}");
        if kind == "chargeback" {
            assert_eq!(life.refused(command.as_str(), &args), "write_off_too_large");
            life.must(&[("recordPayment", &pay("again", 15))]);
        } else {
            life.must(&[(command.as_str(), &args)]);
        }
        assert!(!kinds(&life).contains(&kind), "{kind} is still there after {command:?}");
    }
}

#[test]
fn what_became_of_a_providers_payment_is_for_the_provider_to_say() {
    let provider = r#""provider": "local""#;
    let asked = money("p", "capture", TOTAL, &format!(r#""state": "initial", {provider}"#));
    let mut life = unpaid(&[("recordPayment", &asked)]);
    let found = exceptions(&life.order, life.rules.ruleset(), life.now_ms).unwrap();
    let pending: Vec<&[WayOut]> = found.iter().map(|it| it.ways_out.as_slice()).collect();
    assert_eq!(pending, [[WayOut::AskProvider]], "the way that is not offered is refused:");
    let by_hand = money("p", "capture", TOTAL, provider);
    assert_eq!(life.refused("recordPayment", &by_hand), "role_forbids");
}

fn with(workflow: &str, commands: &[(&str, &str)]) -> Life {
    let mut life = Life::confirmed(workflow);
    life.must(commands);
    life
}

fn unpaid(commands: &[(&str, &str)]) -> Life {
    let mut life = Life::placed("{}");
    life.must(commands);
    life
}

fn expired(late: &str) -> Life {
    let mut life = Life::placed(r#"{"payWithinMinutes": 30}"#);
    life.wait(HOUR_MS).must(&[("expire", "{}")]);
    life.wait(1).must(&[("recordPayment", late)]);
    life
}

#[test]
fn a_paid_order_that_is_canceled_waits_for_its_refund() {
    let mut life = Life::confirmed("{}");
    life.wait(1).must(&[("cancel", r#"{"reason": "ordered twice"}"#)]);
    let found = exceptions(&life.order, life.rules.ruleset(), life.now_ms).unwrap();
    let due = found.iter().find(|it| it.kind == ExceptionKind::RefundDue).unwrap();
    assert_eq!(due.ways_out, [WayOut::Refund]);
    assert_eq!(due.since_ms, life.order.closed_ms);
    let part = money("back", "refund", 1, r#""source": "p1""#);
    life.must(&[("recordPayment", &part)]);
    assert_eq!(kinds(&life), ["refundDue"], "a part is not all");
    let rest = money("rest", "refund", TOTAL - 1, r#""source": "p1""#);
    life.must(&[("recordPayment", &rest)]);
    assert_eq!(kinds(&life), Vec::<&str>::new());
}

#[test]
fn promises_that_are_broken_and_authorizations_that_end_are_said_in_time() {
    let mut life = Life::placed(r#"{"packWithinHours": 12, "shipWithinHours": 48}"#);
    let expires_ms = life.now_ms + 5 * DAY_MS;
    let authorization =
        money("a", "authorization", TOTAL, &format!(r#""expiresMs": {expires_ms}"#));
    life.must(&[("recordPayment", &authorization), ("confirm", "{}")]);
    assert_eq!(kinds(&life), [""; 0]);
    assert_eq!(kinds(life.wait(12 * HOUR_MS)), ["packingLate"]);
    assert_eq!(kinds(life.wait(36 * HOUR_MS)), ["packingLate", "shippingLate"]);
    assert_eq!(
        kinds(life.wait(2 * DAY_MS)),
        ["packingLate", "shippingLate", "authorizationEnding"]
    );
    life.must(&[
        ("recordPayment", &money("c", "capture", TOTAL, r#""source": "a""#)),
        ("ship", r#"{"shipment": "s1"}"#),
    ]);
    assert_eq!(kinds(&life), [""; 0]);
}

#[test]
fn an_ordinary_life_has_no_exception_and_the_worst_comes_first() {
    let mut life = Life::confirmed("{}");
    for (kind, args) in [
        ("ship", r#"{"shipment": "s1"}"#),
        ("deliver", r#"{"shipment": "s1"}"#),
        ("confirmReceipt", "{}"),
        ("complete", "{}"),
    ] {
        life.must(&[(kind, args)]);
        assert_eq!(kinds(&life), [""; 0], "{kind}");
    }
    let mut life = Life::placed("{}");
    life.must(&[
        ("hold", r#"{"reason": "manual"}"#),
        ("hold", r#"{"reason": "fraudReview"}"#),
        ("recordPayment", &pay("p", 5)),
    ]);
    assert_eq!(kinds(&life), ["fraudSuspected", "underpaid", "heldByHand"]);
}

#[test]
fn every_kind_has_a_severity_ways_out_and_a_word() {
    let words: BTreeSet<_> = ExceptionKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(words.len(), ExceptionKind::ALL.len());
    for kind in ExceptionKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        // What is bad enough to stop the work must be possible to end.
        assert!(
            kind.severity() != ExceptionSeverity::Block || !kind.ways_out().is_empty(),
            "{kind:?}"
        );
    }
    let way = serde_json::to_value(WayOut::Command(CommandKind::Ship)).unwrap();
    assert_eq!(way, serde_json::json!({"command": "ship"}));
    assert_eq!(orderkit::json::write(&WayOut::Refund), br#""refund""#);
}

#[test]
fn refusals_are_sorted_into_the_inbox() {
    let table = [
        (Code::TotalMismatch, ExceptionKind::TotalTampered),
        (Code::PriceChanged, ExceptionKind::PriceStale),
        (Code::StockMissing, ExceptionKind::Oversold),
        (Code::CommandQuarantined, ExceptionKind::PoisonMessage),
        (Code::ShippingNotServed, ExceptionKind::UnserviceableAddress),
        (Code::StatusForbids, ExceptionKind::EditConflict),
        (Code::SeriesExhausted, ExceptionKind::LimitReached),
        (Code::EmailInvalid, ExceptionKind::WrongData),
    ];
    for (code, kind) in table {
        assert_eq!(kind_of_refusal(code), kind, "{code}");
    }
}

/// A status without a way out is a trap (vendurehq/vendure#1865).
#[test]
fn a_blocking_exception_leaves_something_that_can_be_done() {
    for hold in ["fraudReview", "address", "stock", "paymentReview", "manual"] {
        let life = with("{}", &[("hold", &format!(r#"{{"reason": "{hold}"}}"#))]);
        let staff = actor("sam", orderkit::Role::Staff);
        let allowed = allowed_commands(Some(&life.order), &facts(&life.rules, &staff));
        let possible: Vec<_> =
            allowed.iter().filter(|it| it.allowed).map(|it| it.command).collect();
        assert!(
            possible.contains(&CommandKind::Release) && possible.contains(&CommandKind::Cancel),
            "{possible:?}"
        );
    }
}
