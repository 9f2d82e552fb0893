//! PostgreSQL, shared by any number of processes.
//!
//! Whoever writes for a tenant waits in its own process first, so that the connections are not all taken by requests
//! that wait for one busy tenant. Between processes the row of the tenant's head is the lock.

use std::{
    collections::HashMap,
    fmt,
    io::ErrorKind,
    pin::Pin,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use sqlx::{
    Arguments, Column, Connection as _, PgConnection, PgPool, Postgres, Row as _, TypeInfo,
    pool::PoolConnection,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
};
use tokio::sync::OwnedMutexGuard;

use super::{Cell, Connection, Database, DatabaseError, Kind, Pending, Row, Value};

/// Connections that read, and as many that write, of one process.
const CONNECTIONS: u32 = 8;
/// How long a transaction waits for a connection or a lock before the caller is told to come back.
const WAIT: Duration = Duration::from_secs(5);
/// A statement that takes longer is given up; so is a transaction whose process says nothing more.
const LONGEST: &str = "30s";

/// Waits in this process, one queue a tenant.
type Turns = Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>;

/// A PostgreSQL database.
#[derive(Debug)]
pub struct PostgresDatabase {
    readers: PgPool,
    writers: PgPool,
    turns: Turns,
}

/// An open transaction.
struct Open {
    inner: sqlx::Transaction<'static, Postgres>,
    // Behind the transaction: whoever is next finds the row free.
    _turn: Option<OwnedMutexGuard<()>>,
}

/// A connection that reads outside of any transaction.
struct Look(PoolConnection<Postgres>);

impl PostgresDatabase {
    /// Connects to the database of an address, such as `postgres://user@host/name`.
    ///
    /// # Errors
    ///
    /// If the address is none, or nobody answers there.
    pub async fn connect(url: &str) -> Result<Self, DatabaseError> {
        let options = PgConnectOptions::from_str(url).map_err(|error| unreadable(&error))?;
        let options = options.application_name("orderkit").options([
            ("lock_timeout", "5s"),
            ("statement_timeout", LONGEST),
            ("idle_in_transaction_session_timeout", LONGEST),
        ]);
        // A pool tries for long and then says that it is busy; the first connection says what is wrong.
        let first = tokio::time::timeout(WAIT, PgConnection::connect_with(&options)).await;
        let first = first.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())));
        let first = first.map_err(|error| refused(error, &options))?;
        first.close().await?;
        let pool = || PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(WAIT);
        let writers = pool().connect_with(options.clone()).await?;
        let readers = pool().connect_lazy_with(options);
        Ok(Self { readers, writers, turns: Turns::default() })
    }

    async fn turn(&self, tenant: &str) -> Result<OwnedMutexGuard<()>, DatabaseError> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            match turns.get(tenant).and_then(Weak::upgrade) {
                Some(turn) => turn,
                None => {
                    turns.retain(|_, turn| turn.strong_count() > 0);
                    let turn = Arc::new(tokio::sync::Mutex::new(()));
                    turns.insert(tenant.to_owned(), Arc::downgrade(&turn));
                    turn
                }
            }
        };
        let waited = tokio::time::timeout(WAIT, turn.lock_owned()).await;
        waited.map_err(|_| DatabaseError::Busy)
    }
}

impl Database for PostgresDatabase {
    fn kind(&self) -> Kind {
        Kind::Postgres
    }

    fn begin_read(&self) -> Pending<'_, Box<dyn Connection>> {
        Box::pin(async {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            let inner = self.readers.begin_with(begin).await?;
            let open: Box<dyn Connection> = Box::new(Open { inner, _turn: None });
            Ok(open)
        })
    }

    fn begin_look(&self) -> Pending<'_, Box<dyn Connection>> {
        Box::pin(async {
            let look: Box<dyn Connection> = Box::new(Look(self.readers.acquire().await?));
            Ok(look)
        })
    }

    fn begin_write<'a>(&'a self, tenant: &'a str) -> Pending<'a, Box<dyn Connection>> {
        Box::pin(async move {
            let turn = self.turn(tenant).await?;
            // Each statement sees what was committed before it: also what the one before waited for.
            let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
            let inner = self.writers.begin_with(begin).await?;
            let open: Box<dyn Connection> = Box::new(Open { inner, _turn: Some(turn) });
            Ok(open)
        })
    }

    fn pause(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(time))
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            self.readers.close().await;
            self.writers.close().await;
        })
    }
}

impl Connection for Open {
    fn execute<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, u64> {
        execute(&mut self.inner, sql, values)
    }

    fn fetch<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, Vec<Row>> {
        fetch(&mut self.inner, sql, values)
    }

    fn commit(self: Box<Self>) -> Pending<'static, ()> {
        Box::pin(async move {
            let Self { inner, _turn } = *self;
            inner.commit().await.map_err(|error| match error.into() {
                DatabaseError::Lost(what) => DatabaseError::Unknown(what),
                error => error,
            })
        })
    }
}

impl Connection for Look {
    fn execute<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, u64> {
        execute(&mut self.0, sql, values)
    }

    fn fetch<'a>(&'a mut self, sql: &'a str, values: &'a [Value<'a>]) -> Pending<'a, Vec<Row>> {
        fetch(&mut self.0, sql, values)
    }

    fn commit(self: Box<Self>) -> Pending<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}

fn execute<'a>(
    connection: &'a mut PgConnection,
    sql: &'a str,
    values: &'a [Value<'a>],
) -> Pending<'a, u64> {
    Box::pin(async move {
        let query = sqlx::query_with(sql, arguments(values)?);
        Ok(query.execute(connection).await?.rows_affected())
    })
}

fn fetch<'a>(
    connection: &'a mut PgConnection,
    sql: &'a str,
    values: &'a [Value<'a>],
) -> Pending<'a, Vec<Row>> {
    Box::pin(async move {
        let query = sqlx::query_with(sql, arguments(values)?);
        let rows = query.fetch_all(connection).await?;
        rows.iter().map(row).collect()
    })
}

impl fmt::Debug for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Look")
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Open")
    }
}

fn arguments(values: &[Value<'_>]) -> Result<PgArguments, DatabaseError> {
    let mut arguments = PgArguments::default();
    for value in values {
        let added = match value {
            Value::Integer(integer) => arguments.add(integer),
            // The one character that PostgreSQL cannot keep; a name that has it is nobody's.
            Value::Text(Some(text)) if text.contains('\0') => {
                arguments.add(text.replace('\0', "\u{FFFD}"))
            }
            Value::Text(text) => arguments.add(text.as_deref()),
            Value::Bytes(bytes) => arguments.add(bytes.as_deref()),
        };
        added.map_err(|error| DatabaseError::Failed(error.to_string()))?;
    }
    Ok(arguments)
}

fn row(row: &PgRow) -> Result<Row, DatabaseError> {
    let cells = row.columns().iter().map(|column| {
        let at = column.ordinal();
        Ok(match column.type_info().name() {
            "INT8" => row.try_get::<Option<i64>, _>(at)?.map_or(Cell::Null, Cell::Integer),
            "INT4" => {
                let integer = row.try_get::<Option<i32>, _>(at)?;
                integer.map_or(Cell::Null, |integer| Cell::Integer(i64::from(integer)))
            }
            "TEXT" | "VARCHAR" | "NAME" => {
                row.try_get::<Option<String>, _>(at)?.map_or(Cell::Null, Cell::Text)
            }
            "BYTEA" => row.try_get::<Option<Vec<u8>>, _>(at)?.map_or(Cell::Null, Cell::Bytes),
            other => {
                let what = format!("column {} is of the type {other}", column.name());
                return Err(DatabaseError::Failed(what));
            }
        })
    });
    Ok(Row::new(cells.collect::<Result<_, _>>()?))
}

fn unreadable(error: &sqlx::Error) -> DatabaseError {
    DatabaseError::Failed(format!(
        "it is no address ({error}); write postgres://user:password@host:port/name, and in user and password \
         @ as %40, / as %2F, ? as %3F, : as %3A, % as %25"
    ))
}

/// Why nobody lets us in, and what may help. The password is not repeated.
fn refused(error: sqlx::Error, options: &PgConnectOptions) -> DatabaseError {
    let (host, port, user) = (options.get_host(), options.get_port(), options.get_username());
    let name = options.get_database().unwrap_or(user);
    match &error {
        sqlx::Error::Io(cause) => {
            let remedy = match cause.kind() {
                ErrorKind::ConnectionRefused => {
                    "nobody listens there: start PostgreSQL, or correct host and port of the address"
                }
                ErrorKind::TimedOut => {
                    "nobody answers there: check host and port of the address, and what stands between"
                }
                _ => "check host and port of the address, and the network",
            };
            DatabaseError::Lost(format!("{host}:{port}: {cause}; {remedy}"))
        }
        sqlx::Error::Database(cause) => {
            let remedy = match cause.code().as_deref() {
                Some("28P01" | "28000") => format!(
                    "it refuses the user {user}: correct user and password of the address; in them @ is written \
                     as %40, # as %23, / as %2F"
                ),
                Some("3D000") => format!("make the database {name} there, or name another one"),
                _ => return error.into(),
            };
            DatabaseError::Lost(format!("{host}:{port}: {cause}; {remedy}"))
        }
        _ => error.into(),
    }
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        let what = error.to_string();
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Lost(what),
            sqlx::Error::Database(inner) => {
                of_state(inner.code().as_deref().unwrap_or_default(), what)
            }
            _ => Self::Failed(what),
        }
    }
}

/// What an SQLSTATE means to the caller.
fn of_state(state: &str, what: String) -> DatabaseError {
    match state {
        // serialization_failure, deadlock_detected
        "40001" | "40P01" => DatabaseError::Conflict(what),
        // lock_not_available, query_canceled, too_many_connections
        "55P03" | "57014" | "53300" => DatabaseError::Busy,
        // insufficient_resources such as a full disk, io_error
        state if state.starts_with("53") || state == "58030" => DatabaseError::Storage(what),
        // A connection that ended, a server that stops or starts, a standby that cannot write, an idle transaction.
        state if state.starts_with("08") || state.starts_with("57P") => DatabaseError::Lost(what),
        "25006" | "25P03" => DatabaseError::Lost(what),
        _ => DatabaseError::Failed(what),
    }
}
