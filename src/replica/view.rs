//! What the user sees: confirmed orders with the waiting commands folded in.

use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{OutboxRecord, Replica, fold::Opened, protocol::CommandResult};
use crate::{
    command::{Command, Envelope},
    decide::{
        AllowedChange, AllowedCommand, Facts, ReturnableLine, Seen, allowed_changes,
        allowed_commands, decide, preview, returnable_lines,
    },
    exceptions::{Exception, exceptions},
    issue::{Code, Issue, Refusal},
    json::ToJson,
    order::{Event, Order, OrderLog},
    returns::Settlement,
    review::Review,
    status::{Deadline, Derived, deadlines},
};

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
    /// `order_unknown`; `order_loading` if its log has to be read first; `store_corrupt` if its bytes cannot be read.
    pub fn order(&self, id: Uuid, now_ms: i64) -> Result<OrderView, Refusal> {
        let confirmed_revision = self.seen_revision(id);
        let Opened { order, .. } = self.opened(id)?;
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
        match order {
            Some(id) => self.records_of(id).map(|record| self.pending_command(record)).collect(),
            None => self.outbox.all().map(|record| self.pending_command(record)).collect(),
        }
    }

    /// The commands that the server refused, until the user has seen why.
    pub fn refused(&self) -> Vec<PendingCommand> {
        self.outbox.refused().map(|record| self.pending_command(record)).collect()
    }

    pub(super) fn pending_command(&self, record: &OutboxRecord) -> PendingCommand {
        PendingCommand {
            n: record.n,
            kind: record.command.kind.clone(),
            at_ms: record.command.at_ms,
            order: record.command.order,
            base: record.command.base,
            args: record.command.args.clone(),
            verdict: record.verdict.clone(),
            doubts: self.outbox.doubts(record.n).to_vec(),
        }
    }

    /// The order as the user sees it.
    pub(super) fn opened(&self, id: Uuid) -> Result<Opened, Refusal> {
        self.open(id)?.ok_or_else(|| Issue::new(Code::OrderUnknown, "").into())
    }

    /// The confirmed revision that the user sees, which a command names as its base. Waiting commands do not count: the server
    /// may put others before them, and it knows whose they are.
    pub(super) fn seen_revision(&self, id: Uuid) -> u64 {
        self.orders.confirmed(id).map_or(0, |confirmed| confirmed.stamp.revision)
    }

    /// What a return of the order would give, as the user sees the order. See [`preview`].
    ///
    /// # Errors
    ///
    /// `order_unknown`, or the reasons for which the return would be refused.
    pub fn preview(&self, id: Uuid, command: &Command, now_ms: i64) -> Result<Settlement, Refusal> {
        let Opened { order, .. } = self.opened(id)?;
        let context = self.context_for(id, Some(&order), Some(command), now_ms);
        preview(&order, command, &Facts { context: context.as_ref(), ..self.facts(now_ms) })
    }

    /// Decides a command on the view, to refuse early what the rules refuse.
    pub(super) fn try_on_view(
        &self,
        envelope: &Envelope,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        let opened = self.open(envelope.order)?;
        let order = opened.as_ref().map(|opened| &opened.order);
        match command {
            Command::Place(place) => {
                let review = self.review(place, envelope.at_ms);
                self.decide_on(order, envelope, command, Some(&review))
            }
            _ => self.decide_on(order, envelope, command, None),
        }
    }

    /// Decides a command of the user's own. Other edits of the same user are not held against it here; the server knows better.
    pub(super) fn decide_on(
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

    /// The log of an order as the user sees it, waiting commands included.
    ///
    /// # Errors
    ///
    /// `order_unknown`; `order_loading` if its log has to be read first; `store_corrupt` if its bytes cannot be read.
    pub fn order_log(&self, id: Uuid) -> Result<OrderLog, Refusal> {
        self.opened(id).map(|opened| opened.log)
    }
}
