//! A shop that moves from a file into PostgreSQL: devices notice nothing.
#![cfg(feature = "postgres")]

mod shop;

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};
use shop::{cluster::new_database, new_id, place_args, process::Server};

fn relocate(data: &Path, url: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orderkit"));
    command.args(["move", "--database", url, "--data"]).arg(data).output().unwrap()
}

fn place(n: u64) -> Value {
    json!({"n": n, "id": new_id(), "order": new_id(), "kind": "place@1", "atMs": 0,
        "args": place_args(1_000, "r1", "10.00")})
}

#[tokio::test]
async fn a_shop_moves_with_its_feed_and_its_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let url = new_database().await;
    let server = Server::start(folder.path(), None);
    let session = server.post("/v1/session", "", &json!({"role": "staff"})).unwrap();
    let token = session["token"].as_str().unwrap();
    let client = new_id();
    let mut request = json!({"v": 1, "client": client, "commands": []});
    // More than are written with one statement.
    for first in [1_u64, 101, 201] {
        request["commands"] = (first..first + 100).map(place).collect();
        let answer = server.post("/v1/main/sync", token, &request).unwrap();
        assert_eq!(answer["processed"], json!(first + 99), "{answer}");
    }
    request["commands"] = json!([]);
    let before = server.post("/v1/main/sync", token, &request).unwrap();
    let refused = relocate(folder.path(), &url);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("stop the server"), "{refused:?}");
    drop(server);
    let done = relocate(folder.path(), &url);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(String::from_utf8_lossy(&done.stdout).contains("orders: 300"), "{done:?}");

    let rules = shop::rules_text("r1", "10.00");
    let server = Server::serve(folder.path(), None, &rules, &["--database", &url]);
    let mut after = server.post("/v1/main/sync", token, &request).unwrap();
    after["timeMs"] = before["timeMs"].clone();
    assert_eq!(after, before, "the same token, epoch, places, orders and checksum");
    request["since"] = json!({"epoch": before["epoch"], "seq": 300});
    request["commands"] = json!([place(301)]);
    let answer = server.post("/v1/main/sync", token, &request).unwrap();
    assert_eq!((&answer["resync"], &answer["next"]), (&Value::Null, &json!(301)), "{answer}");
    drop(server);
    // What is there is not mixed with another shop's.
    let other = tempfile::tempdir().unwrap();
    drop(Server::start(other.path(), None));
    let refused = relocate(other.path(), &url);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("has shops already"), "{refused:?}");
    assert!(other.path().join("orderkit.db").exists());
}
