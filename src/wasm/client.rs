//! Clients by handle. See [`crate::client::Client`] for what each call means.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{handles::CLIENTS, whole};
use crate::{
    api::{self, client as calls},
    client::{self, Client, Retry, Writes},
    issue::Refusal,
    json::{self, ToJson},
    ruleset::Rules,
};

#[inline(never)]
pub(super) fn with_client(handle: u32, act: &mut dyn FnMut(&mut Client) -> Vec<u8>) -> Vec<u8> {
    CLIENTS
        .with(|table| table.with(handle, act))
        .unwrap_or_else(|refusal| api::answer::<()>("", Err(refusal)))
}

fn done<E: Into<Refusal>>(result: Result<(), E>) -> Vec<u8> {
    api::answer("done", result.map(|()| true).map_err(Into::into))
}

#[derive(ToJson)]
struct Begun {
    handle: u32,
    writes: Writes,
}

/// `{"ok":true,"begun":{"handle","writes"}}` [`Client::begin`]
#[wasm_bindgen(js_name = beginClient)]
pub fn begin_client(ruleset: &[u8], request: &[u8]) -> Vec<u8> {
    let begun = Rules::from_json(ruleset).and_then(|rules| calls::begin(rules, request));
    api::answer(
        "begun",
        begun.map(|(client, writes)| Begun {
            handle: CLIENTS.with(|table| table.insert(client)),
            writes,
        }),
    )
}

/// `{"ok":true,"handle":…}` [`Client::open`]
#[wasm_bindgen(js_name = openClient)]
pub fn open_client(ruleset: &[u8], progress: &[u8]) -> Vec<u8> {
    let opened = Rules::from_json(ruleset).and_then(|rules| calls::open(rules, progress));
    api::answer("handle", opened.map(|client| CLIENTS.with(|table| table.insert(client))))
}

/// Frees a client.
#[wasm_bindgen(js_name = dropClient)]
pub fn drop_client(handle: u32) {
    CLIENTS.with(|table| table.remove(handle));
}

/// What to read: `{"ok":true,"reading":…}` [`Client::stale`]
#[wasm_bindgen(js_name = clientStale)]
pub fn client_stale(handle: u32, progress: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::stale(client, progress))
}

/// [`Client::restart`]
#[wasm_bindgen(js_name = clientRestart)]
pub fn client_restart(handle: u32, progress: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::restart(client, progress))
}

/// `{"ok":true,"loaded":…}` [`Client::load_rules`]
#[wasm_bindgen(js_name = clientLoadRules)]
pub fn client_load_rules(handle: u32, ruleset: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| api::answer("loaded", Ok(client.load_rules(ruleset))))
}

/// [`Client::load_rows`]
#[wasm_bindgen(js_name = clientLoadRows)]
pub fn client_load_rows(handle: u32, key: f64, page: &[u8]) {
    with_client(handle, &mut |client| {
        client.load_rows(whole(key).unsigned_abs(), page);
        Vec::new()
    });
}

/// [`Client::load_logs`]
#[wasm_bindgen(js_name = clientLoadLogs)]
pub fn client_load_logs(handle: u32, key: f64, mut piece: Option<Vec<u8>>) -> bool {
    let mut is_good = false;
    with_client(handle, &mut |client| {
        is_good = client.load_logs(whole(key).unsigned_abs(), piece.take());
        Vec::new()
    });
    is_good
}

/// `{"ok":true,"keys":[…]}` [`Client::logs_of`]
#[wasm_bindgen(js_name = clientLogsOf)]
pub fn client_logs_of(handle: u32, order: &str) -> Vec<u8> {
    with_client(handle, &mut |client| calls::logs_of(client, order))
}

/// `{"ok":true,"keys":[…]}` [`crate::replica::Replica::wanted_logs`]
#[wasm_bindgen(js_name = clientWantedLogs)]
pub fn client_wanted_logs(handle: u32, most: u32) -> Vec<u8> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    with_client(handle, &mut |client| api::answer("keys", Ok(client.replica().wanted_logs(most))))
}

/// `{"ok":true,"keys":[…]}` [`crate::replica::Replica::logs_to_pack`]
#[wasm_bindgen(js_name = clientLogsToPack)]
pub fn client_logs_to_pack(handle: u32) -> Vec<u8> {
    with_client(handle, &mut |client| api::answer("keys", Ok(client.replica().logs_to_pack())))
}

/// [`Client::forget_commands`]
#[wasm_bindgen(js_name = clientForgetCommands)]
pub fn client_forget_commands(handle: u32, upto: f64, from: f64) {
    with_client(handle, &mut |client| {
        client.forget_commands(whole(upto).unsigned_abs(), whole(from).unsigned_abs());
        Vec::new()
    });
}

/// [`Client::fold_more`]
#[wasm_bindgen(js_name = clientFoldMore)]
pub fn client_fold_more(handle: u32) -> bool {
    let mut is_more = false;
    with_client(handle, &mut |client| {
        is_more = client.fold_more();
        Vec::new()
    });
    is_more
}

/// [`Client::load_records`]
#[wasm_bindgen(js_name = clientLoadRecords)]
pub fn client_load_records(handle: u32, records: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| done(client.load_records(records)))
}

/// `{"ok":true,"mending":…}` [`Client::caught_up`]
#[wasm_bindgen(js_name = clientCaughtUp)]
pub fn client_caught_up(handle: u32, progress: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::caught_up(client, progress))
}

/// `{"ok":true,"appended":…}` [`Client::append`]
#[wasm_bindgen(js_name = clientAppend)]
pub fn client_append(handle: u32, inputs: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::append(client, inputs))
}

/// `{"ok":true,"writes":…}` [`Client::dismiss`]
#[wasm_bindgen(js_name = clientDismiss)]
pub fn client_dismiss(handle: u32, n: f64) -> Vec<u8> {
    with_client(handle, &mut |client| calls::writes(client.dismiss(whole(n).unsigned_abs())))
}

/// The body of the next request. [`Client::request`]
#[wasm_bindgen(js_name = clientRequest)]
pub fn client_request(handle: u32, limit: u32) -> Vec<u8> {
    with_client(handle, &mut |client| client.request(limit))
}

/// `{"ok":true,"left":…}` [`Client::begin_answer`]
#[wasm_bindgen(js_name = clientBeginAnswer)]
pub fn client_begin_answer(handle: u32, body: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::begin_answer(client, body))
}

/// `{"ok":true,"left":…}` [`Client::read_changes`]
#[wasm_bindgen(js_name = clientReadChanges)]
pub fn client_read_changes(handle: u32, most: u32) -> Vec<u8> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    with_client(handle, &mut |client| calls::read_changes(client, most))
}

/// `{"ok":true,"received":…}` [`Client::finish_answer`]
#[wasm_bindgen(js_name = clientFinishAnswer)]
pub fn client_finish_answer(handle: u32, now_ms: f64) -> Vec<u8> {
    with_client(handle, &mut |client| calls::finish_answer(client, whole(now_ms)))
}

/// The bytes of a page or a piece to put. [`Client::new_page`]
#[wasm_bindgen(js_name = clientNewPage)]
pub fn client_new_page(handle: u32, key: f64) -> Vec<u8> {
    with_client(handle, &mut |client| client.new_page(whole(key).unsigned_abs()).to_vec())
}

/// `{"ok":true,"settled":…}` [`Client::settle`]
#[wasm_bindgen(js_name = clientSettle)]
pub fn client_settle(handle: u32) -> Vec<u8> {
    with_client(handle, &mut calls::settle)
}

/// [`Client::abandon`]
#[wasm_bindgen(js_name = clientAbandon)]
pub fn client_abandon(handle: u32) {
    with_client(handle, &mut |client| {
        client.abandon();
        Vec::new()
    });
}

/// `{"ok":true,"writes":…}` [`Client::rename`]
#[wasm_bindgen(js_name = clientRename)]
pub fn client_rename(handle: u32, old: &str, new: &str) -> Vec<u8> {
    with_client(handle, &mut |client| calls::rename(client, old, new))
}

/// `{"ok":true,"writes":…}` [`Client::set_aside`]
#[wasm_bindgen(js_name = clientSetAside)]
pub fn client_set_aside(handle: u32, new: &str, issue: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::set_aside(client, new, issue))
}

/// `{"ok":true,"writes":…}` [`Client::rebuild`]
#[wasm_bindgen(js_name = clientRebuild)]
pub fn client_rebuild(handle: u32, new: &str, now_ms: f64) -> Vec<u8> {
    with_client(handle, &mut |client| calls::rebuild(client, new, whole(now_ms)))
}

/// `{"ok":true,"writes":…}` [`Client::mend`]
#[wasm_bindgen(js_name = clientMend)]
pub fn client_mend(handle: u32, now_ms: f64) -> Vec<u8> {
    with_client(handle, &mut |client| calls::writes(Some(client.mend(whole(now_ms)))))
}

/// `{"ok":true,"writes":…}` [`Client::drop_confirmed`]
#[wasm_bindgen(js_name = clientDropConfirmed)]
pub fn client_drop_confirmed(handle: u32) -> Vec<u8> {
    with_client(handle, &mut |client| calls::writes(Some(client.drop_confirmed(None))))
}

/// `{"ok":true,"writes":…}` [`Client::pack`]
#[wasm_bindgen(js_name = clientPack)]
pub fn client_pack(handle: u32) -> Vec<u8> {
    with_client(handle, &mut |client| api::answer("writes", client.pack()))
}

/// The unsent commands as a file. [`Client::export_unsent`]
#[wasm_bindgen(js_name = clientExportUnsent)]
pub fn client_export_unsent(handle: u32, now_ms: f64) -> Vec<u8> {
    with_client(handle, &mut |client| json::write(&client.export_unsent(whole(now_ms))))
}

/// `{"ok":true,"writes":…}`, which may be `null`. [`Client::act_as`]
#[wasm_bindgen(js_name = clientActAs)]
pub fn client_act_as(handle: u32, actor: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::act_as(client, actor))
}

/// `{"ok":true,"imported":…}` [`Client::import_unsent`]
#[wasm_bindgen(js_name = clientImportUnsent)]
pub fn client_import_unsent(handle: u32, file: &[u8]) -> Vec<u8> {
    with_client(handle, &mut |client| calls::import_unsent(client, file))
}

/// [`Client::begin_exchange`]
#[wasm_bindgen(js_name = clientBeginExchange)]
pub fn client_begin_exchange(handle: u32, first_ms: f64, longest_ms: f64) {
    let retry = Retry { first: whole(first_ms), longest: whole(longest_ms) };
    with_client(handle, &mut |client| {
        client.begin_exchange(retry);
        Vec::new()
    });
}

/// [`client::backoff`]
#[wasm_bindgen]
pub fn backoff(faults: u32, first_ms: f64, longest_ms: f64, random: u32) -> f64 {
    let retry = Retry { first: whole(first_ms), longest: whole(longest_ms) };
    client::backoff(faults, retry, random) as f64
}

/// `{"ok":true,"step":…}` [`Client::hear`]
#[wasm_bindgen(js_name = clientHear)]
pub fn client_hear(handle: u32, response: &[u8], random: u32) -> Vec<u8> {
    with_client(handle, &mut |client| calls::hear(client, response, random))
}

/// `{"ok":true,"step":…}` [`Client::took`]
#[wasm_bindgen(js_name = clientTook)]
pub fn client_took(handle: u32, outcome: &[u8], random: u32) -> Vec<u8> {
    with_client(handle, &mut |client| calls::took(client, outcome, random))
}

/// `{"ok":true,"step":…}` [`Client::found_unreadable`]
#[wasm_bindgen(js_name = clientFoundUnreadable)]
pub fn client_found_unreadable(handle: u32, issue: &[u8], random: u32) -> Vec<u8> {
    with_client(handle, &mut |client| calls::found_unreadable(client, issue, random))
}

/// `{"ok":true,"step":…}` [`Client::could_not_store`]
#[wasm_bindgen(js_name = clientCouldNotStore)]
pub fn client_could_not_store(handle: u32, random: u32) -> Vec<u8> {
    with_client(handle, &mut |client| api::answer("step", Ok(client.could_not_store(random))))
}

/// `{"ok":true,"standing":…}`
#[wasm_bindgen(js_name = clientStanding)]
pub fn client_standing(handle: u32) -> Vec<u8> {
    with_client(handle, &mut |client| calls::standing(client))
}
