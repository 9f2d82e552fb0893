//! Whose file it is: another program's database is never taken over.

use std::path::Path;

use rusqlite::Connection as File;

use crate::database::DatabaseError;

/// What SQLite files of this program have in their header: `orkt`.
const OWN: i64 = 0x6f72_6b74;
/// A table that every version of this program has made.
const OWN_TABLE: &str = "schema_step";
/// Names of foreign tables that are told.
const TOLD: usize = 3;

/// Marks a file as this program's, if it is new or of an earlier version, which marked none.
///
/// # Errors
///
/// [`DatabaseError::Foreign`] if it is another program's; nothing of it is changed.
pub(super) fn claim(file: &File, path: &Path) -> Result<(), DatabaseError> {
    if is_marked(file, path)? {
        return Ok(());
    }
    // A number, which a statement of this kind takes no parameter for.
    Ok(file.execute_batch(&format!("PRAGMA application_id = {OWN}"))?)
}

/// Whether the file has the mark; one without it may be taken.
///
/// # Errors
///
/// [`DatabaseError::Foreign`] if it is another program's.
pub(super) fn is_marked(file: &File, path: &Path) -> Result<bool, DatabaseError> {
    let mark: i64 = file.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if mark == OWN {
        return Ok(true);
    }
    let foreign = |what: String| Err(DatabaseError::Foreign(format!("{}: {what}", path.display())));
    if mark != 0 {
        return foreign(format!("it has the application id {mark:#x}"));
    }
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let mut statement = file.prepare(sql)?;
    let names = statement.query_map([], |row| row.get(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    if names.is_empty() || names.iter().any(|name| name == OWN_TABLE) {
        return Ok(false);
    }
    let more = if names.len() > TOLD { ", …" } else { "" };
    let told: Vec<&str> = names.iter().take(TOLD).map(String::as_str).collect();
    foreign(format!("it has the tables {}{more}", told.join(", ")))
}
