//! The layer below the store: transactions of one tenant and statements in the SQL that every engine understands.
//!
//! The [`store`](crate::store) speaks one SQL: numbered parameters, integers, text and bytes, conflicts resolved by
//! `ON CONFLICT`. A [`Database`] runs it on an engine: [`SqliteDatabase`] on a file beside the server,
//! [`PostgresDatabase`] on a PostgreSQL that any number of servers share. Tests bring their own.

use std::{fmt, future::Future, pin::Pin, time::Duration};

mod error;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod row;
mod sqlite;
mod value;

pub use error::DatabaseError;
#[cfg(feature = "postgres")]
pub use postgres::PostgresDatabase;
pub use query::{FromRow, Query, query};
pub use row::{Cell, FromCell, Row};
pub(crate) use sqlite::must_be_own;
pub use sqlite::{
    SqliteDatabase, copy, execute as execute_in_sqlite, fetch as fetch_from_sqlite,
    keep_prepared as keep_sqlite_prepared,
};
pub use value::Value;

/// What a database does, when it has done it.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, DatabaseError>> + Send + 'a>>;

/// What keeps the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One file, one process that serves.
    Sqlite,
    /// Shared by any number of processes.
    Postgres,
}

/// A database that keeps orders.
pub trait Database: fmt::Debug + Send + Sync {
    /// Which SQL dialect its tables are made in, and whether other processes may write as well.
    fn kind(&self) -> Kind;

    /// Begins a transaction that only reads: all it sees is of one moment.
    fn begin_read(&self) -> Pending<'_, Box<dyn Connection>>;

    /// A connection for one statement that reads, which needs no transaction around it.
    fn begin_look(&self) -> Pending<'_, Box<dyn Connection>> {
        self.begin_read()
    }

    /// Begins a transaction that writes what belongs to one tenant.
    fn begin_write<'a>(&'a self, tenant: &'a str) -> Pending<'a, Box<dyn Connection>>;

    /// Waits before something is tried again. A database that fails only when it is told to need not wait.
    fn pause(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Closes all connections, when what they do has ended.
    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// An open transaction: everything in it happens, or nothing. Dropping it means nothing.
pub trait Connection: fmt::Debug + Send {
    /// Runs a statement, and says how many rows it wrote.
    fn execute<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, u64>;

    /// Runs a statement that answers rows.
    fn fetch<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, Vec<Row>>;

    /// Makes everything happen; it has, for good, when this is done.
    fn commit(self: Box<Self>) -> Pending<'static, ()>;
}
