//! Opening the database that an operator named: a folder, or an address of a PostgreSQL.

use std::path::{Path, PathBuf};

#[cfg(feature = "postgres")]
use crate::{database::DatabaseError, store::StoreError};
use crate::{serve::ServeError, store::Store};

/// Where the orders are kept.
#[derive(Clone, Debug, clap::Args)]
pub struct DatabaseArgs {
    /// The folder of the database; made if missing
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// Keep the orders in PostgreSQL in place of the folder, such as postgres://user@host/name
    #[arg(long, value_name = "URL", env = "ORDERKIT_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
}

impl DatabaseArgs {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// A sentence with the remedy if it cannot be opened.
    pub async fn open(&self) -> Result<Store, ServeError> {
        match &self.database {
            Some(url) => connect(url).await,
            None => open_folder(&self.data).await,
        }
    }

    /// Whether there can be a database without making one.
    pub(crate) fn is_there(&self) -> bool {
        self.database.is_some() || self.data.is_dir()
    }
}

/// Opens the database of a folder that a person named.
async fn open_folder(folder: &Path) -> Result<Store, ServeError> {
    must_be_folder(folder)?;
    Store::open(folder).await.map_err(|error| {
        ServeError::new(format!(
            "the database in {} cannot be used: {error}; check that this is a folder of orderkit and its rights, \
             or choose another with --data",
            folder.display()
        ))
    })
}

/// Refuses a file where a folder is wanted, as it happens with the name of the database itself or of a backup.
pub(crate) fn must_be_folder(path: &Path) -> Result<(), ServeError> {
    if !path.exists() || path.is_dir() {
        return Ok(());
    }
    let inside = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Err(ServeError::new(format!(
        "--data names the folder of a database, and {} is a file; name a folder, such as the one that it is in ({}), \
         or one that is still to be made",
        path.display(),
        inside.display()
    )))
}

#[cfg(feature = "postgres")]
async fn connect(url: &str) -> Result<Store, ServeError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(ServeError::new(
            "--database wants an address that begins with postgres://; \
             for a database in a folder use --data",
        ));
    }
    if url.contains('#') {
        // What stands behind it would be left out without a word.
        return Err(ServeError::new(
            "the address of --database has a #, which ends an address; in a user or password write it as %23 \
             (and @ as %40, / as %2F, ? as %3F, : as %3A, % as %25)",
        ));
    }
    // The address may hold a password: it is not repeated.
    Store::connect(url).await.map_err(|error| {
        let remedy = match &error {
            // It is in the sentence.
            StoreError::Database(DatabaseError::Lost(_)) => "",
            _ => "; check the address, and that the user may make tables there",
        };
        ServeError::new(format!("the database of --database cannot be used: {error}{remedy}"))
    })
}

#[cfg(not(feature = "postgres"))]
async fn connect(_: &str) -> Result<Store, ServeError> {
    Err(ServeError::new(
        "this build keeps orders in a folder only; build it with the feature `postgres`",
    ))
}
