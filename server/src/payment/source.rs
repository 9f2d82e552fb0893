//! Which payment of an order a refund or chargeback acts on that nobody here asked for.

use orderkit::{
    Order,
    ledger::{Payment, PaymentKind},
};
use uuid::Uuid;

use super::ProviderEvent;
use crate::{
    error::Error,
    numbers::look_up,
    store::{StoreError, StoredOrder, Transaction},
};

/// The captured payment of a provider that something acts on: the one of this name at the provider, or else its only one.
///
/// Which of several it is cannot be guessed.
pub(crate) fn source_of<'o>(
    order: &'o Order,
    provider: &str,
    reference: Option<&str>,
) -> Option<&'o Payment> {
    let is_own = |it: &&Payment| {
        let is_of_provider = it.provider.as_deref() == Some(provider);
        is_of_provider && it.kind == PaymentKind::Capture && it.is_done()
    };
    let mut own = order.payments.iter().filter(is_own);
    if let Some(reference) = reference {
        return own.find(|it| it.reference.as_deref() == Some(reference));
    }
    let only = own.next()?;
    own.next().is_none().then_some(only)
}

/// The payment that a message says it acts on, with its order: by the key that it was asked for with, by what the provider
/// calls it, or as the only one of the order whose number is in the message.
///
/// # Errors
///
/// [`Error`] if the store fails.
pub(super) async fn acted_on(
    transaction: &mut Transaction,
    tenant: &str,
    provider: &str,
    event: &ProviderEvent,
) -> Result<Option<(StoredOrder, Payment)>, Error> {
    let is_chargeback = event.kind == Some(PaymentKind::Chargeback);
    let name = event.of.as_ref().or(event.key.as_ref().filter(|_| is_chargeback));
    if let Some(key) = name
        && let Some(request) = transaction.payment_request(tenant, key).await?
    {
        let stored = transaction.order(tenant, request.order).await?;
        return Ok(stored.and_then(|stored| {
            let payments = &stored.order.payments;
            let found = payments.iter().find(|it| it.id == request.payment).cloned();
            let found = found.filter(|it| it.provider.as_deref() == Some(provider));
            found.map(|payment| (stored, payment))
        }));
    }
    let Some(stored) = numbered(transaction, tenant, event).await? else { return Ok(None) };
    let found = source_of(&stored.order, provider, event.of.as_deref()).cloned();
    Ok(found.map(|payment| (stored, payment)))
}

/// The one order whose number a message has.
pub(super) async fn numbered(
    transaction: &mut Transaction,
    tenant: &str,
    event: &ProviderEvent,
) -> Result<Option<StoredOrder>, StoreError> {
    let typed = event.order_number.as_deref().filter(|it| !it.trim().is_empty());
    let Some(typed) = typed else { return Ok(None) };
    let found = look_up(transaction, tenant, None, typed).await?.orders;
    let [found] = found.as_slice() else { return Ok(None) };
    let Ok(id) = Uuid::parse_str(&found.id) else { return Ok(None) };
    transaction.order(tenant, id).await
}
