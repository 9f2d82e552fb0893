//! The confirmed orders as they are stored: pages of rows, read when a copy is opened, and pieces of logs, read when somebody
//! opens an order.

use serde::Serialize;
use uuid::Uuid;

use super::{
    Replica, Row,
    orders::{Confirmed, Held},
    packed::{
        corrupt,
        logs::LogWriter,
        rows::{self, Entry, RowPage, RowWriter},
    },
    row::Stamp,
};
use crate::{
    issue::Issue,
    json::{self, ToJson},
    order::OrderLog,
};

/// Which pages of rows and pieces of logs to delete and to put. Keys are counted up and never used twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct PageWrites {
    /// Delete these pages of rows, …
    pub remove_rows: Vec<u64>,
    /// … and these pieces of logs.
    pub remove_logs: Vec<u64>,
    /// Put these pages of rows, …
    pub put_rows: Vec<u64>,
    /// … and these pieces of logs: see [`Replica::new_page`].
    pub put_logs: Vec<u64>,
    /// The key of the page after these.
    pub next_key: u64,
}

/// Pages that are about to be stored.
#[derive(Debug, Default)]
pub(super) struct NewPages {
    pub rows: Option<(u64, Vec<u8>)>,
    pub logs: Vec<(u64, Vec<u8>)>,
    pub remove_rows: Vec<u64>,
    pub remove_logs: Vec<u64>,
}

impl NewPages {
    /// Gives pieces their keys.
    pub(super) fn keyed(first_key: u64, pieces: Vec<Vec<u8>>) -> Vec<(u64, Vec<u8>)> {
        (first_key..).zip(pieces).collect()
    }

    /// A page of rows behind the pieces of logs, with the list of pieces that it speaks of.
    pub(super) fn of(
        first_key: u64,
        logs: Vec<(u64, Vec<u8>)>,
        rows: RowWriter,
        list: &[(u64, u32)],
    ) -> Result<Self, Issue> {
        let key = logs.last().map_or(first_key, |(last, _)| last.saturating_add(1));
        let rows = if rows.is_empty() { None } else { Some((key, rows.finish(list)?)) };
        Ok(Self { rows, logs, ..Self::default() })
    }

    pub(super) fn writes(&self, first_key: u64) -> PageWrites {
        let put_rows: Vec<u64> = self.rows.iter().map(|(key, _)| *key).collect();
        let put_logs: Vec<u64> = self.logs.iter().map(|(key, _)| *key).collect();
        let last = put_rows.iter().chain(&put_logs).max();
        PageWrites {
            remove_rows: self.remove_rows.clone(),
            remove_logs: self.remove_logs.clone(),
            next_key: last.map_or(first_key, |last| last.saturating_add(1)),
            put_rows,
            put_logs,
        }
    }
}

/// Writes orders with their logs.
#[derive(Debug, Default)]
pub(super) struct PageWriter {
    rows: RowWriter,
    logs: LogWriter,
}

impl PageWriter {
    pub(super) fn order(&mut self, stamp: Stamp, row: &Row, log: &[u8]) -> Result<(), Issue> {
        let written = self.logs.log(log)?;
        self.rows.order(stamp, row, [written.piece, written.start, written.end])
    }

    pub(super) fn gone(&mut self, id: Uuid, seq: u64) -> Result<(), Issue> {
        self.rows.gone(id, seq)
    }

    /// The pages, with keys from this one on.
    pub(super) fn finish(self, first_key: u64) -> Result<NewPages, Issue> {
        let logs = NewPages::keyed(first_key, self.logs.finish());
        let list = logs.iter().map(|(key, piece)| Ok((*key, length(piece)?)));
        let list = list.collect::<Result<Vec<_>, Issue>>()?;
        NewPages::of(first_key, logs, self.rows, &list)
    }
}

/// How many bytes a piece has.
pub(super) fn length(piece: &[u8]) -> Result<u32, Issue> {
    u32::try_from(piece.len()).map_err(|_| corrupt())
}

impl Replica {
    /// Loads a page of rows that was stored under a key.
    ///
    /// # Errors
    ///
    /// `store_corrupt`; then [`Replica::reset`] and a pull from the start bring everything back.
    pub fn load_rows(&mut self, key: u64, page: &[u8]) -> Result<(), Issue> {
        let touched = self.take_rows(key, page)?;
        self.refold_each(touched);
        Ok(())
    }

    /// Loads a piece of logs that was stored under a key.
    ///
    /// # Errors
    ///
    /// `store_corrupt`; then [`Replica::reset`] and a pull from the start bring everything back.
    pub fn load_logs(&mut self, key: u64, piece: Vec<u8>) -> Result<(), Issue> {
        self.logs.insert(key, piece)?;
        self.unread.move_to(&mut self.stale);
        Ok(())
    }

    /// The key of the piece of logs that has to be read before an order can be opened; nothing if it is in memory.
    pub fn log_key(&self, id: Uuid) -> Option<u64> {
        let key = self.orders.confirmed(id)?.log.key;
        (!self.logs.has(key)).then_some(key)
    }

    /// Pieces of logs that have to be read before what waits can be folded, at most so many.
    pub fn wanted_logs(&self, most: usize) -> Vec<u64> {
        let mut wanted: Vec<u64> = Vec::new();
        for key in self.unread.iter().filter_map(|((_, id), ())| self.log_key(*id)) {
            if wanted.len() == most {
                break;
            }
            if !wanted.contains(&key) {
                wanted.push(key);
            }
        }
        wanted
    }

    /// The bytes of a page or a piece that is to be put.
    pub fn new_page(&self, key: u64) -> Option<&[u8]> {
        let mut all = self.new_pages.rows.iter().chain(&self.new_pages.logs);
        all.find(|(known, _)| *known == key).map(|(_, bytes)| bytes.as_slice())
    }

    /// Takes over pages that are stored, and gives the orders that have to be folded again.
    pub(super) fn take_pages(&mut self, new: NewPages) -> Result<Vec<Uuid>, Issue> {
        for (key, piece) in new.logs {
            self.logs.insert(key, piece)?;
        }
        let touched = match new.rows {
            Some((key, page)) => self.take_rows(key, &page)?,
            None => Vec::new(),
        };
        self.stored.remove(&new.remove_rows, &new.remove_logs);
        for piece in new.remove_logs {
            self.logs.remove(piece);
        }
        Ok(touched)
    }

    fn take_rows(&mut self, key: u64, page: &[u8]) -> Result<Vec<Uuid>, Issue> {
        let mut touched = Vec::new();
        let RowPage { pieces, entries } = rows::read(page)?;
        self.stored.add(key, &pieces);
        for entry in entries {
            let (id, seq) = match &entry {
                Entry::Order { stamp, row, .. } => (row.id, stamp.seq),
                Entry::Gone { id, seq } => (*id, *seq),
            };
            let held = self.orders.get(id);
            let known = held.and_then(Held::known);
            let is_gone = held.is_some_and(|held| held.gone.is_some());
            if held.is_some_and(|held| !held.commands.is_empty()) && self.waits(id) {
                touched.push(id);
            }
            // Two pages may have asked for the same changes, and a page that is packed says again what others said.
            if known.is_some_and(|known| known > (seq, key)) {
                continue;
            }
            match entry {
                Entry::Order { stamp, row, log } => {
                    if is_gone {
                        self.set_gone(id, None);
                    }
                    self.confirm(id, Some(Confirmed { stamp, row, page: key, log }));
                }
                Entry::Gone { .. } => {
                    self.confirm(id, None);
                    self.set_gone(id, Some((seq, key)));
                }
            }
        }
        Ok(touched)
    }

    fn confirm(&mut self, id: Uuid, confirmed: Option<Confirmed>) {
        if let Some(new) = &confirmed {
            self.stored.hold(new.page, Some(&new.log));
        }
        let stamp = confirmed.as_ref().map(|confirmed| confirmed.stamp);
        if let Some(old) = self.orders.confirm(id, confirmed) {
            self.stored.release(old.page, Some(&old.log));
            if stamp != Some(old.stamp) {
                self.tampered.get_mut().remove(&id);
            }
        }
    }

    fn set_gone(&mut self, id: Uuid, gone: Option<(u64, u64)>) {
        if let Some((_, page)) = gone {
            self.stored.hold(page, None);
        }
        if let Some((_, page)) = self.orders.set_gone(id, gone) {
            self.stored.release(page, None);
        }
    }

    /// The log of a confirmed order.
    pub(super) fn log(&self, id: Uuid) -> Result<Option<OrderLog>, Issue> {
        let Some(confirmed) = self.orders.confirmed(id) else { return Ok(None) };
        let log: OrderLog = json::read(self.logs.get(&confirmed.log)?).map_err(|_| corrupt())?;
        if log.id == id { Ok(Some(log)) } else { Err(corrupt()) }
    }
}
