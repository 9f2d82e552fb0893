//! The steps of a return, who takes them, and why one is refused.

use orderkit::{
    Code, CommandKind, OrderStatus, Role, returnable_lines,
    returns::{ReturnKind, ReturnReason, ReturnStatus},
    status::{
        DeadlineKind, Summary, deadlines,
        table::{RETURN_MOVES, return_move},
    },
};
use serde_json::json;

use super::life::{DAY_MS, Life, draft, ruleset};

fn life() -> Life {
    Life::delivered(&ruleset(), draft("3 TEA, 1 CUP, 1 CUT", json!({})))
}

fn request(lines: serde_json::Value) -> serde_json::Value {
    json!({"returnId": "r1", "lines": lines})
}

fn status(life: &Life) -> ReturnStatus {
    life.order().returns[0].status
}

#[test]
fn every_return_status_is_reached_and_an_end_is_reachable_from_each() {
    for kind in ReturnKind::ALL {
        let steps = |from: &ReturnStatus| {
            let next = RETURN_MOVES.iter().filter(move |it| it.from == *from);
            let next = next.filter_map(|it| return_move(it.from, it.by, kind));
            next.collect::<Vec<_>>()
        };
        let mut reached = vec![ReturnStatus::Requested];
        let mut at = 0;
        while let Some(from) = reached.get(at) {
            let new: Vec<_> = steps(from).into_iter().filter(|it| !reached.contains(it)).collect();
            reached.extend(new);
            at += 1;
        }
        assert_eq!(reached.len(), ReturnStatus::ALL.len(), "{kind:?}");
        for from in ReturnStatus::ALL {
            let mut seen = vec![from];
            let mut at = 0;
            while let Some(next) = seen.get(at) {
                let new: Vec<_> = steps(next).into_iter().filter(|it| !seen.contains(it)).collect();
                seen.extend(new);
                at += 1;
            }
            assert!(seen.iter().any(|it| it.is_terminal()), "{from:?} has no way out");
            assert_eq!(from.is_terminal(), steps(&from).is_empty(), "{from:?}");
        }
    }
}

#[test]
fn the_customer_asks_and_sends_and_the_shop_does_the_rest() {
    let mut life = life();
    life.act_as(Role::Customer);
    life.does(
        "requestReturn",
        request(json!([{"line": "1", "quantity": "2", "reason": "noLongerWanted"}])),
    );
    assert_eq!(life.order().derived().unwrap().summary, Summary::InReturn);
    assert_eq!(life.refuses("approveReturn", json!({"returnId": "r1"})).0, Code::RoleForbids);
    life.act_as(Role::Staff);
    life.does("approveReturn", json!({"returnId": "r1"}));
    life.act_as(Role::Customer);
    life.does("sendReturn", json!({"returnId": "r1", "carrier": "DHL", "tracking": "JD9"}));
    assert_eq!(life.refuses("receiveReturn", json!({"returnId": "r1"})).0, Code::RoleForbids);
    life.act_as(Role::Staff);
    // One of two has come: the rest may follow.
    life.does(
        "receiveReturn",
        json!({"returnId": "r1", "lines": [{"line": "1", "quantity": "1"}]}),
    );
    assert_eq!(status(&life), ReturnStatus::Received);
    life.does("receiveReturn", json!({"returnId": "r1"}));
    let order = life.does(
        "inspectReturn",
        json!({"returnId": "r1", "inspections": [
        {"line": "1", "quantity": "1", "goods": "restock"},
        {"line": "1", "quantity": "1", "condition": "damaged", "goods": "writeOff"}]}),
    );
    let line = &order.lines[0];
    let counted =
        [line.return_requested, line.received, line.inspected, line.restocked, line.written_off];
    assert_eq!(counted.map(|it| it.to_integer().unwrap()), [2, 2, 2, 1, 1]);
    let order = life.does("resolveReturn", json!({"returnId": "r1"}));
    assert_eq!(order.derived().unwrap().balance_due_minor.minor(), -990);
    assert_eq!(order.derived().unwrap().summary, Summary::AwaitingRefund);
    assert_eq!(life.refunds("r1"), 990);
    let order = life.does("closeReturn", json!({"returnId": "r1"}));
    assert_eq!(order.derived().unwrap().summary, Summary::Delivered);
    let words: Vec<&str> = order.history.iter().rev().take(3).map(|it| it.event.as_str()).collect();
    assert_eq!(words, ["returnClosed", "refund", "returnResolved"]);
}

#[test]
fn a_request_names_every_reason_against_it() {
    let mut life = life();
    life.act_as(Role::Customer);
    let refused = |life: &mut Life, lines| life.refuses("requestReturn", request(lines));
    let at = |path: &str| format!("/args/lines/{path}");
    assert_eq!(refused(&mut life, json!([])), (Code::LinesEmpty, "/args/lines".to_owned()));
    let rows = [
        (json!({"line": "9", "quantity": "1", "reason": "late"}), Code::LineUnknown, "0/line"),
        (
            json!({"line": "1", "quantity": "0", "reason": "late"}),
            Code::QuantityNotPositive,
            "0/quantity",
        ),
        (
            json!({"line": "1", "quantity": "4", "reason": "late"}),
            Code::QuantityExceedsOpen,
            "0/quantity",
        ),
        (
            json!({"line": "3", "quantity": "1", "reason": "noLongerWanted"}),
            Code::ReturnFinalSale,
            "0/reason",
        ),
        (
            json!({"line": "2", "quantity": "1", "reason": "defective"}),
            Code::EvidenceMissing,
            "0/reason",
        ),
    ];
    for (line, code, path) in rows {
        assert_eq!(refused(&mut life, json!([line])), (code, at(path)));
    }
    let twice = json!([{"line": "1", "quantity": "1", "reason": "late"}, {"line": "1", "quantity": "1", "reason": "late"}]);
    assert_eq!(refused(&mut life, twice), (Code::LineIdRepeated, at("1/line")));
    // With proof, and for something that is wrong with it, even a final sale comes back.
    life.does("requestReturn", request(json!([{"line": "3", "quantity": "1", "reason": "defective", "evidence": ["https://example.org/1.jpg"]}])));
    let again = json!([{"line": "3", "quantity": "1", "reason": "defective", "evidence": ["x"]}]);
    assert_eq!(refused(&mut life, again.clone()).0, Code::ReturnRepeated);
    let other = json!({"returnId": "r2", "lines": again});
    assert_eq!(life.refuses("requestReturn", other), (Code::QuantityExceedsOpen, at("0/quantity")));
}

#[test]
fn the_window_ends_with_the_last_hour_of_its_last_day_and_a_claim_has_the_warranty() {
    let mut life = life();
    let tea = |reason: &str, kind: &str| {
        json!({"returnId": "r1", "kind": kind,
        "lines": [{"line": "1", "quantity": "1", "reason": reason}]})
    };
    // Delivered on 24 November 2025, 16:00 UTC: 14 days after that day end at midnight of 8 December.
    life.now_ms += 14 * DAY_MS + 8 * 60 * 60 * 1_000;
    assert_eq!(
        life.refuses("requestReturn", tea("noLongerWanted", "return")).0,
        Code::ReturnTooLate
    );
    assert_eq!(
        life.refuses("requestReturn", tea("noLongerWanted", "claim")).0,
        Code::ReturnTooLate
    );
    life.now_ms -= 1;
    life.does("requestReturn", tea("noLongerWanted", "return"));
    life.does("cancelReturn", json!({"returnId": "r1"}));
    life.now_ms += 700 * DAY_MS;
    let claim = json!({"returnId": "r2", "kind": "claim",
        "lines": [{"line": "1", "quantity": "1", "reason": "defective"}]});
    life.does("requestReturn", claim.clone());
    life.does("cancelReturn", json!({"returnId": "r2"}));
    life.now_ms += 100 * DAY_MS;
    let claim = json!({"returnId": "r3", "kind": "claim", "lines": claim["lines"]});
    assert_eq!(life.refuses("requestReturn", claim).0, Code::ReturnTooLate);
}

#[test]
fn goods_that_are_not_sent_in_time_end_the_return() {
    let mut life = life();
    life.does("requestReturn", request(json!([{"line": "1", "quantity": "3", "reason": "late"}])));
    assert_eq!(life.refuses("expireReturn", json!({"returnId": "r1"})).0, Code::ReturnForbids);
    life.does("approveReturn", json!({"returnId": "r1"}));
    assert_eq!(life.refuses("expireReturn", json!({"returnId": "r1"})).0, Code::TooEarly);
    let order = life.order();
    let all = deadlines(&order, life.rules.ruleset());
    let own = all.iter().find(|it| it.kind == DeadlineKind::SendReturn).unwrap();
    assert_eq!(
        (own.command, own.subject.as_deref()),
        (Some(CommandKind::ExpireReturn), Some("r1"))
    );
    // The order is not completed meanwhile: its own deadline has no command.
    let window = all.iter().find(|it| it.kind == DeadlineKind::Return).unwrap();
    assert_eq!(window.command, None);
    life.now_ms = own.at_ms;
    let order = life.does("expireReturn", json!({"returnId": "r1"}));
    assert_eq!(order.returns[0].status, ReturnStatus::Expired);
    assert_eq!(
        order.lines[0].open_to_return().to_integer(),
        Some(3),
        "they may be asked for again"
    );
}

#[test]
fn an_order_with_an_open_return_is_not_completed_and_a_completed_one_takes_returns() {
    let mut life = life();
    life.does("confirmReceipt", json!({}));
    life.does("requestReturn", request(json!([{"line": "1", "quantity": "1", "reason": "late"}])));
    assert_eq!(life.refuses("complete", json!({})).0, Code::StillOpen);
    life.does("declineReturn", json!({"returnId": "r1", "reason": "It was on time"}));
    life.does("complete", json!({}));
    let lines = json!([{"line": "1", "quantity": "1", "reason": "late"}]);
    let order = life.does("requestReturn", json!({"returnId": "r2", "lines": lines}));
    assert_eq!(
        (order.status, order.derived().unwrap().summary),
        (OrderStatus::Completed, Summary::InReturn)
    );
    life.receives("r2");
    let order = life.does("resolveReturn", json!({"returnId": "r2"}));
    assert_eq!(order.status, OrderStatus::Completed);
}

#[test]
fn outcomes_go_with_what_was_found() {
    let mut life = life();
    life.does(
        "requestReturn",
        request(json!([{"line": "1", "quantity": "3", "reason": "defective"}])),
    );
    life.does("approveReturn", json!({"returnId": "r1"}));
    life.does("receiveReturn", json!({"returnId": "r1"}));
    life.does(
        "inspectReturn",
        json!({"returnId": "r1", "inspections": [
        {"line": "1", "quantity": "2", "goods": "restock"},
        {"line": "1", "quantity": "1", "condition": "used", "goods": "sendBack"}]}),
    );
    let outcomes = |refund: &str, repair: &str| {
        json!({"returnId": "r1", "outcomes": [
        {"line": "1", "quantity": refund, "outcome": "refund"},
        {"line": "1", "quantity": repair, "outcome": "repair"}]})
    };
    for (refund, repair) in [("3", "1"), ("1", "2"), ("1", "1")] {
        let refused = life.refuses("resolveReturn", outcomes(refund, repair));
        assert_eq!(refused.0, Code::OutcomeImpossible, "{refund} {repair}");
    }
    let order = life.does("resolveReturn", outcomes("2", "1"));
    assert_eq!(super::life::last_credit(&order), 990);
    // What was repaired is with the customer again and may fail again.
    assert_eq!(order.lines[0].open_to_return().to_integer(), Some(1));
}

#[test]
fn steps_that_two_people_take_at_once_change_nothing_the_second_time() {
    let mut life = life();
    life.does("requestReturn", request(json!([{"line": "1", "quantity": "1", "reason": "late"}])));
    life.does("approveReturn", json!({"returnId": "r1"}));
    let revision = life.order().revision;
    life.does("approveReturn", json!({"returnId": "r1"}));
    assert_eq!(life.order().revision, revision);
    life.does("receiveReturn", json!({"returnId": "r1"}));
    assert_eq!(life.order().revision, revision + 1);
    assert_eq!(life.refuses("receiveReturn", json!({"returnId": "r1"})).0, Code::NothingOpen);
}

#[test]
fn what_can_come_back_is_what_a_request_may_ask_for() {
    let mut life = life();
    for (days, role) in [(0, Role::Customer), (20, Role::Staff), (900, Role::Staff)] {
        life.act_as(role);
        life.now_ms += days * DAY_MS;
        let lines = returnable_lines(&life.order(), &life.facts());
        for line in &lines {
            let mut asked = 0;
            for kind in ReturnKind::ALL {
                for reason in ReturnReason::ALL {
                    asked += 1;
                    let args = json!({"returnId": format!("r{asked}"), "kind": kind, "lines":
                        [{"line": line.line, "quantity": line.open, "reason": reason, "evidence": ["a picture"]}]});
                    let command =
                        orderkit::Command::parse("requestReturn@1", args.to_string().as_bytes());
                    let decided =
                        orderkit::decide(Some(&life.order()), &command.unwrap(), &life.facts());
                    let named = line.kinds.iter().find(|it| it.kind == kind);
                    let named = named.is_some_and(|it| it.reasons.contains(&reason));
                    assert_eq!(decided.is_ok(), named, "{line:?} {kind:?} {reason:?}: {decided:?}");
                }
            }
            assert_eq!(line.kinds.is_empty(), !line.reasons.is_empty(), "{line:?}");
        }
    }
}

#[test]
fn goods_that_a_return_holds_cannot_come_back_twice() {
    let mut life = life();
    life.does("requestReturn", request(json!([{"line": "1", "quantity": "2", "reason": "late"}, {"line": "2", "quantity": "1", "reason": "late"}])));
    let lines = returnable_lines(&life.order(), &life.facts());
    let open: Vec<_> = lines.iter().map(|line| line.open.to_integer().unwrap()).collect();
    assert_eq!(open, [1, 0, 1]);
    assert_eq!(lines[1].reasons[0].code, Code::NothingOpen);
}
