//! What a shop lets happen to orders that were placed.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

/// How orders are edited after they were placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AmendmentRules {
    /// What becomes of the prices and discounts that were agreed.
    #[serde(skip_serializing_if = "super::is_default")]
    pub policy: AmendmentPolicy,
    /// What goods cost that are added.
    #[serde(skip_serializing_if = "super::is_default")]
    pub new_lines: NewLines,
    /// Which edits price the shipping anew, where the policy keeps prices.
    #[serde(skip_serializing_if = "super::is_default")]
    pub shipping: ShippingReprice,
    /// What customers may edit of their own orders, until the shop commits.
    #[serde(skip_serializing_if = "super::is_default")]
    pub customer: CustomerEdits,
}

/// What an edit makes of the prices and discounts that were agreed (features.md g).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum AmendmentPolicy {
    /// Lines that are not edited keep their amounts; what goes is credited as a part of what was agreed.
    #[default]
    Freeze,
    /// `freeze` or `reEvaluate`, whichever is cheaper for the buyer.
    NeverWorse,
    /// The whole order is priced anew by the rules of today.
    ReEvaluate,
}

/// What goods cost that an edit adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum NewLines {
    /// The price of today.
    #[default]
    Today,
    /// The unit price of the order where it has the same goods, else that of today.
    Order,
}

/// Which edits price the shipping anew, where the policy keeps prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShippingReprice {
    /// None: even another method costs what was agreed.
    Never,
    /// Another method.
    #[default]
    Method,
    /// Another method or another address.
    Address,
    /// These, and other goods (weight, value).
    Always,
}

/// What customers may edit of their own orders, until the shop commits.
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
pub enum CustomerEdits {
    /// Nothing; they ask the shop.
    Nothing,
    /// Addresses, contact and note.
    Details,
    /// These, and less of the goods.
    #[default]
    DetailsAndLess,
}
