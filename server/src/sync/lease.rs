//! Blocks of serials: handed out before a device runs dry, and accounted for when it is gone.

use orderkit::{
    Actor, Rules,
    numbering::{Pattern, SHOP_SERIES, Span, VoidReason, VoidRecord, needs_block, next_block},
};
use uuid::Uuid;

use crate::store::{Lease, StoreError, Transaction};

/// The counter of the next serial: of the period, or of the shop if blocks are leased.
pub(crate) fn counter(pattern: &Pattern, period: &str) -> String {
    let name = if pattern.is_leased() { SHOP_SERIES } else { period };
    format!("number/{name}")
}

/// The blocks that a client holds, behind what it has used of them.
pub(crate) async fn held(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
) -> Result<Vec<Span>, StoreError> {
    let mut rests = Vec::new();
    for block in transaction.leases(tenant, Some(client)).await? {
        rests.push(rest(transaction, tenant, block).await?);
    }
    rests.retain(|rest| rest.count() > 0);
    Ok(rests)
}

/// What is left of a block behind its last serial that an order has or had.
async fn rest(
    transaction: &mut Transaction,
    tenant: &str,
    block: Span,
) -> Result<Span, StoreError> {
    let used = transaction.last_used(tenant, SHOP_SERIES, block).await?;
    let voids = transaction.voids(tenant, SHOP_SERIES, block).await?;
    let void = voids.iter().map(|record| record.span.to.saturating_sub(1)).max();
    Ok(used.max(void).map_or(block, |last| block.after(last)))
}

/// Whether a client should get a block.
pub(super) async fn lacks(
    transaction: &mut Transaction,
    rules: &Rules,
    tenant: &str,
    client: Uuid,
) -> Result<bool, StoreError> {
    let Some(size) = rules.number_pattern().block_size() else { return Ok(false) };
    Ok(needs_block(&held(transaction, tenant, client).await?, 0, size))
}

/// Leases a block to a client that has a fifth or less of one left. An answer that is lost costs
/// nothing: each one tells all blocks.
pub(super) async fn ensure(
    transaction: &mut Transaction,
    rules: &Rules,
    tenant: &str,
    client: Uuid,
    now_ms: i64,
) -> Result<(), StoreError> {
    let pattern = rules.number_pattern();
    let (Some(size), Some(last)) = (pattern.block_size(), pattern.last_serial()) else {
        return Ok(());
    };
    for block in transaction.leases(tenant, Some(client)).await? {
        if rest(transaction, tenant, block).await?.count() == 0 {
            transaction.end_lease(tenant, block.from, now_ms).await?;
        }
    }
    if !needs_block(&held(transaction, tenant, client).await?, 0, size) {
        return Ok(());
    }
    let counter = counter(pattern, "");
    let next = transaction.series(tenant, &counter, 1).await?;
    // All serials are given out: the server numbers what comes, as long as it can.
    let Some(span) = next_block(next, size, last) else { return Ok(()) };
    transaction.set_series(tenant, &counter, span.to).await?;
    transaction.add_lease(tenant, Lease { span, client }, now_ms).await
}

/// Ends the leases of a client and records what it has not used of them; answers how many serials.
pub(crate) async fn give_back(
    transaction: &mut Transaction,
    tenant: &str,
    client: Uuid,
    by: &Actor,
    reason: VoidReason,
    now_ms: i64,
) -> Result<u64, StoreError> {
    let mut count = 0;
    for block in transaction.leases(tenant, Some(client)).await? {
        let span = rest(transaction, tenant, block).await?;
        transaction.end_lease(tenant, block.from, now_ms).await?;
        if span.count() == 0 {
            continue;
        }
        let series = SHOP_SERIES.to_owned();
        let record = VoidRecord { series, span, reason, by: by.user.clone(), at_ms: now_ms };
        transaction.add_void(tenant, &record).await?;
        count += span.count();
    }
    Ok(count)
}
