//! Single units: which of them a promotion takes, and what they are worth.

use core::cmp::Ordering;

use crate::{
    decimal::Decimal,
    money::{Amount, AmountError},
    pricing::line::product,
    rounding::Rounding,
    ruleset::UnitPick,
    sorting::sort as sort_runs,
};

/// Units of one line that are all the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub line: usize,
    /// How many can be taken.
    pub count: u32,
    /// What the whole line counts as: what is left of it, or its amount before discounts.
    pub left: Amount,
    /// The quantity of the whole line.
    pub quantity: Decimal,
    /// Units of it are not worth more than this together.
    pub most: Option<Amount>,
}

impl Run {
    /// Compares what is left of one unit.
    fn by_price(&self, other: &Self) -> Ordering {
        let cross = |left: &Self, right: &Self| {
            product(&[
                i128::from(left.left.minor()),
                left.quantity.denominator(),
                right.quantity.mantissa(),
            ])
        };
        match (cross(self, other), cross(other, self)) {
            (Ok(own), Ok(others)) => own.cmp(&others),
            // Amounts of this size are refused later; any order will do.
            _ => self.left.cmp(&other.left),
        }
    }

    /// What so many of its units are worth, exactly: numerator and denominator of working units.
    pub(super) fn value(&self, count: u32) -> Result<(i128, i128), AmountError> {
        let numerator = product(&[
            i128::from(self.left.minor()),
            i128::from(count),
            self.quantity.denominator(),
        ])?;
        let denominator = self.quantity.mantissa();
        if let Some(most) = self.most
            && product(&[i128::from(most.minor()), denominator])? < numerator
        {
            return Ok((most.minor().into(), 1));
        }
        Ok((numerator, denominator))
    }
}

/// Puts runs into the order in which they are taken; units of equal price by line.
pub(super) fn sort(runs: &mut [Run], pick: UnitPick) {
    match pick {
        UnitPick::Listed | UnitPick::LargestLine => {}
        UnitPick::Cheapest => sort_by(runs, false),
        UnitPick::Dearest => sort_by(runs, true),
    }
}

fn sort_by(runs: &mut [Run], dearest: bool) {
    sort_runs(runs, |one, other| {
        let order = one.by_price(other);
        let order = if dearest { order.reverse() } else { order };
        order.then(one.line.cmp(&other.line)).is_lt()
    });
}

/// All units.
pub(super) fn total(runs: &[Run]) -> u32 {
    runs.iter().fold(0, |sum, run| sum.saturating_add(run.count))
}

/// The first `count` units.
pub(super) fn take(runs: &[Run], count: u32) -> Vec<Run> {
    let mut wanted = count;
    let mut taken = Vec::new();
    for run in runs {
        let count = run.count.min(wanted);
        if count > 0 {
            taken.push(Run { count, ..*run });
            wanted = wanted.saturating_sub(count);
        }
    }
    taken
}

/// What is left of the runs once others have been taken.
pub(super) fn without(runs: &[Run], taken: &[Run]) -> Vec<Run> {
    let rest = runs.iter().map(|run| {
        let mut count = run.count;
        for gone in taken.iter().filter(|it| it.line == run.line) {
            count = count.saturating_sub(gone.count);
        }
        Run { count, ..*run }
    });
    rest.filter(|run| run.count > 0).collect()
}

/// Every n-th unit in the order of the runs.
pub(super) fn every(runs: &[Run], n: u32, most: u32) -> Vec<Run> {
    let mut taken = Vec::new();
    let (mut seen, mut left) = (0_u32, most);
    for run in runs {
        let after = seen.saturating_add(run.count);
        let hits = |units: u32| units.checked_div(n).unwrap_or(0);
        let count = hits(after).saturating_sub(hits(seen)).min(left);
        if count > 0 {
            taken.push(Run { count, ..*run });
            left = left.saturating_sub(count);
        }
        seen = after;
    }
    taken
}

/// A percentage of what each run is worth, on its line.
pub(super) fn percentages(
    runs: &[Run],
    percent: Decimal,
    rounding: Rounding,
    shares: &mut [Amount],
) -> Result<(), AmountError> {
    for run in runs {
        let (numerator, denominator) = run.value(run.count)?;
        let numerator = product(&[numerator, percent.mantissa()])?;
        let denominator = product(&[denominator, 100, percent.denominator()])?;
        let share = Amount::from_fraction(numerator, denominator, rounding)?;
        add(shares, run.line, share)?;
    }
    Ok(())
}

/// What the runs are worth on each line.
pub(super) fn values(
    runs: &[Run],
    rounding: Rounding,
    lines: usize,
) -> Result<Vec<Amount>, AmountError> {
    let mut values = vec![Amount::ZERO; lines];
    for run in runs {
        let (numerator, denominator) = run.value(run.count)?;
        add(&mut values, run.line, Amount::from_fraction(numerator, denominator, rounding)?)?;
    }
    Ok(values)
}

fn add(shares: &mut [Amount], line: usize, amount: Amount) -> Result<(), AmountError> {
    if let Some(share) = shares.get_mut(line) {
        *share = share.plus(amount)?;
    }
    Ok(())
}
