//! Much at once, before a real server process: a device that was away for two weeks, and one that has to fetch everything
//! while its connection breaks at each page.

mod shop;

use std::time::Instant;

use orderkit::client::Step;
use serde_json::{Value, json};
use shop::{
    page::{Page, pause},
    process::Server,
    wire::{Cut, Target, Wire},
};

const COMMANDS: usize = 20_000;
/// Changes in one answer.
const PAGE: usize = 500;
/// What the server may need beyond what it needs at rest.
const MOST_MEMORY_KIB: u64 = 96 * 1024;
const UNLIMITED: [&str; 6] = ["--sync-rate", "off", "--tenant-rate", "off", "--user-rate", "off"];

/// Numbers of a device would be used up in a day.
fn rules() -> String {
    let mut document: Value = serde_json::from_str(&shop::rules_text("r1", "10.00")).unwrap();
    document["numbering"] = json!({"pattern": "R{seq:7}{check}", "blockSize": 10});
    document.to_string()
}

#[test]
fn fault_43_44_much_that_waits_is_sent_and_fetched_in_bounded_memory_across_cuts() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path(), None, &rules(), &UNLIMITED);
    send_backlog(&server);
    fetch_all(&server);
}

fn send_backlog(server: &Server) {
    let mut page = Page::with_rules(server, 43, &rules());
    page.bring_in(COMMANDS);
    let at_rest = server.memory();
    let mut most = at_rest;
    let (mut requests, started) = (0, Instant::now());
    loop {
        let step = page.exchange(&server.address);
        requests += 1;
        most = most.max(server.memory());
        match step {
            Step::Rest if page.waiting() == 0 => break,
            Step::Rest | Step::Again => {}
            Step::Later { wait_ms, .. } | Step::Offline { wait_ms } => pause(wait_ms),
            step => panic!("{step:?}"),
        }
    }
    let took = started.elapsed();
    let accepted = page.told.values().filter(|it| it.seq.is_some()).count();
    assert_eq!((accepted, page.told.len()), (COMMANDS, COMMANDS));
    assert!(requests < COMMANDS / 100, "{requests} requests: a batch has 200 commands");
    let more = most - at_rest;
    println!("{COMMANDS} commands in {took:.1?} and {requests} requests, {more} KiB more at most");
    assert!(more < MOST_MEMORY_KIB, "the server took {more} KiB");
}

fn fetch_all(server: &Server) {
    let wire = Wire::to(Target::Address(server.address.clone()));
    let mut page = Page::with_rules(server, 44, &rules());
    let at_rest = server.memory();
    let place =
        |page: &Page| page.client.progress().position.since.as_ref().map_or(0, |since| since.seq);
    let (mut fetched, started) = (0, Instant::now());
    loop {
        let before = place(&page);
        // Each page is lost on its way once, at another byte.
        let answered = Some(page.chance.below(40_000));
        wire.cut(Cut { asked: None, answered });
        let step = page.exchange(&wire.address);
        assert!(matches!(step, Step::Offline { .. }), "{step:?}");
        assert_eq!(place(&page), before, "half a page is no page");
        wire.cut(Cut::default());
        let step = page.exchange(&wire.address);
        fetched += 1;
        let now = usize::try_from(place(&page)).unwrap();
        assert_eq!(now, (fetched * PAGE).min(COMMANDS), "it goes on where it was");
        if step == Step::Rest {
            break;
        }
    }
    let more = server.memory().saturating_sub(at_rest);
    let took = started.elapsed();
    println!(
        "{COMMANDS} changes in {took:.1?} and {fetched} pages, each cut once; {more} KiB more"
    );
    assert_eq!(page.client.replica().confirmed_count(), COMMANDS);
    assert!(more < MOST_MEMORY_KIB, "the server took {more} KiB");
}
