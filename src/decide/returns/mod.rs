//! Returns: their steps, and what is given for them.

use super::{Facts, is_blank, quantity::split_issue, stock, within, within_text_limit};
use crate::{
    command::{CommandKind, InspectReturn, MoveReturn, ReceiveReturn, ResolveReturn},
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    ledger::{Payment, PaymentKind, PaymentState, STORE_CREDIT},
    limits::MAX_NOTE_BYTES,
    money::Amount,
    order::{Event, Order, ShipmentLine},
    returns::{GoodsCondition, GoodsFate, Inspection, Return, ReturnLine, ReturnStatus},
    status::{
        DeadlineKind, deadlines,
        table::{RETURN_MOVES, return_move},
    },
};

mod claw_back;
mod credit;
mod exchange;
mod goodwill;
mod outcome;
mod request;
mod returnable;
mod settle;

pub(super) use credit::canceled;
pub(super) use goodwill::grant;
pub use returnable::{ReturnableLine, returnable_lines};
pub use settle::{preview, preview_resolution, preview_return};

const PATH: &str = "/args/returnId";

/// Why a command is not possible for a return, whatever else it says.
pub(super) fn obstacle(returned: &Return, by: CommandKind) -> Option<Issue> {
    let possible = return_move(returned.status, by, returned.kind).is_some();
    (!possible)
        .then(|| Issue::new(Code::ReturnForbids, "").with("status", returned.status.as_str()))
}

/// Whether a command moves one return.
pub(super) fn moves_returns(command: CommandKind) -> bool {
    RETURN_MOVES.iter().any(|it| it.by == command)
}

/// Why no return of the order allows a command that is about one.
pub(super) fn none_allows(order: &Order, by: CommandKind) -> Option<Issue> {
    if order.returns.iter().any(|returned| obstacle(returned, by).is_none()) {
        return None;
    }
    // Of several returns the one that moved last says most.
    let last = order.returns.iter().max_by_key(|returned| returned.moved_ms);
    let reason = last.and_then(|returned| obstacle(returned, by));
    Some(reason.unwrap_or_else(|| Issue::new(Code::NothingOpen, "")))
}

pub(super) fn ask(
    order: &Order,
    command: &crate::command::RequestReturn,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let request = Box::new(request::accepted(order, command, facts)?);
    Ok(vec![Event::ReturnRequested { request }])
}

/// The return that a command is about, and where it leads.
fn subject<'o>(
    order: &'o Order,
    id: &str,
    kind: CommandKind,
) -> Result<(&'o Return, Option<ReturnStatus>), Refusal> {
    let found = order.returns.iter().find(|it| it.id == id);
    let Some(found) = found else {
        return Err(Issue::new(Code::ReturnUnknown, PATH).with("return", id).into());
    };
    Ok((found, return_move(found.status, kind, found.kind)))
}

fn forbidden(returned: &Return) -> Refusal {
    Issue::new(Code::ReturnForbids, PATH).with("status", returned.status.as_str()).into()
}

/// Whether a return stands where the command leads: two people may take the same step.
pub(super) fn has_happened(order: &Order, kind: CommandKind, id: &str) -> bool {
    let found = order.returns.iter().find(|it| it.id == id);
    found.is_some_and(|found| RETURN_MOVES.iter().any(|it| it.by == kind && it.to == found.status))
}

/// One step of a return.
pub(super) fn advance(
    order: &Order,
    kind: CommandKind,
    step: &MoveReturn,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (returned, to) = subject(order, &step.return_id, kind)?;
    let to = to.ok_or_else(|| forbidden(returned))?;
    let text = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let (reason, carrier, tracking) =
        (text(&step.reason), text(&step.carrier), text(&step.tracking));
    if kind == CommandKind::DeclineReturn && reason.is_none() {
        return Err(Issue::new(Code::Required, "/args/reason").into());
    }
    let texts = [(&reason, "reason"), (&carrier, "carrier"), (&tracking, "tracking")];
    for (text, field) in texts {
        within_text_limit(text.as_deref().unwrap_or_default(), &format!("/args/{field}"))?;
    }
    if kind == CommandKind::ExpireReturn {
        send_time_over(order, returned, facts)?;
    }
    let return_id = returned.id.clone();
    Ok(vec![Event::ReturnMoved { return_id, to, reason, carrier, tracking }])
}

fn send_time_over(order: &Order, returned: &Return, facts: &Facts<'_>) -> Result<(), Refusal> {
    let all = deadlines(order, facts.rules.ruleset());
    let own = all.iter().find(|it| {
        it.kind == DeadlineKind::SendReturn && it.subject.as_ref() == Some(&returned.id)
    });
    let Some(own) = own else { return Err(Issue::new(Code::NoDeadline, PATH).into()) };
    match super::guard::too_early(own.at_ms, facts) {
        Some(issue) => Err(issue.into()),
        None => Ok(()),
    }
}

/// Goods have come: all that is missing, or those that are named.
pub(super) fn receive(
    order: &Order,
    command: &ReceiveReturn,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let kind = CommandKind::ReceiveReturn;
    let (returned, to) = subject(order, &command.return_id, kind)?;
    to.ok_or_else(|| forbidden(returned))?;
    let lines = match &command.lines {
        Some(lines) => lines.clone(),
        None => {
            let part = |line: &ReturnLine| ShipmentLine {
                line: line.line.clone(),
                quantity: missing(line),
            };
            let open = returned.lines.iter().map(part);
            open.filter(|part| !part.quantity.is_zero()).collect()
        }
    };
    if lines.is_empty() {
        return Err(Issue::new(Code::NothingOpen, "/args/lines").into());
    }
    let parts: Vec<_> = lines.iter().map(|part| (part.line.as_str(), part.quantity)).collect();
    fits((order, returned), &parts, missing, facts, "/args/lines")?;
    Ok(vec![Event::ReturnReceived { return_id: returned.id.clone(), lines }])
}

/// What has not come.
fn missing(line: &ReturnLine) -> Decimal {
    line.quantity.checked_sub(line.received).unwrap_or_default()
}

/// What has come and was not looked at.
fn unseen(line: &ReturnLine) -> Decimal {
    let seen = line.inspected(None).unwrap_or(line.received);
    line.received.checked_sub(seen).unwrap_or_default()
}

pub(super) fn inspect(
    order: &Order,
    command: &InspectReturn,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let kind = CommandKind::InspectReturn;
    let (returned, to) = subject(order, &command.return_id, kind)?;
    to.ok_or_else(|| forbidden(returned))?;
    let inspections = match &command.inspections {
        Some(inspections) => inspections.clone(),
        None => {
            let (condition, goods) = (GoodsCondition::Good, GoodsFate::Restock);
            let all = returned.lines.iter().map(|line| Inspection {
                line: line.line.clone(),
                quantity: unseen(line),
                condition,
                goods,
            });
            all.filter(|part| !part.quantity.is_zero()).collect()
        }
    };
    if inspections.is_empty() {
        return Err(Issue::new(Code::NothingOpen, "/args/inspections").into());
    }
    let parts: Vec<_> = inspections.iter().map(|it| (it.line.as_str(), it.quantity)).collect();
    fits((order, returned), &parts, unseen, facts, "/args/inspections")?;
    Ok(vec![Event::ReturnInspected { return_id: returned.id.clone(), inspections }])
}

/// Every part is above zero, of a line of the return, and all of a line together are within what is open of it.
fn fits(
    (order, returned): (&Order, &Return),
    parts: &[(&str, Decimal)],
    open: fn(&ReturnLine) -> Decimal,
    facts: &Facts<'_>,
    path: &str,
) -> Result<(), Refusal> {
    let issue = |(index, (id, quantity)): (usize, &(&str, Decimal))| {
        let field = |name: &str| format!("{path}/{index}/{name}");
        let Some(line) = returned.lines.iter().find(|line| line.line == *id) else {
            return Some(Issue::new(Code::LineUnknown, field("line")).with("line", *id));
        };
        if *quantity <= Decimal::ZERO {
            return Some(Issue::new(Code::QuantityNotPositive, field("quantity")));
        }
        let own = parts.iter().filter(|(other, _)| other == id).map(|(_, quantity)| *quantity);
        let together = crate::returns::sum(own);
        if together.is_none_or(|together| together > open(line)) {
            let issue = Issue::new(Code::QuantityExceedsOpen, field("quantity"));
            return Some(issue.with("line", *id).with("open", open(line)));
        }
        let ordered = order.lines.iter().find(|ordered| ordered.id == *id)?;
        split_issue(ordered, *quantity, open(line), facts, field("quantity"))
    };
    Refusal::unless_empty(parts.iter().enumerate().filter_map(issue).collect())
}

pub(super) fn resolve(
    order: &Order,
    command: &ResolveReturn,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let kind = CommandKind::ResolveReturn;
    let (returned, to) = subject(order, &command.return_id, kind)?;
    to.ok_or_else(|| forbidden(returned))?;
    let carrier_claim = command.carrier_claim.as_deref().map(str::trim);
    let carrier_claim = carrier_claim.filter(|text| !text.is_empty()).map(str::to_owned);
    let claim = carrier_claim.as_deref().unwrap_or_default();
    within(claim, MAX_NOTE_BYTES, "/args/carrierClaim")?;
    let outcomes = outcome::of((order, returned), command.outcomes.as_deref(), facts)?;
    let settlement = settle::settle(order, returned, &outcomes, command.wanted.as_deref(), facts)?;
    settle::must_be_shown(&settlement, command, order)?;
    let mut events = Vec::new();
    if order.status == crate::order::OrderStatus::Completed && !settlement.replacements.is_empty() {
        // Goods have to leave again, so there is work (features.md b2: a return within the warranty).
        events.push(Event::Reopened { reason: returned.id.clone() });
    }
    let (return_id, settlement) = (returned.id.clone(), Box::new(settlement));
    let stored = store_credit(&return_id, settlement.store_credit_minor, facts);
    events.push(Event::ReturnResolved { return_id, outcomes, settlement, carrier_claim });
    events.extend(stored);
    let after = stock::after_all(order, &events, facts)?;
    events.extend(stock::suffices_for(order, &after, "/args/wanted", facts)?);
    Ok(events)
}

/// What goes onto the customer's account is there at once, and the ledger says so.
fn store_credit(return_id: &str, amount_minor: Amount, facts: &Facts<'_>) -> Option<Event> {
    if amount_minor.is_zero() {
        return None;
    }
    let payment = Payment {
        id: format!("{return_id}-store-credit"),
        kind: PaymentKind::Refund,
        method: STORE_CREDIT.to_owned(),
        amount_minor,
        reference: None,
        state: PaymentState::Success,
        source: None,
        failure: None,
        expires_ms: None,
        currency: None,
        recorded_ms: facts.now_ms,
        is_certain: false,
        provider: None,
    };
    Some(Event::PaymentRecorded { payment })
}
