//! Edits of an order that was placed: what is remembered of them, and how they are folded in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Actor, EventRecord, Order, OrderDiscount, OrderLine, corrupt};
use crate::{
    amendment::{Amended, Amendment, AmendmentEffect, Change},
    credit::{Credit, CreditShare, LineAmounts},
    decimal::Decimal,
    issue::Issue,
    json::{FromJson, ToJson},
    money::{Amount, AmountError},
    pricing::{Quote, TaxTotal, Totals},
};

/// An edit of the order, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderAmendment {
    /// The edit.
    pub amendment: Amendment,
    /// What became of it.
    pub state: AmendmentState,
    /// What the buyer shall bear with it, as it was told.
    pub total_minor: Amount,
    /// The revision of the order that it was made for.
    pub revision: u64,
    /// When it was proposed, or applied without that.
    pub at_ms: i64,
    /// Who proposed or applied it.
    pub by: Actor,
}

/// What became of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum AmendmentState {
    /// It waits for a yes.
    Proposed,
    /// It took effect.
    Applied,
    /// Somebody said no.
    Declined,
}

/// Who last edited a field, and when: what decides whether two edits conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FieldEdit {
    /// The field, such as `line/1/quantity` or `shippingAddress`.
    pub field: String,
    /// The revision that the edit made.
    pub revision: u64,
    /// When.
    pub at_ms: i64,
    /// Who.
    pub by: Actor,
    /// The command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Uuid>,
}

/// What of a line's amounts no longer moves: credits of further units are parts of the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    /// The units that were credited before the line got another price.
    pub quantity: Decimal,
    /// What was credited by then, the change of the price included.
    pub amounts: LineAmounts,
}

impl Order {
    /// What all lines, shipping and charges still come to, after credits.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a sum is out of range.
    pub fn left(&self) -> Result<CreditShare, AmountError> {
        let Totals { net_minor, tax_minor, gross_minor, .. } = self.totals;
        let mut left = CreditShare { net_minor, tax_minor, gross_minor };
        for credit in &self.credits {
            let Credit { net_minor, tax_minor, total_minor: gross_minor, .. } = *credit;
            left = left.plus(CreditShare { net_minor, tax_minor, gross_minor }.negate())?;
        }
        Ok(left)
    }

    /// What a line still comes to, after credits.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a sum is out of range.
    pub fn left_of_line(&self, line: &OrderLine) -> Result<LineAmounts, AmountError> {
        line.amounts().minus(&self.credited_of_line(&line.id)?)
    }

    pub(super) fn credited_of_line(&self, line: &str) -> Result<LineAmounts, AmountError> {
        let parts = self.credits.iter().flat_map(|credit| &credit.lines);
        let mut own = parts.filter(|part| part.line == line);
        own.try_fold(LineAmounts::default(), |sum, part| sum.plus(&part.amounts))
    }

    /// What shipping still comes to, after credits.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a sum is out of range.
    pub fn left_of_shipping(&self) -> Result<CreditShare, AmountError> {
        let charged = self.shipping.as_ref().map(|it| CreditShare {
            net_minor: it.net_minor,
            tax_minor: it.tax_minor,
            gross_minor: it.gross_minor,
        });
        let mut credited = self.credits.iter().filter_map(|credit| credit.shipping);
        credited.try_fold(charged.unwrap_or_default(), |left, part| left.plus(part.negate()))
    }

    /// What each discount still takes off the lines, in the order of `discounts`.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a sum is out of range.
    pub fn left_of_discounts(&self) -> Result<Vec<Amount>, AmountError> {
        let mut sums = vec![Amount::ZERO; self.discounts.len()];
        for line in &self.lines {
            let left = self.left_of_line(line)?;
            for (sum, share) in sums.iter_mut().zip(left.discounts_minor) {
                *sum = sum.plus(share)?;
            }
        }
        Ok(sums)
    }

    /// Whether something shall be delivered or was.
    pub(crate) fn has_goods(&self) -> bool {
        self.lines.iter().any(|line| !line.to_deliver().is_zero())
    }

    /// An edit of the order by its id, whatever became of it.
    pub fn amendment(&self, id: &str) -> Option<&OrderAmendment> {
        self.amendments.iter().find(|known| known.amendment.id == id)
    }

    /// The last edit of a field.
    pub fn last_edit(&self, field: &str) -> Option<&FieldEdit> {
        self.edits.iter().find(|edit| edit.field == field)
    }

    pub(super) fn note_edit(&mut self, field: String, record: &EventRecord) {
        if field.is_empty() {
            return;
        }
        self.edits.retain(|edit| edit.field != field);
        self.edits.push(FieldEdit {
            field,
            revision: self.revision.saturating_add(1),
            at_ms: record.at_ms,
            by: record.by.clone(),
            command: record.command,
        });
    }

    /// Notes what became of an edit; one that was proposed before changes its state.
    pub(super) fn note_amendment(
        &mut self,
        amendment: &Amendment,
        state: AmendmentState,
        total_minor: Amount,
        record: &EventRecord,
    ) {
        let entry = OrderAmendment {
            amendment: amendment.clone(),
            state,
            total_minor,
            revision: self.revision.saturating_add(1),
            at_ms: record.at_ms,
            by: record.by.clone(),
        };
        match self.amendments.iter_mut().find(|known| known.amendment.id == amendment.id) {
            Some(known) => *known = OrderAmendment { by: known.by.clone(), ..entry },
            None => self.amendments.push(entry),
        }
    }

    pub(super) fn decline(&mut self, id: &str) -> Result<(), Issue> {
        let known = self.amendments.iter_mut().find(|known| known.amendment.id == id);
        known.ok_or_else(corrupt)?.state = AmendmentState::Declined;
        Ok(())
    }

    /// Folds an edit in: what the buyer said, then the amounts.
    pub(super) fn amend(&mut self, amended: &Amended, record: &EventRecord) -> Result<(), Issue> {
        let Amended { amendment, effect } = amended;
        for change in &amendment.changes {
            self.note_edit(change.field(), record);
            change.apply_to(&mut self.draft);
        }
        self.details = self.draft.details.clone();
        if let Some(terms) = effect.payment_terms {
            self.payment_terms = terms;
            // Coins are rounded for the method that was left.
            let rounding = core::mem::take(&mut self.totals.cash_rounding_minor);
            self.totals.payable_minor = self.totals.payable_minor.minus(rounding)?;
        }
        match &effect.quote {
            Some(quote) => self.reprice(quote, effect)?,
            None => self.follow(amendment, effect)?,
        }
        let total_minor = effect.total_minor;
        self.note_amendment(amendment, AmendmentState::Applied, total_minor, record);
        Ok(())
    }

    /// The whole order, priced anew. What gift cards and the like have paid stays paid.
    fn reprice(&mut self, quote: &Quote, effect: &AmendmentEffect) -> Result<(), Issue> {
        let mut draft = self.draft.as_ref().clone();
        draft.lines.clone_from(&effect.lines);
        self.fill(&draft, Some(quote))?;
        let tenders = self.tendered_minor.minus(draft.prepaid_minor.unwrap_or_default())?;
        self.totals.payable_minor = self.totals.payable_minor.minus(tenders)?;
        self.count_shipments()
    }

    /// Known lines keep their amounts and are credited; what is new stands beside them.
    fn follow(&mut self, amendment: &Amendment, effect: &AmendmentEffect) -> Result<(), Issue> {
        self.discounts.extend(effect.discounts.iter().map(OrderDiscount::of));
        if let Some(credit) = &effect.credit {
            self.cancel_lines(credit)?;
        }
        for change in &amendment.changes {
            if let Change::SetUnitPrice { line, unit_price } = change {
                let line = self.line_mut(line)?;
                if line.to_deliver() > Decimal::ZERO {
                    line.unit_price = *unit_price;
                }
            }
        }
        if let (Some(shipping), Some(method)) = (&mut self.shipping, &self.details.shipping_method)
        {
            shipping.method.clone_from(method);
        }
        if let Some(addition) = &effect.addition {
            self.add(addition)?;
        }
        self.draft.lines.extend(effect.lines.iter().cloned());
        Ok(())
    }

    fn add(&mut self, addition: &Quote) -> Result<(), Issue> {
        let first_discount = self.discounts.len();
        self.discounts.extend(addition.adjustments.iter().map(OrderDiscount::of));
        let mut places = Vec::with_capacity(addition.taxes.len());
        for tax in &addition.taxes {
            places.push(self.add_tax(tax)?);
        }
        for (index, line) in addition.lines.iter().enumerate() {
            let mut line = OrderLine::of(addition, index, line);
            if !line.discounts_minor.is_empty() {
                let mut shares = vec![Amount::ZERO; first_discount];
                shares.append(&mut line.discounts_minor);
                line.discounts_minor = shares;
            }
            line.move_taxes(&places);
            self.lines.push(line);
        }
        self.totals = self.totals.plus(&addition.totals)?;
        Ok(())
    }

    /// Adds a row to the tax summary, and says where it stands.
    fn add_tax(&mut self, added: &TaxTotal) -> Result<usize, AmountError> {
        let known = self.taxes.iter().position(|known| known.tax == added.tax);
        let place = known.unwrap_or(self.taxes.len());
        match self.taxes.get_mut(place) {
            Some(row) => {
                row.taxable_minor = row.taxable_minor.plus(added.taxable_minor)?;
                row.tax_minor = row.tax_minor.plus(added.tax_minor)?;
            }
            None => self.taxes.push(added.clone()),
        }
        Ok(place)
    }
}

impl OrderLine {
    /// The taxes of the line, at the places of the order's summary in place of the quote's.
    fn move_taxes(&mut self, places: &[usize]) {
        let own = core::mem::take(&mut self.taxes_minor);
        for (tax_minor, place) in own.into_iter().zip(places) {
            let length = place.saturating_add(1).max(self.taxes_minor.len());
            self.taxes_minor.resize(length, Amount::ZERO);
            if let Some(slot) = self.taxes_minor.get_mut(*place) {
                *slot = tax_minor;
            }
        }
    }
}
