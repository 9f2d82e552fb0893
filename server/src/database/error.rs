//! Why a database did not do what it was asked for, as far as it matters to the caller.

use std::fmt;

/// Why a database did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseError {
    /// A lock or a connection did not become free in time. Nothing has happened.
    Busy,
    /// Another transaction was in the way. Nothing has happened; the whole transaction may be run again at once.
    Conflict(String),
    /// The connection was lost before the transaction was to be committed. Nothing has happened.
    Lost(String),
    /// The connection was lost while the transaction was being committed: it may have happened, or not.
    Unknown(String),
    /// What keeps the data has no room, or does not take it. Nothing has happened.
    Storage(String),
    /// The file is another program's. Nothing has happened to it.
    Foreign(String),
    /// The statement is wrong, or not for these tables. Nothing has happened.
    Failed(String),
}

impl DatabaseError {
    /// Whether the same transaction may succeed at another time, without anybody mending anything in this program.
    pub fn is_passing(&self) -> bool {
        !matches!(self, Self::Failed(_) | Self::Foreign(_))
    }

    /// Whether nothing has happened for sure, and the same transaction may succeed right now.
    pub fn may_run_again(&self) -> bool {
        matches!(self, Self::Conflict(_) | Self::Lost(_))
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("the database is busy"),
            Self::Conflict(what) => write!(f, "another transaction was in the way: {what}"),
            Self::Lost(what) => write!(f, "the database cannot be reached: {what}"),
            Self::Unknown(what) => {
                write!(
                    f,
                    "the connection was lost, and whether the change was made is not known: {what}"
                )
            }
            Self::Storage(what) => write!(f, "the database cannot store: {what}"),
            Self::Foreign(what) => write!(
                f,
                "database_foreign: a database of another program is left as it is: {what}; name another \
                 folder with --data, or move that file away"
            ),
            Self::Failed(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for DatabaseError {}
