//! Who calls: the token in the `Authorization` header, and what it allows.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{header, request::Parts},
};
use orderkit::{Actor, Role};

use crate::{
    app::App,
    error::Error,
    secret,
    store::{Grant, Purpose},
};

/// A caller with a valid token for the tenant of the path.
#[derive(Debug)]
pub(super) struct Caller {
    pub tenant: String,
    pub actor: Actor,
}

impl Caller {
    /// The owner whose orders are all that the caller may see; `None` for all orders.
    pub fn sees_only(&self) -> Option<&str> {
        (self.actor.role == Role::Customer).then_some(self.actor.user.as_str())
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let token = bearer(parts).ok_or(Error::TokenInvalid)?.to_owned();
        let tenant = tenant(parts, app).await?;
        let grant = grant(app, &token, &tenant, Purpose::All).await?;
        Ok(Self { tenant, actor: grant.actor })
    }
}

/// The token of the `Authorization` header.
pub(super) fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The tenant that the path names.
pub(super) async fn tenant(parts: &mut Parts, app: &App) -> Result<String, Error> {
    let params = RawPathParams::from_request_parts(parts, app).await;
    let params = params.map_err(|_| Error::TokenForbids)?;
    let named = params.iter().find(|(name, _)| *name == "tenant");
    named.map(|(_, tenant)| tenant.to_owned()).ok_or(Error::TokenForbids)
}

/// What a token allows on a tenant. Whether there is such a tenant cannot be learned from it.
pub(super) async fn grant(
    app: &App,
    token: &str,
    tenant: &str,
    purpose: Purpose,
) -> Result<Grant, Error> {
    let grant = any_grant(app, token, purpose).await?;
    if grant.tenant == tenant { Ok(grant) } else { Err(Error::TokenForbids) }
}

/// What a token allows, on whichever tenant it is for.
pub(super) async fn any_grant(app: &App, token: &str, purpose: Purpose) -> Result<Grant, Error> {
    let mut transaction = app.store.read().await?;
    let grant = transaction.grant(&secret::token_hash(token), app.now_ms()).await?;
    grant.filter(|grant| grant.purpose == purpose).ok_or(Error::TokenInvalid)
}
