//! What a promotion may have of what it wants: what is left, floors, caps and budgets.

use super::{
    Evaluation, Setting,
    effect::Wanted,
    share::{Terms, share},
};
use crate::{
    allocation::allocate,
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        line::{PricedLine, percent_of, product},
        trace::{CapKind, LimitKind, TraceStep},
    },
    rounding::Rounding,
    ruleset::{PriceBasis, Sharing, SharingLeftover, SharingWeights},
};

/// What each line can bear, and what says so.
pub(in crate::pricing) struct Room {
    pub most: Vec<Amount>,
    kinds: Vec<CapKind>,
}

impl Room {
    /// What held back a share of these bases first.
    fn cap(&self, shares: &[Amount], bases: &[Amount]) -> CapKind {
        let rows = self.most.iter().zip(&self.kinds).zip(shares.iter().zip(bases));
        let mut held = rows.filter(|((most, _), (share, base))| *share == *most && most < base);
        held.next().map_or(CapKind::Left, |((_, kind), _)| *kind)
    }
}

impl Evaluation<'_, '_> {
    /// The share of each line and their sum, within all limits; what goes off the shipping charge counts with them.
    pub(super) fn limited_to(
        &mut self,
        wanted: Wanted,
    ) -> Result<Result<(Vec<Amount>, Amount), TraceStep>, AmountError> {
        let room = self.room()?;
        let most = room.as_ref().map(|room| room.most.as_slice());
        let (mut shares, asked) = match wanted {
            Wanted::Nothing(step) => return Ok(Err(*step)),
            Wanted::Lines(mut shares) => {
                let asked = Amount::sum(shares.iter().copied())?;
                let most = most.unwrap_or(&self.cart.left);
                for (share, most) in shares.iter_mut().zip(most) {
                    *share = (*share).min(*most).max(Amount::ZERO);
                }
                (shares, asked)
            }
            Wanted::Sum(asked) => {
                let amount = asked.min(self.base()?);
                (self.share_out(amount, &self.weights()?, most)?, asked)
            }
            Wanted::Weighted(asked, weights) => {
                let stacking = &self.setting.rules.ruleset().stacking;
                let whole = stacking.sharing == Sharing::default();
                if most.is_none() && stacking.is_plain() && whole {
                    (allocate(asked, &weights)?, asked)
                } else {
                    let most = most.unwrap_or(&self.cart.left);
                    (self.share_out(asked, &weights, Some(most))?, asked)
                }
            }
        };
        let mut cap = room.map_or(CapKind::Left, |room| room.cap(&shares, &self.bases));
        let mut amount = Amount::sum(shares.iter().copied())?;
        if let Some((most, kind)) = self.setting.bound(self.cart)?
            && most < amount
        {
            (shares, amount, cap) = (allocate(most, &shares)?, most, kind);
        }
        let asked = asked.plus(self.shipping)?;
        let all = amount.plus(self.shipping)?;
        let most = match self.most(all)? {
            Ok(most) => most.filter(|(most, _)| *most < all),
            Err(step) => return Ok(Err(step)),
        };
        if let Some((most, kind)) = most {
            let exact = product(&[i128::from(amount.minor()), i128::from(most.minor())])?;
            let part = Amount::from_fraction(exact, i128::from(all.minor()), Rounding::Down)?;
            self.shipping = most.minus(part)?.min(self.shipping);
            amount = most.minus(self.shipping)?;
            (shares, cap) = (allocate(amount, &shares)?, kind);
        }
        self.note_cap(asked, amount.plus(self.shipping)?, cap)?;
        Ok(Ok((shares, amount)))
    }

    /// Says what held a discount back, if anything did.
    pub(super) fn note_cap(
        &mut self,
        asked: Amount,
        amount: Amount,
        cap: CapKind,
    ) -> Result<(), AmountError> {
        let working = self.setting.working;
        let (wanted_minor, amount_minor) = (working.shown(asked)?, working.shown(amount)?);
        if wanted_minor > amount_minor {
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

    fn room(&self) -> Result<Option<Room>, AmountError> {
        let of_line = self.promotion.limits.line_minor;
        self.setting.room(self.cart, &self.bases, of_line, self.is_parallel)
    }

    /// The most that a discount may take by its own limits, and what says so; a step if that means nothing at all.
    pub(super) fn most(
        &self,
        amount: Amount,
    ) -> Result<Result<Option<(Amount, CapKind)>, TraceStep>, AmountError> {
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
        Ok(Ok(most))
    }
}

impl Setting<'_> {
    /// What each line can bear, where something other than its own amount limits it.
    pub(in crate::pricing) fn room(
        &self,
        cart: &Cart<'_>,
        bases: &[Amount],
        of_line: Option<Amount>,
        is_parallel: bool,
    ) -> Result<Option<Room>, AmountError> {
        let of_shop = self.rules.ruleset().stacking.maximum_line_percent;
        let floors = cart.lines.iter().any(|line| line.floor_unit_price.is_some());
        if of_line.is_none() && of_shop.is_none() && !floors && !is_parallel {
            return Ok(None);
        }
        let mut room = Room { most: Vec::with_capacity(bases.len()), kinds: Vec::new() };
        for ((line, left), base) in cart.lines.iter().zip(&cart.left).zip(bases) {
            let all = if base.is_zero() { Amount::ZERO } else { *left };
            let mut most = (all, CapKind::Left);
            let mut limit = |amount: Amount, kind| {
                if amount < most.0 {
                    most = (amount.max(Amount::ZERO), kind);
                }
            };
            if let Some(of_line) = of_line {
                limit(self.working.up(of_line)?, CapKind::Line);
            }
            if let Some(percent) = of_shop {
                let all = percent_of(line.amount, percent, Rounding::Down)?;
                limit(all.minus(line.amount.minus(*left)?)?, CapKind::Shop);
            }
            if let Some(floor) = line.floor_unit_price {
                limit(left.minus(self.price_of(floor, line.quantity)?)?, CapKind::Floor);
            }
            room.most.push(most.0.max(Amount::ZERO));
            room.kinds.push(most.1);
        }
        Ok(Some(room))
    }

    /// The most that one more discount may take off all items, where the shop limits discounts, or lines that credit leave less to
    /// pay than the others are worth.
    pub(in crate::pricing) fn bound(
        &self,
        cart: &Cart<'_>,
    ) -> Result<Option<(Amount, CapKind)>, AmountError> {
        let percent = self.rules.ruleset().stacking.maximum_order_percent;
        let mut most = None;
        if cart.left.iter().any(|left| left.is_negative()) {
            most = Some((cart.sum_left()?.max(Amount::ZERO), CapKind::Left));
        }
        if let Some(percent) = percent {
            let items = cart.items()?;
            let all = percent_of(items, percent, Rounding::Down)?;
            let open = all.minus(items.minus(cart.sum_left()?)?)?.max(Amount::ZERO);
            if most.is_none_or(|(most, _)| open < most) {
                most = Some((open, CapKind::Shop));
            }
        }
        Ok(most)
    }
}
