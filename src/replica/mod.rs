//! The copy of the orders that a client holds, and how it stays true. No input or output here.
//!
//! What the server confirmed is kept packed: of each order what a list shows is in memory, and its log is read when somebody
//! opens it. What the user asked for and the server has not yet decided is a list of commands, the outbox. What the user sees is
//! the fold of both: every pull replaces confirmed orders and folds the outbox again, so nothing optimistic is ever stored.
//!
//! Writing happens outside. Each change comes in two steps: the replica proposes what to store, and
//! takes it over only when told that it is stored.

use core::cell::RefCell;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    inventory::StockLease,
    json::{FromJson, ToJson},
    numbering::Span,
    order::Actor,
    ruleset::Rules,
};

mod brief;
mod edit;
mod fold;
mod inbox;
mod keyed;
mod list;
mod logs;
mod look_alike;
mod orders;
mod outbox;
mod pack;
mod packed;
mod pages;
pub mod protocol;
mod receive;
mod records;
mod row;
mod stock;
mod stored;
mod taken;
mod view;

pub use crate::numbering::Series;
pub use brief::{BRIEF_FORMAT, Brief};
pub use edit::EditRequest;
pub use inbox::InboxEntry;
pub use list::{Listing, NumberSuggestion, Query};
pub use outbox::{AppendInputs, OutboxRecord, Proposal};
pub use pages::PageWrites;
pub use protocol::order_digest;
pub use receive::Effects;
pub use row::{LocalName, Row};
pub use view::{OrderView, PendingCommand};

use keyed::Keyed;
use logs::Logs;
use orders::Orders;
use pages::NewPages;
use protocol::{Known, Since};
use receive::{Answer, Received};
use records::Records;
use stored::Stored;

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
    orders: Orders,
    outbox: Records,
    stored: Stored,
    logs: Logs,
    /// Orders whose log was found to be changed when it was opened, and from which entry on.
    tampered: RefCell<Keyed<Uuid, u32>>,
    /// Orders that have to be folded again, by their turns.
    stale: Keyed<(u64, Uuid), ()>,
    /// Those of them whose logs have to be read first.
    unread: Keyed<(u64, Uuid), ()>,
    /// Products of which waiting orders now take less or more, with the turn behind which orders have to be folded again.
    changed: Keyed<String, u64>,
    answer: Option<Answer>,
    received: Option<Received>,
    /// Pages that are about to be stored.
    new_pages: NewPages,
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
            orders: Orders::default(),
            outbox: Records::default(),
            stored: Stored::default(),
            logs: Logs::default(),
            tampered: RefCell::default(),
            stale: Keyed::default(),
            unread: Keyed::default(),
            changed: Keyed::default(),
            answer: None,
            received: None,
            new_pages: NewPages::default(),
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
        self.reset();
        self.position = position;
    }

    /// Who holds the copy and up to where it has come.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// The confirmed orders, by id, and how many events each has.
    pub fn confirmed(&self) -> impl Iterator<Item = (Uuid, u64)> {
        self.orders.all_confirmed().map(|(id, confirmed)| (id, confirmed.stamp.revision))
    }

    /// How many confirmed orders it holds.
    pub fn confirmed_count(&self) -> usize {
        self.orders.checksum().0
    }

    /// Drops all confirmed orders; the outbox stays. The next pull starts from nothing.
    pub fn reset(&mut self) {
        self.orders.clear_confirmed();
        self.stored.clear();
        self.logs.clear();
        self.tampered.borrow_mut().clear();
        self.position.since = None;
        self.abandon();
        self.refold_all();
    }
}
