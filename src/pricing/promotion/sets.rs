//! Promotions that put single units together: n-th unit, buy and get, any N for one price, bundles.

use super::{
    Evaluation,
    bundle::assigned,
    effect::Wanted,
    units::{self, Run},
};
use crate::{
    decimal::Decimal,
    money::{Amount, AmountError},
    pricing::trace::TraceStep,
    ruleset::{BundlePart, Effect, Target, UnitPick},
};

impl Evaluation<'_, '_> {
    /// Free units of the matching lines, or of those of another target, in the order of the pick.
    pub(super) fn runs(&self, target: Option<&Target>, pick: UnitPick) -> Vec<Run> {
        let mut runs = Vec::new();
        for (at, (line, left)) in self.cart.lines.iter().zip(&self.cart.left).enumerate() {
            let meant = match target {
                None => self.bases.get(at).is_some_and(|base| !base.is_zero()),
                Some(target) => super::qualify::is_meant(target, line, *left),
            };
            let count = self.cart.free_units(at);
            if meant && count > 0 {
                let (worth, most) = self.worth(at, *left);
                let place = match pick {
                    UnitPick::LargestLine => runs.partition_point(|run: &Run| {
                        let earlier = self.cart.lines.get(run.line);
                        earlier.is_some_and(|earlier| earlier.amount > line.amount)
                    }),
                    _ => runs.len(),
                };
                let quantity = line.quantity;
                runs.insert(place, Run { line: at, count, left: worth, quantity, most });
            }
        }
        units::sort(&mut runs, pick);
        runs
    }

    pub(super) fn nth_unit(
        &mut self,
        n: u32,
        percent: Decimal,
        pick: UnitPick,
        most: u32,
    ) -> Result<Wanted, AmountError> {
        let runs = self.runs(None, pick);
        let all = units::total(&runs);
        let times = all.checked_div(n).unwrap_or(0).min(most);
        let step = all.checked_rem(n).unwrap_or(0);
        let missing = Decimal::from_integer(n.saturating_sub(step).into());
        if times == 0 {
            return Ok(Wanted::Nothing(self.not_enough(missing).into()));
        }
        if times < most && step > 0 {
            self.note(TraceStep::NextUnit {
                rule: self.promotion.id.clone(),
                missing_quantity: missing,
            });
        }
        let cheaper = match pick {
            UnitPick::Listed => units::every(&runs, n, times),
            UnitPick::Cheapest | UnitPick::Dearest | UnitPick::LargestLine => {
                units::take(&runs, times)
            }
        };
        let others = units::without(&runs, &cheaper);
        let bought = times.saturating_mul(n.saturating_sub(1));
        self.percent_off(&cheaper, &units::take(&others, bought), percent)
    }

    pub(super) fn buy_get(&mut self) -> Result<Wanted, AmountError> {
        let Effect::BuyGet {
            buy_quantity,
            get,
            get_quantity,
            percent,
            pick,
            whole_sets_only,
            bought_first,
            maximum_times,
        } = &self.promotion.effect
        else {
            return Ok(Wanted::Sum(Amount::ZERO));
        };
        let (buy, give) = (*buy_quantity, *get_quantity);
        let buyable = self.runs(None, if *bought_first { *pick } else { UnitPick::Dearest });
        let givable = match get {
            Some(target) => self.runs(Some(target), *pick),
            None => self.runs(None, *pick),
        };
        let shared = |runs: &[Run], others: &[Run]| {
            let both = runs.iter().filter(|run| others.iter().any(|it| it.line == run.line));
            both.fold(0_u32, |sum, run| sum.saturating_add(run.count))
        };
        let both = shared(&buyable, &givable);
        let (bought_all, given_all) = (units::total(&buyable), units::total(&givable));
        let union = bought_all.saturating_add(given_all).saturating_sub(both);
        let most = maximum_times.unwrap_or(u32::MAX);
        let whole = |units: u32, size: u32| units.checked_div(size).unwrap_or(u32::MAX);
        // A set of units serves so many times if each side has enough, and both together (Hall).
        let times = whole(bought_all, buy)
            .min(whole(given_all, give))
            .min(whole(union, buy.saturating_add(give)))
            .min(most);
        let mut gifts = times.saturating_mul(give);
        let mut bought = times.saturating_mul(buy);
        if *bought_first {
            let rest = |times: u32| {
                let bought = units::take(&buyable, times.saturating_mul(buy));
                (units::without(&givable, &bought), bought)
            };
            let times =
                largest(times, |times| units::total(&rest(times).0) >= times.saturating_mul(give));
            if times > 0 {
                let (givable, bought) = rest(times);
                let given = units::take(&givable, times.saturating_mul(give));
                return self.percent_off(&given, &bought, *percent);
            }
            gifts = 0;
        } else if !whole_sets_only && times < most {
            // One more time with fewer gifts, if the units that have to be bought are there.
            let spare = union.saturating_sub(bought.saturating_add(gifts));
            let more = spare.saturating_sub(buy).min(given_all.saturating_sub(gifts)).min(give);
            if more > 0 && bought_all.saturating_sub(bought) >= buy {
                gifts = gifts.saturating_add(more);
                bought = bought.saturating_add(buy);
            }
        }
        if gifts == 0 {
            let lacks_bought = buy.saturating_sub(bought_all.min(buy));
            let lacks = lacks_bought.max(buy.saturating_add(1).saturating_sub(union)).max(1);
            return Ok(Wanted::Nothing(
                self.not_enough(Decimal::from_integer(lacks.into())).into(),
            ));
        }
        // Units that only can be bought come first, so that those of both kinds can be given.
        let only = buyable.iter().filter(|run| !givable.iter().any(|it| it.line == run.line));
        let bought_only = only.fold(0_u32, |sum, run| sum.saturating_add(run.count));
        let reserved = bought.saturating_sub(bought_only);
        let given = self.given(&givable, &buyable, gifts, both.saturating_sub(reserved));
        let rest = units::without(&buyable, &given);
        self.percent_off(&given, &units::take(&rest, bought), *percent)
    }

    /// The first gifts, of which only so many may be units that can be bought as well.
    fn given(&self, givable: &[Run], buyable: &[Run], gifts: u32, of_both: u32) -> Vec<Run> {
        let (mut open, mut both_open) = (gifts, of_both);
        let mut given = Vec::new();
        for run in givable {
            let is_both = buyable.iter().any(|it| it.line == run.line);
            let most = if is_both { both_open } else { u32::MAX };
            let count = run.count.min(open).min(most);
            if count > 0 {
                given.push(Run { count, ..*run });
                open = open.saturating_sub(count);
                if is_both {
                    both_open = both_open.saturating_sub(count);
                }
            }
        }
        given
    }

    pub(super) fn any_for(
        &mut self,
        size: u32,
        amount_minor: Amount,
        most: u32,
    ) -> Result<Wanted, AmountError> {
        let runs = self.runs(None, UnitPick::Dearest);
        let all = units::total(&runs);
        let possible = all.checked_div(size).unwrap_or(0).min(most);
        if possible == 0 {
            let missing = size.saturating_sub(all.checked_rem(size).unwrap_or(0));
            return Ok(Wanted::Nothing(
                self.not_enough(Decimal::from_integer(missing.into())).into(),
            ));
        }
        let price = self.setting.working.up(amount_minor)?;
        let group = |times: u32| Some(units::take(&runs, times.saturating_mul(size)));
        self.for_price(possible, price, group)
    }

    pub(super) fn bundle(
        &mut self,
        parts: &[BundlePart],
        amount_minor: Option<Amount>,
        percent: Option<Decimal>,
        most: u32,
    ) -> Result<Wanted, AmountError> {
        let runs: Vec<Vec<Run>> =
            parts.iter().map(|part| self.runs(Some(&part.target), UnitPick::Dearest)).collect();
        let whole = |(part, runs): (&BundlePart, &Vec<Run>)| {
            units::total(runs).checked_div(part.quantity).unwrap_or(0)
        };
        let bound = parts.iter().zip(&runs).map(whole).min().unwrap_or(0).min(most);
        let possible = largest(bound, |times| assigned(parts, &runs, times).is_some());
        if possible == 0 {
            let lacks = parts.iter().zip(&runs).map(|(part, runs)| {
                part.quantity.saturating_sub(units::total(runs).min(part.quantity))
            });
            let missing = lacks.fold(0_u32, u32::saturating_add).max(1);
            return Ok(Wanted::Nothing(
                self.not_enough(Decimal::from_integer(missing.into())).into(),
            ));
        }
        match (amount_minor, percent) {
            (Some(amount), _) => {
                let price = self.setting.working.up(amount)?;
                self.for_price(possible, price, |times| assigned(parts, &runs, times))
            }
            (None, percent) => {
                let chosen = assigned(parts, &runs, possible).unwrap_or_default();
                self.percent_off(&chosen, &[], percent.unwrap_or(Decimal::ZERO))
            }
        }
    }

    /// Groups of units for a price each: as many as save something, and their saving by value.
    fn for_price(
        &mut self,
        possible: u32,
        price: Amount,
        group: impl Fn(u32) -> Option<Vec<Run>>,
    ) -> Result<Wanted, AmountError> {
        let lines = self.bases.len();
        let worth = |times: u32| -> Result<(Vec<Run>, Vec<Amount>, Amount), AmountError> {
            let runs = group(times).unwrap_or_default();
            let values = units::values(&runs, self.rounding(), lines)?;
            let sum = Amount::sum(values.iter().copied())?;
            Ok((runs, values, sum))
        };
        // Each further group is of cheaper units, so savings fall: stop before one that saves nothing.
        let saves = |times: u32| {
            let before = worth(times.saturating_sub(1)).map(|it| it.2);
            let after = worth(times).map(|it| it.2);
            matches!((before, after), (Ok(before), Ok(after)) if after.minus(before).is_ok_and(|more| more > price))
        };
        let times = largest(possible, saves);
        let (runs, values, sum) = worth(times)?;
        let prices = price.minor().checked_mul(i64::from(times)).ok_or(AmountError)?;
        self.use_up(&runs);
        Ok(Wanted::Weighted(sum.minus(Amount::new(prices)?)?, values))
    }

    /// A percentage off some units; these and the others are used up.
    fn percent_off(
        &mut self,
        cheaper: &[Run],
        others: &[Run],
        percent: Decimal,
    ) -> Result<Wanted, AmountError> {
        let mut shares = vec![Amount::ZERO; self.bases.len()];
        units::percentages(cheaper, percent, self.rounding(), &mut shares)?;
        self.use_up(cheaper);
        self.use_up(others);
        Ok(Wanted::Lines(shares))
    }

    fn use_up(&mut self, runs: &[Run]) {
        self.taken.extend(runs.iter().map(|run| (run.line, run.count)));
    }
}

/// The largest number up to `bound` for which a falling condition still holds.
fn largest(bound: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0_u32, bound);
    while low < high {
        let middle = low.saturating_add(high.saturating_sub(low).div_ceil(2));
        if holds(middle) {
            low = middle;
        } else {
            high = middle.saturating_sub(1);
        }
    }
    low
}
