//! The confirmed orders as they are stored: dropped when they are wrong, packed when they lie in many pieces.

use super::{Client, Effect, Progress, Writes};
use crate::{issue::Refusal, order::Actor, replica::Position};

/// Orders in a page that is packed for good.
const ORDERS_PER_PAGE: usize = 1_000;
/// More pages than this take long to read.
const MAX_PAGES: usize = 200;
/// Less than this is not worth the writing.
const MIN_BYTES: usize = 256 * 1024;

impl Client {
    /// Drops all confirmed orders; the next pull brings them again. What the user entered stays. `damaged_ms` says since when
    /// they are missing, if they could not be read.
    pub fn drop_confirmed(&mut self, damaged_ms: Option<i64>) -> Writes {
        let actor = self.progress.position.actor.clone();
        self.without_confirmed(damaged_ms, actor)
    }

    /// Goes on in another role of the same user, who may see other orders now. What was not sent stays. Nothing if it is the same.
    pub fn act_as(&mut self, actor: Actor) -> Option<Writes> {
        if self.progress.position.actor == actor {
            return None;
        }
        Some(self.without_confirmed(None, actor))
    }

    fn without_confirmed(&mut self, damaged_ms: Option<i64>, actor: Actor) -> Writes {
        let known = &self.progress;
        let progress = Progress {
            position: Position { actor, since: None, ..known.position.clone() },
            pages_stamp: known.pages_stamp.saturating_add(1),
            damaged_ms: damaged_ms.or(known.damaged_ms),
            ..known.clone()
        };
        let writes = Writes { clear_pages: true, ..Writes::of(progress) };
        self.propose(Effect::DropConfirmed, &writes);
        writes
    }

    /// Packs the pages of many answers into few, when reading them all would take long.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if a page in memory cannot be read.
    pub fn pack(&mut self) -> Result<Option<Writes>, Refusal> {
        let is_much = self.page_bytes >= MIN_BYTES && self.page_bytes > self.packed_bytes / 5;
        if self.pages <= MAX_PAGES && !is_much {
            return Ok(None);
        }
        let packed_pages = self.replica.repack(ORDERS_PER_PAGE)?;
        let known = &self.progress;
        let progress =
            Progress { pages_stamp: known.pages_stamp.saturating_add(1), ..known.clone() };
        let writes = Writes { clear_pages: true, packed_pages, ..Writes::of(progress) };
        self.propose(Effect::Pack, &writes);
        Ok(Some(writes))
    }

    /// A page that [`Client::pack`] made.
    pub fn packed_page(&self, index: usize) -> Option<&[u8]> {
        self.replica.repacked_page(index)
    }
}
