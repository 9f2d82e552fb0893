//! What is there for this device: less what its own orders take that wait since earlier, and no more than its own part while it has no network.

use uuid::Uuid;

use super::Replica;
use crate::{
    command::Command,
    context::{Context, StockLevel},
    decimal::Decimal,
    order::Order,
};

impl Replica {
    /// Tells whether the device has a network, and folds the outbox by it.
    pub fn set_offline(&mut self, is_offline: bool) {
        if self.is_offline != is_offline {
            self.is_offline = is_offline;
            self.refold_all();
        }
    }

    /// What is known to price a new order by, as it stands here at a time; nothing before the first exchange.
    pub fn known_now(&self, now_ms: i64) -> Option<Context> {
        let context = &self.known.as_ref()?.context;
        Some(Context { now_ms, ..self.with_own_stock(context, (None, u64::MAX), None, now_ms) })
    }

    /// What a command about an order may count on.
    pub(super) fn context_for(
        &self,
        id: Uuid,
        order: Option<&Order>,
        command: Option<&Command>,
        now_ms: i64,
    ) -> Option<Context> {
        let context = &self.known.as_ref()?.context;
        // What an order is kept may be set aside for it; for more than that it has to queue as others do.
        let sets_aside = matches!(command, Some(Command::Allocate(_) | Command::Ship(_)));
        // Who was given first has it: only what was given before an order counts against it.
        let turn = self.turn(id).unwrap_or(u64::MAX);
        Some(self.with_own_stock(context, (Some(id), turn), order.filter(|_| sets_aside), now_ms))
    }

    fn with_own_stock(
        &self,
        known: &Context,
        (id, turn): (Option<Uuid>, u64),
        own: Option<&Order>,
        now_ms: i64,
    ) -> Context {
        let rules = &self.rules.ruleset().inventory;
        let kept = own.map(|order| order.stock_needs(rules)).unwrap_or_default();
        let level = |level: &StockLevel| {
            let of = |need: &&crate::inventory::StockNeed| need.sku == level.sku;
            let taken = self.orders.taken(&level.sku, turn, id);
            let lease = self.position.stock.iter().find(|it| it.sku == level.sku);
            let leased =
                lease.filter(|it| it.ends_ms > now_ms).map_or(Decimal::ZERO, |it| it.quantity);
            let beyond = less(taken, leased);
            let kept = sum(kept.iter().filter(of).map(|need| need.open));
            StockLevel {
                sku: level.sku.clone(),
                quantity: less(level.quantity, beyond),
                held: less(leased, taken).checked_add(kept).unwrap_or(kept),
                backordered: level.backordered,
            }
        };
        let stock = known.stock.iter().map(level).collect();
        Context { stock, is_offline: self.is_offline, ..known.clone() }
    }
}

fn sum(quantities: impl Iterator<Item = Decimal>) -> Decimal {
    crate::returns::sum(quantities).unwrap_or_default()
}

fn less(quantity: Decimal, taken: Decimal) -> Decimal {
    quantity.checked_sub(taken).unwrap_or_default().max(Decimal::ZERO)
}
