//! How much of the money is there, as words.

use serde::{Deserialize, Serialize};

use crate::{
    json::{FromJson, ToJson},
    ledger::Ledger,
    money::{Amount, AmountError},
};

/// How much of the money is there. The first that applies counts (features.md b2, axis 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PaymentStatus {
    /// The order came from another system that kept the money side.
    Elsewhere,
    /// Nothing is to be paid.
    NotRequired,
    /// More than is due: the shop owes the rest.
    Overpaid,
    /// Everything was given back.
    Refunded,
    /// Some of it was given back.
    PartiallyRefunded,
    /// All that is due.
    Paid,
    /// Less than is due.
    PartiallyPaid,
    /// All that is due is kept ready.
    Authorized,
    /// Some of what is due is kept ready.
    PartiallyAuthorized,
    /// Money is on its way.
    Pending,
    /// The last try failed.
    Failed,
    /// What was kept ready was let go.
    Voided,
    /// Nothing has come.
    Unpaid,
}

/// What came in, beside what the buyer shall bear (Saleor's charge status).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ChargeLevel {
    /// Nothing, though something is due.
    None,
    /// Less than is due.
    Partial,
    /// Just what is due.
    Full,
    /// More than is due.
    Over,
}

/// The level of `net`, received less given back, beside the `due` total.
///
/// # Example
///
/// ```
/// use orderkit::{Amount, status::{ChargeLevel, charge_level}};
///
/// let minor = |value| Amount::new(value).unwrap();
/// // saleor/saleor: total 98.40, granted refund 88.40, charged 10.00
/// assert_eq!(charge_level(minor(1_000), minor(9_840 - 8_840)), ChargeLevel::Full);
/// ```
pub fn charge_level(net: Amount, due: Amount) -> ChargeLevel {
    match net.cmp(&due) {
        core::cmp::Ordering::Greater => ChargeLevel::Over,
        core::cmp::Ordering::Equal => ChargeLevel::Full,
        core::cmp::Ordering::Less if net > Amount::ZERO => ChargeLevel::Partial,
        core::cmp::Ordering::Less => ChargeLevel::None,
    }
}

/// The word for a ledger beside the `due` total.
///
/// # Errors
///
/// [`AmountError`] if received less given back is out of range, which sums in range cannot cause.
pub fn payment_status(ledger: &Ledger, due: Amount) -> Result<PaymentStatus, AmountError> {
    let level = charge_level(ledger.net()?, due);
    Ok(match () {
        () if due.is_zero() && ledger.captured.is_zero() => PaymentStatus::NotRequired,
        () if level == ChargeLevel::Over => PaymentStatus::Overpaid,
        () if !ledger.captured.is_zero() && ledger.returned == ledger.captured => {
            PaymentStatus::Refunded
        }
        () if !ledger.returned.is_zero() => PaymentStatus::PartiallyRefunded,
        () if level == ChargeLevel::Full => PaymentStatus::Paid,
        () if level == ChargeLevel::Partial => PaymentStatus::PartiallyPaid,
        () if !ledger.authorized.is_zero() && ledger.authorized >= due => PaymentStatus::Authorized,
        () if !ledger.authorized.is_zero() => PaymentStatus::PartiallyAuthorized,
        () if !ledger.pending.is_zero() => PaymentStatus::Pending,
        () if ledger.has_failed => PaymentStatus::Failed,
        () if ledger.is_voided => PaymentStatus::Voided,
        () => PaymentStatus::Unpaid,
    })
}
