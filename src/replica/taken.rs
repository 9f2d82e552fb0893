//! What waiting orders take of the stock that the server does not know of: who was given first is served first.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{decimal::Decimal, inventory::StockNeed};

/// Orders whose sum is kept, so that each of many thousand for one product soon knows what those before it take.
const BLOCK: u64 = 128;

/// How much of each product the orders take, by the counters of their first commands.
#[derive(Debug, Default)]
pub(super) struct Taken {
    by_sku: BTreeMap<String, Queue>,
}

/// Who waits for one product.
#[derive(Debug, Default)]
struct Queue {
    orders: BTreeMap<(u64, Uuid), Decimal>,
    /// The sum of each [`BLOCK`] of counters.
    sums: BTreeMap<u64, Decimal>,
}

impl Taken {
    pub(super) fn add(&mut self, id: Uuid, n: u64, needs: &[StockNeed]) {
        for need in needs {
            let queue = self.by_sku.entry(need.sku.clone()).or_default();
            queue.orders.insert((n, id), need.open);
            queue.sum_up(n);
        }
    }

    pub(super) fn remove(&mut self, id: Uuid, n: u64, needs: &[StockNeed]) {
        for need in needs {
            let Some(queue) = self.by_sku.get_mut(&need.sku) else { continue };
            queue.orders.remove(&(n, id));
            queue.sum_up(n);
            if queue.orders.is_empty() {
                self.by_sku.remove(&need.sku);
            }
        }
    }

    /// How much of a product orders take that were given before a counter.
    pub(super) fn before(&self, sku: &str, n: u64) -> Decimal {
        let Some(queue) = self.by_sku.get(sku) else { return Decimal::ZERO };
        let block = n / BLOCK;
        let whole = queue.sums.range(..block).map(|(_, sum)| *sum);
        let part = queue.orders.range(from(block.saturating_mul(BLOCK))..from(n));
        sum(whole.chain(part.map(|(_, open)| *open)))
    }

    /// The first order behind a counter that takes of a product.
    pub(super) fn after(&self, sku: &str, n: u64) -> Option<(u64, Uuid)> {
        let mut behind = self.by_sku.get(sku)?.orders.range(from(n.saturating_add(1))..);
        behind.next().map(|(order, _)| *order)
    }
}

impl Queue {
    fn sum_up(&mut self, n: u64) {
        let block = n / BLOCK;
        let first = block.saturating_mul(BLOCK);
        let orders = self.orders.range(from(first)..from(first.saturating_add(BLOCK)));
        let mut open = orders.map(|(_, open)| *open).peekable();
        if open.peek().is_none() {
            self.sums.remove(&block);
        } else {
            self.sums.insert(block, sum(open));
        }
    }
}

fn from(n: u64) -> (u64, Uuid) {
    (n, Uuid::nil())
}

fn sum(quantities: impl Iterator<Item = Decimal>) -> Decimal {
    crate::returns::sum(quantities).unwrap_or_default()
}
