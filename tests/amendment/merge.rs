//! Edits of several people: different fields merge in any order, the same field is one named conflict.

use orderkit::{Argument, Code, Role, Seen};
use uuid::Uuid;

use super::{Desk, amend, command, quantity, shop::actor, shop::rules};

const ADDRESS: &str = r#"{"setShippingAddress": {"address": {"street": ["Ring 1"], "city": "Berlin", "postcode": "10999", "country": "DE"}}}"#;
const NOTE: &str = r#"{"setNote": {"note": "ring twice"}}"#;
const CONTACT: &str =
    r#"{"setContact": {"contact": {"name": "Ada King", "email": "ada@example.org"}}}"#;

/// saleor/saleor#12652, #11133, #11132: two requests at once, and the second one overwrote the first or failed for no reason.
#[test]
fn saleor_12652_edits_of_different_fields_merge_in_every_order() {
    let all = [
        ("q1", quantity("1", "1")),
        ("q2", quantity("2", "0")),
        ("ad", ADDRESS.to_owned()),
        ("no", NOTE.to_owned()),
        ("co", CONTACT.to_owned()),
    ];
    let mut states = Vec::new();
    for order in permutations(all.len()) {
        let mut desk = Desk::new(rules()).paid();
        let revision = desk.order.revision;
        for at in order {
            let (id, changes) = &all[at];
            let seen = Some(Seen { revision, own_commands: &[] });
            let events = desk.try_as(&super::staff(), seen, &amend(id, changes)).unwrap();
            desk.append(events, &super::staff(), None);
        }
        let lines: Vec<_> = desk
            .order
            .lines
            .iter()
            .map(|line| (line.to_deliver(), desk.order.left_of_line(line).unwrap()))
            .collect();
        states.push((lines, desk.order.details.clone(), desk.order.derived().unwrap()));
    }
    assert_eq!(states.len(), 120);
    assert!(states.windows(2).all(|pair| pair[0] == pair[1]));
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(count - 1) {
        for at in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(at, count - 1);
            all.push(longer);
        }
    }
    all
}

#[test]
fn saleor_11133_two_edits_of_one_field_are_one_conflict_with_who_when_and_both_values() {
    let pairs = [
        ("line/1/quantity", quantity("1", "1"), quantity("1", "2"), "1", "2"),
        ("note", NOTE.to_owned(), r#"{"setNote": {}}"#.to_owned(), "ring twice", ""),
        (
            "shippingAddress",
            ADDRESS.to_owned(),
            ADDRESS.replace("Ring 1", "Ring 2"),
            "Ring 1, 10999, Berlin, DE",
            "Ring 2, 10999, Berlin, DE",
        ),
        (
            "contact",
            CONTACT.to_owned(),
            CONTACT.replace("Ada King", "A. King"),
            "Ada King, ada@example.org",
            "A. King, ada@example.org",
        ),
    ];
    for (field, one, other, first, second) in pairs {
        for (winner, loser, theirs, yours) in
            [(&one, &other, first, second), (&other, &one, second, first)]
        {
            let mut desk = Desk::new(rules()).paid();
            let seen = Some(Seen { revision: desk.order.revision, own_commands: &[] });
            let mia = actor("mia", Role::Staff);
            let events = desk.try_as(&mia, seen, &amend("first", winner)).unwrap();
            if events.is_empty() {
                continue;
            }
            desk.append(events, &mia, None);
            let refusal = desk.try_as(&super::staff(), seen, &amend("second", loser)).unwrap_err();
            let issue = &refusal.issues[0];
            assert_eq!((issue.code, issue.path.as_str()), (Code::EditConflict, "/args/changes/0"));
            let argument = |key: &str| match issue.args.get(key) {
                Some(Argument::Text(text)) => text.clone(),
                other => panic!("{key}: {other:?}"),
            };
            assert_eq!([argument("field"), argument("by")], [field.to_owned(), "mia".to_owned()]);
            assert_eq!(
                [argument("theirs"), argument("yours")],
                [theirs.to_owned(), yours.to_owned()]
            );
            // Who has seen the other edit may make theirs.
            let seen = Some(Seen { revision: desk.order.revision, own_commands: &[] });
            assert_eq!(
                desk.try_as(&super::staff(), seen, &amend("second", loser)).unwrap().len(),
                1
            );
        }
    }
}

#[test]
fn the_same_edit_twice_is_no_conflict_and_changes_nothing() {
    let mut desk = Desk::new(rules()).paid();
    let seen = Some(Seen { revision: desk.order.revision, own_commands: &[] });
    desk.run(&amend("first", &quantity("1", "1")));
    assert_eq!(
        desk.try_as(&super::staff(), seen, &amend("second", &quantity("1", "1"))).unwrap(),
        []
    );
}

/// Two edits of one device that was offline: the second was made on top of the first.
#[test]
fn own_commands_are_no_conflict() {
    let mut desk = Desk::new(rules()).paid();
    let revision = desk.order.revision;
    let own = Uuid::from_u128(7);
    let events = desk.try_run(&amend("first", &quantity("1", "2"))).unwrap();
    desk.append(events, &super::staff(), Some(own));
    let second = amend("second", &quantity("1", "1"));
    let stranger = Some(Seen { revision, own_commands: &[] });
    assert_eq!(
        desk.try_as(&super::staff(), stranger, &second).unwrap_err().code(),
        Code::EditConflict
    );
    let commands = [own];
    let same = Some(Seen { revision, own_commands: &commands });
    assert_eq!(desk.try_as(&super::staff(), same, &second).unwrap().len(), 1);
}

#[test]
fn a_part_that_was_called_off_conflicts_with_an_older_edit_of_its_line() {
    let mut desk = Desk::new(rules()).paid();
    let seen = Some(Seen { revision: desk.order.revision, own_commands: &[] });
    desk.run(&command(
        "cancelLines",
        r#"{"credit": "c", "reason": "none left", "lines": [{"line": "1", "quantity": "1"}]}"#,
    ));
    let edit = amend("a", &quantity("1", "1"));
    assert_eq!(desk.try_as(&super::staff(), seen, &edit).unwrap_err().code(), Code::EditConflict);
    assert!(desk.try_as(&super::staff(), seen, &amend("a", &quantity("2", "0"))).is_ok());
}

#[test]
fn a_proposal_does_not_overwrite_what_changed_since() {
    let mut desk = Desk::new(rules()).paid();
    desk.run(&command(
        "proposeAmendment",
        &format!(r#"{{"id": "a", "changes": [{}, {NOTE}]}}"#, quantity("1", "2")),
    ));
    desk.run(&amend("b", &quantity("1", "1")));
    desk.refuses(
        &command(
            "acceptAmendment",
            r#"{"amendment": "a", "consent": {"by": "Ada", "how": "mail"}}"#,
        ),
        Code::EditConflict,
        "/args/changes/0",
    );
}
