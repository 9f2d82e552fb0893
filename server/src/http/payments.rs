//! Payments through providers, what providers say, and money that fits no order: `/v1/{tenant}/orders/{order}/payments`,
//! `/payments/webhook/{provider}`, `/payments/statement` and `/quarantine`.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use orderkit::{exceptions::Exception, json::FromJson, ledger::Payment};
use serde::{Deserialize, Serialize};

use super::{
    caller::{Caller, OrderCaller},
    document::{Answer, Document, Parameters, Path, Raw},
    keys::Key,
    orders::{Detail, detail, visible},
};
use crate::{
    app::App,
    error::Error,
    payment::{self, Charge, Wish},
    quarantine::{self, Entry, Imported, Line, Proposal, proposals},
    store::{QuarantineState, Quarantined, Transaction},
};

/// Entries of one answer.
const MAX_ENTRIES: u32 = 200;

/// A payment, and the order after it as the caller may see it.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Paid {
    payment: Payment,
    #[serde(flatten)]
    after: Detail,
}

pub(super) async fn pay(
    State(app): State<App>,
    caller: OrderCaller,
    Path((_, id)): Path<(String, String)>,
    Key(key): Key,
    Document(wish): Document<Wish>,
) -> Result<Response, Error> {
    let order = caller.order(&app, &id).await?.order.id;
    let caller = caller.caller;
    let charge = payment::charge(&app, &caller.tenant, &caller.actor, order, key, wish).await?;
    Ok((StatusCode::CREATED, Answer(paid(charge, &caller)?)).into_response())
}

/// Asks the provider now what became of a payment.
pub(super) async fn ask(
    State(app): State<App>,
    caller: Caller,
    Path((_, id, payment)): Path<(String, String, String)>,
) -> Result<Answer<Paid>, Error> {
    caller.staff_only()?;
    let order = visible(&app, &caller, &id).await?.order.id;
    let charge = payment::ask_again(&app, &caller.tenant, order, &payment).await?;
    Ok(Answer(paid(charge, &caller)?))
}

fn paid(charge: Charge, caller: &Caller) -> Result<Paid, Error> {
    let Charge { payment, stored, .. } = charge;
    Ok(Paid { payment, after: detail(caller.view(stored)?, false, caller)? })
}

/// Providers have no token: their signature says who they are.
pub(super) async fn webhook(
    State(app): State<App>,
    Path((tenant, provider)): Path<(String, String)>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, Error> {
    payment::receive(&app, &tenant, &provider, &headers, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A bank statement.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StatementRequest {
    lines: Vec<Line>,
}

/// What became of each line.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct StatementAnswer {
    lines: Vec<Imported>,
}

pub(super) async fn statement(
    State(app): State<App>,
    caller: Caller,
    Document(request): Document<StatementRequest>,
) -> Result<Answer<StatementAnswer>, Error> {
    caller.staff_only()?;
    let lines = quarantine::import(&app, &caller.tenant, &caller.actor, &request.lines).await?;
    Ok(Answer(StatementAnswer { lines }))
}

/// Which entries to list.
#[derive(Deserialize, schemars::JsonSchema)]
pub(super) struct QuarantineParameters {
    /// Also those that somebody has decided about.
    #[serde(default)]
    all: bool,
}

/// What is in quarantine.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct QuarantineList {
    entries: Vec<Shown>,
}

/// Something in quarantine, with the orders that it may belong to.
#[derive(Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "QuarantineEntry")]
pub(super) struct Shown {
    id: String,
    #[serde(flatten)]
    entry: Entry,
    state: QuarantineState,
    received_ms: i64,
    /// How bad it is and the ways out, as the rules say; missing once it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<Exception>,
    proposals: Vec<Proposal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_ms: Option<i64>,
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Parameters(parameters): Parameters<QuarantineParameters>,
) -> Result<Answer<QuarantineList>, Error> {
    caller.staff_only()?;
    let mut transaction = app.store.read().await?;
    let tenant = &caller.tenant;
    let kept = transaction.all_quarantined(tenant, !parameters.all, MAX_ENTRIES).await?;
    let mut entries = Vec::with_capacity(kept.len());
    for it in kept {
        entries.push(shown(&mut transaction, tenant, it).await?);
    }
    Ok(Answer(QuarantineList { entries }))
}

/// The order that it belongs to, and the payment of it that money was taken back of.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MatchRequest {
    order: String,
    #[serde(default)]
    source: Option<String>,
}

pub(super) async fn match_order(
    State(app): State<App>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Document(request): Document<MatchRequest>,
) -> Result<Answer<Shown>, Error> {
    caller.staff_only()?;
    let (tenant, actor) = (&caller.tenant, &caller.actor);
    let MatchRequest { order, source } = request;
    let source = source.as_deref();
    let kept = quarantine::take_over(&app, tenant, actor, &id, &order, source).await?;
    Ok(Answer(shown(&mut app.store.read().await?, tenant, kept).await?))
}

/// Why, if there is more to say.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReasonRequest {
    #[serde(default)]
    reason: Option<String>,
}

pub(super) async fn refund(
    State(app): State<App>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Document(ReasonRequest { reason }): Document<ReasonRequest>,
) -> Result<Answer<Shown>, Error> {
    caller.staff_only()?;
    let (tenant, actor) = (&caller.tenant, &caller.actor);
    let kept = quarantine::give_back(&app, tenant, actor, &id, reason).await?;
    Ok(Answer(shown(&mut app.store.read().await?, tenant, kept).await?))
}

pub(super) async fn dismiss(
    State(app): State<App>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Document(ReasonRequest { reason }): Document<ReasonRequest>,
) -> Result<Answer<Shown>, Error> {
    caller.staff_only()?;
    let (tenant, actor) = (&caller.tenant, &caller.actor);
    let reason = reason.unwrap_or_default();
    let kept = quarantine::dismiss(&app, tenant, actor, &id, &reason).await?;
    Ok(Answer(shown(&mut app.store.read().await?, tenant, kept).await?))
}

async fn shown(
    transaction: &mut Transaction,
    tenant: &str,
    kept: Quarantined,
) -> Result<Shown, Error> {
    let entry = quarantine::read(&kept)?;
    let proposals = if kept.state == QuarantineState::Open {
        proposals(transaction, tenant, &entry).await?
    } else {
        Vec::new()
    };
    let Quarantined { id, state, at_ms, order, user, reason, ended_ms, .. } = kept;
    let exception = (state == QuarantineState::Open).then(|| entry.exception(at_ms));
    Ok(Shown {
        id,
        entry,
        state,
        received_ms: at_ms,
        exception,
        proposals,
        order,
        by: user,
        reason,
        ended_ms,
    })
}
