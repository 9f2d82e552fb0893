//! Doing what orders wait for, when the time has come: expiring, confirming receipt, completing.
//!
//! The server gives the same commands as people do, as an actor of its own. Nothing is kept beside the
//! orders: after a restart the work goes on where it stood, and two processes that try the same do it once.

use std::time::Duration;

use orderkit::{
    Actor, CommandKind, Role,
    status::{Deadline, deadlines},
};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    app::App,
    error::Error,
    sync::{self, Asked, hash_of, tenant_rules},
};

/// How often the server looks.
const EVERY: Duration = Duration::from_secs(2);
/// Orders that are worked on before the server looks again.
const BATCH: u32 = 200;
/// A step that was refused is tried again after this, unless something happens to the order before.
const AGAIN_MS: i64 = 60 * 60 * 1_000;

/// The server as somebody who acts.
pub(crate) fn system() -> Actor {
    Actor { user: "system".to_owned(), role: Role::System }
}

/// Works until the server closes.
pub(crate) async fn run(app: App, mut closing: watch::Receiver<bool>) {
    loop {
        match app.do_what_is_due().await {
            Ok(count) if count >= usize::try_from(BATCH).unwrap_or(usize::MAX) => {}
            result => {
                if let Err(error) = result {
                    tracing::warn!(?error, "deadlines: trying again");
                }
                tokio::select! {
                    () = tokio::time::sleep(EVERY) => {}
                    _ = closing.wait_for(|closing| *closing) => return,
                }
            }
        }
        if *closing.borrow() {
            return;
        }
    }
}

impl App {
    /// Does everything whose time has come, and says how many orders were looked at.
    ///
    /// # Errors
    ///
    /// [`Error`] if the store fails; the rest is done the next time.
    pub async fn do_what_is_due(&self) -> Result<usize, Error> {
        let due = self.store.read().await?.due_orders(self.now_ms(), BATCH).await?;
        for (tenant, order) in &due {
            self.attend(tenant, *order).await?;
        }
        Ok(due.len())
    }

    async fn attend(&self, tenant: &str, id: Uuid) -> Result<(), Error> {
        let mut transaction = self.store.read().await?;
        let rules = tenant_rules(self, &mut transaction, tenant).await?;
        let Some(stored) = transaction.order(tenant, id).await? else { return Ok(()) };
        drop(transaction);
        let now_ms = self.now_ms();
        let all = deadlines(&stored.order, rules.ruleset());
        let own: Vec<&Deadline> = all.iter().filter(|it| it.command.is_some()).collect();
        let mut is_refused = false;
        for due in own.iter().filter(|it| it.at_ms <= now_ms) {
            match self.give(tenant, id, stored.order.revision, due).await {
                // What happened has set the next moment.
                Ok(()) => return Ok(()),
                Err(Error::Refused(refusal)) => {
                    is_refused = true;
                    tracing::info!(order = %id, code = %refusal.code(), "not possible yet");
                }
                Err(error) => return Err(error),
            }
        }
        let next = own.iter().map(|it| it.at_ms).find(|at_ms| *at_ms > now_ms);
        let again = is_refused.then(|| now_ms.saturating_add(AGAIN_MS));
        let (known, seq) = (stored.deadline_ms, stored.seq);
        self.set_deadline(tenant, id, (known, seq), next.into_iter().chain(again).min()).await
    }

    /// Gives the command of a deadline. Its key follows from the deadline, so that it is done once.
    async fn give(&self, tenant: &str, id: Uuid, base: u64, due: &Deadline) -> Result<(), Error> {
        let Some(command) = due.command else { return Ok(()) };
        let kind = format!("{}@1", command.as_str());
        let args = match &due.subject {
            Some(subject) if command == CommandKind::ExpireReturn => {
                serde_json::json!({ "returnId": subject })
            }
            Some(subject) => serde_json::json!({ "shipment": subject }),
            None => serde_json::json!({}),
        };
        let args = serde_json::value::to_raw_value(&args).map_err(unwritable)?;
        let hash = hash_of(&[
            id.as_bytes(),
            kind.as_bytes(),
            &due.at_ms.to_be_bytes(),
            &base.to_be_bytes(),
        ]);
        let key = uuid::Builder::from_custom_bytes(first_bytes(&hash)).into_uuid();
        let asked = Asked { key, order: id, kind, base, args, hash };
        sync::command(self, tenant, &system(), asked).await.map(|_| ())
    }

    /// Sets the next moment, unless something has happened to the order since it was looked at.
    async fn set_deadline(
        &self,
        tenant: &str,
        id: Uuid,
        (known_ms, seq): (Option<i64>, u64),
        at_ms: Option<i64>,
    ) -> Result<(), Error> {
        let mut transaction = self.store.write(tenant).await?;
        let now = transaction.order(tenant, id).await?;
        if now.is_none_or(|now| now.seq != seq || now.deadline_ms != known_ms) {
            return Ok(());
        }
        transaction.set_deadline(tenant, id, at_ms).await?;
        Ok(transaction.commit().await?)
    }
}

fn first_bytes(hash: &[u8]) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = *of_hash);
    bytes
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Store(crate::store::StoreError::Corrupt(error.to_string()))
}
