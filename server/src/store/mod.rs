//! Where orders are kept: SQLite behind methods named after what they mean.
//!
//! All SQL of the server is in this folder and keeps to what PostgreSQL and its scale-out relatives
//! understand as well: numbered parameters, composite keys that begin with the tenant, no triggers,
//! no sequences, no JSON functions, no clock of the database.
//!
//! There is one writer at a time. A transaction that writes takes the write lock when it begins, so
//! that it can never fail halfway because another one wrote in between.

use std::{fmt, path::Path, time::Duration};

use sqlx::{
    Sqlite, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

mod attempt;
mod balance;
mod command;
mod customer;
mod deadline;
mod feed;
mod import;
mod local_payment;
mod notice;
mod number;
mod order;
mod payment;
mod quarantine;
mod redemption;
mod review;
mod rules;
mod schema;
mod serial;
mod stock;
mod stock_lease;
mod token;

pub use balance::card_code;
pub use command::{ClientMark, StoredCommand};
pub use feed::Head;
pub use import::ImportOutcome;
pub use local_payment::LocalPayment;
pub use notice::{NoticeState, StoredNotice};
pub use order::{ListFilter, ListedOrder, StoredOrder};
pub use payment::PaymentRequest;
pub use quarantine::{QuarantineState, Quarantined};
pub use redemption::{GiftCardUse, GivenBack, RuleTotal, RuleUsed, Used};
pub use rules::{RulesVersion, StoredRules};
pub use serial::{HeldBlock, Lease};
pub use stock::{StockCount, StockEntry, StoredClaim, StoredStock};
pub use stock_lease::HeldStock;
pub use token::{Grant, Purpose};

/// Connections that read at the same time.
const READERS: u32 = 4;
/// How long a transaction waits for the write lock before the caller is told to come back.
const WAIT: Duration = Duration::from_secs(5);

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// A transaction: everything in it happens, or nothing. Dropping it means nothing.
#[derive(Debug)]
pub struct Transaction {
    inner: sqlx::Transaction<'static, Sqlite>,
}

/// Why the store did not do what it was asked for.
#[derive(Debug)]
pub enum StoreError {
    /// Too much is being written; the same call may succeed soon.
    Busy,
    /// What is stored cannot be read.
    Corrupt(String),
    /// Another order has this number.
    NumberTaken(String),
    /// The database failed.
    Database(sqlx::Error),
}

impl Store {
    /// Opens the database in a folder and makes what is missing.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or the file is not a database of this or an earlier version.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let io = |error| StoreError::Database(sqlx::Error::Io(error));
        std::fs::create_dir_all(folder).map_err(io)?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join("orderkit.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An order that was acknowledged survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT)
            .foreign_keys(false);
        let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(WAIT);
        let writer = pool(1).connect_with(options.clone()).await?;
        schema::migrate(&writer).await?;
        let readers = pool(READERS).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Self { writer, readers })
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if the write lock did not become free in time.
    pub async fn write(&self) -> Result<Transaction, StoreError> {
        Ok(Transaction { inner: self.writer.begin_with("BEGIN IMMEDIATE").await? })
    }

    /// Begins a transaction that only reads: all it sees is of one moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if all connections are in use for too long.
    pub async fn read(&self) -> Result<Transaction, StoreError> {
        Ok(Transaction { inner: self.readers.begin().await? })
    }

    /// Closes all connections, so that the write-ahead log is folded into the database.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Transaction {
    /// Makes everything in it happen.
    ///
    /// # Errors
    ///
    /// If the database cannot; nothing has happened then.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }

    fn connection(&mut self) -> &mut sqlx::SqliteConnection {
        &mut self.inner
    }
}

/// A counter as the database holds it. The database has no unsigned type.
fn stored(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A counter as it came from the database.
fn counted(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

fn corrupt(what: impl fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // 5 SQLITE_BUSY, 6 SQLITE_LOCKED, 517 SQLITE_BUSY_SNAPSHOT
        let is_busy = |code: &str| matches!(code, "5" | "6" | "517");
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| is_busy(&code)) => {
                Self::Busy
            }
            _ => Self::Database(error),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the database is busy"),
            Self::Corrupt(what) => write!(f, "stored data cannot be read: {what}"),
            Self::NumberTaken(number) => write!(f, "another order has the number {number}"),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StoreError {}
