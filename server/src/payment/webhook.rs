//! What providers say by themselves: believed only if it is signed and fresh, taken once, and never lost.

use axum::http::{HeaderMap, HeaderValue};
use orderkit::{
    Code,
    ledger::{Payment, PaymentKind, PaymentState},
};
use uuid::Uuid;

use super::{
    Figures, Outcome, Outgoing, ProviderEvent, SIGNATURE_HEADER, WebhookFault,
    record::{Recorded, command, record},
    run,
    source::{acted_on, numbered},
};
use crate::{
    app::App,
    error::Error,
    quarantine::{self, Entry},
    store::PaymentRequest,
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
    let event = provider.read(tenant, headers, body, app.now_ms());
    let event = event.map_err(|fault| match fault {
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
    let mut transaction = app.store.write(tenant).await?;
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
    let is_refund = event.kind.is_none_or(|kind| kind == PaymentKind::Refund);
    if let Some(key) = &event.key
        && event.kind != Some(PaymentKind::Chargeback)
    {
        let mut transaction = app.store.read().await?;
        let request = transaction.payment_request(tenant, key).await?;
        if let Some(request) = request.filter(|it| it.provider == name) {
            drop(transaction);
            return answer(app, tenant, &request, event).await;
        }
        if is_refund && transaction.quarantined(tenant, key).await?.is_some() {
            // The refund of an entry in quarantine: who asked for it asks again until it is known.
            return Ok(());
        }
    }
    // Nobody here asked for it: money that came to the provider, or left it, by another way.
    if !matches!(event.outcome, Outcome::Success(_)) {
        tracing::info!(id = event.id, "a payment of nobody did not come about");
        return Ok(());
    }
    if matches!(event.kind, Some(PaymentKind::Refund | PaymentKind::Chargeback)) {
        return take_back(app, tenant, name, event).await;
    }
    let figures = event.figures().map_err(Error::Malformed)?;
    let stored = numbered(&mut app.store.read().await?, tenant, event).await?;
    let Some(stored) = stored else {
        return keep(app, tenant, &Entry::of_event(name, event, figures, unknown(event))).await;
    };
    // Only money of the buyer comes so.
    let is_buyers = matches!(figures.kind, PaymentKind::Capture | PaymentKind::Authorization);
    let Some(payment) = payment(name, event, figures).filter(|_| is_buyers) else {
        let entry = Entry::of_event(name, event, figures, Code::PaymentUnknown);
        return keep(app, tenant, &entry).await;
    };
    tell(app, tenant, name, event, stored.order.id, &payment).await
}

/// Takes a provider's word on what it was asked for. What is said of another amount, currency or kind is not said of this
/// payment, which stays as it is and is asked about.
async fn answer(
    app: &App,
    tenant: &str,
    request: &PaymentRequest,
    event: &ProviderEvent,
) -> Result<(), Error> {
    let name = &request.provider;
    let stored = app.store.read().await?.order(tenant, request.order).await?;
    let known =
        stored.as_ref().and_then(|it| it.order.payments.iter().find(|it| it.id == request.payment));
    let (Some(stored), Some(known)) = (&stored, known) else {
        let figures = event.figures().map_err(Error::Malformed)?;
        let entry = Entry::of_event(name, event, figures, Code::PaymentUnknown);
        return keep(app, tenant, &entry).await;
    };
    let order = &stored.order;
    let (kind, amount_minor) = (known.kind, known.amount_minor);
    let asked = Figures { kind, amount_minor, currency: order.currency };
    let told = event.figures_or(asked);
    let entry = |cause| Entry {
        number: event.order_number.clone().or_else(|| Some(order.number.clone())),
        asked: Some(asked).filter(|asked| *asked != told),
        ..Entry::of_event(name, event, told, cause)
    };
    if told != asked {
        tracing::warn!(id = event.id, ?asked, ?told, "a webhook is not of the payment it names");
        let is_money = matches!(event.outcome, Outcome::Success(_));
        return if is_money {
            keep(app, tenant, &entry(Code::PaymentRepeated)).await
        } else {
            Ok(())
        };
    }
    if run::is_for_now(app, tenant, request, &event.outcome).await? {
        return Ok(());
    }
    match record(app, tenant, request.order, &request.payment, &event.outcome).await? {
        Recorded::Known => Ok(()),
        Recorded::Refused(code) => keep(app, tenant, &entry(code)).await,
        Recorded::Missing => keep(app, tenant, &entry(Code::PaymentUnknown)).await,
    }
}

/// Records what a bank took, or the provider's own office gave back, against the payment that it was taken of.
async fn take_back(
    app: &App,
    tenant: &str,
    name: &str,
    event: &ProviderEvent,
) -> Result<(), Error> {
    let mut transaction = app.store.read().await?;
    let Some((stored, source)) = acted_on(&mut transaction, tenant, name, event).await? else {
        drop(transaction);
        let figures = event.figures().map_err(Error::Malformed)?;
        return keep(app, tenant, &Entry::of_event(name, event, figures, unknown(event))).await;
    };
    drop(transaction);
    let (kind, amount_minor) = (event.kind.unwrap_or_default(), source.amount_minor);
    let all = Figures { kind, amount_minor, currency: stored.order.currency };
    let figures = event.figures_or(all);
    let Some(payment) = payment(name, event, figures) else {
        let entry = Entry::of_event(name, event, figures, Code::PaymentUnknown);
        return keep(app, tenant, &entry).await;
    };
    let payment = Payment { source: Some(source.id), method: source.method, ..payment };
    let number = Some(stored.order.number.clone());
    let event = ProviderEvent { order_number: number, ..event.clone() };
    tell(app, tenant, name, &event, stored.order.id, &payment).await
}

/// Why a message belongs to no order.
fn unknown(event: &ProviderEvent) -> Code {
    let is_named = event.order_number.as_deref().is_some_and(|it| !it.trim().is_empty());
    if is_named { Code::OrderUnknown } else { Code::PaymentUnknown }
}

/// Tells an order of a payment that nobody here asked for.
async fn tell(
    app: &App,
    tenant: &str,
    name: &str,
    event: &ProviderEvent,
    order: Uuid,
    payment: &Payment,
) -> Result<(), Error> {
    let Recorded::Refused(code) = command(app, tenant, order, payment).await? else {
        return Ok(());
    };
    let Payment { kind, amount_minor, .. } = *payment;
    let Some(currency) = payment.currency else { return Ok(()) };
    let figures = Figures { kind, amount_minor, currency };
    keep(app, tenant, &Entry::of_event(name, event, figures, code)).await
}

/// The payment of a message that nobody here asked for.
fn payment(name: &str, event: &ProviderEvent, figures: Figures) -> Option<Payment> {
    let told = event.outcome.told();
    let reference = told.reference?;
    Some(Payment {
        id: format!("{name}-{reference}"),
        kind: figures.kind,
        method: event.method.clone().unwrap_or_else(|| name.to_owned()),
        amount_minor: figures.amount_minor,
        reference: Some(reference),
        state: PaymentState::Success,
        source: None,
        failure: None,
        expires_ms: told.expires_ms,
        currency: Some(figures.currency),
        recorded_ms: 0,
        is_certain: true,
        provider: Some(name.to_owned()),
    })
}

async fn keep(app: &App, tenant: &str, entry: &Entry) -> Result<(), Error> {
    quarantine::keep(app, tenant, entry).await.map(|_| ())
}
