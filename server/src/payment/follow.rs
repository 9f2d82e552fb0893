//! What an order's events ask of its providers, kept in the transaction of the events.

use orderkit::{
    Event, OrderLog,
    ledger::{Payment, PaymentState},
};
use uuid::Uuid;

use super::key_of;
use crate::store::{PaymentRequest, StoreError, Transaction};

/// Keeps what a command asks of providers, and ends what is known now.
pub(crate) async fn follow(
    transaction: &mut Transaction,
    tenant: &str,
    command: Uuid,
    log: &OrderLog,
    now_ms: i64,
) -> Result<(), StoreError> {
    let records = log.events.iter().rev().take_while(|it| it.command == Some(command));
    let words = records.filter_map(|it| match &it.event {
        Event::PaymentRecorded { payment } => Some(payment),
        _ => None,
    });
    let of_providers: Vec<&Payment> = words.filter(|it| it.provider.is_some()).collect();
    for payment in of_providers.into_iter().rev() {
        match payment.state {
            PaymentState::Initial => {
                let request = PaymentRequest {
                    order: log.id,
                    payment: payment.id.clone(),
                    key: key_of(tenant, log.id, &payment.id),
                    provider: payment.provider.clone().unwrap_or_default(),
                    instrument: None,
                    tries: 0,
                    next_ms: Some(now_ms),
                };
                transaction.add_payment_request(tenant, &request).await?;
            }
            PaymentState::Pending => {}
            PaymentState::Success | PaymentState::Failure | PaymentState::Canceled => {
                transaction.end_payment_request(tenant, log.id, &payment.id).await?;
            }
        }
    }
    Ok(())
}
