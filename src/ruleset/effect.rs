//! How an effect is read: all fields of all kinds, then the ones that the kind needs.
//!
//! Serde's own way of reading a tagged enum buffers the whole value in a second data model, which
//! costs the browser module 40 kB; this gives the same documents for one plain struct.

use serde::Deserialize;

use super::promotion::{DiscountUnit, Effect, SpendTier};
use crate::{decimal::Decimal, money::Amount};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Fields {
    kind: Kind,
    percent: Option<Decimal>,
    amount_minor: Option<Amount>,
    maximum_minor: Option<Amount>,
    per: Option<DiscountUnit>,
    tiers: Option<Vec<SpendTier>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    LinePercentage,
    LineFixed,
    OrderPercentage,
    OrderFixed,
    SpendTiers,
}

impl TryFrom<Fields> for Effect {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { kind, percent, amount_minor, maximum_minor, per, tiers } = fields;
        Ok(match (kind, percent, amount_minor, maximum_minor, per, tiers) {
            (Kind::LinePercentage, Some(percent), None, None, None, None) => {
                Self::LinePercentage { percent }
            }
            (Kind::LineFixed, None, Some(amount_minor), None, Some(per), None) => {
                Self::LineFixed { amount_minor, per }
            }
            (Kind::OrderPercentage, Some(percent), None, maximum_minor, None, None) => {
                Self::OrderPercentage { percent, maximum_minor }
            }
            (Kind::OrderFixed, None, Some(amount_minor), None, None, None) => {
                Self::OrderFixed { amount_minor }
            }
            (Kind::SpendTiers, None, None, None, None, Some(tiers)) => Self::SpendTiers { tiers },
            (Kind::LinePercentage, ..) => return Err("linePercentage takes percent"),
            (Kind::LineFixed, ..) => return Err("lineFixed takes amountMinor and per"),
            (Kind::OrderPercentage, ..) => {
                return Err("orderPercentage takes percent and maximumMinor");
            }
            (Kind::OrderFixed, ..) => return Err("orderFixed takes amountMinor"),
            (Kind::SpendTiers, ..) => return Err("spendTiers takes tiers"),
        })
    }
}
