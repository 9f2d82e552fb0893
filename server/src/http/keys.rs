//! The `Idempotency-Key` header: the caller's name for a request, so that a repeated one is not done twice.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use orderkit::{Code, Issue};
use uuid::Uuid;

use crate::{app::App, error::Error};

/// The key of a request.
pub(super) struct Key(pub Uuid);

impl FromRequestParts<App> for Key {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        idempotency_key(&parts.headers).map(Self)
    }
}

/// The key of a header, as a UUID or as a quoted one.
///
/// # Errors
///
/// 400 if there is none, more than one, or no UUID.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Uuid, Error> {
    let mut keys = headers.get_all("idempotency-key").iter();
    let key = keys.next().filter(|_| keys.next().is_none()).and_then(|key| key.to_str().ok());
    let key = key.and_then(|key| Uuid::parse_str(key.trim().trim_matches('"')).ok());
    key.ok_or_else(|| Error::Malformed(Issue::new(Code::IdempotencyKeyInvalid, "")))
}
