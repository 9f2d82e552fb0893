//! The storage of a browser: transactions that are whole or not at all, and that a power cut may take back.

use std::{collections::BTreeMap, rc::Rc};

use orderkit::{
    client::{Progress, Writes},
    replica::OutboxRecord,
};

/// What is stored, as a browser keeps it in four stores.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    pub progress: Option<Rc<Progress>>,
    pub ruleset: Option<Rc<str>>,
    pub outbox: BTreeMap<u64, Rc<OutboxRecord>>,
    pub packed: Vec<Rc<[u8]>>,
    pub pages: BTreeMap<u64, Rc<[u8]>>,
    last_key: u64,
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

    /// Carries out the writes of a transaction. `key` of the page that was appended, if one was.
    pub fn commit(&mut self, writes: &Writes, pages: &Pages) -> Result<Option<u64>, DiskFault> {
        let fault = self.faults.pop();
        if let Some(fault) = fault
            && fault != DiskFault::EndedAfter
        {
            return Err(fault);
        }
        let key = apply(Rc::make_mut(&mut self.seen), writes, pages);
        if writes.strict {
            self.flushed = Rc::clone(&self.seen);
        }
        match fault {
            Some(fault) => Err(fault),
            None => Ok(key),
        }
    }

    /// The power went: what was not flushed is gone.
    pub fn cut_power(&mut self) {
        self.seen = Rc::clone(&self.flushed);
    }

    /// The browser or the user deleted everything.
    pub fn wipe(&mut self) {
        *self = Self::default();
    }

    /// Flips one bit of a stored page, or cuts it short. Says whether there was one.
    pub fn damage(&mut self, choice: usize) -> bool {
        let stored = Rc::make_mut(&mut self.seen);
        let packed = stored.packed.iter_mut();
        let mut all: Vec<&mut Rc<[u8]>> = packed.chain(stored.pages.values_mut()).collect();
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

/// The pages that go with writes: binary, and so beside them.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    pub packed: Vec<Rc<[u8]>>,
    pub received: Option<Rc<[u8]>>,
}

/// In the order that [`Writes`] asks for.
fn apply(stored: &mut Stored, writes: &Writes, pages: &Pages) -> Option<u64> {
    if writes.clear_pages {
        stored.packed.clear();
        stored.pages.clear();
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
    for (at, page) in pages.packed.iter().enumerate() {
        stored.packed.truncate(at);
        stored.packed.push(Rc::clone(page));
    }
    let key = pages.received.as_ref().map(|page| {
        // As IndexedDB counts: a key is not given twice, though the pages were deleted.
        stored.last_key += 1;
        stored.pages.insert(stored.last_key, Rc::clone(page));
        stored.last_key
    });
    if let Some(ruleset) = &writes.ruleset {
        stored.ruleset = Some(ruleset.get().into());
    }
    stored.progress = Some(Rc::new(writes.progress.clone()));
    key
}
