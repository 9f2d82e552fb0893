//! What every request shares.

use std::sync::Arc;

use orderkit::Actor;
use tokio::sync::watch;

use crate::{
    catalog::Catalog,
    clock::Clock,
    error::Error,
    pokes::Pokes,
    secret,
    store::{Grant, Purpose, Store, StoreError, Transaction},
};

/// A session that the page opened itself lasts a month.
const SESSION_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// What the operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The tenant that the page works with.
    pub tenant: String,
    /// Whether anybody may sign in in any role. For trying things out on one's own machine.
    pub open_sign_in: bool,
}

/// What every request shares: the store, the rules, the clock and who listens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) catalog: Catalog,
    pub(crate) pokes: Pokes,
    pub(crate) settings: Arc<Settings>,
    pub(crate) closing: watch::Receiver<bool>,
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
            clock,
        }
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Makes the tenant if there is none, and gives it these rules if it has none.
    ///
    /// # Errors
    ///
    /// 422 if the document is not one of usable rules.
    pub async fn open_tenant(&self, tenant: &str, document: &[u8]) -> Result<(), Error> {
        let rules = self.checked(document, None)?;
        let mut transaction = self.store.write().await?;
        make_tenant(&mut transaction, tenant).await?;
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
        let token = secret::new_token();
        let now_ms = self.now_ms();
        let expires_ms = now_ms.saturating_add(lasts_ms);
        let grant = Grant { tenant: tenant.to_owned(), actor, purpose, expires_ms };
        let mut transaction = self.store.write().await?;
        make_tenant(&mut transaction, tenant).await?;
        transaction.add_token(&secret::token_hash(&token), &grant, now_ms).await?;
        transaction.commit().await?;
        Ok((token, grant))
    }

    /// Gives out a token for a month.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn sign_in(&self, tenant: &str, actor: Actor) -> Result<(String, Grant), StoreError> {
        self.grant(tenant, actor, Purpose::All, SESSION_MS).await
    }
}

async fn make_tenant(transaction: &mut Transaction, tenant: &str) -> Result<(), StoreError> {
    let epoch = secret::hexadecimal(&secret::random::<4>());
    transaction.make_tenant(tenant, &epoch).await
}
