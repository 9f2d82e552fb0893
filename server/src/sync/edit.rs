//! Edits of placed orders: what is known for them, whose edits they follow, and what they take or give back.

use orderkit::{
    Amendment, Change, Command, Context, Event, EventRecord, Order, OrderLog, Rules,
    amendment::AmendmentEffect,
};
use uuid::Uuid;

use super::{
    buyer, context,
    stock::{self, Asker},
    used,
};
use crate::store::{RuleUsed, StoreError, StoredOrder, Transaction, Used};

/// The edit that a command is about, if it is about one.
pub(super) fn amendment_of<'a>(command: &'a Command, order: &'a Order) -> Option<&'a Amendment> {
    match command {
        Command::Amend(amendment) | Command::ProposeAmendment(amendment) => Some(amendment),
        Command::AcceptAmendment(accept) => {
            order.amendment(&accept.amendment).map(|it| &it.amendment)
        }
        _ => None,
    }
}

/// What is known of the buyer, uses and stock, for an edit of an order.
pub(crate) async fn edit_context(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &Rules,
    stored: &StoredOrder,
    amendment: &Amendment,
    client: Option<Uuid>,
) -> Result<Context, StoreError> {
    let Some((record, placed, _)) = used::placed(&stored.log) else {
        return Ok(Context::default());
    };
    let customer = buyer(&record.by, &placed.details);
    let mut draft = stored.order.draft.as_ref().clone();
    draft.details.gift_cards.clear();
    for change in &amendment.changes {
        if let Change::AddCoupon { code } = change {
            draft.details.coupon_codes.push(code.clone());
        }
    }
    let skus = stock::skus_of_edit(&stored.order, &amendment.changes, rules);
    let asker = Asker { order: None, client };
    let levels = stock::levels(transaction, tenant, rules, &skus, asker).await?;
    let known = context(transaction, tenant, &[rules], &draft, customer.as_deref(), client).await?;
    let gifts = known.stock.into_iter().filter(|it| !levels.iter().any(|own| own.sku == it.sku));
    Ok(Context { stock: levels.iter().cloned().chain(gifts).collect(), ..known })
}

/// The commands behind newer edits that this client gave itself: an edit is no conflict with those before it in one outbox.
pub(super) async fn own_commands(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
    order: &Order,
    base: u64,
) -> Result<Vec<Uuid>, StoreError> {
    // Callers without a copy have no outbox: what they saw is what they say.
    if client.get_version_num() == 8 {
        return Ok(Vec::new());
    }
    let newer = order.edits.iter().filter(|edit| edit.revision > base);
    let mut own = Vec::new();
    for id in newer.filter_map(|edit| edit.command) {
        let first = transaction.first_command(tenant, id).await?;
        if first.is_some_and(|first| first.client == client) {
            own.push(id);
        }
    }
    Ok(own)
}

/// Moves what the order took to what it takes after a command that edited it: a coupon that was removed can be used again, and
/// goods that are not wanted can be sold.
pub(super) async fn follow(
    transaction: &mut Transaction,
    tenant: &str,
    command: Uuid,
    log: &OrderLog,
    order: &Order,
    rules: &Rules,
) -> Result<(), StoreError> {
    let events = log.events.iter().rev().take_while(|it| it.command == Some(command));
    let edits = events.filter_map(edit);
    let Some(effect) = edits.last() else { return Ok(()) };
    let Some(before) = transaction.redemption(tenant, order.id).await? else { return Ok(()) };
    let mut after = before.clone();
    if let Some(effect) = effect {
        after.rules = rules_after(&before, effect, order, rules)?;
    }
    if after == before {
        return Ok(());
    }
    transaction.change_redemption(tenant, order.id, &after).await
}

/// The effect of an edit; nothing of a part that was called off, which moves no more than the goods.
fn edit(record: &EventRecord) -> Option<Option<&AmendmentEffect>> {
    match &record.event {
        Event::Amended { amended } => Some(Some(&amended.effect)),
        Event::LinesCanceled { .. } => Some(None),
        _ => None,
    }
}

fn rules_after(
    before: &Used,
    effect: &AmendmentEffect,
    order: &Order,
    rules: &Rules,
) -> Result<Vec<RuleUsed>, StoreError> {
    if let Some(quote) = &effect.quote {
        return Ok(used::rules_used(quote, rules));
    }
    let overflow = |_| StoreError::Corrupt("the discounts of an order overflow".to_owned());
    let sums = order.left_of_discounts().map_err(overflow)?;
    let promotions = &rules.ruleset().promotions;
    let is_promotion = |rule: &str| promotions.iter().any(|it| it.id == rule);
    let has_code = |code: &Option<String>| {
        let codes = &order.details.coupon_codes;
        code.as_ref().is_none_or(|code| codes.iter().any(|it| it.eq_ignore_ascii_case(code)))
    };
    // Units at the price of a list stay counted: a quota is not sold twice because of an edit.
    let lists = before.rules.iter().filter(|it| !is_promotion(&it.rule));
    let mut after: Vec<RuleUsed> = lists
        .filter(|it| !order.discounts.iter().any(|discount| discount.rule == it.rule))
        .cloned()
        .collect();
    let goods =
        order.discounts.iter().zip(sums).map(|(it, left)| (&it.rule, &it.coupon_code, left));
    let shipping = order.shipping.iter().flat_map(|shipping| &shipping.discounts);
    let shipping = shipping.map(|it| (&it.rule, &it.coupon_code, it.amount_minor));
    for (rule, code, amount) in goods.chain(shipping) {
        let was_used = before.rules.iter().any(|it| it.rule == *rule);
        let counts = (is_promotion(rule) || was_used) && has_code(code);
        // A coupon for shipping alone takes nothing off the goods.
        if !counts || (amount.is_zero() && code.is_none()) {
            continue;
        }
        match after.iter_mut().find(|it| it.rule == *rule) {
            Some(known) => known.amount_minor = known.amount_minor.plus(amount).unwrap_or(amount),
            None => after.push(RuleUsed { rule: rule.clone(), count: 1, amount_minor: amount }),
        }
    }
    let added = effect.addition.iter().flat_map(|quote| used::rules_used(quote, rules));
    for list in added {
        match after.iter_mut().find(|it| it.rule == list.rule) {
            Some(known) => known.count = known.count.saturating_add(list.count),
            None => after.push(list),
        }
    }
    Ok(after)
}
