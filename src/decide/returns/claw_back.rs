//! Discounts whose threshold the goods that stay no longer reach (满减 after a part return).
//!
//! The threshold is read from the shop's rules, by the id of the promotion; one that is gone takes nothing back.

use super::{
    Facts,
    credit::{Part, kept},
};
use crate::{
    credit::{CreditFee, CreditFeeKind, CreditShare, LineAmounts, proportion, share_of},
    decimal::Decimal,
    money::{Amount, AmountError},
    order::{Order, OrderLine},
    rounding::Rounding,
    ruleset::{
        ClawBack, Effect, PriceBasis, Promotion, SpendTier, Target, TargetLine, ThresholdBasis,
    },
};

/// What is taken back now, or given back again of what was taken before.
pub(super) fn claw_back(
    order: &Order,
    parts: &[Part<'_>],
    credit: CreditShare,
    facts: &Facts<'_>,
) -> Result<Option<CreditFee>, AmountError> {
    let policy = facts.rules.ruleset().returns.claw_back;
    let before = kept(order, CreditFeeKind::ClawBack)?;
    let mut target = CreditShare::default();
    if policy != ClawBack::Keep {
        for (index, discount) in order.discounts.iter().enumerate() {
            let promotions = &facts.rules.ruleset().promotions;
            let Some(promotion) = promotions.iter().find(|it| it.id == discount.rule) else {
                continue;
            };
            let kept = Kept { order, parts, index, promotion, facts };
            target = target.plus(kept.taken_back(policy)?)?;
        }
    }
    let now = target.minus(before)?;
    // Nobody pays for giving goods back.
    let most = credit.gross_minor.max(Amount::ZERO);
    let amount = if now.gross_minor > most { share_of(now, most)? } else { now };
    Ok((!amount.is_nothing()).then_some(CreditFee { kind: CreditFeeKind::ClawBack, amount }))
}

/// A discount beside the goods that stay.
struct Kept<'a> {
    order: &'a Order,
    parts: &'a [Part<'a>],
    index: usize,
    promotion: &'a Promotion,
    facts: &'a Facts<'a>,
}

impl Kept<'_> {
    fn taken_back(&self, policy: ClawBack) -> Result<CreditShare, AmountError> {
        let nothing = CreditShare::default();
        let (ordered, stays) = (self.counted(false)?, self.counted(true)?);
        let Some(threshold) = threshold(self.promotion, ordered)? else { return Ok(nothing) };
        if stays >= threshold {
            return Ok(nothing);
        }
        let (share, goods) = self.discount()?;
        let deserved = match policy {
            ClawBack::Keep => share,
            ClawBack::ProRata => proportion(share, stays, threshold)?,
            ClawBack::WholeTier => lower(self.promotion, stays)?.min(share),
        };
        let taken = share.minus(deserved)?.max(Amount::ZERO);
        match self.order.price_basis {
            PriceBasis::TaxInclusive => share_of(goods, taken),
            PriceBasis::TaxExclusive => {
                let tax_minor = proportion(goods.tax_minor, taken, goods.net_minor)?;
                let gross_minor = taken.plus(tax_minor)?;
                Ok(CreditShare { net_minor: taken, tax_minor, gross_minor })
            }
        }
    }

    /// The amounts of what stays of a line after this credit, or of all that was ordered.
    fn amounts(&self, line: &OrderLine, stays: bool) -> Result<LineAmounts, AmountError> {
        if !stays {
            return Ok(line.amounts());
        }
        // Goods that are sent in exchange stand for those they replace.
        let own = self.parts.iter().find(|part| part.line.id == line.id);
        let credited = line.credited.checked_add(own.map_or(Decimal::ZERO, |part| part.paid_out));
        line.amounts().minus(&line.worth_of_first(credited.ok_or(AmountError)?)?)
    }

    /// What the threshold looks at.
    fn counted(&self, stays: bool) -> Result<Amount, AmountError> {
        let when = &self.promotion.when;
        let target = when.counting.as_ref().unwrap_or(&self.promotion.target);
        let mut sum = Amount::ZERO;
        let lines = self.order.lines.iter().filter(|line| stays || line.replaces.is_none());
        for line in lines.filter(|line| self.is_meant(line, target)) {
            let amounts = self.amounts(line, stays)?;
            sum = sum.plus(amounts.amount_minor)?;
            if when.minimum_basis == ThresholdBasis::AfterDiscounts {
                let earlier = amounts.discounts_minor.iter().take(self.index);
                sum = sum.minus(Amount::sum(earlier.copied())?)?;
            }
        }
        Ok(sum)
    }

    fn is_meant(&self, line: &OrderLine, target: &Target) -> bool {
        let product = self.facts.rules.product(&line.sku);
        let usual = product.and_then(|product| product.original_unit_price);
        target.matches(&TargetLine {
            sku: &line.sku,
            category: product.and_then(|product| product.category.as_deref()),
            tags: product.map_or(&[], |product| &product.tags),
            unit_price: line.unit_price,
            quantity: line.ordered,
            is_reduced: usual.is_some_and(|usual| usual > line.unit_price),
        })
    }

    /// The discount on what stays, and what that costs.
    fn discount(&self) -> Result<(Amount, CreditShare), AmountError> {
        let (mut share, mut goods) = (Amount::ZERO, CreditShare::default());
        for line in &self.order.lines {
            let amounts = self.amounts(line, true)?;
            let own = amounts.discounts_minor.get(self.index).copied().unwrap_or_default();
            if !own.is_zero() {
                share = share.plus(own)?;
                goods = goods.plus(amounts.share())?;
            }
        }
        Ok((share, goods))
    }
}

/// The threshold that the order reached: of the tier that counted, or of the condition.
fn threshold(promotion: &Promotion, ordered: Amount) -> Result<Option<Amount>, AmountError> {
    let reached = match &promotion.effect {
        Effect::SpendTiers { tiers, repeat } => best(tiers, *repeat, ordered)?.map(|it| it.0),
        _ => promotion.when.minimum_minor,
    };
    Ok(reached.filter(|threshold| *threshold <= ordered && *threshold > Amount::ZERO))
}

/// What a value gets by the tier that it reaches itself.
fn lower(promotion: &Promotion, value: Amount) -> Result<Amount, AmountError> {
    let Effect::SpendTiers { tiers, repeat } = &promotion.effect else { return Ok(Amount::ZERO) };
    Ok(best(tiers, *repeat, value)?.map_or(Amount::ZERO, |it| it.1))
}

/// The tier that counts for a value, as pricing takes it: from which value on, and what it saves.
fn best(
    tiers: &[SpendTier],
    repeat: bool,
    value: Amount,
) -> Result<Option<(Amount, Amount)>, AmountError> {
    let mut best: Option<(Amount, Amount)> = None;
    for tier in tiers.iter().filter(|tier| tier.spend_minor <= value) {
        let reached = match tier.percent {
            Some(percent) => {
                let product = i128::from(value.minor()).checked_mul(percent.mantissa());
                let hundred = percent.denominator().checked_mul(100).ok_or(AmountError)?;
                let product = product.ok_or(AmountError)?;
                (tier.spend_minor, Amount::from_fraction(product, hundred, Rounding::HalfUp)?)
            }
            None if repeat => {
                let times = value.minor().checked_div(tier.spend_minor.minor()).unwrap_or(1);
                (multiply(tier.spend_minor, times)?, multiply(tier.save_minor, times)?)
            }
            None => (tier.spend_minor, tier.save_minor),
        };
        // Of tiers that count again the one that saves most counts, of others the last.
        let is_better = !repeat || best.is_none_or(|(_, saved)| reached.1 > saved);
        best = if is_better { Some(reached) } else { best };
    }
    Ok(best)
}

fn multiply(amount: Amount, times: i64) -> Result<Amount, AmountError> {
    amount.minor().checked_mul(times).ok_or(AmountError).and_then(Amount::new)
}
