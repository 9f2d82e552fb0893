//! Sharing an amount over lines by the shop's rule, and never more than a line can bear.

use crate::{
    allocation::allocate,
    money::{Amount, AmountError, collect},
    pricing::line::product,
    rounding::Rounding::{self, Down, HalfDown, HalfUp},
    ruleset::{Sharing, SharingLeftover, SharingWeights},
};

/// By which rule an amount is shared, and what the rule looks at besides the weights.
#[derive(Clone, Copy)]
pub(super) struct Terms<'t> {
    pub sharing: Sharing,
    /// How many working units make one minor unit.
    pub factor: i64,
    /// Whole units of each line; only for [`SharingLeftover::DearestUnits`].
    pub units: &'t [u32],
    /// The lines by falling unit price; only for [`SharingLeftover::DearestUnits`].
    pub dearest: &'t [usize],
}

/// Shares `amount` over `weights`, at most `room` on each line. What finds no room moves to the other lines; what finds none
/// there is not given.
///
/// Without `room` a share never exceeds its weight as long as the amount does not exceed their sum.
pub(super) fn share(
    amount: Amount,
    weights: &[Amount],
    room: Option<&[Amount]>,
    terms: Terms<'_>,
) -> Result<Vec<Amount>, AmountError> {
    let Some(room) = room else { return by_rule(amount, weights, terms) };
    let mut weights = weights.to_vec();
    let mut shares = vec![Amount::ZERO; weights.len()];
    let mut open = amount.min(Amount::sum(room.iter().copied())?);
    while !open.is_zero() {
        let given = by_rule(open, &weights, terms)?;
        let mut moved = Amount::ZERO;
        for (((share, given), room), weight) in
            shares.iter_mut().zip(given).zip(room).zip(&mut weights)
        {
            let wanted = share.plus(given)?;
            *share = wanted.min(*room);
            moved = moved.plus(wanted.minus(*share)?)?;
            if *share == *room {
                *weight = Amount::ZERO;
            }
        }
        if weights.iter().all(|weight| weight.is_zero()) {
            break;
        }
        open = moved;
    }
    Ok(shares)
}

fn by_rule(
    amount: Amount,
    weights: &[Amount],
    terms: Terms<'_>,
) -> Result<Vec<Amount>, AmountError> {
    let sharing = terms.sharing;
    if weights.iter().all(|weight| weight.is_zero()) {
        if !sharing.zero_evenly {
            return Ok(vec![Amount::ZERO; weights.len()]);
        }
        let even = vec![Amount::new(1)?; weights.len()];
        let sharing = Sharing { zero_evenly: false, ..sharing };
        return by_rule(amount, &even, Terms { sharing, ..terms });
    }
    if sharing.leftover == SharingLeftover::LargestRemainder && terms.factor == 1 {
        return allocate(amount, weights);
    }
    let mut shares = match sharing.leftover {
        SharingLeftover::Working => rounded(amount, weights, HalfUp, 1)?,
        SharingLeftover::HalfUpLast => rounded(amount, weights, HalfUp, terms.factor)?,
        SharingLeftover::HalfDownFirst => rounded(amount, weights, HalfDown, terms.factor)?,
        SharingLeftover::DearestUnits if sharing.weights == SharingWeights::Units => {
            let units = Amount::sum(weights.iter().copied())?;
            let whole = units.minor().checked_mul(terms.factor).ok_or(AmountError)?;
            let each = amount.minor().checked_div(whole).unwrap_or(0);
            let each = each.checked_mul(terms.factor).ok_or(AmountError)?;
            let of_line =
                |weight: &Amount| Amount::new(each.checked_mul(weight.minor()).ok_or(AmountError)?);
            collect(weights.iter().map(of_line))?
        }
        SharingLeftover::LargestRemainder => {
            let minor = Amount::new(amount.minor().checked_div(terms.factor).unwrap_or(0))?;
            let up = |share: Amount| {
                Amount::new(share.minor().checked_mul(terms.factor).ok_or(AmountError)?)
            };
            collect(allocate(minor, weights)?.into_iter().map(up))?
        }
        SharingLeftover::First | SharingLeftover::DearestUnits => {
            rounded(amount, weights, Down, terms.factor)?
        }
    };
    let rest = amount.minus(Amount::sum(shares.iter().copied())?)?;
    give_rest(rest, weights, &mut shares, terms)?;
    Ok(shares)
}

/// Each share rounded for itself to a multiple of `factor`.
fn rounded(
    amount: Amount,
    weights: &[Amount],
    mode: Rounding,
    factor: i64,
) -> Result<Vec<Amount>, AmountError> {
    let sum = Amount::sum(weights.iter().copied())?;
    let whole = product(&[i128::from(sum.minor()), i128::from(factor)])?;
    collect(weights.iter().map(|weight| {
        let exact = product(&[i128::from(amount.minor()), i128::from(weight.minor())])?;
        let minor = Amount::from_fraction(exact, whole, mode)?;
        Amount::new(minor.minor().checked_mul(factor).ok_or(AmountError)?)
    }))
}

/// Hands out what rounding left over, to the lines with a weight: whole minor units as the rule says, anything finer to the last.
pub(super) fn give_rest(
    rest: Amount,
    weights: &[Amount],
    shares: &mut [Amount],
    terms: Terms<'_>,
) -> Result<(), AmountError> {
    use SharingLeftover::{DearestUnits, HalfUpLast, Working};
    let leftover = terms.sharing.leftover;
    let mut open = rest;
    let one =
        Amount::new(if rest.is_negative() { terms.factor.wrapping_neg() } else { terms.factor })?;
    let count = rest.minor().checked_div(one.minor()).unwrap_or(0);
    let mut count = if matches!(leftover, HalfUpLast | Working) { 0 } else { count };
    let mut give = |at: usize, units: i64| -> Result<(), AmountError> {
        let (Some(share), Some(weight)) = (shares.get_mut(at), weights.get(at)) else {
            return Ok(());
        };
        let taken = if weight.is_zero() { 0 } else { count.min(units) };
        let off = Amount::new(one.minor().checked_mul(taken).ok_or(AmountError)?)?;
        *share = share.plus(off)?;
        open = open.minus(off)?;
        count = count.saturating_sub(taken);
        Ok(())
    };
    if leftover == DearestUnits {
        for at in terms.dearest {
            give(*at, terms.units.get(*at).copied().unwrap_or(1).into())?;
        }
    } else {
        for at in 0..weights.len() {
            give(at, 1)?;
        }
    }
    let last = weights.iter().rposition(|weight| !weight.is_zero());
    if let Some(share) = last.and_then(|at| shares.get_mut(at)) {
        *share = share.plus(open)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(minor: &[i64]) -> Vec<Amount> {
        minor.iter().map(|minor| Amount::new(*minor).unwrap()).collect()
    }

    fn terms(leftover: SharingLeftover) -> Terms<'static> {
        let sharing = Sharing { leftover, ..Sharing::default() };
        Terms { sharing, factor: 1, units: &[2, 1, 3], dearest: &[2, 0, 1] }
    }

    #[track_caller]
    fn shares(total: i64, weights: &[i64], terms: Terms<'_>, expected: &[i64]) {
        let shared = share(Amount::new(total).unwrap(), &amounts(weights), None, terms).unwrap();
        assert_eq!(shared, amounts(expected), "{:?}", terms.sharing);
    }

    #[test]
    fn leftovers_by_every_rule() {
        use SharingLeftover::{DearestUnits, First, HalfDownFirst, HalfUpLast, LargestRemainder};
        shares(100, &[1, 1, 1], terms(LargestRemainder), &[34, 33, 33]);
        shares(200, &[1, 1, 1], terms(First), &[67, 67, 66]);
        shares(100, &[1, 1], terms(HalfDownFirst), &[50, 50]);
        shares(5, &[1, 1], terms(HalfDownFirst), &[3, 2]);
        shares(200, &[1, 1, 1], terms(HalfUpLast), &[67, 67, 66]);
        shares(200, &[1, 1, 1], terms(DearestUnits), &[66, 66, 68]);
    }

    #[test]
    fn equal_parts_per_unit_and_the_rest_from_the_dearest_line_on() {
        let mut terms = terms(SharingLeftover::DearestUnits);
        terms.sharing.weights = SharingWeights::Units;
        shares(1_000, &[2, 1, 3], terms, &[333, 166, 501]);
    }

    #[test]
    fn shares_are_whole_minor_units_where_amounts_are_finer() {
        let finer = |leftover| Terms { factor: 1_000, ..terms(leftover) };
        // 65.625 over 30 and 40: 28.125 is rounded, the last line takes 37.495.
        shares(6_562_500, &[30, 40], finer(SharingLeftover::HalfUpLast), &[2_813_000, 3_749_500]);
        shares(
            100_500,
            &[1, 1, 1],
            finer(SharingLeftover::LargestRemainder),
            &[34_000, 33_000, 33_500],
        );
        shares(100_500, &[1, 1, 1], finer(SharingLeftover::Working), &[33_500, 33_500, 33_500]);
    }

    #[test]
    fn what_finds_no_room_moves_on() {
        let room = amounts(&[10, 100, 0]);
        let moved = |total| {
            let weights = amounts(&[100, 100, 100]);
            let terms = terms(SharingLeftover::LargestRemainder);
            share(Amount::new(total).unwrap(), &weights, Some(&room), terms).unwrap()
        };
        assert_eq!(moved(60), amounts(&[10, 50, 0]));
        assert_eq!(moved(500), amounts(&[10, 100, 0]));
    }
}
