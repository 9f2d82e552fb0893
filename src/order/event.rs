//! What can happen to an order. Events are facts: they are never changed or taken back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    decimal::Decimal,
    draft::Draft,
    json::{FromJson, ToJson},
    money::Amount,
    pricing::Quote,
    ruleset::PaymentTerms,
};

/// An event with who, when and by which command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventRecord {
    /// When it was decided.
    pub at_ms: i64,
    /// When the user asked, by the device's clock, where that differs: a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_ms: Option<i64>,
    /// Who asked for it.
    pub by: Actor,
    /// The command it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Uuid>,
    /// What happened.
    pub event: Event,
}

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Actor {
    /// The user's id in the shop.
    pub user: String,
    /// What the user may do.
    pub role: Role,
}

/// What a user may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Places orders and sees their own.
    Customer,
    /// Works with all orders.
    Staff,
    /// Works with all orders and the rules.
    Admin,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Event {
    /// The buyer committed.
    Placed {
        /// The number.
        number: String,
        /// The provisional number that the device had shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alias: Option<String>,
        /// What was asked for.
        draft: Box<Draft>,
        /// The price, without its trace.
        quote: Box<Quote>,
        /// When the money has to be there.
        payment_terms: PaymentTerms,
    },
    /// The order came from another system, with all that is known of it.
    Imported {
        /// The number there.
        number: String,
        /// Where from, and what was found in it.
        import: Box<ImportNote>,
        /// What was ordered.
        draft: Box<Draft>,
        /// The amounts, without a trace.
        quote: Box<Quote>,
    },
    /// Money moved.
    PaymentRecorded {
        /// The payment.
        payment: Payment,
    },
    /// The shop committed.
    Confirmed {},
    /// Goods left.
    Shipped {
        /// What left, and how.
        shipment: Shipment,
    },
    /// A shipment arrived.
    Delivered {
        /// The shipment.
        shipment: String,
    },
    /// Delivered and settled.
    Completed {},
    /// Called off.
    Canceled {
        /// Why.
        reason: String,
    },
}

/// Money that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Payment {
    /// An id made by who recorded it; the same id is never counted twice.
    pub id: String,
    /// In which direction.
    #[serde(default)]
    pub kind: PaymentKind,
    /// The payment method.
    pub method: String,
    /// How much, above zero.
    pub amount_minor: Amount,
    /// What the bank or provider calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// The direction of a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PaymentKind {
    /// From the buyer.
    #[default]
    Capture,
    /// Back to the buyer.
    Refund,
}

/// Goods that left together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shipment {
    /// An id that is unique in the order.
    pub id: String,
    /// What is in it.
    pub lines: Vec<ShipmentLine>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// When it left; set by the decision.
    #[serde(default)]
    pub shipped_ms: i64,
    /// When it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_ms: Option<i64>,
}

/// A quantity of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ShipmentLine {
    /// The id of the order line.
    pub line: String,
    /// How many.
    pub quantity: Decimal,
}

/// Where an imported order comes from, and what was found in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportNote {
    /// The name of the data set or system.
    pub source: String,
    /// What kind of document it was there.
    pub kind: ImportKind,
    /// The exact sum of quantity × unit price in major units, before rounding to the currency.
    pub exact_total: Decimal,
    /// What was unusual; nothing is dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ImportFinding>,
}

/// The kind of an imported document.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    FromJson,
    ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ImportKind {
    /// An order.
    Sale,
    /// Goods or money given back; its quantities are negative.
    Cancellation,
    /// A booking that is not about goods, such as a bad debt.
    Adjustment,
}

/// Something unusual in an imported document, with the number of lines that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportFinding {
    /// The class, such as `negativeQuantity`, `nameMissing`, `lineRepeated` or `priceZero`.
    pub class: String,
    /// How many lines.
    pub lines: u32,
}

impl EventRecord {
    /// When it happened for the user: when they asked, if that is known and not in the future.
    pub fn happened_ms(&self) -> i64 {
        self.asked_ms.map_or(self.at_ms, |asked_ms| asked_ms.min(self.at_ms))
    }
}

impl Event {
    /// The stable name, as it stands in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Placed { .. } => "placed",
            Self::Imported { .. } => "imported",
            Self::PaymentRecorded { .. } => "paymentRecorded",
            Self::Confirmed {} => "confirmed",
            Self::Shipped { .. } => "shipped",
            Self::Delivered { .. } => "delivered",
            Self::Completed {} => "completed",
            Self::Canceled { .. } => "canceled",
        }
    }
}

impl Role {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Staff => "staff",
            Self::Admin => "admin",
        }
    }
}
