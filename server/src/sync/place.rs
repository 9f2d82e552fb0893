//! Placing an order over plain HTTP: the same decision, for callers that keep no copy.

use orderkit::{Actor, Context, Draft, Expectation, Place, Refusal, Role, json::FromJson};
use serde::Serialize;
use uuid::Uuid;

use super::{
    buyer, context,
    single::{Asked, Done, Single, hash_of},
    tenant_rules,
};
use crate::{again::Again, app::App, error::Error, store::StoreError};

/// What is to be placed: `POST /v1/{tenant}/orders`.
#[derive(Debug, Serialize, FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PlaceRequest {
    /// What is ordered.
    pub draft: Draft,
    /// The price that the buyer saw; today's price if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expectation>,
    /// It is meant, though the same buyer ordered the same goods a moment ago.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_repeat: bool,
}

/// Places an order once, however often the request comes: `key` is its command and its id.
pub(crate) async fn place(
    app: &App,
    tenant: &str,
    actor: &Actor,
    key: Uuid,
    request: PlaceRequest,
) -> Result<Done, Error> {
    let asked = serde_json::to_vec(&request).map_err(unwritable)?;
    let hash = hash_of(&[&asked]);
    let mut again = Again::keyed(app);
    loop {
        match place_once(app, tenant, actor, (key, &hash), &request).await {
            Err(error) if again.after(&error).await => {}
            done => return done,
        }
    }
}

async fn place_once(
    app: &App,
    tenant: &str,
    actor: &Actor,
    (key, hash): (Uuid, &[u8]),
    request: &PlaceRequest,
) -> Result<Done, Error> {
    let mut single = Single::begin(app, tenant, actor).await?;
    if let Some(done) = single.repeated(key, hash).await.map_err(from_body)? {
        single.transaction.commit().await?;
        return Ok(done);
    }
    let expect = match &request.expect {
        Some(expect) => expect.clone(),
        None => expectation(app, &mut single, tenant, actor, &request.draft).await?,
    };
    let PlaceRequest { draft, is_repeat, .. } = request;
    let place = Place { draft: draft.clone(), number: None, expect, is_repeat: *is_repeat };
    let args = serde_json::value::to_raw_value(&place).map_err(unwritable)?;
    let kind = "place@1".to_owned();
    let asked = Asked { key, order: key, kind, base: 0, args, hash: hash.to_vec() };
    single.decide(asked).await.map_err(from_body)
}

/// Today's price, for a caller that has seen none.
async fn expectation(
    app: &App,
    single: &mut Single<'_>,
    tenant: &str,
    actor: &Actor,
    draft: &Draft,
) -> Result<Expectation, Error> {
    let rules = tenant_rules(app, &mut single.transaction, tenant).await?;
    let buyer = buyer(actor, &draft.details);
    let buyer = buyer.as_deref();
    let known = context(&mut single.transaction, tenant, &[&rules], draft, buyer, None).await?;
    let may_adjust = actor.role != Role::Customer;
    let context = Context { now_ms: app.now_ms(), may_adjust, ..known };
    Ok(Expectation {
        // Without a price there is nothing to agree on: the decision says why.
        total_minor: orderkit::quote(draft, &rules, &context)
            .map(|quote| quote.totals.gross_minor)
            .unwrap_or_default(),
        ruleset_digest: rules.digest().to_owned(),
        payable_minor: None,
    })
}

/// A refusal as seen from the request body, which has no `/args`.
fn from_body(error: Error) -> Error {
    let Error::Refused(refusal) = error else { return error };
    let issues = refusal.issues.into_iter().map(|mut issue| {
        if let Some(path) = issue.path.strip_prefix("/args") {
            issue.path = path.to_owned();
        }
        issue
    });
    Error::Refused(Refusal { issues: issues.collect() })
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Store(StoreError::Corrupt(error.to_string()))
}
