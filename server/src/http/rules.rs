//! `GET` and `PUT /v1/{tenant}/ruleset`, and `GET /v1/{tenant}/ruleset/versions`: the rules, and the earlier ones.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use orderkit::Code;
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    document::{Answer, Parameters, Path, Raw, json},
};
use crate::{
    app::App,
    error::Error,
    save::{Replaced, Saving},
    store::RulesVersion,
};

/// Versions in a list at most: a change every working day for two years.
const MAX_VERSIONS: u32 = 500;

/// How to save.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SaveParameters {
    /// Whether what the linter warns of is meant.
    #[serde(default)]
    accept_warnings: bool,
}

/// The versions that a tenant has had.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Versions {
    /// The one in force first.
    versions: Vec<RulesVersion>,
}

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

/// Saves rules as a new version. With `If-Match` only if nobody has saved others since that digest.
pub(super) async fn replace(
    State(app): State<App>,
    caller: Caller,
    Parameters(parameters): Parameters<SaveParameters>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Answer<Replaced>, Error> {
    caller.admins_only()?;
    let base = headers.get(header::IF_MATCH).and_then(|tag| tag.to_str().ok());
    let base = base.map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'));
    let saving = Saving {
        user: &caller.actor.user,
        base: base.filter(|tag| *tag != "*"),
        accept_warnings: parameters.accept_warnings,
    };
    app.save_rules(&caller.tenant, &body, &saving).await.map(Answer)
}

pub(super) async fn versions(
    State(app): State<App>,
    caller: Caller,
) -> Result<Answer<Versions>, Error> {
    caller.admins_only()?;
    let mut transaction = app.store.read().await?;
    let versions = transaction.rules_versions(&caller.tenant, MAX_VERSIONS).await?;
    Ok(Answer(Versions { versions }))
}

pub(super) async fn version(
    State(app): State<App>,
    caller: Caller,
    Path((_, digest)): Path<(String, String)>,
) -> Result<Response, Error> {
    caller.admins_only()?;
    let mut transaction = app.store.read().await?;
    let found = transaction.rules_of_digest(&caller.tenant, &digest).await?;
    let rules = found.ok_or(Error::NotFound(Code::RulesetUnknown))?;
    Ok(json(rules.body.into_bytes()))
}
