//! Gift cards and stock.

use orderkit::{Amount, Decimal, GiftCard, StockLevel};
use sqlx::{QueryBuilder, Sqlite};

use super::{StoreError, Transaction, corrupt};

/// Names in one question: databases bound the number of parameters.
const NAMES: usize = 500;

/// A gift card code as it is stored: people type it in either case.
pub fn card_code(code: &str) -> String {
    code.to_ascii_uppercase()
}

impl Transaction {
    /// The gift card of a code.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn gift_card(
        &mut self,
        tenant: &str,
        code: &str,
    ) -> Result<Option<GiftCard>, StoreError> {
        let sql = "SELECT code, balance_minor, ends_ms FROM gift_card \
                   WHERE tenant = $1 AND code = $2";
        let row: Option<(String, i64, Option<i64>)> = sqlx::query_as(sql)
            .bind(tenant)
            .bind(card_code(code))
            .fetch_optional(self.connection())
            .await?;
        row.map(|(code, balance, ends_ms)| {
            let balance_minor = Amount::new(balance).map_err(|_| corrupt("a gift card"))?;
            Ok(GiftCard { code, balance_minor, ends_ms })
        })
        .transpose()
    }

    /// Makes or replaces a gift card.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_gift_card(&mut self, tenant: &str, card: &GiftCard) -> Result<(), StoreError> {
        let sql = "INSERT INTO gift_card (tenant, code, balance_minor, ends_ms) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, code) \
                   DO UPDATE SET balance_minor = excluded.balance_minor, ends_ms = excluded.ends_ms";
        sqlx::query(sql)
            .bind(tenant)
            .bind(card_code(&card.code))
            .bind(card.balance_minor.minor())
            .bind(card.ends_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// What is in stock of these SKUs, of those that are counted.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn stock(
        &mut self,
        tenant: &str,
        skus: &[&str],
    ) -> Result<Vec<StockLevel>, StoreError> {
        let mut levels = Vec::new();
        for some in skus.chunks(NAMES) {
            let mut sql =
                QueryBuilder::<Sqlite>::new("SELECT sku, quantity FROM stock WHERE tenant = ");
            sql.push_bind(tenant).push(" AND sku IN (");
            let mut list = sql.separated(", ");
            for sku in some {
                list.push_bind(*sku);
            }
            sql.push(") ORDER BY sku");
            let rows: Vec<(String, String)> =
                sql.build_query_as().fetch_all(self.connection()).await?;
            for (sku, quantity) in rows {
                let quantity = quantity.parse().map_err(|_| corrupt("a stock level"))?;
                levels.push(StockLevel { sku, quantity });
            }
        }
        Ok(levels)
    }

    /// Says how much of a SKU there is; from then on it is counted.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_stock(&mut self, tenant: &str, level: &StockLevel) -> Result<(), StoreError> {
        let sql = "INSERT INTO stock (tenant, sku, quantity) VALUES ($1, $2, $3) \
                   ON CONFLICT (tenant, sku) DO UPDATE SET quantity = excluded.quantity";
        sqlx::query(sql)
            .bind(tenant)
            .bind(&level.sku)
            .bind(level.quantity.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// No longer counts a SKU, and says whether it was counted.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn delete_stock(&mut self, tenant: &str, sku: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM stock WHERE tenant = $1 AND sku = $2";
        let done = sqlx::query(sql).bind(tenant).bind(sku).execute(self.connection()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes goods off what is in stock (or puts them back), of those that are counted. What is sold
    /// beyond the stock makes it negative: it is owed.
    pub(super) async fn move_stock(
        &mut self,
        tenant: &str,
        parts: &[StockLevel],
        is_taken: bool,
    ) -> Result<(), StoreError> {
        for part in parts {
            let Some(level) = self.stock(tenant, &[&part.sku]).await?.pop() else { continue };
            let moved = if is_taken {
                level.quantity.checked_sub(part.quantity)
            } else {
                level.quantity.checked_add(part.quantity)
            };
            let quantity: Decimal = moved.unwrap_or(level.quantity);
            self.put_stock(tenant, &StockLevel { sku: level.sku, quantity }).await?;
        }
        Ok(())
    }
}
