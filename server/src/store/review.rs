//! What new orders are looked at by: the tenant's signals of fraud, and the earlier orders of a buyer.

use orderkit::review::{Earlier, ReviewRules};
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted};
use crate::database::query;

/// Orders of one buyer that a signal counts at most.
const MAX_RECENT: i64 = 1_000;

impl Transaction {
    /// The tenant's signals of fraud, if it has any.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn review_rules(&mut self, tenant: &str) -> Result<Option<ReviewRules>, StoreError> {
        if let Some(rules) = self.memo.review.get(tenant) {
            return Ok(rules.clone());
        }
        let sql = "SELECT body FROM review_rules WHERE tenant = $1";
        let row: Option<(String,)> =
            query(sql).bind(tenant).fetch_optional(self.connection()).await?;
        let read = |(body,): (String,)| serde_json::from_str(&body).map_err(corrupt);
        let rules: Option<ReviewRules> = row.map(read).transpose()?;
        self.memo.review.insert(tenant.to_owned(), rules.clone());
        Ok(rules)
    }

    /// Puts other signals in force.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_review_rules(
        &mut self,
        tenant: &str,
        rules: &ReviewRules,
        user: &str,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        self.memo.review.remove(tenant);
        let sql = "INSERT INTO review_rules (tenant, body, usr, at_ms) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (tenant) DO UPDATE SET body = excluded.body, usr = excluded.usr, \
                   at_ms = excluded.at_ms";
        query(sql)
            .bind(tenant)
            .bind(serde_json::to_string(rules).map_err(corrupt)?)
            .bind(user)
            .bind(at_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The orders of a buyer that were not called off: how many, and when those since a moment were placed.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn earlier_orders(
        &mut self,
        tenant: &str,
        buyer: &str,
        since_ms: i64,
    ) -> Result<Earlier, StoreError> {
        let sql = "SELECT COUNT(*) FROM redemption WHERE tenant = $1 AND customer = $2";
        let (count,): (i64,) =
            query(sql).bind(tenant).bind(buyer).fetch_one(self.connection()).await?;
        let sql = "SELECT placed_ms FROM redemption WHERE tenant = $1 AND customer = $2 \
                   AND placed_ms > $3 ORDER BY placed_ms DESC LIMIT $4";
        let rows: Vec<(i64,)> = query(sql)
            .bind(tenant)
            .bind(buyer)
            .bind(since_ms)
            .bind(MAX_RECENT)
            .fetch_all(self.connection())
            .await?;
        let placed_ms = rows.into_iter().map(|(placed_ms,)| placed_ms).collect();
        Ok(Earlier { count: counted(count), placed_ms })
    }

    /// The orders of a buyer, or of nobody that is known, that were placed between two moments and not called off.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn orders_placed(
        &mut self,
        tenant: &str,
        buyer: Option<&str>,
        (after_ms, before_ms): (i64, i64),
    ) -> Result<Vec<Uuid>, StoreError> {
        let sql = "SELECT order_id FROM redemption WHERE tenant = $1 AND customer = $2 \
                   AND placed_ms > $3 AND placed_ms < $4 ORDER BY placed_ms DESC LIMIT $5";
        let rows: Vec<(String,)> = query(sql)
            .bind(tenant)
            .bind(buyer.unwrap_or_default())
            .bind(after_ms)
            .bind(before_ms)
            .bind(MAX_RECENT)
            .fetch_all(self.connection())
            .await?;
        rows.into_iter().map(|(id,)| Uuid::parse_str(&id).map_err(corrupt)).collect()
    }
}
