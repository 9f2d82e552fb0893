//! The combination of promotions that leaves the buyer least to pay.
//!
//! Up to [`EXACT`] promotions are searched exactly, with a bound: no promotion can save more together with others than alone,
//! because discounts only lower what the next one is taken from. Beyond, the best is built step by step, and the gap to the
//! bound is told.

use super::{Setting, off_shipping, run};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        trace::{Trace, TraceStep},
    },
};

/// Promotions that are searched exactly: 2^12 combinations at worst, far fewer with the bound.
const EXACT: usize = 12;

/// The shipping charge for a cart as a combination has left it.
type Charge<'s, 'a> = &'s dyn Fn(&Cart<'a>) -> Result<Amount, AmountError>;

struct Search<'s, 'a> {
    cart: &'s Cart<'a>,
    setting: Setting<'a>,
    charge: Charge<'s, 'a>,
    /// Promotions that save something alone: position and saving, the largest first.
    savers: Vec<(usize, Amount)>,
    best: (Amount, Vec<bool>),
}

/// The promotions of the best combination, by position; empty if all can run together as they are.
pub(in crate::pricing) fn allowed<'a>(
    cart: &Cart<'a>,
    setting: &Setting<'a>,
    charge: Charge<'_, 'a>,
    trace: &mut Trace,
) -> Result<Vec<bool>, AmountError> {
    let none = vec![false; setting.rules.ruleset().promotions.len()];
    let mut search = Search {
        cart,
        setting: setting.clone(),
        charge,
        savers: Vec::new(),
        best: (Amount::ZERO, none.clone()),
    };
    if none.is_empty() {
        return Ok(none);
    }
    let full = search.cost(&none)?;
    search.best.0 = full;
    search.find_savers(&none, full)?;
    let exact = search.savers.len() <= EXACT;
    let mut chosen = none;
    if exact {
        search.branch(0, &mut chosen, full)?;
    } else {
        search.greedy(&mut chosen)?;
    }
    let bound = search.savers.iter().try_fold(Amount::ZERO, |sum, saver| sum.plus(saver.1))?;
    let saved = full.minus(search.best.0)?;
    if search.savers.len() > 1 {
        trace.push(TraceStep::BestCombination {
            saved_minor: setting.working.shown(saved)?,
            // An exact search leaves no gap.
            bound_minor: setting.working.shown(if exact { saved } else { bound })?,
            is_exact: exact,
        });
    }
    search.tell_losers(trace)?;
    Ok(search.with_others())
}

impl<'a> Search<'_, 'a> {
    fn cost(&self, allowed: &[bool]) -> Result<Amount, AmountError> {
        let mut cart = self.cart.clone();
        let setting = Setting { allowed: allowed.to_vec(), ..self.setting.clone() };
        let mut silent = Trace::silent();
        let deals = run(&mut cart, &setting, &mut silent)?;
        let items = cart.sum_left()?;
        let charge = (self.charge)(&cart)?;
        let (_, shipping) = off_shipping(charge, &cart, &setting, &deals, &mut silent)?;
        items.plus(shipping)
    }

    fn find_savers(&mut self, none: &[bool], full: Amount) -> Result<(), AmountError> {
        for at in 0..none.len() {
            let mut alone = none.to_vec();
            if let Some(flag) = alone.get_mut(at) {
                *flag = true;
            }
            let saving = full.minus(self.cost(&alone)?)?;
            if saving > Amount::ZERO {
                let place = self.savers.partition_point(|saver| saver.1 >= saving);
                self.savers.insert(place, (at, saving));
            }
        }
        Ok(())
    }

    /// Tries to add each further promotion, and to leave it out, unless even all of the rest could not beat the best.
    fn branch(
        &mut self,
        from: usize,
        chosen: &mut Vec<bool>,
        cost: Amount,
    ) -> Result<(), AmountError> {
        if cost < self.best.0 {
            self.best = (cost, chosen.clone());
        }
        let rest = self.savers.get(from..).unwrap_or_default();
        let possible = rest.iter().try_fold(Amount::ZERO, |sum, saver| sum.plus(saver.1))?;
        let Some((at, _)) = rest.first().copied() else { return Ok(()) };
        if cost.minus(possible)? >= self.best.0 {
            return Ok(());
        }
        let next = from.saturating_add(1);
        set(chosen, at, true);
        let with = self.cost(chosen)?;
        self.branch(next, chosen, with)?;
        set(chosen, at, false);
        self.branch(next, chosen, cost)
    }

    /// Adds the largest saver that still lowers the cost, one by one.
    fn greedy(&mut self, chosen: &mut [bool]) -> Result<(), AmountError> {
        let savers: Vec<usize> = self.savers.iter().map(|saver| saver.0).collect();
        for at in savers {
            set(chosen, at, true);
            let cost = self.cost(chosen)?;
            if cost < self.best.0 {
                self.best = (cost, chosen.to_vec());
            } else {
                set(chosen, at, false);
            }
        }
        Ok(())
    }

    /// The best combination with those that save nothing: they run to say what is missing.
    fn with_others(self) -> Vec<bool> {
        let is_saver = |at: usize| self.savers.iter().any(|saver| saver.0 == at);
        let chosen = self.best.1.iter().enumerate();
        chosen.map(|(at, chosen)| *chosen || !is_saver(at)).collect()
    }

    fn tell_losers(&self, trace: &mut Trace) -> Result<(), AmountError> {
        let promotions = &self.setting.rules.ruleset().promotions;
        for (at, saving) in &self.savers {
            if self.best.1.get(*at).is_some_and(|chosen| !chosen)
                && let Some(promotion) = promotions.get(*at)
            {
                trace.push(TraceStep::NotInBest {
                    rule: promotion.id.clone(),
                    amount_minor: self.setting.working.shown(*saving)?,
                });
            }
        }
        Ok(())
    }
}

fn set(flags: &mut [bool], at: usize, value: bool) {
    if let Some(flag) = flags.get_mut(at) {
        *flag = value;
    }
}
