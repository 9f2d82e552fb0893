//! Gifts (赠品): lines that the buyer does not pay.

use super::{Evaluation, Setting, qualify};
use crate::{
    decimal::Decimal,
    issue::Issue,
    pricing::{
        cart::Cart,
        line::gift_line,
        trace::{Trace, TraceStep},
    },
    ruleset::{Effect, Promotion},
};

/// A gift that was added: its promotion and the position of its line.
pub(in crate::pricing) struct Given<'a> {
    pub promotion: &'a Promotion,
    pub coupon: Option<&'a String>,
    pub line: usize,
}

/// Adds the gifts that the order has earned and that are in stock.
///
/// # Errors
///
/// A gift without a tax rate for the country.
pub(in crate::pricing) fn give<'a>(
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    deals: &[super::Deal<'a>],
    trace: &mut Trace,
) -> Result<Vec<Given<'a>>, Issue> {
    let mut given = Vec::new();
    for at in setting.rules.promotion_turns().flatten() {
        let Some(promotion) = setting.candidate(*at) else { continue };
        let Effect::Gift { skus, quantity, per_units } = &promotion.effect else { continue };
        let Ok(coupon) = setting.coupon(promotion) else { continue };
        if let Some((by, reason)) = setting.suppressed(promotion, deals) {
            trace.push(TraceStep::Suppressed { rule: promotion.id.clone(), by, reason });
            continue;
        }
        let count = match earned(promotion, cart, setting, *per_units) {
            Ok(times) => times.saturating_mul(*quantity),
            Err(step) => {
                trace.push(*step);
                continue;
            }
        };
        let Some((sku, count)) = available(promotion, skus, count, setting) else {
            trace.push(TraceStep::GiftOutOfStock { rule: promotion.id.clone() });
            continue;
        };
        let line = gift_line(promotion, sku, count, setting)?;
        trace.push(TraceStep::Gift {
            rule: promotion.id.clone(),
            sku: sku.to_owned(),
            quantity: Decimal::from_integer(count.into()),
            value_minor: setting.working.shown(line.amount).unwrap_or_default(),
        });
        given.push(Given { promotion, coupon, line: cart.lines.len() });
        cart.give(line);
    }
    Ok(given)
}

/// How many times the gift is earned.
fn earned<'a>(
    promotion: &'a Promotion,
    cart: &Cart<'a>,
    setting: &Setting<'a>,
    per_units: Option<u32>,
) -> Result<u32, Box<TraceStep>> {
    if let Some(step) = qualify::obstacle(promotion, setting) {
        return Err(step.into());
    }
    let evaluation = Evaluation::new(promotion, setting, cart, &cart.left);
    match evaluation.missing() {
        Ok(Some(step)) => return Err(step.into()),
        Ok(None) => {}
        Err(_) => return Err(TraceStep::NoLineMatches { rule: promotion.id.clone() }.into()),
    }
    let Some(size) = per_units.filter(|size| *size > 0) else { return Ok(1) };
    let rows = cart.lines.iter().zip(&cart.left);
    let matching = rows.filter(|(line, left)| qualify::is_meant(&promotion.target, line, **left));
    let units = matching.fold(0_u32, |sum, (line, _)| sum.saturating_add(line.units));
    match units.checked_div(size).unwrap_or(0) {
        0 => {
            let missing = Decimal::from_integer(size.saturating_sub(units).into());
            Err(evaluation.not_enough(missing).into())
        }
        times => Ok(times),
    }
}

/// The buyer's choice, or the first gift that is in stock, with as many as there are.
fn available<'a>(
    promotion: &Promotion,
    skus: &'a [String],
    count: u32,
    setting: &Setting<'_>,
) -> Option<(&'a str, u32)> {
    let chosen = setting.draft.details.gifts.iter().find(|it| it.promotion == promotion.id);
    let in_stock = |sku: &&String| match setting.context.stock_of(sku) {
        None => true,
        Some(stock) => stock >= Decimal::from_integer(count.into()),
    };
    let is_chosen = |sku: &&String| chosen.is_some_and(|it| it.sku == **sku);
    let sku =
        skus.iter().filter(is_chosen).find(in_stock).or_else(|| skus.iter().find(in_stock))?;
    Some((sku, count))
}
