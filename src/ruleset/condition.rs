//! When a promotion runs at all.

use serde::{Deserialize, Serialize};

use super::{Target, ThresholdBasis};
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
};

/// What must be so for a promotion to run. What is not named does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// The lines that the minimum amount and quantity count; those of the promotion's target if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counting: Option<Target>,
    /// They must be worth at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_minor: Option<Amount>,
    /// Whether that is before or after the discounts that ran earlier.
    #[serde(default, skip_serializing_if = "ThresholdBasis::is_default")]
    pub minimum_basis: ThresholdBasis,
    /// They must be at least this many units together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_quantity: Option<Decimal>,
    /// The order must hold each of these SKUs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contains_all: Vec<String>,
    /// The order must hold one of these SKUs, categories or tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contains_any: Vec<String>,
    /// The order must hold none of these SKUs, categories or tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contains_none: Vec<String>,
    /// The customer must be in one of these groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customer_groups: Vec<String>,
    /// Only the first order (1), the second (2) … of a customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth_order: Option<u32>,
    /// Only if the customer's last order is at least this many days ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_since_last_order: Option<u32>,
    /// Only with one of these shipping methods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipping_methods: Vec<String>,
    /// Only with one of these payment methods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payment_methods: Vec<String>,
    /// Only to these countries (ISO 3166).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
}
