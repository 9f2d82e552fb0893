//! Rounding as an argument: every division that can lose a fraction names its mode.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

/// How a fraction becomes a whole number.
///
/// Every mode but [`Rounding::HalfTowardPositive`] is symmetric: rounding `-x` gives the negative of
/// rounding `x`, so a refund mirrors its charge exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Rounding {
    /// To the nearest, halves away from zero: 2.5 → 3, −2.5 → −3. The rule of EN 16931.
    #[default]
    HalfUp,
    /// To the nearest, halves to the even neighbour: 2.5 → 2, 3.5 → 4.
    HalfEven,
    /// To the nearest, halves toward zero: 2.5 → 2, −2.5 → −2.
    HalfDown,
    /// Away from zero: 2.1 → 3, −2.1 → −3.
    Up,
    /// Toward zero: 2.9 → 2, −2.9 → −2.
    Down,
    /// To the nearest, halves to the larger number: 2.5 → 3, but −2.5 → −2. JavaScript's `Math.round`,
    /// for shops that must match it; not symmetric.
    HalfTowardPositive,
    /// Carried to one more digit and no further, then up if that digit is above four: the rule of the
    /// Streamlined Sales and Use Tax Agreement (section 324) for tax in the United States.
    ///
    /// As nothing is rounded before, it gives what [`Rounding::HalfUp`] gives; a ruleset can say by
    /// name which rule it follows.
    ThirdDecimal,
}

impl Rounding {
    /// `numerator / denominator` as a whole number, rounded by this mode.
    ///
    /// `None` if the denominator is zero or the quotient does not fit.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::Rounding;
    ///
    /// assert_eq!(Rounding::HalfUp.divide(5, 2), Some(3));
    /// assert_eq!(Rounding::HalfUp.divide(-5, 2), Some(-3));
    /// assert_eq!(Rounding::HalfEven.divide(5, 2), Some(2));
    /// assert_eq!(Rounding::Down.divide(1, 0), None);
    /// ```
    pub fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        // 128-bit division is a slow library call on wasm32; almost all real amounts fit in 64 bits.
        if let (Ok(small), Ok(divisor)) = (i64::try_from(numerator), i64::try_from(denominator)) {
            let quotient = small.checked_div(divisor)?;
            let remainder = small.checked_rem(divisor)?;
            if remainder == 0 {
                return Some(i128::from(quotient));
            }
            let away = self.away_from_zero(
                remainder.unsigned_abs().into(),
                divisor.unsigned_abs().into(),
                quotient & 1 == 1,
                (small < 0) != (divisor < 0),
            );
            return step(i128::from(quotient), away, (small < 0) != (divisor < 0));
        }
        let quotient = numerator.checked_div(denominator)?;
        let remainder = numerator.checked_rem(denominator)?;
        if remainder == 0 {
            return Some(quotient);
        }
        let away = self.away_from_zero(
            remainder.unsigned_abs(),
            denominator.unsigned_abs(),
            quotient & 1 == 1,
            (numerator < 0) != (denominator < 0),
        );
        step(quotient, away, (numerator < 0) != (denominator < 0))
    }

    fn away_from_zero(self, remainder: u128, divisor: u128, odd: bool, negative: bool) -> bool {
        // `remainder` against half of `divisor`, without doubling, which could overflow.
        let rest = divisor.saturating_sub(remainder);
        match self {
            Self::HalfUp | Self::ThirdDecimal => remainder >= rest,
            Self::HalfTowardPositive => remainder > rest || (remainder == rest && !negative),
            Self::HalfDown => remainder > rest,
            Self::HalfEven => remainder > rest || (remainder == rest && odd),
            Self::Up => true,
            Self::Down => false,
        }
    }
}

fn step(quotient: i128, away: bool, negative: bool) -> Option<i128> {
    match (away, negative) {
        (false, _) => Some(quotient),
        (true, false) => quotient.checked_add(1),
        (true, true) => quotient.checked_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use super::Rounding::{
        self, Down, HalfDown, HalfEven, HalfTowardPositive, HalfUp, ThirdDecimal, Up,
    };

    #[track_caller]
    fn rounds(tenths: i128, expected: [i128; 5]) {
        for (mode, want) in [HalfUp, HalfEven, HalfDown, Up, Down].into_iter().zip(expected) {
            assert_eq!(mode.divide(tenths, 10), Some(want), "{mode:?} of {tenths}/10");
            assert_eq!(mode.divide(-tenths, 10), Some(-want), "{mode:?} of -{tenths}/10");
        }
    }

    #[test]
    fn each_mode_is_defined_by_its_neighbours_and_mirrors_below_zero() {
        //      in   up even down  away zero
        rounds(20, [2, 2, 2, 2, 2]);
        rounds(21, [2, 2, 2, 3, 2]);
        rounds(25, [3, 2, 2, 3, 2]);
        rounds(26, [3, 3, 3, 3, 2]);
        rounds(35, [4, 4, 3, 4, 3]);
        rounds(0, [0, 0, 0, 0, 0]);
    }

    #[test]
    fn halves_toward_positive_are_those_of_javascript() {
        for (tenths, want) in [(25, 3), (-25, -2), (24, 2), (-26, -3), (-24, -2), (-5, 0), (5, 1)] {
            assert_eq!(HalfTowardPositive.divide(tenths, 10), Some(want), "{tenths}/10");
        }
    }

    #[test]
    fn the_third_decimal_decides_and_the_fourth_does_not() {
        for thousandths in -3_000_i128..3_000 {
            // Cut to tenths of the unit, as the law carries it, then up above four.
            let tenths = thousandths.abs() / 100;
            let want = (tenths / 10 + i128::from(tenths % 10 > 4)) * thousandths.signum();
            assert_eq!(ThirdDecimal.divide(thousandths, 1_000), Some(want), "{thousandths}");
        }
    }

    #[test]
    fn wide_operands_take_the_same_decision_as_narrow_ones() {
        let wide = i128::from(i64::MAX) * 4;
        for mode in [HalfUp, HalfEven, HalfDown, Up, Down, HalfTowardPositive, ThirdDecimal] {
            for k in -30..=30 {
                assert_eq!(mode.divide(k * wide, 10 * wide), mode.divide(k, 10), "{mode:?} {k}");
            }
        }
        assert_eq!(Rounding::HalfUp.divide(i128::MAX, 1), Some(i128::MAX));
        assert_eq!(Rounding::HalfUp.divide(i128::MIN, -1), None);
    }
}
