//! Exceptions: what is unusual about an order, with its severity and the ways out.
//!
//! They are worked out from the order and never stored, so none is left when its cause is gone.

use serde::{Deserialize, Serialize};

use crate::{
    inventory::{Shortage, ShortageAnswer},
    issue::{Argument, Arguments, Code},
    json::{FromJson, ToJson},
    ledger::{PaymentKind, PaymentState},
    money::{Amount, AmountError},
    order::{HoldReason, Order, OrderStatus, ShipmentStatus},
    returns::{GoodsCondition, Inspection, Return, ReturnStatus},
    ruleset::{PaymentTerms, Ruleset},
    status::PaymentStatus,
};

mod device;
mod kind;
mod lateness;
mod set;

pub use device::{DeviceState, of_device};
pub use kind::{ExceptionKind, ExceptionSeverity, WayOut};
pub use lateness::{Lateness, OpenAuthorization};
pub use set::ExceptionSet;

/// Something unusual about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    /// What.
    pub kind: ExceptionKind,
    /// How bad.
    pub severity: ExceptionSeverity,
    /// Since when, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<i64>,
    /// The shipment, payment or line that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Figures: amounts end in `Minor` and are of the order's currency.
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    pub args: Arguments,
    /// What can be done, the usual first.
    pub ways_out: Vec<WayOut>,
}

impl Exception {
    /// An exception of a kind, with the severity and ways out of the table.
    pub fn new(kind: ExceptionKind) -> Self {
        Self {
            kind,
            severity: kind.severity(),
            since_ms: None,
            subject: None,
            args: Arguments::default(),
            ways_out: kind.ways_out().to_vec(),
        }
    }

    fn since(self, since_ms: i64) -> Self {
        Self { since_ms: Some(since_ms), ..self }
    }

    fn about(self, subject: &str) -> Self {
        Self { subject: Some(subject.to_owned()), ..self }
    }

    fn with(mut self, key: &'static str, value: impl Into<Argument>) -> Self {
        self.args = self.args.with(key, value);
        self
    }
}

/// Everything unusual about an order at a time, the worst first.
///
/// # Errors
///
/// [`AmountError`] if its payments add up beyond 2^53 − 1.
pub fn exceptions(
    order: &Order,
    ruleset: &Ruleset,
    now_ms: i64,
) -> Result<Vec<Exception>, AmountError> {
    let mut found = standing(order)?;
    found.extend(Lateness::of(order).found(&ruleset.workflow, now_ms));
    found.sort_by_key(|it| it.severity);
    Ok(found)
}

/// What is unusual whatever the time is.
pub(crate) fn standing(order: &Order) -> Result<Vec<Exception>, AmountError> {
    let mut found = Vec::new();
    found.extend(order.broken_entry.map(tampered));
    if order.import.is_some() || order.status == OrderStatus::Draft {
        return Ok(found);
    }
    if matches!(order.status, OrderStatus::Placed | OrderStatus::Confirmed) {
        found.extend(order.holds.iter().map(|hold| {
            let kind = match hold.reason {
                HoldReason::FraudReview => ExceptionKind::FraudSuspected,
                HoldReason::Address => ExceptionKind::UnserviceableAddress,
                HoldReason::Stock => ExceptionKind::OutOfStock,
                HoldReason::PaymentReview | HoldReason::Manual => ExceptionKind::HeldByHand,
            };
            let mut exception = Exception::new(kind).since(hold.since_ms);
            if !hold.signals.is_empty() {
                exception = exception.with("signals", hold.signals.join(", "));
            }
            match &hold.note {
                Some(note) => exception.with("note", note.as_str()),
                None => exception,
            }
        }));
    }
    found.extend(oversold(order));
    of_payments(order, &mut found)?;
    of_goods(order, &mut found);
    found.extend(
        order.returns.iter().filter(|it| it.status == ReturnStatus::Inspected).filter_map(differs),
    );
    Ok(found)
}

/// An entry of an order's log, counted from 0, is not what was sealed.
pub(crate) fn tampered(entry: u32) -> Exception {
    Exception::new(ExceptionKind::LogTampered).with("entry", i64::from(entry).saturating_add(1))
}

/// Goods that were promised to the buyer and went to somebody else, until it is chosen what to do about them.
fn oversold(order: &Order) -> impl Iterator<Item = Exception> {
    let is_open = matches!(order.status, OrderStatus::Placed | OrderStatus::Confirmed);
    let waits = |it: &&Shortage| {
        let line = order.lines.iter().find(|line| line.id == it.line);
        let still =
            line.is_some_and(|line| !line.open_to_ship().is_zero() || !line.backordered.is_zero());
        it.is_open() && (still || it.answer == ShortageAnswer::Canceled)
    };
    let open = order.shortages.iter().filter(move |it| is_open && waits(it));
    open.map(|it| {
        let exception = Exception::new(ExceptionKind::Oversold).since(it.since_ms).about(&it.line);
        let exception = exception.with("sku", it.sku.as_str()).with("missing", it.quantity);
        let line = order.lines.iter().find(|line| line.id == it.line);
        let name = line.and_then(|line| line.name.as_ref());
        let exception = match name {
            Some(name) => exception.with("goods", name.en.as_str()),
            None => exception,
        };
        let exception = match name.and_then(|name| name.zh.as_ref()) {
            Some(zh) => exception.with("goodsZh", zh.as_str()),
            None => exception,
        };
        let exception = exception.with("answer", it.answer.as_str());
        match it.lead_days {
            Some(days) => exception.with("leadDays", i64::from(days)),
            None => exception,
        }
    })
}

/// What came back is less, or not what was sent, and nobody has settled it yet.
fn differs(goods: &Return) -> Option<Exception> {
    let wrong =
        |it: &&Inspection| !matches!(it.condition, GoodsCondition::Good | GoodsCondition::Used);
    let found = goods.lines.iter().flat_map(|line| &line.inspections).find(wrong)?;
    let condition = found.condition.as_str();
    let exception = Exception::new(ExceptionKind::ReturnDiffers).since(goods.moved_ms);
    Some(exception.about(&goods.id).with("condition", condition))
}

fn of_payments(order: &Order, found: &mut Vec<Exception>) -> Result<(), AmountError> {
    let derived = order.derived()?;
    let balance = derived.balance_due_minor;
    let last_ms = order.payments.iter().map(|it| it.recorded_ms).max();
    let last_ms = last_ms.max(order.closed_ms).unwrap_or_default();
    for payment in order.payments.iter().filter(|it| it.is_pending()) {
        let mut exception =
            Exception::new(ExceptionKind::PaymentPending).since(payment.recorded_ms);
        if payment.provider.is_some() {
            // What became of it is for the provider to say, and for nobody else to record.
            exception.ways_out = vec![WayOut::AskProvider];
        }
        found.push(exception.about(&payment.id).with("amountMinor", payment.amount_minor));
    }
    for payment in &order.payments {
        if payment.kind == PaymentKind::Chargeback
            && payment.state == PaymentState::Success
            && balance > Amount::ZERO
        {
            let exception = Exception::new(ExceptionKind::Chargeback).since(payment.recorded_ms);
            found.push(exception.about(&payment.id).with("amountMinor", payment.amount_minor));
        }
    }
    let is_closed = matches!(order.status, OrderStatus::Canceled | OrderStatus::Expired);
    let came_late = |it: &crate::ledger::Payment| {
        it.kind == PaymentKind::Capture
            && it.is_done()
            && order.closed_ms.is_some_and(|closed_ms| it.recorded_ms >= closed_ms)
    };
    let of_kind = |kind| Exception::new(kind).since(last_ms);
    let is_prepaid = order.payment_terms == PaymentTerms::Prepaid;
    if balance.is_negative() {
        let kind = match (is_closed, order.payments.iter().any(came_late)) {
            (true, true) => ExceptionKind::LatePayment,
            (true, false) => ExceptionKind::RefundDue,
            (false, _) => ExceptionKind::Overpaid,
        };
        found.push(of_kind(kind).with("amountMinor", balance.negate()));
    } else if order.status == OrderStatus::Placed && is_prepaid {
        match derived.payment {
            PaymentStatus::Failed => found.push(of_kind(ExceptionKind::PaymentFailed)),
            PaymentStatus::PartiallyPaid => {
                found.push(of_kind(ExceptionKind::Underpaid).with("amountMinor", balance));
            }
            _ => {}
        }
    }
    Ok(())
}

fn of_goods(order: &Order, found: &mut Vec<Exception>) {
    if !matches!(order.status, OrderStatus::Confirmed | OrderStatus::Completed) {
        return;
    }
    let is_open = order.lines.iter().any(|line| !line.open_to_ship().is_zero());
    for shipment in &order.shipments {
        let kind = match shipment.status {
            ShipmentStatus::DeliveryFailed => ExceptionKind::DeliveryFailed,
            ShipmentStatus::ReturnedToSender if is_open => ExceptionKind::ReturnedToSender,
            ShipmentStatus::Lost if is_open => ExceptionKind::Lost,
            ShipmentStatus::Pending => ExceptionKind::OutOfStock,
            _ => continue,
        };
        let exception = Exception::new(kind).since(shipment.moved_ms).about(&shipment.id);
        found.push(match &shipment.reason {
            Some(reason) => exception.with("note", reason.as_str()),
            None => exception,
        });
    }
}

/// The kind of exception that a refused command is.
pub fn kind_of_refusal(code: Code) -> ExceptionKind {
    match code {
        Code::TotalMismatch => ExceptionKind::TotalTampered,
        Code::PriceChanged => ExceptionKind::PriceStale,
        Code::StockMissing | Code::DeviceStockMissing => ExceptionKind::Oversold,
        Code::OrderLooksRepeated => ExceptionKind::DuplicateSubmission,
        Code::CommandQuarantined => ExceptionKind::PoisonMessage,
        Code::LogTampered => ExceptionKind::LogTampered,
        Code::OrderUnknown | Code::ParentRefused => ExceptionKind::UnknownOrder,
        Code::SeriesExhausted
        | Code::AmountTooLarge
        | Code::EventsTooMany
        | Code::LinesTooMany
        | Code::DocumentTooLarge => ExceptionKind::LimitReached,
        Code::ShippingNotServed | Code::ShippingPlaceNotServed | Code::ShippingExcluded => {
            ExceptionKind::UnserviceableAddress
        }
        Code::StatusForbids
        | Code::ShipmentForbids
        | Code::AlreadyShipped
        | Code::BalanceDiffers
        | Code::PaymentRepeated
        | Code::ClientForked
        | Code::CommandIdRepeated => ExceptionKind::EditConflict,
        _ => ExceptionKind::WrongData,
    }
}
