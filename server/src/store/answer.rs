//! The first answers to requests with a key, for what is no command of an order. They are kept for ever, like verdicts.

use uuid::Uuid;

use super::{StoreError, Transaction, corrupt};
use crate::database::query;

/// The first answer under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstAnswer {
    /// What makes two requests the same request, in hexadecimal.
    pub hash: String,
    /// The HTTP status.
    pub status: u16,
    /// The JSON.
    pub body: String,
}

impl Transaction {
    /// The first answer to a user under a key.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn first_answer(
        &mut self,
        tenant: &str,
        user: &str,
        key: Uuid,
    ) -> Result<Option<FirstAnswer>, StoreError> {
        let sql = "SELECT hash, status, body FROM first_answer \
                   WHERE tenant = $1 AND usr = $2 AND key = $3";
        let row: Option<(String, i64, String)> = query(sql)
            .bind(tenant)
            .bind(user)
            .bind(key.to_string())
            .fetch_optional(self.connection())
            .await?;
        let Some((hash, status, body)) = row else { return Ok(None) };
        let status = u16::try_from(status).map_err(|_| corrupt("the status of an answer"))?;
        Ok(Some(FirstAnswer { hash, status, body }))
    }

    /// Keeps the first answer to a user under a key.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn keep_answer(
        &mut self,
        tenant: &str,
        user: &str,
        key: Uuid,
        answer: &FirstAnswer,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO first_answer (tenant, usr, key, hash, status, body, at_ms) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        query(sql)
            .bind(tenant)
            .bind(user)
            .bind(key.to_string())
            .bind(&answer.hash)
            .bind(i64::from(answer.status))
            .bind(&answer.body)
            .bind(now_ms)
            .execute(self.connection())
            .await?;
        Ok(())
    }
}
