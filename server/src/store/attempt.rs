//! Tries that are counted, so that nobody finds out by trying what only the buyer knows.

use super::{StoreError, Transaction, counted};
use crate::database::query;

impl Transaction {
    /// Counts one more try of something within a time, and says how many that are and when the time began. Tries whose
    /// time is over are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn count_attempt(
        &mut self,
        tenant: &str,
        what: &str,
        window_ms: i64,
        now_ms: i64,
    ) -> Result<(u64, i64), StoreError> {
        query("DELETE FROM attempt WHERE tenant = $1 AND from_ms <= $2")
            .bind(tenant)
            .bind(now_ms.saturating_sub(window_ms))
            .execute(self.connection())
            .await?;
        let sql = "INSERT INTO attempt (tenant, what, from_ms, count) VALUES ($1, $2, $3, 1) \
                   ON CONFLICT (tenant, what) DO UPDATE SET count = attempt.count + 1";
        query(sql).bind(tenant).bind(what).bind(now_ms).execute(self.connection()).await?;
        self.attempts(tenant, what).await
    }

    /// How often something was tried, and since when.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn attempts(&mut self, tenant: &str, what: &str) -> Result<(u64, i64), StoreError> {
        let sql = "SELECT count, from_ms FROM attempt WHERE tenant = $1 AND what = $2";
        let row: Option<(i64, i64)> =
            query(sql).bind(tenant).bind(what).fetch_optional(self.connection()).await?;
        Ok(row.map_or((0, 0), |(count, from_ms)| (counted(count), from_ms)))
    }

    /// Forgets the tries of something that succeeded.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn forget_attempts(&mut self, tenant: &str, what: &str) -> Result<(), StoreError> {
        query("DELETE FROM attempt WHERE tenant = $1 AND what = $2")
            .bind(tenant)
            .bind(what)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
