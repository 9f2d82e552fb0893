//! Connections that read, a few at the same time, each in a snapshot of its own.

use std::{
    fmt,
    future::ready,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection as File;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{WAIT, statement};
use crate::database::{Connection, DatabaseError, Pending, Row, Value};

/// Connections that read at the same time.
const READERS: u32 = 4;

/// The connections that nobody reads with.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<File>>>,
    free: Arc<Semaphore>,
}

/// A transaction that reads.
struct Reading {
    /// Missing only when it was given back.
    file: Option<File>,
    idle: Arc<Mutex<Vec<File>>>,
    // After the connection is back, the next reader may come.
    _turn: OwnedSemaphorePermit,
}

impl Readers {
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let mut idle = Vec::new();
        for _ in 0..READERS {
            let file = super::open(path)?;
            file.execute_batch("PRAGMA query_only = ON")?;
            idle.push(file);
        }
        let free = Arc::new(Semaphore::new(idle.len()));
        Ok(Self { idle: Arc::new(Mutex::new(idle)), free })
    }

    pub async fn begin(&self) -> Result<impl Connection + use<>, DatabaseError> {
        let turn = Arc::clone(&self.free).acquire_owned();
        let turn = tokio::time::timeout(WAIT, turn).await.map_err(|_| DatabaseError::Busy)?;
        let turn = turn.map_err(|_| closed())?;
        let file = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let file = file.ok_or_else(closed)?;
        let reading = Reading { file: Some(file), idle: Arc::clone(&self.idle), _turn: turn };
        // The first statement takes the snapshot.
        reading.file()?.execute_batch("BEGIN")?;
        Ok(reading)
    }

    pub async fn close(&self) {
        // An error says that it is closed already.
        let _all = self.free.acquire_many(READERS).await;
        self.free.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Reading {
    fn file(&self) -> Result<&File, DatabaseError> {
        self.file.as_ref().ok_or_else(closed)
    }
}

impl Connection for Reading {
    fn execute<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, u64> {
        let count = self.file().and_then(|file| statement::execute(file, sql, values));
        Box::pin(ready(count))
    }

    fn fetch<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, Vec<Row>> {
        let rows = self.file().and_then(|file| statement::fetch(file, sql, values));
        Box::pin(ready(rows))
    }

    fn commit(self: Box<Self>) -> Pending<'static, ()> {
        Box::pin(ready(Ok(())))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let Some(file) = self.file.take() else { return };
        if !file.is_autocommit() && file.execute_batch("ROLLBACK").is_err() {
            tracing::error!("a transaction that reads could not be ended");
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reading")
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Readers")
    }
}

fn closed() -> DatabaseError {
    DatabaseError::Lost("the database is closed".to_owned())
}
