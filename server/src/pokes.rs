//! Telling those who listen that something changed. A poke that is lost costs time, never data.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{app::App, error::Error, store::Head};

/// How often a server looks for what others have changed.
const EVERY: Duration = Duration::from_millis(250);

/// The last change of each tenant that somebody listens to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pokes(Arc<Mutex<HashMap<String, Heard>>>);

/// What the listeners of a tenant were told.
#[derive(Debug)]
struct Heard {
    sender: watch::Sender<u64>,
    /// How often the rules had been replaced.
    rules: u64,
}

impl Pokes {
    /// Tells all listeners of a tenant where its feed stands.
    pub fn send(&self, tenant: &str, seq: u64) {
        self.with(tenant, |heard| {
            heard.sender.send_if_modified(|known| {
                let is_news = *known < seq;
                *known = seq.max(*known);
                is_news
            });
        });
    }

    /// Tells all listeners to ask again, though no order changed: the rules did.
    pub fn send_again(&self, tenant: &str) {
        self.with(tenant, |heard| heard.sender.send_modify(|_| {}));
    }

    /// Tells all listeners what another process has changed, if it has.
    fn send_news(&self, tenant: &str, seq: u64, rules: u64) {
        self.with(tenant, |heard| {
            if heard.rules != rules {
                heard.rules = rules;
                heard.sender.send_modify(|_| {});
            }
        });
        self.send(tenant, seq);
    }

    fn with(&self, tenant: &str, tell: impl FnOnce(&mut Heard)) {
        let mut all = self.all();
        if let Some(heard) = all.get_mut(tenant) {
            tell(heard);
            if heard.sender.is_closed() {
                all.remove(tenant);
            }
        }
    }

    /// Listens to a tenant whose feed stands there. The first poke comes at once.
    pub fn listen(&self, tenant: &str, head: &Head) -> watch::Receiver<u64> {
        let mut all = self.all();
        let heard = all
            .entry(tenant.to_owned())
            .or_insert_with(|| Heard { sender: watch::Sender::new(head.seq), rules: head.rules });
        let mut receiver = heard.sender.subscribe();
        receiver.mark_changed();
        receiver
    }

    fn tenants(&self) -> Vec<String> {
        self.all().keys().cloned().collect()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Heard>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks for what other processes have changed, until the server closes. There are none on a database of one's own.
pub(crate) async fn run(app: App, mut closing: watch::Receiver<bool>) {
    if !app.store.is_shared() {
        return;
    }
    loop {
        if let Err(error) = app.hear_other_processes().await {
            tracing::warn!(?error, "pokes: trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
    }
}

impl App {
    /// Tells those who listen what other processes have changed: one query for all tenants that somebody listens to.
    ///
    /// # Errors
    ///
    /// [`Error`] if the store fails; what was missed is told the next time.
    pub async fn hear_other_processes(&self) -> Result<(), Error> {
        let tenants = self.pokes.tenants();
        if tenants.is_empty() {
            return Ok(());
        }
        for (tenant, seq, rules) in self.store.read().await?.heads(&tenants).await? {
            self.pokes.send_news(&tenant, seq, rules);
        }
        Ok(())
    }
}
