//! The waiting commands folded on the confirmed orders, order by order.
//!
//! Only what a list shows of a folded order is kept; the rest is folded again when somebody opens it. What touches one order
//! folds that order at once. What touches all of them (other rules, other stock) is done in slices that the host asks for, so
//! that a long outbox never holds up a page; until then a list shows an order as it was folded before. An order whose log is not
//! in memory waits until the host has read it ([`Replica::wanted_logs`]).

use uuid::Uuid;

use super::{OutboxRecord, Replica, Row, orders::Folded};
use crate::{
    issue::{Issue, Refusal},
    order::{Event, EventRecord, Order, OrderLog},
};

/// Orders that are folded again in one slice.
const SLICE: usize = 50;

/// An order as the user sees it.
pub(super) struct Opened {
    pub log: OrderLog,
    pub order: Order,
}

impl Replica {
    /// The order as the user sees it, if it is here.
    ///
    /// # Errors
    ///
    /// `order_loading` if its log has to be read first; `store_corrupt` if its bytes cannot be read.
    pub(super) fn open(&self, id: Uuid) -> Result<Option<Opened>, Refusal> {
        if self.waits(id)
            && let Some(opened) = self.fold(id, |_, _| ())
        {
            return Ok(Some(opened));
        }
        let Some(log) = self.log(id)? else { return Ok(None) };
        let order = log.checked_order()?;
        if let Some(entry) = order.broken_entry {
            let mut tampered = self.tampered.borrow_mut();
            tampered.retain(|(known, _)| *known != id);
            tampered.push((id, entry));
        }
        Ok(Some(Opened { log, order }))
    }

    /// The commands of an order, by their counters: those that wait and those that are refused.
    pub(super) fn records_of(&self, id: Uuid) -> impl Iterator<Item = &OutboxRecord> {
        self.orders.commands(id).iter().filter_map(|n| self.outbox.get(*n))
    }

    /// Whether something of an order waits to be sent.
    pub(super) fn waits(&self, id: Uuid) -> bool {
        self.records_of(id).any(|record| record.verdict.is_none())
    }

    /// Folds every order that waits again, in slices: the first one now.
    pub(super) fn refold_all(&mut self) {
        self.stale = self.orders.unconfirmed().collect();
        self.unread.clear();
        self.fold_more();
    }

    /// Folds another slice, and says whether it did: to be asked until it says no.
    pub fn fold_more(&mut self) -> bool {
        let slice = self.stale.split_off(self.stale.len().saturating_sub(SLICE));
        for id in &slice {
            self.refold(*id);
        }
        !slice.is_empty()
    }

    /// Folds orders again that something touched, each once.
    pub(super) fn refold_each(&mut self, mut touched: Vec<Uuid>) {
        touched.sort_unstable();
        touched.dedup();
        for order in touched {
            self.refold(order);
        }
    }

    /// Folds the waiting commands of one order again, now or when its log was read.
    pub(super) fn refold(&mut self, id: Uuid) {
        if self.waits(id) && self.log_key(id).is_some() {
            self.unread.push(id);
            return;
        }
        let mut doubts: Vec<(u64, Vec<Issue>)> = Vec::new();
        let opened = match self.waits(id) {
            true => self.fold(id, |n, issues| doubts.push((n, issues))),
            false => None,
        };
        for (n, issues) in doubts {
            self.outbox.set_doubts(n, issues);
        }
        let row = opened.as_ref().and_then(|opened| Row::of(&opened.order).ok());
        let needs = match &opened {
            Some(Opened { order, .. }) if self.orders.confirmed(id).is_none() => {
                order.stock_needs(&self.rules.ruleset().inventory)
            }
            _ => Vec::new(),
        };
        self.orders.fold(id, row.map(|row| Folded { row, needs }));
    }

    /// The order with its waiting commands; tells for each of them what the rules now have against it here.
    fn fold(&self, id: Uuid, mut tell: impl FnMut(u64, Vec<Issue>)) -> Option<Opened> {
        let mut log = self.log(id).ok()?.unwrap_or_else(|| OrderLog::new(id));
        let mut order = if log.events.is_empty() { None } else { log.checked_order().ok() };
        for record in self.records_of(id).filter(|record| record.verdict.is_none()) {
            let events = self.decide_again(order.as_ref(), record);
            let (events, doubts) = match events {
                Ok(events) => (events, Vec::new()),
                Err(refusal) => {
                    let shown = record.shown.iter().filter(|_| order.is_none()).cloned().collect();
                    (shown, refusal.issues)
                }
            };
            tell(record.n, doubts);
            for event in events {
                let happened = EventRecord {
                    at_ms: record.command.at_ms,
                    asked_ms: None,
                    by: self.position.actor.clone(),
                    command: Some(record.command.id),
                    event,
                };
                match &mut order {
                    Some(order) => order.apply(&happened).ok()?,
                    None => order = Order::begin(id, &happened),
                }
                // Without a link: only what the server confirmed is sealed.
                log.events.push(happened);
            }
        }
        Some(Opened { log, order: order? })
    }

    fn decide_again(
        &self,
        order: Option<&Order>,
        record: &OutboxRecord,
    ) -> Result<Vec<Event>, Refusal> {
        let command = record.command.command()?;
        self.decide_on(order, &record.command, &command, None)
    }
}
