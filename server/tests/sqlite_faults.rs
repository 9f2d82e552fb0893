//! Faults of a database in a file: a disk that is full, and other processes that hold its lock.

mod shop;

use std::{path::Path, process::Command, time::Duration};

use orderkit::Role;
use rusqlite::Connection;
use serde_json::{Value, json};
use shop::{Shop, new_id, place_args, process::Server};

fn place(n: u64, client: &str) -> Value {
    json!({"v": 1, "client": client, "commands": [{"n": n, "id": new_id(), "order": new_id(),
        "kind": "place@1", "atMs": 0, "args": place_args(1_000, "r1", "10.00")}]})
}

fn session(server: &Server) -> String {
    let session = server.post("/v1/session", "", &json!({"role": "staff"})).unwrap();
    session["token"].as_str().unwrap().to_owned()
}

fn orders(folder: &Path) -> (i64, i64, i64) {
    let file = Connection::open(folder.join("orderkit.db")).unwrap();
    let check: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let sql = "SELECT (SELECT COUNT(*) FROM orders), (SELECT COUNT(*) FROM command), \
               (SELECT seq FROM tenant_head WHERE tenant = 'main')";
    file.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
}

/// The process may write no file beyond a size, as on a disk that is full: the write-ahead log meets that first.
#[test]
fn fault_20_disk_full_refuses_writes_and_goes_on_reading() {
    let folder = tempfile::tempdir().unwrap();
    // The tables are there before the disk is full.
    let token = ["token", "--user", "sam", "--role", "staff", "--data"];
    let mut made = Command::new(env!("CARGO_BIN_EXE_orderkit"));
    assert!(made.args(token).arg(folder.path()).output().unwrap().status.success());
    let size = std::fs::metadata(folder.path().join("orderkit.db")).unwrap().len();
    let blocks = u32::try_from(size / 512 + 512).unwrap();
    let server = Server::start_with_files_up_to(folder.path(), blocks);
    let token = session(&server);
    let client = new_id();
    let mut accepted = 0;
    let refused = loop {
        let answer = server.post("/v1/main/sync", &token, &place(accepted + 1, &client)).unwrap();
        if answer["code"] == "try_later" {
            break answer;
        }
        assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
        accepted += 1;
        assert!(accepted < 2_000, "the disk is not full");
    };
    assert!(accepted > 3 && refused["message"].is_string(), "{accepted} {refused}");
    // Several at once: none of them is told that it is through.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let client = new_id();
                let answer = server.post("/v1/main/sync", &token, &place(1, &client)).unwrap();
                assert_eq!(answer["code"], "try_later", "{answer}");
            });
        }
    });
    let listed = server.get("/v1/main/orders?limit=1", &token);
    assert_eq!(listed["orders"].as_array().map(Vec::len), Some(1), "{listed}");
    drop(server);

    let count = i64::try_from(accepted).unwrap();
    assert_eq!(
        orders(folder.path()),
        (count, count, count),
        "what was acknowledged, and no half of another"
    );
    let server = Server::start(folder.path(), None);
    let answer = server.post("/v1/main/sync", &token, &place(accepted + 1, &client)).unwrap();
    assert_eq!(answer["results"].as_array().unwrap().last().unwrap()["verdict"], "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_21_a_lock_of_another_process_is_waited_for() {
    let shop = Shop::open().await;
    let mut device = shop.device("sam", Role::Staff).await;
    let other = Connection::open(shop.folder.path().join("orderkit.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let free = tokio::task::spawn_blocking(move || {
        std::thread::sleep(Duration::from_millis(700));
        other.execute_batch("COMMIT").unwrap();
    });
    let (_, answer) = device.place().await;
    assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    free.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_21_a_lock_that_is_held_too_long_is_a_503_and_reads_go_on() {
    let shop = Shop::open().await;
    let mut device = shop.device("sam", Role::Staff).await;
    let other = Connection::open(shop.folder.path().join("orderkit.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let order = new_id();
    let command = device.command(&order, "place@1", place_args(1_000, "r1", "10.00"));
    let commands = [command];
    let reading = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        shop.get("/v1/main/orders", &device.token).await
    };
    let (refused, listed) = tokio::join!(device.sync(&commands), reading);
    assert_eq!(refused.refusal(), (503, "try_later".to_owned()));
    assert_eq!(refused.header("retry-after"), "2");
    assert_eq!(listed.json()["orders"], json!([]));
    other.execute_batch("COMMIT").unwrap();
    let answer = device.sync(&commands).await.json();
    assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
    assert_eq!(answer["next"], 1);
}

/// Whoever reads for long, such as a backup, holds nobody up.
#[tokio::test]
async fn fault_21_a_long_reader_holds_nobody_up() {
    let shop = Shop::open().await;
    let mut device = shop.device("sam", Role::Staff).await;
    let reader = Connection::open(shop.folder.path().join("orderkit.db")).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let count = || -> i64 {
        reader.query_row("SELECT COUNT(*) FROM orders", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count(), 0);
    for seq in 1..=50 {
        let (_, answer) = device.place().await;
        assert_eq!(answer["next"], json!(seq), "{answer}");
        device.settle(&answer);
    }
    assert_eq!(count(), 0, "it sees the moment that it began in");
}
