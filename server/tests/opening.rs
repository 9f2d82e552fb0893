//! Databases of other versions of the program.

mod shop;

use std::{fs::File, io, path::Path, sync::Arc};

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
