//! Faults that only a database in a network has.
#![cfg(feature = "postgres")]

mod shop;

use std::{sync::Arc, time::Duration};

use orderkit::Role;
use orderkit_server::{
    database::{Database, PostgresDatabase, query},
    store::Store,
};
use serde_json::json;
use shop::{
    Shop,
    cluster::{new_database, socket},
    new_id, place_args,
    proxy::{Cut, Proxy},
};

async fn shop_behind(proxy: &Proxy, url: &str) -> Shop {
    let database = PostgresDatabase::connect(&proxy.address(url)).await.unwrap();
    Shop::on(tempfile::tempdir().unwrap(), Arc::new(database), false).await
}

async fn places_once_though(cut: Cut, rounds: u64) {
    let proxy = Proxy::before(socket());
    let shop = shop_behind(&proxy, &new_database().await).await;
    let mut device = shop.device("sam", Role::Staff).await;
    for seq in 1..=rounds {
        proxy.cut(cut);
        let command = device.command(&new_id(), "place@1", place_args(1_000, "r1", "10.00"));
        let answer = device.sync(&[command]).await.json();
        assert!(proxy.is_cut(), "the connection was cut");
        assert_eq!(answer["results"][0]["verdict"], "accepted", "{answer}");
        assert_eq!((&answer["results"][0]["seq"], &answer["next"]), (&json!(seq), &json!(seq)));
        assert_eq!(answer["digest"]["orders"], seq);
        device.settle(&answer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_23_commit_answer_lost_is_looked_up_before_anything_is_repeated() {
    places_once_though(Cut::AfterCommit, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_23_commit_that_never_arrived_is_repeated() {
    places_once_though(Cut::BeforeCommit, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_23_a_connection_that_dies_while_writing_is_replaced() {
    places_once_though(Cut::AtUpdate, 1).await;
}

/// Two sessions, step by step: the later one must wait before it takes its place in the feed, or a reader that has seen its
/// change would never be given the earlier one.
#[tokio::test(flavor = "multi_thread")]
async fn fault_45_two_sessions_take_places_in_the_order_of_their_commits() {
    let url = new_database().await;
    let one = PostgresDatabase::connect(&url).await.unwrap();
    let shop = Shop::on(tempfile::tempdir().unwrap(), Arc::new(one), false).await;
    let mut device = shop.device("sam", Role::Staff).await;
    let reader = shop.device("reader", Role::Staff).await;

    // Another process has begun to write for the shop and stays open.
    let other = Store::connect(&url).await.unwrap();
    let mut first = other.write("main").await.unwrap();
    let head = first.head("main").await.unwrap().unwrap();
    first.set_head("main", head.seq + 1).await.unwrap();

    let place = device.place();
    let mut place = std::pin::pin!(place);
    let waits = tokio::time::timeout(Duration::from_millis(500), &mut place).await;
    assert!(waits.is_err(), "the second writer took a place before the first one was through");
    // Another shop is not held up.
    let mut elsewhere = other.write("other").await.unwrap();
    elsewhere.set_head("other", 7).await.unwrap();
    elsewhere.commit().await.unwrap();
    first.commit().await.unwrap();
    let (_, answer) = place.await;
    assert_eq!(answer["results"][0]["seq"], json!(head.seq + 2), "{answer}");
    let pulled = reader.sync(&[]).await.json();
    assert_eq!(pulled["next"], json!(head.seq + 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_that_start_at_once_make_the_tables_once() {
    let url = new_database().await;
    let stores = (0..6).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { Store::connect(&url).await })
    });
    for store in stores.collect::<Vec<_>>() {
        store.await.unwrap().unwrap();
    }
    let database = PostgresDatabase::connect(&url).await.unwrap();
    let mut connection = database.begin_read().await.unwrap();
    let sql = "SELECT COUNT(*), MAX(step) FROM schema_step";
    let (count, last): (i64, i64) = query(sql).fetch_one(connection.as_mut()).await.unwrap();
    assert_eq!(count, last);
    assert!(count > 50);
}

#[tokio::test]
async fn tables_of_a_later_version_are_left_alone() {
    let url = new_database().await;
    Store::connect(&url).await.unwrap();
    let database = PostgresDatabase::connect(&url).await.unwrap();
    let mut connection = database.begin_write("").await.unwrap();
    let sql = "INSERT INTO schema_step (step) VALUES (10000)";
    query(sql).execute(connection.as_mut()).await.unwrap();
    connection.commit().await.unwrap();
    let refused = Store::connect(&url).await.unwrap_err().to_string();
    assert!(refused.contains("start a newer version"), "{refused}");
}

/// A change that one process makes is heard by those who listen at another.
#[tokio::test(flavor = "multi_thread")]
async fn listeners_at_another_process_are_poked() {
    use http_body_util::BodyExt;

    let url = new_database().await;
    let connect = async || {
        let database: Arc<dyn Database> = Arc::new(PostgresDatabase::connect(&url).await.unwrap());
        database
    };
    let one = Shop::on(tempfile::tempdir().unwrap(), connect().await, false).await;
    let two = Shop::on(tempfile::tempdir().unwrap(), connect().await, false).await;
    let token = two.token("main", "sam", Role::Staff).await;
    let mut body = two.stream("/v1/main/events", &token).await.into_body();
    let mut next = async || {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await;
        let frame = frame.expect("a poke comes").unwrap().unwrap();
        String::from_utf8_lossy(frame.data_ref().unwrap()).trim().to_owned()
    };
    assert_eq!(next().await, "data: {\"seq\":0}");
    let mut device = one.device("cara", Role::Customer).await;
    device.place().await;
    two.app.hear_other_processes().await.unwrap();
    assert_eq!(next().await, "data: {\"seq\":1}");
    one.put_rules("r2", "11.00").await;
    two.app.hear_other_processes().await.unwrap();
    assert_eq!(next().await, "data: {}", "other rules are no change of an order");
}

/// Text has the order of its bytes, however the database sorts words: lists and ranges of numbers depend on it.
#[tokio::test]
async fn text_is_ordered_by_its_bytes() {
    let database = Arc::new(PostgresDatabase::connect(&new_database().await).await.unwrap());
    let store = Store::on(Arc::clone(&database) as _).await.unwrap();
    let mut transaction = store.write("main").await.unwrap();
    for name in ["b", "B", "a-1", "A", "ab"] {
        transaction.set_series("main", name, 1).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let mut connection = database.begin_read().await.unwrap();
    let sql = "SELECT series FROM series WHERE tenant = 'main' ORDER BY series";
    let rows: Vec<(String,)> = query(sql).fetch_all(connection.as_mut()).await.unwrap();
    let names: Vec<String> = rows.into_iter().map(|(name,)| name).collect();
    assert_eq!(names, ["A", "B", "a-1", "ab", "b"]);
}
