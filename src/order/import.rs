//! Orders from other systems: where from, and what was found in them.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

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
