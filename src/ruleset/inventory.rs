//! Stock as data: what is counted, what may be sold beyond it, and what becomes of goods that were sold twice.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
};

/// How a shop sells from its stock. Goods without a stock level are not counted and always there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct InventoryRules {
    /// What is kept back of each SKU, since counts are never quite right.
    #[serde(skip_serializing_if = "Decimal::is_nothing")]
    pub safety_quantity: Decimal,
    /// How goods are sold that are not there yet; not at all if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backorder: Option<Backorder>,
    /// What becomes of an order whose buyer has a number already, for goods that somebody else got.
    #[serde(skip_serializing_if = "super::is_default")]
    pub oversold: Oversold,
    /// What a device of the shop may sell without a network; as much as it was told last if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<StockQuota>,
    /// Devices are told how many there are up to this; beyond it they take goods for available, and the server decides.
    pub tell_up_to: Decimal,
    /// What is different for some SKUs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<StockRule>,
}

/// Goods that are sold before they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Backorder {
    /// So many of a SKU may be owed at a time; no limit if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Decimal>,
    /// The days until they are there, as buyers are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<u32>,
}

/// What becomes of an order for goods that somebody else got meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Oversold {
    /// It is refused.
    #[default]
    Refuse,
    /// It is accepted, and what is missing comes later.
    Backorder,
    /// It is accepted with what is there, and the rest is called off.
    Partial,
}

/// What a device of the shop may sell without a network: a part of the stock that nobody else sells meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StockQuota {
    /// So many of each SKU a device.
    pub quantity: Decimal,
    /// All devices together hold no more than this of what can be sold, in per cent.
    #[serde(default = "StockQuota::default_percent")]
    pub percent: Decimal,
    /// A device sells by it for so many hours. The server keeps the goods for as long again, so that it can send what it sold.
    #[serde(default = "StockQuota::default_hours")]
    pub hours: u32,
}

/// What is different for one SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StockRule {
    /// The SKU.
    pub sku: String,
    /// Counted even without a stock level (there is none then), or never; by its stock level if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_counted: Option<bool>,
    /// What is kept back of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety_quantity: Option<Decimal>,
    /// How it is sold before it is there; a limit of 0 forbids it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backorder: Option<Backorder>,
    /// What one unit is put together from: the parts are counted in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<StockPart>,
}

/// A part of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StockPart {
    /// The SKU.
    pub sku: String,
    /// How many of it are in one unit of the set, in whole ones.
    pub quantity: u32,
}

impl Default for InventoryRules {
    fn default() -> Self {
        Self {
            safety_quantity: Decimal::ZERO,
            backorder: None,
            oversold: Oversold::Refuse,
            quota: None,
            tell_up_to: Decimal::from_integer(100),
            products: Vec::new(),
        }
    }
}

impl StockQuota {
    fn default_percent() -> Decimal {
        Decimal::from_integer(50)
    }

    fn default_hours() -> u32 {
        12
    }
}

impl InventoryRules {
    /// What is different for a SKU.
    pub fn rule(&self, sku: &str) -> Option<&StockRule> {
        self.products.iter().find(|rule| rule.sku == sku)
    }

    /// What is kept back of a SKU.
    pub fn safety(&self, sku: &str) -> Decimal {
        self.rule(sku).and_then(|rule| rule.safety_quantity).unwrap_or(self.safety_quantity)
    }

    /// How a SKU is sold before it is there.
    pub fn backorder(&self, sku: &str) -> Option<&Backorder> {
        self.rule(sku).and_then(|rule| rule.backorder.as_ref()).or(self.backorder.as_ref())
    }

    /// What is counted when a quantity of a SKU is sold: its parts, or itself.
    pub fn counted<'a>(&'a self, sku: &'a str) -> impl Iterator<Item = (&'a str, Decimal)> {
        let rule = self.rule(sku);
        let parts = rule.map(|rule| rule.parts.as_slice()).unwrap_or_default();
        let never = rule.is_some_and(|rule| rule.is_counted == Some(false));
        let itself = (parts.is_empty() && !never).then_some((sku, Decimal::ONE));
        let of_set = parts
            .iter()
            .map(|part| (part.sku.as_str(), Decimal::from_integer(i64::from(part.quantity))));
        of_set.chain(itself)
    }
}
