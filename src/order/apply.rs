//! Folding events into the state. Applying never refuses a fact; it only finds a broken log.

use uuid::Uuid;

use super::{
    AmendmentState, Event, EventRecord, Order, OrderDiscount, OrderLine, OrderStatus, Settled,
    Shipment, ShipmentLine, ShipmentStatus, corrupt,
};
use crate::{
    credit::Credit,
    currency::Currency,
    draft::Draft,
    inventory::Shortage,
    issue::Issue,
    ledger::{GIFT_CARD, POINTS, Payment, PaymentKind, PaymentState, STORE_CREDIT},
    money::{Amount, AmountError},
    pricing::{Quote, TenderKind, Totals},
    ruleset::{PaymentTerms, PriceBasis},
};

impl Order {
    /// The state after the first event, or `None` if that does not begin an order.
    pub fn begin(id: Uuid, record: &EventRecord) -> Option<Self> {
        let currency = match &record.event {
            Event::Drafted { currency, .. } => *currency,
            Event::Placed { quote, .. } | Event::Imported { quote, .. } => quote.currency,
            _ => return None,
        };
        let mut order = Self::blank(id, currency, record);
        match &record.event {
            Event::Drafted { draft, quote, .. } => order.fill(draft, quote.as_deref()).ok()?,
            Event::Placed { .. } => order.place(record).ok()?,
            Event::Imported { number, import, draft, quote } => {
                order.fill(draft, Some(quote)).ok()?;
                order.number.clone_from(number);
                order.status = OrderStatus::Completed;
                order.import = Some(import.as_ref().clone());
            }
            _ => return None,
        }
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
            Event::Imported { .. } => return Err(corrupt()),
            Event::Drafted { draft, quote, .. } => {
                self.must_be_draft()?;
                self.fill(draft, quote.as_deref())?;
            }
            Event::Placed { .. } => {
                self.must_be_draft()?;
                self.place(record)?;
            }
            Event::PaymentRecorded { payment } => self.record(payment),
            Event::WrittenOff { amount_minor, .. } => {
                self.written_off_minor = self.written_off_minor.plus(*amount_minor)?;
            }
            Event::Held { hold } => {
                self.holds.retain(|known| known.reason != hold.reason);
                self.holds.push(hold.clone());
            }
            Event::Released { reason } => self.holds.retain(|hold| hold.reason != *reason),
            Event::Noted { .. } | Event::Withheld { .. } => {}
            Event::Amended { amended } => self.amend(amended, record)?,
            Event::AmendmentProposed { amendment, total_minor } => {
                let state = AmendmentState::Proposed;
                self.note_amendment(amendment, state, *total_minor, record);
            }
            Event::AmendmentDeclined { amendment, .. } => self.decline(amendment)?,
            Event::LinesCanceled { credit, .. } => {
                for part in &credit.lines {
                    self.note_edit(format!("line/{}/quantity", part.line), record);
                }
                self.cancel_lines(credit)?;
            }
            event => self.apply_to_goods_and_status(event, record.at_ms)?,
        }
        self.remember(record);
        Ok(())
    }

    fn apply_to_goods_and_status(&mut self, event: &Event, at_ms: i64) -> Result<(), Issue> {
        match event {
            Event::Allocated { shipment, lines, is_backordered } => {
                self.allocate(shipment, lines, *is_backordered, at_ms)?;
            }
            Event::ShipmentMoved { shipment, to, reason, pickup_code } => {
                let moved = self.shipment_mut(shipment)?;
                moved.reason.clone_from(reason);
                if pickup_code.is_some() {
                    moved.pickup_code.clone_from(pickup_code);
                }
                self.shipment_reaches(shipment, *to, at_ms)?;
            }
            Event::Shipped { shipment } => self.ship(shipment, at_ms)?,
            Event::Delivered { shipment } => {
                self.shipment_reaches(shipment, ShipmentStatus::Delivered, at_ms)?;
            }
            Event::CreditGranted { credit, .. } => self.credit(credit)?,
            Event::StockShort { shortages } => {
                let since = |it: &Shortage| Shortage { since_ms: at_ms, ..it.clone() };
                self.shortages.extend(shortages.iter().map(since));
            }
            Event::ShortageSettled { choice } => {
                let open = self.shortages.iter_mut().filter(|it| it.is_open());
                open.for_each(|shortage| shortage.choice = Some(*choice));
            }
            Event::ReturnRequested { .. }
            | Event::ReturnMoved { .. }
            | Event::ReturnReceived { .. }
            | Event::ReturnInspected { .. }
            | Event::ReturnResolved { .. } => self.apply_to_returns(event, at_ms)?,
            Event::Confirmed {} => {
                self.status = OrderStatus::Confirmed;
                self.confirmed_ms = Some(at_ms);
            }
            Event::ReceiptConfirmed {} => self.receipt_ms = Some(at_ms),
            Event::Completed {} => self.close(OrderStatus::Completed, at_ms),
            Event::Expired {} => self.close(OrderStatus::Expired, at_ms),
            Event::Discarded {} => self.close(OrderStatus::Discarded, at_ms),
            Event::Canceled { reason, cause } => {
                self.close(OrderStatus::Canceled, at_ms);
                self.cancel_reason = Some(reason.clone());
                self.cancel_cause = *cause;
            }
            Event::Reopened { .. } => {
                self.status = OrderStatus::Confirmed;
                self.closed_ms = None;
            }
            Event::Reinstated { .. } => {
                self.status = OrderStatus::Placed;
                (self.closed_ms, self.cancel_reason, self.cancel_cause) = (None, None, None);
                self.reinstated_ms = Some(at_ms);
            }
            _ => return Err(corrupt()),
        }
        Ok(())
    }

    fn blank(id: Uuid, currency: Currency, record: &EventRecord) -> Self {
        Self {
            id,
            number: String::new(),
            aliases: Vec::new(),
            revision: 0,
            status: OrderStatus::Draft,
            holds: Vec::new(),
            import: None,
            owner: record.by.user.clone(),
            placed_ms: record.happened_ms(),
            updated_ms: record.at_ms,
            currency,
            details: Default::default(),
            draft: Box::default(),
            payment_terms: PaymentTerms::Prepaid,
            lines: Vec::new(),
            totals: Totals::default(),
            discounts: Vec::new(),
            shipping: None,
            taxes: Vec::new(),
            price_basis: PriceBasis::TaxInclusive,
            ruleset_version: String::new(),
            ruleset_digest: String::new(),
            credits: Vec::new(),
            written_off_minor: Amount::ZERO,
            payments: Vec::new(),
            tendered_minor: Amount::ZERO,
            shipments: Vec::new(),
            returns: Vec::new(),
            confirmed_ms: None,
            receipt_ms: None,
            closed_ms: None,
            reinstated_ms: None,
            cancel_reason: None,
            cancel_cause: None,
            shortages: Vec::new(),
            amendments: Vec::new(),
            edits: Vec::new(),
            history: Vec::new(),
            broken_entry: None,
        }
    }

    fn must_be_draft(&self) -> Result<(), Issue> {
        if self.status == OrderStatus::Draft { Ok(()) } else { Err(corrupt()) }
    }

    /// Takes over what was filled in, and what it costs where that is known.
    pub(super) fn fill(&mut self, draft: &Draft, quote: Option<&Quote>) -> Result<(), AmountError> {
        self.details = draft.details.clone();
        *self.draft = draft.clone();
        let Some(quote) = quote else {
            (self.lines, self.totals) = (Vec::new(), Totals::default());
            (self.discounts, self.taxes, self.shipping) = (Vec::new(), Vec::new(), None);
            return Ok(());
        };
        let lines = quote.lines.iter().enumerate();
        self.lines = lines.map(|(index, line)| OrderLine::of(quote, index, line)).collect();
        self.totals = quote.totals;
        self.discounts = quote.adjustments.iter().map(OrderDiscount::of).collect();
        self.shipping.clone_from(&quote.shipping);
        self.taxes.clone_from(&quote.taxes);
        self.price_basis = quote.price_basis;
        self.ruleset_version.clone_from(&quote.ruleset_version);
        self.ruleset_digest.clone_from(&quote.ruleset_digest);
        Ok(())
    }

    fn place(&mut self, record: &EventRecord) -> Result<(), Issue> {
        let Event::Placed { number, alias, draft, quote, payment_terms } = &record.event else {
            return Err(corrupt());
        };
        self.fill(draft, Some(quote))?;
        self.number.clone_from(number);
        self.aliases.extend(alias.clone());
        self.status = OrderStatus::Placed;
        self.placed_ms = record.happened_ms();
        self.payment_terms = *payment_terms;
        self.payments = tendered(draft, quote);
        self.tendered_minor = Amount::sum(self.payments.iter().map(|it| it.amount_minor))?;
        Ok(())
    }

    /// The last word on a payment takes the place of the earlier ones.
    fn record(&mut self, payment: &Payment) {
        self.payments.retain(|known| known.id != payment.id);
        self.payments.push(payment.clone());
    }

    fn allocate(
        &mut self,
        id: &str,
        lines: &[ShipmentLine],
        is_backordered: bool,
        at_ms: i64,
    ) -> Result<(), Issue> {
        let (waiting, ready) = (ShipmentStatus::Pending, ShipmentStatus::Allocated);
        self.shipments.push(Shipment {
            id: id.to_owned(),
            status: if is_backordered { waiting } else { ready },
            lines: lines.to_vec(),
            carrier: None,
            tracking: None,
            shipped_ms: 0,
            delivered_ms: None,
            moved_ms: at_ms,
            reason: None,
            pickup_code: None,
        });
        self.count_shipments()
    }

    /// A shipment leaves: one that was packed before, or one that nobody wrote down until now.
    fn ship(&mut self, shipment: &Shipment, at_ms: i64) -> Result<(), Issue> {
        let left =
            Shipment { status: ShipmentStatus::Shipped, moved_ms: at_ms, ..shipment.clone() };
        match self.shipments.iter_mut().find(|known| known.id == shipment.id) {
            Some(known) => *known = left,
            None => self.shipments.push(left),
        }
        self.count_shipments()
    }

    fn shipment_reaches(
        &mut self,
        id: &str,
        status: ShipmentStatus,
        at_ms: i64,
    ) -> Result<(), Issue> {
        let shipment = self.shipment_mut(id)?;
        (shipment.status, shipment.moved_ms) = (status, at_ms);
        if status.has_arrived() {
            shipment.delivered_ms = Some(at_ms);
        }
        self.count_shipments()
    }

    fn shipment_mut(&mut self, id: &str) -> Result<&mut Shipment, Issue> {
        self.shipments.iter_mut().find(|shipment| shipment.id == id).ok_or_else(corrupt)
    }

    pub(super) fn cancel_lines(&mut self, credit: &Credit) -> Result<(), Issue> {
        for part in &credit.lines {
            let line = self.line_mut(&part.line)?;
            line.canceled = line.canceled.checked_add(part.quantity).ok_or_else(corrupt)?;
        }
        self.credit(credit)
    }

    /// Takes a credit over; the next credit of its lines begins behind it.
    pub(super) fn credit(&mut self, credit: &Credit) -> Result<(), Issue> {
        for part in &credit.lines {
            let line = self.line_mut(&part.line)?;
            line.credited = line.credited.checked_add(part.quantity).ok_or_else(corrupt)?;
        }
        self.credits.push(credit.clone());
        for part in credit.lines.iter().filter(|part| part.quantity.is_zero()) {
            let amounts = self.credited_of_line(&part.line)?;
            let line = self.line_mut(&part.line)?;
            line.settled = Some(Box::new(Settled { quantity: line.credited, amounts }));
        }
        Ok(())
    }

    fn close(&mut self, status: OrderStatus, at_ms: i64) {
        self.status = status;
        self.closed_ms = Some(at_ms);
    }
}

impl OrderDiscount {
    pub(super) fn of(adjustment: &crate::pricing::AppliedAdjustment) -> Self {
        Self {
            rule: adjustment.rule.clone(),
            coupon_code: adjustment.coupon_code.clone(),
            name: adjustment.name.clone(),
            amount_minor: adjustment.amount_minor,
        }
    }
}

/// What paid a part of the total before any payment: each can be given back in kind.
fn tendered(draft: &Draft, quote: &Quote) -> Vec<Payment> {
    let payment = |id: String, method: &str, amount_minor, reference| Payment {
        id,
        kind: PaymentKind::Capture,
        method: method.to_owned(),
        amount_minor,
        reference,
        state: PaymentState::Success,
        source: None,
        failure: None,
        expires_ms: None,
        currency: None,
        recorded_ms: 0,
        is_certain: false,
        provider: None,
    };
    let tenders = quote.tenders.iter().zip(1_u32..).map(|(tender, position)| {
        let method = match tender.kind {
            TenderKind::GiftCard => GIFT_CARD,
            TenderKind::StoreCredit => STORE_CREDIT,
            TenderKind::Points => POINTS,
        };
        payment(format!("tender-{position}"), method, tender.amount_minor, tender.code.clone())
    });
    let prepaid = draft.prepaid_minor.filter(|amount| !amount.is_zero());
    let prepaid = prepaid.map(|amount| payment("prepaid".to_owned(), "prepaid", amount, None));
    prepaid.into_iter().chain(tenders).collect()
}
