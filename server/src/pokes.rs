//! Telling those who listen that something changed. A poke that is lost costs time, never data.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

/// The last change of each tenant that somebody listens to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pokes(Arc<Mutex<HashMap<String, watch::Sender<u64>>>>);

impl Pokes {
    /// Tells all listeners of a tenant where its feed stands.
    pub fn send(&self, tenant: &str, seq: u64) {
        self.with(tenant, |sender| {
            sender.send_replace(seq);
        });
    }

    /// Tells all listeners to ask again, though no order changed: the rules did.
    pub fn send_again(&self, tenant: &str) {
        self.with(tenant, |sender| sender.send_modify(|_| {}));
    }

    fn with(&self, tenant: &str, tell: impl FnOnce(&watch::Sender<u64>)) {
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = senders.get(tenant) {
            tell(sender);
            if sender.is_closed() {
                senders.remove(tenant);
            }
        }
    }

    /// Listens to a tenant whose feed stands at `seq`. The first poke comes at once.
    pub fn listen(&self, tenant: &str, seq: u64) -> watch::Receiver<u64> {
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = senders.entry(tenant.to_owned()).or_insert_with(|| watch::Sender::new(seq));
        let mut receiver = sender.subscribe();
        receiver.mark_changed();
        receiver
    }
}
