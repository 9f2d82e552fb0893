//! A server process that is killed again and again while clients place and change orders: nothing that was acknowledged is
//! lost, and nothing is done twice. `make kills ROUNDS=200` runs the loop for longer.

mod shop;

use std::{path::Path, thread, time::Duration};

use orderkit_server::database::SqliteDatabase;
use shop::{
    Chance,
    census::{Census, Count},
    crew::Crew,
    page::{Page, pause},
    process::Server,
};

/// Clients come without a pause.
const UNLIMITED: [&str; 8] =
    ["--sync-rate", "off", "--tenant-rate", "off", "--user-rate", "off", "--address-rate", "off"];

fn serve(folder: &Path, failpoint: Option<&str>) -> Server {
    Server::serve(folder, failpoint, &shop::rules_text("r1", "10.00"), &UNLIMITED)
}

fn count(folder: &Path, pages: &[Page]) -> Count {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = SqliteDatabase::open(&folder.join("orderkit.db")).unwrap();
        let census = Census::take(&database).await;
        census.count(pages)
    })
}

/// The server dies at a failpoint, while it starts or while orders and notes come; another one gets what is left. Whether it
/// died while they came.
fn dies_at(failpoint: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path(), None);
    let mut page = Page::open(&server, 1);
    drop(server);
    let rules = shop::rules_text("r1", "10.00");
    let dying = Server::try_serve(folder.path(), Some(failpoint), &rules, &UNLIMITED);
    let has_started = dying.is_some();
    for _ in 0..12 {
        page.place();
        page.note();
        if let Some(server) = &dying {
            page.exchange(&server.address);
        }
    }
    if let Some(mut server) = dying {
        let status = server.ended(5).expect("the failpoint is reached");
        assert!(!status.success());
    }
    let server = serve(folder.path(), None);
    page.drain(&server.address);
    drop(server);
    let acknowledged = page.saved.len();
    let expected = Count { acknowledged, lost: 0, doubled: 0 };
    assert_eq!(count(folder.path(), &[page]), expected, "{failpoint}");
    has_started
}

#[test]
fn fault_17_killed_before_inside_and_after_the_commit() {
    for place in ["before_commit", "in_commit", "written"] {
        let times = (1..=8).filter(|time| dies_at(&format!("{place}:kill:{time}")));
        assert!(times.count() >= 4, "{place} is reached while orders come");
    }
}

#[test]
fn fault_18_killed_between_the_commit_and_the_answer() {
    for time in [1, 2, 4, 7] {
        assert!(dies_at(&format!("after_commit:kill:{time}")), "{time}");
    }
}

#[test]
fn fault_17_18_killed_at_any_moment_again_and_again() {
    let number = |name: &str, usual| {
        std::env::var(name).ok().map_or(usual, |text| text.parse::<u64>().unwrap())
    };
    let (rounds, seed) = (number("ROUNDS", 8), number("SEED", 1));
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance(seed);
    let mut server = serve(folder.path(), None);
    let pages = (0..4).map(|_| Page::open(&server, chance.next())).collect();
    let crew = Crew::start(pages, vec![server.address.clone()]);
    for _ in 0..rounds {
        let moment = u64::try_from(1 + chance.below(300)).unwrap();
        thread::sleep(Duration::from_millis(moment));
        drop(server);
        server = serve(folder.path(), None);
        crew.moved(0, server.address.clone());
    }
    pause(50);
    let pages = crew.finish();
    drop(server);
    let count = count(folder.path(), &pages);
    println!("kills: {rounds} rounds, {count}");
    assert_eq!((count.lost, count.doubled), (0, 0), "seed {seed}");
    assert!(count.acknowledged > 20, "hardly anything happened: {count}");
}
