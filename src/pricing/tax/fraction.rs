//! Exact fractions, for taxes on taxes and for sums that are rounded last.

use crate::{
    decimal::Decimal,
    money::{Amount, AmountError},
    rounding::Rounding,
};

/// A fraction in lowest terms with a denominator above zero.
///
/// Whatever leaves 128 bits is an [`AmountError`]: a rate of nine decimals on top of another still fits
/// any amount of a real order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    pub fn new(numerator: i128, denominator: i128) -> Result<Self, AmountError> {
        let (mut common, mut rest) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        while let Some(remainder) = common.checked_rem(rest) {
            (common, rest) = (rest, remainder);
        }
        let common = i128::try_from(common).map_err(|_| AmountError)?;
        let common = if denominator < 0 { common.checked_neg() } else { Some(common) };
        let reduced = |value: i128| value.checked_div(common?).ok_or(AmountError).ok();
        match (reduced(numerator), reduced(denominator)) {
            (Some(numerator), Some(denominator)) if denominator > 0 => {
                Ok(Self { numerator, denominator })
            }
            _ => Err(AmountError),
        }
    }

    pub fn whole(value: i64) -> Self {
        Self { numerator: value.into(), denominator: 1 }
    }

    pub fn decimal(value: Decimal) -> Result<Self, AmountError> {
        Self::new(value.mantissa(), value.denominator())
    }

    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        if other.numerator == 0 {
            return Ok(self);
        }
        if self.denominator == other.denominator {
            let sum = self.numerator.checked_add(other.numerator).ok_or(AmountError)?;
            return if self.denominator == 1 {
                Ok(Self { numerator: sum, denominator: 1 })
            } else {
                Self::new(sum, self.denominator)
            };
        }
        let left = product(self.numerator, other.denominator)?;
        let right = product(other.numerator, self.denominator)?;
        let sum = left.checked_add(right).ok_or(AmountError)?;
        Self::new(sum, product(self.denominator, other.denominator)?)
    }

    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        let numerator = other.numerator.checked_neg().ok_or(AmountError)?;
        self.plus(Self { numerator, denominator: other.denominator })
    }

    pub fn times(self, other: Self) -> Result<Self, AmountError> {
        // Across first, so that the products stay small.
        let one = Self::new(self.numerator, other.denominator)?;
        let two = Self::new(other.numerator, self.denominator)?;
        Self::new(
            product(one.numerator, two.numerator)?,
            product(one.denominator, two.denominator)?,
        )
    }

    pub fn over(self, other: Self) -> Result<Self, AmountError> {
        self.times(Self::new(other.denominator, other.numerator)?)
    }

    pub fn sum(values: impl IntoIterator<Item = Self>) -> Result<Self, AmountError> {
        values.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    pub fn rounded(self, mode: Rounding) -> Result<Amount, AmountError> {
        Amount::from_fraction(self.numerator, self.denominator, mode)
    }

    /// Whether this is more than the other; equal where the comparison would leave 128 bits.
    pub fn exceeds(self, other: Self) -> bool {
        let left = self.numerator.checked_mul(other.denominator);
        let right = other.numerator.checked_mul(self.denominator);
        left.zip(right).is_some_and(|(left, right)| left > right)
    }

    /// Whether this is farther from zero than the other, or on the other side of it.
    pub fn is_beyond(self, other: Self) -> bool {
        match self.numerator.signum() {
            0 => false,
            1 => self.exceeds(other),
            _ => other.exceeds(self),
        }
    }

    pub fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }
}

fn product(one: i128, other: i128) -> Result<i128, AmountError> {
    one.checked_mul(other).ok_or(AmountError)
}

#[cfg(test)]
mod tests {
    use super::Fraction;

    #[test]
    fn arithmetic_stays_in_lowest_terms_with_the_sign_above() {
        let fraction = |numerator, denominator| Fraction::new(numerator, denominator).unwrap();
        assert_eq!(fraction(6, -4).parts(), (-3, 2));
        assert_eq!(fraction(0, -4).parts(), (0, 1));
        assert_eq!(fraction(1, 3).plus(fraction(1, 6)).unwrap().parts(), (1, 2));
        assert_eq!(fraction(1, 3).minus(fraction(1, 3)).unwrap(), Fraction::ZERO);
        assert_eq!(fraction(2, 3).times(fraction(9, 4)).unwrap().parts(), (3, 2));
        assert_eq!(fraction(1, 2).over(fraction(-3, 4)).unwrap().parts(), (-2, 3));
        assert!(fraction(1, 2).over(Fraction::ZERO).is_err() && Fraction::new(1, 0).is_err());
        assert!(fraction(2, 3).exceeds(fraction(5, 8)) && !fraction(5, 8).exceeds(fraction(5, 8)));
    }

    #[test]
    fn what_leaves_128_bits_is_an_error() {
        let large = Fraction::new(i128::MAX, 1).unwrap();
        assert!(large.plus(Fraction::ONE).is_err() && large.times(large).is_err());
    }
}
