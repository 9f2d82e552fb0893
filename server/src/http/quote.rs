//! `POST /v1/{tenant}/quote` and `/validate`: the same bytes as the library gives.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use orderkit::{Context, Role, Rules, api};
use serde::Deserialize;

use super::{
    caller::Caller,
    document::{Parameters, Raw, json},
};
use crate::{app::App, error::Error, sync::tenant_rules};

/// When to price: promotions begin and end.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct At {
    now_ms: Option<i64>,
}

pub(super) async fn quote(
    State(app): State<App>,
    caller: Caller,
    Parameters(at): Parameters<At>,
    Raw(draft): Raw,
) -> Result<Response, Error> {
    let rules = rules(&app, &caller).await?;
    Ok(json(api::quote(&rules, &draft, &context(&app, &caller, &at))))
}

pub(super) async fn validate(
    State(app): State<App>,
    caller: Caller,
    Parameters(at): Parameters<At>,
    Raw(draft): Raw,
) -> Result<Response, Error> {
    let rules = rules(&app, &caller).await?;
    Ok(json(api::validate(&rules, &draft, &context(&app, &caller, &at))))
}

fn context(app: &App, caller: &Caller, at: &At) -> Context {
    let now_ms = at.now_ms.unwrap_or_else(|| app.now_ms());
    Context { may_adjust: caller.actor.role != Role::Customer, ..Context::at(now_ms) }
}

async fn rules(app: &App, caller: &Caller) -> Result<Arc<Rules>, Error> {
    tenant_rules(app, &mut app.store.read().await?, &caller.tenant).await
}
