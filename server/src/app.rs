//! What every request shares.

use std::sync::Arc;

use orderkit::{Actor, Issue, Refusal, Rules};
use tokio::sync::watch;

use crate::{
    catalog::Catalog,
    clock::Clock,
    error::Error,
    pokes::Pokes,
    secret,
    store::{Grant, Purpose, Store, StoreError, StoredRules, Transaction},
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
    /// [`StoreError`]
    pub async fn open_tenant(&self, tenant: &str, rules: &Rules) -> Result<(), Error> {
        let mut transaction = self.store.write().await?;
        make_tenant(&mut transaction, tenant).await?;
        if transaction.current_digest(tenant).await?.is_none() {
            transaction.put_rules(tenant, &to_store(rules, self.now_ms())?).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Puts rules in force, and says whether they are other ones than before.
    ///
    /// # Errors
    ///
    /// 422 `ruleset_invalid` if the version's name was used for other rules.
    pub async fn put_rules(&self, tenant: &str, rules: &Rules) -> Result<bool, Error> {
        let mut transaction = self.store.write().await?;
        transaction.lock_head(tenant).await?.ok_or(Error::TokenForbids)?;
        if transaction.current_digest(tenant).await?.as_deref() == Some(rules.digest()) {
            return Ok(false);
        }
        let version = &rules.ruleset().version;
        let earlier = transaction.rules_of_version(tenant, version).await?;
        if earlier.is_some_and(|earlier| earlier.digest != rules.digest()) {
            // Orders keep the name of the version they were priced with: it must stay true.
            let issue = Issue::new(orderkit::Code::RulesetInvalid, "/version")
                .with("reason", format!("version {version:?} names other rules already"));
            return Err(Error::Refused(Refusal::from(issue)));
        }
        transaction.put_rules(tenant, &to_store(rules, self.now_ms())?).await?;
        transaction.commit().await?;
        self.pokes.send_again(tenant);
        Ok(true)
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

fn to_store(rules: &Rules, now_ms: i64) -> Result<StoredRules, StoreError> {
    let body = serde_json::to_string(rules.ruleset());
    Ok(StoredRules {
        version: rules.ruleset().version.clone(),
        digest: rules.digest().to_owned(),
        body: body.map_err(|error| StoreError::Corrupt(error.to_string()))?,
        from_ms: now_ms,
        retired_ms: None,
    })
}
