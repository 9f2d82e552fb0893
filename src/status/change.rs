//! What may be edited when, as a table: status × change, with the conditions beside it.

use super::table::Guard;
use crate::{amendment::ChangeKind, order::OrderStatus, ruleset::CustomerEdits};

/// When a change of a placed order is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeRule {
    /// The change.
    pub change: ChangeKind,
    /// In which statuses of the order the shop may make it.
    pub statuses: &'static [OrderStatus],
    /// What the shop must let its customers edit, so that they may make it until the shop commits;
    /// never by customers if missing.
    pub customer: Option<CustomerEdits>,
    /// What else must be so, in the order in which reasons are given.
    pub guards: &'static [Guard],
}

/// The statuses in which customers edit their orders: until the shop commits.
pub const CUSTOMER_STATUSES: &[OrderStatus] = &[OrderStatus::Placed];

/// The rule of every change. After goods have left, only returns undo them (features.md g).
pub const CHANGE_RULES: &[ChangeRule] = {
    use ChangeKind as C;
    use Guard as G;
    use OrderStatus as S;
    const OPEN: &[OrderStatus] = &[S::Placed, S::Confirmed];
    const UNTIL_CLOSED: &[OrderStatus] = &[S::Placed, S::Confirmed, S::Completed];
    const fn rule(
        change: ChangeKind,
        statuses: &'static [OrderStatus],
        customer: Option<CustomerEdits>,
        guards: &'static [Guard],
    ) -> ChangeRule {
        ChangeRule { change, statuses, customer, guards }
    }
    const DETAILS: Option<CustomerEdits> = Some(CustomerEdits::Details);
    &[
        rule(C::MoreGoods, OPEN, None, &[G::GoodsHere]),
        rule(C::LessGoods, OPEN, Some(CustomerEdits::DetailsAndLess), &[G::GoodsOpen]),
        rule(C::UnitPrice, OPEN, None, &[]),
        rule(C::ShippingAddress, OPEN, DETAILS, &[G::NothingPacked]),
        rule(C::BillingAddress, UNTIL_CLOSED, DETAILS, &[]),
        rule(C::Contact, UNTIL_CLOSED, DETAILS, &[]),
        rule(C::ShippingMethod, OPEN, None, &[G::NothingPacked]),
        rule(C::PaymentMethod, OPEN, None, &[G::NothingReceived, G::NothingPending]),
        rule(C::Note, UNTIL_CLOSED, DETAILS, &[]),
        rule(C::Coupon, OPEN, None, &[]),
        rule(C::Discount, OPEN, None, &[]),
    ]
};

/// The rule of a change.
pub fn change_rule(change: ChangeKind) -> Option<&'static ChangeRule> {
    CHANGE_RULES.iter().find(|rule| rule.change == change)
}
