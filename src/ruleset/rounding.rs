//! Where and how fractions of the minor unit are rounded, as data.

use serde::{Deserialize, Serialize};

use super::{PriceBasis, is_default};
use crate::{
    json::{FromJson, ToJson},
    money::Amount,
    rounding::Rounding,
};

/// Where and how fractions of the minor unit are rounded. The default is the rule of EN 16931.
///
/// # Example
///
/// ```
/// use orderkit::ruleset::RoundingRules;
///
/// let rules: RoundingRules =
///     serde_json::from_str(r#"{"level": "line", "taxInclusiveMode": "halfDown"}"#).unwrap();
/// assert_eq!(rules.working_factor(), 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundingRules {
    /// The sum that tax is computed and rounded on.
    #[serde(default)]
    pub level: RoundingLevel,
    /// The mode of every rounding.
    #[serde(default)]
    pub mode: Rounding,
    /// The mode of tax inside prices; `mode` if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_inclusive_mode: Option<Rounding>,
    /// The mode of tax on top of prices; `mode` if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_exclusive_mode: Option<Rounding>,
    /// What is rounded; the other is the difference.
    #[serde(default)]
    pub target: RoundingTarget,
    /// Whether several taxes of a sum are rounded one by one. If missing: one by one on top of a
    /// price, together inside one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<RoundedRates>,
    /// Who gets the minor units that rounding a sum leaves.
    #[serde(default, skip_serializing_if = "is_default")]
    pub leftover: Leftover,
    /// Whether the tax on shipping is rounded for itself, not with that on the goods.
    #[serde(default, skip_serializing_if = "is_default")]
    pub shipping_apart: bool,
    /// Digits below the minor unit that amounts keep until tax is computed, 0 to 6.
    #[serde(default, skip_serializing_if = "is_default")]
    pub working_digits: u8,
    /// Whether the trace shows the totals before any rounding of tax.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exact_totals: bool,
}

/// The sum that tax is computed and rounded on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RoundingLevel {
    /// Once for each tax category and rate of the document (EN 16931 BR-CO-17).
    #[default]
    Group,
    /// On each line.
    Line,
    /// On each unit of a line, times the quantity. A line with a broken quantity counts as one unit.
    Unit,
    /// Once for the document: exact taxes are summed, the sum is rounded and handed back to the lines.
    /// With working digits amounts are too, so that a line worth less than a minor unit without its tax
    /// can come out as −1 without tax.
    Document,
}

/// What is rounded when a sum is split into net and tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RoundingTarget {
    /// The tax is rounded, the rest is the difference.
    #[default]
    Tax,
    /// With tax-inclusive prices the net amount is rounded and the tax is the difference.
    Net,
    /// Net and gross are rounded independently, and the tax is the difference.
    Both,
}

/// Whether several taxes of a sum are rounded one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RoundedRates {
    /// Each tax is rounded.
    Separately,
    /// Their sum is rounded, and each gets its part of it.
    Together,
}

/// Who gets the minor units that rounding a sum leaves after every part has its whole ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Leftover {
    /// The parts that lost the largest fractions; of equal ones the earlier.
    #[default]
    LargestRemainder,
    /// One each, from the first part on.
    First,
}

/// How what is payable is rounded to the coins there are (Swiss 0.05, Swedish 1.00).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CashRounding {
    /// The smallest coin.
    pub step_minor: Amount,
    /// The mode.
    #[serde(default)]
    pub mode: Rounding,
}

impl RoundingRules {
    /// The largest number of working digits: amounts then still reach 90 million major units.
    pub const MAX_WORKING_DIGITS: u8 = 6;

    /// The mode in which tax is rounded.
    pub fn tax_mode(&self, basis: PriceBasis) -> Rounding {
        let own = match basis {
            PriceBasis::TaxInclusive => self.tax_inclusive_mode,
            PriceBasis::TaxExclusive => self.tax_exclusive_mode,
        };
        own.unwrap_or(self.mode)
    }

    /// How many working units make one minor unit: a power of ten.
    pub fn working_factor(&self) -> i64 {
        10_i64.saturating_pow(u32::from(self.working_digits.min(Self::MAX_WORKING_DIGITS)))
    }

    /// Whether the taxes of a sum are rounded as one.
    pub(crate) fn together(&self, basis: PriceBasis) -> bool {
        let inclusive = basis == PriceBasis::TaxInclusive;
        match self.target {
            RoundingTarget::Both => true,
            RoundingTarget::Net if inclusive => true,
            _ => self.rates.map_or(inclusive, |rates| rates == RoundedRates::Together),
        }
    }
}

impl CashRounding {
    /// What must be added to `payable` so that coins can pay it.
    pub(crate) fn rounding_of(self, payable: Amount) -> Option<Amount> {
        let step = i128::from(self.step_minor.minor());
        let steps = self.mode.divide(payable.minor().into(), step)?;
        let rounded = i64::try_from(steps.checked_mul(step)?).ok()?;
        Amount::new(rounded).ok()?.minus(payable).ok()
    }
}
