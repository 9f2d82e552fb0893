//! What a promotion may have of what it wants: what is left, floors, caps and budgets.

use super::{
    Evaluation,
    effect::Wanted,
    share::{Terms, share},
};
use crate::{
    allocation::allocate,
    decimal::Decimal,
    money::{Amount, AmountError},
    pricing::{
        line::{PricedLine, percent_of},
        trace::{CapKind, LimitKind, TraceStep},
    },
    rounding::Rounding,
    ruleset::{PriceBasis, Sharing, SharingLeftover, SharingWeights},
};

impl Evaluation<'_, '_> {
    /// The share of each line and their sum, within all limits.
    pub(super) fn limited_to(
        &mut self,
        wanted: Wanted,
    ) -> Result<Result<(Vec<Amount>, Amount), TraceStep>, AmountError> {
        let (mut room, mut cap) = self.room()?;
        let (shares, asked) = match wanted {
            Wanted::Nothing(step) => return Ok(Err(*step)),
            Wanted::Lines(mut shares) => {
                let asked = Amount::sum(shares.iter().copied())?;
                let most = room.as_deref().unwrap_or(&self.cart.left);
                for (share, most) in shares.iter_mut().zip(most) {
                    *share = (*share).min(*most).max(Amount::ZERO);
                }
                (shares, asked)
            }
            Wanted::Sum(asked) => {
                let amount = asked.min(self.base()?);
                if amount < asked && room.is_none() {
                    cap = CapKind::Left;
                }
                (self.share_out(amount, &self.weights()?, room.as_deref())?, asked)
            }
            Wanted::Weighted(asked, weights) => {
                let stacking = &self.setting.rules.ruleset().stacking;
                let whole = stacking.sharing == Sharing::default();
                if room.is_none() && stacking.is_plain() && whole {
                    (allocate(asked, &weights)?, asked)
                } else {
                    let most = room.get_or_insert_with(|| self.cart.left.clone());
                    (self.share_out(asked, &weights, Some(most))?, asked)
                }
            }
        };
        let amount = Amount::sum(shares.iter().copied())?;
        let (most, kind) = match self.most(amount)? {
            Ok(found) => found,
            Err(step) => return Ok(Err(step)),
        };
        let (shares, amount) = match most {
            Some(most) if most < amount => {
                cap = kind;
                (allocate(most, &shares)?, most)
            }
            _ => (shares, amount),
        };
        if amount < asked {
            self.note_cap(asked, amount, cap)?;
        }
        Ok(Ok((shares, amount)))
    }

    fn note_cap(&mut self, asked: Amount, amount: Amount, cap: CapKind) -> Result<(), AmountError> {
        let working = self.setting.working;
        let (wanted_minor, amount_minor) = (working.shown(asked)?, working.shown(amount)?);
        if wanted_minor != amount_minor {
            let rule = self.promotion.id.clone();
            self.note(TraceStep::DiscountCapped { rule, wanted_minor, amount_minor, cap });
        }
        Ok(())
    }

    fn share_out(
        &self,
        amount: Amount,
        weights: &[Amount],
        room: Option<&[Amount]>,
    ) -> Result<Vec<Amount>, AmountError> {
        let sharing = self.setting.rules.ruleset().stacking.sharing;
        let factor = self.setting.working.factor();
        // Weights other than what is left, and whole minor units of finer amounts, do not keep a share within its line.
        let room = match (room, sharing.weights) {
            (None, SharingWeights::Left) if factor == 1 => None,
            (room, _) => Some(room.unwrap_or(&self.bases)),
        };
        if sharing.leftover != SharingLeftover::DearestUnits {
            return share(
                amount,
                weights,
                room,
                Terms { sharing, factor, units: &[], dearest: &[] },
            );
        }
        let (units, dearest) = self.dearest_lines();
        share(amount, weights, room, Terms { sharing, factor, units: &units, dearest: &dearest })
    }

    /// The whole units of each line, and the lines by falling unit price.
    pub(super) fn dearest_lines(&self) -> (Vec<u32>, Vec<usize>) {
        let lines = &self.cart.lines;
        let mut order: Vec<usize> = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let dearer = |earlier: &usize| {
                lines.get(*earlier).is_some_and(|it| it.unit_price >= line.unit_price)
            };
            let place = order.partition_point(dearer);
            order.insert(place, at);
        }
        (lines.iter().map(|line| line.units.max(1)).collect(), order)
    }

    fn weights(&self) -> Result<Vec<Amount>, AmountError> {
        let weights = self.setting.rules.ruleset().stacking.sharing.weights;
        if weights == SharingWeights::Left {
            return Ok(self.bases.clone());
        }
        let rows = self.cart.lines.iter().zip(&self.bases);
        rows.map(|(line, base)| match weights {
            _ if base.is_zero() => Ok(Amount::ZERO),
            // A broken quantity counts as one unit.
            SharingWeights::Units => Amount::new(line.units.max(1).into()),
            SharingWeights::Gross => self.with_tax(line, *base),
            SharingWeights::Left | SharingWeights::Original => Ok(line.amount),
        })
        .collect()
    }

    /// An amount without tax with the tax on it, in minor units; as it is where prices hold the tax.
    fn with_tax(&self, line: &PricedLine<'_>, amount: Amount) -> Result<Amount, AmountError> {
        let ruleset = self.setting.rules.ruleset();
        let mut gross = amount;
        if ruleset.price_basis == PriceBasis::TaxExclusive {
            for tax in line.taxes {
                gross = gross.plus(percent_of(amount, tax.percent, ruleset.rounding.mode)?)?;
            }
        }
        self.setting.working.shown(gross)
    }

    /// What each line can bear, where something other than its own amount limits it.
    fn room(&self) -> Result<(Option<Vec<Amount>>, CapKind), AmountError> {
        let of_line = self.promotion.limits.line_minor;
        let of_shop = self.setting.rules.ruleset().stacking.maximum_line_percent;
        let floors = self.cart.lines.iter().any(|line| line.floor_unit_price.is_some());
        if of_line.is_none() && of_shop.is_none() && !floors && !self.is_parallel {
            return Ok((None, CapKind::Left));
        }
        let mut room = Vec::with_capacity(self.bases.len());
        for ((line, left), base) in self.cart.lines.iter().zip(&self.cart.left).zip(&self.bases) {
            let mut most = if base.is_zero() { Amount::ZERO } else { *left };
            if let Some(limit) = of_line {
                most = most.min(self.setting.working.up(limit)?);
            }
            if let Some(percent) = of_shop {
                let all = percent_of(line.amount, percent, Rounding::Down)?;
                most = most.min(all.minus(line.amount.minus(*left)?)?);
            }
            if let Some(floor) = line.floor_unit_price {
                most = most.min(left.minus(self.setting.price_of(floor, line.quantity)?)?);
            }
            room.push(most.max(Amount::ZERO));
        }
        let kind = if of_shop.is_some() {
            CapKind::Shop
        } else if floors {
            CapKind::Floor
        } else if of_line.is_some() {
            CapKind::Line
        } else {
            CapKind::Left
        };
        Ok((Some(room), kind))
    }

    /// The most that all lines together may get, and what says so; a step if that means nothing at all.
    fn most(
        &self,
        amount: Amount,
    ) -> Result<Result<(Option<Amount>, CapKind), TraceStep>, AmountError> {
        let (working, limits) = (self.setting.working, &self.promotion.limits);
        let mut most: Option<(Amount, CapKind)> = None;
        let mut limit = |amount: Amount, kind| {
            if most.is_none_or(|(known, _)| amount < known) {
                most = Some((amount.max(Amount::ZERO), kind));
            }
        };
        if let Some(of_order) = limits.order_minor {
            limit(working.up(of_order)?, CapKind::Order);
        }
        if let Some(percent) = self.setting.rules.ruleset().stacking.maximum_order_percent {
            limit(self.left_of_order(percent)?, CapKind::Shop);
        }
        let used = self.setting.context.uses_of(&self.promotion.id);
        let spent = used.map(|it| (it.amount_minor, it.customer_amount_minor)).unwrap_or_default();
        let budgets = [
            (limits.budget_minor, spent.0, LimitKind::Budget),
            (limits.budget_per_customer_minor, spent.1, LimitKind::BudgetPerCustomer),
        ];
        for (budget, spent, kind) in budgets {
            let Some(budget) = budget else { continue };
            let open = working.up(budget.minus(spent)?)?;
            if limits.whole_only && open < amount {
                return Ok(Err(TraceStep::UsedUp { rule: self.promotion.id.clone(), limit: kind }));
            }
            limit(open, CapKind::Budget);
        }
        Ok(Ok(most.map_or((None, CapKind::Left), |(amount, kind)| (Some(amount), kind))))
    }

    fn left_of_order(&self, percent: Decimal) -> Result<Amount, AmountError> {
        let items = self.cart.items()?;
        let all = percent_of(items, percent, Rounding::Down)?;
        all.minus(items.minus(self.cart.sum_left()?)?)
    }
}
