//! The order: a log of events, and the state that follows from it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    credit::Credit,
    currency::Currency,
    draft::{Details, Draft},
    inventory::Shortage,
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    ledger::Payment,
    money::Amount,
    pricing::{QuoteShipping, TaxTotal, Totals},
    returns::Return,
    ruleset::{LocalText, PaymentTerms, PriceBasis},
};

mod amend;
mod apply;
mod contact;
mod event;
mod history;
mod hold;
mod import;
mod invariant;
mod line;
mod record;
mod returned;
mod seal;
mod shipment;
mod stock;
mod withheld;

pub use amend::{AmendmentState, FieldEdit, OrderAmendment, Settled};
pub use event::Event;
pub use history::HistoryEntry;
pub use hold::{CancelCause, Hold, HoldReason};
pub use import::{ImportFinding, ImportKind, ImportNote};
pub use line::OrderLine;
pub use record::{Actor, EventRecord, Role};
pub use shipment::{Shipment, ShipmentLine, ShipmentStatus};

/// Everything that happened to one order. This is what is stored and synced; all else follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderLog {
    /// The id, a UUIDv7 made by the client.
    pub id: Uuid,
    /// The events, oldest first.
    pub events: Vec<EventRecord>,
    /// The hash chain: one link for each event, over it and the link before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

/// The state of an order: the fold of its events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The id.
    pub id: Uuid,
    /// The number for people.
    pub number: String,
    /// Numbers it had before, such as a provisional one.
    pub aliases: Vec<String>,
    /// How many events it has had.
    pub revision: u64,
    /// Where it stands.
    pub status: OrderStatus,
    /// What stands in its way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Hold>,
    /// Present if it came from another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportNote>,
    /// The user who placed it; a customer sees only their own.
    pub owner: String,
    /// When it was placed.
    pub placed_ms: i64,
    /// When it last changed.
    pub updated_ms: i64,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Buyer, addresses and choices.
    pub details: Details,
    /// What was filled in: what edits begin from.
    pub draft: Box<Draft>,
    /// When the money has to be there, as agreed when it was placed.
    pub payment_terms: PaymentTerms,
    /// The lines with their quantities in each state.
    pub lines: Vec<OrderLine>,
    /// The sums it was placed with.
    pub totals: Totals,
    /// The discounts on its lines, in the order of each line's `discountsMinor`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<OrderDiscount>,
    /// The shipping charge, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<QuoteShipping>,
    /// What the buyer no longer has to pay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
    /// Small balances that were let go: above zero what the buyer need not pay.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub written_off_minor: Amount,
    /// Its taxes by category, rate and jurisdiction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxTotal>,
    /// Whether the sums of the items and of shipping hold tax.
    pub price_basis: PriceBasis,
    /// The version of the rules it was priced with.
    pub ruleset_version: String,
    /// The digest of those rules.
    pub ruleset_digest: String,
    /// Money that moved, by the time of the last word on it; gift cards, points and what was prepaid are the first.
    pub payments: Vec<Payment>,
    /// What gift cards, points, store credit and prepayments paid when it was placed.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub tendered_minor: Amount,
    /// Goods that left or will.
    pub shipments: Vec<Shipment>,
    /// Goods that come back or shall, and claims.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Return>,
    /// When the shop committed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_ms: Option<i64>,
    /// When the customer said that the goods are there, or the time to object was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_ms: Option<i64>,
    /// When it was completed, canceled, discarded or expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_ms: Option<i64>,
    /// When it came back to life after its payment was late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reinstated_ms: Option<i64>,
    /// Why it was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// The kind of that reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_cause: Option<CancelCause>,
    /// Goods that were not there when it was accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shortages: Vec<Shortage>,
    /// Edits since it was placed, and what became of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<OrderAmendment>,
    /// Who last edited which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<FieldEdit>,
    /// What happened, who did it and when.
    pub history: Vec<HistoryEntry>,
    /// The position of the first event that is not what it was: somebody changed the stored log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_entry: Option<u32>,
}

/// Where an order stands. Payment and fulfillment are not here: they follow from the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum OrderStatus {
    /// Somebody is still filling it in.
    Draft,
    /// A draft that was thrown away; it counts nowhere.
    Discarded,
    /// The buyer has committed.
    Placed,
    /// The shop has committed.
    Confirmed,
    /// Delivered and settled.
    Completed,
    /// Called off.
    Canceled,
    /// The money did not come in time.
    Expired,
}

/// A discount of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderDiscount {
    /// The promotion, `manual` for one that staff set, or `points`.
    pub rule: String,
    /// The coupon code that unlocked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon_code: Option<String>,
    /// The name that customers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// What it took off when the order was placed; negative if it added.
    pub amount_minor: Amount,
}

impl OrderLog {
    /// The state after all events.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if the log does not begin with a placed or imported order, or repeats one.
    pub fn order(&self) -> Result<Order, Issue> {
        let (first, rest) = self.events.split_first().ok_or_else(corrupt)?;
        let mut order = Order::begin(self.id, first).ok_or_else(corrupt)?;
        for record in rest {
            order.apply(record)?;
        }
        Ok(order)
    }
}

impl OrderStatus {
    /// Every status, in the order of an order's life.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Discarded,
        Self::Placed,
        Self::Confirmed,
        Self::Completed,
        Self::Canceled,
        Self::Expired,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Discarded => "discarded",
            Self::Placed => "placed",
            Self::Confirmed => "confirmed",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }

    /// Whether nothing is left to do, unless something unusual happens.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Discarded | Self::Completed | Self::Canceled | Self::Expired)
    }
}

fn corrupt() -> Issue {
    Issue::new(Code::StoreCorrupt, "")
}
