//! The open transaction of the one connection that writes, and the requests whose changes are in it.

use std::{fmt, time::Duration, time::Instant};

use rusqlite::Connection as File;
use tokio::sync::oneshot;

use super::statement;
use crate::{
    database::{DatabaseError, Row, Value},
    failpoint,
};

/// Requests that are written to the disk together at most: an error hits all of them.
const MOST: usize = 256;
/// After this the disk is written even if more requests wait: the first one has waited long enough.
const LONGEST: Duration = Duration::from_millis(25);

/// What a request is told once its changes are on the disk, or cannot be.
pub(super) type Told = oneshot::Sender<Result<(), DatabaseError>>;

/// The connection that writes, with what waits for its next commit.
pub(super) struct Group {
    file: File,
    /// Since when a transaction is open; none if there is none.
    since: Option<Instant>,
    /// The requests that are through and wait for the disk.
    through: Vec<Told>,
    /// Why the database ended the transaction by itself.
    ended: Option<DatabaseError>,
}

impl Group {
    pub fn new(file: File) -> Self {
        Self { file, since: None, through: Vec::new(), ended: None }
    }

    /// Begins a request, and the transaction if none is open.
    pub fn begin(&mut self) -> Result<(), DatabaseError> {
        if self.since.is_none() {
            self.file.execute_batch("BEGIN IMMEDIATE")?;
            self.since = Some(Instant::now());
        }
        Ok(self.file.execute_batch("SAVEPOINT request")?)
    }

    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DatabaseError> {
        self.checked(|file| statement::execute(file, sql, values))
    }

    pub fn fetch(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, DatabaseError> {
        self.checked(|file| statement::fetch(file, sql, values))
    }

    /// Ends a request whose changes are to stay.
    pub fn keep(&mut self, told: Told) -> Result<(), (Told, DatabaseError)> {
        match self.checked(|file| Ok(file.execute_batch("RELEASE request")?)) {
            Ok(()) => {
                self.through.push(told);
                Ok(())
            }
            Err(error) => Err((told, error)),
        }
    }

    /// Ends a request as if it had never been; those that are through stay.
    pub fn undo(&mut self) {
        let undone =
            self.checked(|file| Ok(file.execute_batch("ROLLBACK TO request; RELEASE request")?));
        if let Err(error) = undone
            && self.ended.is_none()
        {
            self.end(error);
        }
    }

    /// Whether the disk should be written now, though others wait.
    pub fn is_due(&self) -> bool {
        let is_old = self.since.is_some_and(|since| since.elapsed() >= LONGEST);
        self.ended.is_some() || is_old || self.through.len() >= MOST
    }

    /// How many requests wait for the disk.
    pub fn size(&self) -> usize {
        self.through.len()
    }

    /// Whether anybody waits for the disk.
    pub fn is_awaited(&self) -> bool {
        !self.through.is_empty()
    }

    /// Writes to the disk.
    pub fn commit(&mut self) -> Result<(), DatabaseError> {
        failpoint::reach("in_commit");
        let mut result = match self.ended.take() {
            Some(error) => Err(error),
            None => self.file.execute_batch("COMMIT").map_err(DatabaseError::from),
        };
        failpoint::reach("written");
        if let Err(error) = &mut result {
            tracing::error!(%error, requests = self.through.len(), "nothing was written");
            if let DatabaseError::Failed(what) = error {
                *error = DatabaseError::Storage(std::mem::take(what));
            }
        }
        self.close_transaction();
        result
    }

    /// Tells everybody what became of the write.
    pub fn tell(&mut self, result: &Result<(), DatabaseError>) {
        for told in self.through.drain(..) {
            // Whoever no longer listens has gone away.
            let _ = told.send(result.clone());
        }
    }

    /// Closes a transaction in which nothing has happened.
    pub fn abandon(&mut self) {
        self.ended = None;
        self.close_transaction();
    }

    fn close_transaction(&mut self) {
        self.since = None;
        if !self.file.is_autocommit()
            && let Err(error) = self.file.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be ended");
        }
    }

    /// Runs something unless the transaction has ended, and notes if it ends with it: a full disk may end all of it.
    fn checked<T>(
        &mut self,
        run: impl FnOnce(&File) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        if let Some(error) = &self.ended {
            return Err(error.clone());
        }
        let result = run(&self.file);
        if let Err(error) = &result
            && self.file.is_autocommit()
        {
            self.end(error.clone());
        }
        result
    }

    /// Everything since the last commit is lost, also what other requests did.
    fn end(&mut self, error: DatabaseError) {
        self.ended = Some(error);
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("through", &self.through.len()).finish_non_exhaustive()
    }
}
