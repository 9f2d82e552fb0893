//! Placing an order over plain HTTP: the same decision, for callers that keep no copy.

use orderkit::{
    Actor, Code, Context, Draft, Envelope, Expectation, Issue, Place, Refusal, Role,
    json::FromJson,
    replica::protocol::{CommandResult, Verdict},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    buyer, context,
    decision::{Decider, Setting},
    fresh, own, tenant_rules,
};
use crate::{
    app::App,
    error::Error,
    store::{StoreError, StoredOrder},
};

/// What is to be placed: `POST /v1/{tenant}/orders`.
#[derive(Debug, Serialize, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PlaceRequest {
    /// What is ordered.
    pub draft: Draft,
    /// The price that the buyer saw; today's price if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expectation>,
}

/// A placed order, and whether this request made it.
pub(crate) struct Placed {
    pub stored: StoredOrder,
    pub is_new: bool,
}

/// Places an order once, however often the request comes: `key` is its command and its id.
pub(crate) async fn place(
    app: &App,
    tenant: &str,
    actor: &Actor,
    key: Uuid,
    request: PlaceRequest,
) -> Result<Placed, Error> {
    let now_ms = app.now_ms();
    let client = client_of(tenant, actor);
    let mut transaction = app.store.write().await?;
    let head = transaction.lock_head(tenant).await?.ok_or(Error::TokenForbids)?;
    let asked = serde_json::to_vec(&request).map_err(unwritable)?;
    let hash = Sha256::digest(&asked).to_vec();
    if let Some(first) = transaction.first_command(tenant, key).await? {
        if first.client != client || first.hash != hash {
            let issue = Issue::new(Code::IdempotencyKeyInvalid, "");
            return Err(Error::Refused(issue.into()));
        }
        accepted(first.result)?;
        let stored = transaction.order(tenant, first.order).await?.ok_or_else(missing)?;
        return Ok(Placed { stored, is_new: false });
    }

    let rules = tenant_rules(app, &mut transaction, tenant).await?;
    let expect = match request.expect {
        Some(expect) => expect,
        None => {
            let draft = &request.draft;
            let buyer = buyer(actor, &draft.details);
            let buyer = buyer.as_deref();
            let known = context(&mut transaction, tenant, &[&rules], draft, buyer).await?;
            let context = Context { now_ms, may_adjust: actor.role != Role::Customer, ..known };
            Expectation {
                // Without a price there is nothing to agree on: the decision says why.
                total_minor: orderkit::quote(draft, &rules, &context)
                    .map(|quote| quote.totals.gross_minor)
                    .unwrap_or_default(),
                ruleset_digest: rules.digest().to_owned(),
                payable_minor: None,
            }
        }
    };
    let mark = transaction.client(tenant, client).await?.unwrap_or_else(|| fresh(actor));
    let mut mark = own(mark, actor)?;
    let place = Place { draft: request.draft, number: None, expect };
    let envelope = envelope(mark.last_n.saturating_add(1), key, now_ms, &place)?;

    let setting = Setting::new(app, &mut transaction, tenant, client, actor, now_ms).await?;
    let mut decider = Decider::new(&mut transaction, setting, head.seq);
    let result = decider.decide(&envelope, &hash).await?;
    if result.verdict == Verdict::Rejected {
        // Nothing is kept of a refusal: the caller may mend the draft and send it under this key.
        return Err(refused(result.issues));
    }
    let stored = decider.order(key).cloned();
    let seq = decider.finish().await?;
    if result.verdict != Verdict::Deferred {
        // A deferred command keeps its counter, so that a second failure is seen as one.
        mark.last_n = envelope.n;
    }
    transaction.set_client(tenant, client, &mark).await?;
    transaction.commit().await?;
    if seq > head.seq {
        app.pokes.send(tenant, seq);
    }
    accepted(result)?;
    Ok(Placed { stored: stored.ok_or_else(missing)?, is_new: true })
}

/// Callers without a copy share one counter a user.
fn client_of(tenant: &str, actor: &Actor) -> Uuid {
    let hash = Sha256::digest(format!("{tenant}\n{}", actor.user));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = of_hash);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn envelope(n: u64, key: Uuid, at_ms: i64, place: &Place) -> Result<Envelope, Error> {
    let args = serde_json::value::to_raw_value(place);
    let args = args.map_err(unwritable)?;
    Ok(Envelope { n, id: key, order: key, kind: "place@1".to_owned(), base: 0, at_ms, args })
}

/// The refusal of a command that was not accepted, seen from the request body.
fn accepted(result: CommandResult) -> Result<(), Error> {
    if result.verdict == Verdict::Accepted {
        return Ok(());
    }
    if result.verdict == Verdict::Deferred {
        return Err(Error::Store(StoreError::Busy));
    }
    Err(refused(result.issues))
}

fn refused(issues: Vec<Issue>) -> Error {
    let from_body = |mut issue: Issue| {
        if let Some(path) = issue.path.strip_prefix("/args") {
            issue.path = path.to_owned();
        }
        issue
    };
    let issues = issues.into_iter().map(from_body).collect();
    Error::Refused(Refusal { issues })
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Store(StoreError::Corrupt(error.to_string()))
}

fn missing() -> Error {
    Error::Store(StoreError::Corrupt("an accepted order is missing".to_owned()))
}
