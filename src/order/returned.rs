//! What returns do to an order: their steps, the counters of lines, and the goods sent in exchange.

use super::{Event, Order, OrderLine, corrupt};
use crate::{
    decimal::Decimal,
    issue::Issue,
    money::Amount,
    returns::{
        GoodsFate, Inspection, LineOutcome, Replacement, Return, ReturnLine, ReturnStatus,
        Settlement,
    },
};

impl Order {
    pub(super) fn apply_to_returns(&mut self, event: &Event, at_ms: i64) -> Result<(), Issue> {
        match event {
            Event::ReturnRequested { request } => self.returns.push(request.as_ref().clone()),
            Event::ReturnMoved { return_id, to, reason, carrier, tracking } => {
                let moved = self.return_reaches(return_id, *to, at_ms)?;
                moved.reason.clone_from(reason);
                moved.carrier = carrier.clone().or_else(|| moved.carrier.take());
                moved.tracking = tracking.clone().or_else(|| moved.tracking.take());
            }
            Event::ReturnReceived { return_id, lines } => {
                let returned = self.return_reaches(return_id, ReturnStatus::Received, at_ms)?;
                for part in lines {
                    let line = line_of(returned, &part.line)?;
                    line.received = line.received.checked_add(part.quantity).ok_or_else(corrupt)?;
                }
            }
            Event::ReturnInspected { return_id, inspections } => {
                let returned = self.return_reaches(return_id, ReturnStatus::Inspected, at_ms)?;
                for inspection in inspections {
                    line_of(returned, &inspection.line)?.inspections.push(inspection.clone());
                }
            }
            Event::ReturnResolved { return_id, outcomes, settlement, carrier_claim } => {
                let returned = self.return_reaches(return_id, ReturnStatus::Resolved, at_ms)?;
                returned.carrier_claim.clone_from(carrier_claim);
                self.settle(return_id, outcomes, settlement)?;
            }
            _ => return Err(corrupt()),
        }
        self.count_returns()
    }

    fn return_reaches(
        &mut self,
        id: &str,
        status: ReturnStatus,
        at_ms: i64,
    ) -> Result<&mut Return, Issue> {
        let found = self.returns.iter_mut().find(|it| it.id == id).ok_or_else(corrupt)?;
        (found.status, found.moved_ms) = (status, at_ms);
        Ok(found)
    }

    fn settle(
        &mut self,
        id: &str,
        outcomes: &[LineOutcome],
        settlement: &Settlement,
    ) -> Result<(), Issue> {
        let returned = self.returns.iter_mut().find(|it| it.id == id).ok_or_else(corrupt)?;
        for outcome in outcomes {
            line_of(returned, &outcome.line)?.outcomes.push(outcome.clone());
        }
        returned.refunds.clone_from(&settlement.refunds);
        returned.store_credit_minor = settlement.store_credit_minor;
        if let Some(credit) = &settlement.credit {
            self.credit(credit)?;
        }
        for replacement in &settlement.replacements {
            self.lines.push(OrderLine::replacing(replacement)?);
        }
        Ok(())
    }

    /// Counts what returns hold of each line anew, so that counters cannot drift from the returns.
    fn count_returns(&mut self) -> Result<(), Issue> {
        for line in &mut self.lines {
            line.count_returns(&self.returns).ok_or_else(corrupt)?;
        }
        Ok(())
    }

    /// Whether a return waits for goods or an answer.
    pub fn has_open_return(&self) -> bool {
        self.returns.iter().any(|it| it.status.is_open())
    }

    /// Whether all goods were credited: called off or back.
    pub fn is_all_credited(&self) -> bool {
        self.lines.iter().all(|line| line.credited >= line.ordered)
    }
}

fn line_of<'r>(returned: &'r mut Return, id: &str) -> Result<&'r mut ReturnLine, Issue> {
    returned.lines.iter_mut().find(|line| line.line == id).ok_or_else(corrupt)
}

impl OrderLine {
    /// A line of goods that are sent in exchange, with nothing done yet.
    fn replacing(replacement: &Replacement) -> Result<Self, Issue> {
        let (zero, amounts) = (Decimal::ZERO, &replacement.amounts);
        Ok(Self {
            id: replacement.id.clone(),
            sku: replacement.sku.clone(),
            name: replacement.name.clone(),
            replaces: Some(replacement.line.clone()),
            unit_price: replacement.unit_price,
            base_quantity: replacement.base_quantity,
            ordered: replacement.quantity,
            canceled: zero,
            backordered: zero,
            allocated: zero,
            picked: zero,
            packed: zero,
            shipped: zero,
            delivered: zero,
            returned_to_sender: zero,
            lost: zero,
            return_requested: zero,
            received: zero,
            inspected: zero,
            restocked: zero,
            written_off: zero,
            sent_back: zero,
            credited: zero,
            amount_minor: amounts.amount_minor,
            discount_minor: Amount::sum(amounts.discounts_minor.iter().copied())?,
            discounts_minor: amounts.discounts_minor.clone(),
            net_minor: amounts.net_minor,
            tax_minor: amounts.tax_minor,
            gross_minor: amounts.gross_minor,
            taxes_minor: amounts.taxes_minor.clone(),
            settled: None,
        })
    }

    fn count_returns(&mut self, returns: &[Return]) -> Option<()> {
        let zero = Decimal::ZERO;
        (self.return_requested, self.received, self.inspected) = (zero, zero, zero);
        (self.restocked, self.written_off, self.sent_back) = (zero, zero, zero);
        for returned in returns {
            for line in returned.lines.iter().filter(|line| line.line == self.id) {
                let counted = returned.counted(line)?;
                self.return_requested = self.return_requested.checked_add(counted)?;
                self.received = self.received.checked_add(line.received)?;
                for Inspection { quantity, goods, .. } in &line.inspections {
                    self.inspected = self.inspected.checked_add(*quantity)?;
                    let place = match goods {
                        GoodsFate::Restock => &mut self.restocked,
                        GoodsFate::WriteOff => &mut self.written_off,
                        GoodsFate::SendBack => &mut self.sent_back,
                    };
                    *place = place.checked_add(*quantity)?;
                }
            }
        }
        Some(())
    }

    /// How many the customer has and has not asked to give back.
    pub fn open_to_return(&self) -> Decimal {
        let with_customer = self.delivered.checked_add(self.sent_back).unwrap_or(self.delivered);
        with_customer.checked_sub(self.return_requested).unwrap_or_default().max(Decimal::ZERO)
    }
}
