//! Points: what they are worth, and whether they lower the price or pay it.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
};

/// How points are spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PointsRules {
    /// So many points are worth `unitMinor`.
    pub unit_points: u32,
    /// What `unitPoints` are worth.
    pub unit_minor: Amount,
    /// Whether they lower the price (and the tax) or pay a part of it.
    #[serde(default, rename = "as")]
    pub kind: PointsKind,
    /// They cover at most this much of the items (as a discount) or of what is payable (as a tender), in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_percent: Option<Decimal>,
}

/// What points are in the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PointsKind {
    /// A discount on the items.
    #[default]
    Discount,
    /// Money: the total and its tax stay.
    Tender,
}
