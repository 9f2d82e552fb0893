//! The server: the very code that runs behind HTTP, on a database in memory that can fail, die and be set back.

use std::{
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use fastrand::Rng;
use orderkit::{
    Actor,
    client::Response,
    replica::protocol::{Change, SyncResponse, Verdict},
};
use orderkit_server::{
    App, Clock, Randomness, Settings,
    database::DatabaseError,
    simulation::{MemoryDatabase, after_restore, ready, sync},
    store::{Store, StoreError, Transaction},
};
use uuid::Uuid;

pub mod shop;

pub use shop::TENANTS;

/// How the server dies during a request, or what fails in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It dies before it has done anything.
    DiesBefore,
    /// It dies after the transaction, before anybody is told.
    DiesAfter,
    /// The statement of this number fails, `COMMIT` among them.
    Statement(u32),
}

/// An answer on its way.
#[derive(Clone, Debug)]
pub struct Answer {
    pub response: Response,
    pub body: Vec<u8>,
    /// What the body says, where the server itself answered.
    pub typed: Option<Rc<SyncResponse>>,
}

/// A server that is set up once and used for many runs.
#[derive(Debug)]
pub struct Server {
    app: App,
    database: Arc<MemoryDatabase>,
    clock: Arc<AtomicI64>,
    random: Arc<Mutex<Rng>>,
    backup: Option<Vec<u8>>,
}

impl Server {
    /// A server with two shops.
    pub fn new() -> Self {
        let database = MemoryDatabase::new();
        let store =
            ready(Store::on(database.clone())).expect("a database in memory takes the tables");
        let clock = Arc::new(AtomicI64::new(shop::START_MS));
        let time = Arc::clone(&clock);
        let random = Arc::new(Mutex::new(Rng::with_seed(0)));
        let source = Arc::clone(&random);
        let settings =
            Settings { tenant: TENANTS[0].to_owned(), open_sign_in: false, behind_proxy: false };
        let (_, closing) = tokio::sync::watch::channel(false);
        let clock_of_app = Clock::new(move || time.load(Ordering::Relaxed));
        let app = App::new(store, clock_of_app, settings, closing).with_randomness(
            Randomness::new(move |bytes| {
                source.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill(bytes);
            }),
        );
        let mut server = Self { app, database, clock, random, backup: None };
        server.reset(0);
        server
    }

    /// Forgets everything, for another run.
    pub fn reset(&mut self, seed: u64) {
        self.database.mend();
        self.database.clear();
        self.backup = None;
        *self.random() = Rng::with_seed(seed);
        self.set_time(shop::START_MS);
        for tenant in TENANTS {
            ready(self.app.open_tenant(tenant, shop::ruleset(0).as_bytes()))
                .expect("the rules of the simulated shop are usable");
        }
    }

    fn random(&self) -> std::sync::MutexGuard<'_, Rng> {
        self.random.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The application, to look into its store.
    pub fn app(&self) -> &App {
        &self.app
    }

    pub fn set_time(&self, now_ms: i64) {
        self.clock.store(now_ms, Ordering::Relaxed);
    }

    /// Answers a request, unless it dies over it.
    pub fn answer(
        &self,
        tenant: &str,
        actor: &Actor,
        body: &[u8],
        trouble: Option<Trouble>,
    ) -> Option<Answer> {
        if trouble == Some(Trouble::DiesBefore) {
            return None;
        }
        if let Some(Trouble::Statement(number)) = trouble {
            let mut left = number;
            self.database.fail(move |_| {
                let fails = left == 0;
                left = left.wrapping_sub(1);
                // Surely undone, undone with the connection, or surely of no effect and to be tried later.
                fails.then(|| match number % 3 {
                    0 => DatabaseError::Conflict("simulated".to_owned()),
                    1 => DatabaseError::Lost("simulated".to_owned()),
                    _ => DatabaseError::Storage("simulated".to_owned()),
                })
            });
        }
        let answered = sync(&self.app, tenant, actor, body);
        self.database.mend();
        if trouble == Some(Trouble::DiesAfter) {
            return None;
        }
        let response = Response {
            status: answered.status,
            is_json: true,
            issue: answered.issue,
            retry_after_ms: answered.retry_after_ms,
        };
        Some(Answer { response, body: answered.body, typed: answered.response.map(Rc::new) })
    }

    /// Puts other rules in force.
    pub fn change_rules(&self, tenant: &str, version: u64) {
        let document = shop::ruleset(version);
        let changed = self.app.put_rules(tenant, document.as_bytes());
        ready(changed).expect("the rules of the simulated shop are usable");
    }

    pub fn back_up(&mut self) {
        self.backup = Some(self.database.snapshot());
    }

    /// Sets the database back to the last backup, as `orderkit restore` does. Says whether there is one.
    pub fn restore(&mut self) -> bool {
        let Some(backup) = &self.backup else { return false };
        self.database.restore(backup);
        after_restore(&self.app).expect("a restored database can be read");
        true
    }

    /// The life of a shop's feed, and its last change.
    pub fn head(&self, tenant: &str) -> (String, u64) {
        self.read(|mut transaction| async move { transaction.head(tenant).await })
            .map(|head| (head.epoch, head.seq))
            .unwrap_or_default()
    }

    /// The verdict on a command, if there is one.
    pub fn verdict(&self, tenant: &str, command: Uuid) -> Option<Verdict> {
        self.read(|mut transaction| async move { transaction.first_command(tenant, command).await })
            .map(|command| command.result.verdict)
    }

    /// All orders that a user may see, or all.
    pub fn changes(&self, tenant: &str, owner: Option<&str>) -> Vec<Change> {
        self.read(|mut transaction| async move {
            transaction.changes(tenant, owner, 0, 100_000).await.map(Some)
        })
        .map(|(changes, _)| changes)
        .unwrap_or_default()
    }

    fn read<T, F: Future<Output = Result<Option<T>, StoreError>>>(
        &self,
        look: impl FnOnce(Transaction) -> F,
    ) -> Option<T> {
        ready(async { look(self.app.store().read().await?).await })
            .expect("a database in memory can be read")
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}
