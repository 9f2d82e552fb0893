//! Statements on a connection to a file. They take microseconds, so they run where they are asked for.

use rusqlite::{
    CachedStatement, Connection, ErrorCode,
    config::DbConfig,
    types::{ToSqlOutput, ValueRef},
};

use crate::database::{Cell, DatabaseError, Row, Value};

/// Statements that stay prepared on each connection: more than the server has.
const STATEMENTS: usize = 256;

/// Makes a connection prepare each statement once.
///
/// # Errors
///
/// [`DatabaseError`]
pub fn keep_prepared(connection: &Connection) -> Result<(), DatabaseError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise a statement with a parameter that a plan might depend on, such as that of LIMIT, is prepared anew each time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Runs a statement, and says how many rows it wrote.
///
/// # Errors
///
/// [`DatabaseError`]
pub fn execute(
    connection: &Connection,
    sql: &str,
    values: &[Value<'_>],
) -> Result<u64, DatabaseError> {
    let mut statement = prepared(connection, sql, values)?;
    let count = statement.raw_execute()?;
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

/// Runs a statement that answers rows.
///
/// # Errors
///
/// [`DatabaseError`]
pub fn fetch(
    connection: &Connection,
    sql: &str,
    values: &[Value<'_>],
) -> Result<Vec<Row>, DatabaseError> {
    let mut statement = prepared(connection, sql, values)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        let cells = (0..columns).map(|column| Ok(cell(row.get_ref(column)?)));
        answer.push(Row::new(cells.collect::<Result<_, rusqlite::Error>>()?));
    }
    Ok(answer)
}

fn prepared<'c>(
    connection: &'c Connection,
    sql: &str,
    values: &[Value<'_>],
) -> Result<CachedStatement<'c>, DatabaseError> {
    let mut statement = connection.prepare_cached(sql)?;
    for index in 1..=statement.parameter_count() {
        // To SQLite `$2` is a name, and its place that of its first use.
        let number = statement.parameter_name(index).and_then(|name| name.get(1..)?.parse().ok());
        let value = number.and_then(|number: usize| values.get(number.checked_sub(1)?));
        let Some(value) = value else {
            return Err(DatabaseError::Failed(format!("parameter {index} has no value: {sql}")));
        };
        statement.raw_bind_parameter(index, bound(value))?;
    }
    Ok(statement)
}

fn bound<'a>(value: &'a Value<'_>) -> ToSqlOutput<'a> {
    ToSqlOutput::Borrowed(match value {
        Value::Integer(Some(integer)) => ValueRef::Integer(*integer),
        Value::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
        Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
        Value::Integer(None) | Value::Text(None) | Value::Bytes(None) => ValueRef::Null,
    })
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(integer) => Cell::Integer(integer),
        // No column is of this type; whoever takes it is told that it is not theirs.
        ValueRef::Real(real) => Cell::Text(real.to_string()),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::OutOfMemory,
            ) => Self::Storage(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}
