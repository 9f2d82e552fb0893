//! Which lines a promotion looks at.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

/// A choice of lines. An empty one means every line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// Only these SKUs; with `categories` a line must match one of both lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// Only goods of these categories or with one of these as a tag.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Never these SKUs, categories or tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
    /// Only from this unit price on, in major units, before discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_unit_price: Option<Decimal>,
    /// Only up to this unit price, in major units, before discounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_unit_price: Option<Decimal>,
    /// Only lines of at least this quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_line_quantity: Option<Decimal>,
    /// Leaves out goods whose price is reduced already: by a price list, or below `originalUnitPrice`.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub full_price_only: bool,
    /// Leaves out lines that an earlier promotion of this order has reduced.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub undiscounted_only: bool,
}

/// What a target needs to know of a line.
#[derive(Clone, Copy, Debug)]
pub struct TargetLine<'a> {
    /// The stock keeping unit.
    pub sku: &'a str,
    /// The category of the product.
    pub category: Option<&'a str>,
    /// Its other tags.
    pub tags: &'a [String],
    /// The unit price before discounts, in major units.
    pub unit_price: Decimal,
    /// The quantity.
    pub quantity: Decimal,
    /// Whether the price is reduced already.
    pub is_reduced: bool,
}

impl Target {
    /// Whether it means every line.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether nothing but discounts of this order can leave a line out.
    pub(crate) fn is_plain(&self) -> bool {
        self.skus.is_empty()
            && self.categories.is_empty()
            && self.excluded.is_empty()
            && self.minimum_unit_price.is_none()
            && self.maximum_unit_price.is_none()
            && self.minimum_line_quantity.is_none()
            && !self.full_price_only
    }

    /// Whether a line is meant, as far as the line alone can tell.
    pub fn matches(&self, line: &TargetLine<'_>) -> bool {
        let named = self.skus.is_empty() && self.categories.is_empty()
            || self.skus.iter().any(|sku| sku == line.sku)
            || self.categories.iter().any(|word| line.has_word(word));
        named
            && !self.excluded.iter().any(|word| word == line.sku || line.has_word(word))
            && self.minimum_unit_price.is_none_or(|least| line.unit_price >= least)
            && self.maximum_unit_price.is_none_or(|most| line.unit_price <= most)
            && self.minimum_line_quantity.is_none_or(|least| line.quantity >= least)
            && !(self.full_price_only && line.is_reduced)
    }
}

impl TargetLine<'_> {
    /// Whether this is a category or tag of it.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.category == Some(word) || self.tags.iter().any(|tag| tag == word)
    }
}
