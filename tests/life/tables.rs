//! The tables: total, closed, and with a way to an end from everywhere. docs/life.md is drawn from them.

use std::{collections::BTreeSet, fmt::Write, fs};

use orderkit::{
    CommandKind, OrderStatus, ShipmentStatus,
    status::{
        change::CHANGE_RULES,
        table::{
            COMMAND_RULES, Guard, ORDER_MOVES, RETURN_MOVES, SHIPMENT_MOVES, Who, WorkStep,
            command_rule,
        },
    },
};

#[test]
fn every_command_has_one_rule_and_every_move_its_command() {
    for command in CommandKind::ALL {
        let rules = COMMAND_RULES.iter().filter(|rule| rule.command == *command).count();
        assert_eq!(rules, 1, "{command:?}");
    }
    for (from, by, _) in ORDER_MOVES {
        assert!(command_rule(*by).unwrap().statuses.contains(from), "{from:?} {by:?}");
    }
    // A command that leads from a status to another one leads nowhere else from there.
    for (index, (from, by, _)) in ORDER_MOVES.iter().enumerate() {
        let again = ORDER_MOVES[index + 1..].iter().any(|(f, b, _)| (f, b) == (from, by));
        assert!(!again, "{from:?} {by:?} twice");
    }
    for (index, one) in SHIPMENT_MOVES.iter().enumerate() {
        let again =
            SHIPMENT_MOVES[index + 1..].iter().any(|it| (it.from, it.by) == (one.from, one.by));
        assert!(!again, "{one:?} twice");
    }
}

/// What can be reached, from one status on.
fn reachable<S: Copy + Ord>(from: S, moves: &[(S, S)]) -> BTreeSet<S> {
    let mut found = BTreeSet::from([from]);
    loop {
        let next: BTreeSet<S> =
            moves.iter().filter(|(from, _)| found.contains(from)).map(|(_, to)| *to).collect();
        let before = found.len();
        found.extend(next);
        if found.len() == before {
            return found;
        }
    }
}

#[test]
fn every_order_status_can_be_reached_and_ends() {
    let order = |status: OrderStatus| OrderStatus::ALL.iter().position(|it| *it == status).unwrap();
    let moves: Vec<(usize, usize)> =
        ORDER_MOVES.iter().map(|(from, _, to)| (order(*from), order(*to))).collect();
    let from_draft = reachable(order(OrderStatus::Draft), &moves);
    for status in OrderStatus::ALL {
        assert!(from_draft.contains(&order(status)), "{status:?} is out of reach");
        let ends = reachable(order(status), &moves);
        let ended =
            OrderStatus::ALL.iter().any(|it| it.is_terminal() && ends.contains(&order(*it)));
        assert!(ended, "{status:?} has no end");
        // Terminal but for the single way back that is shown in the table.
        let ways: BTreeSet<_> = ORDER_MOVES
            .iter()
            .filter(|it| it.0 == status && it.2 != status)
            .collect::<Vec<_>>()
            .iter()
            .map(|it| it.1)
            .collect();
        if status.is_terminal() {
            assert!(ways.len() <= 1, "{status:?} has {ways:?}");
        }
    }
}

#[test]
fn every_shipment_status_can_be_reached_and_ends() {
    use ShipmentStatus as S;
    let ends = [S::Delivered, S::PickedUp, S::ReturnedToSender, S::Lost, S::Canceled];
    for skips in [
        &[][..],
        &[WorkStep::Pick][..],
        &[WorkStep::Pack][..],
        &[WorkStep::Pick, WorkStep::Pack, WorkStep::PickAndPack][..],
    ] {
        let counts = |it: &&orderkit::status::table::ShipmentMove| {
            it.skips.is_none_or(|step| skips.contains(&step))
        };
        let moves: Vec<(S, S)> =
            SHIPMENT_MOVES.iter().filter(counts).filter_map(|it| Some((it.from?, it.to))).collect();
        let found = reachable(S::Pending, &moves);
        for status in S::ALL {
            // A shop that leaves steps out still knows every status.
            assert!(found.contains(&status), "{status:?} is out of reach with {skips:?}");
            let after = reachable(status, &moves);
            assert!(ends.iter().any(|end| after.contains(end)), "{status:?} has no end");
            assert_eq!(
                ends.contains(&status),
                after.len() == 1,
                "{status:?}: an end, and only that, leads nowhere"
            );
        }
    }
}

#[test]
fn statuses_and_words_are_one_to_one() {
    let words: BTreeSet<_> = CommandKind::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(words.len(), CommandKind::ALL.len());
    for command in CommandKind::ALL {
        assert_eq!(serde_json::to_value(command).unwrap(), command.as_str());
    }
    for status in ShipmentStatus::ALL {
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
    }
    for status in OrderStatus::ALL {
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
    }
}

fn words<T: serde::Serialize>(values: &[T]) -> String {
    let word = |value: &T| serde_json::to_value(value).unwrap().as_str().unwrap().to_owned();
    values.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn guard(guard: &Guard) -> &'static str {
    match guard {
        Guard::GoodsToReturn => "goods that no return holds",
        Guard::NoOpenReturn => "no open return",
        Guard::NotOnHold => "no hold",
        Guard::OnHold => "a hold",
        Guard::PaymentRule => "paid or authorized, unless the terms say later",
        Guard::PayTimeOver => "the time to pay is over",
        Guard::NothingReceived => "no money received",
        Guard::NothingPending => "no payment on its way",
        Guard::LatePayment => "money came after the end",
        Guard::BalanceOpen => "a balance",
        Guard::BalanceSettled => "no balance",
        Guard::NothingShipped => "nothing has left",
        Guard::NothingInHand => "nothing is off the shelf",
        Guard::GoodsOpen => "goods are not set aside",
        Guard::GoodsToShip => "goods can leave",
        Guard::GoodsGone => "all has left",
        Guard::GoodsArrived => "all has arrived",
        Guard::ReturnTimeOver => "receipt confirmed, or the time to send back is over",
        Guard::NothingPacked => "nothing is in a parcel or has left",
        Guard::GoodsHere => "not all has left",
        Guard::EditProposed => "an edit waits for a yes",
        Guard::ShortageOpen => "promised goods are missing, and nobody has chosen",
    }
}

/// The diagrams and the table of docs/life.md.
fn drawn() -> String {
    let mut text = String::new();
    let line = |text: &mut String, content: &str| writeln!(text, "{content}").unwrap();
    line(
        &mut text,
        "### The order\n\n```mermaid\nstateDiagram-v2\n    [*] --> draft: saveDraft\n    [*] --> placed: place",
    );
    for (from, by, to) in ORDER_MOVES.iter().filter(|it| it.0 != it.2) {
        line(&mut text, &format!("    {} --> {}: {}", from.as_str(), to.as_str(), by.as_str()));
    }
    line(
        &mut text,
        "```\n\n### A shipment\n\n```mermaid\nstateDiagram-v2\n    [*] --> pending: allocate, without goods\n    [*] --> allocated: allocate",
    );
    for it in SHIPMENT_MOVES {
        let from = it.from.map_or("[*]", ShipmentStatus::as_str);
        let note = match it.skips {
            None => "",
            Some(WorkStep::Pick) => ", where nobody picks",
            Some(WorkStep::Pack) => ", where nobody packs",
            Some(WorkStep::PickAndPack) => ", where nobody picks or packs",
        };
        line(&mut text, &format!("    {from} --> {}: {}{note}", it.to.as_str(), it.by.as_str()));
    }
    line(
        &mut text,
        "```\n\n### A return\n\n```mermaid\nstateDiagram-v2\n    [*] --> requested: requestReturn",
    );
    for it in RETURN_MOVES {
        let note = if it.without_goods { ", if no goods come back" } else { "" };
        let (from, to) = (it.from.as_str(), it.to.as_str());
        line(&mut text, &format!("    {from} --> {to}: {}{note}", it.by.as_str()));
    }
    line(
        &mut text,
        "```\n\n### Every command\n\n| command | who | in | only if |\n| --- | --- | --- | --- |",
    );
    for rule in COMMAND_RULES {
        let who = match rule.who {
            Who::Customer => "customer, shop",
            Who::Shop => "shop",
        };
        let guards: Vec<&str> = rule.guards.iter().map(guard).collect();
        line(
            &mut text,
            &format!(
                "| `{}` | {who} | {} | {} |",
                rule.command.as_str(),
                words(rule.statuses),
                guards.join("; ")
            ),
        );
    }
    line(
        &mut text,
        "\n### Every edit\n\nCustomers edit until the shop commits, as far as `workflow.amendments.customer` lets them.\n\n| change | by the shop in | by customers if they may edit | only if |\n| --- | --- | --- | --- |",
    );
    for rule in CHANGE_RULES {
        let customer = rule.customer.map_or("–".to_owned(), |needs| words(&[needs]));
        let guards: Vec<&str> = rule.guards.iter().map(guard).collect();
        let (change, statuses) = (rule.change.as_str(), words(rule.statuses));
        line(
            &mut text,
            &format!("| `{change}` | {statuses} | {customer} | {} |", guards.join("; ")),
        );
    }
    text
}

/// `ORDERKIT_BLESS=1 cargo test --test life` writes the drawn part anew.
#[test]
fn the_document_shows_the_tables() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/life.md");
    let text = fs::read_to_string(path).unwrap();
    let (begin, end) = ("<!-- drawn from src/status/table.rs -->\n", "<!-- end -->");
    let (head, rest) = text.split_once(begin).unwrap();
    let (_, tail) = rest.split_once(end).unwrap();
    let now = format!("{head}{begin}\n{}\n{end}{tail}", drawn());
    if std::env::var_os("ORDERKIT_BLESS").is_some() {
        fs::write(path, &now).unwrap();
    }
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        now,
        "ORDERKIT_BLESS=1 cargo test --test life writes it anew"
    );
}
