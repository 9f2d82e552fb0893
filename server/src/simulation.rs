//! Running the server without a network, a clock, threads or a runtime: what a simulator of whole shops builds on.
//!
//! On a [`Database`] whose futures are ready at once, so is every request. With a clock and random bytes that follow from
//! a seed, a run can be repeated step by step.

use std::{
    fmt,
    future::ready as now,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::FutureExt;
use orderkit::{
    Actor, Issue,
    replica::protocol::{SyncRequest, SyncResponse},
};
use rusqlite::Connection as Memory;

use crate::{
    App, Error,
    database::{
        Connection, Database, DatabaseError, Kind, Pending, Row, Value, execute_in_sqlite,
        fetch_from_sqlite, keep_sqlite_prepared,
    },
    restore::{SettingBack, set_back},
    sync,
};

/// Answers a sync request as the server does.
///
/// # Errors
///
/// As the server refuses it.
///
/// # Panics
///
/// If the database has to wait for something.
pub fn answer(
    app: &App,
    tenant: &str,
    actor: &Actor,
    request: &SyncRequest,
) -> Result<SyncResponse, Error> {
    ready(sync::answer(app, tenant, actor, request))
}

/// An answer as HTTP would carry it.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// Why it is an error, if it is one.
    pub issue: Option<Issue>,
    /// The wait that it asks for.
    pub retry_after_ms: Option<i64>,
    /// Its JSON.
    pub body: Vec<u8>,
    /// What the JSON says, if it is no error.
    pub response: Option<SyncResponse>,
}

/// Reads and answers the body of a sync request as HTTP does.
///
/// # Panics
///
/// If the database has to wait for something.
pub fn sync(app: &App, tenant: &str, actor: &Actor, body: &[u8]) -> Answered {
    let answered = sync::read(body).and_then(|request| answer(app, tenant, actor, &request));
    match answered {
        Ok(response) => Answered {
            status: 200,
            issue: None,
            retry_after_ms: None,
            body: orderkit::json::write(&response),
            response: Some(response),
        },
        Err(error) => {
            let status = error.status().as_u16();
            let issues = error.issues();
            Answered {
                status,
                retry_after_ms: (status == 503).then_some(2_000),
                body: orderkit::json::write(&issues),
                issue: issues.into_iter().next(),
                response: None,
            }
        }
    }
}

/// Does what `orderkit restore` does with a database that was set back.
///
/// # Errors
///
/// If a shop cannot be read.
///
/// # Panics
///
/// If the database has to wait for something.
pub fn after_restore(app: &App) -> Result<(), Error> {
    let how = SettingBack {
        random: &app.random,
        now_ms: app.now_ms(),
        made_ms: 0,
        skip: SKIPPED_SERIALS,
    };
    ready(set_back(app.store(), &how)).map(|_| ())
}

/// Serials that are passed over after a restore: more than a simulated shop gives out.
const SKIPPED_SERIALS: u64 = 1_000;

/// What a future comes to that need not wait.
///
/// # Panics
///
/// If it has to wait for something.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing here waits")
}

/// Says of a statement, `COMMIT` among them, whether it fails.
pub type Failing = Box<dyn FnMut(&str) -> Option<DatabaseError> + Send>;

/// A database in memory for one transaction at a time, which can be set back, and fails when it is told to.
pub struct MemoryDatabase {
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    file: Memory,
    failing: Option<Failing>,
}

struct Open {
    shared: Arc<Mutex<Shared>>,
    is_open: bool,
}

impl MemoryDatabase {
    /// An empty database.
    ///
    /// # Panics
    ///
    /// If there is no memory.
    pub fn new() -> Arc<Self> {
        let file = Memory::open_in_memory().expect("a database in memory");
        keep_sqlite_prepared(&file).expect("a connection can be set");
        Arc::new(Self { shared: Arc::new(Mutex::new(Shared { file, failing: None })) })
    }

    /// Everything that is committed.
    ///
    /// # Panics
    ///
    /// If a transaction is open.
    pub fn snapshot(&self) -> Vec<u8> {
        let shared = lock(&self.shared);
        assert!(shared.file.is_autocommit(), "a transaction is open");
        shared.file.serialize("main").expect("a database in memory can be read").to_vec()
    }

    /// Sets everything back to a snapshot, as a restored backup does.
    ///
    /// # Panics
    ///
    /// If a transaction is open, or this is no snapshot.
    pub fn restore(&self, snapshot: &[u8]) {
        let mut shared = lock(&self.shared);
        assert!(shared.file.is_autocommit(), "a transaction is open");
        shared.file.flush_prepared_statement_cache();
        let restored = shared.file.deserialize_read_exact("main", snapshot, snapshot.len(), false);
        restored.expect("a snapshot can be restored");
    }

    /// Deletes everything but the tables. Faster than [`MemoryDatabase::restore`]: statements stay prepared.
    ///
    /// # Panics
    ///
    /// If a transaction is open.
    pub fn clear(&self) {
        let shared = lock(&self.shared);
        let tables =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'schema%'";
        let mut statement = shared.file.prepare_cached(tables).expect("a database has tables");
        let names = statement.query_map([], |row| row.get::<_, String>(0));
        let names: Result<Vec<String>, _> = names.expect("tables have names").collect();
        for name in names.expect("tables have names") {
            let delete = format!("DELETE FROM {name}");
            let mut delete = shared.file.prepare_cached(&delete).expect("a table can be emptied");
            delete.execute([]).expect("a table can be emptied");
        }
    }

    /// Asks before each begin, statement and commit whether it fails.
    pub fn fail(&self, failing: impl FnMut(&str) -> Option<DatabaseError> + Send + 'static) {
        lock(&self.shared).failing = Some(Box::new(failing));
    }

    /// Nothing fails any more.
    pub fn mend(&self) {
        lock(&self.shared).failing = None;
    }

    fn begin(&self) -> Result<Box<dyn Connection>, DatabaseError> {
        let mut shared = lock(&self.shared);
        if !shared.file.is_autocommit() {
            return Err(DatabaseError::Busy);
        }
        shared.check("BEGIN")?;
        shared.run("BEGIN")?;
        Ok(Box::new(Open { shared: Arc::clone(&self.shared), is_open: true }))
    }
}

impl Shared {
    fn check(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.failing.as_mut().and_then(|failing| failing(sql)).map_or(Ok(()), Err)
    }

    fn run(&self, sql: &str) -> Result<(), DatabaseError> {
        execute_in_sqlite(&self.file, sql, &[]).map(|_| ())
    }
}

impl Database for MemoryDatabase {
    fn kind(&self) -> Kind {
        Kind::Sqlite
    }

    fn begin_read(&self) -> Pending<'_, Box<dyn Connection>> {
        Box::pin(now(self.begin()))
    }

    fn begin_write<'a>(&'a self, _: &'a str) -> Pending<'a, Box<dyn Connection>> {
        Box::pin(now(self.begin()))
    }

    fn pause(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(now(()))
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(now(()))
    }
}

impl Connection for Open {
    fn execute<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, u64> {
        let mut shared = lock(&self.shared);
        let failed = shared.check(sql);
        Box::pin(now(failed.and_then(|()| execute_in_sqlite(&shared.file, sql, values))))
    }

    fn fetch<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, Vec<Row>> {
        let mut shared = lock(&self.shared);
        let failed = shared.check(sql);
        Box::pin(now(failed.and_then(|()| fetch_from_sqlite(&shared.file, sql, values))))
    }

    fn commit(mut self: Box<Self>) -> Pending<'static, ()> {
        let mut shared = lock(&self.shared);
        let failed = shared.check("COMMIT");
        // Whether the end of it is known or not: a simulator that wants both loses the answer instead.
        let result = failed.and_then(|()| shared.run("COMMIT"));
        drop(shared);
        self.is_open = result.is_err();
        Box::pin(now(result))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.is_open {
            // Nothing can be done about a database in memory that does not answer.
            let _ = lock(&self.shared).run("ROLLBACK");
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for MemoryDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryDatabase")
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Open")
    }
}
