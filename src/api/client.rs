//! What a client does, as JSON in, JSON out. See [`crate::client`].

use uuid::Uuid;

use super::{answer, order_id};
use crate::{
    client::{Client, Outcome, Progress, Response, Settled, Unsent, Writes},
    issue::{Issue, Refusal},
    json::{self, FromJson, ToJson},
    order::Actor,
    ruleset::Rules,
};

#[derive(FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Beginning {
    client: Uuid,
    actor: Actor,
    now_ms: i64,
}

/// Begins a copy that is not stored yet.
///
/// # Errors
///
/// A shape error of the request.
pub fn begin(rules: Rules, request: &[u8]) -> Result<(Client, Writes), Refusal> {
    let Beginning { client, actor, now_ms } = json::read(request)?;
    Ok(Client::begin(rules, client, actor, now_ms))
}

/// Opens a copy at its stored progress.
///
/// # Errors
///
/// A shape error of the progress.
pub fn open(rules: Rules, progress: &[u8]) -> Result<Client, Refusal> {
    Ok(Client::open(rules, json::read(progress)?))
}

/// `{"ok":true,"reading":…}` [`Client::stale`]
pub fn stale(client: &Client, progress: &[u8]) -> Vec<u8> {
    let read = json::read::<Progress>(progress).map_err(Refusal::from);
    answer("reading", read.map(|progress| client.stale(&progress)))
}

/// `{"ok":true,"done":true}` [`Client::restart`]
pub fn restart(client: &mut Client, progress: &[u8]) -> Vec<u8> {
    let read = json::read::<Progress>(progress).map_err(Refusal::from);
    answer("done", read.map(|progress| client.restart(progress)).map(|()| true))
}

/// `{"ok":true,"mending":…}` [`Client::caught_up`]
pub fn caught_up(client: &mut Client, progress: &[u8]) -> Vec<u8> {
    let read = json::read::<Progress>(progress).map_err(Refusal::from);
    answer("mending", read.map(|progress| client.caught_up(progress)))
}

/// `{"ok":true,"appended":…}` [`Client::append`]
pub fn append(client: &mut Client, inputs: &[u8]) -> Vec<u8> {
    let read = json::read(inputs).map_err(Refusal::from);
    answer("appended", read.and_then(|inputs| client.append(inputs)))
}

/// `{"ok":true,"writes":…}`, `null` if there is nothing to write.
pub fn writes(writes: Option<Writes>) -> Vec<u8> {
    answer("writes", Ok(writes))
}

/// `{"ok":true,"left":…}` [`Client::begin_answer`]
pub fn begin_answer(client: &mut Client, body: &[u8]) -> Vec<u8> {
    answer("left", client.begin_answer(body))
}

/// `{"ok":true,"left":…}` [`Client::read_changes`]
pub fn read_changes(client: &mut Client, most: usize) -> Vec<u8> {
    answer("left", client.read_changes(most))
}

/// `{"ok":true,"received":…}` [`Client::finish_answer`]
pub fn finish_answer(client: &mut Client, now_ms: i64) -> Vec<u8> {
    answer("received", client.finish_answer(now_ms))
}

/// The keys of pieces of logs: `{"ok":true,"keys":[…]}` [`Client::logs_of`]
pub fn logs_of(client: &Client, order: &str) -> Vec<u8> {
    answer("keys", order_id(order).map(|order| client.logs_of(order)))
}

/// `{"ok":true,"settled":…}` [`Client::settle`]
pub fn settle(client: &mut Client) -> Vec<u8> {
    answer::<Settled>("settled", client.settle())
}

/// `{"ok":true,"writes":…}` [`Client::rename`]
pub fn rename(client: &mut Client, old: &str, new: &str) -> Vec<u8> {
    let mut rename = || -> Result<_, Refusal> { Ok(client.rename(order_id(old)?, order_id(new)?)) };
    answer("writes", rename())
}

/// `{"ok":true,"writes":…}` [`Client::set_aside`]
pub fn set_aside(client: &mut Client, new: &str, issue: &[u8]) -> Vec<u8> {
    let mut set_aside = || -> Result<_, Refusal> {
        let issue: Issue = json::read(issue)?;
        Ok(client.set_aside(order_id(new)?, &issue))
    };
    answer("writes", set_aside())
}

/// `{"ok":true,"writes":…}` [`Client::rebuild`]
pub fn rebuild(client: &mut Client, new: &str, now_ms: i64) -> Vec<u8> {
    answer("writes", order_id(new).map(|new| client.rebuild(new, now_ms)))
}

/// `{"ok":true,"writes":…}` [`Client::act_as`]
pub fn act_as(client: &mut Client, actor: &[u8]) -> Vec<u8> {
    let read = json::read::<Actor>(actor).map_err(Refusal::from);
    answer("writes", read.map(|actor| client.act_as(actor)))
}

/// `{"ok":true,"imported":…}` [`Client::import_unsent`]
pub fn import_unsent(client: &mut Client, file: &[u8]) -> Vec<u8> {
    let read = json::read::<Unsent>(file).map_err(Refusal::from);
    answer("imported", read.and_then(|file| client.import_unsent(file)))
}

/// `{"ok":true,"step":…}` [`Client::hear`]
pub fn hear(client: &mut Client, response: &[u8], random: u32) -> Vec<u8> {
    let read = json::read::<Response>(response).map_err(Refusal::from);
    answer("step", read.map(|response| client.hear(&response, random)))
}

/// `{"ok":true,"step":…}` [`Client::took`]
pub fn took(client: &mut Client, outcome: &[u8], random: u32) -> Vec<u8> {
    let read = json::read::<Outcome>(outcome).map_err(Refusal::from);
    answer("step", read.map(|outcome| client.took(outcome, random)))
}

/// `{"ok":true,"step":…}` [`Client::found_unreadable`]
pub fn found_unreadable(client: &mut Client, issue: &[u8], random: u32) -> Vec<u8> {
    let read = json::read::<Issue>(issue).map_err(Refusal::from);
    answer("step", read.map(|issue| client.found_unreadable(&issue, random)))
}

#[derive(ToJson)]
#[serde(rename_all = "camelCase")]
struct Standing<'a> {
    orders: usize,
    unsent: usize,
    refused: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_unsent_ms: Option<i64>,
    progress: &'a Progress,
}

/// `{"ok":true,"standing":{"orders","unsent","refused","oldestUnsentMs","progress"}}`
pub fn standing(client: &Client) -> Vec<u8> {
    let replica = client.replica();
    let standing = Standing {
        orders: replica.confirmed_count(),
        unsent: replica.waiting_count(),
        refused: replica.refused_count(),
        oldest_unsent_ms: replica.oldest_waiting_ms(),
        progress: client.progress(),
    };
    answer("standing", Ok(standing))
}
