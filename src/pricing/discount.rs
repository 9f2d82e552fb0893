//! Discounts: promotions in their order, then what staff set by hand.

use super::{
    line::{PricedLine, adjustment_amount, percent_of, product},
    quote::AppliedAdjustment,
    trace::TraceStep,
};
use crate::{
    allocation::allocate,
    draft::{AdjustmentKind, Draft},
    issue::{Code, Issue, Refusal},
    money::{Amount, AmountError},
    rounding::Rounding,
    ruleset::{DiscountUnit, Effect, Promotion, Rules, SpendTier, TaxComponent},
};

/// A document allowance or charge with taxes of its own: it is not shared over lines.
pub(super) struct DocumentAdjustment<'a> {
    /// A document that credits has allowances below zero: the sign does not tell the kind.
    pub kind: AdjustmentKind,
    /// What it adds to the total.
    pub amount: Amount,
    pub taxes: &'a [TaxComponent],
}

/// Applies every promotion that is valid and unlocked to what is `left` of the lines.
pub(super) fn promotions(
    draft: &Draft,
    rules: &Rules,
    now_ms: i64,
    lines: &[PricedLine<'_>],
    left: &mut [Amount],
    applied: &mut Vec<AppliedAdjustment>,
    trace: &mut Vec<TraceStep>,
) -> Result<(), AmountError> {
    for promotion in rules.promotions() {
        let coupon = unlocking_coupon(promotion, &draft.details.coupon_codes);
        if coupon.is_none() && !promotion.coupon_codes.is_empty() {
            continue;
        }
        if !promotion.is_active(now_ms) {
            trace.push(TraceStep::NotActive { rule: promotion.id.clone() });
            continue;
        }
        let bases = matching(promotion, lines, left);
        let base = Amount::sum(bases.iter().copied())?;
        if base.is_zero() {
            trace.push(TraceStep::NoLineMatches { rule: promotion.id.clone() });
            continue;
        }
        if let Some(missing) = missing(promotion, base)? {
            trace
                .push(TraceStep::NotReached { rule: promotion.id.clone(), missing_minor: missing });
            continue;
        }
        let shares = shares(promotion, rules.ruleset().rounding.mode, lines, &bases, base, trace)?;
        let amount = take(&shares, left)?;
        if amount.is_zero() {
            continue;
        }
        trace.push(TraceStep::Discount { rule: promotion.id.clone(), amount_minor: amount });
        applied.push(AppliedAdjustment {
            rule: promotion.id.clone(),
            coupon_code: coupon.cloned(),
            name: Some(promotion.name.clone()),
            amount_minor: amount,
            shares_minor: shares,
        });
    }
    Ok(())
}

/// The entered code that unlocks the promotion. Case does not matter: codes are read off paper.
fn unlocking_coupon<'a>(promotion: &Promotion, entered: &'a [String]) -> Option<&'a String> {
    entered
        .iter()
        .find(|code| promotion.coupon_codes.iter().any(|own| own.eq_ignore_ascii_case(code)))
}

/// What is left of each matching line; zero for the others and for lines below zero.
fn matching(promotion: &Promotion, lines: &[PricedLine<'_>], left: &[Amount]) -> Vec<Amount> {
    let rows = lines.iter().zip(left);
    rows.map(|(line, left)| {
        let target = !left.is_negative() && promotion.targets(line.sku, line.category);
        if target { *left } else { Amount::ZERO }
    })
    .collect()
}

/// What the matching lines lack to reach the promotion's minimum or its first tier.
fn missing(promotion: &Promotion, base: Amount) -> Result<Option<Amount>, AmountError> {
    let first_tier = match &promotion.effect {
        Effect::SpendTiers { tiers } => tiers.first().map(|tier| tier.spend_minor),
        _ => None,
    };
    let needed = promotion.minimum_minor.max(first_tier);
    match needed {
        Some(needed) if base < needed => Ok(Some(needed.minus(base)?)),
        _ => Ok(None),
    }
}

/// The share of each line, never more than what is left of it.
fn shares(
    promotion: &Promotion,
    rounding: Rounding,
    lines: &[PricedLine<'_>],
    bases: &[Amount],
    base: Amount,
    trace: &mut Vec<TraceStep>,
) -> Result<Vec<Amount>, AmountError> {
    let wanted = match &promotion.effect {
        Effect::LinePercentage { percent } => {
            return bases.iter().map(|base| percent_of(*base, *percent, rounding)).collect();
        }
        Effect::LineFixed { amount_minor, per } => {
            return fixed_per_line(*amount_minor, *per, rounding, lines, bases);
        }
        Effect::OrderPercentage { percent, maximum_minor } => {
            let amount = percent_of(base, *percent, rounding)?;
            maximum_minor.map_or(amount, |maximum| amount.min(maximum))
        }
        Effect::OrderFixed { amount_minor } => *amount_minor,
        Effect::SpendTiers { tiers } => reached(tiers, base),
    };
    let amount = wanted.min(base);
    if amount < wanted {
        trace.push(TraceStep::DiscountCapped {
            rule: promotion.id.clone(),
            wanted_minor: wanted,
            amount_minor: amount,
        });
    }
    allocate(amount, bases)
}

fn reached(tiers: &[SpendTier], base: Amount) -> Amount {
    let mut reached = tiers.iter().rev().filter(|tier| tier.spend_minor <= base);
    reached.next().map_or(Amount::ZERO, |tier| tier.save_minor)
}

fn fixed_per_line(
    amount: Amount,
    per: DiscountUnit,
    rounding: Rounding,
    lines: &[PricedLine<'_>],
    bases: &[Amount],
) -> Result<Vec<Amount>, AmountError> {
    let rows = lines.iter().zip(bases);
    rows.map(|(line, base)| {
        let wanted = match per {
            DiscountUnit::Line => amount,
            DiscountUnit::Unit => Amount::from_fraction(
                product(&[i128::from(amount.minor()), line.quantity.mantissa()])?,
                line.quantity.denominator(),
                rounding,
            )?,
        };
        Ok(wanted.min(*base))
    })
    .collect()
}

/// Takes the shares off the lines and gives their sum.
fn take(shares: &[Amount], left: &mut [Amount]) -> Result<Amount, AmountError> {
    let mut taken = Amount::ZERO;
    for (share, left) in shares.iter().zip(left) {
        *left = left.minus(*share)?;
        taken = taken.plus(*share)?;
    }
    Ok(taken)
}

/// Applies the document's manual adjustments. Those with taxes of their own are returned; the
/// others are shared over the lines.
pub(super) fn manual<'a>(
    draft: &'a Draft,
    rules: &Rules,
    left: &mut [Amount],
    applied: &mut Vec<AppliedAdjustment>,
    trace: &mut Vec<TraceStep>,
) -> Result<Vec<DocumentAdjustment<'a>>, Refusal> {
    const RULE: &str = "manual";
    let mut documents = Vec::new();
    for (at, adjustment) in draft.adjustments.iter().enumerate() {
        let items = Amount::sum(left.iter().copied())?;
        let rounding = rules.ruleset().rounding.mode;
        let amount = adjustment_amount(adjustment, items, rounding)?
            .map_err(|issue| issue.under(&format!("/adjustments/{at}")))?;
        if let Some(taxes) = &adjustment.taxes {
            let reason = adjustment.reason.clone();
            trace.push(TraceStep::DocumentAdjustment { amount_minor: amount, reason });
            documents.push(DocumentAdjustment { kind: adjustment.kind, amount, taxes });
            continue;
        }
        let off = amount.negate();
        if items.is_zero() && !off.is_zero() {
            return Err(Issue::new(Code::AdjustmentInvalid, format!("/adjustments/{at}"))
                .with("reason", "there are no items to share it over")
                .into());
        }
        if adjustment.kind == AdjustmentKind::Allowance && off > items {
            return Err(Issue::new(Code::DiscountTooLarge, format!("/adjustments/{at}"))
                .with("discountMinor", off)
                .with("availableMinor", items)
                .with("currency", rules.ruleset().currency)
                .into());
        }
        let shares = allocate(off, left)?;
        let amount = take(&shares, left)?;
        trace.push(TraceStep::Discount { rule: RULE.to_owned(), amount_minor: amount });
        applied.push(AppliedAdjustment {
            rule: RULE.to_owned(),
            coupon_code: None,
            name: adjustment.reason.as_ref().map(crate::ruleset::LocalText::new),
            amount_minor: amount,
            shares_minor: shares,
        });
    }
    Ok(documents)
}
