//! Whether a promotion runs, and if not, what is missing.

use super::{Evaluation, Setting};
use crate::{
    context::RuleUse,
    decimal::Decimal,
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        line::PricedLine,
        trace::{ConditionKind, LimitKind, TraceStep},
    },
    ruleset::{Condition, Effect, Promotion, Target, ThresholdBasis},
};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Why a promotion cannot run whatever is in the cart, if so.
pub(super) fn obstacle(promotion: &Promotion, setting: &Setting<'_>) -> Option<TraceStep> {
    let rule = || promotion.id.clone();
    if !promotion.is_active(setting.context.now_ms) {
        return Some(TraceStep::NotActive { rule: rule() });
    }
    if let Some(limit) = used_up(promotion, setting) {
        return Some(TraceStep::UsedUp { rule: rule(), limit });
    }
    let condition = unmet(promotion, setting)?;
    Some(TraceStep::ConditionNotMet { rule: rule(), condition })
}

fn used_up(promotion: &Promotion, setting: &Setting<'_>) -> Option<LimitKind> {
    let limits = &promotion.limits;
    if limits.is_none() {
        return None;
    }
    // What was never used can be limited to nothing all the same.
    let never = RuleUse::default();
    let used = setting.context.uses_of(&promotion.id).unwrap_or(&never);
    if limits.uses.is_some_and(|most| used.count >= most) {
        return Some(LimitKind::Uses);
    }
    if limits.uses_per_customer.is_some_and(|most| used.customer_count >= most) {
        return Some(LimitKind::UsesPerCustomer);
    }
    if limits.budget_minor.is_some_and(|most| used.amount_minor >= most) {
        return Some(LimitKind::Budget);
    }
    let own = limits.budget_per_customer_minor;
    own.is_some_and(|most| used.customer_amount_minor >= most)
        .then_some(LimitKind::BudgetPerCustomer)
}

fn unmet(promotion: &Promotion, setting: &Setting<'_>) -> Option<ConditionKind> {
    let when = &promotion.when;
    let customer = &setting.context.customer;
    let details = &setting.draft.details;
    let none_of = |wanted: &[String], found: Option<&str>| {
        !wanted.is_empty() && !wanted.iter().any(|it| Some(it.as_str()) == found)
    };
    if !when.customer_groups.is_empty()
        && !when.customer_groups.iter().any(|group| customer.groups.contains(group))
    {
        return Some(ConditionKind::CustomerGroup);
    }
    let next_order = customer.placed_orders.map(|placed| placed.saturating_add(1));
    if when.nth_order.is_some_and(|nth| next_order.is_some_and(|next| next != nth)) {
        return Some(ConditionKind::NthOrder);
    }
    if let Some(days) = when.days_since_last_order {
        let since = |last_ms: i64| setting.context.now_ms.saturating_sub(last_ms);
        let least = i64::from(days).saturating_mul(DAY_MS);
        if customer.last_order_ms.is_none_or(|last_ms| since(last_ms) < least) {
            return Some(ConditionKind::DaysSinceLastOrder);
        }
    }
    if none_of(&when.shipping_methods, details.shipping_method.as_deref()) {
        return Some(ConditionKind::ShippingMethod);
    }
    if none_of(&when.payment_methods, details.payment_method.as_deref()) {
        return Some(ConditionKind::PaymentMethod);
    }
    none_of(&when.countries, Some(setting.country)).then_some(ConditionKind::Country)
}

/// Whether a line is meant, at this moment of pricing.
pub(super) fn is_meant(target: &Target, line: &PricedLine<'_>, left: Amount) -> bool {
    line.takes_promotions
        && !left.is_negative()
        && !(target.undiscounted_only && left != line.amount)
        && (target.is_plain() || target.matches(&line.target_line()))
}

impl Evaluation<'_, '_> {
    /// What the cart lacks for the promotion to run, if anything.
    pub(super) fn missing(&self) -> Result<Option<TraceStep>, AmountError> {
        let rule = || self.promotion.id.clone();
        if !contains(self.cart, &self.promotion.when) {
            let condition = ConditionKind::Contains;
            return Ok(Some(TraceStep::ConditionNotMet { rule: rule(), condition }));
        }
        if !self.has_something() {
            return Ok(Some(TraceStep::NoLineMatches { rule: rule() }));
        }
        self.too_little()
    }

    /// Whether its conditions are met, whatever its target is.
    pub(super) fn is_met(&self) -> Result<bool, AmountError> {
        Ok(obstacle(self.promotion, self.setting).is_none()
            && contains(self.cart, &self.promotion.when)
            && self.too_little()?.is_none())
    }

    /// What is missing of the minimum amount or quantity.
    fn too_little(&self) -> Result<Option<TraceStep>, AmountError> {
        let rule = || self.promotion.id.clone();
        if let Some(least) = self.least_amount()? {
            let found = self.counted_amount()?;
            if found < least {
                let missing_minor = self.setting.working.shown(least.minus(found)?)?;
                return Ok(Some(TraceStep::NotReached { rule: rule(), missing_minor }));
            }
        }
        if let Some(least) = self.least_quantity() {
            let missing = least.checked_sub(self.counted_quantity()).unwrap_or(Decimal::ZERO);
            if missing > Decimal::ZERO {
                return Ok(Some(TraceStep::NotEnough { rule: rule(), missing_quantity: missing }));
            }
        }
        Ok(None)
    }

    /// Whether there is something that it is for: lines that are worth something, or any line for one that takes nothing off them.
    fn has_something(&self) -> bool {
        let target = &self.promotion.target;
        if self.promotion.is_on_shipping() {
            let mut rows = self.cart.lines.iter().zip(&self.cart.left);
            return target.is_everything()
                || rows.any(|(line, left)| is_meant(target, line, *left));
        }
        let spans = self.promotion.effect.spans_shipping() && !self.setting.charge.is_zero();
        self.promotion.is_gift() || spans || self.bases.iter().any(|base| !base.is_zero())
    }

    /// The minimum, or the first tier where that is higher.
    fn least_amount(&self) -> Result<Option<Amount>, AmountError> {
        let first_tier = match &self.promotion.effect {
            Effect::SpendTiers { tiers, .. } => tiers.first().map(|tier| tier.spend_minor),
            _ => None,
        };
        let least = self.promotion.when.minimum_minor.max(first_tier);
        least.map(|least| self.setting.working.up(least)).transpose()
    }

    fn least_quantity(&self) -> Option<Decimal> {
        self.promotion.when.minimum_quantity
    }

    pub(super) fn counted_amount(&self) -> Result<Amount, AmountError> {
        let when = &self.promotion.when;
        let before = when.minimum_basis == ThresholdBasis::BeforeDiscounts;
        if when.counting.is_none() && !before && !self.promotion.is_on_shipping() {
            return Amount::sum(self.bases.iter().copied());
        }
        let rows = self.counted();
        Amount::sum(rows.map(|(line, left)| if before { line.amount } else { left }))
    }

    fn counted_quantity(&self) -> Decimal {
        let quantities = self.counted().map(|(line, _)| line.quantity);
        quantities.fold(Decimal::ZERO, |sum, quantity| sum.checked_add(quantity).unwrap_or(sum))
    }

    fn counted(&self) -> impl Iterator<Item = (&PricedLine<'_>, Amount)> {
        let target = self.promotion.when.counting.as_ref().unwrap_or(&self.promotion.target);
        let rows = self.cart.lines.iter().zip(self.cart.left.iter().copied());
        rows.filter(move |(line, left)| is_meant(target, line, *left))
    }
}

fn contains(cart: &Cart<'_>, when: &Condition) -> bool {
    let has = |word: &String| cart.lines.iter().any(|line| line.is_called(word));
    when.contains_all.iter().all(has)
        && (when.contains_any.is_empty() || when.contains_any.iter().any(has))
        && !when.contains_none.iter().any(has)
}
