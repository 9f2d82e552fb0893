//! Discounts as data.

use serde::{Deserialize, Serialize};

use super::{LocalText, effect};
use crate::{decimal::Decimal, money::Amount};

/// A discount: when it applies, to what, and how much it takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Promotion {
    /// A stable id; the trace names it.
    pub id: String,
    /// The name that customers see.
    pub name: LocalText,
    /// Lower runs first inside its phase (lines before order); equal ones by id.
    #[serde(default)]
    pub priority: i32,
    /// Needs one of these coupon codes; automatic if empty.
    #[serde(default)]
    pub coupon_codes: Vec<String>,
    /// Valid from this time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_ms: Option<i64>,
    /// Valid before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_ms: Option<i64>,
    /// Only lines with these SKUs; with `categories` a line must match one of both lists.
    #[serde(default)]
    pub skus: Vec<String>,
    /// Only lines of these categories.
    #[serde(default)]
    pub categories: Vec<String>,
    /// The matching lines must be worth at least this, after earlier discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_minor: Option<Amount>,
    /// What it takes off.
    pub effect: Effect,
}

/// What a promotion takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    try_from = "effect::Fields"
)]
// The schema is that of the documents, which `Fields` reads in a way of its own.
#[cfg_attr(feature = "schemars", schemars(!try_from))]
pub enum Effect {
    /// A percentage of each matching line, rounded once a line.
    LinePercentage {
        /// 0 to 100.
        percent: Decimal,
    },
    /// A fixed amount off each matching line, never more than the line.
    LineFixed {
        /// The amount.
        amount_minor: Amount,
        /// Whether it counts for each unit or once a line.
        per: DiscountUnit,
    },
    /// A percentage of the matching lines together, shared over them.
    OrderPercentage {
        /// 0 to 100.
        percent: Decimal,
        /// At most this much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum_minor: Option<Amount>,
    },
    /// A fixed amount off the matching lines together, shared over them.
    OrderFixed {
        /// The amount.
        amount_minor: Amount,
    },
    /// Spend X, save Y (满减): the highest tier that is reached.
    SpendTiers {
        /// The tiers, by rising spend.
        tiers: Vec<SpendTier>,
    },
}

/// What a fixed discount is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DiscountUnit {
    /// Once for each unit of quantity.
    Unit,
    /// Once for the line.
    Line,
}

/// One tier of a spend threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SpendTier {
    /// From this value on.
    pub spend_minor: Amount,
    /// This much is taken off.
    pub save_minor: Amount,
}

impl Promotion {
    /// Whether it is valid at `now_ms`.
    pub fn is_active(&self, now_ms: i64) -> bool {
        self.starts_ms.is_none_or(|start| start <= now_ms)
            && self.ends_ms.is_none_or(|end| now_ms < end)
    }

    /// Whether a line of this SKU and category is a target.
    pub fn targets(&self, sku: &str, category: Option<&str>) -> bool {
        if self.skus.is_empty() && self.categories.is_empty() {
            return true;
        }
        self.skus.iter().any(|target| target == sku)
            || category.is_some_and(|word| self.categories.iter().any(|target| target == word))
    }

    /// Whether it belongs to the line phase, which runs before the order phase.
    pub fn is_line_level(&self) -> bool {
        matches!(self.effect, Effect::LinePercentage { .. } | Effect::LineFixed { .. })
    }
}
