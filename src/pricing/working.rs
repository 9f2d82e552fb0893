//! Working units: amounts inside pricing may be finer than the minor unit.

use crate::{
    money::{Amount, AmountError},
    rounding::Rounding,
    ruleset::Rules,
};

/// How many working units make one minor unit: 1 unless the ruleset keeps more digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Working {
    factor: i64,
}

impl Working {
    pub fn of(rules: &Rules) -> Self {
        Self { factor: rules.ruleset().rounding.working_factor() }
    }

    pub fn factor(self) -> i64 {
        self.factor
    }

    pub fn is_minor(self) -> bool {
        self.factor == 1
    }

    /// An amount of the rules in working units.
    pub fn up(self, amount: Amount) -> Result<Amount, AmountError> {
        if self.is_minor() {
            return Ok(amount);
        }
        Amount::new(amount.minor().checked_mul(self.factor).ok_or(AmountError)?)
    }

    /// Whole minor units, half away from zero: for what is shown, and what explains.
    pub fn shown(self, amount: Amount) -> Result<Amount, AmountError> {
        if self.is_minor() {
            return Ok(amount);
        }
        let working = i128::from(amount.minor());
        Amount::from_fraction(working, i128::from(self.factor), Rounding::HalfUp)
    }
}
