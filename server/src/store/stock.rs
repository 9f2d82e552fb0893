//! What is in stock, for whom, and how it came to be so.

use orderkit::{
    Decimal,
    inventory::{StockClaim, StockState},
};
use serde::Serialize;
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted, stored};
use crate::database::query;

/// Names in one question: databases bound the number of parameters.
const NAMES: usize = 500;

/// A SKU that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredStock {
    /// The SKU.
    pub sku: String,
    /// How much of it there is, and for whom.
    pub state: StockState,
    /// How often it has changed; a change of an older state is refused.
    pub rev: u64,
}

/// What an order holds of a SKU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredClaim {
    /// The order.
    pub order: Uuid,
    /// The SKU.
    pub sku: String,
    /// How many.
    pub claim: StockClaim,
    /// When the order was placed: who waits longest is served first.
    pub placed_ms: i64,
    /// When it ends unless the order is paid.
    pub until_ms: Option<i64>,
}

/// A change of what is on hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StockEntry {
    /// The revision of the stock that it made.
    pub rev: u64,
    /// On hand before.
    pub before: Decimal,
    /// On hand after.
    pub quantity: Decimal,
    /// Why: `counted`, `adjusted`, `shipped`, `returned` or the words of who did it.
    pub reason: String,
    /// The order that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Uuid>,
    /// Who.
    pub user: String,
    /// When.
    pub at_ms: i64,
}

/// Who changes what is on hand, and why.
#[derive(Clone, Copy, Debug)]
pub struct StockCount<'a> {
    /// Why.
    pub reason: &'a str,
    /// The order that caused it.
    pub order: Option<Uuid>,
    /// Who.
    pub user: &'a str,
    /// When.
    pub at_ms: i64,
}

type StockRow = (String, String, String, String, String, String, i64);
type ClaimRow = (String, String, String, String, String, String, i64, Option<i64>);
type EntryRow = (i64, String, String, String, Option<String>, String, i64);

const COLUMNS: &str = "sku, quantity, reserved, allocated, leased, backordered, rev";
const CLAIM: &str = "order_id, sku, reserved, backordered, allocated, gone, placed_ms, until_ms";

impl Transaction {
    /// What is in stock of these SKUs, of those that are counted, by SKU.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn stock(
        &mut self,
        tenant: &str,
        skus: &[&str],
    ) -> Result<Vec<StoredStock>, StoreError> {
        let mut all = Vec::new();
        if skus.is_empty() || !self.counts_stock(tenant).await? {
            return Ok(all);
        }
        for some in skus.chunks(NAMES) {
            let mut sql = query("SELECT ");
            sql.push(COLUMNS).push(" FROM stock WHERE tenant = ");
            sql.push_bind(tenant).push(" AND sku IN (");
            sql.push_list(some.iter().copied()).push(") ORDER BY sku");
            let rows: Vec<StockRow> = sql.fetch_all(self.connection()).await?;
            for row in rows {
                all.push(stock(row)?);
            }
        }
        Ok(all)
    }

    /// Whether any SKU is counted: most shops count none, and are asked once in a transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn counts_stock(&mut self, tenant: &str) -> Result<bool, StoreError> {
        if let Some(counts) = self.memo.stock.get(tenant) {
            return Ok(*counts);
        }
        let query = query("SELECT sku FROM stock WHERE tenant = $1 LIMIT 1").bind(tenant);
        let row: Option<(String,)> = query.fetch_optional(self.connection()).await?;
        self.memo.stock.insert(tenant.to_owned(), row.is_some());
        Ok(row.is_some())
    }

    /// Counted SKUs that come after another one by name and hold a text.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn stock_after(
        &mut self,
        tenant: &str,
        after: &str,
        text: &str,
        limit: u32,
    ) -> Result<Vec<StoredStock>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM stock WHERE tenant = $1 AND sku > $2 \
             AND ($3 = '' OR REPLACE(UPPER(sku), $3, '') <> UPPER(sku)) ORDER BY sku LIMIT $4"
        );
        let text = text.to_ascii_uppercase();
        let query = query(&sql).bind(tenant).bind(after).bind(text).bind(limit);
        let rows: Vec<StockRow> = query.fetch_all(self.connection()).await?;
        rows.into_iter().map(stock).collect()
    }

    /// The SKUs of which at most so many whole units are nobody's, those with the fewest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn scarce_stock(
        &mut self,
        tenant: &str,
        up_to: Decimal,
        limit: usize,
    ) -> Result<Vec<StoredStock>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM stock WHERE tenant = $1 AND free_units <= $2 \
             ORDER BY free_units, sku LIMIT $3"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let query = query(&sql).bind(tenant).bind(whole(up_to)).bind(limit);
        let rows: Vec<StockRow> = query.fetch_all(self.connection()).await?;
        rows.into_iter().map(stock).collect()
    }

    /// Keeps a state, if nobody else changed it since it was read; and what was on hand before, if that changed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] if somebody else changed it.
    pub async fn set_stock(
        &mut self,
        tenant: &str,
        known: &StoredStock,
        state: &StockState,
        count: StockCount<'_>,
    ) -> Result<StoredStock, StoreError> {
        if known.state == *state && known.rev > 0 {
            return Ok(known.clone());
        }
        let sql = "INSERT INTO stock (tenant, sku, quantity, reserved, allocated, leased, \
                   backordered, rev, free_units) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                   ON CONFLICT (tenant, sku) DO UPDATE SET quantity = excluded.quantity, \
                   reserved = excluded.reserved, allocated = excluded.allocated, \
                   leased = excluded.leased, backordered = excluded.backordered, \
                   rev = excluded.rev, free_units = excluded.free_units WHERE stock.rev = excluded.rev - 1";
        let rev = known.rev.saturating_add(1);
        self.memo.stock.insert(tenant.to_owned(), true);
        let done = query(sql)
            .bind(tenant)
            .bind(&known.sku)
            .bind(state.on_hand.to_string())
            .bind(state.reserved.to_string())
            .bind(state.allocated.to_string())
            .bind(state.leased.to_string())
            .bind(state.backordered.to_string())
            .bind(stored(rev))
            .bind(free_units(state))
            .execute(self.connection())
            .await?;
        if done == 0 {
            return Err(StoreError::Busy);
        }
        if known.state.on_hand != state.on_hand {
            self.add_stock_entry(tenant, known, state.on_hand, rev, count).await?;
        }
        Ok(StoredStock { sku: known.sku.clone(), state: *state, rev })
    }

    async fn add_stock_entry(
        &mut self,
        tenant: &str,
        known: &StoredStock,
        quantity: Decimal,
        rev: u64,
        count: StockCount<'_>,
    ) -> Result<(), StoreError> {
        // A SKU that was not counted for a while begins its revisions again.
        let sql = "INSERT INTO stock_entry (tenant, sku, rev, before, quantity, reason, order_id, \
                   usr, at_ms) VALUES ($1, $2, $3 + (SELECT COALESCE(MAX(rev), 0) FROM stock_entry \
                   WHERE tenant = $1 AND sku = $2 AND rev >= $3), $4, $5, $6, $7, $8, $9)";
        query(sql)
            .bind(tenant)
            .bind(&known.sku)
            .bind(stored(rev))
            .bind(known.state.on_hand.to_string())
            .bind(quantity.to_string())
            .bind(count.reason)
            .bind(count.order.map(|order| order.to_string()))
            .bind(count.user)
            .bind(count.at_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The latest changes of what is on hand of a SKU, the last one first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn stock_entries(
        &mut self,
        tenant: &str,
        sku: &str,
        limit: u32,
    ) -> Result<Vec<StockEntry>, StoreError> {
        let sql = "SELECT rev, before, quantity, reason, order_id, usr, at_ms FROM stock_entry \
                   WHERE tenant = $1 AND sku = $2 ORDER BY rev DESC LIMIT $3";
        let query = query(sql).bind(tenant).bind(sku).bind(limit);
        let rows: Vec<EntryRow> = query.fetch_all(self.connection()).await?;
        let entry = |(rev, before, quantity, reason, order, user, at_ms): EntryRow| {
            let order = order.map(|order| Uuid::parse_str(&order).map_err(corrupt)).transpose()?;
            let (before, quantity) = (decimal(&before)?, decimal(&quantity)?);
            Ok(StockEntry { rev: counted(rev), before, quantity, reason, order, user, at_ms })
        };
        rows.into_iter().map(entry).collect()
    }

    /// No longer counts a SKU, and says whether it was counted. Claims and leases go with it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn delete_stock(&mut self, tenant: &str, sku: &str) -> Result<bool, StoreError> {
        self.memo.stock.remove(tenant);
        let mut counted = false;
        for table in ["stock_claim", "stock_lease", "stock"] {
            let sql = format!("DELETE FROM {table} WHERE tenant = $1 AND sku = $2");
            let query = query(&sql).bind(tenant).bind(sku);
            counted = query.execute(self.connection()).await? > 0;
        }
        Ok(counted)
    }

    /// What an order holds and has taken, by SKU.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn claims_of(
        &mut self,
        tenant: &str,
        order: Uuid,
    ) -> Result<Vec<StoredClaim>, StoreError> {
        let sql = format!(
            "SELECT {CLAIM} FROM stock_claim WHERE tenant = $1 AND order_id = $2 ORDER BY sku"
        );
        let query = query(&sql).bind(tenant).bind(order.to_string());
        let rows: Vec<ClaimRow> = query.fetch_all(self.connection()).await?;
        rows.into_iter().map(claim).collect()
    }

    /// What open orders hold or wait for of a SKU, those that wait longest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn open_claims(
        &mut self,
        tenant: &str,
        sku: &str,
    ) -> Result<Vec<StoredClaim>, StoreError> {
        let sql = format!(
            "SELECT {CLAIM} FROM stock_claim WHERE tenant = $1 AND sku = $2 AND is_open = 1 \
             ORDER BY placed_ms, order_id"
        );
        let query = query(&sql).bind(tenant).bind(sku);
        let rows: Vec<ClaimRow> = query.fetch_all(self.connection()).await?;
        rows.into_iter().map(claim).collect()
    }

    /// Keeps what an order holds of a SKU. One that holds nothing and took nothing is forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_claim(&mut self, tenant: &str, claim: &StoredClaim) -> Result<(), StoreError> {
        let of = &claim.claim;
        if of.is_nothing() {
            let sql = "DELETE FROM stock_claim WHERE tenant = $1 AND order_id = $2 AND sku = $3";
            let query = query(sql).bind(tenant).bind(claim.order.to_string());
            query.bind(&claim.sku).execute(self.connection()).await?;
            return Ok(());
        }
        let sql = "INSERT INTO stock_claim (tenant, order_id, sku, reserved, backordered, allocated, \
                   gone, placed_ms, until_ms, is_open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   ON CONFLICT (tenant, order_id, sku) DO UPDATE SET reserved = excluded.reserved, \
                   backordered = excluded.backordered, allocated = excluded.allocated, \
                   gone = excluded.gone, until_ms = excluded.until_ms, is_open = excluded.is_open";
        let is_open = !of.reserved.is_zero() || !of.backordered.is_zero();
        query(sql)
            .bind(tenant)
            .bind(claim.order.to_string())
            .bind(&claim.sku)
            .bind(of.reserved.to_string())
            .bind(of.backordered.to_string())
            .bind(of.allocated.to_string())
            .bind(of.gone.to_string())
            .bind(claim.placed_ms)
            .bind(claim.until_ms)
            .bind(i64::from(is_open))
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn stock(
    (sku, on_hand, reserved, allocated, leased, backordered, rev): StockRow,
) -> Result<StoredStock, StoreError> {
    let state = StockState {
        on_hand: decimal(&on_hand)?,
        reserved: decimal(&reserved)?,
        allocated: decimal(&allocated)?,
        leased: decimal(&leased)?,
        backordered: decimal(&backordered)?,
    };
    Ok(StoredStock { sku, state, rev: counted(rev) })
}

fn claim(row: ClaimRow) -> Result<StoredClaim, StoreError> {
    let (order, sku, reserved, backordered, allocated, gone, placed_ms, until_ms) = row;
    let claim = StockClaim {
        reserved: decimal(&reserved)?,
        backordered: decimal(&backordered)?,
        allocated: decimal(&allocated)?,
        gone: decimal(&gone)?,
    };
    let order = Uuid::parse_str(&order).map_err(corrupt)?;
    Ok(StoredClaim { order, sku, claim, placed_ms, until_ms })
}

fn free_units(state: &StockState) -> i64 {
    state.free().map_or(0, whole)
}

fn whole(quantity: Decimal) -> i64 {
    i64::try_from(quantity.mantissa() / quantity.denominator()).unwrap_or(i64::MAX)
}

pub(super) fn decimal(text: &str) -> Result<Decimal, StoreError> {
    text.parse().map_err(|_| corrupt("a stock level"))
}
