//! What is sent, and what an answer changes in the store.

use serde::Serialize;

use super::{Client, Effect, Progress, Writes};
use crate::{
    issue::Refusal,
    json::ToJson,
    replica::{Effects, OutboxRecord},
};

/// An answer that was understood.
#[derive(Clone, Debug, Default, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// What to store; nothing if another page was faster and stored what came to the same request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub writes: Option<Writes>,
    /// How many commands are decided.
    pub decided: usize,
    /// More changes wait on the server.
    pub more: bool,
    /// The server decided fewer commands than were sent: wait so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<i64>,
    /// The counter that the server misses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<u64>,
}

impl Client {
    /// The next request: the first waiting commands, and at most so many changes from where the copy stands.
    pub fn request(&mut self, limit: u32) -> Vec<u8> {
        let maximum_commands = self.exchange.send(self.replica.waiting_count());
        let position = self.replica.position();
        self.sent = self.replica.waiting().next().map(|record| record.command.id);
        self.asked = Some((position.client, position.since.clone()));
        self.replica.request(maximum_commands, limit)
    }

    /// Begins to understand the answer to the last request, and says how many changes there are to read.
    ///
    /// # Errors
    ///
    /// A shape error if this is not an answer of the protocol (a captive portal, a cut body);
    /// nothing counts as sent then.
    pub fn begin_answer(&mut self, body: &[u8]) -> Result<usize, Refusal> {
        self.replica.begin_answer(body)
    }

    /// Reads some more changes, and says how many are left. To be asked for between other work: a long answer must not hold up
    /// a page.
    ///
    /// # Errors
    ///
    /// A shape error if one of them is no order; nothing counts as sent then.
    pub fn read_changes(&mut self, most: usize) -> Result<usize, Refusal> {
        self.replica.read_changes(most)
    }

    /// [`Client::begin_answer`] and [`Client::finish_answer`] in one go.
    ///
    /// # Errors
    ///
    /// Theirs.
    pub fn receive(&mut self, body: &[u8], now_ms: i64) -> Result<Received, Refusal> {
        self.begin_answer(body)?;
        self.finish_answer(now_ms)
    }

    /// Reads what is left of the answer and says what to store.
    ///
    /// # Errors
    ///
    /// As [`Client::read_changes`].
    pub fn finish_answer(&mut self, now_ms: i64) -> Result<Received, Refusal> {
        if !self.replica.has_answer() {
            // Memory was read anew or a write failed while the answer was being read. The server says it all again.
            self.asked = None;
            return Ok(Received { more: true, ..Received::default() });
        }
        let effects = self.replica.finish_answer(self.progress.next_key)?;
        let mut received = Received {
            writes: None,
            decided: effects.remove.len().saturating_add(effects.refused.len()),
            more: effects.more,
            retry_after_ms: effects.retry_after_ms,
            gap: effects.gap,
        };
        let position = &self.progress.position;
        if self.asked.take() != Some((position.client, position.since.clone())) {
            // Its changes go on from a place where the copy no longer is: they would overwrite newer ones.
            self.replica.abandon();
            return Ok(Received { decided: 0, more: true, ..received });
        }
        let writes = self.writes_of(effects, now_ms);
        self.propose(Effect::Receive, &writes);
        received.writes = Some(writes);
        Ok(received)
    }

    fn writes_of(&self, effects: Effects, now_ms: i64) -> Writes {
        let refused = effects.refused.iter().filter_map(|result| {
            let record = self.replica.outbox_record(result.n)?.clone();
            Some(OutboxRecord { verdict: Some(result.clone()), ..record })
        });
        let put: Vec<OutboxRecord> = refused.collect();
        let changes_outbox = !put.is_empty() || !effects.remove.is_empty();
        let known = &self.progress;
        let progress = Progress {
            position: effects.position,
            next_key: effects.pages.next_key,
            last_sync_ms: Some(now_ms),
            server_ms: Some(effects.time_ms),
            answers_stamp: known.answers_stamp.saturating_add(1),
            outbox_stamp: known.outbox_stamp.saturating_add(u64::from(changes_outbox)),
            pages_stamp: known.pages_stamp.saturating_add(u64::from(effects.reset)),
            // With the last page everything is here again.
            damaged_ms: known.damaged_ms.filter(|_| effects.more),
            known: effects.known.or_else(|| known.known.clone()),
            ..known.clone()
        };
        Writes {
            strict: changes_outbox,
            clear_pages: effects.reset,
            remove: effects.remove,
            put,
            pages: effects.pages,
            ruleset: effects.ruleset,
            ..Writes::of(progress)
        }
    }
}
