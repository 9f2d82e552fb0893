//! What a provider says becomes a word in the ledger, by the command that people use as well.

use orderkit::{
    Code,
    ledger::{Payment, PaymentState},
};
use uuid::Uuid;

use super::{Outcome, key_from};
use crate::{
    app::App,
    deadlines::system,
    error::Error,
    store::StoreError,
    sync::{self, Asked, hash_of},
};

/// What became of an outcome that was told to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// The order knows.
    Known,
    /// The order does not take it, for this reason.
    Refused(Code),
    /// There is no such order or payment.
    Missing,
}

/// Tells an order what a provider says of one of its payments.
///
/// # Errors
///
/// [`Error`] if the store fails; the same is told again later.
pub(crate) async fn record(
    app: &App,
    tenant: &str,
    order: Uuid,
    id: &str,
    outcome: &Outcome,
) -> Result<Recorded, Error> {
    let stored = app.store.read().await?.order(tenant, order).await?;
    let known = stored.and_then(|it| it.order.payments.into_iter().find(|it| it.id == id));
    let Some(known) = known else { return Ok(Recorded::Missing) };
    let next = told(&known, outcome);
    if known.state == next.state || !known.may_become(&next) {
        if !known.is_pending() {
            end(app, tenant, order, id).await?;
        }
        return Ok(Recorded::Known);
    }
    command(app, tenant, order, &next).await
}

/// Gives a payment to an order as the server itself; the same payment in the same state is given once.
///
/// # Errors
///
/// [`Error`] if the store fails.
pub(crate) async fn command(
    app: &App,
    tenant: &str,
    order: Uuid,
    payment: &Payment,
) -> Result<Recorded, Error> {
    let asked = asked(tenant, order, payment)?;
    match sync::command(app, tenant, &system(), asked).await {
        Ok(_) => Ok(Recorded::Known),
        Err(Error::Refused(refusal)) => Ok(Recorded::Refused(refusal.code())),
        Err(error) => Err(error),
    }
}

/// The command that records a payment.
pub(crate) fn asked(tenant: &str, order: Uuid, payment: &Payment) -> Result<Asked, Error> {
    let text = serde_json::to_string(payment).map_err(unwritable)?;
    let hash = hash_of(&[tenant.as_bytes(), order.as_bytes(), text.as_bytes()]);
    let args = serde_json::value::RawValue::from_string(text).map_err(unwritable)?;
    let kind = "recordPayment@1".to_owned();
    Ok(Asked { key: key_from(&hash), order, kind, base: 0, args, hash })
}

/// The payment with the last word on it.
fn told(known: &Payment, outcome: &Outcome) -> Payment {
    let told = outcome.told();
    let failure = match outcome {
        Outcome::Failure(failure, _) => Some(failure.clone()),
        _ => None,
    };
    Payment {
        state: outcome.state(),
        reference: told.reference.or_else(|| known.reference.clone()),
        expires_ms: told.expires_ms.or(known.expires_ms),
        failure,
        recorded_ms: 0,
        ..known.clone()
    }
}

async fn end(app: &App, tenant: &str, order: Uuid, payment: &str) -> Result<(), Error> {
    let mut transaction = app.store.write(tenant).await?;
    transaction.end_payment_request(tenant, order, payment).await?;
    Ok(transaction.commit().await?)
}

pub(super) fn unwritable(error: serde_json::Error) -> Error {
    Error::Store(StoreError::Corrupt(error.to_string()))
}

/// Whether nothing is left to learn of a payment.
pub(super) fn is_final(state: PaymentState) -> bool {
    matches!(state, PaymentState::Success | PaymentState::Failure | PaymentState::Canceled)
}
