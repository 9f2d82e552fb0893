//! Calling an order off, whole or in part.

use super::{Facts, is_blank, returns::canceled, shipment::lines_issues};
use crate::{
    command::{Cancel, CancelLines},
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    order::{Event, Order, OrderLine, ShipmentLine},
};

pub(super) fn cancel(cancel: &Cancel) -> Result<Vec<Event>, Refusal> {
    let reason = reason(&cancel.reason)?;
    Ok(vec![Event::Canceled { reason, cause: cancel.cause }])
}

/// Units that will not be delivered. When nothing is left, the whole order is called off.
pub(super) fn cancel_lines(
    order: &Order,
    command: &CancelLines,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let reason = reason(&command.reason)?;
    let mut issues = lines_issues(order, &command.lines, facts, "/args/lines");
    if is_blank(&command.credit) {
        issues.push(Issue::new(Code::Required, "/args/credit"));
    }
    if order.credits.iter().any(|known| known.id == command.credit) {
        issues.push(Issue::new(Code::CreditRepeated, "/args/credit"));
    }
    Refusal::unless_empty(issues)?;
    if order.lines.iter().all(|line| line.to_deliver() == quantity_of(&command.lines, line)) {
        return Ok(vec![Event::Canceled { reason, cause: None }]);
    }
    let credit = canceled(order, command.credit.clone(), &command.lines, facts)?;
    Ok(vec![Event::LinesCanceled { reason, credit }])
}

fn quantity_of(parts: &[ShipmentLine], line: &OrderLine) -> Decimal {
    let own = parts.iter().filter(|part| part.line == line.id);
    own.fold(Decimal::ZERO, |sum, part| sum.checked_add(part.quantity).unwrap_or(sum))
}

pub(super) fn reason(text: &str) -> Result<String, Refusal> {
    if is_blank(text) {
        return Err(Issue::new(Code::Required, "/args/reason").into());
    }
    super::within_text_limit(text, "/args/reason")?;
    Ok(text.trim().to_owned())
}
