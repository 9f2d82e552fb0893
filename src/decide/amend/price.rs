//! Prices that an edit asks for: drafts as the order is now, and lines at a given price.

use super::stage::{Added, Staged, draft_line};
use crate::{
    context::{Context, RuleUse},
    decide::Facts,
    decimal::{Decimal, power_of_ten},
    draft::{Adjustment, AdjustmentKind, Details, Draft, DraftLine},
    issue::{Issue, Refusal},
    money::{Amount, AmountError},
    order::Order,
    pricing::{product, quote_without_promotions},
    ruleset::{PointsKind, PriceSource, Rules},
};

/// What is known besides the rules. What this order itself took of limits is there for it again.
pub(super) fn context(order: &Order, facts: &Facts<'_>) -> Context {
    let mut context = Context {
        now_ms: facts.now_ms,
        may_adjust: true,
        ..facts.context.cloned().unwrap_or_default()
    };
    let less = |amount: Amount, own: Amount| amount.minus(own).unwrap_or(amount).max(Amount::ZERO);
    for RuleUse { rule, count, customer_count, amount_minor, customer_amount_minor } in
        &mut context.uses
    {
        let own = order.discounts.iter().filter(|discount| discount.rule == *rule);
        let Ok(taken) = Amount::sum(own.clone().map(|discount| discount.amount_minor)) else {
            continue;
        };
        let once = u32::from(own.count() > 0);
        *count = count.saturating_sub(once);
        *customer_count = customer_count.saturating_sub(once);
        *amount_minor = less(*amount_minor, taken);
        *customer_amount_minor = less(*customer_amount_minor, taken);
    }
    let points = order.details.spend_points;
    context.customer.points = context.customer.points.saturating_add(points);
    context
}

/// The order as a draft, with the quantities that shall be delivered. Gift cards and the like have paid already.
pub(super) fn draft_now(staged: &Staged<'_>, rules: &Rules) -> Draft {
    let order = staged.order;
    let lines = order.lines.iter().zip(&staged.targets);
    let known = lines.filter(|(line, target)| !target.is_zero() && was_filled_in(order, &line.id));
    let known = known.map(|(line, target)| DraftLine {
        id: Some(line.id.clone()),
        quantity: (*target).into(),
        ..draft_line(order, line)
    });
    let mut draft = Draft { lines: known.collect(), ..staged.draft.clone() };
    let points = rules.ruleset().points.as_ref();
    if points.is_none_or(|points| points.kind == PointsKind::Tender) {
        draft.details.spend_points = 0;
    }
    draft.details.gift_cards.clear();
    draft.details.spend_store_credit = false;
    draft
}

/// Whether a line was filled in, and is not a gift that the rules add.
fn was_filled_in(order: &Order, id: &str) -> bool {
    let mut lines = order.draft.lines.iter().enumerate();
    lines.any(|(at, line)| line.id_or_position(at) == id)
}

/// A draft of what is added alone: the same buyer and place, and nothing that counts once for an order.
pub(super) fn addition(staged: &Staged<'_>) -> Draft {
    let details = &staged.draft.details;
    Draft {
        details: Details {
            customer: details.customer.clone(),
            shipping_address: details.shipping_address.clone(),
            billing_address: details.billing_address.clone(),
            ..Details::default()
        },
        ..Draft::default()
    }
}

/// The line with what makes it cost its price, where that is not today's: the shop's price and a charge or allowance.
///
/// # Errors
///
/// As [`quote_without_promotions`].
pub(super) fn at_its_price(
    added: &Added,
    of: &Draft,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<DraftLine, Refusal> {
    let Some(unit_price) = added.unit_price else { return Ok(added.line.clone()) };
    priced_line(&added.line, unit_price, of, facts, context)
}

/// As [`at_its_price`], for any line.
pub(super) fn priced_line(
    line: &DraftLine,
    unit_price: Decimal,
    of: &Draft,
    facts: &Facts<'_>,
    context: &Context,
) -> Result<DraftLine, Refusal> {
    let mut line = line.clone();
    line.adjustments.clear();
    let ruleset = facts.rules.ruleset();
    if ruleset.price_source != PriceSource::PriceList {
        line.unit_price = Some(unit_price.into());
        return Ok(line);
    }
    let alone = Draft { lines: vec![line.clone()], ..of.clone() };
    let quote = quote_without_promotions(&alone, facts.rules, context)?;
    let Some(today) = quote.lines.first() else { return Ok(line) };
    let wanted = amount_of(unit_price, today.quantity, today.base_quantity, facts.rules)?;
    let more = wanted.minus(today.amount_minor).map_err(Issue::from)?;
    if !more.is_zero() {
        let kind =
            if more.is_negative() { AdjustmentKind::Allowance } else { AdjustmentKind::Charge };
        line.adjustments.push(Adjustment {
            kind,
            amount_minor: Some(more.max(more.negate())),
            percent: None,
            base_minor: None,
            reason: None,
            taxes: None,
            price_basis: None,
        });
    }
    Ok(line)
}

/// Price × quantity in minor units, rounded as the shop rounds.
pub(super) fn amount_of(
    unit_price: Decimal,
    quantity: Decimal,
    base_quantity: Option<Decimal>,
    rules: &Rules,
) -> Result<Amount, Issue> {
    let ruleset = rules.ruleset();
    let base = base_quantity.unwrap_or(Decimal::from_integer(1));
    let minor = power_of_ten(ruleset.currency.exponent());
    let exact = || -> Result<Amount, AmountError> {
        let numerator =
            product(&[unit_price.mantissa(), quantity.mantissa(), base.denominator(), minor])?;
        let denominator =
            product(&[unit_price.denominator(), quantity.denominator(), base.mantissa()])?;
        Amount::from_fraction(numerator, denominator, ruleset.rounding.mode)
    };
    Ok(exact()?)
}
