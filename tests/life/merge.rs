//! Two devices: whatever order their commands arrive in, the facts give the same state, or the same named conflict.

use std::collections::BTreeSet;

use orderkit::{CommandKind, OrderStatus, ShipmentStatus, allowed_commands, decide};

use crate::{
    shop::{actor, facts},
    steps::{Life, TOTAL, command, money, pay},
};

/// Every order of these commands that keeps the order of each device.
fn interleavings(one: &[usize], other: &[usize]) -> Vec<Vec<usize>> {
    match (one.split_first(), other.split_first()) {
        (None, _) => vec![other.to_vec()],
        (_, None) => vec![one.to_vec()],
        (Some((a, rest_one)), Some((b, rest_other))) => {
            let begin = |first: usize, rest: Vec<Vec<usize>>| {
                rest.into_iter().map(move |rest| [vec![first], rest].concat())
            };
            begin(*a, interleavings(rest_one, other))
                .chain(begin(*b, interleavings(one, rest_other)))
                .collect()
        }
    }
}

/// What matters of an order, without times and the order of its history.
fn state(life: &Life) -> String {
    let order = &life.order;
    let derived = order.derived().unwrap();
    let payments: BTreeSet<_> =
        order.payments.iter().map(|it| format!("{}={:?}", it.id, it.state)).collect();
    let shipments: BTreeSet<_> =
        order.shipments.iter().map(|it| format!("{}={:?}", it.id, it.status)).collect();
    let holds: BTreeSet<_> = order.holds.iter().map(|it| it.reason).collect();
    let lines: Vec<_> = order
        .lines
        .iter()
        .map(|it| (it.canceled, it.allocated, it.shipped, it.delivered, it.credited))
        .collect();
    format!("{:?} {:?} {payments:?} {shipments:?} {holds:?} {lines:?}", order.status, derived)
}

type Given = (&'static str, String);

/// The outcomes of all interleavings: the state, and the refusals by command.
fn outcomes(
    begin: &dyn Fn() -> Life,
    one: &[Given],
    other: &[Given],
) -> BTreeSet<(String, Vec<String>)> {
    let all: Vec<&Given> = one.iter().chain(other).collect();
    let first: Vec<usize> = (0..one.len()).collect();
    let second: Vec<usize> = (one.len()..all.len()).collect();
    let mut outcomes = BTreeSet::new();
    for order in interleavings(&first, &second) {
        let mut life = begin();
        let mut refused = Vec::new();
        for at in order {
            let (kind, args) = all[at];
            if let Err(refusal) = life.give(kind, args) {
                refused.push(format!("{kind}: {}", refusal.code()));
            }
        }
        refused.sort();
        outcomes.insert((state(&life), refused));
    }
    outcomes
}

fn given(commands: &[(&'static str, &str)]) -> Vec<Given> {
    commands.iter().map(|(kind, args)| (*kind, (*args).to_owned())).collect()
}

#[test]
fn facts_about_different_things_merge_in_any_order() {
    let half = |id: &str, line: &str| {
        format!(r#"{{"shipment": "{id}", "lines": [{{"line": "{line}", "quantity": "1"}}]}}"#)
    };
    let cases: Vec<(Vec<Given>, Vec<Given>)> = vec![
        // Two payments, a hold and a note.
        (
            given(&[("recordPayment", &pay("a", 1_000)), ("note", r#"{"text": "half"}"#)]),
            given(&[
                ("recordPayment", &pay("b", TOTAL - 1_000)),
                ("hold", r#"{"reason": "manual"}"#),
            ]),
        ),
        // The words on one payment, told to both devices.
        (
            given(&[
                ("recordPayment", &money("p", "capture", TOTAL, r#""state": "pending""#)),
                ("recordPayment", &pay("p", TOTAL)),
            ]),
            given(&[("recordPayment", &pay("p", TOTAL))]),
        ),
    ];
    for (one, other) in cases {
        let outcomes = outcomes(&|| Life::placed("{}"), &one, &other);
        assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
        assert!(outcomes.iter().all(|(_, refused)| refused.is_empty()));
    }
    // Packing at one desk, at another desk other goods; both note the arrival of the same parcel.
    let one = given(&[
        ("allocate", &half("s1", "1")),
        ("pick", r#"{"shipment": "s1"}"#),
        ("pack", r#"{"shipment": "s1"}"#),
        ("ship", r#"{"shipment": "s1"}"#),
        ("deliver", r#"{"shipment": "s1"}"#),
    ]);
    let other = given(&[("ship", &half("s2", "2")), ("deliver", r#"{"shipment": "s2"}"#)]);
    let outcomes = outcomes(&|| Life::confirmed("{}"), &one, &other);
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
}

#[test]
fn what_collides_is_refused_by_name_and_nothing_is_half_done() {
    let s1 = r#"{"shipment": "s1"}"#;
    let cancel = r#"{"reason": "changed my mind"}"#;
    // The last unit of line 2, sent by both desks: one wins and the other is told.
    let one =
        given(&[("ship", r#"{"shipment": "s1", "lines": [{"line": "2", "quantity": "1"}]}"#)]);
    let other =
        given(&[("ship", r#"{"shipment": "s2", "lines": [{"line": "2", "quantity": "1"}]}"#)]);
    let found = outcomes(&|| Life::confirmed("{}"), &one, &other);
    assert_eq!(found.len(), 2);
    assert!(
        found.iter().all(|(_, refused)| *refused == ["ship: quantity_exceeds_open"]),
        "{found:#?}"
    );
    // Sent at one desk, called off at the other.
    let found =
        outcomes(&|| Life::confirmed("{}"), &given(&[("ship", s1)]), &given(&[("cancel", cancel)]));
    let refusals: BTreeSet<_> = found.iter().flat_map(|(_, refused)| refused.clone()).collect();
    assert_eq!(
        refusals.into_iter().collect::<Vec<_>>(),
        ["cancel: already_shipped", "ship: status_forbids"]
    );
    assert!(found.iter().all(|(_, refused)| refused.len() == 1));
    // The same refund twice under two ids: never more than was received.
    let refund = |id: &str| money(id, "refund", TOTAL, "");
    let found = outcomes(
        &|| Life::confirmed("{}"),
        &given(&[("recordPayment", &refund("r1"))]),
        &given(&[("recordPayment", &refund("r2"))]),
    );
    assert!(
        found.iter().all(|(_, refused)| *refused == ["recordPayment: refund_too_large"]),
        "{found:#?}"
    );
    // The same command of both devices changes nothing the second time, and nobody is wrong.
    let twice = given(&[("ship", s1), ("deliver", s1), ("confirmReceipt", "{}")]);
    let mut life = Life::confirmed("{}");
    life.must(&[("ship", s1)]);
    let tail = &twice[1..];
    let found = outcomes(
        &|| {
            let mut life = Life::confirmed("{}");
            life.must(&[("ship", s1)]);
            life
        },
        tail,
        tail,
    );
    assert!(found.iter().all(|(_, refused)| refused.is_empty()), "{found:#?}");
    assert_eq!(found.len(), 1);
}

/// An order in every status, with a shipment in every status: every command gives events or typed reasons, never both and
/// never neither, and the button knew the reasons.
#[test]
fn every_state_and_command_has_an_answer() {
    let samples: Vec<(CommandKind, serde_json::Value)> =
        CommandKind::ALL.iter().map(|kind| (*kind, sample(*kind))).collect();
    let staff = actor("sam", orderkit::Role::Staff);
    let mut pairs = 0;
    for status in OrderStatus::ALL {
        for shipment in ShipmentStatus::ALL.into_iter().map(Some).chain([None]) {
            let life = Life::confirmed("{}");
            let mut order = life.order.clone();
            order.status = status;
            order.closed_ms = status.is_terminal().then_some(life.now_ms);
            if let Some(shipment) = shipment {
                let mut with = Life::confirmed("{}");
                with.must(&[("allocate", r#"{"shipment": "s1"}"#)]);
                order.shipments = with.order.shipments;
                order.shipments[0].status = shipment;
            }
            let facts = facts(&life.rules, &staff);
            let allowed = allowed_commands(Some(&order), &facts);
            for (kind, args) in &samples {
                pairs += 1;
                let whole =
                    allowed.iter().find(|it| it.command == *kind && it.subject.is_none()).unwrap();
                match decide(Some(&order), &command(kind.as_str(), args), &facts) {
                    Ok(events) => {
                        // What is done already is answered without an event, even where it could not be done again.
                        assert!(
                            whole.allowed || events.is_empty(),
                            "{status:?} {shipment:?} {kind:?}"
                        );
                    }
                    Err(refusal) => {
                        assert!(!refusal.issues.is_empty(), "{status:?} {shipment:?} {kind:?}");
                        for issue in &refusal.issues {
                            for language in
                                [orderkit::Language::English, orderkit::Language::Chinese]
                            {
                                let text = issue.message(language);
                                assert!(
                                    !text.contains('{') && text != issue.code.as_str(),
                                    "{kind:?}: {text}"
                                );
                            }
                        }
                        if !whole.allowed {
                            assert_eq!(
                                refusal.issues, whole.reasons,
                                "{status:?} {shipment:?} {kind:?}"
                            );
                        }
                    }
                }
            }
        }
    }
    assert_eq!(pairs, 7 * 14 * CommandKind::ALL.len());
}

fn sample(kind: CommandKind) -> serde_json::Value {
    use serde_json::json;
    let place = crate::shop::place(crate::shop::draft(), &crate::shop::rules());
    match kind {
        CommandKind::Place => serde_json::to_value(place).unwrap(),
        CommandKind::SaveDraft => json!({"draft": {"lines": []}}),
        CommandKind::RecordPayment => json!({"id": "p9", "method": "card", "amountMinor": 1}),
        CommandKind::WriteOff => json!({"amountMinor": 1}),
        CommandKind::Hold | CommandKind::Release => json!({"reason": "manual"}),
        CommandKind::Allocate | CommandKind::Ship => json!({"shipment": "s9"}),
        CommandKind::CancelLines => {
            json!({"credit": "c", "lines": [{"line": "1", "quantity": "1"}], "reason": "x"})
        }
        CommandKind::Reopen | CommandKind::Cancel | CommandKind::Reinstate => {
            json!({"reason": "x"})
        }
        CommandKind::RequestReturn => {
            json!({"returnId": "r", "lines": [{"line": "1", "quantity": "1", "reason": "late"}]})
        }
        CommandKind::GrantCredit => json!({"credit": "g", "amountMinor": 1, "reason": "x"}),
        CommandKind::ReceiveReturn | CommandKind::InspectReturn | CommandKind::ResolveReturn => {
            json!({"returnId": "r"})
        }
        CommandKind::ApproveReturn
        | CommandKind::DeclineReturn
        | CommandKind::SendReturn
        | CommandKind::CloseReturn
        | CommandKind::CancelReturn
        | CommandKind::ExpireReturn => json!({"returnId": "r", "reason": "x"}),
        CommandKind::Amend | CommandKind::ProposeAmendment => {
            json!({"id": "a", "changes": [{"setNote": {"note": "ring twice"}}]})
        }
        CommandKind::AcceptAmendment | CommandKind::DeclineAmendment => json!({"amendment": "a"}),
        CommandKind::SettleShortage => json!({"choice": "later"}),
        CommandKind::Note => json!({"text": "x"}),
        CommandKind::Discard
        | CommandKind::Confirm
        | CommandKind::Complete
        | CommandKind::Expire
        | CommandKind::ConfirmReceipt => json!({}),
        _ => json!({"shipment": "s1", "reason": "x"}),
    }
}
