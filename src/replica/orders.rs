//! The orders of the copy, by id: what the server confirmed, and what the waiting commands make of it.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Row, packed::Place, row::Stamp, taken::Taken};
use crate::{decimal::Decimal, inventory::StockNeed};

/// What is here of one order.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub confirmed: Option<Confirmed>,
    /// That it is no longer visible: since when, and in which page that stands.
    pub gone: Option<(u64, u64)>,
    /// With its waiting commands, if it has any.
    pub folded: Option<Box<Folded>>,
    /// The counters of its commands, those that wait and those that are refused.
    pub commands: Vec<u64>,
}

/// A confirmed order: its row, in which page it stands, and where its log stands.
#[derive(Debug)]
pub(super) struct Confirmed {
    pub stamp: Stamp,
    pub row: Row,
    pub page: u64,
    pub log: Place,
}

/// What is kept of an order with waiting commands; the rest is folded again when somebody opens it.
#[derive(Debug)]
pub(super) struct Folded {
    pub row: Row,
    /// The counter of the first of its waiting commands: its turn where stock is scarce.
    pub turn: u64,
    /// What it takes of the stock that the server does not know of.
    pub needs: Vec<StockNeed>,
}

/// All orders, with what can be said of them together.
#[derive(Debug, Default)]
pub(super) struct Orders {
    by_id: BTreeMap<Uuid, Held>,
    confirmed: usize,
    /// The exclusive or of all digests of confirmed orders.
    hash: u64,
    /// How much of each product the orders take that the server does not know of.
    taken: Taken,
}

impl Held {
    /// As the user sees it.
    pub(super) fn row(&self) -> Option<&Row> {
        let folded = self.folded.as_ref().map(|folded| &folded.row);
        folded.or_else(|| self.confirmed.as_ref().map(|confirmed| &confirmed.row))
    }

    /// What is known of it, confirmed or gone: since when, and in which page that stands.
    pub(super) fn known(&self) -> Option<(u64, u64)> {
        let confirmed = self.confirmed.as_ref();
        confirmed.map(|confirmed| (confirmed.stamp.seq, confirmed.page)).or(self.gone)
    }

    fn is_empty(&self) -> bool {
        let is_known = self.confirmed.is_some() || self.gone.is_some();
        !is_known && self.folded.is_none() && self.commands.is_empty()
    }
}

impl Orders {
    pub(super) fn get(&self, id: Uuid) -> Option<&Held> {
        self.by_id.get(&id)
    }

    pub(super) fn confirmed(&self, id: Uuid) -> Option<&Confirmed> {
        self.get(id)?.confirmed.as_ref()
    }

    pub(super) fn folded(&self, id: Uuid) -> Option<&Folded> {
        self.get(id)?.folded.as_deref()
    }

    /// The counters of an order's commands.
    pub(super) fn commands(&self, id: Uuid) -> &[u64] {
        self.get(id).map_or(&[], |held| &held.commands)
    }

    /// Every row once, as the user sees it.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&Held, &Row)> {
        self.by_id.values().filter_map(|held| held.row().map(|row| (held, row)))
    }

    pub(super) fn all_confirmed(&self) -> impl Iterator<Item = (Uuid, &Confirmed)> {
        self.by_id.iter().filter_map(|(id, held)| held.confirmed.as_ref().map(|it| (*id, it)))
    }

    /// How many are confirmed, and the exclusive or of their digests.
    pub(super) fn checksum(&self) -> (usize, u64) {
        (self.confirmed, self.hash)
    }

    /// The orders that something waits for, or that are folded.
    pub(super) fn unconfirmed(&self) -> impl Iterator<Item = Uuid> {
        let waits = |held: &Held| held.folded.is_some() || !held.commands.is_empty();
        self.by_id.iter().filter(move |(_, held)| waits(held)).map(|(id, _)| *id)
    }

    /// The orders that are no longer visible, since when, and in which page that stands.
    pub(super) fn gone(&self) -> impl Iterator<Item = (Uuid, u64, u64)> {
        let gone = |(id, held): (&Uuid, &Held)| held.gone.map(|(seq, page)| (*id, seq, page));
        self.by_id.iter().filter_map(gone)
    }

    /// Notes since when an order is gone, and gives what was noted before.
    pub(super) fn set_gone(&mut self, id: Uuid, gone: Option<(u64, u64)>) -> Option<(u64, u64)> {
        if gone.is_some() {
            return core::mem::replace(&mut self.by_id.entry(id).or_default().gone, gone);
        }
        let before = self.by_id.get_mut(&id).and_then(|held| held.gone.take());
        self.tidy(id);
        before
    }

    /// Takes over what the server says of an order, and gives what it said before.
    pub(super) fn confirm(&mut self, id: Uuid, confirmed: Option<Confirmed>) -> Option<Confirmed> {
        let digest =
            |confirmed: &Option<Confirmed>| confirmed.as_ref().map_or(0, |it| it.stamp.digest);
        let held = self.by_id.entry(id).or_default();
        self.hash ^= digest(&held.confirmed) ^ digest(&confirmed);
        self.confirmed = self
            .confirmed
            .saturating_add(usize::from(confirmed.is_some()))
            .saturating_sub(usize::from(held.confirmed.is_some()));
        let is_here = confirmed.is_some();
        let before = core::mem::replace(&mut held.confirmed, confirmed);
        // Most of what is read is here for the first time: it is looked up once.
        if !is_here {
            self.tidy(id);
        }
        before
    }

    /// Drops all confirmed orders.
    pub(super) fn clear_confirmed(&mut self) {
        self.by_id.retain(|_, held| {
            held.confirmed = None;
            held.gone = None;
            !held.is_empty()
        });
        self.confirmed = 0;
        self.hash = 0;
    }

    /// Takes over how an order is folded now, if something of it waits. Gives the products of which it now takes less or more,
    /// or in another turn, and the turn behind which others are concerned.
    pub(super) fn fold(&mut self, id: Uuid, folded: Option<Folded>) -> Vec<(String, u64)> {
        let held = self.by_id.entry(id).or_default();
        let old = core::mem::replace(&mut held.folded, folded.map(Box::new));
        let of = |folded: &Option<Box<Folded>>| {
            folded.as_ref().map_or((0, Vec::new()), |it| (it.turn, it.needs.clone()))
        };
        let ((before, old), (now, new)) = (of(&old), of(&held.folded));
        self.tidy(id);
        if (before, &old) == (now, &new) {
            return Vec::new();
        }
        self.taken.remove(id, before, &old);
        self.taken.add(id, now, &new);
        let old = old.into_iter().map(|need| (need.sku, before));
        old.chain(new.into_iter().map(|need| (need.sku, now))).collect()
    }

    pub(super) fn add_command(&mut self, id: Uuid, n: u64) {
        let commands = &mut self.by_id.entry(id).or_default().commands;
        let at = commands.partition_point(|known| *known < n);
        commands.insert(at, n);
    }

    pub(super) fn remove_command(&mut self, id: Uuid, n: u64) {
        if let Some(held) = self.by_id.get_mut(&id) {
            held.commands.retain(|known| *known != n);
        }
        self.tidy(id);
    }

    fn tidy(&mut self, id: Uuid) {
        if self.by_id.get(&id).is_some_and(Held::is_empty) {
            self.by_id.remove(&id);
        }
    }

    /// How much of a product orders take that the server does not know of and that were given before a turn, without one of them.
    pub(super) fn taken(&self, sku: &str, turn: u64, without: Option<Uuid>) -> Decimal {
        let all = self.taken.before(sku, turn);
        let own = without.and_then(|id| self.folded(id)).filter(|folded| folded.turn < turn);
        let own = own.and_then(|folded| folded.needs.iter().find(|need| need.sku == sku));
        all.checked_sub(own.map_or(Decimal::ZERO, |need| need.open)).unwrap_or_default()
    }

    /// The first order behind a turn that takes of a product.
    pub(super) fn next_taker(&self, sku: &str, turn: u64) -> Option<(u64, Uuid)> {
        self.taken.after(sku, turn)
    }
}
