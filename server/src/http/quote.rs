//! `POST /v1/{tenant}/quote` and `/validate`: the same bytes as the library gives, in the context
//! that an order would be decided in.

use axum::{extract::State, response::Response};
use orderkit::{Context, Draft, Role, Rules, api};
use serde::Deserialize;

use super::{
    caller::Caller,
    document::{Parameters, Raw, json},
};
use crate::{
    app::App,
    error::Error,
    sync::{buyer, context, tenant_rules},
};

/// When to price, since promotions begin and end, and for whom.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked {
    now_ms: Option<i64>,
    /// For staff: the customer, in place of the one that the draft names.
    customer: Option<String>,
}

type Answers = fn(&Rules, &[u8], &Context) -> Vec<u8>;

pub(super) async fn quote(
    State(app): State<App>,
    caller: Caller,
    Parameters(asked): Parameters<Asked>,
    Raw(draft): Raw,
) -> Result<Response, Error> {
    answer(&app, &caller, asked, &draft, api::quote).await
}

pub(super) async fn validate(
    State(app): State<App>,
    caller: Caller,
    Parameters(asked): Parameters<Asked>,
    Raw(draft): Raw,
) -> Result<Response, Error> {
    answer(&app, &caller, asked, &draft, api::validate).await
}

async fn answer(
    app: &App,
    caller: &Caller,
    asked: Asked,
    draft: &[u8],
    answers: Answers,
) -> Result<Response, Error> {
    let is_staff = caller.actor.role != Role::Customer;
    if asked.customer.is_some() && !is_staff {
        // What another customer pays says who they are to the shop.
        return Err(Error::TokenForbids);
    }
    let mut transaction = app.store.read().await?;
    let rules = tenant_rules(app, &mut transaction, &caller.tenant).await?;
    let known = match orderkit::json::read::<Draft>(draft) {
        Ok(draft) => {
            let buyer = asked.customer.or_else(|| buyer(&caller.actor, &draft.details));
            let (tenant, buyer) = (&caller.tenant, buyer.as_deref());
            context(&mut transaction, tenant, &[&rules], &draft, buyer, None).await?
        }
        // The answer says what is wrong with it.
        Err(_) => Context::default(),
    };
    let now_ms = asked.now_ms.unwrap_or_else(|| app.now_ms());
    let context = Context { now_ms, may_adjust: is_staff, ..known };
    Ok(json(answers(&rules, draft, &context)))
}
