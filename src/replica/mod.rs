//! The copy of the orders that a client holds, and how it stays true. No input or output here.
//!
//! What the server confirmed is kept packed; what the user asked for and the server has not yet
//! decided is a list of commands, the outbox. What the user sees is the fold of both: every pull
//! replaces confirmed orders and folds the outbox again, so nothing optimistic is ever stored.
//!
//! Writing happens outside. Each change comes in two steps: the replica proposes what to store, and
//! takes it over only when told that it is stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    inventory::StockLease,
    issue::{Issue, Refusal},
    json::{FromJson, ToJson},
    numbering::Span,
    order::{Actor, OrderLog},
    ruleset::Rules,
};

mod edit;
mod inbox;
mod list;
mod look_alike;
mod outbox;
mod packed;
pub mod protocol;
mod receive;
mod row;
mod stock;
mod view;

pub use crate::numbering::Series;
pub use edit::EditRequest;
pub use inbox::InboxEntry;
pub use list::{Listing, NumberSuggestion, Query};
pub use outbox::{AppendInputs, OutboxRecord, Proposal};
pub use protocol::order_digest;
pub use receive::Effects;
pub use row::{LocalName, Row};
pub use view::{OrderView, PendingCommand};

use packed::Entry;
use protocol::{Known, Since};
use receive::Received;
use view::Folded;

/// Who holds the copy, and up to where it has come. Stored by the client beside the orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Position {
    /// The id of this copy.
    pub client: Uuid,
    /// The user it belongs to.
    pub actor: Actor,
    /// The code that the server gave to this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The blocks of serials that the server leased to this device and that it may still use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leases: Vec<Span>,
    /// What this device may sell of the stock without a network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stock: Vec<StockLease>,
    /// Up to where changes have been seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// The highest `n` whose verdict is stored.
    #[serde(default)]
    pub ack: u64,
}

/// The copy: confirmed orders, the outbox, and the fold of both.
#[derive(Debug)]
pub struct Replica {
    rules: Rules,
    known: Option<Known>,
    position: Position,
    /// Whether the device has no network.
    is_offline: bool,
    pages: Vec<Vec<u8>>,
    confirmed: BTreeMap<Uuid, Confirmed>,
    /// The exclusive or of all order digests.
    hash: u64,
    outbox: BTreeMap<u64, OutboxRecord>,
    /// Orders with commands that are not decided yet, by id.
    #[expect(clippy::vec_box, reason = "an insertion moves pointers and not orders")]
    folded: Vec<Box<Folded>>,
    /// Waiting commands that the rules now refuse here; the server may know better.
    doubtful: Vec<(u64, Refusal)>,
    received: Option<Received>,
    repacked: Vec<Vec<u8>>,
}

/// A confirmed order: its row, and where its log stands.
#[derive(Debug)]
struct Confirmed {
    seq: u64,
    revision: u64,
    digest: u64,
    row: Row,
    page: usize,
    start: usize,
    end: usize,
}

impl Position {
    /// Nothing seen yet.
    pub fn new(client: Uuid, actor: Actor) -> Self {
        Self {
            client,
            actor,
            device: None,
            leases: Vec::new(),
            stock: Vec::new(),
            since: None,
            ack: 0,
        }
    }
}

impl Replica {
    /// An empty copy.
    pub fn new(rules: Rules, position: Position) -> Self {
        Self {
            rules,
            known: None,
            position,
            is_offline: false,
            pages: Vec::new(),
            confirmed: BTreeMap::new(),
            hash: 0,
            outbox: BTreeMap::new(),
            folded: Vec::new(),
            doubtful: Vec::new(),
            received: None,
            repacked: Vec::new(),
        }
    }

    /// The rules it decides by.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Takes over newer rules and folds the outbox by them.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
        self.refold();
    }

    /// Takes over what the server said last of the user, uses and stock, and folds the outbox by it.
    pub fn set_known(&mut self, known: Known) {
        self.known = Some(known);
        self.refold();
    }

    /// Takes over where another page has come to in the same store.
    pub(crate) fn set_position(&mut self, position: Position) {
        self.position = position;
    }

    /// Empties the copy, to be loaded again with all that is stored. The rules stay.
    pub(crate) fn restart(&mut self, position: Position) {
        self.known = None;
        self.outbox.clear();
        self.repacked.clear();
        self.reset();
        self.position = position;
    }

    /// Who holds the copy and up to where it has come.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// The confirmed orders, by id, and how many events each has.
    pub fn confirmed(&self) -> impl Iterator<Item = (Uuid, u64)> {
        self.confirmed.iter().map(|(id, confirmed)| (*id, confirmed.revision))
    }

    /// How many confirmed orders it holds.
    pub fn confirmed_count(&self) -> usize {
        self.confirmed.len()
    }

    /// Loads a packed page that was stored, in the order in which pages were stored.
    ///
    /// # Errors
    ///
    /// `store_corrupt`; then [`Replica::reset`] and a pull from the start bring everything back.
    pub fn load_page(&mut self, page: Vec<u8>) -> Result<(), Issue> {
        let entries = packed::read(&page)?;
        let number = self.pages.len();
        for entry in entries {
            match entry {
                Entry::Order { seq, revision, digest, row, log } => {
                    let id = row.id;
                    // Two pages may have asked for the same changes: what is newer stays.
                    if self.confirmed.get(&id).is_some_and(|it| it.seq > seq) {
                        continue;
                    }
                    self.forget(id);
                    self.hash ^= digest;
                    let (start, end) = (log.start, log.end);
                    let page = number;
                    let confirmed = Confirmed { seq, revision, digest, row, page, start, end };
                    self.confirmed.insert(id, confirmed);
                }
                Entry::Gone { id } => self.forget(id),
            }
        }
        self.pages.push(page);
        Ok(())
    }

    fn forget(&mut self, id: Uuid) {
        if let Some(old) = self.confirmed.remove(&id) {
            self.hash ^= old.digest;
        }
    }

    /// Drops all confirmed orders; the outbox stays. The next pull starts from nothing.
    pub fn reset(&mut self) {
        self.pages.clear();
        self.confirmed.clear();
        self.hash = 0;
        self.position.since = None;
        self.received = None;
        self.refold();
    }

    /// The log of a confirmed order.
    fn log(&self, id: Uuid) -> Result<Option<OrderLog>, Issue> {
        let Some(confirmed) = self.confirmed.get(&id) else { return Ok(None) };
        crate::json::read(self.log_bytes(confirmed)?).map(Some).map_err(|_| packed::corrupt())
    }

    fn log_bytes(&self, confirmed: &Confirmed) -> Result<&[u8], Issue> {
        let page = self.pages.get(confirmed.page);
        page.and_then(|page| page.get(confirmed.start..confirmed.end)).ok_or_else(packed::corrupt)
    }

    /// Packs all confirmed orders anew, about `per_page` a page, and says how many pages there are.
    ///
    /// Each page is then taken with [`Replica::repacked_page`]; when all are stored in place of the
    /// old ones, [`Replica::settle_repack`] takes them over.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if a page in memory cannot be read.
    pub fn repack(&mut self, per_page: usize) -> Result<usize, Issue> {
        let mut pages = Vec::new();
        let mut writer = packed::PageWriter::default();
        let mut count = 0_usize;
        for confirmed in self.confirmed.values() {
            let log = self.log_bytes(confirmed)?;
            writer.order(
                confirmed.seq,
                confirmed.revision,
                confirmed.digest,
                &confirmed.row,
                log,
            )?;
            count = count.saturating_add(1);
            if count == per_page {
                pages.push(core::mem::take(&mut writer).finish());
                count = 0;
            }
        }
        if !writer.is_empty() {
            pages.push(writer.finish());
        }
        self.repacked = pages;
        Ok(self.repacked.len())
    }

    /// A page that [`Replica::repack`] made.
    pub fn repacked_page(&self, index: usize) -> Option<&[u8]> {
        self.repacked.get(index).map(Vec::as_slice)
    }

    /// Takes the new pages over in place of the old ones, and says how many bytes they have.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if a new page cannot be read.
    pub fn settle_repack(&mut self) -> Result<usize, Refusal> {
        let pages = core::mem::take(&mut self.repacked);
        let bytes = pages.iter().map(Vec::len).fold(0, usize::saturating_add);
        self.pages.clear();
        self.confirmed.clear();
        self.hash = 0;
        for page in pages {
            self.load_page(page)?;
        }
        Ok(bytes)
    }
}
