//! The state of pricing: the lines, and what discounts have left of them.

use super::{line::PricedLine, working::Working};
use crate::{
    money::{Amount, AmountError},
    ruleset::Promotion,
};

/// Lines with what is left of each; all amounts in working units.
#[derive(Clone)]
pub(super) struct Cart<'a> {
    pub lines: Vec<PricedLine<'a>>,
    pub left: Vec<Amount>,
    /// Promotions whose conditions were met when they had their turn; only where others ask for it.
    pub met: Vec<&'a str>,
    /// Promotions that have applied, on items, as gifts and on shipping.
    pub applied: Vec<&'a Promotion>,
    /// Whole units of each line that a promotion has used up; empty until the first.
    used: Vec<u32>,
}

impl<'a> Cart<'a> {
    pub fn new(lines: Vec<PricedLine<'a>>) -> Self {
        let left = lines.iter().map(|line| line.amount).collect();
        Self { lines, left, met: Vec::new(), applied: Vec::new(), used: Vec::new() }
    }

    /// All lines before discounts.
    pub fn items(&self) -> Result<Amount, AmountError> {
        Amount::sum(self.lines.iter().map(|line| line.amount))
    }

    /// What is left of all lines.
    pub fn sum_left(&self) -> Result<Amount, AmountError> {
        Amount::sum(self.left.iter().copied())
    }

    /// Takes the shares off the lines, and gives what that is off the lines as they are shown: in whole minor units.
    pub fn take(&mut self, shares: &[Amount], working: Working) -> Result<Amount, AmountError> {
        let mut taken = Amount::ZERO;
        for (share, left) in shares.iter().zip(&mut self.left) {
            let before = *left;
            *left = before.minus(*share)?;
            let off = if working.is_minor() {
                *share
            } else {
                working.shown(before)?.minus(working.shown(*left)?)?
            };
            taken = taken.plus(off)?;
        }
        Ok(taken)
    }

    /// Whole units of a line that no promotion has used yet.
    pub fn free_units(&self, line: usize) -> u32 {
        let units = self.lines.get(line).map_or(0, |line| line.units);
        units.saturating_sub(self.used.get(line).copied().unwrap_or(0))
    }

    pub fn use_units(&mut self, line: usize, count: u32) {
        if self.used.is_empty() {
            self.used = vec![0; self.lines.len()];
        }
        if let Some(used) = self.used.get_mut(line) {
            *used = used.saturating_add(count);
        }
    }

    /// Whether a promotion has applied.
    pub fn has_applied(&self, promotion: &Promotion) -> bool {
        self.applied.iter().any(|it| core::ptr::eq(*it, promotion))
    }

    /// Adds a line that is given for nothing.
    pub fn give(&mut self, line: PricedLine<'a>) {
        self.left.push(Amount::ZERO);
        if !self.used.is_empty() {
            self.used.push(line.units);
        }
        self.lines.push(line);
    }
}
