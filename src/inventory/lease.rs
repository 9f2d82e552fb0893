//! Parts of the stock that devices sell without a network: nobody else sells them meanwhile.

use serde::{Deserialize, Serialize};

use super::{StockState, left, times, whole_times};
use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    ruleset::StockQuota,
};

/// What a device may sell of a SKU without a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StockLease {
    /// The SKU.
    pub sku: String,
    /// How many are left, of those that the server knows to be sold.
    pub quantity: Decimal,
    /// Before this time.
    pub ends_ms: i64,
}

/// How many more a device gets of a SKU, in whole units: it is filled up when half of it is sold.
pub fn lease_grant(
    quota: &StockQuota,
    state: &StockState,
    safety: Decimal,
    held: Decimal,
) -> Decimal {
    let twice = held.checked_add(held).unwrap_or(held);
    if twice > quota.quantity {
        return Decimal::ZERO;
    }
    let available = state.available(safety);
    // Of what could be sold if no device held any.
    let all = available.checked_add(state.leased).unwrap_or(available);
    let share = times(all, quota.percent).unwrap_or_default();
    let most = whole_times(Decimal::from_integer(100), share);
    let room = left(most, state.leased).min(available);
    let wanted = left(quota.quantity, held).min(room);
    Decimal::from_integer(whole(wanted))
}

fn whole(quantity: Decimal) -> i64 {
    let whole = quantity.mantissa().checked_div(quantity.denominator()).unwrap_or_default();
    i64::try_from(whole).unwrap_or_default()
}
