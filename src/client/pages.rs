//! The confirmed orders as they are stored: dropped when they are wrong, packed when they lie in many pieces, read when
//! somebody needs them.

use uuid::Uuid;

use super::{Client, Effect, PROGRESS_FORMAT, Progress, Writes};
use crate::{issue::Refusal, order::Actor, replica::Position};

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
            format: PROGRESS_FORMAT,
            position: Position { actor, since: None, ..known.position.clone() },
            pages_stamp: known.pages_stamp.saturating_add(1),
            damaged_ms: damaged_ms.or(known.damaged_ms),
            ..known.clone()
        };
        let writes = Writes { clear_pages: true, ..Writes::of(progress) };
        self.propose(Effect::DropConfirmed, &writes);
        writes
    }

    /// The pieces of logs to read before a command on an order is decided, or the order is opened; nothing if all is in memory.
    pub fn logs_of(&self, order: Uuid) -> Vec<u64> {
        self.replica.log_key(order).into_iter().collect()
    }

    /// Loads a piece of logs that was read; nothing if there is none under its key. Says whether it is good: if not,
    /// [`Client::caught_up`] says what to do.
    pub fn load_logs(&mut self, key: u64, piece: Option<Vec<u8>>) -> bool {
        let is_good = piece.is_some_and(|piece| self.replica.load_logs(key, piece).is_ok());
        self.is_damaged |= !is_good;
        is_good
    }

    /// Takes the next step to fewer and fuller pages; nothing if none is worth it. The pieces of logs named by
    /// [`crate::replica::Replica::logs_to_pack`] are loaded before, or they stay as they are.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if a log in memory is not where it should be.
    pub fn pack(&mut self) -> Result<Option<Writes>, Refusal> {
        let Some(pages) = self.replica.pack(self.progress.next_key)? else { return Ok(None) };
        let known = &self.progress;
        let progress = Progress {
            answers_stamp: known.answers_stamp.saturating_add(1),
            next_key: pages.next_key,
            ..known.clone()
        };
        let writes = Writes { pages, ..Writes::of(progress) };
        self.propose(Effect::Pack, &writes);
        Ok(Some(writes))
    }

    /// The bytes of a page of rows or a piece of logs to put.
    pub fn new_page(&self, key: u64) -> &[u8] {
        self.replica.new_page(key).unwrap_or_default()
    }
}
