//! The history that people read: one entry for each event.

use serde::{Deserialize, Serialize};

use super::{Actor, Event, EventRecord, Order};
use crate::{
    json::{FromJson, ToJson},
    ledger::{Payment, PaymentState},
    money::Amount,
    returns::ReturnStatus,
};

/// One entry of the history that people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// What happened: `placed`, `paymentRecorded`, `shipped` …; a step of a shipment or payment is named by where it led: `picked`, `refund`.
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

impl Order {
    pub(super) fn remember(&mut self, record: &EventRecord) {
        self.revision = self.revision.saturating_add(1);
        self.updated_ms = self.updated_ms.max(record.at_ms);
        let (note, amount_minor) = remark(&record.event);
        self.history.push(HistoryEntry {
            event: word(&record.event).to_owned(),
            at_ms: record.happened_ms(),
            by: record.by.clone(),
            note,
            amount_minor,
        });
    }
}

/// Steps of shipments are named by where they led, and payments that are not plain receipts by what they are.
fn word(event: &Event) -> &'static str {
    match event {
        Event::ShipmentMoved { to, .. } => to.as_str(),
        Event::ReturnMoved { to, .. } => match to {
            ReturnStatus::Approved => "returnApproved",
            ReturnStatus::InTransit => "returnSent",
            ReturnStatus::Closed => "returnClosed",
            ReturnStatus::Declined => "returnDeclined",
            ReturnStatus::Canceled => "returnCanceled",
            ReturnStatus::Expired => "returnExpired",
            _ => event.name(),
        },
        Event::PaymentRecorded { payment } => match payment.state {
            PaymentState::Success => payment.kind.as_str(),
            PaymentState::Failure => "paymentFailed",
            PaymentState::Canceled => "paymentCanceled",
            PaymentState::Initial | PaymentState::Pending => "paymentPending",
        },
        event => event.name(),
    }
}

fn remark(event: &Event) -> (Option<String>, Option<Amount>) {
    match event {
        Event::Placed { number, quote, .. } => {
            (Some(number.clone()), Some(quote.totals.gross_minor))
        }
        Event::Imported { import, quote, .. } => {
            (Some(import.source.clone()), Some(quote.totals.gross_minor))
        }
        Event::Drafted { quote, .. } => {
            (None, quote.as_ref().map(|quote| quote.totals.gross_minor))
        }
        Event::PaymentRecorded { payment: Payment { method, amount_minor, .. } } => {
            (Some(method.clone()), Some(*amount_minor))
        }
        Event::WrittenOff { amount_minor, reason } => (reason.clone(), Some(*amount_minor)),
        Event::Held { hold } => (Some(hold.reason.as_str().to_owned()), None),
        Event::Released { reason } => (Some(reason.as_str().to_owned()), None),
        Event::Shipped { shipment } => (shipment.tracking.clone(), None),
        Event::ShipmentMoved { shipment, reason, .. } => {
            (Some(reason.clone().unwrap_or_else(|| shipment.clone())), None)
        }
        Event::Allocated { shipment, .. } | Event::Delivered { shipment } => {
            (Some(shipment.clone()), None)
        }
        Event::LinesCanceled { reason, credit } => (Some(reason.clone()), Some(credit.total_minor)),
        Event::ReturnRequested { request } => (Some(request.kind.as_str().to_owned()), None),
        Event::ReturnMoved { reason, tracking, .. } => (reason.clone().or(tracking.clone()), None),
        Event::ReturnReceived { .. } | Event::ReturnInspected { .. } => (None, None),
        Event::ReturnResolved { settlement, .. } => {
            (None, settlement.credit.as_ref().map(|credit| credit.total_minor))
        }
        Event::CreditGranted { reason, credit } => (Some(reason.clone()), Some(credit.total_minor)),
        Event::Amended { amended } => {
            (amended.amendment.reason.clone(), Some(amended.effect.total_minor))
        }
        Event::AmendmentProposed { amendment, total_minor } => {
            (amendment.reason.clone(), Some(*total_minor))
        }
        Event::AmendmentDeclined { reason, .. } => (reason.clone(), None),
        Event::Canceled { reason, .. }
        | Event::Reopened { reason }
        | Event::Reinstated { reason } => (Some(reason.clone()), None),
        Event::StockShort { shortages } => {
            let goods = shortages.iter().map(|it| format!("{} × {}", it.quantity, it.sku));
            (Some(goods.collect::<Vec<_>>().join(", ")), None)
        }
        Event::ShortageSettled { choice } => (Some(choice.as_str().to_owned()), None),
        Event::Noted { text } => (Some(text.clone()), None),
        Event::Confirmed {}
        | Event::Completed {}
        | Event::Discarded {}
        | Event::Expired {}
        | Event::ReceiptConfirmed {}
        | Event::Withheld { .. } => (None, None),
    }
}
