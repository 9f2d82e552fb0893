//! Which payments a refund goes back to.

use serde::{Deserialize, Serialize};

use super::{Payment, PaymentKind};
use crate::{
    allocation::allocate,
    json::{FromJson, ToJson},
    money::{Amount, AmountError},
    ruleset::RefundOrder,
};

/// A part of a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundPart {
    /// The payment that it goes back to.
    pub source: String,
    /// Its method: gift cards, store credit and points get theirs back in kind.
    pub method: String,
    /// How much.
    pub amount_minor: Amount,
}

/// What can still go back to one capture; pending refunds count as gone.
///
/// Refunds that name no source are taken from the last captures first.
///
/// # Errors
///
/// [`AmountError`] if a sum is out of range.
pub fn refundable(payments: &[Payment]) -> Result<Vec<RefundPart>, AmountError> {
    let back = |it: &&Payment| {
        matches!(it.kind, PaymentKind::Refund | PaymentKind::Chargeback)
            && (it.is_done() || it.is_pending())
    };
    let mut parts = Vec::new();
    for capture in payments.iter().filter(|it| it.kind == PaymentKind::Capture && it.is_done()) {
        let named = payments.iter().filter(back);
        let named = named.filter(|it| it.source.as_ref() == Some(&capture.id));
        let gone = Amount::sum(named.map(|it| it.amount_minor))?;
        let left = capture.amount_minor.minus(gone)?.max(Amount::ZERO);
        let (source, method) = (capture.id.clone(), capture.method.clone());
        parts.push(RefundPart { source, method, amount_minor: left });
    }
    let unnamed = payments.iter().filter(back).filter(|it| it.source.is_none());
    let mut rest = Amount::sum(unnamed.map(|it| it.amount_minor))?;
    for part in parts.iter_mut().rev() {
        let taken = part.amount_minor.min(rest);
        part.amount_minor = part.amount_minor.minus(taken)?;
        rest = rest.minus(taken)?;
    }
    Ok(parts)
}

/// Splits a refund over the payments that were received, to each no more than is left of it.
///
/// The parts add up to `amount`, or to all that is left if that is less.
///
/// # Errors
///
/// [`AmountError`] if a sum is out of range.
pub fn refund_plan(
    payments: &[Payment],
    amount: Amount,
    order: RefundOrder,
) -> Result<Vec<RefundPart>, AmountError> {
    let mut parts = refundable(payments)?;
    let left = Amount::sum(parts.iter().map(|part| part.amount_minor))?;
    let mut open = amount.min(left).max(Amount::ZERO);
    match order {
        RefundOrder::LastFirst => {
            parts.reverse();
            for part in &mut parts {
                part.amount_minor = part.amount_minor.min(open);
                open = open.minus(part.amount_minor)?;
            }
        }
        RefundOrder::ProRata => {
            let weights: Vec<Amount> = parts.iter().map(|part| part.amount_minor).collect();
            let shares = allocate(open, &weights)?;
            for (part, share) in parts.iter_mut().zip(shares) {
                part.amount_minor = share;
            }
        }
    }
    parts.retain(|part| !part.amount_minor.is_zero());
    Ok(parts)
}
