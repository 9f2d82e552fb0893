//! The taxes of one sum before any rounding: rates, taxes on taxes, and amounts per unit.

use super::fraction::Fraction;
use crate::{
    money::AmountError,
    ruleset::{PriceBasis, TaxComponent},
};

/// A sum with its taxes, as exact fractions.
pub(super) struct Exact {
    pub net: Fraction,
    pub gross: Fraction,
    /// In the order of the components.
    pub taxes: Vec<Fraction>,
}

/// A tax as a function of the net sum: `slope × net + fixed`.
#[derive(Clone, Copy)]
struct Linear {
    slope: Fraction,
    fixed: Fraction,
}

impl Linear {
    const ZERO: Self = Self { slope: Fraction::ZERO, fixed: Fraction::ZERO };

    fn plus(self, other: Self) -> Result<Self, AmountError> {
        Ok(Self { slope: self.slope.plus(other.slope)?, fixed: self.fixed.plus(other.fixed)? })
    }

    fn times(self, rate: Fraction) -> Result<Self, AmountError> {
        Ok(Self { slope: self.slope.times(rate)?, fixed: self.fixed.times(rate)? })
    }

    fn at(self, net: Fraction) -> Result<Fraction, AmountError> {
        self.slope.times(net)?.plus(self.fixed)
    }
}

/// Splits an amount in its basis into net, taxes and gross.
///
/// Every tax is linear in the net sum, taxes on taxes too, so that a price that holds them is solved
/// in one step: no tax has to be backed out before another.
///
/// `unit` is what one major unit is in the unit of `amount`.
pub(super) fn split(
    amount: Fraction,
    quantity: Fraction,
    basis: PriceBasis,
    taxes: &[TaxComponent],
    unit: Fraction,
) -> Result<Exact, AmountError> {
    let (mut linear, mut all) = with_sum(quantity, taxes, unit)?;
    // A price holds no more tax per unit than there is of it, such as after a discount.
    if basis.is_inclusive() && all.fixed.is_beyond(amount) {
        (linear, all) = with_sum(quantity.times(amount.over(all.fixed)?)?, taxes, unit)?;
    }
    let (net, gross) = match basis {
        PriceBasis::TaxExclusive => (amount, amount.plus(all.at(amount)?)?),
        PriceBasis::TaxInclusive => {
            let whole = Fraction::ONE.plus(all.slope)?;
            (amount.minus(all.fixed)?.over(whole)?, amount)
        }
    };
    let mut exact = Vec::with_capacity(linear.len());
    for tax in linear {
        exact.push(tax.at(net)?);
    }
    Ok(Exact { net, gross, taxes: exact })
}

/// Each tax, and all of them together.
fn with_sum(
    quantity: Fraction,
    taxes: &[TaxComponent],
    unit: Fraction,
) -> Result<(Vec<Linear>, Linear), AmountError> {
    let linear = linear(quantity, taxes, unit)?;
    let all = linear.iter().copied().try_fold(Linear::ZERO, Linear::plus)?;
    Ok((linear, all))
}

fn linear(
    quantity: Fraction,
    taxes: &[TaxComponent],
    unit: Fraction,
) -> Result<Vec<Linear>, AmountError> {
    let mut base = Linear { slope: Fraction::ONE, fixed: Fraction::ZERO };
    let mut linear = Vec::with_capacity(taxes.len());
    for component in taxes {
        let tax = if let Some(amount) = component.amount_per_unit {
            let fixed = Fraction::decimal(amount)?.times(quantity)?.times(unit)?;
            Linear { slope: Fraction::ZERO, fixed }
        } else if component.compound {
            base.times(percent(component)?)?
        } else {
            Linear { slope: percent(component)?, fixed: Fraction::ZERO }
        };
        if !component.untaxed {
            base = base.plus(tax)?;
        }
        linear.push(tax);
    }
    Ok(linear)
}

/// The rate of all taxes together on a net sum of one, amounts per unit left out.
pub(super) fn whole_rate(taxes: &[TaxComponent]) -> Result<Fraction, AmountError> {
    let linear = linear(Fraction::ZERO, taxes, Fraction::ONE)?;
    Fraction::sum(linear.into_iter().map(|tax| tax.slope))
}

fn percent(component: &TaxComponent) -> Result<Fraction, AmountError> {
    let denominator = component.percent.denominator().checked_mul(100).ok_or(AmountError)?;
    Fraction::new(component.percent.mantissa(), denominator)
}
