//! Who calls: the token in the `Authorization` header, and what it allows.

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{header, request::Parts},
};
use orderkit::{Actor, Code, Role};

use uuid::Uuid;

use crate::{
    app::App,
    error::Error,
    secret,
    store::{Grant, Purpose, StoredOrder},
};

/// A caller with a valid token for the tenant of the path.
#[derive(Debug)]
pub(super) struct Caller {
    pub tenant: String,
    pub actor: Actor,
    /// The sign-in that the token came from.
    pub family: Option<String>,
}

impl Caller {
    /// Lets staff and administrators pass.
    ///
    /// # Errors
    ///
    /// 403 for customers.
    pub fn staff_only(&self) -> Result<(), Error> {
        if self.actor.role == Role::Customer { Err(Error::TokenForbids) } else { Ok(()) }
    }

    /// Lets administrators pass.
    ///
    /// # Errors
    ///
    /// 403 for everybody else.
    pub fn admins_only(&self) -> Result<(), Error> {
        if self.actor.role == Role::Admin { Ok(()) } else { Err(Error::TokenForbids) }
    }

    /// The owner whose orders are all that the caller may see; `None` for all orders.
    pub fn sees_only(&self) -> Option<&str> {
        (self.actor.role == Role::Customer).then_some(self.actor.user.as_str())
    }

    /// What the caller may see of an order that is theirs to see.
    ///
    /// # Errors
    ///
    /// If the order's log cannot be read.
    pub fn view(&self, stored: StoredOrder) -> Result<StoredOrder, Error> {
        let for_customer = self.sees_only().is_some();
        Ok(if for_customer { stored.for_customer()? } else { stored })
    }
}

/// A caller who may ask about orders: a user, or a buyer without an account whose token is for one order.
#[derive(Debug)]
pub(super) struct OrderCaller {
    pub caller: Caller,
    only: Option<Uuid>,
}

impl OrderCaller {
    /// The order that the path names, if this caller may know of it. Another one is as unknown as none at all.
    ///
    /// # Errors
    ///
    /// 404 `order_unknown`
    pub fn named(&self, id: &str) -> Result<Uuid, Error> {
        let id = Uuid::parse_str(id).map_err(|_| Error::NotFound(Code::OrderUnknown))?;
        match self.only {
            Some(only) if only != id => Err(Error::NotFound(Code::OrderUnknown)),
            _ => Ok(id),
        }
    }

    /// That order, if the caller may see it.
    ///
    /// # Errors
    ///
    /// 404 `order_unknown`
    pub async fn order(&self, app: &App, id: &str) -> Result<StoredOrder, Error> {
        let id = self.named(id)?;
        let stored = app.store.read().await?.order(&self.caller.tenant, id).await?;
        let owner = self.caller.sees_only();
        let seen = |it: &StoredOrder| owner.is_none_or(|owner| it.order.owner == owner);
        self.caller.view(stored.filter(seen).ok_or(Error::NotFound(Code::OrderUnknown))?)
    }

    /// Whether the caller has the rights of a user, and not only those on one order.
    pub fn is_user(&self) -> bool {
        self.only.is_none()
    }
}

impl FromRequestParts<App> for OrderCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let grant = known_grant(app, parts).await?;
        let tenant = tenant(parts, app).await?;
        let only = match grant.purpose {
            Purpose::All => None,
            Purpose::Order => Some(grant.order.ok_or(Error::TokenInvalid)?),
            Purpose::Events => return Err(Error::TokenInvalid),
        };
        if grant.tenant != tenant {
            return Err(Error::TokenForbids);
        }
        let Grant { actor, family, .. } = grant;
        Ok(Self { caller: Caller { tenant, actor, family }, only })
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Grant { actor, family, tenant: own, .. } = any_grant(app, parts, Purpose::All).await?;
        let tenant = tenant(parts, app).await?;
        // Whether there is such a tenant cannot be learned from it.
        if own == tenant { Ok(Self { tenant, actor, family }) } else { Err(Error::TokenForbids) }
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

/// What the token of the header allows, on whichever tenant it is for.
pub(super) async fn any_grant(app: &App, parts: &Parts, purpose: Purpose) -> Result<Grant, Error> {
    good_for(known_grant(app, parts).await?, purpose)
}

/// The same grant, if it may be used for this.
pub(super) fn good_for(grant: Grant, purpose: Purpose) -> Result<Grant, Error> {
    match grant.purpose {
        given if given == purpose => Ok(grant),
        // It is a token of ours, and not for this.
        Purpose::Order => Err(Error::TokenForbids),
        _ => Err(Error::TokenInvalid),
    }
}

/// What the token of the header allows; the door has looked it up.
async fn known_grant(app: &App, parts: &Parts) -> Result<Grant, Error> {
    if let Some(grant) = parts.extensions.get::<Grant>() {
        return Ok(grant.clone());
    }
    let token = bearer(parts).ok_or(Error::TokenInvalid)?;
    look_up(app, token).await?.ok_or(Error::TokenInvalid)
}

/// What a token allows, if it is known and not over.
pub(super) async fn look_up(app: &App, token: &str) -> Result<Option<Grant>, Error> {
    let mut transaction = app.store.look().await?;
    Ok(transaction.grant(&secret::token_hash(token), app.now_ms()).await?)
}
