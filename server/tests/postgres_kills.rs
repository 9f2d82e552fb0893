//! Two server processes on one PostgreSQL. Both are killed again and again, and their connections to it are cut.
#![cfg(feature = "postgres")]

mod shop;

use std::{thread, time::Duration};

use orderkit_server::database::PostgresDatabase;
use shop::{
    Chance,
    census::Census,
    cluster::{new_database, socket},
    crew::Crew,
    page::{Page, pause},
    process::Server,
    wire::{Target, Wire},
};

fn serve(wire: &Wire, url: &str) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let database = wire.database(url);
    let off = ["--sync-rate", "off", "--tenant-rate", "off", "--user-rate", "off"];
    let more = [&["--database", database.as_str(), "--address-rate", "off"][..], &off].concat();
    let server = Server::serve(folder.path(), None, &shop::rules_text("r1", "10.00"), &more);
    (folder, server)
}

#[test]
fn fault_17_23_two_servers_on_one_database_are_killed_and_cut_off() {
    let rounds: u64 = std::env::var("ROUNDS").map_or(8, |text| text.parse().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = runtime.block_on(new_database());
    let wires = [(); 2].map(|()| Wire::to(Target::Socket(socket())));
    let mut servers: Vec<_> = wires.iter().map(|wire| serve(wire, &url)).collect();
    let mut chance = Chance(7);
    let pages = (0..3).map(|_| Page::open(&servers[0].1, chance.next())).collect();
    let addresses = servers.iter().map(|(_, server)| server.address.clone()).collect();
    let crew = Crew::start(pages, addresses);
    for _ in 0..rounds {
        let moment = u64::try_from(1 + chance.below(300)).unwrap();
        thread::sleep(Duration::from_millis(moment));
        let which = chance.below(2);
        if chance.below(2) == 0 {
            wires[which].cut_all();
            continue;
        }
        let (folder, server) = servers.remove(which);
        drop(server);
        drop(folder);
        servers.insert(which, serve(&wires[which], &url));
        crew.moved(which, servers[which].1.address.clone());
    }
    pause(50);
    let pages = crew.finish();
    drop(servers);
    let count = runtime.block_on(async {
        let database = PostgresDatabase::connect(&url).await.unwrap();
        Census::take(&database).await.count(&pages)
    });
    println!("kills on PostgreSQL: {rounds} rounds, {count}");
    assert_eq!((count.lost, count.doubled), (0, 0));
    assert!(count.acknowledged > 20, "hardly anything happened: {count}");
}
