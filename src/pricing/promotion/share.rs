//! Sharing an amount over lines by the shop's rule, and never more than a line can bear.

use crate::{
    allocation::allocate,
    money::{Amount, AmountError},
    ruleset::{Sharing, SharingLeftover},
};

/// Shares `amount` over `weights`, at most `room` on each line. What finds no room moves to the other lines; what finds none
/// there is not given.
///
/// Without `room` a share never exceeds its weight as long as the amount does not exceed their sum.
pub(super) fn share(
    amount: Amount,
    weights: &[Amount],
    room: Option<&[Amount]>,
    sharing: Sharing,
) -> Result<Vec<Amount>, AmountError> {
    let Some(room) = room else { return by_rule(amount, weights, sharing) };
    let mut weights = weights.to_vec();
    let mut shares = vec![Amount::ZERO; weights.len()];
    let mut open = amount.min(Amount::sum(room.iter().copied())?);
    while !open.is_zero() {
        let given = by_rule(open, &weights, sharing)?;
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
    sharing: Sharing,
) -> Result<Vec<Amount>, AmountError> {
    if sharing.zero_evenly && weights.iter().all(|weight| weight.is_zero()) {
        let even = vec![Amount::new(1)?; weights.len()];
        return by_rule(amount, &even, Sharing { zero_evenly: false, ..sharing });
    }
    if weights.iter().all(|weight| weight.is_zero()) {
        return Ok(vec![Amount::ZERO; weights.len()]);
    }
    match sharing.leftover {
        SharingLeftover::LargestRemainder => allocate(amount, weights),
        other => stepwise(amount, weights, other),
    }
}

/// The rules of other systems: each share is rounded for itself, then the rest is handed out one by one.
fn stepwise(
    amount: Amount,
    weights: &[Amount],
    leftover: SharingLeftover,
) -> Result<Vec<Amount>, AmountError> {
    use crate::rounding::Rounding::{Down, HalfDown, HalfUp};
    let mode = match leftover {
        SharingLeftover::HalfDownFirst => HalfDown,
        SharingLeftover::HalfUpLast | SharingLeftover::Working => HalfUp,
        _ => Down,
    };
    let sum = i128::from(Amount::sum(weights.iter().copied())?.minor());
    let mut shares = Vec::with_capacity(weights.len());
    for weight in weights {
        let exact = i128::from(amount.minor()).checked_mul(i128::from(weight.minor()));
        shares.push(Amount::from_fraction(exact.ok_or(AmountError)?, sum, mode)?);
    }
    let mut rest = amount.minus(Amount::sum(shares.iter().copied())?)?;
    if matches!(leftover, SharingLeftover::HalfUpLast | SharingLeftover::Working) {
        let last = weights.iter().rposition(|weight| !weight.is_zero());
        if let Some(share) = last.and_then(|at| shares.get_mut(at)) {
            *share = share.plus(rest)?;
        }
        return Ok(shares);
    }
    let one = Amount::new(if rest.is_negative() { -1 } else { 1 })?;
    for (share, weight) in shares.iter_mut().zip(weights) {
        if !rest.is_zero() && !weight.is_zero() {
            *share = share.plus(one)?;
            rest = rest.minus(one)?;
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(minor: &[i64]) -> Vec<Amount> {
        minor.iter().map(|minor| Amount::new(*minor).unwrap()).collect()
    }

    #[track_caller]
    fn shares(total: i64, weights: &[i64], leftover: SharingLeftover, expected: &[i64]) {
        let sharing = Sharing { leftover, ..Sharing::default() };
        let shared = share(Amount::new(total).unwrap(), &amounts(weights), None, sharing).unwrap();
        assert_eq!(shared, amounts(expected), "{leftover:?}");
    }

    #[test]
    fn leftovers_by_every_rule() {
        shares(100, &[1, 1, 1], SharingLeftover::LargestRemainder, &[34, 33, 33]);
        shares(200, &[1, 1, 1], SharingLeftover::First, &[67, 67, 66]);
        shares(100, &[1, 1], SharingLeftover::HalfDownFirst, &[50, 50]);
        shares(5, &[1, 1], SharingLeftover::HalfDownFirst, &[3, 2]);
        shares(200, &[1, 1, 1], SharingLeftover::HalfUpLast, &[67, 67, 66]);
    }

    #[test]
    fn what_finds_no_room_moves_on() {
        let room = amounts(&[10, 100, 0]);
        let moved = |total| {
            let weights = amounts(&[100, 100, 100]);
            share(Amount::new(total).unwrap(), &weights, Some(&room), Sharing::default()).unwrap()
        };
        assert_eq!(moved(60), amounts(&[10, 50, 0]));
        assert_eq!(moved(500), amounts(&[10, 100, 0]));
    }
}
