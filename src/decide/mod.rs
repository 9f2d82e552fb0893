//! Decisions: an order, a command and the facts give new events or a refusal.
//!
//! The browser and the server run these same functions. A decision reads nothing but its arguments.

use serde::{Deserialize, Serialize};

use crate::{
    command::{Command, CommandKind},
    context::Context,
    issue::{Code, Issue, Refusal},
    json::{FromJson, ToJson},
    limits::MAX_EVENTS,
    order::{Actor, Event, Order, Role},
    ruleset::Rules,
};

mod fulfillment;
mod payment;
mod place;

pub use place::PROVISIONAL_PREFIX;

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
/// All reasons, in documented order: existence, role, status, then the arguments.
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
    Refusal::unless_empty(obstacles(order, kind, facts))?;
    let Some(order) = order else {
        return match command {
            Command::Place(place) => place::decide(place, facts),
            _ => Err(Issue::new(Code::OrderUnknown, "").into()),
        };
    };
    match command {
        Command::Place(_) => Err(Issue::new(Code::OrderExists, "").into()),
        Command::RecordPayment(payment) => payment::record(order, payment, facts),
        Command::Confirm => Ok(vec![Event::Confirmed {}]),
        Command::Ship(ship) => fulfillment::ship(order, ship, facts),
        Command::Deliver(deliver) => fulfillment::deliver(order, deliver),
        Command::Complete => Ok(vec![Event::Completed {}]),
        Command::Cancel(cancel) => {
            if cancel.reason.trim().is_empty() {
                return Err(Issue::new(Code::Required, "/args/reason").into());
            }
            Ok(vec![Event::Canceled { reason: cancel.reason.trim().to_owned() }])
        }
    }
}

/// A command with whether it is possible now, and if not, every reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AllowedCommand {
    /// The command.
    pub command: CommandKind,
    /// Whether it is possible.
    pub allowed: bool,
    /// Why it is not.
    pub reasons: Vec<Issue>,
}

/// Every command with the reasons that stand against it, whatever its arguments.
pub fn allowed_commands(order: Option<&Order>, facts: &Facts<'_>) -> Vec<AllowedCommand> {
    let all = CommandKind::ALL.into_iter();
    all.map(|command| {
        let reasons = obstacles(order, command, facts);
        AllowedCommand { command, allowed: reasons.is_empty(), reasons }
    })
    .collect()
}

/// The reasons against a command that do not depend on its arguments.
fn obstacles(order: Option<&Order>, kind: CommandKind, facts: &Facts<'_>) -> Vec<Issue> {
    let Some(order) = order else {
        return match kind {
            CommandKind::Place => Vec::new(),
            _ => vec![Issue::new(Code::OrderUnknown, "")],
        };
    };
    if kind == CommandKind::Place {
        return vec![Issue::new(Code::OrderExists, "")];
    }
    if let Some(hidden) = hidden(order, facts) {
        return vec![hidden];
    }
    let mut issues = Vec::new();
    issues.extend(role_obstacle(kind, facts));
    if order.history.len() >= MAX_EVENTS {
        issues.push(Issue::new(Code::EventsTooMany, "").with("maximum", MAX_EVENTS));
    }
    issues.extend(match kind {
        CommandKind::Place => None,
        CommandKind::RecordPayment => payment::obstacle(order),
        CommandKind::Confirm => fulfillment::confirm_obstacle(order),
        CommandKind::Ship => fulfillment::ship_obstacle(order),
        CommandKind::Deliver => fulfillment::deliver_obstacle(order),
        CommandKind::Complete => fulfillment::complete_obstacle(order),
        CommandKind::Cancel => fulfillment::cancel_obstacle(order),
    });
    issues
}

/// Another customer's order does not exist for this one, whatever is asked of it.
fn hidden(order: &Order, facts: &Facts<'_>) -> Option<Issue> {
    let foreign = facts.actor.role == Role::Customer && order.owner != facts.actor.user;
    foreign.then(|| Issue::new(Code::OrderUnknown, ""))
}

/// Customers place and cancel their own orders; all else is for the shop.
fn role_obstacle(kind: CommandKind, facts: &Facts<'_>) -> Option<Issue> {
    let role = facts.actor.role;
    let for_customers = matches!(kind, CommandKind::Cancel);
    (role == Role::Customer && !for_customers)
        .then(|| Issue::new(Code::RoleForbids, "").with("role", role.as_str()))
}

fn status_forbids(order: &Order) -> Issue {
    Issue::new(Code::StatusForbids, "").with("status", order.status.as_str())
}
