//! Power cuts: whatever the disk makes of what was not yet safe, the database opens, is whole, and has every order that
//! anybody was told of.
#![allow(unsafe_code, reason = "SQLite asks for its file system in C")]

#[path = "shop/recorder.rs"]
mod recorder;
mod shop;

use std::{collections::BTreeSet, path::Path};

use orderkit::Role;
use recorder::{Disk, Happening};
use rusqlite::{Connection, OpenFlags};
use shop::{Chance, Shop};

const CUTS: usize = 240;
const ORDERS: usize = 40;

/// Writes what a cut leaves to a folder, and says which orders are there; none if the database is damaged.
fn orders_after_cut(disk: &Disk, chance: &mut Chance, folder: &Path) -> Option<BTreeSet<String>> {
    for (path, file) in &disk.files {
        let name = path.file_name().unwrap();
        std::fs::write(folder.join(name), file.after_power_cut(chance)).unwrap();
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let file =
        Connection::open_with_flags_and_vfs(folder.join("orderkit.db"), flags, c"unix").ok()?;
    let check: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).ok()?;
    if check != "ok" {
        return None;
    }
    let mut statement = file.prepare("SELECT id FROM orders").ok()?;
    let ids = statement.query_map([], |row| row.get(0)).ok()?;
    Some(ids.map(|id| id.unwrap()).collect())
}

/// Cuts the power at random moments; says how often that damaged the database or lost an order that somebody was told of.
fn cut_again_and_again(log: &[Happening], is_lying: bool) -> usize {
    let mut chance = Chance(19);
    let first = log.iter().position(|it| matches!(it, Happening::Told(_))).unwrap();
    let mut moments: Vec<usize> =
        (0..CUTS).map(|_| first + chance.below(log.len() - first)).collect();
    moments.sort_unstable();
    let mut disk = Disk { is_lying, ..Disk::default() };
    let mut told = BTreeSet::new();
    let mut passed = 0;
    let mut harmed = 0;
    for moment in moments {
        for happening in &log[passed..=moment] {
            disk.happen(happening);
            if let Happening::Told(order) = happening {
                told.insert(order.clone());
            }
        }
        passed = moment + 1;
        let folder = tempfile::tempdir().unwrap();
        let orders = orders_after_cut(&disk, &mut chance, folder.path());
        harmed += usize::from(!orders.is_some_and(|orders| orders.is_superset(&told)));
    }
    harmed
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_19_power_cut_at_any_moment_leaves_every_order_that_was_acknowledged() {
    recorder::install();
    let shop = Shop::open().await;
    let devices = (0..4).map(|number| {
        let shop = &shop;
        async move {
            let mut device = shop.device(&format!("sam-{number}"), Role::Staff).await;
            for _ in 0..ORDERS {
                let (order, answer) = device.place().await;
                assert_eq!(
                    answer["results"].as_array().unwrap().last().unwrap()["verdict"],
                    "accepted"
                );
                recorder::note(Happening::Told(order));
                device.settle(&answer);
            }
        }
    });
    futures_util::future::join_all(devices).await;
    let log = recorder::log();
    let main = shop.folder.path().join("orderkit.db");
    let is_of_main = |it: &&Happening| matches!(it, Happening::Sync { file } if *file == main);
    assert!(
        log.iter().filter(is_of_main).count() > 1,
        "the log was folded into the file meanwhile"
    );
    assert_eq!(cut_again_and_again(&log, false), 0, "of {CUTS} cuts so many did harm");
    // A disk that lies about what is safe is found out, or this test would not see anything.
    let harmed = cut_again_and_again(&log, true);
    assert!(harmed > CUTS / 2, "{harmed} of {CUTS}");
}
