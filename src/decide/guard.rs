//! Whether a guard of the tables is met, and if not, the reason with its figures.

use super::Facts;
use crate::{
    issue::{Code, Issue},
    ledger::{Ledger, PaymentKind},
    money::{Amount, AmountError},
    order::{AmendmentState, Order},
    ruleset::PaymentTerms,
    status::{DeadlineKind, deadlines, table::Guard},
};

/// The reason why a guard is not met.
pub(super) fn unmet(guard: Guard, order: &Order, facts: &Facts<'_>) -> Option<Issue> {
    match guard {
        Guard::NotOnHold => held(order),
        Guard::OnHold => order.holds.is_empty().then(|| Issue::new(Code::NothingOpen, "")),
        Guard::PaymentRule => payment_missing(order, facts).unwrap_or_else(overflow),
        Guard::PayTimeOver => pay_time_left(order, facts),
        Guard::NothingReceived => received(order).unwrap_or_else(overflow),
        Guard::NothingPending => pending(order),
        Guard::LatePayment => no_late_payment(order).unwrap_or_else(overflow),
        Guard::BalanceOpen => balance(order, true).unwrap_or_else(overflow),
        Guard::BalanceSettled => balance(order, false).unwrap_or_else(overflow),
        Guard::NothingShipped => {
            let left = |it: &crate::order::Shipment| {
                it.status.has_left() && !it.status.is_over_without_goods()
            };
            order.shipments.iter().any(left).then(|| Issue::new(Code::AlreadyShipped, ""))
        }
        Guard::NothingInHand => {
            let in_hand = order.shipments.iter().find(|it| it.status.is_in_hand());
            in_hand.map(|it| Issue::new(Code::GoodsInHand, "").with("shipment", it.id.as_str()))
        }
        Guard::GoodsOpen => {
            let open = order.lines.iter().any(|line| !line.open_to_ship().is_zero());
            (!open).then(|| Issue::new(Code::NothingOpen, ""))
        }
        Guard::GoodsToShip => (!super::shipment::can_ship(order, facts))
            .then(|| super::shipment::why_nothing_ships(order, facts)),
        Guard::GoodsToReturn => {
            let open = order.lines.iter().any(|line| !line.open_to_return().is_zero());
            (!open).then(|| Issue::new(Code::NothingOpen, ""))
        }
        Guard::NoOpenReturn => order.has_open_return().then(|| still_open("return")),
        Guard::GoodsGone => (!order.goods_are_gone()).then(|| still_open("goods")),
        Guard::GoodsArrived => (!order.goods_have_arrived()).then(|| still_open("goods")),
        Guard::ReturnTimeOver => return_time_left(order, facts),
        Guard::NothingPacked => packed(order),
        Guard::GoodsHere => order.goods_are_gone().then(|| Issue::new(Code::AlreadyShipped, "")),
        Guard::ShortageOpen => {
            let is_open = order.shortages.iter().any(crate::inventory::Shortage::is_open);
            (!is_open).then(|| Issue::new(Code::NothingOpen, ""))
        }
        Guard::EditProposed => {
            let waits = order.amendments.iter().any(|it| it.state == AmendmentState::Proposed);
            (!waits).then(|| Issue::new(Code::NothingOpen, ""))
        }
    }
}

/// A parcel that is ready or has left has its label.
fn packed(order: &Order) -> Option<Issue> {
    use crate::order::ShipmentStatus as Status;
    let is_packed = |status: Status| {
        status.has_left() || matches!(status, Status::Packed | Status::ReadyForPickup)
    };
    let live = order.shipments.iter().filter(|it| !it.status.is_over_without_goods());
    let packed = live.clone().find(|it| is_packed(it.status))?;
    if packed.status.has_left() {
        return Some(Issue::new(Code::AlreadyShipped, ""));
    }
    Some(Issue::new(Code::GoodsInHand, "").with("shipment", packed.id.as_str()))
}

/// A balance that cannot be computed is no reason to let goods or money go.
fn overflow(_: AmountError) -> Option<Issue> {
    Some(Issue::new(Code::AmountTooLarge, "").with("maximumMinor", Amount::MAX))
}

fn still_open(what: &str) -> Issue {
    Issue::new(Code::StillOpen, "").with("open", what)
}

fn held(order: &Order) -> Option<Issue> {
    let reason = order.holds.first()?.reason;
    Some(Issue::new(Code::OnHold, "").with("hold", reason.as_str()))
}

/// Prepaid orders wait for their money, or for a provider's word that it is kept ready.
fn payment_missing(order: &Order, facts: &Facts<'_>) -> Result<Option<Issue>, AmountError> {
    if order.payment_terms != PaymentTerms::Prepaid {
        return Ok(None);
    }
    let ledger = Ledger::of(&order.payments)?;
    let live = order.payments.iter().filter(|it| it.kind == PaymentKind::Authorization);
    let ended = live.filter(|it| it.expires_ms.is_some_and(|ends_ms| ends_ms <= facts.now_ms));
    let mut authorized = ledger.authorized;
    for payment in ended.filter(|it| it.is_done()) {
        let left = crate::ledger::left_of_authorization(&order.payments, payment)?;
        authorized = authorized.minus(left)?;
    }
    let missing = order.due()?.minus(ledger.net()?)?.minus(authorized)?;
    Ok((missing > Amount::ZERO).then(|| {
        Issue::new(Code::PaymentMissing, "")
            .with("missingMinor", missing)
            .with("currency", order.currency)
    }))
}

fn pay_time_left(order: &Order, facts: &Facts<'_>) -> Option<Issue> {
    let all = deadlines(order, facts.rules.ruleset());
    let Some(deadline) = all.iter().find(|deadline| deadline.kind == DeadlineKind::Pay) else {
        return Some(Issue::new(Code::NoDeadline, ""));
    };
    too_early(deadline.at_ms, facts)
}

fn return_time_left(order: &Order, facts: &Facts<'_>) -> Option<Issue> {
    if order.receipt_ms.is_some() {
        return None;
    }
    let ends_ms = crate::status::return_window_ends_ms(order, facts.rules.ruleset());
    ends_ms.and_then(|ends_ms| too_early(ends_ms, facts))
}

pub(super) fn too_early(at_ms: i64, facts: &Facts<'_>) -> Option<Issue> {
    (facts.now_ms < at_ms).then(|| {
        let at = facts.rules.ruleset().time_zone.text(at_ms);
        Issue::new(Code::TooEarly, "").with("at", at).with("atMs", at_ms)
    })
}

/// Money that came in beside what gift cards and the like paid at once.
fn received(order: &Order) -> Result<Option<Issue>, AmountError> {
    let received = Ledger::of(&order.payments)?.net()?.minus(order.tendered_minor)?;
    Ok((received > Amount::ZERO).then(|| {
        Issue::new(Code::PaymentReceived, "")
            .with("amountMinor", received)
            .with("currency", order.currency)
    }))
}

fn pending(order: &Order) -> Option<Issue> {
    let pending = order.payments.iter().find(|it| it.is_pending())?;
    let issue = Issue::new(Code::PaymentPending, "");
    Some(issue.with("amountMinor", pending.amount_minor).with("currency", order.currency))
}

/// A closed order comes back to life only because of money that came for it afterwards.
fn no_late_payment(order: &Order) -> Result<Option<Issue>, AmountError> {
    let kept = Ledger::of(&order.payments)?.net()?.minus(order.tendered_minor)?;
    Ok((kept <= Amount::ZERO).then(|| {
        Issue::new(Code::PaymentMissing, "")
            .with("missingMinor", order.totals.payable_minor)
            .with("currency", order.currency)
    }))
}

fn balance(order: &Order, wants_open: bool) -> Result<Option<Issue>, AmountError> {
    let balance = order.derived()?.balance_due_minor;
    Ok(match (wants_open, balance.is_zero()) {
        (true, true) => Some(Issue::new(Code::NothingOpen, "")),
        (false, false) => Some(still_open("payment")),
        _ => None,
    })
}
