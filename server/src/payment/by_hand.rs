//! What people record by hand of a provider's payment.

use orderkit::{
    Code, Command, Issue, Order,
    ledger::{Payment, PaymentKind},
};

/// Why a command may not be done by hand: it would say that a provider's money was taken, let go or given back without the
/// provider, which would neither move it nor know. The way is to ask for it: with `provider`, and `state` as `initial`.
///
/// What a bank took is told by letter as well, so that a chargeback may be recorded by hand.
pub(crate) fn must_ask(order: &Order, command: &Command) -> Option<Issue> {
    let Command::RecordPayment(payment) = command else { return None };
    let Payment { kind, provider: None, source: Some(source), .. } = payment else { return None };
    let source = order.payments.iter().find(|it| it.id == *source)?;
    let is_asked_for = source.provider.is_some() && *kind != PaymentKind::Chargeback;
    is_asked_for.then(|| Issue::new(Code::Required, "/args/provider"))
}
