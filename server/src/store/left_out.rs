//! Orders that cannot be read, and are left out of the feed: they must not count in its checksums either, or whoever fetches
//! all that there is would never agree and fetch for ever.
//!
//! Kept in memory: whoever reaches a checksum that a process does not know to be wrong has all of the feed fetched, by which
//! the process learns of the order. Each is looked at again each time, so that one that was mended counts again.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use orderkit::replica::Brief;

use super::{
    StoreError, Transaction,
    feed::{FeedRow, change},
};
use crate::database::query;

/// A row of the feed and its owner.
type OwnedRow = (String, i64, Option<String>, Option<String>, String);

/// More broken orders of a tenant are not counted one by one: no checksum is told then.
const MOST: usize = 100;

/// The orders that were left out, by tenant.
#[derive(Clone, Debug, Default)]
pub(super) struct LeftOut(Arc<Mutex<HashMap<String, BTreeSet<String>>>>);

/// What is to be taken off a checksum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Missing {
    pub orders: i64,
    pub hash: u64,
}

impl LeftOut {
    /// Notes an order that was left out.
    pub fn note(&self, tenant: &str, id: &str) {
        let mut known = self.known();
        let of_tenant = known.entry(tenant.to_owned()).or_default();
        if of_tenant.len() <= MOST {
            of_tenant.insert(id.to_owned());
        }
    }

    fn forget(&self, tenant: &str, id: &str) {
        if let Some(of_tenant) = self.known().get_mut(tenant) {
            of_tenant.remove(id);
        }
    }

    fn of(&self, tenant: &str) -> Vec<String> {
        self.known().get(tenant).into_iter().flatten().cloned().collect()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, BTreeSet<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transaction {
    /// What of the checksum of an owner (of everything if `None`) is of orders that are left out; `None` if that cannot be told.
    pub(super) async fn missing(
        &mut self,
        tenant: &str,
        owner: Option<&str>,
    ) -> Result<Option<Missing>, StoreError> {
        let ids = self.left_out.of(tenant);
        if ids.is_empty() {
            return Ok(Some(Missing::default()));
        }
        if ids.len() > MOST {
            return Ok(None);
        }
        let mut sql = query("SELECT id, seq, doc, brief, owner FROM orders WHERE tenant = ");
        sql.push_bind(tenant).push(" AND id IN (").push_list(&ids).push(")");
        let rows: Vec<OwnedRow> = sql.fetch_all(self.connection()).await?;
        let mut missing = Missing::default();
        for (id, seq, doc, brief, of) in rows {
            let row: FeedRow = (id, seq, doc, brief);
            let (id, brief) = (row.0.clone(), row.3.clone());
            if change(row.clone(), true).is_ok() {
                self.left_out.forget(tenant, &id);
                continue;
            }
            let is_seen = owner.is_none_or(|owner| owner == of);
            if !is_seen || change(row, owner.is_some()).is_ok() {
                continue;
            }
            // The part of an order is written beside it as well.
            let Some(part) = brief.as_deref().and_then(part_of) else { return Ok(None) };
            missing.orders = missing.orders.saturating_add(1);
            missing.hash ^= part;
        }
        Ok(Some(missing))
    }
}

fn part_of(brief: &str) -> Option<u64> {
    let brief: Brief = serde_json::from_str(brief).ok()?;
    u64::from_str_radix(&brief.digest, 16).ok()
}
