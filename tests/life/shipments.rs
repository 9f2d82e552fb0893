//! Shipments: every step and every step back, quantities that always add up, part cancellations to the cent.

use orderkit::{Decimal, Order, OrderLine};
use proptest::prelude::*;

use crate::steps::{Life, TOTAL, pay};

fn step(id: &str) -> String {
    format!(r#"{{"shipment": "{id}", "reason": "seen", "pickupCode": "77"}}"#)
}

fn part(id: &str, line: &str, quantity: &str) -> String {
    format!(r#"{{"shipment": "{id}", "lines": [{{"line": "{line}", "quantity": "{quantity}"}}]}}"#)
}

#[test]
fn a_parcel_goes_from_the_shelf_to_the_customer_and_may_step_back() {
    let mut life = Life::confirmed(r#"{"picks": true, "packs": true}"#);
    assert_eq!(life.refused("ship", r#"{"shipment": "s"}"#), "step_missing");
    let stages: &[(&str, &str)] = &[
        ("allocate", "awaitingPicking"),
        ("pick", "awaitingPacking"),
        ("unpick", "awaitingPicking"),
        ("pick", "awaitingPacking"),
        ("pack", "awaitingShipment"),
        ("unpack", "awaitingPacking"),
        ("pack", "awaitingShipment"),
        ("ship", "inTransit"),
        ("handOver", "inTransit"),
        ("failDelivery", "exception"),
        ("redeliver", "inTransit"),
        ("failDelivery", "exception"),
        ("returnToSender", "exception"),
    ];
    for (kind, summary) in stages {
        let args = match *kind {
            "allocate" | "ship" => r#"{"shipment": "s1"}"#.to_owned(),
            _ => step("s1"),
        };
        life.must(&[(*kind, args.as_str())]);
        assert_eq!(life.summary(), *summary, "{kind}");
    }
    // What came back can be sent again, in another parcel.
    let s2 = step("s2");
    life.must(&[
        ("allocate", r#"{"shipment": "s2"}"#),
        ("pick", &s2),
        ("pack", &s2),
        ("ship", r#"{"shipment": "s2"}"#),
        ("deliver", &s2),
    ]);
    assert_eq!(life.summary(), "delivered");
    assert_eq!(life.order.lines[0].returned_to_sender, Decimal::from_integer(3));
}

#[test]
fn goods_are_fetched_with_their_code() {
    let mut life = Life::confirmed("{}");
    life.must(&[
        ("allocate", r#"{"shipment": "s1"}"#),
        ("readyForPickup", r#"{"shipment": "s1", "pickupCode": "4711"}"#),
    ]);
    assert_eq!(
        life.refused("pickUp", r#"{"shipment": "s1", "pickupCode": "4712"}"#),
        "pickup_code_wrong"
    );
    life.must(&[("pickUp", r#"{"shipment": "s1", "pickupCode": "4711"}"#)]);
    assert_eq!(life.summary(), "delivered");
}

#[test]
fn what_was_scanned_must_be_what_is_in_the_parcel() {
    let mut life = Life::confirmed(r#"{"packs": true}"#);
    life.must(&[("allocate", &part("s1", "1", "2"))]);
    let scan = |quantity: &str| {
        format!(r#"{{"shipment": "s1", "scanned": [{{"line": "1", "quantity": "{quantity}"}}]}}"#)
    };
    assert_eq!(life.refused("pack", &scan("3")), "scan_differs");
    life.must(&[("pack", &scan("2"))]);
}

#[test]
fn goods_in_hand_are_put_back_before_an_order_is_called_off() {
    let mut life = Life::confirmed(r#"{"picks": true}"#);
    life.must(&[("allocate", r#"{"shipment": "s1"}"#), ("pick", &step("s1"))]);
    assert_eq!(life.refused("cancel", r#"{"reason": "x"}"#), "goods_in_hand");
    life.must(&[("unpick", &step("s1")), ("cancel", r#"{"reason": "x", "cause": "outOfStock"}"#)]);
}

#[test]
fn a_hold_stops_the_work_and_keeps_the_status() {
    let mut life = Life::confirmed("{}");
    life.must(&[("hold", r#"{"reason": "address", "note": "no house number"}"#)]);
    for kind in ["allocate", "ship"] {
        assert_eq!(life.refused(kind, r#"{"shipment": "s1"}"#), "on_hold", "{kind}");
    }
    assert_eq!((life.summary(), life.order.status.as_str()), ("onHold", "confirmed"));
    life.must(&[("release", r#"{"reason": "address"}"#), ("ship", r#"{"shipment": "s1"}"#)]);
}

#[test]
fn part_cancellations_in_any_split_add_up_to_the_line_in_every_amount() {
    for split in [&[1, 1, 1][..], &[2, 1][..], &[1, 2][..]] {
        let mut life = Life::placed("{}");
        for (index, quantity) in split.iter().enumerate() {
            let lines = format!(r#"[{{"line": "1", "quantity": "{quantity}"}}]"#);
            life.must(&[(
                "cancelLines",
                &format!(r#"{{"credit": "c{index}", "lines": {lines}, "reason": "x"}}"#),
            )]);
        }
        let line = &life.order.lines[0];
        let credited = life.order.credits.iter().flat_map(|credit| &credit.lines);
        let mut sums = [0_i64; 5];
        for part in credited {
            let amounts = &part.amounts;
            let all = [
                amounts.amount_minor,
                amounts.discounts_minor[0],
                amounts.net_minor,
                amounts.tax_minor,
                amounts.gross_minor,
            ];
            sums.iter_mut().zip(all).for_each(|(sum, amount)| *sum += amount.minor());
        }
        let whole = [
            line.amount_minor,
            line.discounts_minor[0],
            line.net_minor,
            line.tax_minor,
            line.gross_minor,
        ];
        assert_eq!(sums, whole.map(orderkit::Amount::minor), "{split:?}");
        let due = life.order.derived().unwrap().balance_due_minor;
        assert_eq!(due.minor(), TOTAL - line.gross_minor.minor());
    }
}

#[test]
fn calling_off_all_that_is_left_calls_the_order_off() {
    let mut life = Life::placed("{}");
    let lines = r#"[{"line": "1", "quantity": "3"}, {"line": "2", "quantity": "1"}]"#;
    life.must(&[(
        "cancelLines",
        &format!(r#"{{"credit": "c", "lines": {lines}, "reason": "sold out"}}"#),
    )]);
    assert_eq!(
        (life.summary(), life.order.cancel_reason.as_deref()),
        ("canceled", Some("sold out"))
    );
}

/// features.md b2: the quantities of a line always add up.
fn check(order: &Order) -> Result<(), TestCaseError> {
    let sum = |parts: &[Decimal]| {
        parts.iter().fold(Decimal::ZERO, |sum, part| sum.checked_add(*part).unwrap())
    };
    for line in &order.lines {
        let OrderLine {
            ordered,
            canceled,
            backordered,
            allocated,
            picked,
            packed,
            shipped,
            delivered,
            returned_to_sender,
            lost,
            ..
        } = line;
        let again = sum(&[*returned_to_sender, *lost]);
        let active = allocated.checked_sub(again).unwrap();
        prop_assert_eq!(
            sum(&[*canceled, *backordered, active, line.open_to_ship()]),
            *ordered,
            "{:?}",
            line
        );
        prop_assert!(allocated >= picked && picked >= packed && packed >= shipped);
        prop_assert!(*shipped >= sum(&[*delivered, *returned_to_sender, *lost]));
    }
    Ok(())
}

fn any_step() -> impl Strategy<Value = (&'static str, String)> {
    let id = 0_u8..4;
    let one = prop::sample::select(vec![
        "pick",
        "unpick",
        "pack",
        "unpack",
        "cancelShipment",
        "handOver",
        "readyForPickup",
        "pickUp",
        "deliver",
        "failDelivery",
        "redeliver",
        "returnToSender",
        "lose",
    ]);
    prop_oneof![
        5 => (one, id.clone()).prop_map(|(kind, id)| (kind, step(&format!("s{id}")))),
        2 => (prop::sample::select(vec!["allocate", "ship"]), id.clone(), 1_u8..3, 1_u8..4)
            .prop_map(|(kind, id, line, quantity)| (kind, part(&format!("s{id}"), &line.to_string(), &quantity.to_string()))),
        1 => (prop::sample::select(vec!["allocate", "ship"]), id)
            .prop_map(|(kind, id)| (kind, format!(r#"{{"shipment": "s{id}"}}"#))),
        1 => (0_u8..3, 1_u8..3).prop_map(|(id, line)| {
            ("cancelLines", format!(r#"{{"credit": "c{id}", "lines": [{{"line": "{line}", "quantity": "1"}}], "reason": "x"}}"#))
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn quantities_add_up_through_any_steps(steps in prop::collection::vec(any_step(), 0..60), picks: bool, packs: bool) {
        let mut life = Life::confirmed(&format!(r#"{{"picks": {picks}, "packs": {packs}}}"#));
        for (kind, args) in steps {
            // Refusals are part of it; what is accepted must fit.
            let _ = life.give(kind, &args);
            check(&life.order)?;
        }
        prop_assert_eq!(&life.log.checked_order().unwrap(), &life.order, "the log gives the same order again");
        prop_assert!(life.order.derived().is_ok());
    }
}

#[test]
fn cash_on_delivery_leaves_before_it_is_paid() {
    let mut draft = crate::shop::draft();
    draft.details.payment_method = Some("cash".to_owned());
    let mut life = Life::of(crate::shop::rules(), draft);
    life.must(&[
        ("confirm", "{}"),
        ("ship", r#"{"shipment": "s1"}"#),
        ("deliver", &step("s1")),
        ("recordPayment", &pay("p", TOTAL)),
    ]);
    assert_eq!(life.summary(), "delivered");
}
