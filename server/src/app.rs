//! What every request shares.

use std::{collections::BTreeMap, sync::Arc};

use orderkit::Actor;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    catalog::Catalog,
    clock::Clock,
    error::Error,
    http::{Gate, Limits},
    notice::Notices,
    payment::{LocalProvider, Provider},
    pokes::Pokes,
    secret::{self, Randomness},
    session::SessionTimes,
    store::{Grant, Purpose, Store, StoreError, Transaction},
};

/// What the operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The tenant that the page works with.
    pub tenant: String,
    /// Whether anybody may sign in in any role. For trying things out on one's own machine.
    pub open_sign_in: bool,
    /// Whether a proxy stands before the server, which names the caller's address.
    pub behind_proxy: bool,
}

/// What every request shares: the store, the rules, the clock and who listens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) catalog: Catalog,
    pub(crate) pokes: Pokes,
    pub(crate) settings: Arc<Settings>,
    pub(crate) closing: watch::Receiver<bool>,
    /// Says that tokens were taken away: who still uses one must look at it again.
    pub(crate) endings: watch::Sender<()>,
    pub(crate) notices: Option<Arc<Notices>>,
    pub(crate) providers: Arc<BTreeMap<String, Arc<dyn Provider>>>,
    pub(crate) random: Randomness,
    pub(crate) gate: Arc<Gate>,
    pub(crate) sessions: SessionTimes,
    pub(crate) is_page_retired: bool,
    clock: Clock,
}

impl App {
    /// An application on a store. When `closing` turns true, streams end.
    pub fn new(
        store: Store,
        clock: Clock,
        settings: Settings,
        closing: watch::Receiver<bool>,
    ) -> Self {
        Self {
            store,
            catalog: Catalog::default(),
            pokes: Pokes::default(),
            settings: Arc::new(settings),
            closing,
            endings: watch::Sender::new(()),
            notices: None,
            providers: Arc::default(),
            random: Randomness::system(),
            gate: Arc::new(Gate::new(Limits::default())),
            sessions: SessionTimes::default(),
            is_page_retired: false,
            clock,
        }
    }

    /// The same application, which tells customers what happens; without it nobody is told.
    #[must_use]
    pub fn with_notices(mut self, notices: Notices) -> Self {
        self.notices = Some(Arc::new(notices));
        self
    }

    /// The same application with random bytes of its own, for a run that can be repeated.
    #[must_use]
    pub fn with_randomness(mut self, random: Randomness) -> Self {
        self.random = random;
        self
    }

    /// The same application with one more payment provider, under the name that rules give it.
    #[must_use]
    pub fn with_provider(mut self, name: &str, provider: Arc<dyn Provider>) -> Self {
        let mut providers = self.providers.as_ref().clone();
        providers.insert(name.to_owned(), provider);
        self.providers = Arc::new(providers);
        self
    }

    /// The same application with the provider for trying out, named `local`, which moves no money.
    #[must_use]
    pub fn with_local_provider(self, secret: &str) -> Self {
        let provider = LocalProvider::new(self.store.clone(), self.clock.clone(), secret);
        self.with_provider("local", Arc::new(provider))
    }

    /// The same application under other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.gate = Arc::new(Gate::new(limits));
        self
    }

    /// The same application, which takes the page back from the devices that keep it for when there is no network.
    #[must_use]
    pub fn retiring_page(mut self) -> Self {
        self.is_page_retired = true;
        self
    }

    /// The same application with sign-ins that last longer or shorter.
    #[must_use]
    pub fn with_session_times(mut self, sessions: SessionTimes) -> Self {
        self.sessions = sessions;
        self
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Whether the database answers.
    pub(crate) async fn reads(&self) -> bool {
        let tenant = &self.settings.tenant;
        match self.store.read().await {
            Ok(mut transaction) => transaction.head(tenant).await.is_ok(),
            Err(_) => false,
        }
    }

    /// Makes the tenant if there is none, and gives it these rules if it has none.
    ///
    /// # Errors
    ///
    /// 422 if the document is not one of usable rules.
    pub async fn open_tenant(&self, tenant: &str, document: &[u8]) -> Result<(), Error> {
        let rules = self.checked(document, None)?;
        let mut transaction = self.store.write(tenant).await?;
        self.make_tenant(&mut transaction, tenant).await?;
        if transaction.current_digest(tenant).await?.is_none() {
            transaction.put_rules(tenant, &rules).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Gives out a token. It is not kept and cannot be shown again.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn grant(
        &self,
        tenant: &str,
        actor: Actor,
        purpose: Purpose,
        lasts_ms: i64,
    ) -> Result<(String, Grant), StoreError> {
        let expires_ms = self.now_ms().saturating_add(lasts_ms);
        let (tenant, order, family) = (tenant.to_owned(), None, None);
        self.keep_grant(Grant { tenant, actor, purpose, order, family, expires_ms }).await
    }

    /// Gives out a token for one order and its buyer, for so long.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn grant_order(
        &self,
        tenant: &str,
        actor: Actor,
        order: Uuid,
        lasts_ms: i64,
    ) -> Result<(String, Grant), StoreError> {
        let expires_ms = self.now_ms().saturating_add(lasts_ms);
        let (tenant, order, purpose) = (tenant.to_owned(), Some(order), Purpose::Order);
        self.keep_grant(Grant { tenant, actor, purpose, order, family: None, expires_ms }).await
    }

    pub(crate) async fn keep_grant(&self, grant: Grant) -> Result<(String, Grant), StoreError> {
        let token = self.random.token();
        let now_ms = self.now_ms();
        let mut transaction = self.store.write(&grant.tenant).await?;
        self.make_tenant(&mut transaction, &grant.tenant).await?;
        transaction.add_token(&secret::token_hash(&token), &grant, now_ms).await?;
        transaction.commit().await?;
        Ok((token, grant))
    }

    pub(crate) async fn make_tenant(
        &self,
        transaction: &mut Transaction,
        tenant: &str,
    ) -> Result<(), StoreError> {
        transaction.make_tenant(tenant, &self.random.epoch()).await
    }
}
