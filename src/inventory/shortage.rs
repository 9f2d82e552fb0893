//! What was missing when an order was accepted, and what was done about it.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

/// The reason of units that are called off because they were sold twice; pages and notices have words for it.
pub const OVERSOLD: &str = "oversold";

/// Units of a line that were not there when the order was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shortage {
    /// The id of the line.
    pub line: String,
    /// The SKU.
    pub sku: String,
    /// How many.
    pub quantity: Decimal,
    /// What the shop did about them.
    pub answer: ShortageAnswer,
    /// Whether the buyer was promised them: somebody else got them meanwhile.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_oversold: bool,
    /// In how many days they are there, where the shop says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<u32>,
    /// Since when; set when it happens.
    #[serde(default)]
    pub since_ms: i64,
    /// What buyer or staff chose, once they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<ShortageChoice>,
}

/// What the shop did about units that were not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShortageAnswer {
    /// They come later.
    Later,
    /// They were called off.
    Canceled,
}

/// What is chosen for units that were promised and are not there. To call off the whole order is a command of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShortageChoice {
    /// The order goes on without them.
    Less,
    /// It waits for them.
    Later,
}

impl ShortageAnswer {
    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Later => "later",
            Self::Canceled => "canceled",
        }
    }
}

impl ShortageChoice {
    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::Later => "later",
        }
    }
}

impl Shortage {
    /// Whether somebody has to choose.
    pub fn is_open(&self) -> bool {
        self.is_oversold && self.choice.is_none()
    }
}
