//! Prices that hold the tax of the home country, for a buyer with other taxes.

use super::{exact::split, fraction::Fraction};
use crate::{
    decimal::{Decimal, power_of_ten},
    money::AmountError,
    rounding::Rounding,
    ruleset::{PriceBasis, Ruleset, TaxComponent},
};

/// The price that leaves the shop the same net amount: `home` taxes out, `taxes` in.
pub(super) fn rebased(
    price: Decimal,
    home: &[TaxComponent],
    taxes: &[TaxComponent],
    ruleset: &Ruleset,
) -> Result<Decimal, AmountError> {
    let destination = ruleset.taxation.destination;
    let mode = ruleset.rounding.mode;
    let price = Fraction::decimal(price)?;
    let basis = PriceBasis::TaxInclusive;
    let mut net = split(price, Fraction::ONE, basis, home, Fraction::ONE)?.net;
    if let Some(digits) = destination.net_digits {
        net = Fraction::decimal(rounded(net, digits, mode)?)?;
    }
    let basis = PriceBasis::TaxExclusive;
    let gross = split(net, Fraction::ONE, basis, taxes, Fraction::ONE)?.gross;
    rounded(gross, destination.gross_digits.unwrap_or(ruleset.currency.exponent()), mode)
}

fn rounded(value: Fraction, digits: u8, mode: Rounding) -> Result<Decimal, AmountError> {
    let unit = Fraction::new(power_of_ten(digits), 1)?;
    let scaled = value.times(unit)?.rounded(mode)?;
    Decimal::from_parts(scaled.minor().into(), digits).ok_or(AmountError)
}
