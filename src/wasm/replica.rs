//! Replicas by handle. See [`crate::replica::Replica`] for what each call means.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{handles::REPLICAS, whole};
use crate::{api, issue::Refusal, json::ToJson, replica::Replica, ruleset::Rules};

#[inline(never)]
fn with_replica(handle: u32, act: &mut dyn FnMut(&mut Replica) -> Vec<u8>) -> Vec<u8> {
    REPLICAS
        .with(|table| table.with(handle, act))
        .unwrap_or_else(|refusal| api::answer::<()>("", Err(refusal)))
}

fn done<E: Into<Refusal>>(result: Result<(), E>) -> Vec<u8> {
    api::answer("done", result.map(|()| true).map_err(Into::into))
}

/// `{"ok":true,"handle":…}`
#[wasm_bindgen(js_name = openReplica)]
pub fn open_replica(ruleset: &[u8], position: &[u8]) -> Vec<u8> {
    let opened = Rules::from_json(ruleset).and_then(|rules| api::open_replica(rules, position));
    api::answer("handle", opened.map(|replica| REPLICAS.with(|table| table.insert(replica))))
}

/// Frees a replica.
#[wasm_bindgen(js_name = dropReplica)]
pub fn drop_replica(handle: u32) {
    REPLICAS.with(|table| table.remove(handle));
}

/// [`Replica::set_rules`]
#[wasm_bindgen(js_name = replicaSetRules)]
pub fn replica_set_rules(handle: u32, ruleset: &[u8]) -> Vec<u8> {
    with_replica(handle, &mut |replica| {
        done(Rules::from_json(ruleset).map(|rules| replica.set_rules(rules)))
    })
}

/// [`Replica::set_known`]
#[wasm_bindgen(js_name = replicaSetKnown)]
pub fn replica_set_known(handle: u32, known: &[u8]) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::set_known(replica, known))
}

/// [`Replica::set_offline`]
#[wasm_bindgen(js_name = replicaSetOffline)]
pub fn replica_set_offline(handle: u32, is_offline: bool) -> Vec<u8> {
    with_replica(handle, &mut |replica| {
        replica.set_offline(is_offline);
        Vec::new()
    })
}

/// `{"ok":true,"known":…}`, `null` before the first exchange. [`Replica::known_now`]
#[wasm_bindgen(js_name = replicaKnown)]
pub fn replica_known(handle: u32, now_ms: f64) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::answer("known", Ok(replica.known_now(whole(now_ms)))))
}

/// [`Replica::load_page`]
#[wasm_bindgen(js_name = replicaLoadPage)]
pub fn replica_load_page(handle: u32, mut page: Vec<u8>) -> Vec<u8> {
    with_replica(handle, &mut |replica| done(replica.load_page(core::mem::take(&mut page))))
}

/// [`Replica::load_outbox`]
#[wasm_bindgen(js_name = replicaLoadOutbox)]
pub fn replica_load_outbox(handle: u32, records: &[u8]) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::load_outbox(replica, records))
}

/// [`Replica::propose`]
#[wasm_bindgen(js_name = replicaPropose)]
pub fn replica_propose(handle: u32, inputs: &[u8]) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::propose(replica, inputs))
}

/// [`Replica::commit`]
#[wasm_bindgen(js_name = replicaCommit)]
pub fn replica_commit(handle: u32, record: &[u8]) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::commit(replica, record))
}

/// [`Replica::dismiss`]
#[wasm_bindgen(js_name = replicaDismiss)]
pub fn replica_dismiss(handle: u32, n: f64) -> Vec<u8> {
    with_replica(handle, &mut |replica| done(replica.dismiss(whole(n).unsigned_abs())))
}

/// [`Replica::rename`]
#[wasm_bindgen(js_name = replicaRename)]
pub fn replica_rename(handle: u32, client: &str) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::rename(replica, client))
}

/// The body of the next sync request. [`Replica::request`]
#[wasm_bindgen(js_name = replicaRequest)]
pub fn replica_request(handle: u32, maximum_commands: u32, limit: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| {
        let maximum = usize::try_from(maximum_commands).unwrap_or(usize::MAX);
        replica.request(maximum, limit)
    })
}

/// [`Replica::receive`]
#[wasm_bindgen(js_name = replicaReceive)]
pub fn replica_receive(handle: u32, body: &[u8]) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::answer("effects", replica.receive(body)))
}

/// The bytes of the page to store. [`Replica::received_page`]
#[wasm_bindgen(js_name = replicaReceivedPage)]
pub fn replica_received_page(handle: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| replica.received_page().to_vec())
}

/// `{"ok":true,"agrees":…}` [`Replica::settle`]
#[wasm_bindgen(js_name = replicaSettle)]
pub fn replica_settle(handle: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::answer("agrees", replica.settle()))
}

/// [`Replica::abandon`]
#[wasm_bindgen(js_name = replicaAbandon)]
pub fn replica_abandon(handle: u32) {
    with_replica(handle, &mut |replica| {
        replica.abandon();
        Vec::new()
    });
}

/// [`Replica::reset`]
#[wasm_bindgen(js_name = replicaReset)]
pub fn replica_reset(handle: u32) {
    with_replica(handle, &mut |replica| {
        replica.reset();
        Vec::new()
    });
}

/// `{"ok":true,"pages":<count>}` [`Replica::repack`]
#[wasm_bindgen(js_name = replicaRepack)]
pub fn replica_repack(handle: u32, per_page: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| {
        let per_page = usize::try_from(per_page).unwrap_or(usize::MAX);
        api::answer("pages", replica.repack(per_page).map_err(Refusal::from))
    })
}

/// The bytes of a repacked page. [`Replica::repacked_page`]
#[wasm_bindgen(js_name = replicaRepackedPage)]
pub fn replica_repacked_page(handle: u32, index: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        replica.repacked_page(index).map(<[u8]>::to_vec).unwrap_or_default()
    })
}

/// [`Replica::settle_repack`]
#[wasm_bindgen(js_name = replicaSettleRepack)]
pub fn replica_settle_repack(handle: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| done(replica.settle_repack()))
}

/// [`Replica::list`]
#[wasm_bindgen(js_name = replicaList)]
pub fn replica_list(handle: u32, query: &[u8]) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::list(replica, query))
}

/// [`Replica::order`]
#[wasm_bindgen(js_name = replicaOrder)]
pub fn replica_order(handle: u32, id: &str, now_ms: f64) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::order(replica, id, whole(now_ms)))
}

/// [`Replica::preview`]
#[wasm_bindgen(js_name = replicaPreviewReturn)]
pub fn replica_preview_return(handle: u32, id: &str, request: &[u8], now_ms: f64) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::preview(replica, id, request, whole(now_ms)))
}

/// [`Replica::preview_amendment`]
#[wasm_bindgen(js_name = replicaPreviewAmendment)]
pub fn replica_preview_amendment(handle: u32, id: &str, request: &[u8], now_ms: f64) -> Vec<u8> {
    let now_ms = whole(now_ms);
    with_replica(handle, &mut |replica| api::preview_amendment(replica, id, request, now_ms))
}

/// [`Replica::order_log`]
#[wasm_bindgen(js_name = replicaOrderLog)]
pub fn replica_order_log(handle: u32, id: &str) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::order_log(replica, id))
}

/// [`Replica::pending`]
#[wasm_bindgen(js_name = replicaPending)]
pub fn replica_pending(handle: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::answer("pending", Ok(replica.pending(None))))
}

/// [`Replica::inbox`]
#[wasm_bindgen(js_name = replicaInbox)]
pub fn replica_inbox(handle: u32, device: &[u8], now_ms: f64) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::inbox(replica, device, whole(now_ms)))
}

/// [`Replica::inbox_count`]
#[wasm_bindgen(js_name = replicaInboxCount)]
pub fn replica_inbox_count(handle: u32, device: &[u8], now_ms: f64) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::inbox_count(replica, device, whole(now_ms)))
}

#[derive(ToJson)]
#[serde(rename_all = "camelCase")]
struct Standing<'a> {
    orders: usize,
    position: &'a crate::replica::Position,
    ruleset_version: &'a str,
    ruleset_digest: &'a str,
}

/// `{"ok":true,"standing":{"orders","position","rulesetVersion","rulesetDigest"}}`
#[wasm_bindgen(js_name = replicaStanding)]
pub fn replica_standing(handle: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| {
        let rules = replica.rules();
        api::answer(
            "standing",
            Ok(Standing {
                orders: replica.confirmed_count(),
                position: replica.position(),
                ruleset_version: &rules.ruleset().version,
                ruleset_digest: rules.digest(),
            }),
        )
    })
}
