//! Deadlines: what happens by itself, or should have been done, and when. No clock here: times are compared outside.

use serde::{Deserialize, Serialize};

use crate::{
    command::CommandKind,
    json::{FromJson, ToJson},
    ledger::{Payment, PaymentKind},
    order::{Order, OrderLine, OrderStatus, Shipment, ShipmentStatus},
    returns::{Return, ReturnStatus},
    ruleset::{PaymentTerms, Ruleset, Workflow},
    zone::TimeZone,
};

/// A moment that an order waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Deadline {
    /// What for.
    pub kind: DeadlineKind,
    /// When.
    pub at_ms: i64,
    /// What the server does then; nothing for a promise, which people keep or break.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandKind>,
    /// The shipment, payment or return that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// What a deadline is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DeadlineKind {
    /// The order expires unless it is paid.
    Pay,
    /// An authorization ends and can no longer be captured.
    Capture,
    /// The goods should be packed.
    Pack,
    /// The goods should have left.
    Ship,
    /// The goods wait at the counter no longer.
    FetchPickup,
    /// Receipt counts as confirmed.
    Receipt,
    /// An approved return expires unless its goods are sent.
    SendReturn,
    /// Goods can be sent back no longer, and a settled order is completed.
    Return,
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Every deadline of an order, soonest first; of equal ones in the order of [`DeadlineKind`].
pub fn deadlines(order: &Order, ruleset: &Ruleset) -> Vec<Deadline> {
    let mut all = Vec::new();
    match order.status {
        OrderStatus::Placed => all.extend(pay(order, ruleset)),
        OrderStatus::Confirmed => {
            work(order, ruleset, &mut all);
            all.extend(order.shipments.iter().filter_map(|it| fetch(it, ruleset)));
            all.extend(receipt(order, ruleset));
            all.extend(return_window(order, ruleset));
        }
        _ => {}
    }
    if matches!(order.status, OrderStatus::Confirmed | OrderStatus::Completed) {
        all.extend(sendings(order, ruleset));
    }
    all.extend(captures(order));
    all.sort_by_key(|deadline| (deadline.at_ms, deadline.kind));
    all
}

/// The soonest deadline at which the server does something.
pub fn next_deadline(order: &Order, ruleset: &Ruleset) -> Option<Deadline> {
    deadlines(order, ruleset).into_iter().find(|deadline| deadline.command.is_some())
}

fn pay(order: &Order, ruleset: &Ruleset) -> Option<Deadline> {
    let minutes = ruleset.workflow.pay_within_minutes?;
    if order.payment_terms != PaymentTerms::Prepaid {
        return None;
    }
    let begin_ms = order.reinstated_ms.unwrap_or(order.placed_ms).max(order.placed_ms);
    let mut at_ms = begin_ms.saturating_add(i64::from(minutes).saturating_mul(MINUTE_MS));
    // A payment that is on its way moves the deadline: nobody may be told that it came too late.
    let grace_ms = i64::from(ruleset.workflow.pending_within_hours).saturating_mul(HOUR_MS);
    for payment in order.payments.iter().filter(|it| it.is_pending()) {
        at_ms = at_ms.max(payment.recorded_ms.saturating_add(grace_ms));
    }
    Some(Deadline {
        kind: DeadlineKind::Pay,
        at_ms,
        command: Some(CommandKind::Expire),
        subject: None,
    })
}

fn captures(order: &Order) -> impl Iterator<Item = Deadline> {
    open_authorizations(order).map(|(payment, at_ms)| {
        let subject = Some(payment.id.clone());
        Deadline { kind: DeadlineKind::Capture, at_ms, command: None, subject }
    })
}

/// The authorizations that can still be captured, and when they end.
pub(crate) fn open_authorizations(order: &Order) -> impl Iterator<Item = (&Payment, i64)> {
    let is_open = matches!(order.status, OrderStatus::Placed | OrderStatus::Confirmed);
    let open = order
        .payments
        .iter()
        .filter(move |it| is_open && it.kind == PaymentKind::Authorization && it.is_done());
    open.filter_map(|payment| {
        let left = crate::ledger::left_of_authorization(&order.payments, payment).ok()?;
        payment.expires_ms.filter(|_| !left.is_zero()).map(|at_ms| (payment, at_ms))
    })
}

fn work(order: &Order, ruleset: &Ruleset, all: &mut Vec<Deadline>) {
    let Workflow { pack_within_hours, ship_within_hours, .. } = ruleset.workflow;
    for (kind, since_ms, hours) in [
        (DeadlineKind::Pack, pack_since_ms(order), pack_within_hours),
        (DeadlineKind::Ship, ship_since_ms(order), ship_within_hours),
    ] {
        let at_ms = promised_ms(since_ms, hours);
        all.extend(at_ms.map(|at_ms| Deadline { kind, at_ms, command: None, subject: None }));
    }
}

/// Since when goods of the order wait to be packed.
pub(crate) fn pack_since_ms(order: &Order) -> Option<i64> {
    waits_since_ms(order, |line| line.packed < line.to_deliver())
}

/// Since when goods of the order wait to leave.
pub(crate) fn ship_since_ms(order: &Order) -> Option<i64> {
    waits_since_ms(order, |line| line.shipped < line.to_deliver())
}

fn waits_since_ms(order: &Order, waits: impl Fn(&OrderLine) -> bool) -> Option<i64> {
    let mut lines = order.lines.iter().filter(|line| !line.to_deliver().is_zero());
    let is_open = order.status == OrderStatus::Confirmed;
    order.confirmed_ms.filter(|_| is_open && lines.any(waits))
}

/// When work should be done that has waited since then, if the rules promise it within so many hours.
pub(crate) fn promised_ms(since_ms: Option<i64>, hours: Option<u32>) -> Option<i64> {
    Some(since_ms?.saturating_add(i64::from(hours?).saturating_mul(HOUR_MS)))
}

fn fetch(shipment: &Shipment, ruleset: &Ruleset) -> Option<Deadline> {
    let days = ruleset.workflow.fetch_within_days?;
    if shipment.status != ShipmentStatus::ReadyForPickup {
        return None;
    }
    let at_ms = end_of_day(&ruleset.time_zone, shipment.moved_ms, days);
    let subject = Some(shipment.id.clone());
    Some(Deadline { kind: DeadlineKind::FetchPickup, at_ms, command: None, subject })
}

/// Some days after the last parcel left, the goods count as received.
fn receipt(order: &Order, ruleset: &Ruleset) -> Option<Deadline> {
    let days = ruleset.workflow.receipt_after_days?;
    if order.receipt_ms.is_some() || !order.goods_are_gone() {
        return None;
    }
    let last_ms = order.shipments.iter().map(|shipment| shipment.shipped_ms).max()?;
    let at_ms = end_of_day(&ruleset.time_zone, last_ms, days);
    let command = Some(CommandKind::ConfirmReceipt);
    Some(Deadline { kind: DeadlineKind::Receipt, at_ms, command, subject: None })
}

/// The shop does not wait for ever for goods that it has agreed to take back.
fn sendings(order: &Order, ruleset: &Ruleset) -> impl Iterator<Item = Deadline> {
    let days = ruleset.returns.send_within_days;
    let waits = |it: &&Return| it.status == ReturnStatus::Approved && !it.kind.needs_no_goods();
    let open = order.returns.iter().filter(waits).filter(move |_| days > 0);
    open.map(move |returned| Deadline {
        kind: DeadlineKind::SendReturn,
        at_ms: end_of_day(&ruleset.time_zone, returned.moved_ms, days),
        command: Some(CommandKind::ExpireReturn),
        subject: Some(returned.id.clone()),
    })
}

/// A settled order is completed then; one with an open return waits for its end.
fn return_window(order: &Order, ruleset: &Ruleset) -> Option<Deadline> {
    let at_ms = return_window_ends_ms(order, ruleset)?;
    let command = (!order.has_open_return()).then_some(CommandKind::Complete);
    Some(Deadline { kind: DeadlineKind::Return, at_ms, command, subject: None })
}

/// Until when goods can be sent back, once all have arrived: the end of the shop's day so many days
/// after the last arrival (Regulation (EEC) 1182/71, article 3: a period in days ends with its last hour).
pub(crate) fn return_window_ends_ms(order: &Order, ruleset: &Ruleset) -> Option<i64> {
    if !order.goods_have_arrived() {
        return None;
    }
    let arrived = order.shipments.iter().filter_map(|shipment| shipment.delivered_ms).max()?;
    Some(end_of_day(&ruleset.time_zone, arrived, ruleset.workflow.return_window_days))
}

/// Until when units of a line can be given back, or claimed to be faulty: so many days after the last of them arrived.
pub(crate) fn line_window_ends_ms(
    order: &Order,
    line: &OrderLine,
    ruleset: &Ruleset,
    is_claim: bool,
) -> Option<i64> {
    let own = |it: &&Shipment| it.lines.iter().any(|part| part.line == line.id);
    let arrived = order.shipments.iter().filter(|it| it.status.has_arrived()).filter(own);
    let last_ms = arrived.filter_map(|shipment| shipment.delivered_ms).max()?;
    let days =
        if is_claim { ruleset.returns.warranty_days } else { ruleset.workflow.return_window_days };
    Some(end_of_day(&ruleset.time_zone, last_ms, days))
}

fn end_of_day(zone: &TimeZone, from_ms: i64, days: u32) -> i64 {
    let day = zone.local(from_ms).epoch_day;
    zone.start_of_day(day.saturating_add(i64::from(days)).saturating_add(1))
}

impl Order {
    /// Whether all that shall be delivered has left, and something has.
    pub fn goods_are_gone(&self) -> bool {
        let some = self.shipments.iter().any(|shipment| shipment.status.has_left());
        some && self.lines.iter().all(|line| line.open_to_ship().is_zero())
            && self.shipments.iter().all(|shipment| {
                shipment.status.has_left() || shipment.status == ShipmentStatus::Canceled
            })
    }

    /// Whether all that shall be delivered has arrived.
    pub fn goods_have_arrived(&self) -> bool {
        self.lines.iter().all(|line| line.delivered >= line.to_deliver())
    }
}
