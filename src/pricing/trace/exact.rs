//! What rounding takes away.

use crate::decimal::{Decimal, power_of_ten};

/// An exact fraction as text, if rounding changes it: a decimal where it ends within nine digits.
pub(in crate::pricing) fn inexact(numerator: i128, denominator: i128) -> Option<String> {
    // 64 bits are enough for almost every amount, and 128-bit division is slow on wasm32.
    let narrow = (i64::try_from(numerator), i64::try_from(denominator));
    let (Ok(small), Ok(divisor)) = narrow else {
        let exact = numerator.checked_rem(denominator) == Some(0);
        return (!exact).then(|| fraction(numerator, denominator));
    };
    if small.checked_rem(divisor) == Some(0) {
        return None;
    }
    if !ends(small, divisor) {
        return Some(narrow_fraction(small, divisor));
    }
    // The fewest digits that hold the fraction exactly.
    for scale in 1..=9_u8 {
        let power = i64::try_from(power_of_ten(scale)).unwrap_or(i64::MAX);
        let Some(scaled) = small.checked_mul(power) else { break };
        if scaled.checked_rem(divisor) == Some(0) {
            let value = scaled.checked_div(divisor).unwrap_or_default();
            return Decimal::from_parts(i128::from(value), scale).map(Decimal::to_text);
        }
    }
    Some(narrow_fraction(small, divisor))
}

/// Whether the fraction is a decimal of any length: what is not a 2 or 5 in the denominator must cancel out.
fn ends(numerator: i64, denominator: i64) -> bool {
    let mut rest = denominator.checked_shr(denominator.trailing_zeros()).unwrap_or(1);
    while let (Some(0), Some(fifth)) = (rest.checked_rem(5), rest.checked_div(5)) {
        rest = fifth;
    }
    numerator.checked_rem(rest) == Some(0)
}

/// As [`fraction`], without wide arithmetic.
fn narrow_fraction(numerator: i64, denominator: i64) -> String {
    let (mut common, mut rest) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    while let Some(remainder) = common.checked_rem(rest) {
        (common, rest) = (rest, remainder);
    }
    let common = i64::try_from(common).unwrap_or(1);
    let reduced = |value: i64| value.checked_div(common).unwrap_or(value);
    let mut text = String::with_capacity(24);
    text.push_str(itoa::Buffer::new().format(reduced(numerator)));
    text.push('/');
    text.push_str(itoa::Buffer::new().format(reduced(denominator)));
    text
}

/// The fraction in lowest terms, by Euclid's algorithm.
fn fraction(numerator: i128, denominator: i128) -> String {
    let (mut common, mut rest) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    while let Some(remainder) = common.checked_rem(rest) {
        (common, rest) = (rest, remainder);
    }
    let common = i128::try_from(common).unwrap_or(1);
    let reduced = |value: i128| value.checked_div(common).unwrap_or(value);
    format!("{}/{}", reduced(numerator), reduced(denominator))
}

#[cfg(test)]
mod tests {
    use super::inexact;

    #[test]
    fn shows_what_rounding_takes_away() {
        let shown = |numerator, denominator| inexact(numerator, denominator).unwrap_or_default();
        assert_eq!(shown(30_850, 100), "308.5");
        assert_eq!(shown(30_800, 100), "");
        assert_eq!(shown(-1, 8), "-0.125");
        assert_eq!(shown(100, 3), "100/3");
        assert_eq!(shown(69_080, 120), "1727/3");
        assert_eq!(shown(-21, 14), "-1.5");
        assert_eq!(shown(1, 512), "0.001953125");
        assert_eq!(shown(3, 1 << 20), "3/1048576");
        assert_eq!(shown(i128::from(i64::MAX) * 2 + 1, 2), "18446744073709551615/2");
    }
}
