//! The hash chain: any change of a stored log is found, and its first broken entry named.

use orderkit::{Code, OrderLog, json, replica::order_digest};

use crate::steps::Life;

fn log() -> OrderLog {
    let mut life = Life::confirmed("{}");
    life.must(&[("ship", r#"{"shipment": "s1"}"#), ("deliver", r#"{"shipment": "s1"}"#)]);
    life.log
}

#[test]
fn every_flipped_letter_of_a_stored_log_is_found_at_its_entry() {
    let log = log();
    let text = String::from_utf8(json::write(&log)).unwrap();
    let mut found = 0;
    // Digits and letters inside values: a change that still reads as a log.
    for (at, letter) in text.char_indices() {
        let other = match letter {
            '0'..='8' => (letter as u8 + 1) as char,
            'a'..='y' => (letter as u8 + 1) as char,
            _ => continue,
        };
        let mut changed = text.clone();
        changed.replace_range(at..at + 1, &other.to_string());
        let Ok(changed) = json::read::<OrderLog>(changed.as_bytes()) else { continue };
        if changed.id != log.id {
            assert_eq!(changed.broken_entry(), Some(0), "another order's id at {at}");
            continue;
        }
        let first = log.events.iter().zip(&changed.events).position(|(a, b)| a != b);
        let first_link = log.links.iter().zip(&changed.links).position(|(a, b)| a != b);
        let expected = first.into_iter().chain(first_link).min();
        if let Some(expected) = expected {
            assert_eq!(changed.broken_entry(), Some(expected), "at {at}: {other}");
            found += 1;
        }
    }
    assert!(found > 500, "{found} changes tried");
}

#[test]
fn a_dropped_inserted_or_moved_entry_breaks_the_chain() {
    let whole = log();
    assert_eq!(whole.broken_entry(), None);
    let changed = |change: &dyn Fn(&mut OrderLog)| {
        let mut log = log();
        change(&mut log);
        log.broken_entry()
    };
    assert_eq!(changed(&|log| drop(log.events.remove(1))), Some(1));
    assert_eq!(changed(&|log| log.events.swap(1, 2)), Some(1));
    assert_eq!(
        changed(&|log| {
            let again = log.events[2].clone();
            log.events.insert(2, again);
        }),
        Some(3)
    );
    assert_eq!(
        changed(&|log| {
            log.events.remove(1);
            log.links.remove(1);
        }),
        Some(1)
    );
    assert_eq!(changed(&|log| drop(log.events.pop())), Some(whole.events.len() - 1));
    // Cut off with its links the chain is whole, but it is not the one that the server has.
    let mut cut = log();
    cut.events.pop();
    cut.links.pop();
    assert_eq!(cut.broken_entry(), None);
    let digest = |log: &OrderLog| order_digest(log.id, 9, log.head());
    assert_ne!(digest(&cut), digest(&whole));
    let mut bare = log();
    bare.links.clear();
    assert_ne!(digest(&bare), digest(&whole));
}

#[test]
fn a_broken_order_can_only_be_looked_at() {
    let mut life = Life::confirmed("{}");
    life.log.events[1].at_ms += 1;
    life.order = life.log.checked_order().unwrap();
    assert_eq!((life.order.broken_entry, life.summary()), (Some(1), "exception"));
    for (kind, args) in [
        ("ship", r#"{"shipment": "s"}"#),
        ("cancel", r#"{"reason": "x"}"#),
        ("note", r#"{"text": "x"}"#),
    ] {
        let refusal = life.give(kind, args).unwrap_err();
        assert_eq!(refusal.code(), Code::LogTampered, "{kind}");
        assert!(refusal.issues[0].message(orderkit::Language::English).contains("entry 2"));
    }
}

#[test]
fn a_log_without_links_is_sealed_when_it_goes_on() {
    let mut log = log();
    log.links.clear();
    assert_eq!(log.broken_entry(), None);
    let record = log.events.pop().unwrap();
    log.push(record);
    assert_eq!(log, self::log());
}

#[test]
fn a_buyer_reads_no_name_of_the_staff() {
    let by_staff = Life::confirmed("{}").order;
    assert_eq!(by_staff.owner, "sam");
    let seen = serde_json::to_string(&by_staff.for_buyer()).unwrap();
    assert!(!seen.contains("sam\""), "{seen}");
}
