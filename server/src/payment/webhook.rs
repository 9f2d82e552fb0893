//! What providers say by themselves: believed only if it is signed and fresh, taken once, and never lost.

use axum::http::{HeaderMap, HeaderValue};
use orderkit::{
    Code,
    ledger::{Payment, PaymentKind, PaymentState},
};

use super::{
    Outcome, Outgoing, ProviderEvent, SIGNATURE_HEADER, WebhookFault,
    record::{Recorded, command, record},
    run,
};
use crate::{
    app::App,
    error::Error,
    numbers::look_up,
    quarantine::{self, Entry},
};

/// Takes a message of a provider.
///
/// # Errors
///
/// 404 if there is no such provider, 401 if the signature is none of the last minutes, 400 if the message makes no sense.
pub(crate) async fn receive(
    app: &App,
    tenant: &str,
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), Error> {
    let provider = app.providers.get(name).ok_or(Error::NotFound(Code::NotFound))?;
    let event = provider.read(headers, body, app.now_ms()).map_err(|fault| match fault {
        WebhookFault::Signature => Error::SignatureInvalid,
        WebhookFault::Shape(issue) => Error::Malformed(issue),
    })?;
    if app.store.read().await?.head(tenant).await?.is_none() {
        return Err(Error::NotFound(Code::NotFound));
    }
    if app.store.read().await?.has_provider_event(tenant, name, &event.id).await? {
        return Ok(());
    }
    take(app, tenant, name, &event).await?;
    // After it was taken: a crash before this makes the provider send it again, which changes nothing.
    let mut transaction = app.store.write().await?;
    transaction.add_provider_event(tenant, name, &event.id, app.now_ms()).await?;
    Ok(transaction.commit().await?)
}

/// Takes a message of a provider within this process; false if it should be sent again.
///
/// # Errors
///
/// [`Error`] if the store fails.
pub(super) async fn take_own(app: &App, name: &str, outgoing: &Outgoing) -> Result<bool, Error> {
    let mut headers = HeaderMap::new();
    if let Ok(signature) = HeaderValue::from_str(&outgoing.signature) {
        headers.insert(SIGNATURE_HEADER, signature);
    }
    match receive(app, &outgoing.tenant, name, &headers, &outgoing.body).await {
        Ok(()) => Ok(true),
        Err(Error::Store(error)) => Err(Error::Store(error)),
        Err(error) => {
            tracing::warn!(?error, name, "a webhook was not taken");
            Ok(true)
        }
    }
}

async fn take(app: &App, tenant: &str, name: &str, event: &ProviderEvent) -> Result<(), Error> {
    if let Some(key) = &event.key
        && let Some(request) = app.store.read().await?.payment_request(tenant, key).await?
    {
        let (order, payment) = (request.order, &request.payment);
        if run::is_for_now(app, tenant, &request, &event.outcome).await? {
            return Ok(());
        }
        return match record(app, tenant, order, payment, &event.outcome).await? {
            Recorded::Known => Ok(()),
            Recorded::Refused(code) => keep(app, tenant, name, event, code).await,
            Recorded::Missing => keep(app, tenant, name, event, Code::PaymentUnknown).await,
        };
    }
    if let Some(key) = &event.key
        && app.store.read().await?.quarantined(tenant, key).await?.is_some()
    {
        // The refund of an entry in quarantine: who asked for it asks again until it is known.
        return Ok(());
    }
    // Nobody here asked for it: money that came to the provider by another way.
    if !matches!(event.outcome, Outcome::Success(_)) {
        tracing::info!(id = event.id, "a payment of nobody did not come about");
        return Ok(());
    }
    let Some(typed) = event.order_number.as_deref().filter(|it| !it.trim().is_empty()) else {
        return keep(app, tenant, name, event, Code::PaymentUnknown).await;
    };
    let found = look_up(&mut app.store.read().await?, tenant, None, typed).await?.orders;
    let [found] = found.as_slice() else {
        return keep(app, tenant, name, event, Code::OrderUnknown).await;
    };
    let Ok(order) = uuid::Uuid::parse_str(&found.id) else { return Ok(()) };
    let Some(payment) = payment(name, event) else {
        return keep(app, tenant, name, event, Code::PaymentUnknown).await;
    };
    match command(app, tenant, order, &payment).await? {
        Recorded::Refused(code) => keep(app, tenant, name, event, code).await,
        Recorded::Known | Recorded::Missing => Ok(()),
    }
}

/// The payment of a message that names an order and that nobody here asked for. Only money of the buyer comes so.
fn payment(name: &str, event: &ProviderEvent) -> Option<Payment> {
    let told = event.outcome.told();
    let reference = told.reference?;
    let is_buyers = matches!(event.kind, PaymentKind::Capture | PaymentKind::Authorization);
    is_buyers.then(|| Payment {
        id: format!("{name}-{reference}"),
        kind: event.kind,
        method: event.method.clone().unwrap_or_else(|| name.to_owned()),
        amount_minor: event.amount_minor,
        reference: Some(reference),
        state: PaymentState::Success,
        source: None,
        failure: None,
        expires_ms: told.expires_ms,
        currency: Some(event.currency),
        recorded_ms: 0,
        is_certain: true,
        provider: Some(name.to_owned()),
    })
}

async fn keep(
    app: &App,
    tenant: &str,
    name: &str,
    event: &ProviderEvent,
    code: Code,
) -> Result<(), Error> {
    let entry = Entry::of_event(name, event, code);
    quarantine::keep(app, tenant, &entry).await.map(|_| ())
}
