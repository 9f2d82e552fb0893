//! Money that goes back by itself: what is decided is asked of the provider in the same step, so that nobody can forget it.
//!
//! Only what came through a provider goes back so. Cash, transfers and gift cards are given back by hand.

use super::Facts;
use crate::{
    ledger::{
        Ledger, Payment, PaymentKind, PaymentState, RefundPart, left_of_authorization, refund_plan,
    },
    money::{Amount, AmountError},
    order::{Event, Order, OrderStatus},
};

/// Whether any could follow: of most orders nothing went through a provider.
pub(super) fn may_follow(order: &Order, events: &[Event]) -> bool {
    let is_new = |event: &Event| matches!(event, Event::PaymentRecorded { payment } if payment.provider.is_some());
    order.payments.iter().any(|it| it.provider.is_some()) || events.iter().any(is_new)
}

/// The refunds and voids that follow from these events, as payments that the provider is yet to be asked for.
pub(super) fn queued(
    before: &Order,
    after: &Order,
    events: &[Event],
    facts: &Facts<'_>,
) -> Result<Vec<Event>, AmountError> {
    let mut queued = Vec::new();
    for part in parts(before, after, events, facts)? {
        let source = after.payments.iter().find(|it| it.id == part.source);
        if let Some(source) = source.filter(|it| it.provider.is_some()) {
            queued.push(asked(source, PaymentKind::Refund, part.amount_minor, facts));
        }
    }
    if events.iter().any(|it| matches!(it, Event::Canceled { .. } | Event::Expired {})) {
        let is_kept = |it: &&Payment| it.kind == PaymentKind::Authorization && it.is_done();
        for source in after.payments.iter().filter(is_kept).filter(|it| it.provider.is_some()) {
            let left = left_of_authorization(&after.payments, source)?;
            if left > Amount::ZERO {
                queued.push(asked(source, PaymentKind::Void, left, facts));
            }
        }
    }
    // The revision makes the ids unique: it never comes again.
    let named = queued.into_iter().zip(1_u32..).map(|(payment, position)| {
        let id = format!("{}-{}-{position}", payment.kind.as_str(), after.revision);
        Event::PaymentRecorded { payment: Payment { id, ..payment } }
    });
    Ok(named.collect())
}

/// What goes back, and to which payments.
fn parts(
    before: &Order,
    after: &Order,
    events: &[Event],
    facts: &Facts<'_>,
) -> Result<Vec<RefundPart>, AmountError> {
    let rules = facts.rules.ruleset();
    let mut amount = Amount::ZERO;
    for event in events {
        match event {
            Event::ReturnResolved { settlement, .. } => return Ok(settlement.refunds.clone()),
            Event::Canceled { .. } => amount = owed(after)?,
            // What was paid too much before stays for somebody to decide.
            Event::LinesCanceled { .. } | Event::Amended { .. } | Event::CreditGranted { .. } => {
                amount = owed(after)?.minus(owed(before)?)?.max(Amount::ZERO);
            }
            Event::PaymentRecorded { payment }
                if rules.workflow.refunds_late_payments && is_late(before, payment) =>
            {
                amount = owed(after)?;
            }
            _ => {}
        }
    }
    refund_plan(&after.payments, amount, rules.returns.refund_order)
}

/// Money that came after the order was closed.
fn is_late(order: &Order, payment: &Payment) -> bool {
    let is_closed = matches!(order.status, OrderStatus::Canceled | OrderStatus::Expired);
    is_closed && payment.kind == PaymentKind::Capture && payment.is_done()
}

/// What the shop owes, and has not asked to give back yet.
fn owed(order: &Order) -> Result<Amount, AmountError> {
    let ledger = Ledger::of(&order.payments)?;
    ledger.net()?.minus(ledger.refund_pending)?.minus(order.due()?).map(|it| it.max(Amount::ZERO))
}

fn asked(source: &Payment, kind: PaymentKind, amount_minor: Amount, facts: &Facts<'_>) -> Payment {
    Payment {
        id: String::new(),
        kind,
        method: source.method.clone(),
        amount_minor,
        reference: None,
        state: PaymentState::Initial,
        source: Some(source.id.clone()),
        failure: None,
        expires_ms: None,
        currency: None,
        recorded_ms: facts.now_ms,
        is_certain: false,
        provider: source.provider.clone(),
    }
}
