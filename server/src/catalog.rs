//! The compiled rules of every tenant, so that a request does not compile them again.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use orderkit::{Refusal, Rules};

use crate::store::{StoreError, StoredRules, Transaction};

/// Compiled rulesets that are kept. One of 50,000 products takes some 20 MB.
const MAX_KEPT: usize = 32;

/// Compiled rulesets by digest: equal documents are the same rules, whichever tenant they are of.
#[derive(Clone, Default)]
pub struct Catalog(Arc<Mutex<HashMap<String, Arc<Rules>>>>);

/// Rules that were in force before.
#[derive(Clone, Debug)]
pub(crate) struct Retired {
    pub rules: Arc<Rules>,
    pub retired_ms: i64,
}

impl Catalog {
    /// The rules in force, if the tenant has any.
    ///
    /// # Errors
    ///
    /// [`StoreError::Corrupt`] if the stored rules are no longer understood.
    pub async fn current(
        &self,
        transaction: &mut Transaction,
        tenant: &str,
    ) -> Result<Option<Arc<Rules>>, StoreError> {
        // The document may have megabytes: it is read only when it is not compiled yet.
        let Some(digest) = transaction.current_digest(tenant).await? else { return Ok(None) };
        if let Some(rules) = self.kept().get(&digest) {
            return Ok(Some(Arc::clone(rules)));
        }
        match transaction.current_rules(tenant).await? {
            Some(stored) => self.compiled(&stored).map(Some),
            None => Ok(None),
        }
    }

    /// The rules of a digest, if they were in force and no longer are.
    pub(crate) async fn retired(
        &self,
        transaction: &mut Transaction,
        tenant: &str,
        digest: &str,
    ) -> Result<Option<Retired>, StoreError> {
        let Some(stored) = transaction.retired_rules(tenant, digest).await? else {
            return Ok(None);
        };
        let rules = self.compiled(&stored)?;
        Ok(stored.retired_ms.map(|retired_ms| Retired { rules, retired_ms }))
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Arc<Rules>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn compiled(&self, stored: &StoredRules) -> Result<Arc<Rules>, StoreError> {
        if let Some(rules) = self.kept().get(&stored.digest) {
            return Ok(Arc::clone(rules));
        }
        // Compiled outside of the lock: others need not wait for it.
        let rules = Rules::from_json(stored.body.as_bytes());
        let unreadable = |refusal: Refusal| {
            StoreError::Corrupt(format!("ruleset {}: {}", stored.version, refusal.code()))
        };
        let rules = Arc::new(rules.map_err(unreadable)?);
        let mut kept = self.kept();
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(stored.digest.clone(), Arc::clone(&rules));
        Ok(rules)
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Catalog")
    }
}
