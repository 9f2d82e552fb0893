//! Keeping memory in step with a store that other pages write to as well.

use serde::Serialize;
use uuid::Uuid;

use super::{Client, Effect, PROGRESS_FORMAT, Progress, Writes};
use crate::{
    issue::Refusal,
    json::{self, ToJson},
    replica::OutboxRecord,
    ruleset::Rules,
};

/// What of the memory is older than what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub enum Stale {
    /// Nothing.
    Nothing,
    /// The commands.
    Outbox,
    /// Pages came or were packed, and commands changed.
    Appended,
    /// All pages were deleted, or the copy has another name: everything has to be read.
    Everything,
}

/// What is to be mended after reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub enum Mending {
    /// Nothing.
    Nothing,
    /// Pages that could not be read.
    Pages,
    /// Commands that the store lost.
    Commands,
}

/// What to read next, in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// What of the memory is older than what is stored.
    pub stale: Stale,
    /// Read the pages of rows with keys above this one.
    pub after_page: u64,
    /// Read the commands up to this counter, which are decided, …
    pub commands_upto: u64,
    /// … and from this one on, which are new. Those between are in memory as they are stored.
    pub commands_from: u64,
}

impl Client {
    /// What to read before anything is decided on what is stored.
    pub fn stale(&self, stored: &Progress) -> Reading {
        let stale = self.compare(stored);
        let (commands_upto, commands_from) = match stale {
            Stale::Everything => (0, 0),
            // What waits is only ever taken away from the front, or else the copy gets another name.
            _ => (stored.position.ack, self.progress.next_n),
        };
        let after_page = if stale == Stale::Everything { 0 } else { self.last_page };
        Reading { stale, after_page, commands_upto, commands_from }
    }

    fn compare(&self, stored: &Progress) -> Stale {
        let known = &self.progress;
        let is_other = !self.is_loaded
            || stored.pages_stamp != known.pages_stamp
            || stored.position.client != known.position.client;
        if is_other {
            Stale::Everything
        } else if stored.answers_stamp != known.answers_stamp {
            Stale::Appended
        } else if stored.outbox_stamp != known.outbox_stamp {
            Stale::Outbox
        } else {
            Stale::Nothing
        }
    }

    /// Empties the memory, to be loaded with everything that is stored.
    pub fn restart(&mut self, progress: Progress) {
        if progress.created_ms != self.progress.created_ms {
            // Not another name of the same store but another store. What was not sent yet is nowhere else, also if only a part of
            // it was read, and what was put aside is sent once more, to be put aside again.
            self.orphans.extend(self.replica.outbox().cloned());
        }
        // Written by an earlier version, in a form that is read no more: to be fetched again.
        self.is_damaged = progress.format < PROGRESS_FORMAT;
        // Until everything is read, memory is not what is stored: a reading that breaks off has to begin again.
        self.is_loaded = false;
        self.replica.restart(progress.position.clone());
        if let Some(known) = progress.known() {
            self.replica.set_known(known);
        }
        self.progress = progress;
        self.last_page = 0;
        self.proposed = None;
    }

    /// Takes over the stored rules; those that this version cannot read are left alone, for the server brings them again in a
    /// form that it can. Says whether it took them.
    pub fn load_rules(&mut self, text: &[u8]) -> bool {
        let Ok(rules) = Rules::from_json(text) else { return false };
        if rules.digest() != self.replica.rules().digest() {
            self.replica.set_rules(rules);
        }
        true
    }

    /// Loads a page of rows, in the order of their keys.
    pub fn load_rows(&mut self, key: u64, page: &[u8]) {
        self.last_page = self.last_page.max(key);
        // Confirmed orders can be fetched again; what the user entered cannot, and stays.
        self.is_damaged |= self.replica.load_rows(key, page).is_err();
    }

    /// Forgets the commands that are to be read, up to a counter and from another one on.
    pub fn forget_commands(&mut self, upto: u64, from: u64) {
        self.replica.forget_records(upto, from);
    }

    /// Loads some of the commands, as JSON, and folds them.
    ///
    /// # Errors
    ///
    /// The issue of the reader, if these are no commands.
    pub fn load_records(&mut self, records: &[u8]) -> Result<(), Refusal> {
        let records: Vec<OutboxRecord> = json::read(records)?;
        self.add_records(records);
        Ok(())
    }

    /// Loads some of the commands, and folds them.
    pub fn add_records(&mut self, records: Vec<OutboxRecord>) {
        self.replica.add_records(records);
    }

    /// Ends the reading: from here on, memory is what is stored at this progress. Says what has to be mended first, with
    /// [`Client::mend`].
    pub fn caught_up(&mut self, progress: Progress) -> Mending {
        if text(&progress) != text(&self.progress)
            && let Some(known) = progress.known()
        {
            self.replica.set_known(known);
        }
        self.replica.set_position(progress.position.clone());
        self.progress = progress;
        self.is_loaded = true;
        self.replica.fold_more();
        if self.is_damaged {
            Mending::Pages
        } else if self.orphans.is_empty() {
            Mending::Nothing
        } else {
            Mending::Commands
        }
    }

    /// What to write after [`Client::caught_up`] found something to mend.
    pub fn mend(&mut self, now_ms: i64) -> Writes {
        if self.is_damaged {
            // Confirmed orders can be fetched again. After a new version that is no damage.
            let is_new_version = self.progress.format < PROGRESS_FORMAT;
            return self.drop_confirmed((!is_new_version).then_some(now_ms));
        }
        let orphans = core::mem::take(&mut self.orphans);
        let (progress, records) =
            self.behind(orphans.iter().map(|it| (it.command.clone(), it.shown.clone())));
        self.orphans = orphans;
        let ids: Vec<Uuid> = records.iter().map(|record| record.command.id).collect();
        // The others came in another way.
        self.orphans.retain(|orphan| ids.contains(&orphan.command.id));
        let writes = Writes { put: records.clone(), ..Writes::strictly(progress) };
        self.propose(Effect::Append(records), &writes);
        writes
    }
}

fn text(progress: &Progress) -> Option<&str> {
    progress.known.as_ref().map(|known| known.get())
}
