//! `GET /health`, `GET` and `POST /v1/session`

use std::net::IpAddr;

use axum::{
    extract::State,
    http::{HeaderMap, header, request::Parts},
};
use orderkit::{Actor, Role, json::FromJson};
use serde::Serialize;

use super::{
    caller,
    document::{Answer, Document},
};
use crate::{
    app::App,
    error::Error,
    secret,
    store::{Grant, Purpose},
};

/// Who wants to come in.
#[derive(FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SignIn {
    role: Role,
}

/// A token with what it is for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    token: String,
    tenant: String,
    user: String,
    role: Role,
    expires_ms: i64,
}

/// Whom a token belongs to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Holder {
    tenant: String,
    user: String,
    role: Role,
    expires_ms: i64,
}

/// That the server works, and which one it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Health {
    ok: bool,
    version: &'static str,
    open_sign_in: bool,
    tenant: String,
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
    let tenant = app.settings.tenant.clone();
    let actor = Actor { user: user.clone(), role: sign_in.role };
    let (token, grant) = app.sign_in(&tenant, actor).await?;
    let expires_ms = grant.expires_ms;
    Ok(Answer(Session { token, tenant, user, role: sign_in.role, expires_ms }))
}

pub(super) async fn health(State(app): State<App>) -> Result<Answer<Health>, Error> {
    let settings = &app.settings;
    app.store.read().await?.head(&settings.tenant).await?;
    Ok(Answer(Health {
        ok: true,
        version: env!("CARGO_PKG_VERSION"),
        open_sign_in: settings.open_sign_in,
        tenant: settings.tenant.clone(),
    }))
}

/// Says whom a token belongs to, so that a page can take one that the operator gave out.
pub(super) async fn holder(State(app): State<App>, parts: Parts) -> Result<Answer<Holder>, Error> {
    let token = caller::bearer(&parts).ok_or(Error::TokenInvalid)?;
    let grant = caller::any_grant(&app, token, Purpose::All).await?;
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
