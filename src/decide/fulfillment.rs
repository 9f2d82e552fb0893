//! Confirming, shipping, delivering, completing and canceling.

use super::{Facts, status_forbids};
use crate::{
    command::{Deliver, Ship},
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    money::Amount,
    order::{Event, Order, OrderStatus, Shipment, ShipmentLine},
    ruleset::PaymentTerms,
};

pub(super) fn confirm_obstacle(order: &Order) -> Option<Issue> {
    match order.status {
        OrderStatus::Placed => payment_obstacle(order),
        _ => Some(status_forbids(order)),
    }
}

/// Prepaid orders wait for their money.
fn payment_obstacle(order: &Order) -> Option<Issue> {
    if order.payment_terms != PaymentTerms::Prepaid {
        return None;
    }
    let missing = match order.derived() {
        Ok(derived) => derived.balance_due_minor,
        // A balance that cannot be computed is no reason to let goods go.
        Err(_) => {
            return Some(Issue::new(Code::AmountTooLarge, "").with("maximumMinor", Amount::MAX));
        }
    };
    (!missing.is_zero() && !missing.is_negative()).then(|| {
        Issue::new(Code::PaymentMissing, "")
            .with("missingMinor", missing)
            .with("currency", order.currency)
    })
}

pub(super) fn ship_obstacle(order: &Order) -> Option<Issue> {
    if order.status != OrderStatus::Confirmed {
        return Some(status_forbids(order));
    }
    let open = order.lines.iter().any(|line| line.open_to_ship() > Decimal::ZERO);
    if open { payment_obstacle(order) } else { Some(Issue::new(Code::NothingOpen, "")) }
}

pub(super) fn ship(order: &Order, ship: &Ship, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let mut issues = Vec::new();
    if ship.shipment.is_empty() {
        issues.push(Issue::new(Code::Required, "/args/shipment"));
    }
    if order.shipments.iter().any(|known| known.id == ship.shipment) {
        issues.push(Issue::new(Code::AlreadyShipped, "/args/shipment"));
    }
    if let Some(tracking) = &ship.tracking
        && order.shipments.iter().any(|known| known.tracking.as_ref() == Some(tracking))
    {
        let issue = Issue::new(Code::TrackingRepeated, "/args/tracking");
        issues.push(issue.with("tracking", tracking.as_str()));
    }
    let lines = match &ship.lines {
        Some(lines) => lines.clone(),
        None => everything_open(order),
    };
    if lines.is_empty() {
        issues.push(Issue::new(Code::LinesEmpty, "/args/lines"));
    }
    for (index, part) in lines.iter().enumerate() {
        issues.extend(part_issue(order, &lines, part, &format!("/args/lines/{index}")));
    }
    Refusal::unless_empty(issues)?;
    Ok(vec![Event::Shipped {
        shipment: Shipment {
            id: ship.shipment.clone(),
            lines,
            carrier: ship.carrier.clone(),
            tracking: ship.tracking.clone(),
            shipped_ms: facts.now_ms,
            delivered_ms: None,
        },
    }])
}

fn everything_open(order: &Order) -> Vec<ShipmentLine> {
    let open = order.lines.iter().filter(|line| line.open_to_ship() > Decimal::ZERO);
    open.map(|line| ShipmentLine { line: line.id.clone(), quantity: line.open_to_ship() }).collect()
}

fn part_issue(
    order: &Order,
    all: &[ShipmentLine],
    part: &ShipmentLine,
    path: &str,
) -> Option<Issue> {
    let Some(line) = order.lines.iter().find(|line| line.id == part.line) else {
        let issue = Issue::new(Code::LineUnknown, format!("{path}/line"));
        return Some(issue.with("line", part.line.as_str()));
    };
    if part.quantity <= Decimal::ZERO {
        return Some(Issue::new(Code::QuantityNotPositive, format!("{path}/quantity")));
    }
    // The same line may stand twice in a shipment (two parcels); together they must fit.
    let together = all
        .iter()
        .filter(|other| other.line == part.line)
        .try_fold(Decimal::ZERO, |sum, other| sum.checked_add(other.quantity));
    if together.is_none_or(|together| together > line.open_to_ship()) {
        let issue = Issue::new(Code::QuantityExceedsOpen, format!("{path}/quantity"));
        return Some(issue.with("line", part.line.as_str()).with("open", line.open_to_ship()));
    }
    None
}

pub(super) fn deliver_obstacle(order: &Order) -> Option<Issue> {
    if order.import.is_some() {
        return Some(status_forbids(order));
    }
    let on_the_way = order.shipments.iter().any(|shipment| shipment.delivered_ms.is_none());
    (!on_the_way).then(|| Issue::new(Code::NothingOpen, ""))
}

pub(super) fn deliver(order: &Order, deliver: &Deliver) -> Result<Vec<Event>, Refusal> {
    const PATH: &str = "/args/shipment";
    match order.shipments.iter().find(|shipment| shipment.id == deliver.shipment) {
        None => Err(Issue::new(Code::ShipmentUnknown, PATH)
            .with("shipment", deliver.shipment.as_str())
            .into()),
        // Two people may note the same arrival; the first one counts and nobody is wrong.
        Some(shipment) if shipment.delivered_ms.is_some() => Ok(Vec::new()),
        Some(_) => Ok(vec![Event::Delivered { shipment: deliver.shipment.clone() }]),
    }
}

pub(super) fn complete_obstacle(order: &Order) -> Option<Issue> {
    if order.status != OrderStatus::Confirmed {
        return Some(status_forbids(order));
    }
    if order.lines.iter().any(|line| line.delivered < line.ordered) {
        return Some(Issue::new(Code::StillOpen, "").with("open", "goods"));
    }
    let settled = order.derived().is_ok_and(|derived| derived.balance_due_minor.is_zero());
    (!settled).then(|| Issue::new(Code::StillOpen, "").with("open", "payment"))
}

pub(super) fn cancel_obstacle(order: &Order) -> Option<Issue> {
    match order.status {
        OrderStatus::Placed | OrderStatus::Confirmed if order.shipments.is_empty() => None,
        OrderStatus::Placed | OrderStatus::Confirmed => Some(Issue::new(Code::AlreadyShipped, "")),
        _ => Some(status_forbids(order)),
    }
}
