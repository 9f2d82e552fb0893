//! One command of a caller that keeps no copy, or of the server itself: done once, however often it comes.

use orderkit::{
    Actor, Code, Envelope, Issue, Refusal,
    replica::protocol::{CommandResult, Verdict},
};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    decision::{Decider, Setting},
    fresh, own, stock_lease,
};
use crate::{
    again::Again,
    app::App,
    error::Error,
    store::{Head, StoreError, StoredOrder, Transaction},
};

/// What is asked for.
#[derive(Clone)]
pub(crate) struct Asked {
    /// The caller's name for this one command; the same again is the same command.
    pub key: Uuid,
    /// The order.
    pub order: Uuid,
    /// The kind with its version, such as `confirm@1`.
    pub kind: String,
    /// The revision that the caller saw.
    pub base: u64,
    /// The arguments.
    pub args: Box<RawValue>,
    /// What makes two requests the same request.
    pub hash: Vec<u8>,
}

/// An order just after a command, also if that was long ago.
pub(crate) struct Done {
    pub stored: StoredOrder,
}

/// A transaction in which one command of a caller without a copy is decided.
pub(crate) struct Single<'a> {
    app: &'a App,
    tenant: &'a str,
    actor: &'a Actor,
    client: Uuid,
    head: Head,
    pub transaction: Transaction,
}

impl<'a> Single<'a> {
    pub(crate) async fn begin(
        app: &'a App,
        tenant: &'a str,
        actor: &'a Actor,
    ) -> Result<Self, Error> {
        let client = client_of(tenant, actor);
        let mut transaction = app.store.write(tenant).await?;
        let head = transaction.head(tenant).await?.ok_or(Error::TokenForbids)?;
        Ok(Self { app, tenant, actor, client, head, transaction })
    }

    /// The answer to a request that came before, if this one did. It is safe only when the transaction is committed: what it
    /// found may be on its way to the disk.
    ///
    /// # Errors
    ///
    /// 422 if the key was used for something else, or the first request was refused.
    pub(crate) async fn repeated(&mut self, key: Uuid, hash: &[u8]) -> Result<Option<Done>, Error> {
        let Some(first) = self.transaction.first_command(self.tenant, key).await? else {
            return Ok(None);
        };
        if first.client != self.client || first.hash != hash {
            return Err(Error::Refused(Issue::new(Code::IdempotencyKeyInvalid, "").into()));
        }
        accepted(first.result)?;
        let stored = self.transaction.order(self.tenant, first.order).await?;
        let stored = stored.ok_or_else(missing)?.after(key)?;
        Ok(Some(Done { stored }))
    }

    /// Decides the command and keeps everything that follows.
    ///
    /// # Errors
    ///
    /// 422 with the reasons of a refusal, of which nothing is kept: the caller may mend the request
    /// and send it under the same key.
    pub(crate) async fn decide(mut self, asked: Asked) -> Result<Done, Error> {
        let Self { app, tenant, actor, client, .. } = self;
        let now_ms = app.now_ms();
        let mark = self.transaction.client(tenant, client).await?;
        let mut mark = own(mark.unwrap_or_else(|| fresh(actor)), actor)?;
        let Asked { key, order, kind, base, args, hash } = asked;
        let n = mark.last_n.saturating_add(1);
        let envelope = Envelope { n, id: key, order, kind, base, at_ms: now_ms, args };
        let setting =
            Setting::new(app, &mut self.transaction, tenant, client, actor, now_ms).await?;
        stock_lease::end_over(&mut self.transaction, tenant, now_ms).await?;
        let mut decider = Decider::new(&mut self.transaction, setting, self.head.seq);
        let result = decider.decide(&envelope, &hash).await?;
        if result.verdict == Verdict::Rejected {
            return Err(refused(result.issues));
        }
        let stored = decider.order(order).cloned();
        let seq = decider.finish().await?;
        if result.verdict != Verdict::Deferred {
            // A deferred command keeps its counter, so that a second failure is seen as one.
            mark.last_n = envelope.n;
        }
        self.transaction.set_client(tenant, client, &mark).await?;
        self.transaction.commit().await?;
        if seq > self.head.seq {
            app.pokes.send(tenant, seq);
        }
        accepted(result)?;
        Ok(Done { stored: stored.ok_or_else(missing)? })
    }
}

/// Does one command for a caller without a copy.
pub(crate) async fn command(
    app: &App,
    tenant: &str,
    actor: &Actor,
    asked: Asked,
) -> Result<Done, Error> {
    let mut again = Again::keyed(app);
    loop {
        match command_once(app, tenant, actor, asked.clone()).await {
            Err(error) if again.after(&error).await => {}
            done => return done,
        }
    }
}

async fn command_once(app: &App, tenant: &str, actor: &Actor, asked: Asked) -> Result<Done, Error> {
    let mut single = Single::begin(app, tenant, actor).await?;
    match single.repeated(asked.key, &asked.hash).await? {
        Some(done) => {
            single.transaction.commit().await?;
            Ok(done)
        }
        None => single.decide(asked).await,
    }
}

/// SHA-256 over the parts of a request, each with its length.
pub(crate) fn hash_of(parts: &[&[u8]]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

/// Callers without a copy share one counter a user.
fn client_of(tenant: &str, actor: &Actor) -> Uuid {
    let hash = Sha256::digest(format!("{tenant}\n{}", actor.user));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = of_hash);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
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
    Error::Refused(Refusal { issues })
}

fn missing() -> Error {
    Error::Store(StoreError::Corrupt("an accepted order is missing".to_owned()))
}
