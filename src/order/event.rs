//! What can happen to an order. Events are facts: they are never changed or taken back.

use serde::{Deserialize, Serialize};

use super::{CancelCause, Hold, HoldReason, ImportNote, Shipment, ShipmentLine, ShipmentStatus};
use crate::{
    amendment::{Amended, Amendment},
    credit::Credit,
    currency::Currency,
    draft::Draft,
    inventory::{Shortage, ShortageChoice},
    json::{FromJson, ToJson},
    ledger::Payment,
    money::Amount,
    pricing::Quote,
    returns::{Inspection, LineOutcome, Return, ReturnStatus, Settlement},
    ruleset::PaymentTerms,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Event {
    /// Somebody began to fill an order in, or went on with it.
    Drafted {
        /// What was filled in.
        draft: Box<Draft>,
        /// The shop's currency.
        currency: Currency,
        /// The price then, if there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<Box<Quote>>,
    },
    /// A draft was thrown away.
    Discarded {},
    /// The buyer committed.
    Placed {
        /// The number.
        number: String,
        /// The provisional number that the device had shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alias: Option<String>,
        /// What was asked for.
        draft: Box<Draft>,
        /// The price, without its trace.
        quote: Box<Quote>,
        /// When the money has to be there.
        payment_terms: PaymentTerms,
    },
    /// The order came from another system, with all that is known of it.
    Imported {
        /// The number there.
        number: String,
        /// Where from, and what was found in it.
        import: Box<ImportNote>,
        /// What was ordered.
        draft: Box<Draft>,
        /// The amounts, without a trace.
        quote: Box<Quote>,
    },
    /// Money moved, or the word on it changed.
    PaymentRecorded {
        /// The payment.
        payment: Payment,
    },
    /// A small balance was let go: above zero what the buyer need not pay, below what the shop keeps.
    WrittenOff {
        /// The balance.
        amount_minor: Amount,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The shop committed.
    Confirmed {},
    /// Something stands in the way.
    Held {
        /// What.
        hold: Hold,
    },
    /// It no longer does.
    Released {
        /// What.
        reason: HoldReason,
    },
    /// Goods were set aside for a shipment.
    Allocated {
        /// The shipment.
        shipment: String,
        /// What is in it.
        lines: Vec<ShipmentLine>,
        /// Whether there are no goods yet: it waits for them.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        is_backordered: bool,
    },
    /// A shipment came one step further, or back.
    ShipmentMoved {
        /// The shipment.
        shipment: String,
        /// Where it stands now.
        to: ShipmentStatus,
        /// Why, for a step back or a mishap.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// The code that the customer shows to get the goods.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pickup_code: Option<String>,
    },
    /// Goods left.
    Shipped {
        /// What left, and how.
        shipment: Shipment,
    },
    /// A shipment arrived.
    Delivered {
        /// The shipment.
        shipment: String,
    },
    /// The customer has the goods and says so, or the time to object is over.
    ReceiptConfirmed {},
    /// Units will not be delivered.
    LinesCanceled {
        /// Why; the customer sees it.
        reason: String,
        /// Which, and what they are worth.
        credit: Credit,
    },
    /// An edit took effect.
    Amended {
        /// The edit, and what it came to.
        amended: Box<Amended>,
    },
    /// An edit waits for a yes.
    AmendmentProposed {
        /// The edit.
        amendment: Box<Amendment>,
        /// What the buyer would finally bear.
        total_minor: Amount,
    },
    /// Somebody said no to an edit.
    AmendmentDeclined {
        /// The id of the edit.
        amendment: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Delivered and settled.
    Completed {},
    /// A completed order has work again.
    Reopened {
        /// Why.
        reason: String,
    },
    /// Called off.
    Canceled {
        /// Why; the customer sees it.
        reason: String,
        /// The kind of reason, to count by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cause: Option<CancelCause>,
    },
    /// The money did not come in time.
    Expired {},
    /// A closed order lives again, after its payment came late.
    Reinstated {
        /// Why.
        reason: String,
    },
    /// The customer wants goods or money back.
    ReturnRequested {
        /// What, and why.
        request: Box<Return>,
    },
    /// A return came one step further.
    ReturnMoved {
        /// The return.
        return_id: String,
        /// Where it stands now.
        to: ReturnStatus,
        /// Why, if it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Who carries it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        carrier: Option<String>,
        /// The carrier's number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tracking: Option<String>,
    },
    /// Goods of a return have come.
    ReturnReceived {
        /// The return.
        return_id: String,
        /// Which.
        lines: Vec<ShipmentLine>,
    },
    /// They were looked at.
    ReturnInspected {
        /// The return.
        return_id: String,
        /// What was found, and where the goods go.
        inspections: Vec<Inspection>,
    },
    /// It is settled what is given for them.
    ReturnResolved {
        /// The return.
        return_id: String,
        /// What is done about which units.
        outcomes: Vec<LineOutcome>,
        /// Every amount.
        settlement: Box<Settlement>,
        /// What was claimed from the carrier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        carrier_claim: Option<String>,
    },
    /// The shop gave something though nothing was owed.
    CreditGranted {
        /// Why; the customer sees it.
        reason: String,
        /// What.
        credit: Credit,
    },
    /// Goods were not there when the order was accepted.
    StockShort {
        /// Which, and what the shop did about them.
        shortages: Vec<Shortage>,
    },
    /// It was chosen what to do about goods that were promised and are not there.
    ShortageSettled {
        /// What.
        choice: ShortageChoice,
    },
    /// Somebody left a word for others.
    Noted {
        /// The word.
        text: String,
    },
    /// Something that is for the staff alone: what is left of it in the customer's copy.
    Withheld {
        /// SHA-256 of the record, in hexadecimal: what the hash chain knows of it.
        digest: String,
    },
}

impl Event {
    /// The stable name, as it stands in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "drafted",
            Self::Discarded {} => "discarded",
            Self::Placed { .. } => "placed",
            Self::Imported { .. } => "imported",
            Self::PaymentRecorded { .. } => "paymentRecorded",
            Self::WrittenOff { .. } => "writtenOff",
            Self::Confirmed {} => "confirmed",
            Self::Held { .. } => "held",
            Self::Released { .. } => "released",
            Self::Allocated { .. } => "allocated",
            Self::ShipmentMoved { .. } => "shipmentMoved",
            Self::Shipped { .. } => "shipped",
            Self::Delivered { .. } => "delivered",
            Self::ReceiptConfirmed {} => "receiptConfirmed",
            Self::LinesCanceled { .. } => "linesCanceled",
            Self::Amended { .. } => "amended",
            Self::AmendmentProposed { .. } => "amendmentProposed",
            Self::AmendmentDeclined { .. } => "amendmentDeclined",
            Self::Completed {} => "completed",
            Self::Reopened { .. } => "reopened",
            Self::Canceled { .. } => "canceled",
            Self::Expired {} => "expired",
            Self::Reinstated { .. } => "reinstated",
            Self::ReturnRequested { .. } => "returnRequested",
            Self::ReturnMoved { .. } => "returnMoved",
            Self::ReturnReceived { .. } => "returnReceived",
            Self::ReturnInspected { .. } => "returnInspected",
            Self::ReturnResolved { .. } => "returnResolved",
            Self::CreditGranted { .. } => "creditGranted",
            Self::StockShort { .. } => "stockShort",
            Self::ShortageSettled { .. } => "shortageSettled",
            Self::Noted { .. } => "noted",
            Self::Withheld { .. } => "withheld",
        }
    }
}
