//! Gifts (赠品): lines that the buyer does not pay.

use super::{Evaluation, Setting, qualify};
use crate::{
    decimal::Decimal,
    inventory,
    issue::Issue,
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        line::gift_line,
        trace::{CapKind, LimitKind, Trace, TraceStep},
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
    trace: &mut Trace,
) -> Result<Vec<Given<'a>>, Issue> {
    let mut given = Vec::new();
    for at in setting.rules.promotion_turns().flatten() {
        let Some(promotion) = setting.candidate(*at) else { continue };
        let Effect::Gift { skus, quantity, per_units } = &promotion.effect else { continue };
        setting.remember(promotion, cart)?;
        let Some(mut entry) = setting.admit(promotion, cart, trace) else { continue };
        let count = match earned(promotion, cart, setting, *per_units) {
            Ok(times) => times.saturating_mul(*quantity),
            Err(step) => {
                trace.push(*step);
                continue;
            }
        };
        let Some((sku, count)) = available(promotion, skus, count, cart, setting) else {
            trace.push(TraceStep::GiftOutOfStock { rule: promotion.id.clone() });
            continue;
        };
        let line = gift_line(promotion, sku, count, setting)?;
        if let Some(step) = too_dear(promotion, line.amount, cart, setting)? {
            trace.push(step);
            continue;
        }
        trace.append(&mut entry.notes);
        trace.push(TraceStep::Gift {
            rule: promotion.id.clone(),
            sku: sku.to_owned(),
            quantity: Decimal::from_integer(count.into()),
            value_minor: setting.working.shown(line.amount).unwrap_or_default(),
        });
        given.push(Given { promotion, coupon: entry.coupon, line: cart.lines.len() });
        cart.applied.push(promotion);
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

/// A gift cannot be cut: the limits of its promotion cover its whole value, or it is not given.
fn too_dear(
    promotion: &Promotion,
    value: Amount,
    cart: &Cart<'_>,
    setting: &Setting<'_>,
) -> Result<Option<TraceStep>, AmountError> {
    let most = match Evaluation::new(promotion, setting, cart, &cart.left).most(value)? {
        Ok(most) => most,
        Err(step) => return Ok(Some(step)),
    };
    let Some((_, cap)) = most.filter(|(most, _)| *most < value) else { return Ok(None) };
    let rule = promotion.id.clone();
    if cap == CapKind::Budget {
        return Ok(Some(TraceStep::UsedUp { rule, limit: LimitKind::Budget }));
    }
    let wanted_minor = setting.working.shown(value)?;
    Ok(Some(TraceStep::DiscountCapped { rule, wanted_minor, amount_minor: Amount::ZERO, cap }))
}

/// The buyer's choice, or the first gift of which there are enough beside what is in the cart.
fn available<'a>(
    promotion: &Promotion,
    skus: &'a [String],
    count: u32,
    cart: &Cart<'_>,
    setting: &Setting<'_>,
) -> Option<(&'a str, u32)> {
    let chosen = setting.draft.details.gifts.iter().find(|it| it.promotion == promotion.id);
    let rules = &setting.rules.ruleset().inventory;
    let in_stock = |sku: &&String| match inventory::available(sku, rules, setting.context) {
        None => true,
        Some(stock) => {
            let mut same = cart.lines.iter().filter(|line| line.sku == sku.as_str());
            let count = Decimal::from_integer(count.into());
            let wanted = same.try_fold(count, |sum, line| sum.checked_add(line.quantity));
            wanted.is_some_and(|wanted| stock >= wanted)
        }
    };
    let is_chosen = |sku: &&String| chosen.is_some_and(|it| it.sku == **sku);
    let sku =
        skus.iter().filter(is_chosen).find(in_stock).or_else(|| skus.iter().find(in_stock))?;
    Some((sku, count))
}
