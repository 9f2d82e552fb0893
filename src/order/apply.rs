//! Folding events into the state. Applying never refuses a fact; it only finds a broken log.

use uuid::Uuid;

use super::{Event, EventRecord, HistoryEntry, Order, OrderLine, OrderStatus, Payment, Shipment};
use crate::{
    draft::Draft,
    issue::{Code, Issue},
    money::Amount,
    pricing::{Quote, QuoteLine},
    ruleset::PaymentTerms,
};

impl Order {
    /// The state after the first event, or `None` if that does not begin an order.
    pub fn begin(id: Uuid, record: &EventRecord) -> Option<Self> {
        let mut order = match &record.event {
            Event::Placed { number, alias, draft, quote, payment_terms } => {
                let mut order = Self::new(id, number, draft, quote, record);
                order.aliases.extend(alias.clone());
                order.payment_terms = *payment_terms;
                order
            }
            Event::Imported { number, import, draft, quote } => {
                let mut order = Self::new(id, number, draft, quote, record);
                order.status = OrderStatus::Completed;
                order.import = Some(import.as_ref().clone());
                order
            }
            _ => return None,
        };
        order.remember(record);
        Some(order)
    }

    /// Folds one more event in.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if the event cannot follow: a second beginning, or an unknown line.
    pub fn apply(&mut self, record: &EventRecord) -> Result<(), Issue> {
        match &record.event {
            Event::Placed { .. } | Event::Imported { .. } => return Err(corrupt()),
            Event::PaymentRecorded { payment } => self.payments.push(payment.clone()),
            Event::Confirmed {} => self.status = OrderStatus::Confirmed,
            Event::Shipped { shipment } => self.ship(shipment)?,
            Event::Delivered { shipment } => self.deliver(shipment, record.at_ms)?,
            Event::Completed {} => self.status = OrderStatus::Completed,
            Event::Canceled { reason } => {
                self.status = OrderStatus::Canceled;
                self.cancel_reason = Some(reason.clone());
            }
        }
        self.remember(record);
        Ok(())
    }

    fn new(id: Uuid, number: &str, draft: &Draft, quote: &Quote, record: &EventRecord) -> Self {
        Self {
            id,
            number: number.to_owned(),
            aliases: Vec::new(),
            revision: 0,
            status: OrderStatus::Placed,
            import: None,
            owner: record.by.user.clone(),
            placed_ms: record.happened_ms(),
            updated_ms: record.at_ms,
            currency: quote.currency,
            details: draft.details.clone(),
            payment_terms: PaymentTerms::Prepaid,
            lines: quote.lines.iter().map(order_line).collect(),
            totals: quote.totals,
            taxes: quote.taxes.clone(),
            price_basis: quote.price_basis,
            ruleset_version: quote.ruleset_version.clone(),
            payments: Vec::new(),
            shipments: Vec::new(),
            cancel_reason: None,
            history: Vec::new(),
        }
    }

    fn ship(&mut self, shipment: &Shipment) -> Result<(), Issue> {
        for part in &shipment.lines {
            let line = self.line_mut(&part.line)?;
            line.shipped = line.shipped.checked_add(part.quantity).ok_or_else(corrupt)?;
        }
        self.shipments.push(shipment.clone());
        Ok(())
    }

    fn deliver(&mut self, id: &str, at_ms: i64) -> Result<(), Issue> {
        let found = self.shipments.iter_mut().find(|shipment| shipment.id == id);
        let shipment = found.ok_or_else(corrupt)?;
        shipment.delivered_ms = Some(at_ms);
        for part in shipment.lines.clone() {
            let line = self.line_mut(&part.line)?;
            line.delivered = line.delivered.checked_add(part.quantity).ok_or_else(corrupt)?;
        }
        Ok(())
    }

    fn line_mut(&mut self, id: &str) -> Result<&mut OrderLine, Issue> {
        self.lines.iter_mut().find(|line| line.id == id).ok_or_else(corrupt)
    }

    fn remember(&mut self, record: &EventRecord) {
        self.revision = self.revision.saturating_add(1);
        self.updated_ms = self.updated_ms.max(record.at_ms);
        let (note, amount_minor) = remark(&record.event);
        self.history.push(HistoryEntry {
            event: record.event.name().to_owned(),
            at_ms: record.happened_ms(),
            by: record.by.clone(),
            note,
            amount_minor,
        });
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
        Event::PaymentRecorded { payment: Payment { method, amount_minor, .. } } => {
            (Some(method.clone()), Some(*amount_minor))
        }
        Event::Shipped { shipment } => (shipment.tracking.clone(), None),
        Event::Delivered { shipment } => (Some(shipment.clone()), None),
        Event::Canceled { reason } => (Some(reason.clone()), None),
        Event::Confirmed {} | Event::Completed {} => (None, None),
    }
}

fn order_line(line: &QuoteLine) -> OrderLine {
    OrderLine {
        id: line.id.clone(),
        sku: line.sku.clone(),
        name: line.name.clone(),
        unit_price: line.unit_price,
        base_quantity: line.base_quantity,
        ordered: line.quantity,
        shipped: Default::default(),
        delivered: Default::default(),
        amount_minor: line.amount_minor,
        discount_minor: line.discount_minor,
        gross_minor: line.gross_minor,
    }
}

fn corrupt() -> Issue {
    Issue::new(Code::StoreCorrupt, "")
}
