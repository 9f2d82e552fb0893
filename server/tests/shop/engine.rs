//! Which database a test program runs on: a file, or in the program `postgres` a PostgreSQL of its own.

use std::{path::Path, sync::Arc};

use orderkit_server::database::{Database, SqliteDatabase};

/// A database for one shop.
pub async fn database(folder: &Path) -> Arc<dyn Database> {
    #[cfg(feature = "postgres")]
    if is_postgres() {
        let url = super::cluster::new_database().await;
        let database = orderkit_server::database::PostgresDatabase::connect(&url).await;
        return Arc::new(database.unwrap());
    }
    Arc::new(SqliteDatabase::open(&folder.join("orderkit.db")).unwrap())
}

/// Whether these tests run on PostgreSQL.
pub fn is_postgres() -> bool {
    module_path!().starts_with("postgres")
}
