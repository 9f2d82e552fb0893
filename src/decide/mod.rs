//! Decisions: an order, a command and the facts give new events or a refusal.
//!
//! The browser and the server run these same functions. A decision reads nothing but its arguments.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    command::{Command, CommandKind, HoldOrder, Release},
    context::Context,
    issue::{Code, Issue, Refusal},
    json::{FromJson, ToJson},
    limits::{MAX_EVENTS, MAX_NOTE_BYTES, MAX_TEXT_BYTES},
    order::{Actor, Event, EventRecord, Hold, Order, OrderStatus, Role},
    review::Review,
    ruleset::{Confirmation, Rules},
    status::table::{CommandRule, SHIPMENT_MOVES, Who, command_rule, shipment_move},
};

mod amend;
mod cancel;
mod draft;
mod guard;
mod money_back;
mod payment;
mod place;
mod quantity;
mod returns;
mod shipment;
mod stock;

pub use amend::{
    AllowedChange, AmendmentPreview, DiscountDifference, LineDifference, LineState,
    ShareDifference, allowed_changes, preview_amendment, preview_proposal,
};
pub use place::PROVISIONAL_PREFIX;
pub use returns::{ReturnableLine, preview, preview_resolution, preview_return, returnable_lines};

/// What a decision may look at besides the order.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The shop's current rules.
    pub rules: &'a Rules,
    /// Earlier rules, if the buyer saw a price of theirs.
    pub earlier: Option<EarlierRules<'a>>,
    /// The time by the clock of whoever decides.
    pub now_ms: i64,
    /// When the buyer asked, by the device's clock.
    pub asked_ms: i64,
    /// Who asks.
    pub actor: &'a Actor,
    /// The code that was given to the device that asks.
    pub device: Option<&'a str>,
    /// What is known of the buyer, stock and balances; its time and rights are not looked at.
    pub context: Option<&'a Context>,
    /// A number from the authority, for an order whose device could not make one.
    pub assigned_number: Option<&'a str>,
    /// What whoever asks had seen of the order; unknown if missing, and then nothing is older than it.
    pub seen: Option<Seen<'a>>,
    /// What was found out about an order that shall be placed; nothing is suspected if missing.
    pub review: Option<&'a Review>,
}

/// What whoever asks had seen of an order: the base of an edit.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The last revision that came from the authority; 0 if none has.
    pub revision: u64,
    /// Commands that they gave themselves, on top of it.
    pub own_commands: &'a [Uuid],
}

/// Sooner than this the decision's own time is near enough.
const CLAIM_AFTER_MS: i64 = 60 * 1_000;

impl Facts<'_> {
    /// When the buyer asked, if that was noticeably earlier than the decision: an order that was
    /// placed offline. A clock that is ahead of the authority's is not believed.
    pub fn asked_claim_ms(&self) -> Option<i64> {
        let earliest_decision = self.asked_ms.saturating_add(CLAIM_AFTER_MS);
        (earliest_decision < self.now_ms).then_some(self.asked_ms)
    }
}

/// Rules that were in force before.
#[derive(Clone, Copy, Debug)]
pub struct EarlierRules<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// When others took their place.
    pub retired_ms: i64,
}

/// Decides a command: the events it causes, or why it is refused.
///
/// An answer without events means that everything the command asks for has happened already.
///
/// # Errors
///
/// All reasons, in documented order: existence, role, status, guards, then the arguments.
pub fn decide(
    order: Option<&Order>,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let kind = command.kind();
    if let Some(hidden) = order.and_then(|order| hidden(order, facts)) {
        return Err(hidden.into());
    }
    if let (Command::RecordPayment(payment), Some(order)) = (command, order) {
        // A repeated payment is answered before any status is looked at: it changes nothing.
        if payment::is_repeated(order, payment)? {
            return Ok(Vec::new());
        }
    }
    if order.is_some_and(|order| has_happened(order, command)) {
        return Ok(Vec::new());
    }
    Refusal::unless_empty(obstacles(order, kind, facts))?;
    let mut events = match order {
        None => begin(command, facts)?,
        Some(order) => follow(order, command, facts)?,
    };
    if let Some(order) = order
        && money_back::may_follow(order, &events)
        && let Some(after) = after(Some(order), &events, facts)
    {
        events.extend(money_back::queued(order, &after, &events, facts)?);
    }
    events.extend(by_itself(order, &events, facts));
    Ok(events)
}

/// Steps that two people may take at once, and the second one changes nothing.
fn has_happened(order: &Order, command: &Command) -> bool {
    match command {
        Command::Release(Release { reason }) => {
            !order.holds.is_empty() && !order.holds.iter().any(|hold| hold.reason == *reason)
        }
        Command::ConfirmReceipt => order.receipt_ms.is_some(),
        Command::MoveReturn(kind, step) => returns::has_happened(order, *kind, &step.return_id),
        Command::MoveShipment(kind, step) => shipment::has_happened(order, *kind, step),
        _ => false,
    }
}

fn begin(command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Place(place) => place::decide(None, place, facts),
        Command::SaveDraft(save) => draft::save(save, facts),
        _ => Err(Issue::new(Code::OrderUnknown, "").into()),
    }
}

fn follow(order: &Order, command: &Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    Ok(match command {
        Command::SaveDraft(save) => draft::save(save, facts)?,
        Command::Discard => vec![Event::Discarded {}],
        Command::Place(place) => place::decide(Some(order), place, facts)?,
        Command::RecordPayment(payment) => payment::record(order, payment, facts)?,
        Command::WriteOff(write_off) => payment::write_off(order, write_off, facts)?,
        Command::Confirm => vec![Event::Confirmed {}],
        Command::Hold(hold) => vec![held(hold, facts)?],
        Command::Release(release) => vec![Event::Released { reason: release.reason }],
        Command::Allocate(allocate) => shipment::allocate(order, allocate, facts)?,
        Command::Ship(ship) => shipment::ship(order, ship, facts)?,
        Command::MoveShipment(kind, step) => shipment::advance(order, *kind, step, facts)?,
        Command::ConfirmReceipt => receipt(order),
        Command::CancelLines(cancel) => cancel::cancel_lines(order, cancel, facts)?,
        Command::Amend(amendment) => amend::amend(order, amendment, facts)?,
        Command::ProposeAmendment(amendment) => amend::propose(order, amendment, facts)?,
        Command::AcceptAmendment(accept) => amend::accept(order, accept, facts)?,
        Command::DeclineAmendment(decline) => amend::decline(order, decline)?,
        Command::Complete => vec![Event::Completed {}],
        Command::Reopen(why) => vec![Event::Reopened { reason: cancel::reason(&why.reason)? }],
        Command::Cancel(cancel) => cancel::cancel(cancel)?,
        Command::Expire => vec![Event::Expired {}],
        Command::Reinstate(why) => stock::reinstated(order, why, facts)?,
        Command::RequestReturn(request) => returns::ask(order, request, facts)?,
        Command::MoveReturn(kind, step) => returns::advance(order, *kind, step, facts)?,
        Command::ReceiveReturn(receive) => returns::receive(order, receive, facts)?,
        Command::InspectReturn(inspect) => returns::inspect(order, inspect, facts)?,
        Command::ResolveReturn(resolve) => returns::resolve(order, resolve, facts)?,
        Command::GrantCredit(grant) => returns::grant(order, grant)?,
        Command::SettleShortage(settle) => stock::settle(order, settle, facts)?,
        Command::Note(note) => {
            if is_blank(&note.text) {
                return Err(Issue::new(Code::Required, "/args/text").into());
            }
            within(&note.text, MAX_NOTE_BYTES, "/args/text")?;
            vec![Event::Noted { text: note.text.trim().to_owned() }]
        }
    })
}

/// What the shop does without being asked: it commits as soon as the terms are met.
fn by_itself(order: Option<&Order>, events: &[Event], facts: &Facts<'_>) -> Option<Event> {
    if facts.rules.ruleset().workflow.confirmation != Confirmation::WhenPaid {
        return None;
    }
    let after = after(order, events, facts)?;
    let rule = command_rule(CommandKind::Confirm)?;
    let ready = rule.statuses.contains(&after.status)
        && rule.guards.iter().all(|guard| guard::unmet(*guard, &after, facts).is_none());
    ready.then_some(Event::Confirmed {})
}

/// The order after these events.
fn after(order: Option<&Order>, events: &[Event], facts: &Facts<'_>) -> Option<Order> {
    let mut records = events.iter().map(|event| EventRecord {
        at_ms: facts.now_ms,
        asked_ms: None,
        by: facts.actor.clone(),
        command: None,
        event: event.clone(),
    });
    let mut after = match order {
        Some(order) => order.clone(),
        None => Order::begin(Uuid::nil(), &records.next()?)?,
    };
    for record in records {
        after.apply(&record).ok()?;
    }
    Some(after)
}

fn held(hold: &HoldOrder, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let note = hold.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    within(note.unwrap_or_default(), MAX_NOTE_BYTES, "/args/note")?;
    let (reason, since_ms) = (hold.reason, facts.now_ms);
    Ok(Event::Held {
        hold: Hold { reason, note: note.map(str::to_owned), since_ms, signals: Vec::new() },
    })
}

/// The customer has the goods: what was on its way has arrived.
fn receipt(order: &Order) -> Vec<Event> {
    let on_the_way = order.shipments.iter();
    let on_the_way = on_the_way
        .filter(|it| shipment_move(Some(it.status), CommandKind::Deliver, |_| false).is_some());
    let arrived = on_the_way.map(|it| Event::Delivered { shipment: it.id.clone() });
    arrived.chain([Event::ReceiptConfirmed {}]).collect()
}

/// A command with whether it is possible now, and if not, every reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AllowedCommand {
    /// The command.
    pub command: CommandKind,
    /// The shipment or return that it would move; nothing for the order as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Whether it is possible.
    pub allowed: bool,
    /// Why it is not.
    pub reasons: Vec<Issue>,
}

/// Every command with the reasons that stand against it, whatever its arguments; commands that move
/// one shipment or return once more for each of them.
pub fn allowed_commands(order: Option<&Order>, facts: &Facts<'_>) -> Vec<AllowedCommand> {
    let answer = |command, subject, reasons: Vec<Issue>| AllowedCommand {
        command,
        subject,
        allowed: reasons.is_empty(),
        reasons,
    };
    let mut all: Vec<AllowedCommand> = CommandKind::ALL
        .iter()
        .map(|command| answer(*command, None, obstacles(order, *command, facts)))
        .collect();
    let Some(order) = order else { return all };
    let about: Vec<CommandKind> =
        CommandKind::ALL.iter().copied().filter(|command| moves_shipments(*command)).collect();
    for shipment in &order.shipments {
        for command in &about {
            let mut reasons = general_obstacles(order, *command, facts);
            reasons.extend(shipment::obstacle(shipment, *command, facts));
            all.push(answer(*command, Some(shipment.id.clone()), reasons));
        }
    }
    for returned in &order.returns {
        let about = CommandKind::ALL.iter().filter(|command| returns::moves_returns(**command));
        for command in about {
            let mut reasons = general_obstacles(order, *command, facts);
            reasons.extend(returns::obstacle(returned, *command));
            all.push(answer(*command, Some(returned.id.clone()), reasons));
        }
    }
    all
}

/// Whether a command moves one shipment.
fn moves_shipments(command: CommandKind) -> bool {
    SHIPMENT_MOVES.iter().any(|it| it.by == command)
}

/// The reasons against a command that do not depend on its arguments.
fn obstacles(order: Option<&Order>, kind: CommandKind, facts: &Facts<'_>) -> Vec<Issue> {
    let Some(order) = order else {
        return match kind {
            CommandKind::Place | CommandKind::SaveDraft => Vec::new(),
            _ => vec![Issue::new(Code::OrderUnknown, "")],
        };
    };
    if let Some(hidden) = hidden(order, facts) {
        return vec![hidden];
    }
    if kind == CommandKind::Place && order.status != OrderStatus::Draft {
        return vec![Issue::new(Code::OrderExists, "")];
    }
    let mut issues = general_obstacles(order, kind, facts);
    if issues.is_empty() && moves_shipments(kind) && kind != CommandKind::Ship {
        issues.extend(shipment::none_allows(order, kind, facts));
    }
    if issues.is_empty() && returns::moves_returns(kind) {
        issues.extend(returns::none_allows(order, kind));
    }
    issues
}

/// Role, number of events, status and guards: what the tables say of the order as a whole.
fn general_obstacles(order: &Order, kind: CommandKind, facts: &Facts<'_>) -> Vec<Issue> {
    let Some(rule) = command_rule(kind) else {
        return vec![Issue::new(Code::CommandUnknown, "").with("kind", kind.as_str())];
    };
    let mut issues = Vec::new();
    issues.extend(role_obstacle(rule, facts));
    if order.history.len() >= MAX_EVENTS {
        issues.push(Issue::new(Code::EventsTooMany, "").with("maximum", MAX_EVENTS));
    }
    if let Some(entry) = order.broken_entry {
        issues.push(
            Issue::new(Code::LogTampered, "").with("entry", i64::from(entry).saturating_add(1)),
        );
    }
    // The life of an imported order is elsewhere.
    let elsewhere = order.import.is_some() && kind != CommandKind::Note;
    if elsewhere || !rule.statuses.contains(&order.status) {
        issues.push(Issue::new(Code::StatusForbids, "").with("status", order.status.as_str()));
        return issues;
    }
    issues.extend(rule.guards.iter().filter_map(|guard| guard::unmet(*guard, order, facts)));
    issues
}

/// Another customer's order does not exist for this one, whatever is asked of it.
fn hidden(order: &Order, facts: &Facts<'_>) -> Option<Issue> {
    let foreign = facts.actor.role == Role::Customer && order.owner != facts.actor.user;
    foreign.then(|| Issue::new(Code::OrderUnknown, ""))
}

fn role_obstacle(rule: &CommandRule, facts: &Facts<'_>) -> Option<Issue> {
    let role = facts.actor.role;
    (role == Role::Customer && rule.who == Who::Shop)
        .then(|| Issue::new(Code::RoleForbids, "").with("role", role.as_str()))
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn within(text: &str, maximum: usize, path: &str) -> Result<(), Refusal> {
    if text.len() <= maximum {
        return Ok(());
    }
    let issue = Issue::new(Code::TextTooLong, path).with("maximum", maximum);
    Err(issue.with("bytes", text.len()).into())
}

fn within_text_limit(text: &str, path: &str) -> Result<(), Refusal> {
    within(text, MAX_TEXT_BYTES, path)
}
