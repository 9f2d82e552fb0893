//! What becomes of money in quarantine: somebody says which order it belongs to, gives it back, or says why nothing is to be done.

use orderkit::{Actor, Amount, Code, Issue, Refusal, Role, ledger::PaymentKind};

use super::{Entry, order_id, read};
use crate::{
    app::App,
    error::Error,
    payment::{Outcome, ProviderRequest, asked},
    store::{QuarantineState, Quarantined, Transaction},
    sync::Single,
};

/// Records it on an order, in one transaction with the note of who said so. The same again changes nothing.
///
/// # Errors
///
/// 404 if there is no such entry or order, 409 if something else was decided before, 422 if the order does not take it, or
/// if it was taken back and nobody can say of which payment.
pub(crate) async fn take_over(
    app: &App,
    tenant: &str,
    actor: &Actor,
    id: &str,
    order: &str,
    source: Option<&str>,
) -> Result<Quarantined, Error> {
    let order = order_id(order)?;
    // What a provider has is a fact, whoever says where it belongs.
    let kept = known(&mut app.store.read().await?, tenant, id).await?;
    let entry = read(&kept)?;
    let role = if entry.provider.is_some() { Role::System } else { actor.role };
    let actor = Actor { user: actor.user.clone(), role };
    let mut single = Single::begin(app, tenant, &actor).await?;
    let kept = known(&mut single.transaction, tenant, id).await?;
    let id_text = order.to_string();
    if kept.state == QuarantineState::Matched && kept.order.as_deref() == Some(&*id_text) {
        return Ok(kept);
    }
    must_be_open(&kept)?;
    let stored = single.transaction.order(tenant, order).await?;
    let stored = stored.ok_or(Error::NotFound(Code::OrderUnknown))?;
    let payment = entry.payment(id, &stored.order, source).map_err(Refusal::from)?;
    let decided = Quarantined {
        state: QuarantineState::Matched,
        order: Some(id_text),
        ..ended(app, kept, &actor.user, None)
    };
    single.transaction.decide_quarantined(tenant, &decided).await?;
    single.decide(asked(tenant, order, &payment)?).await?;
    Ok(decided)
}

/// Gives it back: through the provider that has it, or by hand, which somebody says was done.
///
/// # Errors
///
/// 404 if there is no such entry, 409 if something else was decided before.
pub(crate) async fn give_back(
    app: &App,
    tenant: &str,
    actor: &Actor,
    id: &str,
    reason: Option<String>,
) -> Result<Quarantined, Error> {
    let mut transaction = app.store.write(tenant).await?;
    let kept = known(&mut transaction, tenant, id).await?;
    if matches!(kept.state, QuarantineState::Refunding | QuarantineState::Refunded) {
        // Whoever decided so may still wait for the disk.
        transaction.commit().await?;
        return Ok(kept);
    }
    must_be_open(&kept)?;
    let entry = read(&kept)?;
    if entry.payment_kind != PaymentKind::Capture {
        // Money that is only kept ready, or that went back already, cannot go back.
        let issue = Issue::new(Code::NothingOpen, "");
        return Err(Error::Refused(issue.into()));
    }
    let is_asked = entry.provider.is_some();
    let state = if is_asked { QuarantineState::Refunding } else { QuarantineState::Refunded };
    let decided = Quarantined { state, ..ended(app, kept, &actor.user, reason) };
    transaction.decide_quarantined(tenant, &decided).await?;
    transaction.commit().await?;
    if is_asked {
        refund(app, tenant, id).await?;
    }
    known(&mut app.store.read().await?, tenant, id).await
}

/// Says that nothing has to be done, and why.
///
/// # Errors
///
/// 404 if there is no such entry, 409 if something else was decided before, 422 without a reason.
pub(crate) async fn dismiss(
    app: &App,
    tenant: &str,
    actor: &Actor,
    id: &str,
    reason: &str,
) -> Result<Quarantined, Error> {
    if reason.trim().is_empty() {
        return Err(Error::Refused(Issue::new(Code::Required, "/reason").into()));
    }
    let mut transaction = app.store.write(tenant).await?;
    let kept = known(&mut transaction, tenant, id).await?;
    must_be_open(&kept)?;
    let reason = Some(reason.trim().to_owned());
    let state = QuarantineState::Dismissed;
    let decided = Quarantined { state, ..ended(app, kept, &actor.user, reason) };
    transaction.decide_quarantined(tenant, &decided).await?;
    transaction.commit().await?;
    Ok(decided)
}

/// Asks the providers again for everything that is to go back.
///
/// # Errors
///
/// [`Error`] if the store fails.
pub(crate) async fn refund_all(app: &App) -> Result<(), Error> {
    let waiting = app.store.read().await?.refunding().await?;
    for (tenant, id) in waiting {
        refund(app, &tenant, &id).await?;
    }
    Ok(())
}

/// Asks a provider to give it back. The key is the entry's own, so that it goes back once.
async fn refund(app: &App, tenant: &str, id: &str) -> Result<(), Error> {
    let kept = known(&mut app.store.read().await?, tenant, id).await?;
    let entry = read(&kept)?;
    let name = entry.provider.clone().unwrap_or_default();
    let Some(provider) = app.providers.get(&name) else { return Ok(()) };
    let answer = provider.ask(&question(tenant, id, &entry)).await;
    let (state, reason) = match answer {
        Outcome::Success(_) => (QuarantineState::Refunded, kept.reason.clone()),
        // Somebody has to look again: it is still here.
        Outcome::Failure(failure, _) => (QuarantineState::Open, failure.reason),
        Outcome::Pending(_) | Outcome::Unknown => return Ok(()),
    };
    let ended_ms = (state == QuarantineState::Refunded).then(|| app.now_ms());
    let mut transaction = app.store.write(tenant).await?;
    // Another process may have asked as well.
    if known(&mut transaction, tenant, id).await?.state != QuarantineState::Refunding {
        return Ok(());
    }
    let decided = Quarantined { state, reason, ended_ms, ..kept };
    transaction.decide_quarantined(tenant, &decided).await?;
    Ok(transaction.commit().await?)
}

fn question(tenant: &str, id: &str, entry: &Entry) -> ProviderRequest {
    ProviderRequest {
        tenant: tenant.to_owned(),
        key: id.to_owned(),
        kind: PaymentKind::Refund,
        amount_minor: entry.amount_minor.max(Amount::ZERO),
        currency: entry.currency,
        instrument: None,
        source_reference: entry.reference.clone(),
        order_number: entry.number.clone().unwrap_or_default(),
    }
}

async fn known(
    transaction: &mut Transaction,
    tenant: &str,
    id: &str,
) -> Result<Quarantined, Error> {
    let kept = transaction.quarantined(tenant, id).await?;
    kept.ok_or(Error::NotFound(Code::NotFound))
}

fn must_be_open(kept: &Quarantined) -> Result<(), Error> {
    if kept.state == QuarantineState::Open {
        return Ok(());
    }
    Err(Error::Conflict(Code::QuarantineEnded))
}

fn ended(app: &App, kept: Quarantined, user: &str, reason: Option<String>) -> Quarantined {
    Quarantined { user: Some(user.to_owned()), reason, ended_ms: Some(app.now_ms()), ..kept }
}
