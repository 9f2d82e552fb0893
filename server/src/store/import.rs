//! Taking in orders from elsewhere.

use std::collections::BTreeMap;

use orderkit::{ImportKind, Order, OrderLog};
use uuid::Uuid;

use super::{Store, StoreError, StoredOrder, Used, corrupt};

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
        let mut transaction = self.write(tenant).await?;
        let head = transaction.head(tenant).await?;
        let mut seq = head.ok_or_else(|| corrupt("there is no such tenant"))?.seq;
        let mut new: BTreeMap<Uuid, StoredOrder> = BTreeMap::new();
        for mut log in logs {
            if new.contains_key(&log.id) || transaction.has_order(tenant, log.id).await? {
                outcome.already += 1;
                continue;
            }
            if log.links.is_empty() {
                log.seal();
            }
            let order = log.checked_order().map_err(|issue| corrupt(issue.code))?;
            for number in core::iter::once(&order.number).chain(&order.aliases) {
                if !transaction.claim_number(tenant, number, order.id).await? {
                    return Err(StoreError::NumberTaken(number.clone()));
                }
            }
            seq += 1;
            outcome.inserted += 1;
            if let Some(customer) = buyer_of(&order) {
                let nothing = Used::default();
                transaction
                    .redeem(tenant, order.id, Some(customer), order.placed_ms, &nothing)
                    .await?;
            }
            new.insert(log.id, StoredOrder { log, order, seq, deadline_ms: None });
        }
        let new: Vec<_> = new.values().map(|order| (order, None)).collect();
        transaction.put_orders(tenant, &new).await?;
        transaction.set_head(tenant, seq).await?;
        transaction.commit().await?;
        Ok(outcome)
    }
}

/// The customer of an imported order, whose next order is not their first.
fn buyer_of(order: &Order) -> Option<&str> {
    order.import.as_ref().filter(|import| import.kind == ImportKind::Sale)?;
    let id = order.details.customer.as_ref()?.id.as_deref()?.trim();
    (!id.is_empty()).then_some(id)
}
