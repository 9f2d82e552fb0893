//! Percentages off lines and off the order: of what, and where they are rounded.

use super::{
    Evaluation,
    effect::{Wanted, times},
    share::{Terms, give_rest},
    units::{self, Run},
};
use crate::{
    decimal::Decimal,
    money::{Amount, AmountError, collect},
    pricing::line::{percent_of, product},
    rounding::Rounding,
    ruleset::{PercentageBase, PercentagePlace, UnitLimit, UnitWorth},
};

/// As fine as the worth of single units is added up: parts of a working unit.
const PARTS: i128 = 1_000_000;

impl Evaluation<'_, '_> {
    /// What a percentage of each matching line is of.
    fn percentage_bases(&self, on_order: bool) -> Vec<Amount> {
        match self.setting.rules.ruleset().stacking.percentage_of {
            PercentageBase::Left => self.bases.clone(),
            PercentageBase::OriginalOnLines if on_order => self.bases.clone(),
            PercentageBase::Original | PercentageBase::OriginalOnLines => {
                let rows = self.cart.lines.iter().zip(&self.bases);
                rows.map(|(line, base)| if base.is_zero() { Amount::ZERO } else { line.amount })
                    .collect()
            }
        }
    }

    /// What the whole line counts as where only some of its units are meant, and the most that these are worth.
    pub(super) fn worth(&self, line: usize, left: Amount) -> (Amount, Option<Amount>) {
        let stacking = &self.setting.rules.ruleset().stacking;
        let original = self.cart.lines.get(line).map_or(left, |line| line.amount);
        match (stacking.percentage_of, stacking.unit_worth) {
            (PercentageBase::Left, UnitWorth::Left) => (left, None),
            (PercentageBase::Left, UnitWorth::Original) => (original, Some(left)),
            _ => (original, None),
        }
    }

    pub(super) fn line_percentage(
        &self,
        percent: Decimal,
        limit: Option<UnitLimit>,
    ) -> Result<Wanted, AmountError> {
        let place = self.setting.rules.ruleset().stacking.percentage_place;
        let rounding = self.rounding();
        if let Some(limit) = limit {
            let runs = self.limited(limit);
            if place == PercentagePlace::Cut {
                return self.cut(&runs, percent);
            }
            let mut shares = vec![Amount::ZERO; self.bases.len()];
            units::percentages(&runs, percent, rounding, &mut shares)?;
            return Ok(Wanted::Lines(shares));
        }
        let bases = self.percentage_bases(false);
        let shares = match place {
            PercentagePlace::Order => {
                let sum = Amount::sum(bases.iter().copied())?;
                let amount = self.whole_percent(sum, percent)?;
                return Ok(Wanted::Weighted(amount, bases));
            }
            PercentagePlace::Cut => {
                let whole = |(line, base): (usize, &Amount)| Run {
                    line,
                    count: 1,
                    left: *base,
                    quantity: Decimal::ONE,
                    most: None,
                };
                let runs: Vec<Run> = bases.iter().enumerate().map(whole).collect();
                return self.cut(&runs, percent);
            }
            PercentagePlace::Line => {
                collect(bases.iter().map(|base| self.whole_percent(*base, percent)))
            }
            PercentagePlace::Working => {
                collect(bases.iter().map(|base| percent_of(*base, percent, rounding)))
            }
            PercentagePlace::Unit => {
                let rows = self.cart.lines.iter().zip(&bases);
                collect(rows.map(|(line, base)| self.unit_percent(*base, line.quantity, percent)))
            }
        };
        Ok(Wanted::Lines(shares?))
    }

    pub(super) fn order_percentage(
        &mut self,
        percent: Decimal,
        maximum_minor: Option<Amount>,
        with_shipping: bool,
    ) -> Result<Wanted, AmountError> {
        if with_shipping {
            self.shipping = self.percent(self.setting.charge, percent)?;
        }
        let bases = self.percentage_bases(true);
        let sum = Amount::sum(bases.iter().copied())?;
        let amount = self.percent(sum, percent)?;
        let Some(maximum) = maximum_minor else { return Ok(Wanted::Sum(amount)) };
        let maximum = self.setting.working.up(maximum)?;
        if amount.plus(self.shipping)? <= maximum {
            return Ok(Wanted::Sum(amount));
        }
        self.split(maximum, amount)
    }

    /// A percentage, rounded unless it keeps the working digits.
    pub(super) fn percent(&self, base: Amount, percent: Decimal) -> Result<Amount, AmountError> {
        match self.setting.rules.ruleset().stacking.percentage_place {
            PercentagePlace::Working => percent_of(base, percent, self.rounding()),
            _ => self.whole_percent(base, percent),
        }
    }

    /// The percentage of each run cut down to minor units; what that lacks of the percentage of all goes by the rule of sharing.
    fn cut(&self, runs: &[Run], percent: Decimal) -> Result<Wanted, AmountError> {
        let mut shares = vec![Amount::ZERO; self.bases.len()];
        let mut worths = shares.clone();
        let mut sum = 0_i128;
        let (rate, whole) = (percent.mantissa(), percent.denominator());
        for run in runs {
            let (worth, parts) = run.value(run.count)?;
            let cut = self.whole_in(Rounding::Down, &[worth, rate], &[parts, 100, whole])?;
            let fine = Rounding::HalfUp.divide(product(&[worth, PARTS])?, parts);
            sum = fine.and_then(|fine| sum.checked_add(fine)).ok_or(AmountError)?;
            for (list, amount) in [
                (&mut shares, cut),
                (&mut worths, Amount::from_fraction(worth, parts, Rounding::Up)?),
            ] {
                if let Some(place) = list.get_mut(run.line) {
                    *place = place.plus(amount)?;
                }
            }
        }
        let asked = self.whole(&[sum, rate], &[PARTS, 100, whole])?;
        let rest = asked.minus(Amount::sum(shares.iter().copied())?)?.max(Amount::ZERO);
        let (units, dearest) = self.dearest_lines();
        let sharing = self.setting.rules.ruleset().stacking.sharing;
        let factor = self.setting.working.factor();
        let terms = Terms { sharing, factor, units: &units, dearest: &dearest };
        give_rest(rest, &worths, &mut shares, terms)?;
        Ok(Wanted::Lines(shares))
    }

    /// A percentage in whole minor units.
    pub(super) fn whole_percent(
        &self,
        base: Amount,
        percent: Decimal,
    ) -> Result<Amount, AmountError> {
        self.whole(&[i128::from(base.minor()), percent.mantissa()], &[100, percent.denominator()])
    }

    /// A percentage of one unit in whole minor units, times the quantity.
    fn unit_percent(
        &self,
        base: Amount,
        quantity: Decimal,
        percent: Decimal,
    ) -> Result<Amount, AmountError> {
        if base.is_zero() {
            return Ok(base);
        }
        let unit = self.whole(
            &[i128::from(base.minor()), percent.mantissa(), quantity.denominator()],
            &[100, percent.denominator(), quantity.mantissa()],
        )?;
        times(unit, quantity, self.rounding())
    }

    /// A fraction of working units, rounded to whole minor units.
    fn whole(&self, numerator: &[i128], denominator: &[i128]) -> Result<Amount, AmountError> {
        self.whole_in(self.rounding(), numerator, denominator)
    }

    fn whole_in(
        &self,
        mode: Rounding,
        numerator: &[i128],
        denominator: &[i128],
    ) -> Result<Amount, AmountError> {
        let denominator = product(denominator)?;
        let factor = i128::from(self.setting.working.factor());
        let minor = denominator.checked_mul(factor).ok_or(AmountError)?;
        let rounded = Amount::from_fraction(product(numerator)?, minor, mode)?;
        self.setting.working.up(rounded)
    }
}
