//! What becomes of the coupon codes that were entered.

use super::{
    run::Priced,
    trace::{CouponObstacle, Trace, TraceStep},
};
use crate::{
    context::Context,
    draft::Draft,
    ruleset::{Promotion, Rules},
};

/// Why a code unlocks nothing at this time, whatever is in the cart.
pub(crate) fn coupon_obstacle(
    code: &str,
    rules: &Rules,
    context: &Context,
) -> Option<CouponObstacle> {
    let mut unlocked = rules.coupon_promotions(code).peekable();
    if unlocked.peek().is_none() {
        Some(CouponObstacle::Unknown)
    } else if !unlocked.any(|promotion| promotion.is_active(context.now_ms)) {
        Some(CouponObstacle::NotActive)
    } else if rules.coupon_promotions(code).all(|promotion| is_used_up(promotion, context)) {
        Some(CouponObstacle::UsedUp)
    } else {
        None
    }
}

fn is_used_up(promotion: &Promotion, context: &Context) -> bool {
    let used = context.uses_of(&promotion.id);
    let (all, own) = used.map_or((0, 0), |used| (used.count, used.customer_count));
    promotion.limits.uses.is_some_and(|most| all >= most)
        || promotion.limits.uses_per_customer.is_some_and(|most| own >= most)
}

/// Tells of each code that took nothing off.
pub(super) fn tell(
    draft: &Draft,
    rules: &Rules,
    context: &Context,
    priced: &Priced<'_>,
    trace: &mut Trace,
) {
    if !trace.is_kept() {
        return;
    }
    let off_shipping = priced.shipping.iter().flat_map(|charged| &charged.deals);
    let deals = priced.deals.iter().chain(off_shipping).map(|deal| deal.coupon);
    let gifts = priced.gifts.iter().map(|gift| gift.coupon);
    let used: Vec<&String> = deals.chain(gifts).flatten().collect();
    for code in &draft.details.coupon_codes {
        if !used.iter().any(|it| it.eq_ignore_ascii_case(code)) {
            let found = coupon_obstacle(code, rules, context);
            let obstacle = found.unwrap_or(CouponObstacle::NotUsed);
            trace.push(TraceStep::CouponNotUsed { coupon: code.clone(), obstacle });
        }
    }
}
