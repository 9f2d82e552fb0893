//! Holds: reasons why work on an order stops. A set beside the status, so that the status is not lost.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

/// Something that stands in the way of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hold {
    /// What.
    pub reason: HoldReason,
    /// More about it, for the staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Since when; set by the decision.
    #[serde(default)]
    pub since_ms: i64,
    /// The names of the signals that led to it, if it was not set by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<String>,
}

/// Why work on an order stops.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum HoldReason {
    /// Somebody must look whether the buyer is who they say.
    FraudReview,
    /// The address cannot be delivered to.
    Address,
    /// Goods are missing.
    Stock,
    /// Somebody must look at a payment.
    PaymentReview,
    /// Somebody wants it so.
    Manual,
}

/// Why an order was called off, to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CancelCause {
    /// The customer wants it no more.
    CustomerChangedMind,
    /// The customer found it too late, too dear or elsewhere.
    BetterOffer,
    /// The goods are not there.
    OutOfStock,
    /// The money did not come.
    PaymentFailed,
    /// It looked like fraud.
    Fraud,
    /// The same order came twice.
    Duplicate,
    /// The address, the price or the goods were wrong.
    WrongData,
    /// Anything else; the reason says what.
    Other,
}

impl HoldReason {
    /// Every reason, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::FraudReview, Self::Address, Self::Stock, Self::PaymentReview, Self::Manual];

    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FraudReview => "fraudReview",
            Self::Address => "address",
            Self::Stock => "stock",
            Self::PaymentReview => "paymentReview",
            Self::Manual => "manual",
        }
    }
}
