//! Parts of the stock that clients sell without a network.

use orderkit::{Decimal, inventory::StockLease};
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, stock::decimal};
use crate::database::query;

/// A part of the stock that a client holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldStock {
    /// The client.
    pub client: Uuid,
    /// What it holds, and until when it may sell it.
    pub lease: StockLease,
    /// Until when nobody else may.
    pub kept_ms: i64,
}

type Row = (String, String, String, i64, i64);

const COLUMNS: &str = "client, sku, quantity, ends_ms, kept_ms";

impl Transaction {
    /// What a client holds, by SKU; of all clients if none is named.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn stock_leases(
        &mut self,
        tenant: &str,
        client: Option<Uuid>,
    ) -> Result<Vec<HeldStock>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM stock_lease WHERE tenant = $1 AND (client = $2 OR $2 IS NULL) \
             ORDER BY sku, client"
        );
        let query = query(&sql).bind(tenant).bind(client.map(|it| it.to_string()));
        let rows: Vec<Row> = query.fetch_all(self.connection()).await?;
        rows.into_iter().map(held).collect()
    }

    /// What clients no longer sell, and have had the time to tell of.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn ended_stock_leases(
        &mut self,
        tenant: &str,
        now_ms: i64,
    ) -> Result<Vec<HeldStock>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM stock_lease WHERE tenant = $1 AND kept_ms <= $2 \
             ORDER BY sku, client"
        );
        let query = query(&sql).bind(tenant).bind(now_ms);
        let rows: Vec<Row> = query.fetch_all(self.connection()).await?;
        rows.into_iter().map(held).collect()
    }

    /// Keeps what a client holds of a SKU; nothing is forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_stock_lease(
        &mut self,
        tenant: &str,
        held: &HeldStock,
    ) -> Result<(), StoreError> {
        let HeldStock { client, lease, kept_ms } = held;
        if lease.quantity <= Decimal::ZERO {
            let sql = "DELETE FROM stock_lease WHERE tenant = $1 AND client = $2 AND sku = $3";
            let query = query(sql).bind(tenant).bind(client.to_string()).bind(&lease.sku);
            query.execute(self.connection()).await?;
            return Ok(());
        }
        let sql = "INSERT INTO stock_lease (tenant, sku, client, quantity, ends_ms, kept_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, client, sku) \
                   DO UPDATE SET quantity = excluded.quantity, ends_ms = excluded.ends_ms, \
                   kept_ms = excluded.kept_ms";
        query(sql)
            .bind(tenant)
            .bind(&lease.sku)
            .bind(client.to_string())
            .bind(lease.quantity.to_string())
            .bind(lease.ends_ms)
            .bind(kept_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn held((client, sku, quantity, ends_ms, kept_ms): Row) -> Result<HeldStock, StoreError> {
    let client = Uuid::parse_str(&client).map_err(corrupt)?;
    let lease = StockLease { sku, quantity: decimal(&quantity)?, ends_ms };
    Ok(HeldStock { client, lease, kept_ms })
}
