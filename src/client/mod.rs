//! A client: what it keeps in its store, and what it says to the server. No input or output here.
//!
//! A client is one copy of the orders on one device. Several pages may work on the same store, so
//! every change is made in one transaction of the store, in three steps that the host carries out:
//!
//! 1. It reads the record of progress and asks [`Client::stale`] what else to read, for another page
//!    may have written since; then the memory is what the store is.
//! 2. It asks for a change ([`Client::append`], [`Client::receive`], …) and gets [`Writes`], or a
//!    refusal. Nothing has changed yet.
//! 3. It writes, and says how that ended: [`Client::settle`] or [`Client::abandon`]. Only what is
//!    stored is taken over into memory.
//!
//! What to do after each answer of the server is a [`Step`].

use serde::Serialize;
use uuid::Uuid;

use crate::{
    issue::{Code, Issue, Refusal},
    json::ToJson,
    order::Actor,
    replica::{OutboxRecord, Replica, protocol::Since},
    ruleset::Rules,
};

mod append;
mod catch_up;
mod exchange;
mod pages;
mod progress;
mod receive;
mod rename;
mod unsent;
mod writes;

pub use crate::replica::AppendInputs;
pub use append::{Appended, Saved};
pub use catch_up::{Mending, Reading, Stale};
pub use exchange::{Outcome, Response, Retry, Step, backoff};
pub use progress::{PROGRESS_FORMAT, Progress};
pub use receive::Received;
pub use unsent::{Imported, Unsent};
pub use writes::Writes;

use exchange::Exchange;

/// One copy of the orders: the memory, and how it stands to what is stored.
#[derive(Debug)]
pub struct Client {
    replica: Replica,
    progress: Progress,
    /// The key of the last page of rows that is in memory.
    last_page: u64,
    /// Whether anything was loaded yet.
    is_loaded: bool,
    /// Whether stored pages or logs could not be read.
    is_damaged: bool,
    /// Where the request stood that is on its way.
    asked: Option<(Uuid, Option<Since>)>,
    /// The first command of the last request.
    sent: Option<Uuid>,
    /// The last command that was to be appended.
    tried: Option<Uuid>,
    /// Commands of a store that was deleted and made anew by another page: they are only here.
    orphans: Vec<OutboxRecord>,
    proposed: Option<Proposed>,
    exchange: Exchange,
}

/// A change that waits to be stored.
#[derive(Debug)]
struct Proposed {
    effect: Effect,
    progress: Progress,
    /// The page of rows that is put.
    page: Option<u64>,
}

#[derive(Debug)]
enum Effect {
    Append(Vec<OutboxRecord>),
    Dismiss(u64),
    Receive,
    Outbox(Vec<OutboxRecord>),
    Rebuild(Vec<OutboxRecord>),
    DropConfirmed,
    Pack,
}

/// How a change ended that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    /// Whether the orders are what the server says they must be. If not, they have to be dropped with
    /// [`Client::drop_confirmed`] and pulled again.
    pub agrees: bool,
}

impl Client {
    /// A copy by the rules and the progress that are stored. Its pages and commands are loaded next.
    pub fn open(rules: Rules, progress: Progress) -> Self {
        let mut replica = Replica::new(rules, progress.position.clone());
        if let Some(known) = progress.known() {
            replica.set_known(known);
        }
        Self {
            replica,
            progress,
            last_page: 0,
            is_loaded: false,
            is_damaged: false,
            asked: None,
            sent: None,
            tried: None,
            orphans: Vec::new(),
            proposed: None,
            exchange: Exchange::new(Retry::default()),
        }
    }

    /// A copy of a user that is not stored yet, and what to store of it.
    pub fn begin(rules: Rules, client: Uuid, actor: Actor, now_ms: i64) -> (Self, Writes) {
        let progress = Progress::first(client, actor, now_ms);
        let client = Self { is_loaded: true, ..Self::open(rules, progress.clone()) };
        (client, Writes::strictly(progress))
    }

    /// The orders as the user sees them.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// The orders, to be told what the device and its user know.
    pub fn replica_mut(&mut self) -> &mut Replica {
        &mut self.replica
    }

    /// How far the copy has come, as it is stored.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Commands of a store that was deleted: only here, until [`Client::mend`] is written.
    pub fn orphans(&self) -> &[OutboxRecord] {
        &self.orphans
    }

    /// Folds another slice of what has to be folded again after other rules or other stock came, and says whether it did.
    /// To be asked for between other work, until nothing is folded any more.
    pub fn fold_more(&mut self) -> bool {
        self.replica.fold_more()
    }

    fn propose(&mut self, effect: Effect, writes: &Writes) {
        let page = writes.pages.put_rows.last().copied();
        self.proposed = Some(Proposed { effect, progress: writes.progress.clone(), page });
    }

    /// Takes the proposed change over, now that it is stored.
    ///
    /// # Errors
    ///
    /// `internal_error` if nothing was proposed; `store_corrupt` if a page cannot be read, which cannot happen.
    pub fn settle(&mut self) -> Result<Settled, Refusal> {
        let Some(Proposed { effect, progress, page }) = self.proposed.take() else {
            return Err(Issue::new(Code::InternalError, "").into());
        };
        self.progress = progress;
        let mut agrees = true;
        match effect {
            Effect::Append(records) => {
                self.orphans.retain(|orphan| {
                    records.iter().all(|record| record.command.id != orphan.command.id)
                });
                for record in records {
                    self.replica.commit(record);
                }
            }
            Effect::Dismiss(n) => self.replica.dismiss(n)?,
            Effect::Receive => agrees = self.replica.settle()?,
            Effect::Outbox(records) => self.replica.load_outbox(records),
            Effect::Rebuild(records) => {
                self.last_page = 0;
                self.is_damaged = false;
                self.replica.reset();
                self.replica.load_outbox(records);
            }
            Effect::DropConfirmed => {
                self.replica.reset();
                self.is_damaged = false;
            }
            Effect::Pack => self.replica.settle_pack()?,
        }
        self.last_page = page.unwrap_or(self.last_page);
        self.replica.set_position(self.progress.position.clone());
        Ok(Settled { agrees })
    }

    /// Forgets the proposed change, which could not be stored.
    pub fn abandon(&mut self) {
        self.proposed = None;
        self.replica.abandon();
    }
}
