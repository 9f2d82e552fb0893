//! The copy of the orders that a client holds, and how it stays true. No input or output here.
//!
//! What the server confirmed is kept packed; what the user asked for and the server has not yet
//! decided is a list of commands, the outbox. What the user sees is the fold of both: every pull
//! replaces confirmed orders and folds the outbox again, so nothing optimistic is ever stored.
//!
//! Writing happens outside. Each change comes in two steps: the replica proposes what to store, and
//! takes it over only when told that it is stored.

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

mod brief;
mod edit;
mod fold;
mod inbox;
mod list;
mod look_alike;
mod orders;
mod outbox;
mod packed;
pub mod protocol;
mod receive;
mod records;
mod row;
mod stock;
mod view;

pub use crate::numbering::Series;
pub use brief::{BRIEF_FORMAT, Brief};
pub use edit::EditRequest;
pub use inbox::InboxEntry;
pub use list::{Listing, NumberSuggestion, Query};
pub use outbox::{AppendInputs, OutboxRecord, Proposal};
pub use protocol::order_digest;
pub use receive::Effects;
pub use row::{LocalName, Row};
pub use view::{OrderView, PendingCommand};

use orders::{Confirmed, Orders};
use packed::{Entry, Place};
use protocol::{Known, Since};
use receive::{Answer, Received};
use records::Records;

/// Who holds the copy, and up to where it has come. Stored by the client beside the orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[serde(rename_all = "camelCase")]
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
    orders: Orders,
    outbox: Records,
    /// Orders that have to be folded again.
    stale: Vec<Uuid>,
    answer: Option<Answer>,
    received: Option<Received>,
    repacked: Vec<Vec<u8>>,
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
            orders: Orders::default(),
            outbox: Records::default(),
            stale: Vec::new(),
            answer: None,
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
        self.refold_all();
    }

    /// Takes over what the server said last of the user, uses and stock, and folds the outbox by it.
    pub fn set_known(&mut self, known: Known) {
        self.known = Some(known);
        self.refold_all();
    }

    /// Takes over where another page has come to in the same store.
    pub(crate) fn set_position(&mut self, position: Position) {
        self.position = position;
    }

    /// Empties the copy, to be loaded again with all that is stored. The rules stay.
    pub(crate) fn restart(&mut self, position: Position) {
        self.known = None;
        self.outbox = Records::default();
        self.orders = Orders::default();
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
        self.orders.all_confirmed().map(|(id, confirmed)| (id, confirmed.revision))
    }

    /// How many confirmed orders it holds.
    pub fn confirmed_count(&self) -> usize {
        self.orders.checksum().0
    }

    /// Loads a packed page that was stored, in the order in which pages were stored.
    ///
    /// # Errors
    ///
    /// `store_corrupt`; then [`Replica::reset`] and a pull from the start bring everything back.
    pub fn load_page(&mut self, page: Vec<u8>) -> Result<(), Issue> {
        let touched = self.take_page(page)?;
        self.refold_each(touched);
        Ok(())
    }

    /// Takes a page over, and gives the orders that have to be folded again.
    fn take_page(&mut self, page: Vec<u8>) -> Result<Vec<Uuid>, Issue> {
        let mut touched = Vec::new();
        let entries = packed::read(&page)?;
        let number = self.pages.len();
        for entry in entries {
            let (Entry::Order { row: Row { id, .. }, .. } | Entry::Gone { id }) = &entry;
            if self.waits(*id) {
                touched.push(*id);
            }
            match entry {
                Entry::Order { seq, revision, digest, row, log: bytes } => {
                    let id = row.id;
                    // Two pages may have asked for the same changes: what is newer stays.
                    if self.orders.confirmed(id).is_some_and(|it| it.seq > seq) {
                        continue;
                    }
                    let log = Place { page: number, bytes };
                    self.orders.confirm(id, Some(Confirmed { seq, revision, digest, row, log }));
                }
                Entry::Gone { id } => self.orders.confirm(id, None),
            }
        }
        self.pages.push(page);
        Ok(touched)
    }

    /// Drops all confirmed orders; the outbox stays. The next pull starts from nothing.
    pub fn reset(&mut self) {
        self.pages.clear();
        self.orders.clear_confirmed();
        self.position.since = None;
        self.answer = None;
        self.received = None;
        self.refold_all();
    }

    /// The log of a confirmed order.
    fn log(&self, id: Uuid) -> Result<Option<OrderLog>, Issue> {
        let Some(confirmed) = self.orders.confirmed(id) else { return Ok(None) };
        crate::json::read(self.log_bytes(confirmed)?).map(Some).map_err(|_| packed::corrupt())
    }

    fn log_bytes(&self, confirmed: &Confirmed) -> Result<&[u8], Issue> {
        let Place { page, bytes } = &confirmed.log;
        self.pages.get(*page).and_then(|page| page.get(bytes.clone())).ok_or_else(packed::corrupt)
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
        for (_, confirmed) in self.orders.all_confirmed() {
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
        self.orders.clear_confirmed();
        for page in pages {
            self.load_page(page)?;
        }
        Ok(bytes)
    }
}
