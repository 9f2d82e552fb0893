//! Orders that wait for a moment.

use uuid::Uuid;

use super::{StoreError, Transaction, corrupt};
use crate::database::query;

impl Transaction {
    /// The orders whose moment has come, of whichever tenant, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn due_orders(
        &mut self,
        now_ms: i64,
        limit: u32,
    ) -> Result<Vec<(String, Uuid)>, StoreError> {
        let sql = "SELECT tenant, id FROM orders WHERE deadline_ms <= $1 \
                   ORDER BY deadline_ms LIMIT $2";
        let rows: Vec<(String, String)> =
            query(sql).bind(now_ms).bind(limit).fetch_all(self.connection()).await?;
        let parsed =
            |(tenant, id): (String, String)| Ok((tenant, Uuid::parse_str(&id).map_err(corrupt)?));
        rows.into_iter().map(parsed).collect()
    }

    /// The orders that are not over.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn open_orders(&mut self, tenant: &str) -> Result<Vec<Uuid>, StoreError> {
        let sql = "SELECT id FROM orders WHERE tenant = $1 AND doc IS NOT NULL AND status NOT IN \
                   ('completed', 'canceled', 'expired', 'refunded', 'discarded', 'draft') \
                   ORDER BY placed_ms, id";
        let rows: Vec<(String,)> = query(sql).bind(tenant).fetch_all(self.connection()).await?;
        rows.into_iter().map(|(id,)| Uuid::parse_str(&id).map_err(corrupt)).collect()
    }

    /// Sets the moment of an order whose log did not change.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_deadline(
        &mut self,
        tenant: &str,
        order: Uuid,
        deadline_ms: Option<i64>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE orders SET deadline_ms = $3 WHERE tenant = $1 AND id = $2";
        query(sql)
            .bind(tenant)
            .bind(order.to_string())
            .bind(deadline_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Makes the moments of all open orders of a tenant be worked out anew, since its rules changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn forget_deadlines(&mut self, tenant: &str) -> Result<(), StoreError> {
        let sql = "UPDATE orders SET deadline_ms = 0 WHERE tenant = $1 AND doc IS NOT NULL \
                   AND status NOT IN ('completed', 'canceled', 'expired', 'refunded', 'discarded')";
        query(sql).bind(tenant).execute(self.connection()).await?;
        Ok(())
    }
}
