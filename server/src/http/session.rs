//! `/v1/session`: who it is, in and out, and the next token.

use std::net::IpAddr;

use axum::{
    extract::State,
    http::{HeaderMap, header, request::Parts},
};
use orderkit::{Actor, Role, json::FromJson};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    caller,
    document::{Answer, Document},
};
use crate::{
    app::App,
    error::Error,
    secret,
    session::Opened,
    store::{Grant, Purpose},
};

/// Who wants to come in.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SignIn {
    role: Role,
}

/// A token with what it is for.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    token: String,
    tenant: String,
    user: String,
    role: Role,
    expires_ms: i64,
    /// What makes the next token; it is used up by that.
    refresh: String,
    refresh_expires_ms: i64,
}

/// Whom a token belongs to.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Holder {
    tenant: String,
    user: String,
    role: Role,
    expires_ms: i64,
}

/// What makes a new token.
#[derive(FromJson, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Refresh {
    refresh: String,
}

/// That somebody is signed out.
#[derive(Serialize, JsonSchema)]
pub(super) struct Closed {
    closed: bool,
}

pub(super) async fn open(
    State(app): State<App>,
    headers: HeaderMap,
    Document(sign_in): Document<SignIn>,
) -> Result<Answer<Session>, Error> {
    if !app.settings.open_sign_in || !is_local(&headers) {
        return Err(Error::TokenForbids);
    }
    let user = match sign_in.role {
        // Every visitor is a customer of their own.
        Role::Customer => format!("customer-{}", secret::hexadecimal(&app.random.bytes::<8>())),
        Role::Staff => "staff".to_owned(),
        Role::Admin => "admin".to_owned(),
        Role::System => return Err(Error::TokenForbids),
    };
    let actor = Actor { user, role: sign_in.role };
    let opened = app.sign_in(&app.settings.tenant, actor).await?;
    Ok(Answer(session(opened)))
}

/// The next token of a sign-in.
pub(super) async fn refresh(
    State(app): State<App>,
    Document(Refresh { refresh }): Document<Refresh>,
) -> Result<Answer<Session>, Error> {
    Ok(Answer(session(app.refresh(&refresh).await?)))
}

/// Signs out.
pub(super) async fn close(State(app): State<App>, parts: Parts) -> Result<Answer<Closed>, Error> {
    let token = caller::bearer(&parts).ok_or(Error::TokenInvalid)?;
    let grant = caller::any_grant(&app, &parts, Purpose::All).await?;
    app.sign_out(token, &grant).await?;
    Ok(Answer(Closed { closed: true }))
}

fn session(opened: Opened) -> Session {
    let Opened { token, grant, refresh, refresh_expires_ms } = opened;
    let Grant { tenant, actor: Actor { user, role }, expires_ms, .. } = grant;
    Session { token, tenant, user, role, expires_ms, refresh, refresh_expires_ms }
}

/// Says whom a token belongs to, so that a page can take one that the operator gave out.
pub(super) async fn holder(State(app): State<App>, parts: Parts) -> Result<Answer<Holder>, Error> {
    let grant = caller::any_grant(&app, &parts, Purpose::All).await?;
    let Grant { tenant, actor: Actor { user, role }, expires_ms, .. } = grant;
    Ok(Answer(Holder { tenant, user, role, expires_ms }))
}

/// Whether the address that the browser shows is of this machine. A foreign page may point a name of
/// its own at a loopback address, and would then be let in.
fn is_local(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let host = host.to_str().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
