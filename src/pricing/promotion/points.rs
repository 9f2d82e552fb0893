//! Points that are spent as a discount: shared over the items like one, within the shop's floors and maxima.

use super::{
    Setting,
    share::{Terms, share},
};
use crate::{
    allocation::allocate,
    issue::Refusal,
    money::Amount,
    pricing::{
        cart::Cart,
        tender::{self, PointsSpent},
        trace::{Trace, TraceStep},
    },
    ruleset::{PointsKind, Sharing},
};

/// Takes points off the items; gives them and the share of each line.
///
/// # Errors
///
/// More points than the customer has, or a shop that takes none.
pub(in crate::pricing) fn spend<'a>(
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
) -> Result<Option<(PointsSpent, Vec<Amount>)>, Refusal> {
    let working = setting.working;
    let room = setting.room(cart, &cart.left, None, false)?.map(|room| room.most);
    let mut most = match &room {
        Some(room) => Amount::sum(room.iter().copied())?,
        None => cart.sum_left()?,
    };
    if let Some((bound, _)) = setting.bound(cart)? {
        most = most.min(bound);
    }
    let base = working.shown(most)?.min(working.shown(cart.sum_left()?)?);
    let Some(spent) = tender::points(PointsKind::Discount, base, setting)? else { return Ok(None) };
    let amount = working.up(spent.amount)?.min(most);
    let shares = match &room {
        None => allocate(amount, &cart.left)?,
        Some(room) => {
            let terms = Terms {
                sharing: Sharing::default(),
                factor: working.factor(),
                units: &[],
                dearest: &[],
            };
            share(amount, &cart.left, Some(room), terms)?
        }
    };
    let taken = cart.take(&shares, working)?;
    trace.push(TraceStep::Points { points: spent.points, amount_minor: taken });
    Ok(Some((spent, shares)))
}
