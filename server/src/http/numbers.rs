//! What became of numbers: `/v1/{tenant}/numbers/report`, `/void` and `/return`.

use axum::{extract::State, response::Response};
use orderkit::{
    Code, Issue, Refusal,
    json::FromJson,
    numbering::{Span, VoidReason, VoidRecord},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    caller::Caller,
    document::{Answer, Document, Parameters, Raw},
    keys::Key,
    once::{Asked, keep, repeated},
};
use crate::{
    app::App,
    error::Error,
    numbers::{self, NumbersReport, REPORTED_SERIES},
    sync::give_back,
};

/// Series of a report at most.
const MAX_SERIES: u32 = 1_000;

/// Which series to report.
#[derive(Deserialize, schemars::JsonSchema)]
pub(super) struct ReportParameters {
    /// How their names begin, such as `20251124`.
    #[serde(default)]
    series: String,
    limit: Option<u32>,
}

/// Serials that somebody gives up.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VoidEntry {
    series: String,
    from: u64,
    to: u64,
    reason: VoidReason,
}

/// A device whose blocks come back.
#[derive(FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReturnEntry {
    client: Uuid,
}

/// How many serials were recorded as void.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "NumbersReturned")]
pub(super) struct Returned {
    void: u64,
}

pub(super) async fn report(
    State(app): State<App>,
    caller: Caller,
    Parameters(parameters): Parameters<ReportParameters>,
) -> Result<Answer<NumbersReport>, Error> {
    caller.staff_only()?;
    let limit = parameters.limit.unwrap_or(REPORTED_SERIES).clamp(1, MAX_SERIES);
    let mut transaction = app.store.read().await?;
    let series = &parameters.series;
    Ok(Answer(numbers::report(&mut transaction, &caller.tenant, series, limit).await?))
}

pub(super) async fn void(
    State(app): State<App>,
    caller: Caller,
    Key(key): Key,
    Raw(body): Raw,
) -> Result<Response, Error> {
    caller.staff_only()?;
    let entry: VoidEntry = orderkit::json::read(&body).map_err(Error::Malformed)?;
    if entry.series.trim().is_empty() {
        return Err(Error::Refused(Issue::new(Code::Required, "/series").into()));
    }
    let record = VoidRecord {
        series: entry.series,
        span: Span { from: entry.from, to: entry.to },
        reason: entry.reason,
        by: caller.actor.user.clone(),
        at_ms: app.now_ms(),
    };
    let mut transaction = app.store.write(&caller.tenant).await?;
    transaction.head(&caller.tenant).await?.ok_or(Error::TokenForbids)?;
    let asked = Asked::new(&caller, key, &["numbers void"], &body);
    if let Some(first) = repeated(&mut transaction, &asked).await? {
        transaction.commit().await?;
        return Ok(first);
    }
    let given_up = numbers::give_up(&mut transaction, &caller.tenant, &record).await?;
    given_up.map_err(|issue| Error::Refused(Refusal::from(issue)))?;
    let answer = keep(&mut transaction, &asked, &record, app.now_ms()).await?;
    transaction.commit().await?;
    Ok(answer)
}

/// A user gives back what an own device has left; staff may say that of any device, which is lost
/// then.
pub(super) async fn give_back_blocks(
    State(app): State<App>,
    caller: Caller,
    Document(entry): Document<ReturnEntry>,
) -> Result<Answer<Returned>, Error> {
    let mut transaction = app.store.write(&caller.tenant).await?;
    transaction.head(&caller.tenant).await?.ok_or(Error::TokenForbids)?;
    let mark = transaction.client(&caller.tenant, entry.client).await?;
    let is_own = mark.is_some_and(|mark| mark.user == caller.actor.user);
    if !is_own {
        caller.staff_only()?;
    }
    let reason = if is_own { VoidReason::Returned } else { VoidReason::Lost };
    let (tenant, by) = (&caller.tenant, &caller.actor);
    let void = give_back(&mut transaction, tenant, entry.client, by, reason, app.now_ms()).await?;
    transaction.commit().await?;
    Ok(Answer(Returned { void }))
}
