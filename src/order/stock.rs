//! What an order needs of the stock, as it stands now.

use std::collections::BTreeMap;

use super::{Order, OrderLine, OrderStatus};
use crate::{
    decimal::Decimal,
    inventory::{StockNeed, times},
    ruleset::InventoryRules,
};

impl Order {
    /// What it needs of each SKU, by SKU. An order that was called off needs nothing, whatever it has taken.
    ///
    /// Nothing is added up from event to event: whoever keeps the stock compares this with what it noted for the order
    /// before, so that nothing is taken or given back twice.
    pub fn stock_needs(&self, rules: &InventoryRules) -> Vec<StockNeed> {
        let is_bound = self.import.is_none()
            && !matches!(self.status, OrderStatus::Draft | OrderStatus::Discarded);
        if !is_bound {
            return Vec::new();
        }
        let is_live = !matches!(self.status, OrderStatus::Canceled | OrderStatus::Expired);
        let mut all: BTreeMap<&str, StockNeed> = BTreeMap::new();
        for line in &self.lines {
            let Some((open, allocated, gone)) = of_line(line) else { continue };
            for (sku, count) in rules.counted(&line.sku) {
                let need = all.entry(sku).or_default();
                let add = |sum: &mut Decimal, quantity: Decimal| {
                    let more = times(quantity, count).unwrap_or_default();
                    *sum = sum.checked_add(more).unwrap_or(*sum);
                };
                if is_live {
                    add(&mut need.open, open);
                    add(&mut need.allocated, allocated);
                }
                add(&mut need.gone, gone);
            }
        }
        let named = all.into_iter().map(|(sku, need)| StockNeed { sku: sku.to_owned(), ..need });
        named.collect()
    }
}

fn of_line(line: &OrderLine) -> Option<(Decimal, Decimal, Decimal)> {
    let waits = line.open_to_ship().checked_add(line.backordered)?;
    let allocated = line.allocated.checked_sub(line.shipped)?;
    let back = line.returned_to_sender.checked_add(line.restocked)?;
    Some((waits, allocated, line.shipped.checked_sub(back)?))
}
