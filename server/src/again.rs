//! Running a transaction once more when the database was in the way.
//!
//! Beginning one, with its lock, is tried again for everybody by [`Store::write`](crate::store::Store::write): that is where
//! transactions meet. This is for what comes after, where a handler of several transactions must not begin anew.
//!
//! PostgreSQL ends one of two transactions that wait for each other, its relatives end more than that, and any server in
//! a network is lost now and then. Whoever is asked twice must not do twice: a transaction that was surely undone may be
//! run again by anybody; one whose end is not known only where it begins by looking for what it did.

use std::time::Duration;

use crate::{app::App, database::DatabaseError, error::Error, store::StoreError};

/// How often a transaction is run at most.
const RUNS: u32 = 5;
/// The longest pause before the second run; each further one doubles it.
const PAUSE: Duration = Duration::from_millis(20);

/// The runs of one transaction.
pub(crate) struct Again<'a> {
    app: &'a App,
    is_keyed: bool,
    runs: u32,
}

impl<'a> Again<'a> {
    /// Of a transaction that finds by the name of what is asked whether it was done before.
    pub(crate) fn keyed(app: &'a App) -> Self {
        Self { app, is_keyed: true, runs: 1 }
    }

    /// Whether to run it again after this error; waits a moment if so.
    pub(crate) async fn after(&mut self, error: &Error) -> bool {
        let Error::Store(StoreError::Database(error)) = error else { return false };
        let is_unknown = matches!(error, DatabaseError::Unknown(_));
        if self.runs >= RUNS || !(error.may_run_again() || (is_unknown && self.is_keyed)) {
            return false;
        }
        tracing::info!(%error, runs = self.runs, "running the transaction again");
        let longest = PAUSE.saturating_mul(1 << (self.runs - 1));
        // Between half of it and all: two that met do not meet again.
        let [random] = self.app.random.bytes::<1>();
        let pause = longest / 2 + longest.saturating_mul(u32::from(random)) / 512;
        self.app.store.pause(pause).await;
        self.runs += 1;
        true
    }
}
