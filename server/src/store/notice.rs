//! Notices to customers: what is to be sent, and what became of it. One for each event at most, for ever.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;

use super::{StoreError, Transaction, corrupt};

/// A notice that is to be sent, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredNotice {
    /// The order.
    pub order: Uuid,
    /// The place of its event in the log of the order.
    pub position: i64,
    /// What it is about, as a word.
    pub kind: String,
    /// The language, `en` or `zh`.
    pub language: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The number of the order.
    pub number: String,
    /// Who gets it.
    pub name: String,
    /// Where to.
    pub email: Option<String>,
    /// Where else to.
    pub phone: Option<String>,
    /// What became of it.
    pub state: NoticeState,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next.
    pub next_ms: Option<i64>,
    /// When it was written.
    pub at_ms: i64,
    /// When it was sent.
    pub sent_ms: Option<i64>,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NoticeState {
    /// It is to be sent.
    Waiting,
    /// It was sent.
    Sent,
    /// It was tried too often: somebody has to look.
    Failed,
    /// The customer has no address that it could go to.
    Unreachable,
}

impl NoticeState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::Unreachable];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
        }
    }
}

const COLUMNS: &str = "order_id, position, kind, language, subject, body, number, name, email, \
                       phone, state, tries, next_ms, at_ms, sent_ms, error";

impl Transaction {
    /// Keeps a notice to be sent, unless its event has one already.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn add_notice(
        &mut self,
        tenant: &str,
        notice: &StoredNotice,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO notice (tenant, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
             $10, $11, $12, $13, $14, $15, $16, $17) \
             ON CONFLICT (tenant, order_id, position) DO NOTHING"
        );
        sqlx::query(&sql)
            .bind(tenant)
            .bind(notice.order.to_string())
            .bind(notice.position)
            .bind(&notice.kind)
            .bind(&notice.language)
            .bind(&notice.subject)
            .bind(&notice.body)
            .bind(&notice.number)
            .bind(&notice.name)
            .bind(&notice.email)
            .bind(&notice.phone)
            .bind(notice.state.as_str())
            .bind(i64::from(notice.tries))
            .bind(notice.next_ms)
            .bind(notice.at_ms)
            .bind(notice.sent_ms)
            .bind(&notice.error)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// The notices of an order, in the order of what happened.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn notices(
        &mut self,
        tenant: &str,
        order: Uuid,
    ) -> Result<Vec<StoredNotice>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM notice WHERE tenant = $1 AND order_id = $2 ORDER BY position"
        );
        let rows = sqlx::query(&sql)
            .bind(tenant)
            .bind(order.to_string())
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(notice).collect()
    }

    /// The notices that should be sent now, of whichever tenant, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn due_notices(
        &mut self,
        now_ms: i64,
        limit: u32,
    ) -> Result<Vec<(String, StoredNotice)>, StoreError> {
        let sql = format!(
            "SELECT tenant, {COLUMNS} FROM notice WHERE next_ms <= $1 \
             ORDER BY next_ms, order_id, position LIMIT $2"
        );
        let rows = sqlx::query(&sql).bind(now_ms).bind(limit).fetch_all(self.connection()).await?;
        rows.iter().map(|row| Ok((row.try_get("tenant")?, notice(row)?))).collect()
    }

    /// Keeps what became of a notice.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn set_notice(
        &mut self,
        tenant: &str,
        notice: &StoredNotice,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE notice SET state = $4, tries = $5, next_ms = $6, sent_ms = $7, \
                   error = $8 WHERE tenant = $1 AND order_id = $2 AND position = $3";
        sqlx::query(sql)
            .bind(tenant)
            .bind(notice.order.to_string())
            .bind(notice.position)
            .bind(notice.state.as_str())
            .bind(i64::from(notice.tries))
            .bind(notice.next_ms)
            .bind(notice.sent_ms)
            .bind(&notice.error)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}

fn notice(row: &SqliteRow) -> Result<StoredNotice, StoreError> {
    let word: String = row.try_get("state")?;
    let state = NoticeState::ALL.into_iter().find(|it| it.as_str() == word);
    let order: String = row.try_get("order_id")?;
    Ok(StoredNotice {
        order: Uuid::parse_str(&order).map_err(corrupt)?,
        position: row.try_get("position")?,
        kind: row.try_get("kind")?,
        language: row.try_get("language")?,
        subject: row.try_get("subject")?,
        body: row.try_get("body")?,
        number: row.try_get("number")?,
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        phone: row.try_get("phone")?,
        state: state.ok_or_else(|| corrupt("the state of a notice"))?,
        tries: u32::try_from(row.try_get::<i64, _>("tries")?).unwrap_or(u32::MAX),
        next_ms: row.try_get("next_ms")?,
        at_ms: row.try_get("at_ms")?,
        sent_ms: row.try_get("sent_ms")?,
        error: row.try_get("error")?,
    })
}
