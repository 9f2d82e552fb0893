//! How a copy stores its orders: rows apart from logs, packed step by step, logs read when they are needed.

use orderkit::{Code, replica::Query};
use uuid::Uuid;

use crate::{PAY, authority::Authority, device::Device, shop::NOW_MS};

/// A device that has pulled so many orders, each with an answer of its own.
fn one_by_one(orders: u128) -> (Device, Authority) {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    for order in 1..=orders {
        device.place(order, 3_076).unwrap();
        assert!(device.sync(&mut authority));
    }
    (device, authority)
}

fn code(device: &Device, order: u128) -> Option<Code> {
    let view = device.replica.order(Uuid::from_u128(order), NOW_MS);
    view.err().map(|refusal| refusal.issues[0].code)
}

#[test]
fn a_log_is_read_when_somebody_opens_the_order() {
    let (mut device, mut authority) = one_by_one(2);
    assert_eq!(code(&device, 1), None, "what has just come is in memory");
    device.reload();
    assert_eq!(device.summaries().len(), 2, "lists need no log");
    assert_eq!(code(&device, 1), Some(Code::OrderLoading));
    assert_eq!(device.submit(1, "recordPayment@1", PAY).unwrap_err().code(), Code::OrderLoading);
    device.read(1);
    assert_eq!((code(&device, 1), code(&device, 2)), (None, Some(Code::OrderLoading)));
    assert_eq!(code(&device, 9), Some(Code::OrderUnknown));
    device.submit(1, "recordPayment@1", PAY).unwrap();
    assert!(device.sync(&mut authority));
}

#[test]
fn what_waits_on_a_confirmed_order_is_folded_when_its_log_was_read() {
    let (mut device, _) = one_by_one(1);
    device.submit(1, "recordPayment@1", PAY).unwrap();
    let before = device.summaries();
    assert_eq!((before[0].1, before[0].2), ("awaitingConfirmation", true));
    let mut again =
        orderkit::replica::Replica::new(crate::shop::rules(), device.replica.position().clone());
    for (key, page) in &device.rows {
        again.load_rows(*key, page).unwrap();
    }
    again.load_outbox(device.replica.outbox().cloned().collect());
    let row = |replica: &orderkit::replica::Replica| {
        replica.list(&Query::default()).rows[0].row.summary.as_str()
    };
    // Until then a list shows what is confirmed.
    assert_eq!((row(&again), again.fold_more()), ("awaitingPayment", false));
    let [wanted] = again.wanted_logs(5)[..] else { panic!() };
    again.load_logs(wanted, device.logs[&wanted].clone()).unwrap();
    assert!(again.fold_more());
    assert_eq!((row(&again), again.wanted_logs(5)), ("awaitingConfirmation", vec![]));
}

#[test]
fn small_pages_become_one_and_no_order_changes() {
    let (mut device, mut authority) = one_by_one(25);
    let before = device.summaries();
    assert_eq!((device.rows.len(), device.logs.len()), (25, 25));
    assert!(device.pack());
    assert_eq!((device.rows.len(), device.logs.len()), (1, 25));
    assert!(!device.pack(), "there is nothing left to do");
    assert_eq!(device.summaries(), before);
    device.reload();
    assert_eq!(device.summaries(), before);
    for order in 1..=25 {
        device.read(order);
        assert_eq!(code(&device, order), None);
    }
    device.place(30, 3_076).unwrap();
    assert!(device.sync(&mut authority), "the digests agree");
}

#[test]
fn another_page_that_reads_only_what_is_new_ends_up_the_same() {
    let (mut device, mut authority) = one_by_one(10);
    let mut other = Device::new();
    let follow = |other: &mut Device, device: &Device, last: u64| {
        for (key, page) in device.rows.range(last + 1..) {
            other.replica.load_rows(*key, page).unwrap();
        }
        *device.rows.keys().next_back().unwrap()
    };
    let last = follow(&mut other, &device, 0);
    // Meanwhile one is gone, others come, and all that was is packed into one.
    authority.hide(3);
    for order in 11..=30 {
        device.place(order, 3_076).unwrap();
        assert!(device.sync(&mut authority));
    }
    while device.pack() {}
    follow(&mut other, &device, last);
    assert_eq!(other.summaries(), device.summaries());
    assert_eq!(other.replica.confirmed_count(), 29);
    assert_eq!(code(&other, 3), Some(Code::OrderUnknown));
}

#[test]
fn what_an_order_was_before_is_taken_away() {
    let (mut device, mut authority) = one_by_one(3);
    let mut paid = 0;
    for round in 0..40 {
        let note = format!(r#"{{"text": "{}"}}"#, "n".repeat(900));
        for order in 1..=3 {
            device.submit(order, "note@1", &note).unwrap();
        }
        assert!(device.sync(&mut authority), "round {round}");
        while device.pack() {}
        paid += 1;
    }
    assert_eq!(paid, 40);
    // Three orders were written anew forty times: of all pieces only those are left that say how they are now.
    assert!(device.rows.len() <= 17, "{} pages", device.rows.len());
    assert_eq!(device.logs.len(), 1, "{:?}", device.logs.keys());
    device.reload();
    assert!(device.sync(&mut authority), "the digests agree");
}

#[test]
fn what_is_left_of_a_piece_that_is_mostly_useless_is_moved() {
    let (mut device, mut authority) = (Device::new(), Authority::new());
    let note = format!(r#"{{"text": "{}"}}"#, "n".repeat(900));
    // Some pieces hold many orders each.
    for order in 1..=400 {
        device.place(order, 3_076).unwrap();
        device.submit(order, "note@1", &note).unwrap();
    }
    for _ in 0..8 {
        device.sync(&mut authority);
    }
    let pieces = device.logs.len();
    // All but one order in twenty change: their logs stand elsewhere now.
    for order in (1..=400).filter(|order| order % 20 != 0) {
        device.submit(order, "note@1", &note).unwrap();
    }
    for _ in 0..8 {
        device.sync(&mut authority);
    }
    let (before, bytes) = (device.summaries(), device.logs.values().map(Vec::len).sum::<usize>());
    device.reload();
    let mut steps = 0;
    while device.pack() {
        steps += 1;
        assert!(steps < 100);
    }
    let after = device.logs.values().map(Vec::len).sum::<usize>();
    assert!(after * 3 < bytes * 2, "{pieces} pieces, {bytes} bytes before and {after} after");
    device.reload();
    assert_eq!(device.summaries(), before);
    for order in 1..=400 {
        device.read(order);
        assert_eq!(code(&device, order), None, "order {order}");
    }
}

#[test]
fn changed_bytes_are_found() {
    let (mut device, _) = one_by_one(1);
    device.reload();
    for bytes in device.rows.values_mut().chain(device.logs.values_mut()) {
        *bytes.last_mut().unwrap() ^= 1;
    }
    let (key, page) = device.rows.first_key_value().unwrap();
    assert_eq!(device.replica.load_rows(*key, page).unwrap_err().code, Code::StoreCorrupt);
    let (key, piece) = device.logs.first_key_value().unwrap();
    let found = device.replica.load_logs(*key, piece.clone()).unwrap_err();
    assert_eq!(found.code, Code::StoreCorrupt);
}
