//! Money that moved.

use super::{Facts, status_forbids};
use crate::{
    issue::{Code, Issue, Refusal},
    order::{Event, Order, OrderStatus, Payment, PaymentKind},
};

/// Whether this payment was recorded already. The same id with other content is refused.
pub(super) fn is_repeated(order: &Order, payment: &Payment) -> Result<bool, Refusal> {
    match order.payments.iter().find(|known| known.id == payment.id) {
        None => Ok(false),
        Some(known) if known == payment => Ok(true),
        Some(_) => Err(Issue::new(Code::PaymentRepeated, "/args/id").into()),
    }
}

pub(super) fn obstacle(order: &Order) -> Option<Issue> {
    if order.import.is_some() {
        return Some(status_forbids(order));
    }
    let owed = order.derived().is_ok_and(|derived| !derived.balance_due_minor.is_zero());
    match order.status {
        OrderStatus::Placed | OrderStatus::Confirmed if !owed => {
            Some(Issue::new(Code::NothingOpen, ""))
        }
        OrderStatus::Canceled | OrderStatus::Completed if !owed => Some(status_forbids(order)),
        _ => None,
    }
}

pub(super) fn record(
    order: &Order,
    payment: &Payment,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    const PATH: &str = "/args/amountMinor";
    if payment.id.is_empty() {
        return Err(Issue::new(Code::Required, "/args/id").into());
    }
    if payment.method.is_empty() {
        return Err(Issue::new(Code::Required, "/args/method").into());
    }
    let amount = payment.amount_minor;
    if amount.is_zero() || amount.is_negative() {
        return Err(Issue::new(Code::PaymentNotPositive, PATH).into());
    }
    let derived = order.derived()?;
    match payment.kind {
        PaymentKind::Capture => {
            let tolerance = facts.rules.ruleset().workflow.overpayment_minor;
            if amount > derived.balance_due_minor.plus(tolerance)? {
                return Err(Issue::new(Code::PaymentTooLarge, PATH)
                    .with("amountMinor", amount)
                    .with("balanceMinor", derived.balance_due_minor)
                    .with("currency", order.currency)
                    .into());
            }
        }
        PaymentKind::Refund => {
            if amount > derived.paid_minor {
                return Err(Issue::new(Code::RefundTooLarge, PATH)
                    .with("amountMinor", amount)
                    .with("availableMinor", derived.paid_minor)
                    .with("currency", order.currency)
                    .into());
            }
        }
    }
    Ok(vec![Event::PaymentRecorded { payment: payment.clone() }])
}
