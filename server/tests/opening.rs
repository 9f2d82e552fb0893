//! Databases of other versions of the program.

mod shop;

use std::{fs::File, io, path::Path, process::Command, sync::Arc};

use flate2::read::GzDecoder;
use orderkit::Role;
use orderkit_server::{
    database::{Database, SqliteDatabase, query},
    store::Store,
};
use serde_json::json;
use shop::Shop;

async fn run(database: &dyn Database, statements: &[&str]) {
    let mut connection = database.begin_write("").await.unwrap();
    for statement in statements {
        query(*statement).execute(connection.as_mut()).await.unwrap();
    }
    connection.commit().await.unwrap();
}

/// Two orders, as the first version with a store left them: it knew of no other engine and of one process only.
#[tokio::test]
async fn a_file_of_an_earlier_version_is_extended_and_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orderkit.db");
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/first-version.db.gz");
    let mut packed = GzDecoder::new(File::open(packed).unwrap());
    io::copy(&mut packed, &mut File::create(&path).unwrap()).unwrap();

    let database = Arc::new(SqliteDatabase::open(&path).unwrap());
    let shop = Shop::on(folder, database, false).await;
    let mut device = shop.device("sam", Role::Staff).await;
    let answer = device.sync(&[]).await.json();
    assert_eq!((&answer["epoch"], &answer["next"]), (&json!("b672ec52"), &json!(2)), "{answer}");
    assert_eq!(answer["digest"]["orders"], 2);
    device.settle(&answer);
    let (_, answer) = device.place().await;
    let placed = &answer["results"][0];
    assert_eq!((&placed["verdict"], &placed["seq"]), (&json!("accepted"), &json!(3)), "{answer}");
}

#[tokio::test]
async fn a_file_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    Store::open(folder.path()).await.unwrap().close().await;
    let database = SqliteDatabase::open(&folder.path().join("orderkit.db")).unwrap();
    run(&database, &["INSERT INTO schema_step (step) VALUES (10000)"]).await;
    database.close().await;
    let refused = Store::open(folder.path()).await.unwrap_err().to_string();
    assert!(refused.contains("start a newer version"), "{refused}");
}

/// Whoever starts while another process changes the tables waits for it, longer than for any other lock.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn a_long_change_of_the_tables_is_waited_for() {
    use orderkit_server::database::PostgresDatabase;

    let url = shop::cluster::new_database().await;
    let database = PostgresDatabase::connect(&url).await.unwrap();
    let lock = [
        "CREATE TABLE schema_lock (name TEXT PRIMARY KEY, held BIGINT NOT NULL)",
        "CREATE TABLE schema_step (step BIGINT PRIMARY KEY)",
        "INSERT INTO schema_lock (name, held) VALUES ('schema', 0)",
    ];
    run(&database, &lock).await;
    let mut other = database.begin_write("").await.unwrap();
    let lock = query("UPDATE schema_lock SET held = held + 1 WHERE name = 'schema'");
    lock.execute(other.as_mut()).await.unwrap();
    let starting = tokio::spawn(async move { Store::connect(&url).await });
    tokio::time::sleep(std::time::Duration::from_millis(6_500)).await;
    assert!(!starting.is_finished());
    other.commit().await.unwrap();
    let store = starting.await.unwrap().unwrap();
    assert!(store.read().await.unwrap().head("main").await.unwrap().is_none());
}

fn orderkit(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orderkit"));
    let output = command.args(args).env_remove("ORDERKIT_DATABASE").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn mark_of(path: &Path) -> i64 {
    let file = rusqlite::Connection::open(path).unwrap();
    file.query_row("PRAGMA application_id", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_file_of_an_earlier_version_gets_the_mark_of_this_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orderkit.db");
    let store = Store::open(folder.path()).await.unwrap();
    store.close().await;
    let mark = mark_of(&path);
    assert_eq!(mark, i64::from(u32::from_be_bytes(*b"orkt")));
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA application_id = 0").unwrap();
    Store::open(folder.path()).await.unwrap().close().await;
    assert_eq!(mark_of(&path), mark);
}

#[tokio::test]
async fn a_database_of_another_program_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (path, data) = (folder.path().join("orderkit.db"), folder.path().to_str().unwrap());
    let files = ["PRAGMA application_id = 7", "CREATE TABLE moz_places (id INTEGER)"];
    for make in files {
        let _ = std::fs::remove_file(&path);
        rusqlite::Connection::open(&path).unwrap().execute_batch(make).unwrap();
        let before = std::fs::read(&path).unwrap();
        let backup = folder.path().join("backup");
        let to = backup.to_str().unwrap();
        let commands: [&[&str]; 4] = [
            &["serve", "--listen", "127.0.0.1:0", "--data", data],
            &["token", "--user", "sam", "--role", "staff", "--data", data],
            &["backup", "--to", to, "--data", data],
            &["restore", "--replace", "--from", path.to_str().unwrap(), "--data", data],
        ];
        for command in commands {
            let said = orderkit(command);
            assert!(said.contains("database_foreign"), "{command:?}: {said}");
            assert!(said.contains(path.to_str().unwrap()), "{command:?}: {said}");
            assert!(said.contains("--data"), "{command:?}: {said}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), before);
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing was made beside it"
        );
    }
}

#[test]
fn a_file_in_place_of_a_folder_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.backup");
    std::fs::write(&path, "").unwrap();
    let file = path.to_str().unwrap();
    let commands: [&[&str]; 2] = [
        &["restore", "--from", file, "--data", file],
        &["token", "--user", "sam", "--role", "staff", "--data", file],
    ];
    for command in commands {
        let said = orderkit(command);
        assert!(said.contains("--data names the folder") && said.contains("is a file"), "{said}");
        assert!(said.contains(&format!("({})", folder.path().display())), "{said}");
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn why_a_postgres_is_not_reached_is_told_with_what_helps() {
    let url = shop::cluster::new_database().await;
    let unknown = url.replacen("localhost/", "localhost/no_", 1);
    let rows = [
        ("postgres://anna:secret@127.0.0.1:1/shop", &["127.0.0.1:1", "nobody listens"][..]),
        ("postgres://anna:sec#ret@127.0.0.1/shop", &["%23"]),
        ("postgres://anna:sec:ret@127.0.0.1:x/shop", &["no address", "%40"]),
        (&unknown, &["does not exist", "make the database no_"]),
    ];
    for (url, words) in rows {
        let said = orderkit(&["token", "--user", "sam", "--role", "staff", "--database", url]);
        assert!(words.iter().all(|word| said.contains(word)), "{url}: {said}");
        assert!(!said.contains("secret") && !said.contains("busy"), "{url}: {said}");
    }
}
