//! Stock: whether goods are there, what an order holds of them, and what a device may sell without a network.
//!
//! The core looks nothing up: levels come in with the [`Context`](crate::Context). Whoever keeps them moves
//! them with [`StockState`].

mod lease;
mod need;
mod shortage;
mod shortfall;
mod state;

pub use crate::ruleset::{Backorder, InventoryRules, Oversold, StockPart, StockQuota, StockRule};
pub use lease::{StockLease, lease_grant};
pub use need::StockNeed;
pub use shortage::{OVERSOLD, Shortage, ShortageAnswer, ShortageChoice};
pub use shortfall::{LaterGoods, Shortfall, Wanted, available, lines_short, shortfalls};
pub use state::{StockClaim, StockState};

use crate::decimal::Decimal;

/// The least of what is left of a quantity after another was taken from it, and nothing.
fn left(quantity: Decimal, taken: Decimal) -> Decimal {
    quantity.checked_sub(taken).unwrap_or_default().max(Decimal::ZERO)
}

/// So many times a whole number; the largest quantity there is if that is too much.
pub(crate) fn times(quantity: Decimal, factor: Decimal) -> Option<Decimal> {
    let mantissa = quantity.mantissa().checked_mul(factor.mantissa())?;
    Decimal::from_parts(mantissa, quantity.scale().checked_add(factor.scale())?)
}

/// So many whole times a quantity that together they are not below another.
fn times_to_reach(quantity: Decimal, target: Decimal) -> Decimal {
    let whole = whole_times(quantity, target);
    let reached = times(quantity, whole).is_none_or(|it| it >= target);
    if reached { whole } else { whole.checked_add(Decimal::ONE).unwrap_or(whole) }
}

/// How many whole times a quantity goes into another.
fn whole_times(quantity: Decimal, into: Decimal) -> Decimal {
    if quantity == Decimal::ONE {
        return into;
    }
    let above = into.mantissa().checked_mul(quantity.denominator());
    let below = quantity.mantissa().checked_mul(into.denominator());
    let whole = above.zip(below).and_then(|(above, below)| above.checked_div_euclid(below));
    whole.and_then(|whole| i64::try_from(whole).ok()).map_or(Decimal::ZERO, Decimal::from_integer)
}
