//! Promotions: who gets what off, and why the others do not.
//!
//! They run phase by phase, in each phase by priority and then id. A promotion first has to be let in (`gate`) and to qualify
//! (`qualify`), then its effect says what it wants (`effect`, `sets`), limits say what it may have (`limit`), and stacking says whether
//! it gets it (`stacking`).

use super::{
    cart::Cart,
    line::{minor_price, product},
    tax::TaxSelection,
    trace::{Trace, TraceStep},
    working::Working,
};
use crate::{
    context::Context,
    decimal::Decimal,
    draft::Draft,
    money::{Amount, AmountError},
    ruleset::{Promotion, Rules, SpendTier},
};

mod best;
mod bundle;
mod effect;
mod gate;
mod gift;
mod limit;
mod percentage;
mod points;
mod potential;
mod qualify;
mod sets;
mod share;
mod shipping;
mod stacking;
mod units;

pub(super) use best::allowed as best_combination;
pub(super) use gift::{Given, give};
pub(super) use points::spend as spend_points;
pub(super) use shipping::off as off_shipping;
pub(super) use stacking::run;

/// What promotions look at besides the cart.
#[derive(Clone)]
pub(super) struct Setting<'a> {
    pub draft: &'a Draft,
    pub rules: &'a Rules,
    pub context: &'a Context,
    pub country: &'a str,
    pub taxes: &'a TaxSelection<'a>,
    pub working: Working,
    /// The shipping charge that promotions on items and shipping are shared by; zero if there are none.
    pub charge: Amount,
    /// Which promotions may run, by their position in the ruleset; all if empty.
    pub allowed: Vec<bool>,
}

/// What a promotion takes.
pub(super) struct Deal<'a> {
    pub promotion: &'a Promotion,
    pub coupon: Option<&'a String>,
    /// Off each line, in working units.
    pub shares: Vec<Amount>,
    pub amount: Amount,
    /// What it takes off the shipping charge besides.
    shipping: Amount,
    /// Units it uses up.
    taken: Vec<(usize, u32)>,
    /// What there is to say of it besides the amount.
    notes: Vec<TraceStep>,
}

/// A promotion that is being looked at.
struct Evaluation<'e, 'a> {
    promotion: &'a Promotion,
    setting: &'e Setting<'a>,
    cart: &'e Cart<'a>,
    /// What it may take from each line; zero where the line is not meant.
    bases: Vec<Amount>,
    /// Whether the bases may be more than what is left: they are of the time before the group.
    is_parallel: bool,
    /// What it takes off the shipping charge besides.
    shipping: Amount,
    taken: Vec<(usize, u32)>,
    notes: Vec<TraceStep>,
}

impl<'a> Setting<'a> {
    pub(super) fn price_of(
        &self,
        unit_price: Decimal,
        quantity: Decimal,
    ) -> Result<Amount, AmountError> {
        let ruleset = self.rules.ruleset();
        let (numerator, denominator) =
            minor_price(unit_price, quantity, Decimal::ONE, ruleset.currency)?;
        let numerator = product(&[numerator, i128::from(self.working.factor())])?;
        Amount::from_fraction(numerator, denominator, ruleset.rounding.mode)
    }

    /// Tells of the tier that is not reached yet.
    fn next_tier(
        &self,
        promotion: &Promotion,
        tier: &SpendTier,
        missing: Amount,
        notes: &mut Vec<TraceStep>,
    ) -> Result<(), AmountError> {
        notes.push(TraceStep::NextTier {
            rule: promotion.id.clone(),
            missing_minor: self.working.shown(missing)?,
            save_minor: tier.save_minor,
            percent: tier.percent,
        });
        Ok(())
    }
}

impl<'e, 'a> Evaluation<'e, 'a> {
    fn new(
        promotion: &'a Promotion,
        setting: &'e Setting<'a>,
        cart: &'e Cart<'a>,
        from: &[Amount],
    ) -> Self {
        let rows = cart.lines.iter().zip(&cart.left).zip(from);
        let bases = rows.map(|((line, left), from)| {
            let meant = qualify::is_meant(&promotion.target, line, *left);
            if meant { *from } else { Amount::ZERO }
        });
        let bases = bases.collect();
        let is_parallel = !core::ptr::eq(from, cart.left.as_slice());
        let (shipping, taken, notes) = (Amount::ZERO, Vec::new(), Vec::new());
        Self { promotion, setting, cart, bases, is_parallel, shipping, taken, notes }
    }

    fn note(&mut self, step: TraceStep) {
        self.notes.push(step);
    }
}

/// What a promotion that is let in takes from the items of a cart; says why if that is nothing.
///
/// `from` is what each line counts as: what is left of it, or what was left when its group began.
fn evaluate<'a>(
    promotion: &'a Promotion,
    setting: &Setting<'a>,
    cart: &Cart<'a>,
    from: &[Amount],
    barred: &[bool],
    trace: &mut Trace,
) -> Result<Option<Deal<'a>>, AmountError> {
    let Some(entry) = setting.admit(promotion, cart, trace) else { return Ok(None) };
    let mut evaluation = Evaluation::new(promotion, setting, cart, from);
    evaluation.notes = entry.notes;
    for (base, barred) in evaluation.bases.iter_mut().zip(barred) {
        if *barred {
            *base = Amount::ZERO;
        }
    }
    let limited = match evaluation.missing()? {
        Some(step) => Err(step),
        None => {
            let wanted = evaluation.wanted()?;
            evaluation.limited_to(wanted)?
        }
    };
    let (shares, amount) = match limited {
        Ok(limited) => limited,
        Err(step) => {
            trace.push(step);
            return Ok(None);
        }
    };
    let Evaluation { shipping, taken, notes, .. } = evaluation;
    Ok(Some(Deal { promotion, coupon: entry.coupon, shares, amount, shipping, taken, notes }))
}

/// Takes a deal off the cart and says so.
fn apply<'a>(
    mut deal: Deal<'a>,
    cart: &mut Cart<'a>,
    working: Working,
    trace: &mut Trace,
    deals: &mut Vec<Deal<'a>>,
) -> Result<(), AmountError> {
    let taken = cart.take(&deal.shares, working)?;
    for (line, count) in &deal.taken {
        cart.use_units(*line, *count);
    }
    cart.applied.push(deal.promotion);
    if trace.is_kept() {
        trace.append(&mut deal.notes);
        if !deal.amount.is_zero() {
            let rule = deal.promotion.id.clone();
            trace.push(TraceStep::Discount { rule, amount_minor: taken });
        }
    }
    deals.push(deal);
    Ok(())
}
