//! Money that moved, and the words on it.

use super::{Facts, is_blank};
use crate::{
    command::WriteOff,
    issue::{Code, Issue, Refusal},
    ledger::{Ledger, Payment, PaymentKind, PaymentState, left_of_authorization, refundable},
    money::Amount,
    order::{Event, Order, OrderStatus, Role},
};

const AMOUNT: &str = "/args/amountMinor";

/// Whether this word on a payment was recorded already. The same id for another payment is refused.
pub(super) fn is_repeated(order: &Order, payment: &Payment) -> Result<bool, Refusal> {
    let Some(known) = order.payments.iter().find(|known| known.id == payment.id) else {
        return Ok(false);
    };
    let same =
        Payment { recorded_ms: known.recorded_ms, is_certain: known.is_certain, ..payment.clone() };
    if *known == same {
        return Ok(true);
    }
    if known.may_become(payment) {
        return Ok(false);
    }
    // Webhooks come late and in any order: an earlier word on a payment that has come further is no news.
    if payment.may_become(known) {
        return Ok(true);
    }
    Err(Issue::new(Code::PaymentRepeated, "/args/id").into())
}

pub(super) fn record(
    order: &Order,
    payment: &Payment,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let mut issues = Vec::new();
    for (text, path) in [(&payment.id, "/args/id"), (&payment.method, "/args/method")] {
        if is_blank(text) {
            issues.push(Issue::new(Code::Required, path));
        }
    }
    // What became of a provider's payment is for the provider to say; people may only ask for one.
    let is_told = facts.actor.role == Role::System;
    if payment.provider.is_some() && payment.state != PaymentState::Initial && !is_told {
        issues.push(
            Issue::new(Code::RoleForbids, "/args/state").with("role", facts.actor.role.as_str()),
        );
    }
    if payment.provider.as_deref().is_some_and(is_blank) {
        issues.push(Issue::new(Code::Required, "/args/provider"));
    }
    let amount = payment.amount_minor;
    if amount <= Amount::ZERO {
        issues.push(Issue::new(Code::PaymentNotPositive, AMOUNT));
    }
    if let Some(found) = payment.currency.filter(|found| *found != order.currency) {
        let issue = Issue::new(Code::CurrencyMismatch, "/args/currency");
        issues.push(issue.with("expected", order.currency).with("found", found));
    }
    Refusal::unless_empty(issues)?;
    if payment.is_done() || payment.is_pending() {
        must_fit(order, payment, facts)?;
    }
    let payment = Payment { recorded_ms: facts.now_ms, ..payment.clone() };
    let mut after = order.clone();
    after.payments.retain(|known| known.id != payment.id);
    after.payments.push(payment.clone());
    let mut events = vec![Event::PaymentRecorded { payment }];
    events.extend(small_rest(&after, facts)?);
    Ok(events)
}

/// What the amount must fit in. Money of the buyer is a fact and only asked about; money of the shop has limits.
fn must_fit(order: &Order, payment: &Payment, facts: &Facts<'_>) -> Result<(), Refusal> {
    let amount = payment.amount_minor;
    match payment.kind {
        PaymentKind::Authorization => Ok(()),
        PaymentKind::Capture => {
            if let Some(source) = source(order, payment, PaymentKind::Authorization)? {
                let left = left_besides(order, source, payment)?;
                if amount > left {
                    return Err(too_large(Code::CaptureTooLarge, amount, left, order));
                }
            }
            let derived = order.derived()?;
            let tolerance = facts.rules.ruleset().workflow.overpayment_minor;
            let expected = derived.balance_due_minor.plus(tolerance)?;
            let is_fact = payment.is_certain || facts.actor.role == Role::System;
            if amount > expected && !is_fact {
                return Err(Issue::new(Code::PaymentTooLarge, AMOUNT)
                    .with("amountMinor", amount)
                    .with("balanceMinor", derived.balance_due_minor)
                    .with("currency", order.currency)
                    .into());
            }
            Ok(())
        }
        PaymentKind::Void => {
            let source = source(order, payment, PaymentKind::Authorization)?
                .ok_or_else(|| Issue::new(Code::Required, "/args/source"))?;
            let left = left_besides(order, source, payment)?;
            if amount > left {
                return Err(too_large(Code::CaptureTooLarge, amount, left, order));
            }
            Ok(())
        }
        PaymentKind::Refund => refund_fits(order, payment),
        PaymentKind::Chargeback => chargeback_fits(order, payment),
    }
}

/// A refund is no more than what was received and is not given back yet, in all and of its source; a
/// pending one counts as given back.
fn refund_fits(order: &Order, payment: &Payment) -> Result<(), Refusal> {
    let others: Vec<Payment> =
        order.payments.iter().filter(|known| known.id != payment.id).cloned().collect();
    let amount = payment.amount_minor;
    let left = Ledger::of(&others)?.refundable()?;
    if amount > left {
        return Err(too_large(Code::RefundTooLarge, amount, left, order));
    }
    if let Some(source) = source(order, payment, PaymentKind::Capture)? {
        let parts = refundable(&others)?;
        let part = parts.iter().find(|part| part.source == source.id);
        let left = part.map_or(Amount::ZERO, |part| part.amount_minor);
        if amount > left {
            return Err(too_large(Code::RefundTooLarge, amount, left, order));
        }
    }
    Ok(())
}

/// A bank takes back what it paid, once: a second word about the same money is refused. Money that the shop gave
/// back before does not count: the bank may not know of it, and then it is gone twice.
fn chargeback_fits(order: &Order, payment: &Payment) -> Result<(), Refusal> {
    let source = source(order, payment, PaymentKind::Capture)?;
    let concerns = |kind: PaymentKind| {
        let known = order.payments.iter().filter(move |it| it.kind == kind && it.is_done());
        known.filter(|it| it.id != payment.id).filter(move |it| match (source, kind) {
            (None, _) => true,
            (Some(source), PaymentKind::Capture) => it.id == source.id,
            (Some(source), _) => it.source.as_ref() == Some(&source.id),
        })
    };
    let came = Amount::sum(concerns(PaymentKind::Capture).map(|it| it.amount_minor))?;
    let gone = Amount::sum(concerns(PaymentKind::Chargeback).map(|it| it.amount_minor))?;
    let left = came.minus(gone)?;
    if payment.amount_minor > left {
        return Err(too_large(Code::ChargebackTooLarge, payment.amount_minor, left, order));
    }
    Ok(())
}

fn left_besides(order: &Order, source: &Payment, payment: &Payment) -> Result<Amount, Refusal> {
    let others: Vec<Payment> =
        order.payments.iter().filter(|known| known.id != payment.id).cloned().collect();
    Ok(left_of_authorization(&others, source)?)
}

/// The payment that this one names as its source.
fn source<'o>(
    order: &'o Order,
    payment: &Payment,
    kind: PaymentKind,
) -> Result<Option<&'o Payment>, Refusal> {
    let Some(id) = &payment.source else { return Ok(None) };
    let found = order.payments.iter().find(|it| it.id == *id && it.kind == kind && it.is_done());
    match found {
        Some(found) => Ok(Some(found)),
        None => Err(Issue::new(Code::PaymentUnknown, "/args/source")
            .with("payment", id.as_str())
            .into()),
    }
}

fn too_large(code: Code, amount: Amount, left: Amount, order: &Order) -> Refusal {
    Issue::new(code, AMOUNT)
        .with("amountMinor", amount)
        .with("availableMinor", left)
        .with("currency", order.currency)
        .into()
}

/// A rest that is too small to ask for is let go at once, as an entry that everybody can see.
fn small_rest(after: &Order, facts: &Facts<'_>) -> Result<Option<Event>, Refusal> {
    let tolerance = facts.rules.ruleset().workflow.underpayment_minor;
    let derived = after.derived()?;
    let rest = derived.balance_due_minor;
    let is_small = rest > Amount::ZERO && rest <= tolerance && derived.paid_minor > Amount::ZERO;
    Ok(is_small.then_some(Event::WrittenOff { amount_minor: rest, reason: None }))
}

/// Lets a balance go. The amount is named so that nobody lets go what they have not seen.
pub(super) fn write_off(
    order: &Order,
    write_off: &WriteOff,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let balance = order.derived()?.balance_due_minor;
    if write_off.amount_minor != balance {
        return Err(Issue::new(Code::BalanceDiffers, AMOUNT)
            .with("amountMinor", write_off.amount_minor)
            .with("balanceMinor", balance)
            .with("currency", order.currency)
            .into());
    }
    let is_closed = matches!(order.status, OrderStatus::Canceled | OrderStatus::Expired);
    let limit = facts.rules.ruleset().workflow.write_off_minor;
    let size = if balance.is_negative() { balance.negate() } else { balance };
    if is_closed || size > limit {
        return Err(Issue::new(Code::WriteOffTooLarge, AMOUNT)
            .with("maximumMinor", if is_closed { Amount::ZERO } else { limit })
            .with("currency", order.currency)
            .into());
    }
    let reason = write_off.reason.clone();
    Ok(vec![Event::WrittenOff { amount_minor: balance, reason }])
}
