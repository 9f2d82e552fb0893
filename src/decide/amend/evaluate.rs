//! An edit that prices the whole order anew, by the rules of today.

use super::{
    price::{context, draft_now, priced_line},
    stage::Staged,
};
use crate::{
    amendment::AmendmentEffect,
    decide::Facts,
    decimal::Decimal,
    issue::{Code, Issue, Refusal},
    order::OrderLine,
    pricing::quote,
};

/// What the edit comes to if everything is priced anew.
///
/// # Errors
///
/// `reprice_blocked` once a part of the order was credited, or if the new price lacks a line whose units have left the shelf; and
/// every reason why the order has no price today.
pub(super) fn evaluate(staged: &Staged<'_>, facts: &Facts<'_>) -> Result<AmendmentEffect, Refusal> {
    let order = staged.order;
    let blocked = || Refusal::from(Issue::new(Code::RepriceBlocked, ""));
    if !order.credits.is_empty() {
        return Err(blocked());
    }
    if staged.leaves_promotion_out {
        let issue = Issue::new(Code::AdjustmentInvalid, "/args/changes");
        let reason = "a promotion applies whenever the whole order is priced anew";
        return Err(issue.with("reason", reason).into());
    }
    let context = context(order, facts);
    let mut draft = draft_now(staged, facts.rules);
    for added in &staged.added {
        // Units beyond those of a known line belong to it again: everything is priced together.
        let of = draft
            .lines
            .iter_mut()
            .find(|line| is_more_of(added.line.id.as_deref(), line.id.as_deref()));
        match of {
            Some(line) if line.sku == added.line.sku => {
                let sum = line.quantity.value().zip(added.line.quantity.value());
                let sum = sum.and_then(|(one, more)| one.checked_add(more));
                line.quantity = sum.unwrap_or_default().into();
            }
            _ => draft.lines.push(added.line.clone()),
        }
    }
    let alone = crate::draft::Draft { lines: Vec::new(), adjustments: Vec::new(), ..draft.clone() };
    for price in &staged.prices {
        let id = order.lines.get(price.line).map(|line| line.id.as_str());
        if let Some(line) = draft.lines.iter_mut().find(|line| line.id.as_deref() == id) {
            *line = priced_line(line, price.unit_price, &alone, facts, &context)?;
        }
    }
    let under = |refusal: Refusal| refusal.under("/args/draft");
    let quote = quote(&draft, facts.rules, &context).map_err(under)?;
    let moved = |line: &&OrderLine| {
        order.shipments.iter().any(|it| it.lines.iter().any(|part| part.line == line.id))
    };
    for line in order.lines.iter().filter(moved) {
        let taken = line.to_deliver().checked_sub(line.open_to_ship()).unwrap_or_default();
        let known = quote.lines.iter().find(|known| known.id == line.id);
        if known.map_or(Decimal::ZERO, |known| known.quantity) < taken || known.is_none() {
            return Err(blocked());
        }
    }
    Ok(AmendmentEffect {
        quote: Some(Box::new(quote.kept())),
        lines: draft.lines,
        ..AmendmentEffect::default()
    })
}

/// Whether an id was made for more units of another line: `2.3` is more of `2`.
fn is_more_of(id: Option<&str>, of: Option<&str>) -> bool {
    let rest = id.zip(of).and_then(|(id, of)| id.strip_prefix(of)?.strip_prefix('.'));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}
