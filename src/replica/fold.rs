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
            self.tampered.borrow_mut().put(id, entry);
        }
        Ok(Some(Opened { log, order }))
    }

    /// The commands of an order, by their counters: those that wait and those that are refused.
    pub(super) fn records_of(&self, id: Uuid) -> impl Iterator<Item = &OutboxRecord> {
        self.orders.commands(id).iter().filter_map(|n| self.outbox.get(*n))
    }

    /// Whether something of an order waits to be sent.
    pub(super) fn waits(&self, id: Uuid) -> bool {
        self.turn(id).is_some()
    }

    /// The counter of the first waiting command of an order, if one waits: its turn where stock is scarce.
    pub(super) fn turn(&self, id: Uuid) -> Option<u64> {
        self.records_of(id).find(|record| record.verdict.is_none()).map(|record| record.n)
    }

    /// Marks an order to be folded again.
    pub(super) fn mark_stale(&mut self, id: Uuid) {
        self.stale.add((self.turn(id).unwrap_or(0), id), ());
    }

    /// Folds every order that waits again, in slices: the first one now.
    pub(super) fn refold_all(&mut self) {
        let all = self.orders.unconfirmed().collect();
        self.stale.set(self.by_turn(all));
        self.unread.clear();
        self.fold_more();
    }

    /// Folds another slice, and says whether it did: to be asked until it says no.
    pub fn fold_more(&mut self) -> bool {
        let mut has_folded = false;
        for _ in 0..SLICE {
            let Some(id) = self.next_stale() else { break };
            self.refold(id);
            has_folded = true;
        }
        has_folded
    }

    /// The order that was given first of those that have to be folded again: what it takes concerns those behind it.
    fn next_stale(&mut self) -> Option<Uuid> {
        let mut next = self.stale.first().copied();
        let orders = &self.orders;
        self.changed.retain(|sku, turn| {
            let taker = orders.next_taker(sku, *turn);
            next = next.into_iter().chain(taker).min();
            taker.is_some()
        });
        let next = next?;
        self.stale.remove(&next);
        self.pass(next);
        Some(next.1)
    }

    /// What is changed concerns this order no more, for it is folded again by it.
    fn pass(&mut self, order: (u64, Uuid)) {
        let orders = &self.orders;
        self.changed.retain(|sku, behind| {
            if orders.next_taker(sku, *behind) == Some(order) {
                *behind = order.0;
            }
            true
        });
    }

    /// Folds orders again that something touched, each once, and a slice of those that this concerns.
    pub(super) fn refold_each(&mut self, touched: Vec<Uuid>) {
        for (_, order) in self.by_turn(touched) {
            self.refold(order);
        }
        if !self.changed.is_empty() {
            self.fold_more();
        }
    }

    /// Orders by their turns, each once.
    fn by_turn(&self, orders: Vec<Uuid>) -> Vec<(u64, Uuid)> {
        let turns = orders.into_iter().map(|id| (self.turn(id).unwrap_or(0), id));
        let mut turns: Vec<(u64, Uuid)> = turns.collect();
        turns.sort_unstable();
        turns.dedup();
        turns
    }

    /// Folds the waiting commands of one order again, now or when its log was read.
    pub(super) fn refold(&mut self, id: Uuid) {
        let turn = self.turn(id);
        if let Some(turn) = turn
            && self.log_key(id).is_some()
        {
            self.unread.add((turn, id), ());
            return;
        }
        let mut doubts: Vec<(u64, Vec<Issue>)> = Vec::new();
        let opened = match turn {
            Some(_) => self.fold(id, |n, issues| doubts.push((n, issues))),
            None => None,
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
        let folded = row.map(|row| Folded { row, turn: turn.unwrap_or(0), needs });
        let changed = self.orders.fold(id, folded);
        self.pass((turn.unwrap_or(0), id));
        if !changed.is_empty() {
            self.note_changed(changed);
        }
    }

    /// Notes of which scarce products an order takes less or more: that concerns who was given later.
    fn note_changed(&mut self, changed: Vec<(String, u64)>) {
        let stock = self.known.as_ref().map(|known| &known.context.stock);
        for (sku, turn) in changed {
            let is_scarce = stock.is_some_and(|all| all.iter().any(|level| level.sku == sku));
            if let Some(first) = is_scarce.then(|| self.changed.add(sku, turn)).flatten() {
                *first = turn.min(*first);
            }
        }
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
