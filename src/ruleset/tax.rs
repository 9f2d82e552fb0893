//! Tax classes and rates as data.

use serde::{Deserialize, Serialize};

use crate::{decimal::Decimal, json::FromJson};

/// A kind of goods for tax, such as `standard` or `books`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxClass {
    /// The id that products and shipping methods name.
    pub id: String,
    /// The rates; the first rule that matches the country counts.
    pub rules: Vec<TaxRule>,
}

/// The rates of a class in some countries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxRule {
    /// ISO 3166 countries; every country if empty.
    #[serde(default)]
    pub countries: Vec<String>,
    /// One or more taxes on the same base, added up (state + county + city).
    pub components: Vec<TaxComponent>,
}

/// One tax.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxComponent {
    /// The category.
    #[serde(default)]
    pub category: TaxCategory,
    /// The rate in per cent; 0 (also if missing) for Z, E, AE, K, G and O.
    #[serde(default)]
    pub percent: Decimal,
    /// Who levies it, where several do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
}

/// A tax category: the codes of UNCL 5305 that EN 16931 uses.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    FromJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub enum TaxCategory {
    /// Standard or reduced rate.
    #[default]
    S,
    /// Zero rated.
    Z,
    /// Exempt.
    E,
    /// Reverse charge.
    #[serde(rename = "AE")]
    Ae,
    /// Supply inside the European Union without tax.
    K,
    /// Export without tax.
    G,
    /// Outside the scope of tax.
    O,
    /// Canary Islands (IGIC).
    L,
    /// Ceuta and Melilla (IPSI).
    M,
    /// Split payment (Italy).
    B,
}

impl TaxCategory {
    /// Whether a rate above zero is possible.
    pub fn has_rate(self) -> bool {
        matches!(self, Self::S | Self::L | Self::M | Self::B)
    }
}

impl TaxClass {
    /// The taxes of this class in `country`, or `None` if no rule is set for it.
    pub fn components(&self, country: &str) -> Option<&[TaxComponent]> {
        let serves = |rule: &&TaxRule| {
            rule.countries.is_empty() || rule.countries.iter().any(|code| code == country)
        };
        self.rules.iter().find(serves).map(|rule| rule.components.as_slice())
    }
}
