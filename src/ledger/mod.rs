//! The ledger: what was authorized, received and given back, by adding up the payments of an order.
//!
//! The rule is Saleor's and Spree's (features.md b2, axis 2): nothing is stored but the payments, so
//! sums and statuses cannot disagree with them.

mod in_kind;
mod payment;
mod refund;

pub use in_kind::{GIFT_CARD, InKind, POINTS, STORE_CREDIT};
pub use payment::{Payment, PaymentFailure, PaymentKind, PaymentRemedy, PaymentState};
pub use refund::{RefundPart, refund_plan, refundable};

use crate::money::{Amount, AmountError};
pub use crate::ruleset::RefundOrder;

/// The sums of a ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Authorized, and neither captured nor voided.
    pub authorized: Amount,
    /// Received.
    pub captured: Amount,
    /// Given back, or taken back by the buyer's bank.
    pub returned: Amount,
    /// On its way from the buyer.
    pub pending: Amount,
    /// On its way to the buyer; counts as used for further refunds.
    pub refund_pending: Amount,
    /// Whether the last word on money from the buyer was a failure.
    pub has_failed: bool,
    /// Whether there were authorizations and all were voided.
    pub is_voided: bool,
}

impl Ledger {
    /// Adds the payments up.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a sum is beyond 2^53 − 1.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::{Amount, ledger::{Ledger, Payment}};
    ///
    /// let payments: Vec<Payment> = serde_json::from_str(r#"[
    ///     {"id": "a", "kind": "authorization", "method": "card", "amountMinor": 1000},
    ///     {"id": "c", "kind": "capture", "source": "a", "method": "card", "amountMinor": 600}
    /// ]"#).unwrap();
    /// let ledger = Ledger::of(&payments).unwrap();
    /// assert_eq!((ledger.authorized.minor(), ledger.captured.minor()), (400, 600));
    /// ```
    pub fn of(payments: &[Payment]) -> Result<Self, AmountError> {
        let mut ledger = Self::default();
        let mut authorizations = 0_usize;
        for payment in payments {
            match (payment.kind, payment.state) {
                (PaymentKind::Authorization, PaymentState::Success) => {
                    authorizations = authorizations.saturating_add(1);
                    let left = left_of_authorization(payments, payment)?;
                    ledger.authorized = ledger.authorized.plus(left)?;
                }
                (PaymentKind::Capture, PaymentState::Success) => {
                    ledger.captured = ledger.captured.plus(payment.amount_minor)?;
                }
                (PaymentKind::Refund | PaymentKind::Chargeback, PaymentState::Success) => {
                    ledger.returned = ledger.returned.plus(payment.amount_minor)?;
                }
                (PaymentKind::Refund, _) if payment.is_pending() => {
                    ledger.refund_pending = ledger.refund_pending.plus(payment.amount_minor)?;
                }
                (PaymentKind::Capture | PaymentKind::Authorization, _) if payment.is_pending() => {
                    ledger.pending = ledger.pending.plus(payment.amount_minor)?;
                }
                _ => {}
            }
            if matches!(payment.kind, PaymentKind::Capture | PaymentKind::Authorization) {
                ledger.has_failed = payment.state == PaymentState::Failure;
            }
        }
        ledger.is_voided =
            authorizations > 0 && ledger.authorized.is_zero() && ledger.captured.is_zero();
        Ok(ledger)
    }

    /// Received minus given back; below zero only if a bank took back more than was left.
    ///
    /// # Errors
    ///
    /// [`AmountError`], which sums in range cannot cause.
    pub fn net(&self) -> Result<Amount, AmountError> {
        self.captured.minus(self.returned)
    }

    /// What can still be given back.
    ///
    /// # Errors
    ///
    /// [`AmountError`], which sums in range cannot cause.
    pub fn refundable(&self) -> Result<Amount, AmountError> {
        self.net()?.minus(self.refund_pending).map(|left| left.max(Amount::ZERO))
    }
}

/// What of an authorization was neither captured nor voided, pending ones counted as done.
///
/// # Errors
///
/// [`AmountError`] if a sum is out of range.
pub fn left_of_authorization(
    payments: &[Payment],
    authorization: &Payment,
) -> Result<Amount, AmountError> {
    let used = payments.iter().filter(|it| {
        it.source.as_ref() == Some(&authorization.id)
            && matches!(it.kind, PaymentKind::Capture | PaymentKind::Void)
            && (it.is_done() || it.is_pending())
    });
    let used = Amount::sum(used.map(|it| it.amount_minor))?;
    authorization.amount_minor.minus(used).map(|left| left.max(Amount::ZERO))
}

#[cfg(test)]
mod tests;
