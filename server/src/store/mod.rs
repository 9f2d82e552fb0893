//! Where orders are kept: a [`database`](crate::database) behind methods named after what they mean.
//!
//! All SQL of the server is in this folder and keeps to what SQLite, PostgreSQL and its scale-out relatives
//! understand alike: numbered parameters, composite keys that begin with the tenant, no triggers,
//! no sequences, no JSON functions, no clock of the database.
//!
//! Each tenant has one writer at a time, in however many processes. A transaction that writes is of one tenant and takes
//! its lock when it begins, so that what it has read stays true until its end.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use crate::database::{Connection, Database, DatabaseError, Kind, SqliteDatabase};

mod answer;
mod attempt;
mod balance;
mod command;
mod customer;
mod deadline;
mod feed;
mod import;
mod left_out;
mod local_payment;
mod memo;
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
mod session;
mod stock;
mod stock_lease;
mod token;
mod transfer;

pub use answer::FirstAnswer;
pub use balance::card_code;
pub use command::{ClientMark, StoredCommand};
pub use feed::Head;
pub use import::ImportOutcome;
use left_out::LeftOut;
pub use local_payment::LocalPayment;
use memo::Memo;
pub use notice::{NoticeState, StoredNotice};
pub use order::{ListFilter, ListedOrder, StoredOrder};
pub use payment::PaymentRequest;
pub use quarantine::{QuarantineState, Quarantined};
pub use redemption::{GiftCardUse, GivenBack, RuleTotal, RuleUsed, Used};
pub use rules::{RulesVersion, StoredRules};
pub use serial::{HeldBlock, Lease};
pub use session::RefreshToken;
pub use stock::{StockCount, StockEntry, StoredClaim, StoredStock};
pub use stock_lease::HeldStock;
pub use token::{Grant, Purpose};

/// The name of the database in its folder.
pub(crate) const FILE: &str = "orderkit.db";

/// How often a transaction is tried to be begun.
const BEGINS: u32 = 3;
/// The first pause between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    database: Arc<dyn Database>,
    left_out: LeftOut,
}

/// A transaction: everything in it happens, or nothing. Dropping it means nothing.
#[derive(Debug)]
pub struct Transaction {
    inner: Box<dyn Connection>,
    memo: Memo,
    left_out: LeftOut,
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
    Database(DatabaseError),
}

impl Store {
    /// Opens the database in a folder and makes what is missing.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or the file is not a database of this or an earlier version.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let refused = |error: std::io::Error| DatabaseError::Storage(error.to_string());
        std::fs::create_dir_all(folder).map_err(refused)?;
        Self::on(Arc::new(SqliteDatabase::open(&folder.join(FILE))?)).await
    }

    /// Connects to the database of an address, such as `postgres://user@host/name`, and makes what is missing.
    ///
    /// # Errors
    ///
    /// If nobody answers there, or the tables are those of a later version.
    #[cfg(feature = "postgres")]
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::on(Arc::new(crate::database::PostgresDatabase::connect(url).await?)).await
    }

    /// The store on any database; makes what is missing.
    ///
    /// # Errors
    ///
    /// If the tables are those of a later version.
    pub async fn on(database: Arc<dyn Database>) -> Result<Self, StoreError> {
        schema::migrate(database.as_ref()).await?;
        Ok(Self { database, left_out: LeftOut::default() })
    }

    /// Begins a transaction that writes what belongs to a tenant, and holds the tenant's other writers off until its end.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if the lock did not become free in time.
    pub async fn write(&self, tenant: &str) -> Result<Transaction, StoreError> {
        let mut pause = PAUSE;
        for _ in 1..BEGINS {
            match self.begin_write(tenant).await {
                // Nothing has been done yet that could be done twice.
                Err(error) if error.may_run_again() => self.pause(pause).await,
                transaction => return Ok(transaction?),
            }
            pause = pause.saturating_mul(2);
        }
        Ok(self.begin_write(tenant).await?)
    }

    async fn begin_write(&self, tenant: &str) -> Result<Transaction, DatabaseError> {
        let mut transaction = self.transaction(self.database.begin_write(tenant).await?);
        transaction.lock(tenant).await?;
        Ok(transaction)
    }

    /// Begins a transaction that only reads: all it sees is of one moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if all connections are in use for too long.
    pub async fn read(&self) -> Result<Transaction, StoreError> {
        match self.database.begin_read().await {
            Err(error) if error.may_run_again() => self.pause(PAUSE).await,
            inner => return Ok(self.transaction(inner?)),
        }
        Ok(self.transaction(self.database.begin_read().await?))
    }

    /// Reads with one statement, which needs no transaction around it. What more it reads may be of another moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if all connections are in use for too long.
    pub async fn look(&self) -> Result<Transaction, StoreError> {
        match self.database.begin_look().await {
            Err(error) if error.may_run_again() => self.pause(PAUSE).await,
            inner => return Ok(self.transaction(inner?)),
        }
        Ok(self.transaction(self.database.begin_look().await?))
    }

    fn transaction(&self, inner: Box<dyn Connection>) -> Transaction {
        Transaction { inner, memo: Memo::default(), left_out: self.left_out.clone() }
    }

    /// Whether other processes may write to the same database.
    pub fn is_shared(&self) -> bool {
        self.database.kind() == Kind::Postgres
    }

    /// Waits before something is tried again.
    pub(crate) async fn pause(&self, time: Duration) {
        self.database.pause(time).await;
    }

    /// Closes all connections, when what they do has ended.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

impl Transaction {
    /// Makes everything in it happen.
    ///
    /// # Errors
    ///
    /// If the database cannot; nothing has happened then, unless it is [`DatabaseError::Unknown`].
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }

    fn connection(&mut self) -> &mut dyn Connection {
        self.inner.as_mut()
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

impl StoreError {
    /// Whether the same call may succeed at another time, without anybody mending anything in this program.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy => true,
            Self::Database(error) => error.is_passing(),
            Self::Corrupt(_) | Self::NumberTaken(_) => false,
        }
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Busy => Self::Busy,
            error => Self::Database(error),
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
