//! Where an order stands: tables of what may follow what, and the statuses that follow from the facts.
//!
//! Payment, fulfillment and the one-word summary are functions of the order and are never stored, so
//! they cannot disagree with it or with each other.

use serde::{Deserialize, Serialize};

use crate::{
    json::{FromJson, ToJson},
    ledger::Ledger,
    money::{Amount, AmountError},
    order::{Order, OrderStatus},
};

pub mod change;
mod deadline;
mod fulfillment;
mod payment;
mod summary;
pub mod table;

pub use deadline::{Deadline, DeadlineKind, deadlines, next_deadline};
pub(crate) use deadline::{
    line_window_ends_ms, open_authorizations, pack_since_ms, promised_ms, return_window_ends_ms,
    ship_since_ms,
};
pub use fulfillment::FulfillmentStatus;
pub use payment::{ChargeLevel, PaymentStatus, charge_level, payment_status};
pub use summary::Summary;

/// The derived statuses of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Derived {
    /// How much of the money is there.
    pub payment: PaymentStatus,
    /// The same beside what the buyer shall finally bear.
    pub charge: ChargeLevel,
    /// How much of the goods has moved.
    pub fulfillment: FulfillmentStatus,
    /// The one word.
    pub summary: Summary,
    /// What the buyer shall finally bear: the total less credits and what was written off; nothing of a closed order.
    pub total_minor: Amount,
    /// Received minus given back, gift cards and the like included.
    pub paid_minor: Amount,
    /// What is still due; negative if the shop owes.
    pub balance_due_minor: Amount,
    /// Kept ready by a provider, to be captured or let go.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub authorized_minor: Amount,
    /// On its way from the buyer.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub pending_minor: Amount,
    /// What can still be given back.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub refundable_minor: Amount,
}

impl Order {
    /// The statuses that follow from the facts.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if the payments add up beyond 2^53 − 1.
    pub fn derived(&self) -> Result<Derived, AmountError> {
        let ledger = Ledger::of(&self.payments)?;
        let (due, paid) = (self.due()?, ledger.net()?);
        let is_elsewhere = self.import.is_some();
        let balance = if is_elsewhere { Amount::ZERO } else { due.minus(paid)? };
        let payment =
            if is_elsewhere { PaymentStatus::Elsewhere } else { payment_status(&ledger, due)? };
        let fulfillment = self.fulfillment();
        Ok(Derived {
            payment,
            charge: charge_level(paid, due),
            fulfillment,
            summary: self.summary(payment, fulfillment, balance),
            total_minor: due,
            paid_minor: paid,
            balance_due_minor: balance,
            authorized_minor: ledger.authorized,
            pending_minor: ledger.pending,
            refundable_minor: ledger.refundable()?,
        })
    }

    /// What the buyer shall finally bear.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a sum is out of range.
    pub fn due(&self) -> Result<Amount, AmountError> {
        match self.status {
            OrderStatus::Placed | OrderStatus::Confirmed | OrderStatus::Completed => {
                let credits = Amount::sum(self.credits.iter().map(|credit| credit.total_minor))?;
                let total = self.totals.payable_minor.plus(self.tendered_minor)?;
                total.minus(credits)?.minus(self.written_off_minor)
            }
            // A draft binds nobody, and an order that was called off shall cost the buyer nothing.
            _ => Ok(Amount::ZERO),
        }
    }
}
