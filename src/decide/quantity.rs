//! What products can be counted in, after their order is placed too.

use super::Facts;
use crate::{
    decimal::Decimal,
    issue::{Code, Issue},
    limits::MAX_QUANTITY,
    order::OrderLine,
    ruleset::Product,
    validation::{quantity_issue, step_issue},
};

/// Why a part of a line cannot be handled apart. All that there is always can.
pub(super) fn split_issue(
    line: &OrderLine,
    part: Decimal,
    all: Decimal,
    facts: &Facts<'_>,
    path: String,
) -> Option<Issue> {
    step(line, facts).filter(|_| part != all).and_then(|step| step_issue(part, step, path))
}

/// Why a line that was ordered cannot come to this quantity; `least` is what cannot be taken away any more.
pub(super) fn target_issue(
    line: &OrderLine,
    target: Decimal,
    least: Decimal,
    facts: &Facts<'_>,
    path: String,
) -> Option<Issue> {
    if target == line.to_deliver() || target == least {
        return None;
    }
    let product = facts.rules.product(&line.sku).filter(|_| step(line, facts).is_some());
    quantity_issue(target, product, path)
}

/// Why so many units of a product cannot be handed out, whatever the least and the most of an order are.
pub(super) fn count_issue(
    quantity: Decimal,
    product: Option<&Product>,
    path: String,
) -> Option<Issue> {
    let most = Decimal::from_integer(MAX_QUANTITY);
    if quantity > most {
        return Some(Issue::new(Code::QuantityTooLarge, path).with("maximum", most));
    }
    step_issue(quantity, product?.step(), path)
}

/// What a line can be counted in. An order of earlier rules, or of goods that the rules do not know, is as it is.
fn step(line: &OrderLine, facts: &Facts<'_>) -> Option<Decimal> {
    let step = facts.rules.product(&line.sku)?.step();
    line.ordered.is_multiple_of(step).then_some(step)
}
