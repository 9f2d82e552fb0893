//! Backups while the server goes on, and what comes of a shop that is set back to one.

mod shop;

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};
use shop::{new_id, place_args, process::Server};

fn orderkit(args: &[&str], data: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orderkit"));
    command.args(args).arg("--data").arg(data).env_remove("ORDERKIT_DATABASE").output().unwrap()
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(why), "{said}");
}

#[track_caller]
fn done(output: &Output) -> String {
    let failed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{failed}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn session(server: &Server) -> String {
    let session = server.post("/v1/session", "", &json!({"role": "staff"})).unwrap();
    session["token"].as_str().unwrap().to_owned()
}

fn place(n: u64) -> Value {
    json!({"n": n, "id": new_id(), "order": new_id(), "kind": "place@1", "atMs": 0,
        "args": place_args(1_000, "r1", "10.00")})
}

fn sync(server: &Server, token: &str, client: &str, commands: &[Value]) -> Value {
    let request = json!({"v": 1, "client": client, "commands": commands});
    server.post("/v1/main/sync", token, &request).unwrap()
}

fn number(answer: &Value, at: usize) -> String {
    let result = &answer["results"][at];
    assert_eq!(result["verdict"], "accepted", "{answer}");
    result["number"].as_str().unwrap().to_owned()
}

#[test]
fn fault_24_a_restored_backup_gives_nothing_out_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("shop.backup"));
    std::fs::create_dir(&data).unwrap();
    let server = Server::start(&data, None);
    let token = session(&server);
    let (client, commands): (_, Vec<Value>) = (new_id(), (1..=5).map(place).collect());
    let before = sync(&server, &token, &client, &commands[..3]);
    let to = file.to_str().unwrap();
    assert!(done(&orderkit(&["backup", "--to", to], &data)).contains("checked"));
    refused(&orderkit(&["backup", "--to", to], &data), "there already");
    let after = sync(&server, &token, &client, &commands[3..]);
    let mut numbers: Vec<String> = (0..3).map(|at| number(&before, at)).collect();
    numbers.extend((3..5).map(|at| number(&after, at)));

    refused(&orderkit(&["restore", "--from", to], &data), "--replace");
    refused(&orderkit(&["restore", "--replace", "--from", to], &data), "stop the server");
    drop(server);
    let said = done(&orderkit(&["restore", "--replace", "--from", to], &data));
    assert!(said.contains("up to change 3") && said.contains("recorded as lost"), "{said}");

    let server = Server::start(&data, None);
    // A device that has seen the changes after the backup starts anew.
    let request = json!({"v": 1, "client": client, "ack": 5, "commands": [],
        "since": {"epoch": after["epoch"], "seq": 5}});
    let answer = server.post("/v1/main/sync", &token, &request).unwrap();
    assert_eq!((&answer["resync"], &answer["next"]), (&json!(true), &json!(3)), "{answer}");
    assert_ne!(answer["epoch"], after["epoch"]);
    assert_eq!(answer["changes"].as_array().unwrap().len(), 3);
    // Its next command has a counter that the backup cannot know: it takes a new name.
    assert_eq!(sync(&server, &token, &client, &[place(6)])["gap"], 4);
    // What it still has to send it sends once more under the new name, with the ids that the server may know.
    let mut again = commands[2..].to_vec();
    for (n, command) in (1..).zip(&mut again) {
        command["n"] = json!(n);
    }
    let renamed = new_id();
    let answer = sync(&server, &token, &renamed, &again);
    assert_eq!(number(&answer, 0), numbers[2], "what the backup has is not done again");
    assert_eq!(answer["next"], 5);
    for at in 1..3 {
        let number = number(&answer, at);
        assert!(!numbers.contains(&number), "{number} was given out before");
        numbers.push(number);
    }
    let listed = server.get("/v1/main/orders?limit=50", &token);
    assert_eq!(listed["orders"].as_array().unwrap().len(), 5);
    drop(server);
    let report = done(&orderkit(&["series", "--json"], &data));
    let report: Value = serde_json::from_str(&report).unwrap();
    let lost: Vec<&Value> = report["void"].as_array().unwrap().iter().collect();
    assert!(lost.iter().any(|it| it["reason"] == "lost" && it["by"] == "restore"), "{report}");
    let series = report["series"].as_array().unwrap();
    assert!(!series.is_empty() && series.iter().all(|it| it["missing"] == 0), "{report}");
}

/// Orders that were imported come with no command, by whose time it is known how old a backup is.
#[test]
fn a_shop_that_decided_nothing_is_restored_without_a_series_for_each_day() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("shop.backup"));
    std::fs::create_dir(&data).unwrap();
    drop(Server::start(&data, None));
    let lost = |from: &Path| {
        let from = from.to_str().unwrap();
        let said = done(&orderkit(&["restore", "--replace", "--from", from], &data));
        said.matches("recorded as lost").count()
    };
    let database = data.join("orderkit.db");
    let whole = "PRAGMA wal_checkpoint(TRUNCATE)";
    let ended = rusqlite::Connection::open(&database).unwrap();
    ended.query_row(whole, [], |_| Ok(())).unwrap();
    drop(ended);
    // A copy that was made otherwise: it is at most as old as the rules in it. Two if the day ends meanwhile.
    std::fs::copy(&database, &file).unwrap();
    assert!((1..=2).contains(&lost(&file)));
    let long_ago = "UPDATE ruleset SET from_ms = 0";
    rusqlite::Connection::open(&database).unwrap().execute_batch(long_ago).unwrap();
    let backup = folder.path().join("with-its-time");
    done(&orderkit(&["backup", "--to", backup.to_str().unwrap()], &data));
    assert!((1..=2).contains(&lost(&backup)));
    // Where nothing says how old it is, nothing is risked.
    std::fs::copy(&database, &file).unwrap();
    let unknown = format!("{long_ago}; PRAGMA user_version = 0");
    rusqlite::Connection::open(&file).unwrap().execute_batch(&unknown).unwrap();
    assert!(lost(&file) > 300);
}

#[test]
fn a_backup_under_load_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("shop.backup"));
    std::fs::create_dir(&data).unwrap();
    let server = Server::start(&data, None);
    let token = session(&server);
    std::thread::scope(|scope| {
        let writers = (0..4).map(|_| {
            scope.spawn(|| {
                let client = new_id();
                for n in 1..=25 {
                    number(&sync(&server, &token, &client, &[place(n)]), (n - 1) as usize);
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        while !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            let _ = std::fs::remove_file(&file);
            done(&orderkit(&["backup", "--to", file.to_str().unwrap()], &data));
            let copy = rusqlite::Connection::open(&file).unwrap();
            let sql = "SELECT (SELECT COUNT(*) FROM orders), (SELECT COUNT(*) FROM command), \
                       (SELECT seq FROM tenant_head WHERE tenant = 'main')";
            let (orders, commands, seq): (i64, i64, i64) =
                copy.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
            assert_eq!((orders, commands), (seq, seq));
        }
    });
}

#[test]
fn what_is_no_backup_is_refused_and_leaves_everything() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("none");
    std::fs::write(&file, "not a database at all, only words").unwrap();
    let from = file.to_str().unwrap();
    refused(&orderkit(&["restore", "--from", from], &data), "database");
    refused(&orderkit(&["restore", "--from", "/nowhere/at/all"], &data), "no file");
    refused(&orderkit(&["backup", "--to", "/nowhere/at/all"], folder.path()), "no database");
    let args = ["backup", "--to", "x", "--database", "postgres://localhost/x"];
    refused(&orderkit(&args, folder.path()), "pg_dump");
}
