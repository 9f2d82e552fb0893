//! Handing a rounded sum back to the parts that it was made of.

use super::{fraction::Fraction, plain::rate_weights};
use crate::{
    allocation::{allocate, give_leftover},
    money::{Amount, AmountError, collect},
    rounding::Rounding,
    ruleset::{Leftover, TaxComponent},
};

/// As fine as remainders are compared; closer ones count as equal.
const REMAINDER_STEPS: i128 = 1_000_000_000_000_000;

/// Shares `total` over exact parts whose sum it is the rounding of.
///
/// Each part gets its whole minor units, cut toward zero; what is left goes one by one to the parts
/// that lost the largest fractions, or to the first that lost any. A whole part stays as it is while
/// there are others. Negated parts with a negated total give negated shares.
pub(super) fn hand_back(
    total: Amount,
    parts: &[Fraction],
    leftover: Leftover,
) -> Result<Vec<Amount>, AmountError> {
    if let [_] = parts {
        return Ok(vec![total]);
    }
    let cut = collect(parts.iter().map(|part| part.rounded(Rounding::Down)))?;
    let rest = total.minus(Amount::sum(cut.iter().copied())?)?;
    if rest.is_zero() || parts.is_empty() {
        return Ok(cut);
    }
    let negative = rest.is_negative();
    let mirrored = |amount: Amount| if negative { amount.negate() } else { amount };
    let mut remainders = Vec::with_capacity(parts.len());
    for (part, cut) in parts.iter().zip(&cut) {
        let lost = part.minus(Fraction::whole(cut.minor()))?;
        let lost = if negative { Fraction::ZERO.minus(lost)? } else { lost };
        remainders.push(match leftover {
            _ if lost == Fraction::ZERO => i64::MIN,
            Leftover::First if lost.exceeds(Fraction::ZERO) => i64::MAX,
            _ => remainder(lost),
        });
    }
    let mut shares: Vec<i64> = cut.iter().map(|cut| mirrored(*cut).minor()).collect();
    let count = usize::try_from(mirrored(rest).minor()).map_err(|_| AmountError)?;
    // More than one each only where net and gross are rounded on their own.
    let every = i64::try_from(count.checked_div(parts.len()).ok_or(AmountError)?);
    let every = every.map_err(|_| AmountError)?;
    for share in &mut shares {
        *share = share.checked_add(every).ok_or(AmountError)?;
    }
    give_leftover(&mut shares, &remainders, count.checked_rem(parts.len()).unwrap_or(0));
    collect(shares.into_iter().map(|share| Amount::new(share).map(mirrored)))
}

fn remainder(lost: Fraction) -> i64 {
    let (numerator, denominator) = lost.parts();
    let scaled = numerator.checked_mul(REMAINDER_STEPS);
    // Beyond 128 bits both are so long that cutting them loses less than a step.
    let quotient = match scaled {
        Some(scaled) => scaled.checked_div(denominator),
        None => denominator
            .checked_div(REMAINDER_STEPS)
            .and_then(|denominator| numerator.checked_div(denominator)),
    };
    quotient.and_then(|quotient| i64::try_from(quotient).ok()).unwrap_or(0)
}

/// Shares the tax of several sums with the same rates: over the sums by amount, and in each over the
/// rates, so that both the sums and the rates get what they would get alone.
///
/// The result is row by row: all rates of the first sum, then of the second.
pub(super) fn hand_back_plain(
    total: Amount,
    amounts: &[Amount],
    taxes: &[TaxComponent],
) -> Result<Vec<Amount>, AmountError> {
    let rows = match amounts {
        [_] => vec![total],
        _ => allocate(total, amounts)?,
    };
    if let [_] = taxes {
        return Ok(rows);
    }
    let weights = rate_weights(taxes)?;
    let mut cells = Vec::with_capacity(rows.len().saturating_mul(taxes.len()));
    let mut sum = Amount::ZERO;
    let mut before = vec![Amount::ZERO; taxes.len()];
    for row in rows {
        sum = sum.plus(row)?;
        // Differences of running sums: the last of them is the sharing of the whole.
        let after = allocate(sum, &weights)?;
        for (after, before) in after.iter().zip(&before) {
            cells.push(after.minus(*before)?);
        }
        before = after;
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fractions(parts: &[(i128, i128)]) -> Vec<Fraction> {
        parts.iter().map(|&(above, below)| Fraction::new(above, below).unwrap()).collect()
    }

    #[track_caller]
    fn hands_back(total: i64, parts: &[(i128, i128)], leftover: Leftover, expected: &[i64]) {
        let shares = |sign: i64| {
            let parts: Vec<_> =
                parts.iter().map(|&(above, below)| (above * i128::from(sign), below)).collect();
            let total = Amount::new(total * sign).unwrap();
            let shares = hand_back(total, &fractions(&parts), leftover).unwrap();
            shares.iter().map(|share| share.minor() * sign).collect::<Vec<_>>()
        };
        assert_eq!(shares(1), expected, "{total} over {parts:?}");
        assert_eq!(shares(-1), expected, "a credit mirrors {total} over {parts:?}");
    }

    #[test]
    fn largest_fraction_or_first_part() {
        use Leftover::{First, LargestRemainder};
        // 100.40 and 90.36 are 190.76, which rounds to 191.
        hands_back(191, &[(10_040, 100), (9_036, 100)], LargestRemainder, &[101, 90]);
        hands_back(2, &[(2, 5), (7, 10), (9, 10)], LargestRemainder, &[0, 1, 1]);
        hands_back(2, &[(2, 5), (7, 10), (9, 10)], First, &[1, 1, 0]);
        hands_back(1, &[(0, 1), (1, 3), (1, 3)], First, &[0, 1, 0]);
        hands_back(0, &[(1, 2), (-1, 2)], LargestRemainder, &[0, 0]);
        hands_back(3, &[(1, 2), (1, 2)], LargestRemainder, &[2, 1]);
    }
}
