//! The outbox: commands that the user gave and the server has not decided.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Replica, protocol::CommandResult};
use crate::{
    command::{Command, Envelope},
    draft::Draft,
    issue::{Code, Issue, Refusal},
    json::{self, FromJson, ToJson},
    numbering::{NumberInputs, Pattern, Series},
    order::Event,
    validation,
};

/// One stored command. It leaves the outbox when it is accepted, or when the user has seen why not.
///
/// A later version may have stored more than this one knows; that must not keep anybody from what was never sent.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct OutboxRecord {
    /// The client's counter; the key in the store.
    pub n: u64,
    /// The command as it will be sent.
    pub command: Envelope,
    /// What a `place` made when it was given. It is shown should newer rules refuse it here, until
    /// the server has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Event>,
    /// Why it was not accepted, once the server has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<CommandResult>,
}

impl OutboxRecord {
    /// The number that a `place` was given here.
    pub(crate) fn placed_number(&self) -> Option<String> {
        match self.command.command() {
            Ok(Command::Place(place)) => place.number,
            _ => None,
        }
    }
}

/// What the user asks for, with what only the host has.
#[derive(Clone, Debug, Deserialize, FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppendInputs {
    /// A new id for the command. A second try of the same request by the same client has the same.
    pub id: Uuid,
    /// The order; a new id for `place`.
    pub order: Uuid,
    /// The kind, such as `place@1`.
    pub kind: String,
    /// Its arguments.
    pub args: Box<RawValue>,
    /// The confirmed revision of the order that a form began with; what is seen now if missing.
    #[serde(default)]
    pub base: Option<u64>,
    /// The device's clock.
    pub at_ms: i64,
    /// Random bytes for numbers.
    #[serde(default)]
    pub random: Vec<u8>,
}

/// What to store for a command: the record and the counter, in one transaction.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    /// The record for the outbox.
    pub record: OutboxRecord,
    /// The counter after this command.
    pub series: Series,
    /// The order's number, for `place`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Whether the device's clock was set back by more than five seconds since its last number. The
    /// number is good all the same.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub clock_suspect: bool,
}

impl Replica {
    /// Decides a command on what the user sees and says what to store. Changes nothing. `n` is the next counter of this client
    /// and `series` that of its order numbers, both as they are stored.
    ///
    /// # Errors
    ///
    /// The refusal of [`crate::decide()`], so that nothing is stored that the rules refuse here.
    pub fn propose(
        &self,
        n: u64,
        series: &Series,
        inputs: AppendInputs,
    ) -> Result<Proposal, Refusal> {
        let mut command = Command::parse(&inputs.kind, inputs.args.get().as_bytes())?;
        let mut args = inputs.args.clone();
        let mut series = series.clone();
        let mut number = None;
        let mut clock_suspect = false;
        if let Command::Place(place) = &mut command
            && place.number.is_none()
        {
            let (made, suspect) = self.make_number(&inputs, &mut series)?;
            clock_suspect = suspect;
            place.number = Some(made.clone());
            number = Some(made);
            args = json::write_raw(place.as_ref())?;
        }
        if let Command::Place(place) = &command {
            self.must_be_there(&place.draft, inputs.at_ms)?;
        }
        let seen = self.seen_revision(inputs.order);
        let base = inputs.base.map_or(seen, |base| base.min(seen));
        let envelope = Envelope {
            n,
            id: inputs.id,
            order: inputs.order,
            kind: inputs.kind,
            base,
            at_ms: inputs.at_ms,
            args,
        };
        let events = self.try_on_view(&envelope, &command)?;
        let placed = matches!(command, Command::Place(_));
        let shown = events.into_iter().next().filter(|_| placed);
        Ok(Proposal {
            record: OutboxRecord { n, command: envelope, shown, verdict: None },
            series,
            number,
            clock_suspect,
        })
    }

    /// Nobody was told yet that the order is placed: the buyer takes less, or something else.
    fn must_be_there(&self, draft: &Draft, at_ms: i64) -> Result<(), Refusal> {
        let mut issues = Vec::new();
        if let Some(context) = self.known_now(at_ms) {
            validation::stock(draft, self.rules(), &context, &mut issues);
        }
        let issues = issues.into_iter().map(|issue| issue.under("/args/draft"));
        Refusal::unless_empty(issues.collect())
    }

    /// A number of the device's own series or block, or a provisional one while it has none; and
    /// whether the clock is suspect.
    fn make_number(
        &self,
        inputs: &AppendInputs,
        series: &mut Series,
    ) -> Result<(String, bool), Issue> {
        let pattern = self.rules().number_pattern();
        let zone = &self.rules().ruleset().time_zone;
        let device = self.position().device.as_deref();
        let (at_ms, random) = (inputs.at_ms, inputs.random.as_slice());
        let last = pattern.last_serial().unwrap_or(u64::MAX);
        let mut next = series.clone();
        let turn = if pattern.device_length() > 0 && device.is_none() {
            None
        } else {
            next.advance(pattern, at_ms, zone, &self.position().leases)
        };
        // An order is never refused for want of a number: the server has one.
        let Some(turn) = turn.filter(|turn| turn.serial <= last) else {
            let provisional = Pattern::compile("T-{rand:8}")?;
            let inputs = NumberInputs { at_ms, device: "", sequence: 0, random };
            return Ok((provisional.generate(inputs, zone)?, false));
        };
        let inputs = NumberInputs {
            at_ms: turn.at_ms,
            device: device.unwrap_or_default(),
            sequence: turn.serial,
            random,
        };
        let made = pattern.generate(inputs, zone)?;
        *series = next;
        Ok((made, turn.clock_suspect))
    }

    /// Takes a stored record over.
    pub fn commit(&mut self, record: OutboxRecord) {
        let order = record.command.order;
        self.keep_record(record);
        self.refold_each(vec![order]);
    }

    /// Without folding its order again.
    pub(super) fn keep_record(&mut self, record: OutboxRecord) {
        self.drop_record(record.n);
        self.orders.add_command(record.command.order, record.n);
        self.outbox.insert(record);
    }

    /// Without folding its order again, which it gives.
    pub(super) fn drop_record(&mut self, n: u64) -> Option<Uuid> {
        let order = self.outbox.remove(n)?.command.order;
        self.orders.remove_command(order, n);
        Some(order)
    }

    /// Notes why a command is not accepted, and gives its order, which is not folded again.
    pub(super) fn refuse(&mut self, result: CommandResult) -> Option<Uuid> {
        let record = self.outbox.get(result.n)?.clone();
        let order = record.command.order;
        self.outbox.insert(OutboxRecord { verdict: Some(result), ..record });
        Some(order)
    }

    /// Forgets the records up to a counter and from another one on, to load them anew.
    pub(crate) fn forget_records(&mut self, upto: u64, from: u64) {
        let is_forgotten = |n: &u64| *n <= upto || *n >= from;
        let all = self.outbox.all().map(|record| record.n);
        let forgotten: Vec<u64> = all.filter(is_forgotten).collect();
        for n in forgotten {
            if let Some(order) = self.drop_record(n) {
                self.mark_stale(order);
            }
        }
    }

    /// Loads some of the records.
    pub(crate) fn add_records(&mut self, records: Vec<OutboxRecord>) {
        let touched = records.iter().map(|record| record.command.order).collect();
        for record in records {
            self.keep_record(record);
        }
        self.refold_each(touched);
    }

    /// The record of a counter.
    pub(crate) fn outbox_record(&self, n: u64) -> Option<&OutboxRecord> {
        self.outbox.get(n)
    }

    /// What a `place` that was given elsewhere shows until the server has decided; nothing if the rules refuse it here.
    pub(crate) fn shown_of(&self, envelope: &Envelope) -> Option<Event> {
        let command = envelope.command().ok()?;
        if !matches!(command, Command::Place(_)) {
            return None;
        }
        self.try_on_view(envelope, &command).ok()?.into_iter().next()
    }

    /// Puts all records in place of those that are here.
    pub fn load_outbox(&mut self, records: Vec<OutboxRecord>) {
        self.forget_records(u64::MAX, 0);
        for record in records {
            self.keep_record(record);
        }
        self.refold_all();
    }

    /// Forgets a refused command after the user has seen why.
    ///
    /// # Errors
    ///
    /// `nothing_open` if there is no such refused command: one that waits is never dropped.
    pub fn dismiss(&mut self, n: u64) -> Result<(), Issue> {
        match self.outbox.get(n) {
            Some(record) if record.verdict.is_some() => {
                self.drop_record(n);
                Ok(())
            }
            _ => Err(Issue::new(Code::NothingOpen, "")),
        }
    }

    /// All records of the outbox, by `n`.
    pub fn outbox(&self) -> impl DoubleEndedIterator<Item = &OutboxRecord> {
        self.outbox.all()
    }

    /// The commands that wait to be sent, by `n`.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &OutboxRecord> {
        self.outbox.waiting()
    }

    /// When the oldest command that waits was given.
    pub(crate) fn oldest_waiting_ms(&self) -> Option<i64> {
        self.waiting().map(|record| record.command.at_ms).min()
    }

    /// How many commands wait to be sent.
    pub(crate) fn waiting_count(&self) -> usize {
        self.outbox.waiting_count()
    }

    /// How many commands are refused.
    pub(crate) fn refused_count(&self) -> usize {
        self.outbox.refused_count()
    }
}
