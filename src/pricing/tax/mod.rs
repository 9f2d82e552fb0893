//! Tax: which taxes a line has (`selection`, `charge`, `destination`), and what they come to.
//!
//! `plain` computes what almost every order needs; `sheet` all the rest, cell by cell (one tax of one
//! line) in exact fractions, which are then rounded where the ruleset says.

mod charge;
mod destination;
mod exact;
mod fraction;
mod handback;
mod plain;
mod report;
mod selection;
mod sheet;
mod summary;

pub(super) use charge::Charges;
pub(super) use selection::TaxSelection;

use super::{
    quote::{LineTax, TaxTotal},
    trace::{Trace, TraceStep},
};
use crate::{
    decimal::Decimal,
    money::{Amount, AmountError},
    ruleset::{PriceBasis, Rules, TaxComponent},
};

/// Something that is taxed: a line, a document adjustment or (a part of) the shipping charge.
#[derive(Clone, Copy)]
pub(super) struct TaxMember<'a> {
    pub line: Option<usize>,
    pub is_shipping: bool,
    pub taxes: &'a [TaxComponent],
    pub basis: PriceBasis,
    /// For taxes per unit; missing for what has no units.
    pub quantity: Option<&'a Decimal>,
    /// In its basis, after discounts, in working units.
    pub amount: Amount,
}

impl TaxMember<'_> {
    fn has_taxes(&self, taxes: &[TaxComponent]) -> bool {
        core::ptr::eq(taxes, self.taxes) || taxes == self.taxes
    }
}

/// Net, tax and gross in minor units.
pub(super) type Split = (Amount, Amount, Amount);

/// Net, tax and gross of every member, and the summary by category and rate.
pub(super) struct TaxResult {
    pub splits: Vec<Split>,
    /// All members that are shipping.
    pub shipping: Split,
    pub totals: Vec<TaxTotal>,
    /// The taxes of each member, where the ruleset asks for them.
    pub parts: Vec<Vec<LineTax>>,
}

/// The taxes of all members, whose amounts are in units of which `factor` make a minor unit.
pub(super) fn compute<'a>(
    members: &[TaxMember<'a>],
    factor: i64,
    rules: &'a Rules,
    trace: &mut Trace,
) -> Result<TaxResult, AmountError> {
    let ruleset = rules.ruleset();
    let mut result =
        if !ruleset.taxation.line_taxes && plain::is_enough(members, factor, &ruleset.rounding) {
            plain::compute(members, ruleset.rounding, trace)?
        } else {
            sheet::compute(members, factor, ruleset, trace)?
        };
    if trace.is_kept() && members.iter().any(|member| member.basis != ruleset.price_basis) {
        let on_top = members.iter().zip(&result.splits);
        let on_top = on_top.filter(|(member, _)| !member.basis.is_inclusive());
        let amount_minor = Amount::sum(on_top.map(|(_, split)| split.1))?;
        trace.push(TraceStep::TaxOnTop { amount_minor });
    }
    // Shipping stands last.
    for (member, split) in members.iter().zip(&result.splits).rev() {
        if !member.is_shipping {
            break;
        }
        let sum = result.shipping;
        result.shipping = (sum.0.plus(split.0)?, sum.1.plus(split.1)?, sum.2.plus(split.2)?);
    }
    Ok(result)
}

/// Net, tax and gross of a member whose amount is `whole` minor units.
fn split_of(member: &TaxMember<'_>, whole: Amount, tax: Amount) -> Result<Split, AmountError> {
    if member.basis.is_inclusive() {
        Ok((whole.minus(tax)?, tax, whole))
    } else {
        Ok((whole, tax, whole.plus(tax)?))
    }
}
