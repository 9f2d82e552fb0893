//! What a shipping rate is made of.

use serde::Serialize;

use crate::{decimal::Decimal, json::ToJson, money::Amount};

/// A part of a price in a table of shipping rates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShippingPart {
    /// What it is.
    pub kind: ShippingPartKind,
    /// How many times: parcels for `first`, steps for `further`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// How much one of them covers, in the unit of the measure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Decimal>,
    /// How much all of them cover, where the price is proportional.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<Decimal>,
    /// The price of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<Amount>,
    /// The percentage of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The amount of this part; negative for `maximum`.
    pub amount_minor: Amount,
}

/// What a [`ShippingPart`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShippingPartKind {
    /// The fixed price of the band.
    Price,
    /// The percentage of the value.
    Percent,
    /// The first part of each parcel.
    First,
    /// The steps beyond it.
    Further,
    /// What the least price adds.
    Minimum,
    /// What the highest price takes off.
    Maximum,
}

impl ShippingPart {
    pub(in crate::pricing) fn new(kind: ShippingPartKind, amount_minor: Amount) -> Self {
        Self {
            kind,
            count: None,
            size: None,
            load: None,
            price_minor: None,
            percent: None,
            amount_minor,
        }
    }
}
