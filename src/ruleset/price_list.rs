//! Prices for some customers, quantities or times: member prices, flash sales, quantity breaks.

use serde::{Deserialize, Serialize};

use super::LocalText;
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

/// Prices that take the place of the products' own where they are lower.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceList {
    /// A stable id; the trace names it.
    pub id: String,
    /// The name that customers see.
    pub name: LocalText,
    /// Only for customers in one of these groups; for everybody if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customer_groups: Vec<String>,
    /// Valid from this time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_ms: Option<i64>,
    /// Valid before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_ms: Option<i64>,
    /// So many units can be sold at these prices (秒杀). A line that asks for more than is left has the usual price as a whole; the
    /// trace says how many are left, so that it can be split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<u32>,
    /// So many units to one customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_per_customer: Option<u32>,
    /// Whether promotions come on top; a line at these prices gets none if not.
    #[serde(default = "yes")]
    pub combines: bool,
    /// The prices.
    pub prices: Vec<ListedPrice>,
}

/// A price of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListedPrice {
    /// The stock keeping unit.
    pub sku: String,
    /// Price of one unit, in major units.
    pub unit_price: Decimal,
    /// Only from this quantity on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_quantity: Option<Decimal>,
}

fn yes() -> bool {
    true
}

impl PriceList {
    /// Whether it is valid at `now_ms` for a customer of these groups.
    pub fn is_for(&self, now_ms: i64, groups: &[String]) -> bool {
        self.starts_ms.is_none_or(|start| start <= now_ms)
            && self.ends_ms.is_none_or(|end| now_ms < end)
            && (self.customer_groups.is_empty()
                || self.customer_groups.iter().any(|group| groups.contains(group)))
    }
}
