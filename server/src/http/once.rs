//! What is done once under a key though it is no command of an order: the first answer is kept in the same transaction.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use orderkit::{Code, Issue};
use serde::Serialize;
use uuid::Uuid;

use super::{caller::Caller, document::json};
use crate::{
    error::Error,
    secret,
    store::{FirstAnswer, StoreError, Transaction},
    sync::hash_of,
};

/// A request under a key.
pub(super) struct Asked<'a> {
    caller: &'a Caller,
    key: Uuid,
    hash: String,
}

impl<'a> Asked<'a> {
    /// A request to do something that `what` names.
    pub fn new(caller: &'a Caller, key: Uuid, what: &[&str], body: &[u8]) -> Self {
        let parts = what.iter().map(|part| part.as_bytes()).chain([body]).collect::<Vec<_>>();
        Self { caller, key, hash: secret::hexadecimal(&hash_of(&parts)) }
    }
}

/// The first answer, if the request came before. It is safe only when the transaction is committed: what it found may be on
/// its way to the disk.
///
/// # Errors
///
/// 422 if the key was used for something else.
pub(super) async fn repeated(
    transaction: &mut Transaction,
    asked: &Asked<'_>,
) -> Result<Option<Response>, Error> {
    let Caller { tenant, actor, .. } = asked.caller;
    let first = transaction.first_answer(tenant, &actor.user, asked.key).await?;
    let Some(FirstAnswer { hash, status, body }) = first else { return Ok(None) };
    if hash != asked.hash {
        return Err(Error::Refused(Issue::new(Code::IdempotencyKeyInvalid, "").into()));
    }
    let status = StatusCode::from_u16(status).unwrap_or_default();
    Ok(Some((status, json(body.into_bytes())).into_response()))
}

/// Keeps the answer to a request that was done.
///
/// # Errors
///
/// [`StoreError`]
pub(super) async fn keep(
    transaction: &mut Transaction,
    asked: &Asked<'_>,
    told: &impl Serialize,
    now_ms: i64,
) -> Result<Response, Error> {
    let Caller { tenant, actor, .. } = asked.caller;
    let body = serde_json::to_string(told).map_err(|it| StoreError::Corrupt(it.to_string()))?;
    let answer = FirstAnswer { hash: asked.hash.clone(), status: StatusCode::OK.as_u16(), body };
    transaction.keep_answer(tenant, &actor.user, asked.key, &answer, now_ms).await?;
    Ok(json(answer.body.into_bytes()))
}
