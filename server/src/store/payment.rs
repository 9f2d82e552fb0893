//! Payments that a provider is asked for, and what providers said by themselves.

use uuid::Uuid;

use super::{StoreError, Transaction, corrupt};
use crate::database::query;

/// A payment that a provider is asked for until its outcome is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequest {
    /// The order.
    pub order: Uuid,
    /// The id of the payment in the order.
    pub payment: String,
    /// Its name at the provider.
    pub key: String,
    /// The provider.
    pub provider: String,
    /// What the buyer pays with; forgotten once the outcome is known.
    pub instrument: Option<String>,
    /// How often the provider was asked.
    pub tries: u32,
    /// When it is asked next; never again if missing.
    pub next_ms: Option<i64>,
}

type Row = (String, String, String, String, Option<String>, i64, Option<i64>);

const COLUMNS: &str = "order_id, payment, key, provider, instrument, tries, next_ms";

impl Transaction {
    /// Keeps a payment to be asked for, unless it is kept already.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_payment_request(
        &mut self,
        tenant: &str,
        request: &PaymentRequest,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO payment_request (tenant, order_id, payment, key, provider, \
                   instrument, tries, next_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                   ON CONFLICT (tenant, order_id, payment) DO NOTHING";
        query(sql)
            .bind(tenant)
            .bind(request.order.to_string())
            .bind(&request.payment)
            .bind(&request.key)
            .bind(&request.provider)
            .bind(&request.instrument)
            .bind(i64::from(request.tries))
            .bind(request.next_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The payment that a provider knows by this key.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn payment_request(
        &mut self,
        tenant: &str,
        key: &str,
    ) -> Result<Option<PaymentRequest>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM payment_request WHERE tenant = $1 AND key = $2 LIMIT 1");
        let row: Option<Row> =
            query(&sql).bind(tenant).bind(key).fetch_optional(self.connection()).await?;
        row.map(request).transpose()
    }

    /// The payments whose provider should be asked now, of whichever tenant, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn due_payment_requests(
        &mut self,
        now_ms: i64,
        limit: u32,
    ) -> Result<Vec<(String, PaymentRequest)>, StoreError> {
        let sql = "SELECT tenant, key FROM payment_request WHERE next_ms <= $1 \
                   ORDER BY next_ms LIMIT $2";
        let keys: Vec<(String, String)> =
            query(sql).bind(now_ms).bind(limit).fetch_all(self.connection()).await?;
        let mut due = Vec::new();
        for (tenant, key) in keys {
            if let Some(request) = self.payment_request(&tenant, &key).await? {
                due.push((tenant, request));
            }
        }
        Ok(due)
    }

    /// Notes that a provider is being asked, and when to ask again if no answer comes. False if another has begun that meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn begin_payment_try(
        &mut self,
        tenant: &str,
        request: &PaymentRequest,
        next_ms: i64,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE payment_request SET tries = tries + 1, next_ms = $4 \
                   WHERE tenant = $1 AND key = $2 AND tries = $3 AND next_ms IS NOT NULL";
        let done = query(sql)
            .bind(tenant)
            .bind(&request.key)
            .bind(i64::from(request.tries))
            .bind(next_ms)
            .execute(self.connection())
            .await?;
        Ok(done == 1)
    }

    /// Sets when a provider is asked next, if nobody has asked meanwhile and the outcome is still open.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_payment_try(
        &mut self,
        tenant: &str,
        request: &PaymentRequest,
        next_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE payment_request SET next_ms = $4 \
                   WHERE tenant = $1 AND key = $2 AND tries = $3 AND next_ms IS NOT NULL";
        query(sql)
            .bind(tenant)
            .bind(&request.key)
            .bind(i64::from(request.tries))
            .bind(next_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Notes that the outcome of a payment is known: nobody is asked again.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn end_payment_request(
        &mut self,
        tenant: &str,
        order: Uuid,
        payment: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE payment_request SET next_ms = NULL, instrument = NULL \
                   WHERE tenant = $1 AND order_id = $2 AND payment = $3";
        query(sql)
            .bind(tenant)
            .bind(order.to_string())
            .bind(payment)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Whether a provider has sent this message before, and it was taken.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn has_provider_event(
        &mut self,
        tenant: &str,
        provider: &str,
        id: &str,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM provider_event \
                   WHERE tenant = $1 AND provider = $2 AND id = $3";
        let (count,): (i64,) =
            query(sql).bind(tenant).bind(provider).bind(id).fetch_one(self.connection()).await?;
        Ok(count > 0)
    }

    /// Notes that a message of a provider was taken.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_provider_event(
        &mut self,
        tenant: &str,
        provider: &str,
        id: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO provider_event (tenant, provider, id, at_ms) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, provider, id) DO NOTHING";
        query(sql)
            .bind(tenant)
            .bind(provider)
            .bind(id)
            .bind(now_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn request(row: Row) -> Result<PaymentRequest, StoreError> {
    let (order, payment, key, provider, instrument, tries, next_ms) = row;
    Ok(PaymentRequest {
        order: Uuid::parse_str(&order).map_err(corrupt)?,
        payment,
        key,
        provider,
        instrument,
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
        next_ms,
    })
}
