//! Sync: commands up, verdicts and changes down, in one round trip and one transaction.
//!
//! A command is decided exactly once. Each client numbers its commands without gaps, and the server
//! keeps for ever how far it has decided them; what comes again gets its stored verdict. A bad
//! command never fails a request, or everything behind it would wait for ever.

use std::collections::BTreeMap;

use orderkit::{
    Actor, Code, Envelope, Issue, Role,
    limits::{MAX_CHANGES_PER_SYNC, MAX_COMMANDS_PER_SYNC},
    replica::protocol::{CommandResult, PROTOCOL_VERSION, SyncRequest, SyncResponse, Verdict},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    again::Again,
    app::App,
    error::Error,
    failpoint,
    store::{ClientMark, Head, StoreError, Transaction},
};

mod buyer;
mod decision;
mod device;
mod edit;
mod facts;
mod fingerprint;
mod lease;
mod next;
mod place;
mod review;
mod serial;
mod single;
mod stock;
mod stock_lease;
mod used;

pub(crate) use buyer::{buyer, context};
use decision::{Decider, Setting};
pub(crate) use device::{server_code, tenant_rules};
pub(crate) use edit::edit_context;
pub(crate) use lease::{counter as serial_counter, give_back};
pub(crate) use place::{PlaceRequest, place};
pub(crate) use single::{Asked, Done, Single, command, hash_of};
pub(crate) use stock::{Mover, about as stock_about, count as count_stock};
pub(crate) use stock_lease::give_back as give_back_stock;

/// Earlier verdicts that are repeated at most.
const MAX_REPEATED: u32 = 1_000;

/// The part of a request that every version of the protocol has.
#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

/// Reads the body of a sync request.
pub(crate) fn read(body: &[u8]) -> Result<SyncRequest, Error> {
    orderkit::json::read(body).map_err(|issue| {
        // A request of another version has another shape: that is not the client's mistake.
        match serde_json::from_slice::<Versioned>(body) {
            Ok(Versioned { v }) if v != PROTOCOL_VERSION => Error::ProtocolUnknown,
            _ => Error::Malformed(issue),
        }
    })
}

/// Answers a sync request; once more if the database was in the way. That is safe even if it is not known whether the
/// commands were decided: the counter of the client tells.
pub(crate) async fn answer(
    app: &App,
    tenant: &str,
    actor: &Actor,
    request: &SyncRequest,
) -> Result<SyncResponse, Error> {
    check(request)?;
    let mut again = Again::keyed(app);
    loop {
        match answer_once(app, tenant, actor, request).await {
            Err(error) if again.after(&error).await => {}
            answer => return answer,
        }
    }
}

async fn answer_once(
    app: &App,
    tenant: &str,
    actor: &Actor,
    request: &SyncRequest,
) -> Result<SyncResponse, Error> {
    if !request.commands.is_empty() {
        return answer_commands(app, tenant, actor, request).await;
    }
    let mut transaction = app.store.read().await?;
    let mark = transaction.client(tenant, request.client).await?;
    let is_new = mark.as_ref().is_none_or(|mark| request.ack > mark.acked_n);
    let lacks_number = device::lacks(app, &mut transaction, tenant, request.client).await?;
    let lacks = lacks_number || lacks_stock(app, &mut transaction, tenant, actor, request).await?;
    if is_new || lacks {
        drop(transaction);
        return answer_commands(app, tenant, actor, request).await;
    }
    // Nothing to decide: the readers do not wait for each other.
    let mark = own(mark.unwrap_or_else(|| fresh(actor)), actor)?;
    let head = transaction.head(tenant).await?.ok_or(Error::TokenForbids)?;
    let exchange = Exchange { app, tenant, actor, request, mark, gap: None, now_ms: app.now_ms() };
    exchange.respond(&mut transaction, head, BTreeMap::new()).await
}

async fn lacks_stock(
    app: &App,
    transaction: &mut Transaction,
    tenant: &str,
    actor: &Actor,
    request: &SyncRequest,
) -> Result<bool, Error> {
    let rules = tenant_rules(app, transaction, tenant).await?;
    let (client, now_ms) = (request.client, app.now_ms());
    Ok(stock_lease::lacks(transaction, tenant, client, actor, &rules, now_ms).await?)
}

async fn answer_commands(
    app: &App,
    tenant: &str,
    actor: &Actor,
    request: &SyncRequest,
) -> Result<SyncResponse, Error> {
    let mut transaction = app.store.write(tenant).await?;
    let head = transaction.head(tenant).await?.ok_or(Error::TokenForbids)?;
    let mark = transaction.client(tenant, request.client).await?;
    let mut mark = own(mark.unwrap_or_else(|| fresh(actor)), actor)?;
    device::ensure(app, &mut transaction, tenant, request.client).await?;

    let now_ms = app.now_ms();
    stock_lease::end_over(&mut transaction, tenant, now_ms).await?;
    let gap = first_gap(&request.commands, mark.last_n);
    let mut results = BTreeMap::new();
    let mut seq = head.seq;
    if gap.is_none() {
        let client = request.client;
        let setting = Setting::new(app, &mut transaction, tenant, client, actor, now_ms).await?;
        let mut decider = Decider::new(&mut transaction, setting, head.seq);
        decide_all(&mut decider, &request.commands, &mut mark, &mut results).await?;
        seq = decider.finish().await?;
    }
    // After the commands: what they used of a block is used.
    device::ensure_block(app, &mut transaction, tenant, request.client).await?;
    let rules = tenant_rules(app, &mut transaction, tenant).await?;
    let client = request.client;
    let mover = Mover { tenant, client, actor, now_ms, rules: &rules };
    stock_lease::ensure(&mut transaction, mover).await?;
    mark.acked_n = mark.acked_n.max(request.ack.min(mark.last_n));
    transaction.set_client(tenant, request.client, &mark).await?;
    let moved = seq > head.seq;
    let head = Head { seq, ..head };
    let exchange = Exchange { app, tenant, actor, request, mark, gap, now_ms };
    let response = exchange.respond(&mut transaction, head, results).await?;
    failpoint::reach("before_commit");
    transaction.commit().await?;
    failpoint::reach("after_commit");
    if moved {
        app.pokes.send(tenant, seq);
    }
    Ok(response)
}

fn check(request: &SyncRequest) -> Result<(), Error> {
    if request.v != PROTOCOL_VERSION {
        return Err(Error::ProtocolUnknown);
    }
    if request.commands.len() > MAX_COMMANDS_PER_SYNC {
        let issue = Issue::new(Code::BatchTooLarge, "/commands")
            .with("count", request.commands.len())
            .with("maximum", MAX_COMMANDS_PER_SYNC);
        return Err(Error::TooLarge(issue));
    }
    // The nil id is the server's own device, and version 8 those of callers without a copy.
    if request.client.is_nil() || request.client.get_version_num() == 8 {
        let issue = Issue::new(Code::ShapeInvalid, "/client");
        let reason = "a client makes its own id, a UUID of version 4 or 7";
        return Err(Error::Malformed(issue.with("reason", reason)));
    }
    if let Some(at) = request.commands.iter().position(|command| command.n == 0) {
        let issue = Issue::new(Code::ShapeInvalid, format!("/commands/{at}/n"));
        return Err(Error::Malformed(issue.with("reason", "the counter begins at 1")));
    }
    Ok(())
}

fn fresh(actor: &Actor) -> ClientMark {
    ClientMark { user: actor.user.clone(), last_n: 0, acked_n: 0 }
}

/// A client belongs to the user who used it first: nobody continues the counter of another.
fn own(mark: ClientMark, actor: &Actor) -> Result<ClientMark, Error> {
    if mark.user == actor.user { Ok(mark) } else { Err(Error::TokenForbids) }
}

/// The counter that is missing, if the commands skip one.
fn first_gap(commands: &[Envelope], last_n: u64) -> Option<u64> {
    let mut next = last_n.saturating_add(1);
    for command in commands {
        if command.n > next {
            return Some(next);
        }
        if command.n == next {
            next = next.saturating_add(1);
        }
    }
    None
}

async fn decide_all(
    decider: &mut Decider<'_>,
    commands: &[Envelope],
    mark: &mut ClientMark,
    results: &mut BTreeMap<u64, CommandResult>,
) -> Result<(), Error> {
    for envelope in commands {
        let hash = fingerprint::of(envelope);
        if envelope.n <= mark.last_n {
            let known = decider.known(envelope.n).await?;
            let is_same = known.as_ref().is_some_and(|it| {
                it.result.id == envelope.id && fingerprint::is(&it.hash, envelope, &hash)
            });
            match known {
                Some(known) if is_same => results.insert(envelope.n, known.result),
                // Copied or restored: the client must take a new name before anything counts.
                _ => return Err(Error::Conflict(Code::ClientForked)),
            };
            continue;
        }
        let result = decider.decide(envelope, &hash).await?;
        let is_decided = result.verdict != Verdict::Deferred;
        results.insert(envelope.n, result);
        if !is_decided {
            break;
        }
        mark.last_n = envelope.n;
    }
    Ok(())
}

/// A request on its way to an answer.
struct Exchange<'a> {
    app: &'a App,
    tenant: &'a str,
    actor: &'a Actor,
    request: &'a SyncRequest,
    mark: ClientMark,
    gap: Option<u64>,
    now_ms: i64,
}

impl Exchange<'_> {
    async fn respond(
        self,
        transaction: &mut Transaction,
        head: Head,
        mut results: BTreeMap<u64, CommandResult>,
    ) -> Result<SyncResponse, Error> {
        let Self { app, tenant, actor, request, mark, gap, now_ms } = self;
        let owner = (actor.role == Role::Customer).then_some(actor.user.as_str());
        if !(request.ack.saturating_add(1)..=mark.last_n).all(|n| results.contains_key(&n)) {
            let (client, ack) = (request.client, request.ack);
            let repeated = transaction.verdicts_after(tenant, client, ack, MAX_REPEATED).await?;
            results.extend(repeated.into_iter().map(|result| (result.n, result)));
        }

        let (since, resync) = match &request.since {
            None => (0, false),
            Some(since) if is_of(&head, since.seq, &since.epoch) => (since.seq, false),
            Some(_) => (0, true),
        };
        let most = u32::try_from(MAX_CHANGES_PER_SYNC).unwrap_or(u32::MAX);
        let limit = request.limit.clamp(1, most);
        let (changes, more) = transaction.changes(tenant, owner, since, limit).await?;
        let next = match changes.last() {
            Some(last) if more => last.seq,
            // Rows that the client may not see are passed over.
            _ => head.seq,
        };
        let digest = if more { None } else { transaction.digest(tenant, owner, head.seq).await? };
        Ok(SyncResponse {
            v: PROTOCOL_VERSION,
            epoch: head.epoch,
            time_ms: now_ms,
            processed: mark.last_n,
            device: device::code(app, transaction, tenant, request.client).await?,
            leases: lease::held(transaction, tenant, request.client).await?,
            stock: stock_lease::held(transaction, tenant, request.client, now_ms).await?,
            results: results.into_values().collect(),
            changes,
            next,
            more,
            resync,
            gap,
            ruleset: newer_rules(transaction, tenant, request.rules.as_deref()).await?,
            known: buyer::newer(app, transaction, tenant, actor, request.known.as_deref()).await?,
            digest,
        })
    }
}

/// Whether a place in the feed is one that can be continued from.
fn is_of(head: &Head, seq: u64, epoch: &str) -> bool {
    head.epoch == epoch && seq <= head.seq && (seq == 0 || seq >= head.floor)
}

async fn newer_rules(
    transaction: &mut Transaction,
    tenant: &str,
    known: Option<&str>,
) -> Result<Option<Box<RawValue>>, StoreError> {
    if transaction.current_digest(tenant).await?.as_deref() == known {
        return Ok(None);
    }
    let Some(rules) = transaction.current_rules(tenant).await? else { return Ok(None) };
    let body = RawValue::from_string(rules.body);
    body.map(Some).map_err(|error| StoreError::Corrupt(error.to_string()))
}
