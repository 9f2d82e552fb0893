//! Taking in orders from elsewhere.

use std::collections::BTreeMap;

use orderkit::OrderLog;
use uuid::Uuid;

use super::{Store, StoreError, StoredOrder, corrupt};

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportOutcome {
    /// Orders that are new.
    pub inserted: usize,
    /// Orders that were here before; nothing was changed.
    pub already: usize,
}

impl Store {
    /// Takes in orders, all or none, each once however often it is sent.
    ///
    /// # Errors
    ///
    /// [`StoreError::NumberTaken`] if an order has the number of another one;
    /// [`StoreError::Corrupt`] if there is no such tenant or a log is not one of an order.
    pub async fn import_orders(
        &self,
        tenant: &str,
        logs: Vec<OrderLog>,
    ) -> Result<ImportOutcome, StoreError> {
        let mut outcome = ImportOutcome::default();
        let mut transaction = self.write().await?;
        let head = transaction.lock_head(tenant).await?;
        let mut seq = head.ok_or_else(|| corrupt("there is no such tenant"))?.seq;
        let mut new: BTreeMap<Uuid, StoredOrder> = BTreeMap::new();
        for log in logs {
            if new.contains_key(&log.id) || transaction.has_order(tenant, log.id).await? {
                outcome.already += 1;
                continue;
            }
            let order = log.order().map_err(|issue| corrupt(issue.code))?;
            for number in core::iter::once(&order.number).chain(&order.aliases) {
                if !transaction.claim_number(tenant, number, order.id).await? {
                    return Err(StoreError::NumberTaken(number.clone()));
                }
            }
            seq += 1;
            outcome.inserted += 1;
            new.insert(log.id, StoredOrder { log, order, seq });
        }
        let new: Vec<_> = new.values().map(|order| (order, None)).collect();
        transaction.put_orders(tenant, &new).await?;
        transaction.set_head(tenant, seq).await?;
        transaction.commit().await?;
        Ok(outcome)
    }
}
