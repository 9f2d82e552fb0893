//! Money that fits no order, until somebody has said what becomes of it; kept for ever.

use super::{StoreError, Transaction};
use crate::database::query;

/// Something in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its id.
    pub id: String,
    /// Who reported it: a provider, or `statement`.
    pub source: String,
    /// What they call it.
    pub source_id: String,
    /// What is known of it, as JSON.
    pub entry: String,
    /// What became of it.
    pub state: QuarantineState,
    /// When it came.
    pub at_ms: i64,
    /// The order that it belongs to, once that is known.
    pub order: Option<String>,
    /// Who decided.
    pub user: Option<String>,
    /// Why, or why a refund failed.
    pub reason: Option<String>,
    /// When it was decided.
    pub ended_ms: Option<i64>,
}

/// What became of something in quarantine.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum QuarantineState {
    /// Nobody has decided yet.
    Open,
    /// It is recorded on an order.
    Matched,
    /// Its provider is asked to give it back.
    Refunding,
    /// It was given back.
    Refunded,
    /// Somebody said that nothing has to be done.
    Dismissed,
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
);

const COLUMNS: &str = "id, source, source_id, entry, state, at_ms, order_id, usr, reason, ended_ms";

impl QuarantineState {
    const ALL: [Self; 5] =
        [Self::Open, Self::Matched, Self::Refunding, Self::Refunded, Self::Dismissed];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Matched => "matched",
            Self::Refunding => "refunding",
            Self::Refunded => "refunded",
            Self::Dismissed => "dismissed",
        }
    }
}

impl Transaction {
    /// Keeps something, unless its source has reported it before. False if it has.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_quarantined(
        &mut self,
        tenant: &str,
        it: &Quarantined,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO quarantine (tenant, id, source, source_id, entry, state, at_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let done = query(sql)
            .bind(tenant)
            .bind(&it.id)
            .bind(&it.source)
            .bind(&it.source_id)
            .bind(&it.entry)
            .bind(it.state.as_str())
            .bind(it.at_ms)
            .execute(self.connection())
            .await?;
        Ok(done == 1)
    }

    /// Something in quarantine by its id.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn quarantined(
        &mut self,
        tenant: &str,
        id: &str,
    ) -> Result<Option<Quarantined>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM quarantine WHERE tenant = $1 AND id = $2");
        let row: Option<Row> =
            query(&sql).bind(tenant).bind(id).fetch_optional(self.connection()).await?;
        Ok(row.map(quarantined))
    }

    /// What is in quarantine in some states, the latest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn all_quarantined(
        &mut self,
        tenant: &str,
        is_open: bool,
        limit: u32,
    ) -> Result<Vec<Quarantined>, StoreError> {
        let states = if is_open { "AND state IN ('open', 'refunding')" } else { "" };
        let sql = format!(
            "SELECT {COLUMNS} FROM quarantine WHERE tenant = $1 {states} \
             ORDER BY at_ms DESC, id LIMIT $2"
        );
        let rows: Vec<Row> =
            query(&sql).bind(tenant).bind(limit).fetch_all(self.connection()).await?;
        Ok(rows.into_iter().map(quarantined).collect())
    }

    /// Money that providers are to give back, of whichever tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn refunding(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT tenant, id FROM quarantine WHERE state = 'refunding'";
        Ok(query(sql).fetch_all(self.connection()).await?)
    }

    /// Keeps what was decided about something in quarantine.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn decide_quarantined(
        &mut self,
        tenant: &str,
        it: &Quarantined,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE quarantine SET state = $3, order_id = $4, usr = $5, reason = $6, \
                   ended_ms = $7 WHERE tenant = $1 AND id = $2";
        query(sql)
            .bind(tenant)
            .bind(&it.id)
            .bind(it.state.as_str())
            .bind(&it.order)
            .bind(&it.user)
            .bind(&it.reason)
            .bind(it.ended_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn quarantined(row: Row) -> Quarantined {
    let (id, source, source_id, entry, word, at_ms, order, user, reason, ended_ms) = row;
    let state = QuarantineState::ALL.into_iter().find(|it| it.as_str() == word);
    let state = state.unwrap_or(QuarantineState::Open);
    Quarantined { id, source, source_id, entry, state, at_ms, order, user, reason, ended_ms }
}
