//! The combination of promotions that leaves the buyer least to pay, tax and shipping included.
//!
//! A first one is built step by step; then a search with a bound looks for better ones ([`potential`](super::potential)). It has a
//! fixed amount of work, so that a page stays quick: where that does not do, the trace says how far the result can be from the
//! bound. Work is counted, not timed, so that every machine finds the same.

use super::{
    Setting,
    potential::{Candidate, Potential},
};
use crate::{
    issue::Refusal,
    money::Amount,
    pricing::{
        cart::Cart,
        quote::Totals,
        trace::{Trace, TraceStep},
    },
};

/// Lines that may be priced in all; a combination prices each line of the cart once.
const WORK_LINES: usize = 16_384;
/// Combinations that are tried at least and at most.
const WORK: (usize, usize) = (64, 1_024);

/// The totals with only these promotions, by position; `None` if there is no price.
type Price<'s> = &'s dyn Fn(Vec<bool>) -> Option<Totals>;

struct Search<'s> {
    price: Price<'s>,
    candidates: Vec<Candidate>,
    potential: Potential<'s>,
    /// For each promotion whether it runs without being a candidate: it takes nothing, but says why.
    others: Vec<bool>,
    /// What is to pay without any candidate.
    full: Amount,
    /// The least to pay so far, and for each candidate whether it is in.
    best: (Amount, Vec<bool>),
    work_left: usize,
}

/// The promotions of the best combination, by position; empty if all can run.
pub(in crate::pricing) fn allowed<'a>(
    cart: &Cart<'a>,
    setting: &Setting<'a>,
    price: Price<'_>,
    trace: &mut Trace,
) -> Result<Vec<bool>, Refusal> {
    let (candidates, others) = super::potential::candidates(setting, cart)?;
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let Some(totals) = price(others.clone()) else { return Ok(Vec::new()) };
    let work = WORK_LINES.checked_div(cart.lines.len()).unwrap_or(WORK.1).clamp(WORK.0, WORK.1);
    let none = vec![false; candidates.len()];
    let mut search = Search {
        price,
        potential: Potential::new(setting, cart, &totals)?,
        candidates,
        others,
        full: totals.gross_minor,
        best: (totals.gross_minor, none),
        work_left: work,
    };
    search.greedy()?;
    let mut chosen = vec![false; search.candidates.len()];
    let is_exact = search.branch(0, &mut chosen)?;
    search.let_in_ties();
    search.tell(is_exact, trace)?;
    Ok(search.allowed(&search.best.1))
}

impl Search<'_> {
    /// What is to pay with these candidates, if it has a price.
    fn cost(&mut self, chosen: &[bool]) -> Option<Amount> {
        self.work_left = self.work_left.saturating_sub(1);
        (self.price)(self.allowed(chosen)).map(|totals| totals.gross_minor)
    }

    fn allowed(&self, chosen: &[bool]) -> Vec<bool> {
        let mut allowed = self.others.clone();
        for (candidate, chosen) in self.candidates.iter().zip(chosen) {
            set(&mut allowed, candidate.at, *chosen);
        }
        allowed
    }

    fn try_out(&mut self, chosen: &[bool]) {
        if let Some(cost) = self.cost(chosen)
            && cost < self.best.0
        {
            self.best = (cost, chosen.to_vec());
        }
    }

    /// Adds each candidate that lowers the cost, then leaves out each whose absence does.
    fn greedy(&mut self) -> Result<(), Refusal> {
        for wanted in [true, false] {
            for at in 0..self.candidates.len() {
                if self.best.1.get(at) != Some(&wanted) && (wanted || self.work_left > 0) {
                    let mut chosen = self.best.1.clone();
                    set(&mut chosen, at, wanted);
                    self.try_out(&chosen);
                }
            }
        }
        Ok(())
    }

    /// Tries each further candidate and leaves it out, unless nothing that is still open could beat the best; whether the work was
    /// enough for all.
    fn branch(&mut self, from: usize, chosen: &mut Vec<bool>) -> Result<bool, Refusal> {
        let is_open = |at: usize| at >= from || chosen.get(at).is_some_and(|it| *it);
        let most = self.potential.most(&self.candidates, &is_open)?;
        if from >= self.candidates.len() || self.full.minus(most)? >= self.best.0 {
            return Ok(true);
        }
        if self.work_left == 0 {
            return Ok(false);
        }
        let next = from.saturating_add(1);
        set(chosen, from, true);
        self.try_out(chosen);
        let with = self.branch(next, chosen)?;
        set(chosen, from, false);
        Ok(self.branch(next, chosen)? && with)
    }

    /// Lets in what costs nothing: it may give goods, and says for itself why it takes nothing.
    fn let_in_ties(&mut self) {
        for at in 0..self.candidates.len() {
            if self.best.1.get(at) == Some(&false) && self.work_left > 0 {
                let mut chosen = self.best.1.clone();
                set(&mut chosen, at, true);
                if self.cost(&chosen).is_some_and(|cost| cost <= self.best.0) {
                    self.best.1 = chosen;
                }
            }
        }
    }

    fn tell(&mut self, is_exact: bool, trace: &mut Trace) -> Result<(), Refusal> {
        if !trace.is_kept() {
            return Ok(());
        }
        if self.candidates.len() > 1 {
            let saved_minor = self.full.minus(self.best.0)?;
            // An exact search leaves no gap.
            let bound_minor = if is_exact {
                saved_minor
            } else {
                self.potential.most(&self.candidates, &|_| true)?
            };
            trace.push(TraceStep::BestCombination { saved_minor, bound_minor, is_exact });
        }
        for at in 0..self.candidates.len() {
            if self.best.1.get(at) != Some(&false) {
                continue;
            }
            let mut alone = vec![false; self.candidates.len()];
            set(&mut alone, at, true);
            let cost = self.cost(&alone);
            let saving = cost.map(|cost| self.full.minus(cost)).transpose()?;
            if let (Some(amount_minor), Some(candidate)) = (saving, self.candidates.get(at))
                && amount_minor > Amount::ZERO
            {
                let rule = candidate.id.clone();
                trace.push(TraceStep::NotInBest { rule, amount_minor });
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
