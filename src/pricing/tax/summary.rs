//! The tax summary of the document: one row for each category, rate, jurisdiction and reason.

use crate::{
    money::{Amount, AmountError},
    pricing::{
        quote::TaxTotal,
        trace::{RoundedLine, Trace, TraceStep},
    },
    ruleset::TaxComponent,
};

/// Room for the lines of one tax in most carts, so that the lists need not grow.
pub(super) const MOST_LINES: usize = 16;

/// One tax: its sums, and its lines where each is computed on its own.
pub(super) struct TaxSum<'a> {
    tax: &'a TaxComponent,
    taxable: Amount,
    amount: Amount,
    pub lines: Vec<usize>,
    pub amounts: Vec<Amount>,
    pub rounded: Vec<RoundedLine>,
}

/// The sums of each tax, in the order in which the taxes came up.
#[derive(Default)]
pub(super) struct Summary<'a> {
    sums: Vec<TaxSum<'a>>,
}

impl<'a> Summary<'a> {
    /// Adds to the sums of a tax and gives them; new ones have room for some lines.
    pub fn add(
        &mut self,
        tax: &'a TaxComponent,
        room: usize,
        net: Amount,
        amount: Amount,
    ) -> Result<&mut TaxSum<'a>, AmountError> {
        // Most lines have the very component of an earlier one, which is faster to see than an equal one.
        let same = |sum: &TaxSum<'_>| core::ptr::eq(sum.tax, tax) || sum.tax == tax;
        let at = self.sums.iter().position(same).unwrap_or(self.sums.len());
        if at == self.sums.len() {
            self.sums.push(TaxSum {
                tax,
                taxable: Amount::ZERO,
                amount: Amount::ZERO,
                lines: Vec::with_capacity(room),
                amounts: Vec::with_capacity(room),
                rounded: Vec::with_capacity(room),
            });
        }
        let sum = self.sums.get_mut(at).ok_or(AmountError)?;
        sum.taxable = sum.taxable.plus(net)?;
        sum.amount = sum.amount.plus(amount)?;
        Ok(sum)
    }

    /// The summary in the order of the taxes; the taxes of lines go into the trace.
    pub fn finish(self, trace: &mut Trace) -> Vec<TaxTotal> {
        let mut totals: Vec<TaxTotal> = Vec::with_capacity(self.sums.len());
        for sum in self.sums {
            let place = totals.partition_point(|total| total.tax < *sum.tax);
            let (tax, taxable_minor, tax_minor) = (sum.tax.clone(), sum.taxable, sum.amount);
            totals.insert(place, TaxTotal { tax, taxable_minor, tax_minor });
            if !sum.lines.is_empty() {
                trace.push(TraceStep::LineTaxes {
                    tax: sum.tax.clone(),
                    lines: sum.lines,
                    amounts_minor: sum.amounts,
                    rounded: sum.rounded,
                });
            }
        }
        totals
    }
}
