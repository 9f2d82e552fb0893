//! Asking providers again and again until they have answered, and refunds that wait.

use std::time::Duration;

use orderkit::ledger::{Payment, PaymentKind, PaymentRemedy};
use tokio::sync::watch;

use super::{
    Outcome, ProviderRequest,
    record::{Recorded, record},
    webhook,
};
use crate::{
    app::App,
    error::Error,
    failpoint, quarantine,
    store::{PaymentRequest, StoredOrder},
};

/// How often the server looks.
const EVERY: Duration = Duration::from_millis(500);
/// Payments that are asked for before the server looks again.
const BATCH: u32 = 50;
/// A provider that does not answer by then has not answered.
const PATIENCE: Duration = Duration::from_secs(10);
/// While one question is open no second one is asked.
pub(super) const LEASE_MS: i64 = 15_000;
/// The first pause between two questions; each one doubles it.
const PAUSE_MS: i64 = 2_000;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 10 * 60 * 1_000;
/// How often a refund that fails for a while is tried before somebody has to look.
const REFUND_TRIES: u32 = 8;

/// Works until the server closes.
pub(crate) async fn run(app: App, mut closing: watch::Receiver<bool>) {
    loop {
        if let Err(error) = app.settle_payments().await {
            tracing::warn!(?error, "payments: trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
    }
}

impl App {
    /// Asks providers for every payment whose time has come, and says how many that were.
    ///
    /// # Errors
    ///
    /// [`Error`] if the store fails; the rest is done the next time.
    pub async fn settle_payments(&self) -> Result<usize, Error> {
        for (name, provider) in self.providers.iter() {
            for outgoing in provider.outgoing().await {
                if webhook::take_own(self, name, &outgoing).await? {
                    provider.sent(&outgoing).await;
                }
            }
        }
        let due = self.store.read().await?.due_payment_requests(self.now_ms(), BATCH).await?;
        for (tenant, request) in &due {
            attempt(self, tenant, request).await?;
        }
        quarantine::refund_all(self).await?;
        Ok(due.len())
    }
}

/// Asks a provider once, and records what it says.
pub(super) async fn attempt(
    app: &App,
    tenant: &str,
    request: &PaymentRequest,
) -> Result<(), Error> {
    let mut transaction = app.store.write(tenant).await?;
    let now_ms = app.now_ms();
    let next_ms = now_ms.saturating_add(LEASE_MS.max(pause_ms(request.tries)));
    let is_own = transaction.begin_payment_try(tenant, request, next_ms).await?;
    transaction.commit().await?;
    let Some(stored) = app.store.read().await?.order(tenant, request.order).await? else {
        return Ok(());
    };
    if !is_own {
        return Ok(());
    }
    failpoint::reach("payment_intent");
    let Some(outcome) = ask(app, tenant, request, &stored).await else {
        tracing::warn!(provider = request.provider, "no such payment provider: asked later");
        return Ok(());
    };
    failpoint::reach("payment_answered");
    take(app, tenant, request, &outcome).await?;
    wait_less(app, tenant, request).await
}

/// The provider's word; nothing if there is no such provider.
async fn ask(
    app: &App,
    tenant: &str,
    request: &PaymentRequest,
    stored: &StoredOrder,
) -> Option<Outcome> {
    let provider = app.providers.get(&request.provider)?;
    let payment = stored.order.payments.iter().find(|it| it.id == request.payment)?;
    if request.tries > 0 {
        let known = tokio::time::timeout(PATIENCE, provider.status(tenant, &request.key)).await;
        match known {
            Err(_) => return Some(Outcome::Unknown),
            Ok(Some(outcome)) if !may_try_anew(payment, &outcome, request.tries) => {
                return Some(outcome);
            }
            // It never arrived, or may be tried again: the same question once more.
            Ok(_) => {}
        }
    }
    let source = payment.source.as_ref();
    let source = source.and_then(|id| stored.order.payments.iter().find(|it| it.id == *id));
    let question = ProviderRequest {
        tenant: tenant.to_owned(),
        key: request.key.clone(),
        kind: payment.kind,
        amount_minor: payment.amount_minor,
        currency: stored.order.currency,
        instrument: request.instrument.clone(),
        source_reference: source.and_then(|it| it.reference.clone()),
        order_number: stored.order.number.clone(),
    };
    let answer = tokio::time::timeout(PATIENCE, provider.ask(&question)).await;
    Some(answer.unwrap_or(Outcome::Unknown))
}

/// Records an outcome. Money that the order does not take is kept for somebody to look at.
async fn take(
    app: &App,
    tenant: &str,
    request: &PaymentRequest,
    outcome: &Outcome,
) -> Result<(), Error> {
    let asked = PaymentRequest { tries: request.tries + 1, ..request.clone() };
    if is_for_now(app, tenant, &asked, outcome).await? {
        return Ok(());
    }
    let payment = known(app, tenant, request).await?;
    let recorded = record(app, tenant, request.order, &request.payment, outcome).await?;
    if let (Recorded::Refused(code), Some(payment)) = (recorded, payment) {
        quarantine::keep_refused(app, tenant, request, &payment, outcome, code).await?;
    }
    Ok(())
}

/// Whether an outcome is a failure that the provider is asked about again.
pub(super) async fn is_for_now(
    app: &App,
    tenant: &str,
    request: &PaymentRequest,
    outcome: &Outcome,
) -> Result<bool, Error> {
    let payment = known(app, tenant, request).await?;
    Ok(payment.is_some_and(|it| may_try_anew(&it, outcome, request.tries)))
}

async fn known(
    app: &App,
    tenant: &str,
    request: &PaymentRequest,
) -> Result<Option<Payment>, Error> {
    let stored = app.store.read().await?.order(tenant, request.order).await?;
    let payments = stored.map(|it| it.order.payments).unwrap_or_default();
    Ok(payments.into_iter().find(|it| it.id == request.payment))
}

/// Whether a failure is for now only. A buyer who waits is told at once; a refund has nobody who waits.
fn may_try_anew(payment: &Payment, outcome: &Outcome, tries: u32) -> bool {
    let is_owed = matches!(payment.kind, PaymentKind::Refund | PaymentKind::Void);
    let is_for_now =
        matches!(outcome, Outcome::Failure(it, _) if it.remedy == PaymentRemedy::Retry);
    is_owed && is_for_now && tries < REFUND_TRIES
}

/// The answer has come, so that the next question need not wait until the lease is over.
async fn wait_less(app: &App, tenant: &str, request: &PaymentRequest) -> Result<(), Error> {
    let mut transaction = app.store.write(tenant).await?;
    let asked = PaymentRequest { tries: request.tries + 1, ..request.clone() };
    let next_ms = app.now_ms().saturating_add(pause_ms(request.tries));
    transaction.set_payment_try(tenant, &asked, next_ms).await?;
    Ok(transaction.commit().await?)
}

fn pause_ms(tries: u32) -> i64 {
    let factor = 1_i64.checked_shl(tries.min(20)).unwrap_or(i64::MAX);
    PAUSE_MS.saturating_mul(factor).min(LONGEST_PAUSE_MS)
}
