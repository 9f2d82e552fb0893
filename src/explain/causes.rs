//! The trace added up again: every amount has exactly one cause.

use crate::{
    money::{Amount, AmountError},
    pricing::{Quote, TraceStep},
    ruleset::PriceBasis,
};

/// The totals as the steps of the trace add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// As `itemsMinor`.
    pub items_minor: Amount,
    /// As `discountMinor`.
    pub discount_minor: Amount,
    /// Charges less allowances with taxes of their own.
    pub documents_minor: Amount,
    /// As `shippingMinor`.
    pub shipping_minor: Amount,
    /// As `taxMinor`.
    pub tax_minor: Amount,
    /// As `grossMinor`.
    pub gross_minor: Amount,
    /// As `payableMinor`.
    pub payable_minor: Amount,
}

/// The totals of a quote from its trace alone. They are those of the quote, or something is wrong: an amount without a cause, or
/// with two.
///
/// # Errors
///
/// A sum beyond 2^53 − 1, which no quote has.
pub fn causes(quote: &Quote) -> Result<Causes, AmountError> {
    let mut sums = Causes::default();
    let (mut paid, mut rounding, mut on_top) = (Amount::ZERO, Amount::ZERO, None);
    for step in &quote.trace {
        match step {
            TraceStep::LinePrices { amounts_minor, .. } => {
                let sum = Amount::sum(amounts_minor.iter().copied())?;
                sums.items_minor = sums.items_minor.plus(sum)?;
            }
            TraceStep::LineAdjustment { amount_minor, .. } => {
                sums.items_minor = sums.items_minor.plus(*amount_minor)?;
            }
            TraceStep::Discount { amount_minor, .. } | TraceStep::Points { amount_minor, .. } => {
                sums.discount_minor = sums.discount_minor.plus(*amount_minor)?;
            }
            TraceStep::Gift { value_minor, .. } => {
                sums.items_minor = sums.items_minor.plus(*value_minor)?;
                sums.discount_minor = sums.discount_minor.plus(*value_minor)?;
            }
            TraceStep::DocumentAdjustment { amount_minor, .. } => {
                sums.documents_minor = sums.documents_minor.plus(*amount_minor)?;
            }
            TraceStep::Shipping { amount_minor, .. } => {
                sums.shipping_minor = sums.shipping_minor.plus(*amount_minor)?;
            }
            TraceStep::ShippingDiscount { amount_minor, .. } => {
                sums.shipping_minor = sums.shipping_minor.minus(*amount_minor)?;
            }
            TraceStep::Tax { amount_minor, .. } => {
                sums.tax_minor = sums.tax_minor.plus(*amount_minor)?;
            }
            TraceStep::LineTaxes { amounts_minor, .. } => {
                let sum = Amount::sum(amounts_minor.iter().copied())?;
                sums.tax_minor = sums.tax_minor.plus(sum)?;
            }
            TraceStep::Payable { prepaid_minor, rounding_minor } => {
                paid = paid.plus(*prepaid_minor)?.minus(*rounding_minor)?;
            }
            TraceStep::Tender { amount_minor, .. } => paid = paid.plus(*amount_minor)?,
            TraceStep::CashRounding { amount_minor, .. } => paid = paid.minus(*amount_minor)?,
            TraceStep::LineAmountsRounded { amount_minor, .. } => {
                rounding = rounding.plus(*amount_minor)?;
            }
            TraceStep::TaxOnTop { amount_minor } => on_top = Some(*amount_minor),
            _ => {}
        }
    }
    let due = sums.items_minor.minus(sums.discount_minor)?.plus(sums.documents_minor)?;
    let due = due.plus(sums.shipping_minor)?.plus(rounding)?;
    sums.gross_minor = due.plus(match (on_top, quote.price_basis) {
        (Some(on_top), _) => on_top,
        (None, PriceBasis::TaxInclusive) => Amount::ZERO,
        (None, PriceBasis::TaxExclusive) => sums.tax_minor,
    })?;
    sums.payable_minor = sums.gross_minor.minus(paid)?;
    Ok(sums)
}
