//! What a finished sheet says: amounts of each member, the tax summary, and the trace.

use super::{
    Split, TaxResult,
    fraction::Fraction,
    sheet::{Cell, Sheet},
    split_of,
    summary::{MOST_LINES, Summary},
};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        quote::LineTax,
        trace::{RoundedLine, Trace, TraceStep, inexact},
    },
    rounding::Rounding,
    ruleset::{RoundingLevel, TaxComponent},
};

impl<'a> Sheet<'_, 'a> {
    pub(super) fn result(
        self,
        line_taxes: bool,
        trace: &mut Trace,
    ) -> Result<TaxResult, AmountError> {
        self.note_rounded_amounts(trace)?;
        let mut splits: Vec<Split> = Vec::with_capacity(self.rows.len());
        let mut sums: Vec<Pooled<'a>> = Vec::new();
        let mut summary = Summary::default();
        for (row, member) in self.rows.iter().zip(self.members) {
            let cells = self.cells.get(row.cell..).unwrap_or_default();
            let cells = cells.get(..member.taxes.len()).unwrap_or_default();
            let tax = Amount::sum(cells.iter().map(|cell| cell.tax))?;
            let split = split_of(member, row.whole, tax)?;
            splits.push(split);
            let alone = matches!(row.level, RoundingLevel::Line | RoundingLevel::Unit);
            let line = member.line.filter(|_| alone);
            let mut base = split.0;
            for cell in cells {
                let component = cell.component;
                let taxable = if component.compound { base } else { split.0 };
                if !component.untaxed {
                    base = base.plus(cell.tax)?;
                }
                if component.amount_per_unit.is_some()
                    && member.quantity.is_none_or(|quantity| quantity.is_zero())
                {
                    continue;
                }
                let Some(line) = line else {
                    summary.add(component, 0, taxable, cell.tax)?;
                    Pooled::add(&mut sums, cell, taxable)?;
                    continue;
                };
                let sum = summary.add(component, MOST_LINES, taxable, cell.tax)?;
                sum.lines.push(line);
                sum.amounts.push(cell.tax);
                let exact = shown(cell.exact, cell.tax);
                sum.rounded.extend(exact.map(|exact| RoundedLine { line, exact }));
            }
        }
        for sum in sums {
            trace.push(sum.step());
        }
        let totals = summary.finish(trace);
        let mut parts = Vec::new();
        if line_taxes {
            parts.resize_with(self.rows.len(), Vec::new);
            for cell in &self.cells {
                let tax = totals.iter().position(|total| total.tax == *cell.component);
                if let (Some(tax), Some(list)) = (tax, parts.get_mut(cell.member)) {
                    list.push(LineTax { tax, tax_minor: cell.tax });
                }
            }
        }
        Ok(TaxResult { splits, shipping: Split::default(), totals, parts })
    }

    /// Amounts of lines that were finer than the minor unit.
    fn note_rounded_amounts(&self, trace: &mut Trace) -> Result<(), AmountError> {
        if self.factor == Fraction::ONE || !trace.is_kept() {
            return Ok(());
        }
        let (mut rounded, mut added) = (Vec::new(), Amount::ZERO);
        // Shipping is shown as one amount, however many taxes share it.
        let mut shipping = Fraction::ZERO;
        for (row, member) in self.rows.iter().zip(self.members) {
            let amount = Fraction::whole(member.amount.minor()).over(self.factor)?;
            added = added.plus(row.whole)?;
            if member.is_shipping {
                shipping = shipping.plus(amount)?;
            } else {
                added = added.minus(amount.rounded(Rounding::HalfUp)?)?;
            }
            if let (Some(line), Some(exact)) = (member.line, shown(amount, row.whole)) {
                rounded.push(RoundedLine { line, exact });
            }
        }
        added = added.minus(shipping.rounded(Rounding::HalfUp)?)?;
        if !rounded.is_empty() || !added.is_zero() {
            trace.push(TraceStep::LineAmountsRounded { rounded, amount_minor: added });
        }
        Ok(())
    }
}

/// A tax over several members, for the trace.
struct Pooled<'a> {
    component: &'a TaxComponent,
    taxable: Amount,
    tax: Amount,
    exact: Option<Fraction>,
}

impl<'a> Pooled<'a> {
    fn add(sums: &mut Vec<Self>, cell: &Cell<'a>, taxable: Amount) -> Result<(), AmountError> {
        let same = |sum: &Self| {
            core::ptr::eq(sum.component, cell.component) || sum.component == cell.component
        };
        let at = sums.iter().position(same).unwrap_or(sums.len());
        if at == sums.len() {
            sums.push(Self {
                component: cell.component,
                taxable: Amount::ZERO,
                tax: Amount::ZERO,
                exact: Some(Fraction::ZERO),
            });
        }
        let sum = sums.get_mut(at).ok_or(AmountError)?;
        sum.taxable = sum.taxable.plus(taxable)?;
        sum.tax = sum.tax.plus(cell.tax)?;
        sum.exact = sum.exact.and_then(|exact| exact.plus(cell.exact).ok());
        Ok(())
    }

    fn step(self) -> TraceStep {
        TraceStep::Tax {
            tax: self.component.clone(),
            taxable_minor: self.taxable,
            amount_minor: self.tax,
            exact: self.exact.and_then(|exact| shown(exact, self.tax)),
        }
    }
}

/// The exact value as text, where it is not the rounded one.
fn shown(exact: Fraction, rounded: Amount) -> Option<String> {
    let (numerator, denominator) = exact.parts();
    if exact == Fraction::whole(rounded.minor()) {
        return None;
    }
    inexact(numerator, denominator).or_else(|| Some(numerator.to_string()))
}
