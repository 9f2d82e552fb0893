//! The stock follows the orders: in the transaction that decides a command, what the order needs by now is compared with what
//! it held before. Nothing is added up beside that, so nothing is taken or given back twice.

use orderkit::{
    Actor, Change, Command, Decimal, Draft, Order, OrderStatus, Rules, StockLevel,
    inventory::{StockClaim, StockNeed, StockState},
    status::{DeadlineKind, deadlines},
};
use uuid::Uuid;

use crate::store::{HeldStock, StockCount, StoreError, StoredClaim, StoredStock, Transaction};

/// For whom the stock is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker {
    /// The order whose own goods count as there.
    pub order: Option<Uuid>,
    /// The client whose lease counts as there.
    pub client: Option<Uuid>,
}

/// Who moves the stock, and when.
#[derive(Clone, Copy)]
pub(crate) struct Mover<'a> {
    pub tenant: &'a str,
    pub client: Uuid,
    pub actor: &'a Actor,
    pub now_ms: i64,
    pub rules: &'a Rules,
}

/// The SKUs that a draft wants, as they are counted.
pub(crate) fn skus_of<'a>(draft: &'a Draft, rules: &'a Rules) -> Vec<&'a str> {
    counted(draft.lines.iter().map(|line| line.sku.as_str()), rules)
}

/// SKUs that an order holds and that a command about it adds.
fn skus_about<'a>(
    order: &'a Order,
    command: &'a Command,
    rules: &'a Rules,
) -> Option<Vec<&'a str>> {
    let lines = order.lines.iter().map(|line| line.sku.as_str());
    match command {
        Command::Allocate(_) | Command::Ship(_) | Command::Reinstate(_) => {
            Some(counted(lines, rules))
        }
        Command::ResolveReturn(resolve) => {
            let wanted = order.returns.iter().flat_map(|it| &it.wanted);
            let named = resolve.wanted.iter().flatten();
            let skus = wanted.chain(named).filter_map(|it| it.sku.as_deref());
            Some(counted(lines.chain(skus), rules))
        }
        _ => None,
    }
}

/// What is there for a command about an order that needs goods.
pub(crate) async fn about(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &Rules,
    order: &Order,
    command: &Command,
    client: Option<Uuid>,
) -> Result<Option<Vec<StockLevel>>, StoreError> {
    let Some(skus) = skus_about(order, command, rules) else { return Ok(None) };
    // What is kept for the order may be set aside for it; for more than that it has to queue as others do.
    let own = matches!(command, Command::Allocate(_) | Command::Ship(_)).then_some(order.id);
    let asker = Asker { order: own, client: client.filter(|_| own.is_none()) };
    levels(transaction, tenant, rules, &skus, asker).await.map(Some)
}

/// SKUs of an order and of what an edit adds.
pub(super) fn skus_of_edit<'a>(
    order: &'a Order,
    changes: &'a [Change],
    rules: &'a Rules,
) -> Vec<&'a str> {
    let lines = order.lines.iter().map(|line| line.sku.as_str());
    let added = changes.iter().filter_map(|change| match change {
        Change::AddLine { line } | Change::ReplaceLine { by: line, .. } => Some(line.sku.as_str()),
        _ => None,
    });
    counted(lines.chain(added), rules)
}

fn counted<'a>(skus: impl Iterator<Item = &'a str>, rules: &'a Rules) -> Vec<&'a str> {
    let inventory = &rules.ruleset().inventory;
    let mut all: Vec<&str> = skus.flat_map(|sku| inventory.counted(sku).map(|it| it.0)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What is there of these SKUs, for whoever asks.
pub(crate) async fn levels(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &Rules,
    skus: &[&str],
    asker: Asker,
) -> Result<Vec<StockLevel>, StoreError> {
    let known = stocks(transaction, tenant, rules, skus).await?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let claims = match asker.order {
        Some(order) => transaction.claims_of(tenant, order).await?,
        None => Vec::new(),
    };
    let leases = match asker.client {
        Some(client) => transaction.stock_leases(tenant, Some(client)).await?,
        None => Vec::new(),
    };
    let level = |stock: StoredStock| {
        let claim = claims.iter().find(|it| it.sku == stock.sku);
        let lease = leases.iter().find(|it| it.lease.sku == stock.sku);
        let reserved = claim.map_or(Decimal::ZERO, |it| it.claim.reserved);
        let leased = lease.map_or(Decimal::ZERO, |it| it.lease.quantity);
        StockLevel {
            quantity: stock.state.available(Decimal::ZERO),
            held: reserved.checked_add(leased).unwrap_or(reserved),
            backordered: stock.state.backordered,
            sku: stock.sku,
        }
    };
    Ok(known.into_iter().map(level).collect())
}

/// The stock of these SKUs. One that the rules count and that has no level has nothing.
async fn stocks(
    transaction: &mut Transaction,
    tenant: &str,
    rules: &Rules,
    skus: &[&str],
) -> Result<Vec<StoredStock>, StoreError> {
    let mut known = transaction.stock(tenant, skus).await?;
    let always = rules.ruleset().inventory.products.iter().filter(|it| it.is_counted == Some(true));
    for rule in always.filter(|rule| skus.contains(&rule.sku.as_str())) {
        if !known.iter().any(|it| it.sku == rule.sku) {
            let state = StockState::default();
            known.push(StoredStock { sku: rule.sku.clone(), state, rev: 0 });
        }
    }
    Ok(known)
}

/// Moves the stock with an order, from what it held to what it needs now.
pub(super) async fn follow(
    transaction: &mut Transaction,
    mover: Mover<'_>,
    before: Option<&Order>,
    after: &Order,
) -> Result<(), StoreError> {
    let inventory = &mover.rules.ruleset().inventory;
    let counts_always = inventory.products.iter().any(|it| it.is_counted == Some(true));
    if !counts_always && !transaction.counts_stock(mover.tenant).await? {
        return Ok(());
    }
    let now = after.stock_needs(inventory);
    let claims = transaction.claims_of(mover.tenant, after.id).await?;
    let named = now.iter().map(|it| it.sku.as_str()).chain(claims.iter().map(|it| it.sku.as_str()));
    let mut skus: Vec<&str> = named.collect();
    skus.sort_unstable();
    skus.dedup();
    let known = stocks(transaction, mover.tenant, mover.rules, &skus).await?;
    if known.is_empty() {
        return Ok(());
    }
    let earlier = before.map(|order| order.stock_needs(inventory)).unwrap_or_default();
    let until_ms = pays_until(after, mover.rules);
    for stock in known {
        let nothing = StockNeed { sku: stock.sku.clone(), ..StockNeed::default() };
        let need = now.iter().find(|it| it.sku == stock.sku).unwrap_or(&nothing);
        let claim = match claims.iter().find(|it| it.sku == stock.sku) {
            Some(known) => known.clone(),
            None => {
                // What left before the SKU was counted does not come off what was found on the shelf since.
                let gone = earlier
                    .iter()
                    .find(|it| it.sku == stock.sku)
                    .map_or(Decimal::ZERO, |it| it.gone);
                StoredClaim {
                    order: after.id,
                    sku: stock.sku.clone(),
                    claim: StockClaim { gone, ..StockClaim::default() },
                    placed_ms: after.placed_ms,
                    until_ms,
                }
            }
        };
        if fits(&claim.claim, need) && claim.until_ms == until_ms {
            continue;
        }
        move_one(transaction, mover, stock, StoredClaim { until_ms, ..claim }, need).await?;
    }
    Ok(())
}

/// Whether an order holds what it needs, or is owed it.
fn fits(claim: &StockClaim, need: &StockNeed) -> bool {
    claim.reserved.checked_add(claim.backordered) == Some(need.open)
        && claim.allocated == need.allocated
        && claim.gone == need.gone
}

async fn move_one(
    transaction: &mut Transaction,
    mover: Mover<'_>,
    stock: StoredStock,
    mut claim: StoredClaim,
    need: &StockNeed,
) -> Result<(), StoreError> {
    let Mover { tenant, client, actor, now_ms, .. } = mover;
    let mut state = stock.state;
    let more = StockState::wanted_more(&claim.claim, need);
    if !more.is_zero() {
        let leases = transaction.stock_leases(tenant, Some(client)).await?;
        if let Some(mut held) = leases.into_iter().find(|it| it.lease.sku == stock.sku) {
            let used = more.min(held.lease.quantity);
            (held.lease.quantity, state.leased) =
                match (held.lease.quantity.checked_sub(used), state.leased.checked_sub(used)) {
                    (Some(rest), Some(leased)) => (rest, leased),
                    _ => return Err(overflow()),
                };
            transaction.set_stock_lease(tenant, &held).await?;
        }
    }
    let reason = if need.gone < claim.claim.gone { "returned" } else { "shipped" };
    claim.claim = state.follow(&claim.claim, need).ok_or_else(overflow)?;
    let order = Some(claim.order);
    transaction.set_claim(tenant, &claim).await?;
    settle(transaction, tenant, &stock.sku, &mut state).await?;
    let count = StockCount { reason, order, user: &actor.user, at_ms: now_ms };
    transaction.set_stock(tenant, &stock, &state, count).await?;
    Ok(())
}

/// Gives what is free to those who wait for it, or takes from the last what more is kept than there is.
async fn settle(
    transaction: &mut Transaction,
    tenant: &str,
    sku: &str,
    state: &mut StockState,
) -> Result<(), StoreError> {
    let free = state.free().ok_or_else(overflow)?;
    let is_waited_for = !state.backordered.is_zero() && free > Decimal::ZERO;
    if !is_waited_for && !free.is_negative() {
        return Ok(());
    }
    let before = transaction.open_claims(tenant, sku).await?;
    let mut after = before.clone();
    state.settle(after.iter_mut().map(|it| &mut it.claim)).ok_or_else(overflow)?;
    for (claim, before) in after.iter().zip(&before).filter(|(after, before)| after != before) {
        debug_assert_eq!(claim.order, before.order);
        transaction.set_claim(tenant, claim).await?;
    }
    Ok(())
}

/// Says how much is on hand, or how much more, of a SKU that is counted from now on. What open orders want of one that was not
/// counted is kept for them.
pub(crate) async fn count(
    transaction: &mut Transaction,
    mover: Mover<'_>,
    sku: &str,
    on_hand: Decimal,
    reason: &str,
) -> Result<StoredStock, StoreError> {
    let tenant = mover.tenant;
    let known = transaction.stock(tenant, &[sku]).await?.pop();
    let is_new = known.is_none();
    let state = StockState::default();
    let known = known.unwrap_or(StoredStock { sku: sku.to_owned(), state, rev: 0 });
    let mut state = StockState { on_hand, ..known.state };
    settle(transaction, tenant, sku, &mut state).await?;
    let count = StockCount { reason, order: None, user: &mover.actor.user, at_ms: mover.now_ms };
    let mut stock = transaction.set_stock(tenant, &known, &state, count).await?;
    if is_new {
        for id in transaction.open_orders(tenant).await? {
            let Some(stored) = transaction.order(tenant, id).await? else { continue };
            follow(transaction, mover, Some(&stored.order), &stored.order).await?;
        }
        stock = transaction.stock(tenant, &[sku]).await?.pop().unwrap_or(stock);
    }
    Ok(stock)
}

/// Gives the goods of a lease back to everybody.
pub(super) async fn end_lease(
    transaction: &mut Transaction,
    tenant: &str,
    held: HeldStock,
    user: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let sku = held.lease.sku.clone();
    if let Some(stock) = transaction.stock(tenant, &[&sku]).await?.pop() {
        let leased = stock.state.leased.checked_sub(held.lease.quantity).ok_or_else(overflow)?;
        let mut state = StockState { leased, ..stock.state };
        settle(transaction, tenant, &sku, &mut state).await?;
        let count = StockCount { reason: "lease", order: None, user, at_ms: now_ms };
        transaction.set_stock(tenant, &stock, &state, count).await?;
    }
    let mut held = held;
    held.lease.quantity = Decimal::ZERO;
    transaction.set_stock_lease(tenant, &held).await
}

/// When the goods of an order are nobody's again unless it is paid.
fn pays_until(order: &Order, rules: &Rules) -> Option<i64> {
    if order.status != OrderStatus::Placed {
        return None;
    }
    let all = deadlines(order, rules.ruleset());
    all.iter().find(|it| it.kind == DeadlineKind::Pay).map(|it| it.at_ms)
}

pub(super) fn overflow() -> StoreError {
    StoreError::Corrupt("a stock level is out of range".to_owned())
}
