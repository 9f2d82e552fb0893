//! `GET` and `PUT /v1/{tenant}/ruleset`

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use orderkit::{Code, Role};

use super::{
    caller::Caller,
    document::{Answer, Raw, json},
};
use crate::{
    app::{App, Replaced},
    error::Error,
};

pub(super) async fn current(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut transaction = app.store.read().await?;
    let unknown = || Error::NotFound(Code::RulesetUnknown);
    let digest = transaction.current_digest(&caller.tenant).await?.ok_or_else(unknown)?;
    let tag = format!("\"{digest}\"");
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        // Compression on the way makes a tag weak.
        .is_some_and(|tags| tags.split(',').any(|own| own.trim().trim_start_matches("W/") == tag));
    let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let rules = transaction.current_rules(&caller.tenant).await?.ok_or_else(unknown)?;
    Ok((headers, json(rules.body.into_bytes())).into_response())
}

pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Raw(body): Raw,
) -> Result<Answer<Replaced>, Error> {
    if caller.actor.role != Role::Admin {
        return Err(Error::TokenForbids);
    }
    app.put_rules(&caller.tenant, &body).await.map(Answer)
}
