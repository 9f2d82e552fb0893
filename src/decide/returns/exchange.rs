//! Goods that are sent in exchange, and what they cost.

use super::{
    Facts,
    credit::{Part, credit_line},
    request::goods_issue,
};
use crate::{
    context::Context,
    credit::LineAmounts,
    decimal::{Decimal, Entry},
    draft::{Draft, DraftLine},
    issue::{Code, Issue, Refusal},
    money::AmountError,
    order::{Order, OrderLine, Role},
    pricing::quote,
    returns::{LineOutcome, Outcome, Replacement, Return, Wanted},
    ruleset::{ExchangePrice, PriceSource},
};

/// The goods that take the place of those whose outcome is an exchange.
pub(super) fn replacements(
    order: &Order,
    returned: &Return,
    outcomes: &[LineOutcome],
    named: Option<&[Wanted]>,
    parts: &[Part<'_>],
    facts: &Facts<'_>,
) -> Result<Vec<Replacement>, Refusal> {
    let mut all = Vec::new();
    for (index, wanted) in
        wanted((order, returned), outcomes, named, facts)?.into_iter().enumerate()
    {
        let line = order.line(&wanted.line, &format!("/args/wanted/{index}/line"))?;
        let exchanged = exchanged(outcomes, &line.id)?;
        let position = index.saturating_add(1);
        let id = format!("{}-{position}", returned.id);
        if order.lines.iter().any(|known| known.id == id) {
            return Err(Issue::new(Code::ReturnRepeated, super::PATH).into());
        }
        let is_same = wanted.sku.as_ref().is_none_or(|sku| *sku == line.sku);
        let part = parts.iter().find(|part| part.line.id == line.id);
        let has_paid_price = part.is_some() && is_same && wanted.quantity <= exchanged;
        let price = facts.rules.ruleset().returns.exchange_price;
        all.push(if price == ExchangePrice::Paid && has_paid_price {
            at_paid_price(line, id, wanted.quantity)?
        } else {
            at_todays_price(order, line, id, &wanted, facts)?
        });
    }
    Ok(all)
}

fn exchanged(outcomes: &[LineOutcome], line: &str) -> Result<Decimal, AmountError> {
    let own = outcomes.iter().filter(|it| it.line == line && it.outcome == Outcome::Exchange);
    crate::returns::sum(own.map(|it| it.quantity)).ok_or(AmountError)
}

/// What is named, or what was asked for, as far as units of its line are exchanged; else the same goods.
fn wanted(
    (order, returned): (&Order, &Return),
    outcomes: &[LineOutcome],
    named: Option<&[Wanted]>,
    facts: &Facts<'_>,
) -> Result<Vec<Wanted>, Refusal> {
    if let Some(named) = named {
        let issues = named.iter().enumerate().filter_map(|(index, wanted)| {
            let field = |name: &str| format!("/args/wanted/{index}/{name}");
            if exchanged(outcomes, &wanted.line).is_ok_and(|quantity| quantity.is_zero()) {
                let issue = Issue::new(Code::LineUnknown, field("line"));
                return Some(issue.with("line", wanted.line.as_str()));
            }
            goods_issue(order, wanted, &field, facts)
        });
        Refusal::unless_empty(issues.collect())?;
        return Ok(named.to_vec());
    }
    let mut all = Vec::new();
    for line in &returned.lines {
        let mut open = exchanged(outcomes, &line.line)?;
        let is_whole = open == line.quantity;
        let asked: Vec<&Wanted> =
            returned.wanted.iter().filter(|it| it.line == line.line).collect();
        if asked.is_empty() && !open.is_zero() {
            all.push(Wanted { line: line.line.clone(), sku: None, quantity: open });
        }
        for wanted in asked {
            // Fewer units than were asked for are changed one for one.
            let quantity = if is_whole { wanted.quantity } else { wanted.quantity.min(open) };
            open = open.checked_sub(quantity).unwrap_or_default().max(Decimal::ZERO);
            if !quantity.is_zero() {
                all.push(Wanted { quantity, ..wanted.clone() });
            }
        }
    }
    Ok(all)
}

/// The same goods for what was paid: an even exchange.
fn at_paid_price(line: &OrderLine, id: String, quantity: Decimal) -> Result<Replacement, Refusal> {
    Ok(Replacement {
        id,
        line: line.id.clone(),
        sku: line.sku.clone(),
        name: line.name.clone(),
        unit_price: line.unit_price,
        base_quantity: line.base_quantity,
        quantity,
        amounts: credit_line(line, quantity)?.amounts,
    })
}

/// What the goods cost today, with the shop's automatic promotions and nothing else of the old order.
fn at_todays_price(
    order: &Order,
    line: &OrderLine,
    id: String,
    wanted: &Wanted,
    facts: &Facts<'_>,
) -> Result<Replacement, Refusal> {
    let names_price = facts.rules.ruleset().price_source == PriceSource::Draft;
    let old = order.draft.lines.iter().find(|it| it.sku == line.sku).filter(|_| names_price);
    let blank = DraftLine::default();
    let new = DraftLine {
        id: Some(id.clone()),
        sku: wanted.sku.clone().unwrap_or_else(|| line.sku.clone()),
        quantity: Entry::from(wanted.quantity),
        ..old.unwrap_or(&blank).clone()
    };
    let mut details = order.details.clone();
    details.coupon_codes = Vec::new();
    details.spend_points = 0;
    (details.gift_cards, details.gifts) = (Vec::new(), Vec::new());
    details.spend_store_credit = false;
    let draft = Draft { lines: vec![new], details, ..Draft::default() };
    let known = facts.context.cloned().unwrap_or_default();
    let may_adjust = facts.actor.role != Role::Customer;
    let context = Context { now_ms: facts.now_ms, may_adjust, ..known };
    let quote = quote(&draft, facts.rules, &context).map_err(|refusal| Refusal {
        issues: refusal.issues.into_iter().map(|it| it.under("/args/wanted")).collect(),
    })?;
    let Some(priced) = quote.lines.into_iter().find(|it| it.id == id) else {
        return Err(Issue::new(Code::SkuUnknown, "/args/wanted").into());
    };
    Ok(Replacement {
        id,
        line: line.id.clone(),
        sku: priced.sku,
        name: priced.name,
        unit_price: priced.unit_price,
        base_quantity: priced.base_quantity,
        quantity: priced.quantity,
        amounts: LineAmounts {
            amount_minor: priced.amount_minor.minus(priced.discount_minor)?,
            net_minor: priced.net_minor,
            tax_minor: priced.tax_minor,
            gross_minor: priced.gross_minor,
            ..LineAmounts::default()
        },
    })
}
