//! What became of serials: which orders have them, which were given up, which clients hold blocks.

use orderkit::numbering::{SeriesPlace, Span, VoidReason, VoidRecord};
use serde::Serialize;
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted, stored};
use crate::database::query;

/// A block of serials that a client holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The serials.
    pub span: Span,
    /// The client.
    pub client: Uuid,
}

/// A block that a device holds, for people to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldBlock {
    /// The client that holds it.
    pub client: String,
    /// The user of that client.
    pub user: String,
    /// The serials.
    pub span: Span,
    /// Since when.
    pub at_ms: i64,
}

impl Transaction {
    /// Notes that an order has a serial; says whether it is now the order's.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn use_serial(
        &mut self,
        tenant: &str,
        place: &SeriesPlace,
        order: Uuid,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO serial_use (tenant, series, serial, order_id) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, series, serial) DO NOTHING";
        let done = query(sql)
            .bind(tenant)
            .bind(&place.series)
            .bind(stored(place.serial))
            .bind(order.to_string())
            .execute(self.connection())
            .await?;
        if done == 1 {
            return Ok(true);
        }
        let sql = "SELECT COUNT(*) FROM serial_use \
                   WHERE tenant = $1 AND series = $2 AND serial = $3 AND order_id = $4";
        let (count,): (i64,) = query(sql)
            .bind(tenant)
            .bind(&place.series)
            .bind(stored(place.serial))
            .bind(order.to_string())
            .fetch_one(self.connection())
            .await?;
        Ok(count > 0)
    }

    /// Whether any serial of these is that of an order.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn is_used(
        &mut self,
        tenant: &str,
        series: &str,
        span: Span,
    ) -> Result<bool, StoreError> {
        Ok(self.last_used(tenant, series, span).await?.is_some())
    }

    /// The highest serial of these that is that of an order.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn last_used(
        &mut self,
        tenant: &str,
        series: &str,
        span: Span,
    ) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT MAX(serial) FROM serial_use \
                   WHERE tenant = $1 AND series = $2 AND serial >= $3 AND serial < $4";
        let (last,): (Option<i64>,) = query(sql)
            .bind(tenant)
            .bind(series)
            .bind(stored(span.from))
            .bind(stored(span.to))
            .fetch_one(self.connection())
            .await?;
        Ok(last.map(counted))
    }

    /// The names of series whose name begins so, the last ones first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn series_names(
        &mut self,
        tenant: &str,
        prefix: &str,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT series FROM (SELECT series FROM serial_use WHERE tenant = $1 \
                   UNION SELECT series FROM serial_void WHERE tenant = $1) AS known \
                   WHERE series >= $2 AND series < $3 ORDER BY series DESC LIMIT $4";
        let rows: Vec<(String,)> = query(sql)
            .bind(tenant)
            .bind(prefix)
            .bind(format!("{prefix}\u{10FFFF}"))
            .bind(i64::from(limit))
            .fetch_all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|(series,)| series).collect())
    }

    /// The serials of orders in a series, as rising spans.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn used_spans(
        &mut self,
        tenant: &str,
        series: &str,
    ) -> Result<Vec<Span>, StoreError> {
        // Serials that follow each other have the same distance from their place in the row.
        let sql = "SELECT MIN(serial), MAX(serial) FROM (SELECT serial, \
                   serial - ROW_NUMBER() OVER (ORDER BY serial) AS island \
                   FROM serial_use WHERE tenant = $1 AND series = $2) AS numbered \
                   GROUP BY island ORDER BY 1";
        let rows: Vec<(i64, i64)> =
            query(sql).bind(tenant).bind(series).fetch_all(self.connection()).await?;
        let span = |(first, last)| Span { from: counted(first), to: counted(last) + 1 };
        Ok(rows.into_iter().map(span).collect())
    }

    /// Records serials as given up. Nothing happens if they are already.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_void(&mut self, tenant: &str, record: &VoidRecord) -> Result<(), StoreError> {
        let sql = "INSERT INTO serial_void (tenant, series, first, beyond, reason, usr, at_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) \
                   ON CONFLICT (tenant, series, first) DO NOTHING";
        query(sql)
            .bind(tenant)
            .bind(&record.series)
            .bind(stored(record.span.from))
            .bind(stored(record.span.to))
            .bind(record.reason.as_str())
            .bind(&record.by)
            .bind(record.at_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The void records of a series that have serials within a span, by their first serial.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn voids(
        &mut self,
        tenant: &str,
        series: &str,
        within: Span,
    ) -> Result<Vec<VoidRecord>, StoreError> {
        let sql = "SELECT first, beyond, reason, usr, at_ms FROM serial_void WHERE tenant = $1 \
                   AND series = $2 AND first < $3 AND beyond > $4 ORDER BY first";
        let rows: Vec<(i64, i64, String, String, i64)> = query(sql)
            .bind(tenant)
            .bind(series)
            .bind(stored(within.to))
            .bind(stored(within.from))
            .fetch_all(self.connection())
            .await?;
        let record = |(first, beyond, reason, by, at_ms): (i64, i64, String, String, i64)| {
            let reason = VoidReason::from_word(&reason)
                .ok_or_else(|| corrupt(format!("a serial is void for the reason {reason}")))?;
            let span = Span { from: counted(first), to: counted(beyond) };
            Ok(VoidRecord { series: series.to_owned(), span, reason, by, at_ms })
        };
        rows.into_iter().map(record).collect()
    }

    /// Leases a block to a client.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_lease(
        &mut self,
        tenant: &str,
        lease: Lease,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO serial_lease (tenant, first, beyond, client, at_ms) \
                   VALUES ($1, $2, $3, $4, $5)";
        query(sql)
            .bind(tenant)
            .bind(stored(lease.span.from))
            .bind(stored(lease.span.to))
            .bind(lease.client.to_string())
            .bind(at_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The blocks that are held: those of one client, or of all.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn leases(
        &mut self,
        tenant: &str,
        client: Option<Uuid>,
    ) -> Result<Vec<Span>, StoreError> {
        let sql = "SELECT first, beyond FROM serial_lease WHERE tenant = $1 \
                   AND ended_ms IS NULL AND (client = $2 OR $2 IS NULL) ORDER BY first";
        let rows: Vec<(i64, i64)> = query(sql)
            .bind(tenant)
            .bind(client.map(|client| client.to_string()))
            .fetch_all(self.connection())
            .await?;
        let span = |(first, beyond)| Span { from: counted(first), to: counted(beyond) };
        Ok(rows.into_iter().map(span).collect())
    }

    /// The blocks that are held, each with its holder, the latest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn held_blocks(&mut self, tenant: &str) -> Result<Vec<HeldBlock>, StoreError> {
        let sql = "SELECT serial_lease.client, COALESCE(client.usr, ''), first, beyond, at_ms \
                   FROM serial_lease LEFT JOIN client ON client.tenant = serial_lease.tenant \
                   AND client.client = serial_lease.client \
                   WHERE serial_lease.tenant = $1 AND ended_ms IS NULL ORDER BY first DESC";
        let rows: Vec<(String, String, i64, i64, i64)> =
            query(sql).bind(tenant).fetch_all(self.connection()).await?;
        let block = |(client, user, first, beyond, at_ms)| HeldBlock {
            client,
            user,
            span: Span { from: counted(first), to: counted(beyond) },
            at_ms,
        };
        Ok(rows.into_iter().map(block).collect())
    }

    /// The client that a serial of a block was leased to, whether it still holds it or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn lease_holder(
        &mut self,
        tenant: &str,
        serial: u64,
    ) -> Result<Option<Uuid>, StoreError> {
        let sql = "SELECT client FROM serial_lease \
                   WHERE tenant = $1 AND first <= $2 AND beyond > $2 ORDER BY first DESC LIMIT 1";
        let row: Option<(String,)> =
            query(sql).bind(tenant).bind(stored(serial)).fetch_optional(self.connection()).await?;
        row.map(|(client,)| Uuid::parse_str(&client).map_err(corrupt)).transpose()
    }

    /// Ends a lease: it is used up, or was given back.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn end_lease(
        &mut self,
        tenant: &str,
        first: u64,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE serial_lease SET ended_ms = $3 WHERE tenant = $1 AND first = $2";
        query(sql).bind(tenant).bind(stored(first)).bind(at_ms).execute(self.connection()).await?;
        Ok(())
    }
}
