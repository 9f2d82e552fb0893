//! Counters, order numbers and device codes.

use std::collections::hash_map::Entry;

use orderkit::numbering::look_alike_key;
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt, counted, stored};
use crate::database::query;

impl Transaction {
    /// The next value of a counter, from `first` on.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn series(
        &mut self,
        tenant: &str,
        series: &str,
        first: u64,
    ) -> Result<u64, StoreError> {
        let sql = "SELECT next FROM series WHERE tenant = $1 AND series = $2";
        let row: Option<(i64,)> =
            query(sql).bind(tenant).bind(series).fetch_optional(self.connection()).await?;
        Ok(row.map_or(first, |(next,)| counted(next)))
    }

    /// Keeps the next value of a counter.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_series(
        &mut self,
        tenant: &str,
        series: &str,
        next: u64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO series (tenant, series, next) VALUES ($1, $2, $3) \
                   ON CONFLICT (tenant, series) DO UPDATE SET next = excluded.next";
        query(sql).bind(tenant).bind(series).bind(stored(next)).execute(self.connection()).await?;
        Ok(())
    }

    /// The counters whose name begins so, with their next value.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn counters(
        &mut self,
        tenant: &str,
        prefix: &str,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT series, next FROM series \
                   WHERE tenant = $1 AND series >= $2 AND series < $3 ORDER BY series";
        let rows: Vec<(String, i64)> = query(sql)
            .bind(tenant)
            .bind(prefix)
            .bind(format!("{prefix}\u{10FFFF}"))
            .fetch_all(self.connection())
            .await?;
        Ok(rows.into_iter().map(|(series, next)| (series, counted(next))).collect())
    }

    /// The order that has, or once had, this number.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn number_owner(
        &mut self,
        tenant: &str,
        number: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        let sql = "SELECT order_id FROM order_number WHERE tenant = $1 AND number = $2";
        let row: Option<(String,)> =
            query(sql).bind(tenant).bind(number).fetch_optional(self.connection()).await?;
        row.map(|(id,)| Uuid::parse_str(&id).map_err(corrupt)).transpose()
    }

    /// Gives a number to an order, and says whether it is now the order's.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn claim_number(
        &mut self,
        tenant: &str,
        number: &str,
        order: Uuid,
    ) -> Result<bool, StoreError> {
        // The primary key is the last judge of uniqueness.
        let sql = "INSERT INTO order_number (tenant, number, order_id, look) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, number) DO NOTHING";
        let done = query(sql)
            .bind(tenant)
            .bind(number)
            .bind(order.to_string())
            .bind(look_alike_key(number))
            .execute(self.connection())
            .await?;
        Ok(done == 1 || self.number_owner(tenant, number).await? == Some(order))
    }

    /// The code of `length` characters that was given to a client.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn device(
        &mut self,
        tenant: &str,
        client: Uuid,
        length: u8,
    ) -> Result<Option<String>, StoreError> {
        let codes = match self.memo.devices.entry((tenant.to_owned(), client)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let sql = "SELECT code FROM device WHERE tenant = $1 AND client = $2";
                let query = query(sql).bind(tenant).bind(client.to_string());
                let rows: Vec<(String,)> = query.fetch_all(self.inner.as_mut()).await?;
                unknown.insert(rows.into_iter().map(|(code,)| code).collect())
            }
        };
        // A shop that changes its pattern needs longer or shorter codes; the old ones stay taken.
        Ok(codes.iter().find(|code| code.len() == usize::from(length)).cloned())
    }

    /// The client that a device code was given to.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn device_client(
        &mut self,
        tenant: &str,
        code: &str,
    ) -> Result<Option<Uuid>, StoreError> {
        let sql = "SELECT client FROM device WHERE tenant = $1 AND code = $2";
        let row: Option<(String,)> =
            query(sql).bind(tenant).bind(code).fetch_optional(self.connection()).await?;
        row.map(|(client,)| Uuid::parse_str(&client).map_err(corrupt)).transpose()
    }

    /// Gives a device code to a client.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_device(
        &mut self,
        tenant: &str,
        client: Uuid,
        code: &str,
    ) -> Result<(), StoreError> {
        self.memo.devices.remove(&(tenant.to_owned(), client));
        let sql = "INSERT INTO device (tenant, code, client) VALUES ($1, $2, $3)";
        query(sql)
            .bind(tenant)
            .bind(code)
            .bind(client.to_string())
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
