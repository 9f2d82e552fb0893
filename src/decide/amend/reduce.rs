//! Another price for units of a known line: a part of a credit without a quantity.
//!
//! Net and tax follow from what the line stored, in proportion, as those of every credit do.

use crate::{
    allocation::allocate,
    credit::{CreditShare, LineAmounts},
    money::{Amount, AmountError},
    rounding::Rounding,
    ruleset::PriceBasis,
};

/// What of an amount with its tax is taken off by `off`, an amount in the price basis; below zero is put back.
///
/// What is put back has the tax that it had in `ordered`, so that a discount that is taken away again leaves no cent behind
/// (Spree's test of a promotion that is removed). Of nothing nothing can be told apart: `None` if there is no base to be
/// proportional to.
pub(super) fn share_off(
    left: CreditShare,
    ordered: CreditShare,
    off: Amount,
    basis: PriceBasis,
) -> Result<Option<CreditShare>, AmountError> {
    if off.is_zero() {
        return Ok(Some(CreditShare::default()));
    }
    let rest = in_basis(left, basis).minus(off)?;
    let known =
        if off.is_negative() && !in_basis(ordered, basis).is_zero() { ordered } else { left };
    let base = in_basis(known, basis);
    if base.is_zero() {
        return Ok(None);
    }
    let product = i128::from(known.tax_minor.minor())
        .checked_mul(i128::from(rest.minor()))
        .ok_or(AmountError)?;
    let kept = Amount::from_fraction(product, i128::from(base.minor()), Rounding::HalfUp)?;
    let mut tax_minor = left.tax_minor.minus(kept)?;
    if off.is_negative() {
        // Never more tax than amount, whatever was rounded before.
        tax_minor = tax_minor.clamp(off, Amount::ZERO);
    }
    let (net_minor, gross_minor) = match basis {
        PriceBasis::TaxInclusive => (off.minus(tax_minor)?, off),
        PriceBasis::TaxExclusive => (off, off.plus(tax_minor)?),
    };
    Ok(Some(CreditShare { net_minor, tax_minor, gross_minor }))
}

/// The amount in which prices are: with tax or without.
pub(super) fn in_basis(share: CreditShare, basis: PriceBasis) -> Amount {
    match basis {
        PriceBasis::TaxInclusive => share.gross_minor,
        PriceBasis::TaxExclusive => share.net_minor,
    }
}

/// What takes `off` off what is left of a line, as another price or as a discount at a place.
pub(super) fn line_off(
    left: &LineAmounts,
    ordered: &LineAmounts,
    off: Amount,
    discount: Option<usize>,
    basis: PriceBasis,
) -> Result<Option<LineAmounts>, AmountError> {
    let Some(share) = share_off(left.share(), ordered.share(), off, basis)? else {
        return Ok(None);
    };
    let mut part = LineAmounts {
        net_minor: share.net_minor,
        tax_minor: share.tax_minor,
        gross_minor: share.gross_minor,
        ..LineAmounts::default()
    };
    let parts = [left, ordered].map(|it| &it.taxes_minor);
    let parts = parts.into_iter().find(|taxes| taxes.iter().any(|tax| !tax.is_zero()));
    if let Some(parts) = parts {
        part.taxes_minor = allocate(share.tax_minor, parts)?;
    }
    match discount {
        None => part.amount_minor = off,
        Some(at) => {
            part.discounts_minor = vec![Amount::ZERO; at];
            part.discounts_minor.push(off.negate());
        }
    }
    Ok(Some(part))
}
