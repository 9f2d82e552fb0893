//! What devices of the shop may sell without a network: given out at each sync, and anybody's again when it ends.

use orderkit::{
    Actor, Decimal, Role, Rules,
    inventory::{StockLease, lease_grant},
    limits::MAX_TOLD_STOCK,
    ruleset::StockQuota,
};
use uuid::Uuid;

use super::stock::{Mover, end_lease, overflow};
use crate::store::{HeldStock, StockCount, StoreError, StoredStock, Transaction};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// How a device gets its part, where the shop gives any. A customer's browser gets none: goods would be kept for whoever looks
/// at the shop.
fn quota<'r>(rules: &'r Rules, actor: &Actor) -> Option<&'r StockQuota> {
    rules.ruleset().inventory.quota.as_ref().filter(|_| actor.role != Role::Customer)
}

/// What a client may sell without a network.
pub(super) async fn held(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
    now_ms: i64,
) -> Result<Vec<StockLease>, StoreError> {
    let all = transaction.stock_leases(tenant, Some(client)).await?;
    let live = all.into_iter().filter(|it| it.lease.ends_ms > now_ms);
    Ok(live.map(|it| it.lease).collect())
}

/// A part that a client should get, or get for longer.
struct Due {
    stock: StoredStock,
    held: Option<HeldStock>,
    grant: Decimal,
}

async fn due(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
    rules: &Rules,
    quota: &StockQuota,
    now_ms: i64,
) -> Result<Vec<Due>, StoreError> {
    let inventory = &rules.ruleset().inventory;
    let leases = transaction.stock_leases(tenant, Some(client)).await?;
    let told = transaction.scarce_stock(tenant, inventory.tell_up_to, MAX_TOLD_STOCK).await?;
    let soon_ms = now_ms.saturating_add(lasts_ms(quota) / 2);
    let mut all = Vec::new();
    for stock in told {
        let held = leases.iter().find(|it| it.lease.sku == stock.sku).cloned();
        let quantity = held.as_ref().map_or(Decimal::ZERO, |it| it.lease.quantity);
        let grant = lease_grant(quota, &stock.state, inventory.safety(&stock.sku), quantity);
        let ends = held.as_ref().is_some_and(|it| it.lease.ends_ms <= soon_ms);
        if !grant.is_zero() || ends {
            all.push(Due { stock, held, grant });
        }
    }
    Ok(all)
}

/// Whether a client should get a part, or get one for longer.
pub(super) async fn lacks(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
    actor: &Actor,
    rules: &Rules,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let Some(quota) = quota(rules, actor) else { return Ok(false) };
    Ok(!due(transaction, tenant, client, rules, quota, now_ms).await?.is_empty())
}

/// Gives a client what it lacks. An answer that is lost costs nothing: each one tells all that the client holds.
pub(super) async fn ensure(
    transaction: &mut Transaction,
    mover: Mover<'_>,
) -> Result<(), StoreError> {
    let Mover { tenant, client, actor, now_ms, rules } = mover;
    let Some(quota) = quota(rules, actor) else { return Ok(()) };
    let ends_ms = now_ms.saturating_add(lasts_ms(quota));
    let kept_ms = ends_ms.saturating_add(lasts_ms(quota));
    for Due { stock, held, grant } in due(transaction, tenant, client, rules, quota, now_ms).await?
    {
        let mut state = stock.state;
        let before = held.map_or(Decimal::ZERO, |it| it.lease.quantity);
        let quantity = before.checked_add(grant).ok_or_else(overflow)?;
        state.leased = state.leased.checked_add(grant).ok_or_else(overflow)?;
        let count = StockCount { reason: "lease", order: None, user: &actor.user, at_ms: now_ms };
        transaction.set_stock(tenant, &stock, &state, count).await?;
        let lease = StockLease { sku: stock.sku, quantity, ends_ms };
        transaction.set_stock_lease(tenant, &HeldStock { client, lease, kept_ms }).await?;
    }
    Ok(())
}

fn lasts_ms(quota: &StockQuota) -> i64 {
    i64::from(quota.hours).saturating_mul(HOUR_MS)
}

/// Gives back what clients no longer sell and have had the time to tell of.
pub(super) async fn end_over(
    transaction: &mut Transaction,
    tenant: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    for held in transaction.ended_stock_leases(tenant, now_ms).await? {
        end_lease(transaction, tenant, held, "system", now_ms).await?;
    }
    Ok(())
}

/// Gives back all that a client holds; answers of how many SKUs that was something.
pub(crate) async fn give_back(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
    by: &Actor,
    now_ms: i64,
) -> Result<usize, StoreError> {
    let all = transaction.stock_leases(tenant, Some(client)).await?;
    let count = all.len();
    for held in all {
        end_lease(transaction, tenant, held, &by.user, now_ms).await?;
    }
    Ok(count)
}
