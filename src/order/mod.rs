//! The order: a log of events, and the state that follows from it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    currency::Currency,
    decimal::Decimal,
    draft::Details,
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    money::Amount,
    pricing::{TaxTotal, Totals},
    ruleset::{LocalText, PaymentTerms, PriceBasis},
};

mod apply;
mod event;

pub use event::{
    Actor, Event, EventRecord, ImportFinding, ImportKind, ImportNote, Payment, PaymentKind, Role,
    Shipment, ShipmentLine,
};

/// Everything that happened to one order. This is what is stored and synced; all else follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderLog {
    /// The id, a UUIDv7 made by the client.
    pub id: Uuid,
    /// The events, oldest first.
    pub events: Vec<EventRecord>,
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
    /// When the money has to be there, as agreed when it was placed.
    pub payment_terms: PaymentTerms,
    /// The lines with their quantities in each state.
    pub lines: Vec<OrderLine>,
    /// The sums it was placed with.
    pub totals: Totals,
    /// Its taxes by category, rate and jurisdiction.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxTotal>,
    /// Whether the sums of the items and of shipping hold tax.
    pub price_basis: PriceBasis,
    /// The version of the rules it was priced with.
    pub ruleset_version: String,
    /// Money that moved.
    pub payments: Vec<Payment>,
    /// Goods that left.
    pub shipments: Vec<Shipment>,
    /// Why it was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// What happened, who did it and when.
    pub history: Vec<HistoryEntry>,
}

/// Where an order stands. Payment and fulfillment are not here: they follow from the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum OrderStatus {
    /// The buyer has committed.
    Placed,
    /// The shop has committed.
    Confirmed,
    /// Delivered and settled.
    Completed,
    /// Called off.
    Canceled,
}

/// One line with its quantities. `ordered ≥ shipped ≥ delivered` always holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    /// The id, unique in the order.
    pub id: String,
    /// The stock keeping unit.
    pub sku: String,
    /// The name when it was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// The price of one unit when it was ordered.
    pub unit_price: Decimal,
    /// The price is for this many units; 1 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_quantity: Option<Decimal>,
    /// How many were ordered.
    pub ordered: Decimal,
    /// How many have left.
    pub shipped: Decimal,
    /// How many have arrived.
    pub delivered: Decimal,
    /// The amount before discounts.
    pub amount_minor: Amount,
    /// The discounts on it.
    pub discount_minor: Amount,
    /// After discounts, with tax.
    pub gross_minor: Amount,
}

/// One entry of the history that people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// What happened: `placed`, `paymentRecorded`, `shipped` …
    pub event: String,
    /// When.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// The reason, tracking number or payment method, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The amount that moved, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
}

impl OrderLog {
    /// The state after all events.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if the log does not begin with a placed or imported order, or repeats one.
    pub fn order(&self) -> Result<Order, Issue> {
        let corrupt = || Issue::new(Code::StoreCorrupt, "");
        let (first, rest) = self.events.split_first().ok_or_else(corrupt)?;
        let mut order = Order::begin(self.id, first).ok_or_else(corrupt)?;
        for record in rest {
            order.apply(record)?;
        }
        Ok(order)
    }
}

impl OrderStatus {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Confirmed => "confirmed",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
        }
    }
}

impl OrderLine {
    /// What has not left yet.
    pub fn open_to_ship(&self) -> Decimal {
        self.ordered.checked_sub(self.shipped).unwrap_or_default()
    }
}
