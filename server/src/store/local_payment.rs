//! What the provider for trying out remembers. It is a stranger to the orders: nothing here is read by anybody else.

use super::{StoreError, Transaction};
use crate::database::query;

/// A payment at the provider for trying out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPayment {
    /// The shop.
    pub tenant: String,
    /// The key that it was asked for with.
    pub key: String,
    /// The provider's name of it.
    pub reference: String,
    /// What it does, as a word.
    pub kind: String,
    /// The payment that it acts on.
    pub source_reference: Option<String>,
    /// How much.
    pub amount_minor: i64,
    /// What becomes of it: `success`, `failure`, or `unreached` while the question has not arrived.
    pub fate: String,
    /// The remedy of a failure, as a word.
    pub remedy: Option<String>,
    /// Why it fails.
    pub reason: Option<String>,
    /// When what becomes of it is known.
    pub known_ms: i64,
    /// Whether answers get lost until then.
    pub is_silent: bool,
    /// How often it was asked for.
    pub asked: i64,
}

/// Places of a webhook that are tried when others take the same one.
const POSITIONS: u32 = 8;

type Row = (
    String,
    String,
    String,
    String,
    Option<String>,
    i64,
    String,
    Option<String>,
    Option<String>,
    i64,
    bool,
    i64,
);

const COLUMNS: &str = "tenant, key, reference, kind, source_reference, amount_minor, fate, remedy, \
                       reason, known_ms, is_silent, asked";

impl Transaction {
    /// A payment at the provider for trying out.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn local_payment(
        &mut self,
        tenant: &str,
        key: &str,
    ) -> Result<Option<LocalPayment>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM local_payment WHERE tenant = $1 AND key = $2");
        let row: Option<Row> =
            query(&sql).bind(tenant).bind(key).fetch_optional(self.connection()).await?;
        Ok(row.map(payment))
    }

    /// All payments at the provider for trying out, or those that act on one of them.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn local_payments(
        &mut self,
        tenant: &str,
        source_reference: Option<&str>,
    ) -> Result<Vec<LocalPayment>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM local_payment WHERE tenant = $1 \
             AND ($2 IS NULL OR source_reference = $2 OR reference = $2) ORDER BY reference"
        );
        let rows: Vec<Row> =
            query(&sql).bind(tenant).bind(source_reference).fetch_all(self.connection()).await?;
        Ok(rows.into_iter().map(payment).collect())
    }

    /// Keeps a payment at the provider for trying out, in place of what it knew of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn put_local_payment(&mut self, payment: &LocalPayment) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO local_payment ({COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (tenant, key) DO UPDATE SET fate = excluded.fate, \
             remedy = excluded.remedy, reason = excluded.reason, known_ms = excluded.known_ms, \
             is_silent = excluded.is_silent, asked = excluded.asked"
        );
        query(&sql)
            .bind(&payment.tenant)
            .bind(&payment.key)
            .bind(&payment.reference)
            .bind(&payment.kind)
            .bind(&payment.source_reference)
            .bind(payment.amount_minor)
            .bind(&payment.fate)
            .bind(&payment.remedy)
            .bind(&payment.reason)
            .bind(payment.known_ms)
            .bind(payment.is_silent)
            .bind(payment.asked)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Keeps a webhook that is to be sent at a time.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_local_event(
        &mut self,
        tenant: &str,
        body: &str,
        due_ms: i64,
    ) -> Result<(), StoreError> {
        // The positions are common to all shops, which may be written at the same time.
        let sql = "INSERT INTO local_event (position, tenant, body, due_ms) \
                   SELECT COALESCE(MAX(position), 0) + 1, $1, $2, $3 FROM local_event WHERE 1 = 1 \
                   ON CONFLICT (position) DO NOTHING";
        for _ in 0..POSITIONS {
            let query = query(sql).bind(tenant).bind(body).bind(due_ms);
            if query.execute(self.connection()).await? == 1 {
                return Ok(());
            }
        }
        Err(StoreError::Busy)
    }

    /// Webhooks that should be sent by now: position, tenant and body.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn due_local_events(
        &mut self,
        now_ms: i64,
    ) -> Result<Vec<(i64, String, String)>, StoreError> {
        let sql = "SELECT position, tenant, body FROM local_event WHERE due_ms <= $1 \
                   ORDER BY due_ms, position";
        Ok(query(sql).bind(now_ms).fetch_all(self.connection()).await?)
    }

    /// Forgets a webhook that was taken.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn end_local_event(&mut self, tenant: &str, position: i64) -> Result<(), StoreError> {
        query("DELETE FROM local_event WHERE tenant = $1 AND position = $2")
            .bind(tenant)
            .bind(position)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn payment(row: Row) -> LocalPayment {
    let (
        tenant,
        key,
        reference,
        kind,
        source_reference,
        amount_minor,
        fate,
        remedy,
        reason,
        known_ms,
        is_silent,
        asked,
    ) = row;
    LocalPayment {
        tenant,
        key,
        reference,
        kind,
        source_reference,
        amount_minor,
        fate,
        remedy,
        reason,
        known_ms,
        is_silent,
        asked,
    }
}
