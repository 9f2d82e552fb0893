//! Sending and receiving: the request out of the outbox, and what an answer changes.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    Replica, Row,
    packed::PageWriter,
    protocol::{
        CommandResult, Known, PROTOCOL_VERSION, ScopeDigest, Since, SyncRequest, SyncResponse,
        Verdict, order_digest,
    },
};
use crate::{
    inventory::StockLease,
    issue::{Code, Issue, Refusal},
    json::{self, ToJson},
    limits::MAX_COMMANDS_PER_SYNC,
    numbering::Span,
    ruleset::Rules,
};

/// An answer that was understood and waits to be stored.
#[derive(Debug)]
pub(super) struct Received {
    page: Vec<u8>,
    remove: Vec<u64>,
    refused: Vec<CommandResult>,
    since: Since,
    ack: u64,
    device: Option<String>,
    leases: Vec<Span>,
    stock: Vec<StockLease>,
    rules: Option<Rules>,
    known: Option<Known>,
    digest: Option<ScopeDigest>,
    reset: bool,
}

/// What the client must store, in one transaction, before the answer counts.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Effects {
    /// Delete all confirmed pages first.
    pub reset: bool,
    /// Whether there is a new page to append.
    pub has_page: bool,
    /// Delete these records of the outbox: they are accepted.
    pub remove: Vec<u64>,
    /// Store these verdicts with their records: they are refused.
    pub refused: Vec<CommandResult>,
    /// The new position.
    pub position: super::Position,
    /// The rules, if they are others than before, as they were received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruleset: Option<Box<RawValue>>,
    /// The newer [`Known`], as it was received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Box<RawValue>>,
    /// More changes wait on the server.
    pub more: bool,
    /// The server decided fewer commands than were sent: wait so long, then send the rest.
    pub retry_after_ms: Option<i64>,
    /// The server's clock.
    pub time_ms: i64,
    /// The server expects this `n` next: send from there.
    pub gap: Option<u64>,
}

impl Replica {
    /// The next request: the first waiting commands, and where changes are wanted from.
    pub fn request(&self, maximum_commands: usize, limit: u32) -> Vec<u8> {
        let count = maximum_commands.min(MAX_COMMANDS_PER_SYNC);
        json::write(&SyncRequest {
            v: PROTOCOL_VERSION,
            client: self.position.client,
            rules: Some(self.rules.digest().to_owned()),
            known: self.known.as_ref().map(|known| known.digest.clone()),
            since: self.position.since.clone(),
            limit,
            ack: self.position.ack,
            commands: self.waiting().take(count).map(|record| record.command.clone()).collect(),
        })
    }

    /// Understands an answer and says what to store. Nothing changes before [`Replica::settle`].
    ///
    /// # Errors
    ///
    /// A shape error if this is not an answer of the protocol (a captive portal, a cut body);
    /// nothing is counted as sent then.
    pub fn receive(&mut self, body: &[u8]) -> Result<Effects, Refusal> {
        let response: SyncResponse = json::read(body)?;
        if response.v != PROTOCOL_VERSION {
            return Err(Issue::new(Code::ProtocolUnknown, "/v").into());
        }
        let mut writer = PageWriter::default();
        for change in &response.changes {
            if let Some(log) = &change.order {
                let order = log.order()?;
                let bytes = json::write(log);
                let digest = order_digest(order.id, order.revision, log.head());
                writer.order(change.seq, order.revision, digest, &Row::of(&order)?, &bytes)?;
            } else if let Some(id) = change.gone {
                writer.gone(id)?;
            }
        }
        let has_page = !writer.is_empty();
        let rules = match &response.ruleset {
            Some(text) => Some(Rules::from_json(text.get().as_bytes())?),
            None => None,
        };
        let received = Received {
            page: if has_page { writer.finish() } else { Vec::new() },
            remove: self.decided(&response.results, Verdict::Accepted).map(|it| it.n).collect(),
            refused: self
                .decided(&response.results, Verdict::Rejected)
                .chain(self.decided(&response.results, Verdict::Quarantined))
                .cloned()
                .collect(),
            since: Since { epoch: response.epoch, seq: response.next },
            ack: response.processed.max(self.position.ack),
            device: Some(response.device).filter(|code| !code.is_empty()),
            leases: response.leases,
            stock: response.stock,
            rules,
            known: response.known,
            digest: response.digest,
            reset: response.resync,
        };
        let deferred = response.results.iter().find(|it| it.verdict == Verdict::Deferred);
        let effects = Effects {
            reset: received.reset,
            has_page,
            remove: received.remove.clone(),
            refused: received.refused.clone(),
            position: self.position_after(&received),
            ruleset: response.ruleset,
            known: received.known.as_ref().and_then(|known| json::write_raw(known).ok()),
            more: response.more,
            retry_after_ms: deferred.map(|it| it.retry_after_ms.unwrap_or(1_000)),
            time_ms: response.time_ms,
            gap: response.gap,
        };
        self.received = Some(received);
        Ok(effects)
    }

    /// The verdicts of one kind on commands that still wait here.
    fn decided<'a>(
        &'a self,
        results: &'a [CommandResult],
        verdict: Verdict,
    ) -> impl Iterator<Item = &'a CommandResult> {
        results.iter().filter(move |result| {
            let waits = self
                .outbox
                .get(&result.n)
                .is_some_and(|record| record.verdict.is_none() && record.command.id == result.id);
            waits && result.verdict == verdict
        })
    }

    fn position_after(&self, received: &Received) -> super::Position {
        let mut position = self.position.clone();
        position.since = Some(received.since.clone());
        position.ack = received.ack;
        position.device = received.device.clone();
        position.leases.clone_from(&received.leases);
        position.stock.clone_from(&received.stock);
        position
    }

    /// The new page that goes with the effects.
    pub fn received_page(&self) -> &[u8] {
        self.received.as_ref().map_or(&[], |received| &received.page)
    }

    /// Takes the answer over, now that everything is stored.
    ///
    /// Says whether the copy is what the server says it must be. If not, the client resets and
    /// pulls everything again.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if the page cannot be read, which cannot happen.
    pub fn settle(&mut self) -> Result<bool, Refusal> {
        let Some(received) = self.received.take() else { return Ok(true) };
        let position = self.position_after(&received);
        if received.reset {
            self.reset();
        }
        if !received.page.is_empty() {
            self.load_page(received.page)?;
        }
        self.position = position;
        if let Some(rules) = received.rules {
            self.rules = rules;
        }
        self.known = received.known.or(self.known.take());
        for n in received.remove {
            self.outbox.remove(&n);
        }
        for result in received.refused {
            if let Some(record) = self.outbox.get_mut(&result.n) {
                record.verdict = Some(result);
            }
        }
        self.refold();
        Ok(received.digest.is_none_or(|digest| self.agrees_with(&digest)))
    }

    /// Forgets an answer that could not be stored; the same one will come again.
    pub fn abandon(&mut self) {
        self.received = None;
    }

    fn agrees_with(&self, digest: &ScopeDigest) -> bool {
        u64::try_from(self.confirmed.len()) == Ok(digest.orders)
            && digest.hash == format!("{:016x}", self.hash)
    }
}
