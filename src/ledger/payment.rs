//! One movement of money, as somebody or a provider reports it.

use serde::{Deserialize, Serialize};

use crate::{
    currency::Currency,
    json::{FromJson, ToJson},
    money::Amount,
};

/// Money that moved, will move, or did not.
///
/// The same `id` may come again with a later [`PaymentState`]; the last one counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Payment {
    /// An id made by who recorded it; the same id is never counted twice.
    pub id: String,
    /// What it does.
    #[serde(default)]
    pub kind: PaymentKind,
    /// The payment method.
    pub method: String,
    /// How much, above zero.
    pub amount_minor: Amount,
    /// What the bank or provider calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// How far it has come.
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: PaymentState,
    /// The payment that it acts on: the authorization of a capture or void, the capture of a refund or chargeback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<PaymentFailure>,
    /// Until when an authorization can be captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<i64>,
    /// The currency, where the provider names one; refused if it is not the order's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// When the last word on it was recorded; set by the decision.
    #[serde(default, skip_serializing_if = "is_never")]
    pub recorded_ms: i64,
    /// The money is there, though it is more than is due or the order is closed: it is a fact and not a typing error.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_certain: bool,
    /// The payment provider that is asked for it, and says what became of it; by hand if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

/// What a payment does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PaymentKind {
    /// The provider keeps money of the buyer ready.
    Authorization,
    /// Money from the buyer.
    #[default]
    Capture,
    /// An authorization, or a part of it, is let go.
    Void,
    /// Money back to the buyer.
    Refund,
    /// The buyer's bank took money back.
    Chargeback,
}

/// How far a payment has come.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    FromJson,
    ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PaymentState {
    /// Asked for, without an answer yet.
    Initial,
    /// The provider has it in hand, or has not answered: it may still become either.
    Pending,
    /// It happened.
    #[default]
    Success,
    /// It did not happen.
    Failure,
    /// It was called off before it happened.
    Canceled,
}

/// Why a payment failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentFailure {
    /// What to do about it.
    pub remedy: PaymentRemedy,
    /// The provider's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What to do about a failed payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PaymentRemedy {
    /// The same again, with the same id: the network, or a bank that is busy.
    Retry,
    /// Another method: this one has no money or is blocked.
    OtherMethod,
    /// No payment at all: suspected fraud.
    Stop,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for; on wasm32 it is no smaller than a reference"
)]
fn is_never(at_ms: &i64) -> bool {
    *at_ms == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_default(state: &PaymentState) -> bool {
    *state == PaymentState::default()
}

impl Payment {
    /// Whether it may still become something.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, PaymentState::Initial | PaymentState::Pending)
    }

    /// Whether it happened.
    pub fn is_done(&self) -> bool {
        self.state == PaymentState::Success
    }

    /// Whether `later` is a later word on this same payment, and not another one under its id.
    pub fn may_become(&self, later: &Self) -> bool {
        let same = self.kind == later.kind
            && self.method == later.method
            && self.amount_minor == later.amount_minor
            && self.source == later.source
            && self.provider == later.provider;
        // A failure may be tried again under its id; what happened or was called off stays so.
        same && !matches!(self.state, PaymentState::Success | PaymentState::Canceled)
            && (later.state != self.state)
            && (self.state != PaymentState::Pending || later.state != PaymentState::Initial)
    }
}

impl PaymentKind {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::Capture => "capture",
            Self::Void => "void",
            Self::Refund => "refund",
            Self::Chargeback => "chargeback",
        }
    }
}
