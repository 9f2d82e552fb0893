//! Taking in orders from elsewhere.

use orderkit::OrderLog;

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
        for log in logs {
            if transaction.order(tenant, log.id).await?.is_some() {
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
            let stored = StoredOrder { log, order, seq };
            transaction.put_order(tenant, &stored, None).await?;
            outcome.inserted += 1;
        }
        transaction.set_head(tenant, seq).await?;
        transaction.commit().await?;
        Ok(outcome)
    }
}
