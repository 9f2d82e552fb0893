//! Opening the database that an operator named: a folder, or an address of a PostgreSQL.

use std::path::{Path, PathBuf};

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
    Store::open(folder).await.map_err(|error| {
        ServeError::new(format!(
            "the database in {} cannot be used: {error}; check that this is a folder of orderkit and its rights, \
             or choose another with --data",
            folder.display()
        ))
    })
}

#[cfg(feature = "postgres")]
async fn connect(url: &str) -> Result<Store, ServeError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(ServeError::new(
            "--database wants an address that begins with postgres://; \
             for a database in a folder use --data",
        ));
    }
    // The address may hold a password: it is not repeated.
    Store::connect(url).await.map_err(|error| {
        ServeError::new(format!(
            "the database of --database cannot be used: {error}; check the address, that the server runs, \
             and that the user may make tables there"
        ))
    })
}

#[cfg(not(feature = "postgres"))]
async fn connect(_: &str) -> Result<Store, ServeError> {
    Err(ServeError::new(
        "this build keeps orders in a folder only; build it with the feature `postgres`",
    ))
}
