//! What each kind of promotion would take, before limits.

use super::{
    Evaluation,
    units::{self, Run},
};
use crate::{
    decimal::Decimal,
    money::{Amount, AmountError},
    pricing::{line::product, trace::TraceStep},
    rounding::Rounding,
    ruleset::{DiscountUnit, Effect, QuantityTier, SpendTier, UnitLimit},
};

/// What a promotion would take.
pub(super) enum Wanted {
    /// So much off each line.
    Lines(Vec<Amount>),
    /// So much off all matching lines, to be shared.
    Sum(Amount),
    /// So much off all, to be shared in proportion to these.
    Weighted(Amount, Vec<Amount>),
    /// Nothing, for this reason.
    Nothing(Box<TraceStep>),
}

impl Evaluation<'_, '_> {
    /// What the promotion would take off the items, and the units it uses up.
    pub(super) fn wanted(&mut self) -> Result<Wanted, AmountError> {
        match &self.promotion.effect {
            Effect::LinePercentage { percent, units } => self.line_percentage(*percent, *units),
            Effect::LineFixed { amount_minor, per, units } => {
                self.line_fixed(*amount_minor, *per, *units)
            }
            Effect::FixedPrice { unit_price, units } => self.fixed_price(*unit_price, *units),
            Effect::OrderPercentage { percent, maximum_minor, with_shipping } => {
                self.order_percentage(*percent, *maximum_minor, *with_shipping)
            }
            Effect::OrderFixed { amount_minor, with_shipping } => {
                self.order_fixed(*amount_minor, *with_shipping)
            }
            Effect::OrderFixedPrice { amount_minor } => {
                let over = self.base()?.minus(self.setting.working.up(*amount_minor)?)?;
                Ok(Wanted::Sum(over.max(Amount::ZERO)))
            }
            Effect::SpendTiers { tiers, repeat } => self.spend_tiers(tiers, *repeat),
            Effect::QuantityTiers { tiers, together } => self.quantity_tiers(tiers, *together),
            Effect::NthUnit { n, percent, pick, maximum_times } => {
                self.nth_unit(*n, *percent, *pick, maximum_times.unwrap_or(u32::MAX))
            }
            Effect::BuyGet { .. } => self.buy_get(),
            Effect::AnyFor { quantity, amount_minor, maximum_times } => {
                self.any_for(*quantity, *amount_minor, maximum_times.unwrap_or(u32::MAX))
            }
            Effect::Bundle { parts, amount_minor, percent, maximum_times } => {
                let most = maximum_times.unwrap_or(u32::MAX);
                self.bundle(parts, *amount_minor, *percent, most)
            }
            // Not on the items: see gift.rs and shipping.rs.
            Effect::Gift { .. }
            | Effect::ShippingPercentage { .. }
            | Effect::ShippingFixed { .. } => Ok(Wanted::Sum(Amount::ZERO)),
        }
    }

    /// What is left of the matching lines together.
    pub(super) fn base(&self) -> Result<Amount, AmountError> {
        Amount::sum(self.bases.iter().copied())
    }

    pub(super) fn rounding(&self) -> Rounding {
        let ruleset = self.setting.rules.ruleset();
        ruleset.stacking.percentage_mode.unwrap_or(ruleset.rounding.mode)
    }

    /// An amount on the order, and by value also on the shipping charge.
    fn order_fixed(
        &mut self,
        amount_minor: Amount,
        with_shipping: bool,
    ) -> Result<Wanted, AmountError> {
        let amount = self.setting.working.up(amount_minor)?;
        if !with_shipping || self.setting.charge.is_zero() {
            return Ok(Wanted::Sum(amount));
        }
        let items = self.base()?;
        self.shipping = self.setting.charge;
        self.split(amount.min(items.plus(self.setting.charge)?), items)
    }

    /// Splits an amount between the items and the shipping charge, in proportion to what each has so far.
    pub(super) fn split(&mut self, amount: Amount, items: Amount) -> Result<Wanted, AmountError> {
        let all = items.plus(self.shipping)?;
        let exact = product(&[i128::from(amount.minor()), i128::from(items.minor())])?;
        let of_items = Amount::from_fraction(exact, i128::from(all.minor()), self.rounding())?;
        self.shipping = amount.minus(of_items)?;
        Ok(Wanted::Sum(of_items))
    }

    fn line_fixed(
        &self,
        amount_minor: Amount,
        per: DiscountUnit,
        limit: Option<UnitLimit>,
    ) -> Result<Wanted, AmountError> {
        let amount = self.setting.working.up(amount_minor)?;
        if let Some(limit) = limit {
            let mut shares = vec![Amount::ZERO; self.bases.len()];
            for run in self.limited(limit) {
                let units = match per {
                    DiscountUnit::Unit => run.count,
                    DiscountUnit::Line => 1,
                };
                let off = times(amount, Decimal::from_integer(units.into()), self.rounding())?;
                let (worth, parts) = run.value(run.count)?;
                let most = Amount::from_fraction(worth, parts, self.rounding())?;
                if let Some(share) = shares.get_mut(run.line) {
                    *share = share.plus(off.min(most))?;
                }
            }
            return Ok(Wanted::Lines(shares));
        }
        let rows = self.cart.lines.iter().zip(&self.bases);
        let shares = rows.map(|(line, base)| match per {
            _ if base.is_zero() => Ok(Amount::ZERO),
            DiscountUnit::Line => Ok(amount),
            DiscountUnit::Unit => times(amount, line.quantity, self.rounding()),
        });
        Ok(Wanted::Lines(shares.collect::<Result<_, _>>()?))
    }

    fn fixed_price(
        &self,
        unit_price: Decimal,
        limit: Option<UnitLimit>,
    ) -> Result<Wanted, AmountError> {
        let mut shares = vec![Amount::ZERO; self.bases.len()];
        let chosen = match limit {
            Some(limit) => self.limited(limit),
            None => {
                for ((line, base), share) in
                    self.cart.lines.iter().zip(&self.bases).zip(&mut shares)
                {
                    if !base.is_zero() {
                        let price = self.setting.price_of(unit_price, line.quantity)?;
                        *share = base.minus(price)?.max(Amount::ZERO);
                    }
                }
                return Ok(Wanted::Lines(shares));
            }
        };
        let values = units::values(&chosen, self.rounding(), shares.len())?;
        for run in chosen {
            let value = values.get(run.line).copied().unwrap_or_default();
            let price =
                self.setting.price_of(unit_price, Decimal::from_integer(run.count.into()))?;
            if let Some(share) = shares.get_mut(run.line) {
                *share = value.minus(price)?.max(Amount::ZERO);
            }
        }
        Ok(Wanted::Lines(shares))
    }

    fn spend_tiers(&mut self, tiers: &[SpendTier], repeat: bool) -> Result<Wanted, AmountError> {
        // The conditions say what counts towards the tiers; the discount is of the matching lines.
        let (base, counted) = (self.base()?, self.counted_amount()?);
        let working = self.setting.working;
        let mut best = Amount::ZERO;
        for tier in tiers {
            let spend = working.up(tier.spend_minor)?;
            if spend > counted {
                self.setting.next_tier(
                    self.promotion,
                    tier,
                    spend.minus(counted)?,
                    &mut self.notes,
                )?;
                break;
            }
            let save = match tier.percent {
                Some(percent) => self.whole_percent(base, percent)?,
                None => working.up(tier.save_minor)?,
            };
            let reached = if repeat && !spend.is_zero() && tier.percent.is_none() {
                let count = counted.minor().checked_div(spend.minor()).unwrap_or(1);
                Amount::new(save.minor().checked_mul(count).ok_or(AmountError)?)?
            } else {
                save
            };
            // The highest tier counts; with repetition the one that saves most.
            best = if repeat { best.max(reached) } else { reached };
        }
        Ok(Wanted::Sum(best))
    }

    fn quantity_tiers(
        &self,
        tiers: &[QuantityTier],
        together: bool,
    ) -> Result<Wanted, AmountError> {
        let rows = || self.cart.lines.iter().zip(&self.bases);
        let all = rows()
            .filter(|(_, base)| !base.is_zero())
            .fold(Decimal::ZERO, |sum, (line, _)| sum.checked_add(line.quantity).unwrap_or(sum));
        let mut shares = Vec::with_capacity(self.bases.len());
        for (line, base) in rows() {
            let counted = if together { all } else { line.quantity };
            let tier = tiers.iter().rev().find(|tier| tier.quantity <= counted);
            let share = match tier {
                Some(tier) if !base.is_zero() => self.tier_share(tier, line.quantity, *base)?,
                _ => Amount::ZERO,
            };
            shares.push(share);
        }
        if shares.iter().all(|share| share.is_zero()) {
            let first = tiers.first().map_or(Decimal::ZERO, |tier| tier.quantity);
            let most = rows().filter(|(_, base)| !base.is_zero()).map(|(line, _)| line.quantity);
            let counted = if together { all } else { most.max().unwrap_or(Decimal::ZERO) };
            let missing = first.checked_sub(counted).unwrap_or(Decimal::ZERO);
            return Ok(Wanted::Nothing(self.not_enough(missing).into()));
        }
        Ok(Wanted::Lines(shares))
    }

    fn tier_share(
        &self,
        tier: &QuantityTier,
        quantity: Decimal,
        base: Amount,
    ) -> Result<Amount, AmountError> {
        if let Some(percent) = tier.percent {
            return self.whole_percent(base, percent);
        }
        if let Some(amount) = tier.amount_minor {
            return times(self.setting.working.up(amount)?, quantity, self.rounding());
        }
        let price = self.setting.price_of(tier.unit_price.unwrap_or(Decimal::ZERO), quantity)?;
        Ok(base.minus(price)?.max(Amount::ZERO))
    }

    pub(super) fn not_enough(&self, missing_quantity: Decimal) -> TraceStep {
        TraceStep::NotEnough { rule: self.promotion.id.clone(), missing_quantity }
    }

    /// The units that a limited line discount reaches.
    pub(super) fn limited(&self, limit: UnitLimit) -> Vec<Run> {
        let whole_groups = |count: u32| match limit.group_size {
            Some(size) if size > 0 => count.saturating_sub(count.checked_rem(size).unwrap_or(0)),
            _ => count,
        };
        let most = limit.maximum.unwrap_or(u32::MAX);
        let mut runs = self.runs(None, limit.pick);
        if limit.per_line {
            for run in &mut runs {
                run.count = whole_groups(run.count.min(most));
            }
            return runs.into_iter().filter(|run| run.count > 0).collect();
        }
        let count = whole_groups(units::total(&runs).min(most));
        units::take(&runs, count)
    }
}

/// An amount times a quantity.
pub(super) fn times(
    amount: Amount,
    quantity: Decimal,
    rounding: Rounding,
) -> Result<Amount, AmountError> {
    let numerator = product(&[i128::from(amount.minor()), quantity.mantissa()])?;
    Amount::from_fraction(numerator, quantity.denominator(), rounding)
}
