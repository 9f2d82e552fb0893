//! What an accepted order takes of limits and balances, as its quote says.

use orderkit::{
    Amount, Decimal, Draft, Event, EventRecord, Order, OrderLog, OrderStatus, Quote, Rules,
    ledger::InKind,
    pricing::TenderKind,
    ruleset::{PointsKind, PointsRules, UsesComeBack},
};

use super::buyer::buyer;
use crate::store::{GiftCardUse, GivenBack, RuleUsed, StoreError, Transaction, Used};

/// The rule of what points take off in a quote.
const POINTS: &str = "points";

/// Notes a new order as one of its buyer, with all that it uses. `rules` are those of its quote.
pub(super) async fn redeem(
    transaction: &mut Transaction,
    tenant: &str,
    log: &OrderLog,
    rules: &Rules,
) -> Result<(), StoreError> {
    let Some((record, draft, quote)) = placed(log) else { return Ok(()) };
    let customer = buyer(&record.by, &draft.details);
    let used = used(quote, rules);
    let customer = customer.as_deref();
    transaction.redeem(tenant, log.id, customer, record.happened_ms(), &used).await
}

/// The event by which an order was placed; one that was kept as a draft has others before it.
pub(super) fn placed(log: &OrderLog) -> Option<(&EventRecord, &Draft, &Quote)> {
    log.events.iter().find_map(|record| match &record.event {
        Event::Placed { draft, quote, .. } => Some((record, draft.as_ref(), quote.as_ref())),
        _ => None,
    })
}

/// Moves what the order took of gift cards, points and store credit to what it has taken by now: what the ledger says went back
/// is there again.
pub(super) async fn follow_refunds(
    transaction: &mut Transaction,
    tenant: &str,
    log: &OrderLog,
    order: &Order,
) -> Result<(), StoreError> {
    let Some((_, _, quote)) = placed(log) else { return Ok(()) };
    if quote.tenders.is_empty() && order.payments.is_empty() {
        return Ok(());
    }
    let Some(before) = transaction.redemption(tenant, order.id).await? else { return Ok(()) };
    let overflow = |_| StoreError::Corrupt("the refunds of an order overflow".to_owned());
    let kind = InKind::of(&quote.tenders, &order.payments).map_err(overflow)?;
    let mut after = before.clone();
    if quote.tenders.iter().any(|tender| tender.kind == TenderKind::Points) {
        after.points = kind.points;
    }
    after.store_credit_minor = kind.store_credit_minor;
    let use_of = |(code, amount_minor)| GiftCardUse { code, amount_minor };
    after.gift_cards = kind.gift_cards.into_iter().map(use_of).collect();
    if after == before {
        return Ok(());
    }
    transaction.change_redemption(tenant, order.id, &after).await
}

/// What an order gives back as it stands now (Sylius/Sylius#10125: a coupon stayed used after the order was called off).
pub(super) fn given_back(order: &Order, rules: &Rules) -> Option<GivenBack> {
    let policy = rules.ruleset().returns.uses_come_back;
    match order.status {
        OrderStatus::Canceled | OrderStatus::Expired if policy == UsesComeBack::Never => {
            Some(GivenBack::AllButRules)
        }
        OrderStatus::Canceled | OrderStatus::Expired => Some(GivenBack::All),
        OrderStatus::Confirmed | OrderStatus::Completed
            if policy == UsesComeBack::AllBack && order.is_all_credited() =>
        {
            Some(GivenBack::Rules)
        }
        _ => None,
    }
}

fn used(quote: &Quote, rules: &Rules) -> Used {
    let mut used = Used { rules: rules_used(quote, rules), ..Used::default() };
    let points = rules.ruleset().points.as_ref();
    if let Some(points) = points.filter(|points| points.kind == PointsKind::Discount) {
        // A promotion has a name, even one that is called so.
        let taken = quote.adjustments.iter().find(|it| it.rule == POINTS && it.name.is_none());
        used.points = taken.map_or(0, |taken| points_of(taken.amount_minor, points));
    }
    for tender in &quote.tenders {
        match tender.kind {
            TenderKind::Points => used.points = tender.points.unwrap_or_default(),
            TenderKind::StoreCredit => used.store_credit_minor = tender.amount_minor,
            TenderKind::GiftCard => used.gift_cards.extend(
                tender
                    .code
                    .clone()
                    .map(|code| GiftCardUse { code, amount_minor: tender.amount_minor }),
            ),
        }
    }
    used
}

/// Points are spent in whole units, so that the amount says how many.
fn points_of(amount: Amount, rules: &PointsRules) -> u32 {
    let units = amount.minor().checked_div(rules.unit_minor.minor()).unwrap_or_default();
    u32::try_from(units).unwrap_or_default().saturating_mul(rules.unit_points)
}

/// Promotions that took something count as one use each, price lists by the units bought at them.
pub(super) fn rules_used(quote: &Quote, rules: &Rules) -> Vec<RuleUsed> {
    let ruleset = rules.ruleset();
    let on_goods = quote.adjustments.iter().map(|it| (&it.rule, it.amount_minor));
    let shipping = quote.shipping.iter().flat_map(|shipping| &shipping.discounts);
    let on_shipping = shipping.map(|it| (&it.rule, it.amount_minor));
    let mut used: Vec<RuleUsed> = Vec::new();
    for (rule, amount) in on_goods.chain(on_shipping) {
        // What staff set by hand, and points, are adjustments too.
        if amount.is_zero() || !ruleset.promotions.iter().any(|it| it.id == *rule) {
            continue;
        }
        match used.iter_mut().find(|it| it.rule == *rule) {
            Some(known) => known.amount_minor = known.amount_minor.plus(amount).unwrap_or(amount),
            None => used.push(RuleUsed { rule: rule.clone(), count: 1, amount_minor: amount }),
        }
    }
    for line in &quote.lines {
        let Some(list) = &line.price_list else { continue };
        let units = whole_units(line.quantity);
        match used.iter_mut().find(|it| it.rule == *list) {
            Some(known) => known.count = known.count.saturating_add(units),
            None => {
                let amount_minor = Amount::ZERO;
                used.push(RuleUsed { rule: list.clone(), count: units, amount_minor });
            }
        }
    }
    used
}

/// A broken unit takes a whole one of a quota.
fn whole_units(quantity: Decimal) -> u32 {
    let denominator = quantity.denominator();
    let whole = quantity.mantissa() / denominator;
    let rest = quantity.mantissa() % denominator;
    u32::try_from(whole + i128::from(rest > 0)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_unit_is_a_whole_one() {
        let rows = [("0", 0), ("1", 1), ("2.5", 3), ("0.001", 1), ("1000000", 1_000_000)];
        for (quantity, units) in rows {
            assert_eq!(whole_units(quantity.parse().unwrap()), units, "{quantity}");
        }
    }
}
