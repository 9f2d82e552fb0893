//! What an edit would come to, before and after, for whoever has to decide about it.

use serde::{Deserialize, Serialize};

use crate::{
    amendment::Amended,
    credit::CreditShare,
    decimal::Decimal,
    issue::Issue,
    json::{FromJson, ToJson},
    ledger::{RefundOrder, RefundPart, refund_plan},
    money::{Amount, AmountError},
    order::{Order, OrderLine},
    ruleset::{AmendmentPolicy, LocalText, PaymentTerms},
};

/// An edit that was worked out and not made: everything that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AmendmentPreview {
    /// The policy that was used; of `neverWorse` the one that is cheaper for the buyer.
    pub policy: AmendmentPolicy,
    /// Every line that changes.
    pub lines: Vec<LineDifference>,
    /// The shipping charge, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<ShareDifference>,
    /// Every discount that changes.
    pub discounts: Vec<DiscountDifference>,
    /// All lines, shipping and charges.
    pub total: ShareDifference,
    /// What the buyer shall finally bear, before.
    pub total_before_minor: Amount,
    /// The same after.
    pub total_after_minor: Amount,
    /// After less before: one figure for the whole edit.
    pub difference_minor: Amount,
    /// What the buyer must pay after it, money that is there counted; nothing if nothing is owed.
    pub due_minor: Amount,
    /// What the shop owes after it, never more than was received and not given back.
    pub refund_minor: Amount,
    /// Which payments that goes back to.
    pub refunds: Vec<RefundPart>,
    /// Whether the goods wait until the rest is paid.
    pub blocks_shipping: bool,
    /// Whether the customer must agree first.
    pub needs_consent: bool,
    /// What should be looked at before the edit is made.
    pub issues: Vec<Issue>,
}

/// A line before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineDifference {
    /// The id of the line.
    pub line: String,
    /// The stock keeping unit.
    pub sku: String,
    /// The name, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// Before; missing of a line that is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<LineState>,
    /// After; missing of a line that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<LineState>,
}

/// What of a line shall be delivered, and what it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineState {
    /// How many.
    pub quantity: Decimal,
    /// The price of one.
    pub unit_price: Decimal,
    /// Before discounts.
    pub amount_minor: Amount,
    /// The discounts on it.
    pub discount_minor: Amount,
    /// Without tax.
    pub net_minor: Amount,
    /// The tax.
    pub tax_minor: Amount,
    /// With tax.
    pub gross_minor: Amount,
}

/// An amount with its tax, before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShareDifference {
    /// Before.
    pub before: CreditShare,
    /// After.
    pub after: CreditShare,
}

/// A discount on the goods, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DiscountDifference {
    /// The promotion, `manual` or `points`.
    pub rule: String,
    /// The coupon that unlocked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon_code: Option<String>,
    /// The name that customers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// What it takes off, before.
    pub before_minor: Amount,
    /// The same after.
    pub after_minor: Amount,
}

/// Everything that differs between an order and the same order with the edit.
pub(super) fn difference(
    order: &Order,
    after: &Order,
    amended: &Amended,
    needs_consent: bool,
) -> Result<AmendmentPreview, AmountError> {
    let (was, is) = (order.derived()?, after.derived()?);
    let owed = is.balance_due_minor.negate().max(Amount::ZERO);
    let refund_minor = owed.min(is.refundable_minor);
    let due_minor = is.balance_due_minor.max(Amount::ZERO);
    let (before, now) = (order.left_of_shipping()?, after.left_of_shipping()?);
    let used = match amended.effect.quote {
        Some(_) => AmendmentPolicy::ReEvaluate,
        None => AmendmentPolicy::Freeze,
    };
    Ok(AmendmentPreview {
        policy: used,
        lines: lines(order, after)?,
        shipping: (before != now).then_some(ShareDifference { before, after: now }),
        discounts: discounts(order, after)?,
        total: ShareDifference { before: order.left()?, after: after.left()? },
        total_before_minor: was.total_minor,
        total_after_minor: is.total_minor,
        difference_minor: is.total_minor.minus(was.total_minor)?,
        due_minor,
        refund_minor,
        refunds: refund_plan(&after.payments, refund_minor, RefundOrder::LastFirst)?,
        blocks_shipping: after.payment_terms == PaymentTerms::Prepaid
            && due_minor > is.authorized_minor,
        needs_consent,
        issues: Vec::new(),
    })
}

fn lines(order: &Order, after: &Order) -> Result<Vec<LineDifference>, AmountError> {
    let mut all = Vec::new();
    let gone = order.lines.iter().filter(|line| !after.lines.iter().any(|it| it.id == line.id));
    for line in after.lines.iter().chain(gone) {
        let state = |order: &Order| {
            let known = order.lines.iter().find(|known| known.id == line.id);
            known.map(|known| line_state(order, known)).transpose().map(Option::flatten)
        };
        let (before, after) = (state(order)?, state(after)?);
        if before != after {
            let (line, sku, name) = (line.id.clone(), line.sku.clone(), line.name.clone());
            all.push(LineDifference { line, sku, name, before, after });
        }
    }
    Ok(all)
}

/// Nothing if nothing of the line is left.
fn line_state(order: &Order, line: &OrderLine) -> Result<Option<LineState>, AmountError> {
    let quantity = line.to_deliver();
    if quantity.is_zero() {
        return Ok(None);
    }
    let left = order.left_of_line(line)?;
    Ok(Some(LineState {
        quantity,
        unit_price: line.unit_price,
        amount_minor: left.amount_minor,
        discount_minor: left.discount_minor()?,
        net_minor: left.net_minor,
        tax_minor: left.tax_minor,
        gross_minor: left.gross_minor,
    }))
}

fn discounts(order: &Order, after: &Order) -> Result<Vec<DiscountDifference>, AmountError> {
    let mut all: Vec<DiscountDifference> = Vec::new();
    for (is_after, order) in [(false, order), (true, after)] {
        let sums = order.left_of_discounts()?;
        for (discount, sum) in order.discounts.iter().zip(sums) {
            let same = |it: &&mut DiscountDifference| {
                it.rule == discount.rule
                    && it.coupon_code == discount.coupon_code
                    && it.name == discount.name
            };
            let zero = Amount::ZERO;
            let row = match all.iter_mut().find(same) {
                Some(row) => row,
                None => {
                    all.push(DiscountDifference {
                        rule: discount.rule.clone(),
                        coupon_code: discount.coupon_code.clone(),
                        name: discount.name.clone(),
                        before_minor: zero,
                        after_minor: zero,
                    });
                    let Some(row) = all.last_mut() else { continue };
                    row
                }
            };
            let place = if is_after { &mut row.after_minor } else { &mut row.before_minor };
            *place = place.plus(sum)?;
        }
    }
    all.retain(|row| row.before_minor != row.after_minor);
    Ok(all)
}
