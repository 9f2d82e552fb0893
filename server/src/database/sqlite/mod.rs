//! SQLite: one file, one writer, and many requests in one write to the disk.

use std::{path::Path, pin::Pin, sync::Arc, time::Duration};

use rusqlite::{Connection as File, OpenFlags};

mod group;
mod owner;
mod reader;
mod statement;
mod writer;

use reader::Readers;
pub use statement::{execute, fetch, keep_prepared};
use writer::Writer;

use super::{Connection, Database, DatabaseError, Kind, Pending};

/// How long a transaction waits for its turn before the caller is told to come back.
const WAIT: Duration = Duration::from_secs(5);

/// A database in a file.
#[derive(Clone, Debug)]
pub struct SqliteDatabase {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
}

impl SqliteDatabase {
    /// Opens the file and makes it if it is missing.
    ///
    /// # Errors
    ///
    /// If it cannot be made or is not a database.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let writer = open(path)?;
        // Whoever waits for another process waits without a thread: see `Writer`.
        writer.busy_timeout(Duration::ZERO)?;
        let writer = Writer::start(writer)?;
        Ok(Self { writer, readers: Arc::new(Readers::open(path)?) })
    }

    /// How often a group of requests was written to the disk.
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }
}

impl Database for SqliteDatabase {
    fn kind(&self) -> Kind {
        Kind::Sqlite
    }

    fn begin_read(&self) -> Pending<'_, Box<dyn Connection>> {
        Box::pin(async {
            let reading: Box<dyn Connection> = Box::new(self.readers.begin().await?);
            Ok(reading)
        })
    }

    fn begin_write<'a>(&'a self, _: &'a str) -> Pending<'a, Box<dyn Connection>> {
        Box::pin(async {
            let lent: Box<dyn Connection> = Box::new(self.writer.begin().await?);
            Ok(lent)
        })
    }

    fn pause(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(time))
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            // The last connection folds the write-ahead log into the file.
            self.readers.close().await;
            self.writer.close().await;
        })
    }
}

/// A connection to a file, as the server wants it.
fn open(path: &Path) -> Result<File, DatabaseError> {
    let connection = File::open(path)?;
    keep_prepared(&connection)?;
    connection.busy_timeout(WAIT)?;
    owner::claim(&connection, path)?;
    // An order that was acknowledged survives a power cut.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF",
    )?;
    Ok(connection)
}

/// Refuses a file that is another program's database; it is only looked at.
///
/// # Errors
///
/// [`DatabaseError::Foreign`], or why it cannot be read.
pub(crate) fn must_be_own(path: &Path) -> Result<(), DatabaseError> {
    let file = File::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    file.busy_timeout(WAIT)?;
    owner::is_marked(&file, path).map(|_| ())
}

/// Copies a database file that may be in use, as it is at one moment.
///
/// # Errors
///
/// If one cannot be read or the other not be written.
pub fn copy(from: &Path, to: &Path) -> Result<(), DatabaseError> {
    let source = File::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    source.busy_timeout(WAIT)?;
    let mut target = File::open(to)?;
    let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
    // All pages in one step: then no writer can come between.
    match backup.step(-1)? {
        rusqlite::backup::StepResult::Done => Ok(()),
        _ => Err(DatabaseError::Busy),
    }
}
