//! Gift cards, points and store credit: what an order took of them, less what went back.

use super::{Payment, PaymentKind};
use crate::{
    money::{Amount, AmountError},
    pricing::{Tender, TenderKind},
};

/// The method of what a gift card paid.
pub const GIFT_CARD: &str = "giftCard";
/// The method of what the customer's account in the shop paid.
pub const STORE_CREDIT: &str = "storeCredit";
/// The method of what points paid.
pub const POINTS: &str = "points";

/// What an order has taken of balances by now; below zero where more went onto one than it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InKind {
    /// Each gift card once, by its code.
    pub gift_cards: Vec<(String, Amount)>,
    /// Points that paid.
    pub points: u32,
    /// Of the customer's account in the shop.
    pub store_credit_minor: Amount,
}

impl InKind {
    /// Adds up what the order was paid with and what was given back since. The balances follow the ledger: money is on a card or
    /// account when the refund is recorded as done, however often that is told.
    ///
    /// A refund to a gift card goes to the card that its `reference` names, else to the one of its `source`, else to the last.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a sum is out of range.
    pub fn of(tenders: &[Tender], payments: &[Payment]) -> Result<Self, AmountError> {
        let mut sum = Self::default();
        let (mut by_points, mut points) = (Amount::ZERO, 0);
        for tender in tenders {
            match tender.kind {
                TenderKind::GiftCard => {
                    sum.take(tender.code.as_deref().unwrap_or_default(), tender.amount_minor)?;
                }
                TenderKind::StoreCredit => {
                    sum.store_credit_minor = sum.store_credit_minor.plus(tender.amount_minor)?;
                }
                TenderKind::Points => {
                    by_points = tender.amount_minor;
                    points = tender.points.unwrap_or_default();
                }
            }
        }
        let refunds = payments.iter().filter(|it| it.kind == PaymentKind::Refund && it.is_done());
        let mut in_points = Amount::ZERO;
        for refund in refunds {
            match refund.method.as_str() {
                GIFT_CARD => {
                    if let Some(code) = code_of(refund, tenders, payments) {
                        sum.take(&code, refund.amount_minor.negate())?;
                    }
                }
                STORE_CREDIT => {
                    sum.store_credit_minor = sum.store_credit_minor.minus(refund.amount_minor)?;
                }
                POINTS => in_points = in_points.plus(refund.amount_minor)?,
                _ => {}
            }
        }
        sum.points = points.saturating_sub(share(points, in_points, by_points));
        Ok(sum)
    }

    fn take(&mut self, code: &str, amount: Amount) -> Result<(), AmountError> {
        match self.gift_cards.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(code)) {
            Some((_, sum)) => *sum = sum.plus(amount)?,
            None => self.gift_cards.push((code.to_owned(), amount)),
        }
        Ok(())
    }
}

fn code_of(refund: &Payment, tenders: &[Tender], payments: &[Payment]) -> Option<String> {
    let named = refund.reference.clone().filter(|code| !code.trim().is_empty());
    let source = || {
        let of = payments.iter().find(|it| Some(&it.id) == refund.source.as_ref())?;
        of.reference.clone().filter(|_| of.method == GIFT_CARD)
    };
    let last = || tenders.iter().rev().find_map(|tender| tender.code.clone());
    named.or_else(source).or_else(last)
}

/// The whole points that a part of what they paid is worth.
fn share(points: u32, part: Amount, whole: Amount) -> u32 {
    let product = i128::from(points).checked_mul(i128::from(part.minor()));
    let share = product.and_then(|product| product.checked_div(i128::from(whole.minor())));
    share.and_then(|share| u32::try_from(share).ok()).unwrap_or_default().min(points)
}
