//! What a client shows, by handle. See [`crate::replica::Replica`] for what each call means.

use wasm_bindgen::prelude::wasm_bindgen;

use super::{client::with_client, whole};
use crate::{api, replica::Replica};

#[inline(never)]
fn with_replica(handle: u32, act: &mut dyn FnMut(&mut Replica) -> Vec<u8>) -> Vec<u8> {
    with_client(handle, &mut |client| act(client.replica_mut()))
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

/// [`Replica::refused`]
#[wasm_bindgen(js_name = replicaRefused)]
pub fn replica_refused(handle: u32) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::answer("pending", Ok(replica.refused())))
}

/// [`Replica::row`]
#[wasm_bindgen(js_name = replicaRow)]
pub fn replica_row(handle: u32, id: &str) -> Vec<u8> {
    with_replica(handle, &mut |replica| api::row(replica, id))
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
