//! Allowances and charges that staff set by hand.

use super::{
    cart::Cart,
    line::{adjustment_amount, percent_of},
    promotion::Setting,
    trace::{Trace, TraceStep},
};
use crate::{
    allocation::allocate,
    draft::{Adjustment, AdjustmentKind},
    issue::{Code, Issue, Refusal},
    money::Amount,
    rounding::Rounding,
    ruleset::{ChargeTax, PriceBasis, TaxComponent},
};

/// A document allowance or charge that is not shared over lines.
pub(super) struct DocumentAdjustment<'a> {
    /// A document that credits has allowances below zero: the sign does not tell the kind.
    pub kind: AdjustmentKind,
    /// What it adds to the total, in working units.
    pub amount: Amount,
    pub basis: PriceBasis,
    /// If missing, they follow those of the goods.
    pub taxes: Option<&'a [TaxComponent]>,
}

/// An adjustment that is shared over the lines, in working units.
pub(super) struct SharedAdjustment<'a> {
    pub reason: Option<&'a String>,
    pub shares: Vec<Amount>,
}

/// The manual adjustments of a document.
#[derive(Default)]
pub(super) struct Manual<'a> {
    pub documents: Vec<DocumentAdjustment<'a>>,
    pub shared: Vec<SharedAdjustment<'a>>,
}

/// Applies the document's manual adjustments: those with taxes of their own stand alone, the others are shared over the lines.
///
/// # Errors
///
/// One that is malformed, takes off more than there is, or more than whoever asks may take off.
pub(super) fn apply<'a>(
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
) -> Result<Manual<'a>, Refusal> {
    let mut manual = Manual::default();
    let before = cart.sum_left()?;
    for (at, adjustment) in setting.draft.adjustments.iter().enumerate() {
        one(adjustment, cart, setting, trace, &mut manual)
            .map_err(|refusal| refusal.under(&format!("/adjustments/{at}")))?;
    }
    within_limit(before, cart, setting, &manual)?;
    Ok(manual)
}

fn one<'a>(
    adjustment: &'a Adjustment,
    cart: &mut Cart<'a>,
    setting: &Setting<'a>,
    trace: &mut Trace,
    manual: &mut Manual<'a>,
) -> Result<(), Refusal> {
    let items = cart.sum_left()?;
    let rounding = setting.rules.ruleset().rounding.mode;
    let amount = adjustment_amount(adjustment, items, setting.working, rounding)??;
    let ruleset = setting.rules.ruleset();
    let charges = ruleset.taxation.charges.unwrap_or_default();
    let follows = adjustment.kind == AdjustmentKind::Charge && charges != ChargeTax::OwnClass;
    if follows || adjustment.taxes.is_some() {
        trace.push(TraceStep::DocumentAdjustment {
            amount_minor: setting.working.shown(amount)?,
            reason: adjustment.reason.clone(),
        });
        manual.documents.push(DocumentAdjustment {
            kind: adjustment.kind,
            amount,
            basis: adjustment.price_basis.unwrap_or(ruleset.price_basis),
            taxes: adjustment.taxes.as_deref(),
        });
        return Ok(());
    }
    let off = amount.negate();
    if items.is_zero() && !off.is_zero() {
        let reason = "there are no items to share it over";
        return Err(Issue::new(Code::AdjustmentInvalid, "").with("reason", reason).into());
    }
    if adjustment.kind == AdjustmentKind::Allowance && off > items {
        return Err(Issue::new(Code::DiscountTooLarge, "")
            .with("discountMinor", setting.working.shown(off)?)
            .with("availableMinor", setting.working.shown(items)?)
            .with("currency", setting.rules.ruleset().currency)
            .into());
    }
    let shares = allocate(off, &cart.left)?;
    let taken = cart.take(&shares, setting.working)?;
    trace.push(TraceStep::Discount { rule: super::MANUAL.to_owned(), amount_minor: taken });
    manual.shared.push(SharedAdjustment { reason: adjustment.reason.as_ref(), shares });
    Ok(())
}

/// Staff may take off by hand only as much of an order as their role allows.
fn within_limit(
    before: Amount,
    cart: &Cart<'_>,
    setting: &Setting<'_>,
    manual: &Manual<'_>,
) -> Result<(), Refusal> {
    let Some(percent) = setting.context.adjustment_limit_percent else { return Ok(()) };
    let mut off = before.minus(cart.sum_left()?)?;
    for document in &manual.documents {
        off = off.minus(document.amount.min(Amount::ZERO))?;
    }
    for line in &cart.lines {
        off = off.plus(line.allowance)?;
    }
    let most = percent_of(cart.items()?, percent, Rounding::Down)?;
    if off <= most {
        return Ok(());
    }
    Err(Issue::new(Code::AdjustmentOverLimit, "/adjustments")
        .with("discountMinor", setting.working.shown(off)?)
        .with("maximumMinor", setting.working.shown(most)?)
        .with("percent", percent)
        .with("currency", setting.rules.ruleset().currency)
        .into())
}
