//! What promotions can take at most, whatever else applies: the bound of the search for the best combination.

use super::{Evaluation, Setting, effect::Wanted, qualify};
use crate::{
    money::{Amount, AmountError},
    pricing::{
        cart::Cart,
        line::{PricedLine, percent_of, product},
        quote::Totals,
    },
    rounding::Rounding,
    ruleset::{Effect, Promotion, StackingMode, Target},
};

/// A promotion that may take something.
pub(super) struct Candidate {
    /// Its position in the ruleset.
    pub at: usize,
    pub id: String,
    /// The most that it takes off the items, in working units.
    most: Amount,
    rival: Rival,
}

/// With whom it cannot go together, as far as that is sure.
#[derive(PartialEq)]
enum Rival {
    /// All others on the items.
    All,
    /// Those of its group.
    Group(String),
    None,
}

/// What a cart and its shop mean for the bound.
pub(super) struct Potential<'s> {
    setting: &'s Setting<'s>,
    /// No discount takes more: what is to pay without any.
    full: Amount,
    /// The shipping charge with its tax, at most.
    charge: Amount,
    /// How much less is to pay for each minor unit off the items: numerator and denominator.
    tax: (i128, i128),
    /// What rounding can add.
    slack: Amount,
    is_bounded: bool,
}

/// The promotions that may take something, the one that may take most first; and for all promotions whether they are none of them.
pub(super) fn candidates<'a>(
    setting: &Setting<'a>,
    cart: &Cart<'a>,
) -> Result<(Vec<Candidate>, Vec<bool>), AmountError> {
    let promotions = &setting.rules.ruleset().promotions;
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut others = Vec::with_capacity(promotions.len());
    for (at, promotion) in promotions.iter().enumerate() {
        let most = most_of(promotion, setting, cart)?;
        others.push(most.is_none());
        let Some(most) = most else { continue };
        let place = candidates.partition_point(|earlier| earlier.most >= most);
        let rival = rival_of(promotion, setting);
        candidates.insert(place, Candidate { at, id: promotion.id.clone(), most, rival });
    }
    Ok((candidates, others))
}

/// The most that a promotion may take off the items; `None` if it takes nothing, whatever else applies.
///
/// Discounts only lower amounts, so what is missing in an untouched cart stays missing, and a share of an amount is never larger than
/// in the untouched cart. Only single units are different: when others have used up the cheap ones, dearer ones come.
fn most_of<'a>(
    promotion: &'a Promotion,
    setting: &Setting<'a>,
    cart: &Cart<'a>,
) -> Result<Option<Amount>, AmountError> {
    if setting.coupon(promotion).is_err() || qualify::obstacle(promotion, setting).is_some() {
        return Ok(None);
    }
    let mut evaluation = Evaluation::new(promotion, setting, cart, &cart.left);
    if evaluation.missing()?.is_some() {
        return Ok(None);
    }
    if promotion.is_on_shipping() {
        return Ok(Some(Amount::ZERO));
    }
    if promotion.is_gift() {
        let keeps_out = promotion.exclusive.is_some() || promotion.group.is_some();
        return Ok(keeps_out.then_some(Amount::ZERO));
    }
    let all_of = |target: &Target| {
        let rows = cart.lines.iter().zip(&cart.left);
        Amount::sum(
            rows.filter(|(line, left)| qualify::is_meant(target, line, **left))
                .map(|(_, left)| *left),
        )
    };
    let limit = match &promotion.effect {
        Effect::LinePercentage { units: Some(_), .. }
        | Effect::LineFixed { units: Some(_), .. }
        | Effect::FixedPrice { units: Some(_), .. }
        | Effect::NthUnit { .. }
        | Effect::AnyFor { .. }
        | Effect::BuyGet { get: None, .. } => Some(all_of(&promotion.target)?),
        Effect::BuyGet { get: Some(target), .. } => Some(all_of(target)?),
        Effect::Bundle { parts, .. } => {
            let mut most = Amount::ZERO;
            for part in parts {
                most = most.plus(all_of(&part.target)?)?;
            }
            Some(most)
        }
        Effect::SpendTiers { .. } => Some(evaluation.base()?),
        _ => None,
    };
    Ok(match (evaluation.wanted()?, limit) {
        (Wanted::Nothing(_), _) => None,
        (_, Some(limit)) => Some(limit),
        (Wanted::Sum(amount) | Wanted::Weighted(amount, _), None) => {
            Some(amount.min(evaluation.base()?))
        }
        (Wanted::Lines(shares), None) => {
            let shares = shares.iter().zip(&evaluation.bases);
            Some(Amount::sum(shares.map(|(share, base)| (*share).min(*base)))?)
        }
    })
}

fn rival_of(promotion: &Promotion, setting: &Setting<'_>) -> Rival {
    if promotion.is_on_shipping() || promotion.is_gift() {
        return Rival::None;
    }
    if promotion.exclusive.is_some_and(|scope| scope.reaches(false)) {
        return Rival::All;
    }
    match setting.group_of(promotion) {
        Some(group) if group.mode == StackingMode::BestOf => Rival::Group(group.id.clone()),
        _ => Rival::None,
    }
}

impl<'s> Potential<'s> {
    /// `full` are the totals without any candidate.
    pub(super) fn new(
        setting: &'s Setting<'_>,
        cart: &Cart<'_>,
        full: &Totals,
    ) -> Result<Self, AmountError> {
        let all_inside = cart.lines.iter().all(|line| line.basis.is_inclusive());
        let mut tax = (1, 1);
        for line in cart.lines.iter().filter(|line| !line.basis.is_inclusive()) {
            let own = tax_of(line)?;
            let [own_part, known_part] = [product(&[own.0, tax.1])?, product(&[tax.0, own.1])?];
            if own_part > known_part {
                tax = own;
            }
        }
        let lines = i64::try_from(cart.lines.len()).unwrap_or(i64::MAX).saturating_add(2);
        let is_plain = all_inside && setting.working.is_minor();
        // On top of a charge may come its tax, which is taken to be less than the charge.
        let taxes = if is_plain { Amount::ZERO } else { full.shipping_minor };
        let charge = full.shipping_minor.plus(taxes)?;
        Ok(Self {
            setting,
            full: full.gross_minor,
            charge,
            tax,
            slack: if is_plain { Amount::ZERO } else { Amount::new(lines)? },
            // A manual percentage moves with the discounts.
            is_bounded: setting.draft.adjustments.is_empty(),
        })
    }

    /// The most that the open candidates can save together, in minor units.
    pub(super) fn most(
        &self,
        candidates: &[Candidate],
        is_open: &dyn Fn(usize) -> bool,
    ) -> Result<Amount, AmountError> {
        if !self.is_bounded {
            return Ok(self.full);
        }
        // The shop can let any two go together.
        let pairs = !self.setting.rules.ruleset().stacking.pairs.is_empty();
        let (mut alone, mut together) = (Amount::ZERO, Amount::ZERO);
        let open = || candidates.iter().enumerate().filter(|(at, _)| is_open(*at));
        for (at, candidate) in open() {
            match &candidate.rival {
                Rival::All if !pairs => alone = alone.max(candidate.most),
                // The first of a group may take most of them.
                Rival::Group(_) if !pairs => {
                    let mut earlier = open().take_while(|(earlier, _)| *earlier < at);
                    if !earlier.any(|(_, it)| it.rival == candidate.rival) {
                        together = together.plus(candidate.most)?;
                    }
                }
                _ => together = together.plus(candidate.most)?,
            }
        }
        let factor = i128::from(self.setting.working.factor());
        let numerator = product(&[i128::from(alone.max(together).minor()), self.tax.0])?;
        let denominator = product(&[self.tax.1, factor])?;
        let items = Amount::from_fraction(numerator, denominator, Rounding::Up)?;
        Ok(items.plus(self.charge)?.plus(self.slack)?.min(self.full))
    }
}

/// What a unit of money costs with all taxes of a line, compounded: more than it is where they add up.
fn tax_of(line: &PricedLine<'_>) -> Result<(i128, i128), AmountError> {
    let mut one = Amount::new(1_000_000)?;
    for tax in line.taxes {
        one = one.plus(percent_of(one, tax.percent, Rounding::Up)?)?;
    }
    Ok((one.minor().into(), 1_000_000))
}
