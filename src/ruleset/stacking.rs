//! How promotions go together.

use serde::{Deserialize, Serialize};

use super::Scope;
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    rounding::Rounding,
};

/// How promotions go together, and how their amounts are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stacking {
    /// Groups of promotions with rules of their own. Promotions without a group all add up, each on what is left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<StackingGroup>,
    /// Pairs that never go together, or that do in spite of their groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<StackingPair>,
    /// Searches for the combination that leaves the buyer least to pay, in place of the first that fits.
    #[serde(default)]
    pub best_for_customer: bool,
    /// A promotion that runs alone keeps out even those of higher priority; it gives way to those that ran before if not.
    #[serde(default)]
    pub exclusive_first: bool,
    /// All discounts together take at most this much off a line, in per cent of its amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_line_percent: Option<Decimal>,
    /// All discounts together take at most this much off the items, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_order_percent: Option<Decimal>,
    /// What a percentage is of.
    #[serde(default)]
    pub percentage_of: PercentageBase,
    /// What a unit is worth to a discount that reaches only some units of a line.
    #[serde(default, skip_serializing_if = "UnitWorth::is_left")]
    pub unit_worth: UnitWorth,
    /// Where a percentage is rounded.
    #[serde(default)]
    pub percentage_place: PercentagePlace,
    /// How a percentage is rounded; as everything else if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentage_mode: Option<Rounding>,
    /// How an amount on the order is shared over its lines.
    #[serde(default)]
    pub sharing: Sharing,
}

/// Promotions that are ruled together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StackingGroup {
    /// The id that promotions name.
    pub id: String,
    /// How its promotions go together.
    #[serde(default)]
    pub mode: StackingMode,
    /// At most so many of its promotions on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_per_line: Option<u32>,
    /// At most so many of its promotions on one order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_per_order: Option<u32>,
    /// Groups that do not run once one of its promotions has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
    /// What the exclusion reaches.
    #[serde(default = "items")]
    pub scope: Scope,
}

fn items() -> Scope {
    Scope::Items
}

/// How the promotions of a group go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum StackingMode {
    /// Each on what the earlier ones left.
    #[default]
    Sequential,
    /// Each on the amounts before the group.
    Parallel,
    /// Only the one that takes most off the order.
    BestOf,
    /// On each line only the one that takes most off it.
    BestPerLine,
}

/// Two promotions that go together or not, whatever their groups say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StackingPair {
    /// The id of one promotion.
    pub first: String,
    /// The id of the other.
    pub second: String,
    /// Whether they go together.
    pub combine: bool,
}

/// What a percentage is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PercentageBase {
    /// What earlier discounts have left.
    #[default]
    Left,
    /// The price before all discounts; never more than what is left.
    Original,
    /// On lines the price before all discounts, on the order what is left.
    OriginalOnLines,
}

/// What a unit is worth to a discount that reaches only some units of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum UnitWorth {
    /// Its part of what earlier discounts have left of the line.
    #[default]
    Left,
    /// Its price before all discounts, while so much is left of the line. Percentages of the original price always take this.
    Original,
}

/// Where a percentage off a line is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PercentagePlace {
    /// Once a line.
    #[default]
    Line,
    /// On each unit.
    Unit,
    /// On the sum of all matching lines, which is then shared.
    Order,
    /// On the sum of all matching lines; each line gets its own percentage cut down, and what is left over goes by the rule of
    /// sharing.
    Cut,
    /// Nowhere: it keeps the working digits of the ruleset.
    Working,
}

/// How an amount is shared over lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sharing {
    /// What the shares are in proportion to.
    #[serde(default)]
    pub weights: SharingWeights,
    /// How a share is rounded, and who gets what rounding leaves over.
    #[serde(default)]
    pub leftover: SharingLeftover,
    /// Whether lines that are worth nothing share evenly; they get nothing if not.
    #[serde(default)]
    pub zero_evenly: bool,
}

/// What shares are in proportion to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SharingWeights {
    /// What is left of each line.
    #[default]
    Left,
    /// The amount of each line before discounts.
    Original,
    /// What is left of each line, with its tax.
    Gross,
    /// The units of each line: every unit the same.
    Units,
}

/// How a share is rounded, and who gets what rounding leaves over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SharingLeftover {
    /// Down; one unit each to the largest remainders, equal ones to the earlier line.
    #[default]
    LargestRemainder,
    /// Down; one unit each from the first line on.
    First,
    /// Half down; one unit each (on or off) from the first line on.
    HalfDownFirst,
    /// Half up, but the last line takes the rest.
    HalfUpLast,
    /// Down, with `units` as weights for each unit; one minor unit for each unit of quantity, from the dearest line on.
    DearestUnits,
    /// Not at all: shares keep the working digits, the last one takes the rest.
    Working,
}

impl UnitWorth {
    fn is_left(&self) -> bool {
        *self == Self::Left
    }
}

impl Stacking {
    /// Whether nothing but what is left of a line limits what it can bear.
    pub(crate) fn is_plain(&self) -> bool {
        self.maximum_line_percent.is_none() && self.percentage_of == PercentageBase::Left
    }
}
