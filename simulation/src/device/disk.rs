//! The storage of a browser: transactions that are whole or not at all, and that a power cut may take back.

use std::{collections::BTreeMap, rc::Rc};

use orderkit::{
    client::{Client, Progress, Writes},
    replica::OutboxRecord,
};

/// What is stored, as a browser keeps it in four stores.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub progress: Option<Rc<Progress>>,
    pub ruleset: Option<Rc<str>>,
    pub outbox: BTreeMap<u64, Rc<OutboxRecord>>,
    /// Pages of rows, and pieces of logs.
    pub rows: BTreeMap<u64, Rc<[u8]>>,
    pub logs: BTreeMap<u64, Rc<[u8]>>,
}

/// Why a transaction did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// There is no room; asking again does not help.
    Full,
    /// The connection was lost; it works again with a new one.
    Lost,
    /// The browser ended before the transaction did.
    EndedBefore,
    /// The browser ended just after the transaction did: nobody was told.
    EndedAfter,
}

/// The storage of one device. All pages on it share it.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    seen: Rc<Stored>,
    /// What a power cut leaves: everything up to the last strict transaction.
    flushed: Rc<Stored>,
    /// What becomes of the next transactions.
    pub faults: Vec<DiskFault>,
    /// After so many pieces the next reading breaks off, once.
    pub breaks_after: Option<u32>,
}

impl Disk {
    /// What transactions see.
    pub fn stored(&self) -> Rc<Stored> {
        Rc::clone(&self.seen)
    }

    /// Nothing goes wrong from here on.
    pub fn heal(&mut self) {
        self.faults.clear();
        self.breaks_after = None;
    }

    /// Whether the connection is lost before the next piece is read.
    pub fn breaks_off(&mut self) -> bool {
        let left = self.breaks_after;
        self.breaks_after = left.and_then(|left| left.checked_sub(1));
        left == Some(0)
    }

    /// Carries out the writes of a transaction.
    pub fn commit(&mut self, writes: &Writes, client: &Client) -> Result<(), DiskFault> {
        let fault = self.faults.pop();
        if let Some(fault) = fault
            && fault != DiskFault::EndedAfter
        {
            return Err(fault);
        }
        apply(Rc::make_mut(&mut self.seen), writes, client);
        if writes.strict {
            self.flushed = Rc::clone(&self.seen);
        }
        fault.map_or(Ok(()), Err)
    }

    /// The power went: what was not flushed is gone.
    pub fn cut_power(&mut self) {
        self.seen = Rc::clone(&self.flushed);
    }

    /// The browser or the user deleted everything.
    pub fn wipe(&mut self) {
        *self = Self::default();
    }

    /// Flips one bit of a stored page or piece, or cuts it short. Says whether there was one.
    pub fn damage(&mut self, choice: usize) -> bool {
        let stored = Rc::make_mut(&mut self.seen);
        let rows = stored.rows.values_mut();
        let mut all: Vec<&mut Rc<[u8]>> = rows.chain(stored.logs.values_mut()).collect();
        if all.is_empty() {
            return false;
        }
        let at = choice % all.len();
        let mut bytes = all[at].to_vec();
        if choice.is_multiple_of(5) {
            bytes.truncate(choice % bytes.len().max(1));
        } else {
            let bit = choice % (bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        *all[at] = bytes.into();
        self.flushed = Rc::clone(&self.seen);
        true
    }
}

/// In the order that [`Writes`] asks for.
fn apply(stored: &mut Stored, writes: &Writes, client: &Client) {
    if writes.clear_pages {
        stored.rows.clear();
        stored.logs.clear();
    }
    if writes.clear_outbox {
        stored.outbox.clear();
    }
    for n in &writes.remove {
        stored.outbox.remove(n);
    }
    for record in &writes.put {
        stored.outbox.insert(record.n, Rc::new(record.clone()));
    }
    let pages = &writes.pages;
    for (table, remove, put) in [
        (&mut stored.rows, &pages.remove_rows, &pages.put_rows),
        (&mut stored.logs, &pages.remove_logs, &pages.put_logs),
    ] {
        for key in remove {
            table.remove(key);
        }
        for key in put {
            table.insert(*key, client.new_page(*key).into());
        }
    }
    if let Some(ruleset) = &writes.ruleset {
        stored.ruleset = Some(ruleset.get().into());
    }
    stored.progress = Some(Rc::new(writes.progress.clone()));
}
