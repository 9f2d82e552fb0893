//! Sharing an amount out over lines, to the last minor unit.

use crate::money::{Amount, AmountError, collect};

/// Shares `total` over `weights` by the largest remainder.
///
/// Guarantees, for weights that are not negative and not all zero:
/// the shares add up to `total`; a share lies within one minor unit of its exact value; a weight of
/// zero gets nothing; and if `|total|` is at most the sum of the weights, no share exceeds its
/// weight. Equal remainders go to the earlier weight. A negative total mirrors the positive one.
///
/// Weights of both signs (a document with negative lines) keep the first two guarantees as long as
/// their sum is not zero. If the sum is zero, everything is zero and the caller keeps `total`.
///
/// # Errors
///
/// [`AmountError`] if the sum of the weights or a share is out of range.
///
/// # Example
///
/// ```
/// use orderkit::{Amount, allocate};
///
/// let cents = |minor| Amount::new(minor).unwrap();
/// let shares = allocate(cents(100), &[cents(1), cents(1), cents(1)]).unwrap();
/// assert_eq!(shares.iter().map(|share| share.minor()).collect::<Vec<_>>(), [34, 33, 33]);
/// ```
pub fn allocate(total: Amount, weights: &[Amount]) -> Result<Vec<Amount>, AmountError> {
    let sum = Amount::sum(weights.iter().copied())?;
    if total.is_zero() || sum.is_zero() {
        return Ok(vec![Amount::ZERO; weights.len()]);
    }
    let (shares, remainders) = floors(total.minor(), sum.minor(), weights)?;
    let mut shares = shares;
    let given = shares.iter().try_fold(0_i64, |sum, share| sum.checked_add(*share));
    let magnitude = i64::try_from(total.minor().unsigned_abs()).map_err(|_| AmountError)?;
    let left = given.and_then(|given| magnitude.checked_sub(given)).ok_or(AmountError)?;
    give_leftover(&mut shares, &remainders, usize::try_from(left).map_err(|_| AmountError)?);
    let negative = total.is_negative();
    let signed = |share: i64| if negative { share.wrapping_neg() } else { share };
    collect(shares.into_iter().map(|share| Amount::new(signed(share))))
}

/// The floor of each exact share of `|total|`, and what the floor cut off (a numerator over `|sum|`).
fn floors(total: i64, sum: i64, weights: &[Amount]) -> Result<(Vec<i64>, Vec<i64>), AmountError> {
    let magnitude = i64::try_from(total.unsigned_abs()).map_err(|_| AmountError)?;
    let divisor = i64::try_from(sum.unsigned_abs()).map_err(|_| AmountError)?;
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for weight in weights {
        let weight = if sum < 0 { weight.minor().wrapping_neg() } else { weight.minor() };
        // 64 bits are enough for almost every order, and much faster on wasm32 than 128.
        let (share, remainder) = match magnitude.checked_mul(weight) {
            // The remainder by multiplication: division is the slowest instruction here.
            Some(product) => {
                let share = product.checked_div_euclid(divisor).ok_or(AmountError)?;
                (share, product.wrapping_sub(share.wrapping_mul(divisor)))
            }
            None => {
                let product =
                    i128::from(magnitude).checked_mul(i128::from(weight)).ok_or(AmountError)?;
                let wide = i128::from(divisor);
                let share = product.checked_div_euclid(wide).ok_or(AmountError)?;
                let remainder = product.checked_rem_euclid(wide).ok_or(AmountError)?;
                (
                    i64::try_from(share).map_err(|_| AmountError)?,
                    i64::try_from(remainder).map_err(|_| AmountError)?,
                )
            }
        };
        shares.push(share);
        remainders.push(remainder);
    }
    Ok((shares, remainders))
}

/// One unit more for each of the `left` largest remainders, the earlier one first among equals.
#[inline]
pub(crate) fn give_leftover(shares: &mut [i64], remainders: &[i64], left: usize) {
    if left == 0 {
        return;
    }
    // The smallest remainder that still wins: those above it are fewer than `left`.
    let threshold = nth_largest(remainders.to_vec(), left.saturating_sub(1));
    let above = remainders.iter().filter(|remainder| **remainder > threshold).count();
    let mut ties = left.saturating_sub(above);
    for (share, remainder) in shares.iter_mut().zip(remainders) {
        let wins = *remainder > threshold || (*remainder == threshold && ties > 0);
        if *remainder == threshold && wins {
            ties = ties.saturating_sub(1);
        }
        if wins {
            *share = share.saturating_add(1);
        }
    }
}

/// The value at `position` (from 0) of the values in falling order, by Hoare's selection.
///
/// Not the standard library's, which is made for adversarial input and weighs 8 kB in the browser.
fn nth_largest(mut values: Vec<i64>, position: usize) -> i64 {
    let mut position = position;
    loop {
        // The middle one: remainders of equal lines come in runs, where the first would be worst.
        let middle = values.len().checked_div(2).and_then(|middle| values.get(middle));
        let Some(&pivot) = middle else { return 0 };
        let larger = values.iter().filter(|value| **value > pivot).count();
        let equal = values.iter().filter(|value| **value == pivot).count();
        if position < larger {
            values.retain(|value| *value > pivot);
        } else if position < larger.saturating_add(equal) {
            return pivot;
        } else {
            values.retain(|value| *value < pivot);
            position = position.saturating_sub(larger.saturating_add(equal));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nth_largest_is_the_one_of_the_sorted_list() {
        let values = [5, 1, 9, 9, -3, 0, 5, 5, 2];
        let mut sorted = values;
        sorted.sort_by_key(|value| core::cmp::Reverse(*value));
        for (position, expected) in sorted.iter().enumerate() {
            assert_eq!(nth_largest(values.to_vec(), position), *expected);
        }
    }

    fn amounts(minor: &[i64]) -> Vec<Amount> {
        minor.iter().map(|minor| Amount::new(*minor).unwrap()).collect()
    }

    #[track_caller]
    fn allocates(total: i64, weights: &[i64], expected: &[i64]) {
        let shares = allocate(Amount::new(total).unwrap(), &amounts(weights)).unwrap();
        assert_eq!(shares, amounts(expected), "{total} over {weights:?}");
    }

    #[test]
    fn table() {
        allocates(100, &[1, 1, 1], &[34, 33, 33]);
        allocates(-100, &[1, 1, 1], &[-34, -33, -33]);
        allocates(1, &[0, 0, 5], &[0, 0, 1]);
        allocates(5, &[50_000, 1], &[5, 0]);
        allocates(0, &[3, 4], &[0, 0]);
        allocates(7, &[0, 0], &[0, 0]);
        allocates(7, &[], &[]);
        allocates(-25, &[-100, -50], &[-17, -8]);
        allocates(10, &[30, -10], &[15, -5]);
        allocates(MAX, &[MAX / 3, MAX / 3, MAX / 3], &[MAX / 3, MAX / 3, MAX / 3 + MAX % 3]);
    }
    const MAX: i64 = 9_007_199_254_740_990;

    fn cart() -> impl Strategy<Value = (Vec<i64>, u64)> {
        // Gift items and one-cent samples beside dear lines: where proration rules break.
        let line = prop_oneof![Just(0_i64), 1_i64..5, 1_i64..100_000, 1_i64..1_000_000_000_000];
        (prop::collection::vec(line, 1..20), 0_u64..=1_000_000)
    }

    proptest! {
        #[test]
        fn shares_add_up_stay_inside_the_line_and_near_the_exact_share((weights, ppm) in cart()) {
            let sum: i64 = weights.iter().sum();
            let total = i64::try_from(i128::from(sum) * i128::from(ppm) / 1_000_000).unwrap();
            let shares = allocate(Amount::new(total).unwrap(), &amounts(&weights)).unwrap();
            if sum > 0 {
                prop_assert_eq!(shares.iter().map(|share| share.minor()).sum::<i64>(), total);
            }
            for (share, weight) in shares.iter().zip(&weights) {
                prop_assert!(0 <= share.minor() && share.minor() <= *weight);
                let distance = i128::from(share.minor()) * i128::from(sum) - i128::from(total) * i128::from(*weight);
                prop_assert!(distance.abs() < i128::from(sum.max(1)));
            }
        }

        #[test]
        fn a_refund_mirrors_its_charge((weights, total) in cart()) {
            let total = i64::try_from(total).unwrap();
            let there = allocate(Amount::new(total).unwrap(), &amounts(&weights)).unwrap();
            let back = allocate(Amount::new(-total).unwrap(), &amounts(&weights)).unwrap();
            for (share, refund) in there.iter().zip(back) {
                prop_assert_eq!(share.negate(), refund);
            }
        }
    }
}
