//! What waiting orders take of the stock that the server does not know of: who was given first is served first.

use uuid::Uuid;

use super::keyed::Keyed;
use crate::{decimal::Decimal, inventory::StockNeed};

/// Orders whose sum is kept, so that each of many thousand for one product soon knows what those before it take.
const BLOCK: u64 = 128;

/// How much of each product the orders take, by the counters of their first commands.
#[derive(Debug, Default)]
pub(super) struct Taken {
    by_sku: Keyed<String, Queue>,
}

/// Who waits for one product.
#[derive(Debug, Default)]
struct Queue {
    orders: Keyed<(u64, Uuid), Decimal>,
    /// The sum of each [`BLOCK`] of counters.
    sums: Keyed<u64, Decimal>,
}

impl Taken {
    pub(super) fn add(&mut self, id: Uuid, n: u64, needs: &[StockNeed]) {
        for need in needs {
            if let Some(queue) = self.by_sku.add(need.sku.clone(), Queue::default()) {
                queue.orders.put((n, id), need.open);
                queue.sum_up(n);
            }
        }
    }

    pub(super) fn remove(&mut self, id: Uuid, n: u64, needs: &[StockNeed]) {
        for need in needs {
            let Some(queue) = self.by_sku.get_mut(need.sku.as_str()) else { continue };
            queue.orders.remove(&(n, id));
            queue.sum_up(n);
            if queue.orders.is_empty() {
                self.by_sku.remove(need.sku.as_str());
            }
        }
    }

    /// How much of a product orders take that were given before a counter.
    pub(super) fn before(&self, sku: &str, n: u64) -> Decimal {
        let Some(queue) = self.by_sku.get(sku) else { return Decimal::ZERO };
        let block = n / BLOCK;
        let whole = queue.sums.iter().take_while(|(known, _)| *known < block);
        let part = queue.between(block.saturating_mul(BLOCK), n);
        sum(whole.map(|(_, sum)| *sum).chain(part))
    }

    /// The first order behind a counter that takes of a product.
    pub(super) fn after(&self, sku: &str, n: u64) -> Option<(u64, Uuid)> {
        let mut behind = self.by_sku.get(sku)?.orders.from(&first(n.saturating_add(1)));
        behind.next().map(|(order, _)| *order)
    }
}

impl Queue {
    fn sum_up(&mut self, n: u64) {
        let block = n / BLOCK;
        let begin = block.saturating_mul(BLOCK);
        let mut open = self.between(begin, begin.saturating_add(BLOCK)).peekable();
        let sum = open.peek().is_some().then(|| sum(open));
        match sum {
            Some(sum) => self.sums.put(block, sum),
            None => drop(self.sums.remove(&block)),
        }
    }

    /// What is taken from one counter on and before another one.
    fn between(&self, from: u64, to: u64) -> impl Iterator<Item = Decimal> {
        let behind = self.orders.from(&first(from));
        behind.take_while(move |((n, _), _)| *n < to).map(|(_, open)| *open)
    }
}

/// Before all orders of a counter.
fn first(n: u64) -> (u64, Uuid) {
    (n, Uuid::nil())
}

fn sum(quantities: impl Iterator<Item = Decimal>) -> Decimal {
    crate::returns::sum(quantities).unwrap_or_default()
}
