//! Sending and receiving: the request out of the outbox, and what an answer changes.

use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    Brief, NewPages, Replica, Row,
    pages::{PageWriter, PageWrites},
    protocol::{
        Change, CommandResult, Known, PROTOCOL_VERSION, ScopeDigest, Since, SyncRequest,
        SyncResponse, Verdict, order_digest,
    },
    row::Stamp,
};
use crate::{
    inventory::StockLease,
    issue::{Code, Issue, Refusal},
    json::{self, ToJson},
    limits::MAX_COMMANDS_PER_SYNC,
    numbering::Span,
    order::OrderLog,
    ruleset::Rules,
};

/// An answer that is being read.
#[derive(Debug)]
pub(super) struct Answer {
    response: SyncResponse,
    /// So many changes are in the page already.
    read: usize,
    writer: PageWriter,
}

/// An answer that was understood and waits to be stored.
#[derive(Debug)]
pub(super) struct Received {
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
    /// The pages to put.
    pub pages: PageWrites,
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

    /// Begins to understand an answer, and says how many changes there are to read.
    ///
    /// # Errors
    ///
    /// A shape error if this is not an answer of the protocol (a captive portal, a cut body); `protocol_unknown`.
    pub fn begin_answer(&mut self, body: &[u8]) -> Result<usize, Refusal> {
        self.answer = None;
        let response: SyncResponse = json::read(body)?;
        if response.v != PROTOCOL_VERSION {
            return Err(Issue::new(Code::ProtocolUnknown, "/v").into());
        }
        let changes = response.changes.len();
        self.answer = Some(Answer { response, read: 0, writer: PageWriter::default() });
        Ok(changes)
    }

    /// Whether an answer is being read.
    pub(crate) fn has_answer(&self) -> bool {
        self.answer.is_some()
    }

    /// Reads some more changes of the answer, and says how many are left.
    ///
    /// # Errors
    ///
    /// A shape error if one of them is no order; nothing of the answer counts then.
    pub fn read_changes(&mut self, most: usize) -> Result<usize, Refusal> {
        let Some(mut answer) = self.answer.take() else { return Ok(0) };
        let end = answer.read.saturating_add(most).min(answer.response.changes.len());
        let slice = answer.response.changes.get(answer.read..end).unwrap_or_default();
        for change in slice {
            write(change, &mut answer.writer)?;
        }
        answer.read = end;
        let left = answer.response.changes.len().saturating_sub(end);
        self.answer = Some(answer);
        Ok(left)
    }

    /// Understands an answer and says what to store. Nothing changes before [`Replica::settle`].
    ///
    /// # Errors
    ///
    /// Those of [`Replica::begin_answer`] and [`Replica::read_changes`]; nothing is counted as sent then.
    pub fn receive(&mut self, body: &[u8], next_key: u64) -> Result<Effects, Refusal> {
        self.begin_answer(body)?;
        self.finish_answer(next_key)
    }

    /// Reads what is left of the answer and says what to store; pages get keys from this one on. Nothing changes before
    /// [`Replica::settle`].
    ///
    /// # Errors
    ///
    /// Those of [`Replica::read_changes`]; `internal_error` if none was begun.
    pub fn finish_answer(&mut self, next_key: u64) -> Result<Effects, Refusal> {
        self.read_changes(usize::MAX)?;
        let Some(Answer { response, writer, .. }) = self.answer.take() else {
            return Err(Issue::new(Code::InternalError, "").into());
        };
        let rules = match &response.ruleset {
            Some(text) => Some(Rules::from_json(text.get().as_bytes())?),
            None => None,
        };
        let new_pages = writer.finish(next_key)?;
        let received = Received {
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
            pages: new_pages.writes(next_key),
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
        self.new_pages = new_pages;
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
                .get(result.n)
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
        let new_pages = core::mem::take(&mut self.new_pages);
        let mut touched: Vec<Uuid> = Vec::new();
        for n in received.remove {
            touched.extend(self.drop_record(n));
        }
        for result in received.refused {
            touched.extend(self.refuse(result));
        }
        if received.reset {
            self.reset();
        }
        touched.extend(self.take_pages(new_pages)?);
        self.position = position;
        let concerns_all = received.rules.is_some() || received.known.is_some();
        if let Some(rules) = received.rules {
            self.rules = rules;
        }
        self.known = received.known.or(self.known.take());
        self.refold_each(touched);
        if concerns_all {
            self.refold_all();
        }
        Ok(received.digest.is_none_or(|digest| self.agrees_with(&digest)))
    }

    /// Forgets an answer that could not be stored; the same one will come again.
    pub fn abandon(&mut self) {
        self.answer = None;
        self.received = None;
        self.new_pages = NewPages::default();
    }

    fn agrees_with(&self, digest: &ScopeDigest) -> bool {
        let (orders, hash) = self.orders.checksum();
        u64::try_from(orders) == Ok(digest.orders) && digest.hash == format!("{hash:016x}")
    }
}

fn write(change: &Change, writer: &mut PageWriter) -> Result<(), Refusal> {
    if let Some(text) = &change.order {
        let bytes = text.get().as_bytes();
        let (stamp, row) = match told(change) {
            Some(told) => told,
            None => {
                let log: OrderLog = json::read(bytes)?;
                let order = log.order()?;
                let (seq, revision) = (change.seq, order.revision);
                let digest = order_digest(order.id, revision, log.head());
                (Stamp { seq, revision, digest }, Row::of(&order)?)
            }
        };
        writer.order(stamp, &row, bytes)?;
    } else if let Some(id) = change.gone {
        writer.gone(id, change.seq)?;
    }
    Ok(())
}

/// What the server says of an order. If this is none of what this version knows, the order itself says it.
fn told(change: &Change) -> Option<(Stamp, Row)> {
    let brief: Brief = json::read(change.brief.as_ref()?.get().as_bytes()).ok()?;
    // That it is about another order would only be seen when somebody opens it.
    let is_of_order = change.order.as_ref()?.get().contains(&brief.id.to_string());
    let (seq, revision) = (change.seq, brief.revision);
    let (digest, row) = brief.into_row().filter(|_| is_of_order)?;
    Some((Stamp { seq, revision, digest }, row))
}
