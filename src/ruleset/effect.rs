//! What a promotion takes off.

use serde::{Deserialize, Serialize};

use super::Target;
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
};

/// What a promotion takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Effect {
    /// A percentage of each matching line, rounded once a line.
    LinePercentage {
        /// 0 to 100.
        percent: Decimal,
        /// Only so many units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<UnitLimit>,
    },
    /// A fixed amount off each matching line, never more than the line.
    LineFixed {
        /// The amount.
        amount_minor: Amount,
        /// Whether it counts for each unit or once a line.
        per: DiscountUnit,
        /// Only so many units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<UnitLimit>,
    },
    /// A price for each unit of the matching lines; nothing where the price is lower already.
    FixedPrice {
        /// The price of a unit, in major units.
        unit_price: Decimal,
        /// Only so many units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<UnitLimit>,
    },
    /// A percentage of the matching lines together, shared over them.
    OrderPercentage {
        /// 0 to 100.
        percent: Decimal,
        /// At most this much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_minor: Option<Amount>,
        /// Whether it is on the shipping charge too.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        with_shipping: bool,
    },
    /// A fixed amount off the matching lines together, shared over them.
    OrderFixed {
        /// The amount.
        amount_minor: Amount,
        /// Whether it is shared, by value, between these lines and the shipping charge.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        with_shipping: bool,
    },
    /// A price for the matching lines together; nothing where they cost less already.
    OrderFixedPrice {
        /// The price.
        amount_minor: Amount,
    },
    /// Spend X, save Y (满减).
    SpendTiers {
        /// The tiers, by rising spend.
        tiers: Vec<SpendTier>,
        /// Whether a tier counts again for each time its spend is reached (每满减); the highest one counts once if not.
        #[serde(default)]
        repeat: bool,
    },
    /// The more units, the cheaper each (阶梯价).
    QuantityTiers {
        /// The tiers, by rising quantity.
        tiers: Vec<QuantityTier>,
        /// Whether the units of all matching lines count together; each line for itself if not.
        #[serde(default)]
        together: bool,
    },
    /// Every n-th unit is cheaper, such as the second at half price.
    NthUnit {
        /// 2 or more.
        n: u32,
        /// What is taken off that unit, 0 to 100.
        percent: Decimal,
        /// Which units of the order are the cheaper ones.
        #[serde(default)]
        pick: UnitPick,
        /// At most so many units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_times: Option<u32>,
    },
    /// Buy some, get others cheaper. A unit counts once: as bought or as given.
    BuyGet {
        /// Units of the promotion's target that have to be bought.
        buy_quantity: u32,
        /// The goods that are cheaper; those of the promotion's target if missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        get: Option<Target>,
        /// How many of them for each time.
        get_quantity: u32,
        /// What is taken off each, 0 to 100.
        percent: Decimal,
        /// Which units are given.
        #[serde(default)]
        pick: UnitPick,
        /// Whether nothing is given unless all of `getQuantity` are in the order.
        #[serde(default)]
        whole_sets_only: bool,
        /// Whether the bought units are chosen first, in the order of the pick, and only whole sets are given from the others. If
        /// not, as many units as possible are given.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        bought_first: bool,
        /// At most so many times.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_times: Option<u32>,
    },
    /// Any N units for one price ("3 for 100"): the dearest units are grouped, which saves most.
    AnyFor {
        /// Units of a group, 2 or more.
        quantity: u32,
        /// The price of a group.
        amount_minor: Amount,
        /// At most so many groups.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_times: Option<u32>,
    },
    /// Goods that belong together, for one price or with a percentage off; each part keeps its share.
    Bundle {
        /// The parts; a unit is part of one bundle only.
        parts: Vec<BundlePart>,
        /// The price of a bundle; leave it out if `percent` is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount_minor: Option<Amount>,
        /// What is taken off a bundle, 0 to 100.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<Decimal>,
        /// At most so many bundles.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_times: Option<u32>,
    },
    /// Goods for nothing (赠品), as lines of their own.
    Gift {
        /// What can be chosen; the first that is in stock unless the buyer names another.
        skus: Vec<String>,
        /// How many.
        #[serde(default = "one")]
        quantity: u32,
        /// Once for every so many matching units; once an order if missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        per_units: Option<u32>,
    },
    /// A percentage of the shipping charge; 100 is free shipping.
    ShippingPercentage {
        /// 0 to 100.
        percent: Decimal,
        /// At most this much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_minor: Option<Amount>,
    },
    /// A fixed amount off the shipping charge.
    ShippingFixed {
        /// The amount.
        amount_minor: Amount,
    },
}

fn one() -> u32 {
    1
}

/// What a fixed discount is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DiscountUnit {
    /// Once for each unit of quantity.
    Unit,
    /// Once for the line.
    Line,
}

/// How many units a line discount reaches, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitLimit {
    /// At most so many units; no limit if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u32>,
    /// Only whole groups of so many units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_size: Option<u32>,
    /// Whether the limit counts for each line; for the order if not.
    #[serde(default)]
    pub per_line: bool,
    /// Which units of the order come first.
    #[serde(default)]
    pub pick: UnitPick,
}

/// Which units a promotion takes first. Units of equal price: the earlier line first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum UnitPick {
    /// The cheapest (for the seller's good).
    #[default]
    Cheapest,
    /// The dearest (for the buyer's good).
    Dearest,
    /// In the order of the lines.
    Listed,
    /// Those of the line that costs most in all; of equal ones the later.
    LargestLine,
}

/// One tier of a spend threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SpendTier {
    /// From this value on.
    pub spend_minor: Amount,
    /// This much is taken off; leave it out if `percent` is given.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub save_minor: Amount,
    /// Or this percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
}

/// One tier of a quantity ladder: exactly one of the three prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuantityTier {
    /// From this many units on.
    pub quantity: Decimal,
    /// A percentage off each unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// An amount off each unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// A price for each unit, in major units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Decimal>,
}

/// A part of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BundlePart {
    /// The goods; the dearest units that fit come first.
    pub target: Target,
    /// Units of it in one bundle.
    #[serde(default = "one")]
    pub quantity: u32,
}

impl Effect {
    /// Whether it takes from the items and from the shipping charge.
    pub(crate) fn spans_shipping(&self) -> bool {
        matches!(
            self,
            Self::OrderPercentage { with_shipping: true, .. }
                | Self::OrderFixed { with_shipping: true, .. }
        )
    }

    /// Whether it counts single units, of which each can serve one promotion only.
    pub fn counts_units(&self) -> bool {
        matches!(
            self,
            Self::NthUnit { .. } | Self::BuyGet { .. } | Self::AnyFor { .. } | Self::Bundle { .. }
        )
    }
}
