//! Shipments: goods that travel together, from the shelf to the customer.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

/// Goods that travel together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shipment {
    /// An id that is unique in the order.
    pub id: String,
    /// How far it has come.
    #[serde(default)]
    pub status: ShipmentStatus,
    /// What is in it.
    pub lines: Vec<ShipmentLine>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// When it left; 0 before.
    #[serde(default)]
    pub shipped_ms: i64,
    /// When it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_ms: Option<i64>,
    /// When it last took a step.
    #[serde(default)]
    pub moved_ms: i64,
    /// Why it went back a step, or what befell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The code that the customer shows to get the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup_code: Option<String>,
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

/// How far a shipment has come.
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
pub enum ShipmentStatus {
    /// It waits for goods.
    Pending,
    /// Goods are set aside for it.
    Allocated,
    /// They were taken from the shelf.
    Picked,
    /// They are in the parcel.
    Packed,
    /// It left.
    #[default]
    Shipped,
    /// It is in the van of the last mile.
    OutForDelivery,
    /// It waits for the customer at a counter.
    ReadyForPickup,
    /// It arrived.
    Delivered,
    /// The customer fetched it.
    PickedUp,
    /// It could not be handed over.
    DeliveryFailed,
    /// It came back.
    ReturnedToSender,
    /// Nobody knows where it is.
    Lost,
    /// It was called off before it left.
    Canceled,
}

impl ShipmentStatus {
    /// Every status, in the order of a shipment's life.
    pub const ALL: [Self; 13] = [
        Self::Pending,
        Self::Allocated,
        Self::Picked,
        Self::Packed,
        Self::Shipped,
        Self::OutForDelivery,
        Self::ReadyForPickup,
        Self::Delivered,
        Self::PickedUp,
        Self::DeliveryFailed,
        Self::ReturnedToSender,
        Self::Lost,
        Self::Canceled,
    ];

    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Allocated => "allocated",
            Self::Picked => "picked",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::OutForDelivery => "outForDelivery",
            Self::ReadyForPickup => "readyForPickup",
            Self::Delivered => "delivered",
            Self::PickedUp => "pickedUp",
            Self::DeliveryFailed => "deliveryFailed",
            Self::ReturnedToSender => "returnedToSender",
            Self::Lost => "lost",
            Self::Canceled => "canceled",
        }
    }

    /// Whether the goods have left the shop, wherever they are now.
    pub fn has_left(self) -> bool {
        matches!(
            self,
            Self::Shipped
                | Self::OutForDelivery
                | Self::Delivered
                | Self::PickedUp
                | Self::DeliveryFailed
                | Self::ReturnedToSender
                | Self::Lost
        )
    }

    /// Whether the customer has the goods.
    pub fn has_arrived(self) -> bool {
        matches!(self, Self::Delivered | Self::PickedUp)
    }

    /// Whether goods are off the shelf but still in the shop: they must be put back before a cancellation.
    pub fn is_in_hand(self) -> bool {
        matches!(self, Self::Picked | Self::Packed | Self::ReadyForPickup)
    }

    /// Whether the goods are out of the customer's reach for good, so that others may be sent.
    pub fn is_over_without_goods(self) -> bool {
        matches!(self, Self::ReturnedToSender | Self::Lost | Self::Canceled)
    }
}
