//! What the user sees: confirmed orders with the waiting commands folded in.

use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{OutboxRecord, Replica, Row, protocol::CommandResult};
use crate::{
    command::{Command, Envelope},
    decide::{
        AllowedChange, AllowedCommand, Facts, ReturnableLine, Seen, allowed_changes,
        allowed_commands, decide, preview, returnable_lines,
    },
    exceptions::{Exception, exceptions},
    issue::{Code, Issue, Refusal},
    json::ToJson,
    order::{Event, EventRecord, Order, OrderLog},
    returns::Settlement,
    review::Review,
    status::{Deadline, Derived, deadlines},
};

/// An order with waiting commands folded in.
#[derive(Debug)]
pub(super) struct Folded {
    pub log: OrderLog,
    pub order: Order,
    pub row: Row,
}

/// All that a page needs to show one order.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// The state, waiting commands included.
    pub order: Order,
    /// The statuses that follow.
    pub derived: Derived,
    /// How many events the server has confirmed; later history entries are not sent yet.
    pub confirmed_revision: u64,
    /// The commands on this order that are not confirmed.
    pub pending: Vec<PendingCommand>,
    /// What can be done now, with the reasons against the rest.
    pub allowed: Vec<AllowedCommand>,
    /// What can be edited now, with the reasons against the rest.
    pub changes: Vec<AllowedChange>,
    /// How many of each line can come back, with the reasons against the rest.
    pub returnable: Vec<ReturnableLine>,
    /// What the order waits for, soonest first.
    pub deadlines: Vec<Deadline>,
    /// What is unusual about it, the worst first.
    pub exceptions: Vec<Exception>,
}

/// A command that is not confirmed.
#[derive(Clone, Debug, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct PendingCommand {
    /// The client's counter.
    pub n: u64,
    /// The kind, such as `ship@1`.
    pub kind: String,
    /// When it was given.
    pub at_ms: i64,
    /// The order it is about.
    pub order: Uuid,
    /// The confirmed revision of the order that it was given on.
    pub base: u64,
    /// The arguments, so that a refused form can be filled in again.
    pub args: Box<RawValue>,
    /// Why the server refused it, if it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<CommandResult>,
    /// Why it will probably be refused.
    pub doubts: Vec<Issue>,
}

impl Replica {
    /// One order as the user sees it.
    ///
    /// # Errors
    ///
    /// `order_unknown`, or `store_corrupt` if its bytes cannot be read.
    pub fn order(&self, id: Uuid, now_ms: i64) -> Result<OrderView, Refusal> {
        let unknown = || Issue::new(Code::OrderUnknown, "");
        let confirmed_revision = self.confirmed.get(&id).map_or(0, |confirmed| confirmed.revision);
        let order = match self.folded(id) {
            Some(folded) => folded.order.clone(),
            None => self.log(id)?.ok_or_else(unknown)?.checked_order()?,
        };
        let derived = order.derived()?;
        let facts = self.facts(now_ms);
        let allowed = allowed_commands(Some(&order), &facts);
        let changes = allowed_changes(&order, &facts);
        let returnable = returnable_lines(&order, &facts);
        Ok(OrderView {
            derived,
            confirmed_revision,
            pending: self.pending(Some(id)),
            allowed,
            changes,
            returnable,
            deadlines: deadlines(&order, self.rules.ruleset()),
            exceptions: exceptions(&order, self.rules.ruleset(), now_ms)?,
            order,
        })
    }

    /// The commands that are not confirmed: of one order, or all.
    pub fn pending(&self, order: Option<Uuid>) -> Vec<PendingCommand> {
        let records = self.outbox.values();
        let wanted = |record: &&OutboxRecord| order.is_none_or(|id| record.command.order == id);
        records
            .filter(wanted)
            .map(|record| PendingCommand {
                n: record.n,
                kind: record.command.kind.clone(),
                at_ms: record.command.at_ms,
                order: record.command.order,
                base: record.command.base,
                args: record.command.args.clone(),
                verdict: record.verdict.clone(),
                doubts: self.doubts(record),
            })
            .collect()
    }

    fn doubts(&self, record: &OutboxRecord) -> Vec<Issue> {
        let doubt = self.doubtful.iter().find(|(n, _)| *n == record.n);
        doubt.map(|(_, refusal)| refusal.issues.clone()).unwrap_or_default()
    }

    /// The confirmed revision that the user sees, which a command names as its base. Waiting commands do not count: the server
    /// may put others before them, and it knows whose they are.
    pub(super) fn seen_revision(&self, id: Uuid) -> u64 {
        self.confirmed.get(&id).map_or(0, |confirmed| confirmed.revision)
    }

    /// What a return of the order would give, as the user sees the order. See [`preview`].
    ///
    /// # Errors
    ///
    /// `order_unknown`, or the reasons for which the return would be refused.
    pub fn preview(&self, id: Uuid, command: &Command, now_ms: i64) -> Result<Settlement, Refusal> {
        let order = match self.folded(id) {
            Some(folded) => folded.order.clone(),
            None => self.log(id)?.ok_or_else(|| Issue::new(Code::OrderUnknown, ""))?.order()?,
        };
        let context = self.context_for(id, Some(&order), Some(command), now_ms);
        preview(&order, command, &Facts { context: context.as_ref(), ..self.facts(now_ms) })
    }

    /// Decides a command on the view, to refuse early what the rules refuse.
    pub(super) fn try_on_view(
        &self,
        envelope: &Envelope,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        let confirmed = match self.folded(envelope.order) {
            Some(_) => None,
            None => self.log(envelope.order)?.map(|log| log.checked_order()).transpose()?,
        };
        let folded = self.folded(envelope.order).map(|folded| &folded.order);
        let order = folded.or(confirmed.as_ref());
        match command {
            Command::Place(place) => {
                let review = self.review(place, envelope.at_ms)?;
                self.decide_on(order, envelope, command, Some(&review))
            }
            _ => self.decide_on(order, envelope, command, None),
        }
    }

    /// Decides a command of the user's own. Other edits of the same user are not held against it here; the server knows better.
    fn decide_on(
        &self,
        order: Option<&Order>,
        envelope: &Envelope,
        command: &Command,
        review: Option<&Review>,
    ) -> Result<Vec<Event>, Refusal> {
        let edits = order.map(|order| order.edits.as_slice()).unwrap_or_default();
        let own = edits.iter().filter(|edit| edit.by.user == self.position.actor.user);
        let own_commands: Vec<Uuid> = own.filter_map(|edit| edit.command).collect();
        let seen = Some(Seen { revision: envelope.base, own_commands: &own_commands });
        let context = self.context_for(envelope.order, order, Some(command), envelope.at_ms);
        let context = context.as_ref();
        decide(order, command, &Facts { seen, context, review, ..self.facts(envelope.at_ms) })
    }

    pub(super) fn facts(&self, now_ms: i64) -> Facts<'_> {
        Facts {
            rules: &self.rules,
            earlier: None,
            now_ms,
            asked_ms: now_ms,
            actor: &self.position.actor,
            device: self.position.device.as_deref(),
            context: self.known.as_ref().map(|known| &known.context),
            assigned_number: None,
            seen: None,
            review: None,
        }
    }

    /// Folds the waiting commands on the confirmed orders again.
    pub(super) fn refold(&mut self) {
        let mut by_order: Vec<(Uuid, Vec<&OutboxRecord>)> = Vec::new();
        for record in self.waiting() {
            let id = record.command.order;
            match by_order.binary_search_by_key(&id, |(known, _)| *known) {
                Ok(at) => by_order.get_mut(at).into_iter().for_each(|(_, all)| all.push(record)),
                Err(at) => by_order.insert(at, (id, vec![record])),
            }
        }
        let mut folded = Vec::new();
        let mut doubtful = Vec::new();
        for (id, records) in by_order {
            folded.extend(self.fold(id, &records, &mut doubtful).map(Box::new));
        }
        self.folded = folded;
        self.doubtful = doubtful;
    }

    /// Folds the waiting commands of one order again.
    pub(super) fn refold_order(&mut self, id: Uuid) {
        let records: Vec<&OutboxRecord> =
            self.waiting().filter(|record| record.command.order == id).collect();
        let mut doubtful = Vec::new();
        let folded = self.fold(id, &records, &mut doubtful);
        let counters: Vec<u64> = records.iter().map(|record| record.n).collect();
        self.doubtful.retain(|(n, _)| !counters.contains(n));
        self.doubtful.append(&mut doubtful);
        let place = self.folded.binary_search_by_key(&id, |folded| folded.order.id);
        if let Ok(at) = place {
            self.folded.remove(at);
        }
        if let Some(folded) = folded {
            self.folded.insert(place.unwrap_or_else(|at| at), Box::new(folded));
        }
    }

    /// The order with its waiting commands, if something of it waits.
    pub(super) fn folded(&self, id: Uuid) -> Option<&Folded> {
        let at = self.folded.binary_search_by_key(&id, |folded| folded.order.id).ok()?;
        self.folded.get(at).map(Box::as_ref)
    }

    /// The order with its waiting commands; those that the rules now refuse here are noted.
    fn fold(
        &self,
        id: Uuid,
        records: &[&OutboxRecord],
        doubtful: &mut Vec<(u64, Refusal)>,
    ) -> Option<Folded> {
        let mut log = self.log(id).ok()?.unwrap_or_else(|| OrderLog::new(id));
        let mut order = if log.events.is_empty() { None } else { log.checked_order().ok() };
        for record in records {
            let envelope = &record.command;
            let decided = envelope
                .command()
                .map_err(Refusal::from)
                .and_then(|command| self.decide_on(order.as_ref(), envelope, &command, None));
            let events = decided.unwrap_or_else(|refusal| {
                doubtful.push((record.n, refusal));
                record.shown.iter().filter(|_| order.is_none()).cloned().collect()
            });
            for event in events {
                let happened = EventRecord {
                    at_ms: envelope.at_ms,
                    asked_ms: None,
                    by: self.position.actor.clone(),
                    command: Some(envelope.id),
                    event,
                };
                match &mut order {
                    Some(order) => order.apply(&happened).ok()?,
                    None => order = Order::begin(id, &happened),
                }
                // Without a link: only what the server confirmed is sealed.
                log.events.push(happened);
            }
        }
        let order = order?;
        let row = Row::of(&order).ok()?;
        Some(Folded { log, order, row })
    }

    /// The log of an order as the user sees it, waiting commands included.
    ///
    /// # Errors
    ///
    /// `order_unknown`, or `store_corrupt` if its bytes cannot be read.
    pub fn order_log(&self, id: Uuid) -> Result<OrderLog, Refusal> {
        match self.folded(id) {
            Some(folded) => Ok(folded.log.clone()),
            None => Ok(self.log(id)?.ok_or_else(|| Issue::new(Code::OrderUnknown, ""))?),
        }
    }
}
