//! Many requests in one write to the disk, on the database in a file.

use std::sync::Arc;

use orderkit_server::database::{Connection, Database, DatabaseError, SqliteDatabase, query};
use tempfile::TempDir;

async fn database() -> (TempDir, Arc<SqliteDatabase>) {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(SqliteDatabase::open(&folder.path().join("orderkit.db")).unwrap());
    let mut connection = database.begin_write("main").await.unwrap();
    let table = "CREATE TABLE entry (tenant TEXT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (tenant, number))";
    query(table).execute(connection.as_mut()).await.unwrap();
    connection.commit().await.unwrap();
    (folder, database)
}

async fn insert(connection: &mut dyn Connection, number: i64) -> Result<u64, DatabaseError> {
    let sql = "INSERT INTO entry (tenant, number) VALUES ('main', $1)";
    query(sql).bind(number).execute(connection).await
}

async fn numbers(database: &SqliteDatabase) -> Vec<i64> {
    let mut connection = database.begin_read().await.unwrap();
    let rows: Vec<(i64,)> = query("SELECT number FROM entry WHERE tenant = 'main' ORDER BY number")
        .fetch_all(connection.as_mut())
        .await
        .unwrap();
    rows.into_iter().map(|(number,)| number).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_requests_share_one_write() {
    let (_folder, database) = database().await;
    let before = database.commits();
    let requests = (0..400).map(|number| {
        let database = Arc::clone(&database);
        tokio::spawn(async move {
            let mut connection = database.begin_write("main").await.unwrap();
            insert(connection.as_mut(), number).await.unwrap();
            connection.commit().await.unwrap();
            // What was said to be written can be read by everybody.
            assert!(numbers(&database).await.contains(&number));
        })
    });
    for request in requests.collect::<Vec<_>>() {
        request.await.unwrap();
    }
    assert_eq!(numbers(&database).await, (0..400).collect::<Vec<_>>());
    let commits = database.commits() - before;
    assert!(commits <= 40, "400 requests took {commits} writes");
}

#[tokio::test]
async fn a_request_that_is_dropped_or_fails_takes_no_other_along() {
    let (_folder, database) = database().await;
    let before = database.commits();
    let mut first = database.begin_write("main").await.unwrap();
    insert(first.as_mut(), 1).await.unwrap();
    // The others wait for the connection that the first one has.
    let dropped = async {
        let mut connection = database.begin_write("main").await.unwrap();
        insert(connection.as_mut(), 2).await.unwrap();
    };
    let failed = async {
        let mut connection = database.begin_write("main").await.unwrap();
        insert(connection.as_mut(), 3).await.unwrap();
        let twice = insert(connection.as_mut(), 3).await;
        assert!(matches!(twice, Err(DatabaseError::Failed(_))), "{twice:?}");
    };
    let last = async {
        let mut connection = database.begin_write("main").await.unwrap();
        insert(connection.as_mut(), 4).await.unwrap();
        assert_eq!(
            numbers(&database).await,
            [0_i64; 0],
            "nothing is to be seen before it is written"
        );
        connection.commit().await.unwrap();
    };
    let begun = async {
        tokio::task::yield_now().await;
        first.commit().await.unwrap();
    };
    tokio::join!(dropped, failed, last, begun);
    assert_eq!(numbers(&database).await, [1, 4]);
    assert_eq!(database.commits() - before, 1);
}

#[tokio::test]
async fn nobody_is_told_of_a_write_that_fails() {
    let (_folder, database) = database().await;
    let mut first = database.begin_write("main").await.unwrap();
    insert(first.as_mut(), 1).await.unwrap();
    let second = async {
        let mut connection = database.begin_write("main").await.unwrap();
        insert(connection.as_mut(), 2).await.unwrap();
        // As a full disk may do, for all that are in the transaction.
        query("ROLLBACK").execute(connection.as_mut()).await.unwrap();
        connection.commit().await
    };
    let begun = async {
        tokio::task::yield_now().await;
        first.commit().await
    };
    let (second, first) = tokio::join!(second, begun);
    assert!(first.is_err() && second.is_err(), "{first:?} {second:?}");
    assert_eq!(numbers(&database).await, [0_i64; 0]);
    // The next one begins anew.
    let mut connection = database.begin_write("main").await.unwrap();
    insert(connection.as_mut(), 5).await.unwrap();
    connection.commit().await.unwrap();
    assert_eq!(numbers(&database).await, [5]);
}

#[tokio::test]
async fn a_reader_sees_one_moment() {
    let (_folder, database) = database().await;
    let mut reader = database.begin_read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM entry WHERE tenant = 'main'";
    let (before,): (i64,) = query(sql).fetch_one(reader.as_mut()).await.unwrap();
    let mut connection = database.begin_write("main").await.unwrap();
    insert(connection.as_mut(), 1).await.unwrap();
    connection.commit().await.unwrap();
    let (after,): (i64,) = query(sql).fetch_one(reader.as_mut()).await.unwrap();
    assert_eq!((before, after), (0, 0));
    assert!(insert(reader.as_mut(), 2).await.is_err(), "a reader does not write");
}

#[tokio::test]
async fn a_closed_database_says_so() {
    let (folder, database) = database().await;
    database.close().await;
    assert!(matches!(database.begin_write("main").await, Err(DatabaseError::Lost(_))));
    assert!(matches!(database.begin_read().await, Err(DatabaseError::Lost(_))));
    assert!(!folder.path().join("orderkit.db-wal").exists(), "the log is folded into the file");
}
