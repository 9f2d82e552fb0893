//! Notices to customers: what is to be sent, and what became of it. One for each event at most, for ever.

use uuid::Uuid;

use super::{StoreError, Transaction, corrupt};
use crate::database::{Row, query};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
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
        query(&sql)
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
        let rows: Vec<Row> =
            query(&sql).bind(tenant).bind(order.to_string()).fetch_all(self.connection()).await?;
        rows.into_iter().map(notice).collect()
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
        let query = query(&sql).bind(now_ms).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self.connection()).await?;
        rows.into_iter().map(|mut row| Ok((row.take()?, notice(row)?))).collect()
    }

    /// Notes that a notice is being sent, and when it is tried again if nothing more is heard. False if another process has
    /// begun that meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn begin_notice_try(
        &mut self,
        tenant: &str,
        notice: &StoredNotice,
        next_ms: i64,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE notice SET tries = tries + 1, next_ms = $5 WHERE tenant = $1 \
                   AND order_id = $2 AND position = $3 AND tries = $4 AND next_ms IS NOT NULL";
        let done = query(sql)
            .bind(tenant)
            .bind(notice.order.to_string())
            .bind(notice.position)
            .bind(i64::from(notice.tries))
            .bind(next_ms)
            .execute(self.connection())
            .await?;
        Ok(done == 1)
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
        query(sql)
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

fn notice(mut row: Row) -> Result<StoredNotice, StoreError> {
    // In the order of `COLUMNS`.
    let order: String = row.take()?;
    let (position, kind, language) = (row.take()?, row.take()?, row.take()?);
    let (subject, body, number, name) = (row.take()?, row.take()?, row.take()?, row.take()?);
    let (email, phone) = (row.take()?, row.take()?);
    let word: String = row.take()?;
    let state = NoticeState::ALL.into_iter().find(|it| it.as_str() == word);
    Ok(StoredNotice {
        order: Uuid::parse_str(&order).map_err(corrupt)?,
        position,
        kind,
        language,
        subject,
        body,
        number,
        name,
        email,
        phone,
        state: state.ok_or_else(|| corrupt("the state of a notice"))?,
        tries: u32::try_from(row.take::<i64>()?).unwrap_or(u32::MAX),
        next_ms: row.take()?,
        at_ms: row.take()?,
        sent_ms: row.take()?,
        error: row.take()?,
    })
}
