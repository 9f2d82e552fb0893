//! Somebody wants to pay, or to give back: the intent first, then the question.

use orderkit::{
    Actor, Amount, Code, Issue, Order, OrderStatus, Refusal, Role, Rules,
    json::FromJson,
    ledger::{Ledger, Payment, PaymentKind, PaymentState, left_of_authorization, refundable},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    key_of,
    record::{asked, is_final},
    run::{LEASE_MS, attempt},
};
use crate::{
    app::App,
    deadlines::system,
    error::Error,
    store::{PaymentRequest, StoreError, StoredOrder},
    sync::{Asked, Single, hash_of, tenant_rules},
};

/// What somebody wants of a provider: `POST /v1/{tenant}/orders/{order}/payments`.
#[derive(Clone, Debug, Serialize, FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wish {
    /// What is to be done.
    pub action: Action,
    /// How much; what is due, or what is left of the source, if missing.
    #[serde(default)]
    pub amount_minor: Option<Amount>,
    /// The payment that it acts on.
    #[serde(default)]
    pub source: Option<String>,
    /// What the buyer pays with: a token of the provider's.
    #[serde(default)]
    pub instrument: Option<String>,
    /// The payment method; that of the order if missing.
    #[serde(default)]
    pub method: Option<String>,
}

/// What a provider is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, FromJson, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Action {
    /// Keep money of the buyer ready.
    Authorize,
    /// Take it, or take what was kept ready.
    Capture,
    /// Let go what was kept ready.
    Void,
    /// Give it back.
    Refund,
}

/// A payment as it stands after its provider was asked.
pub(crate) struct Charge {
    pub payment: Payment,
    pub stored: StoredOrder,
}

/// Asks the provider for a payment once, however often the request comes: `key` is its id.
///
/// # Errors
///
/// 422 with the reasons if it is not possible now.
pub(crate) async fn charge(
    app: &App,
    tenant: &str,
    actor: &Actor,
    order: Uuid,
    key: Uuid,
    wish: Wish,
) -> Result<Charge, Error> {
    let body = serde_json::to_vec(&wish).map_err(super::record::unwritable)?;
    let hash = hash_of(&[actor.user.as_bytes(), order.as_bytes(), &body]);
    let id = key.to_string();
    let server = system();
    let mut single = Single::begin(app, tenant, &server).await?;
    if single.repeated(key, &hash).await?.is_none() {
        let rules = tenant_rules(app, &mut single.transaction, tenant).await?;
        let stored = single.transaction.order(tenant, order).await?;
        let stored = stored.ok_or(Error::NotFound(Code::OrderUnknown))?;
        let payment = intent(&stored.order, &rules, actor, &id, &wish)?;
        let request = PaymentRequest {
            order,
            payment: id.clone(),
            key: key_of(tenant, order, &id),
            provider: payment.provider.clone().unwrap_or_default(),
            instrument: wish.instrument,
            tries: 0,
            next_ms: Some(app.now_ms().saturating_add(LEASE_MS)),
        };
        single.transaction.add_payment_request(tenant, &request).await?;
        let asked = Asked { key, hash, ..asked(tenant, order, &payment)? };
        single.decide(asked).await.map_err(from_body)?;
        attempt(app, tenant, &request).await?;
        return told(app, tenant, order, &id).await;
    }
    single.transaction.commit().await?;
    told(app, tenant, order, &id).await
}

/// Asks the provider at once what became of a payment, without waiting for the time when it would be asked.
/// What is known already is not asked again.
///
/// # Errors
///
/// 404 if no provider was asked for such a payment.
pub(crate) async fn ask_again(
    app: &App,
    tenant: &str,
    order: Uuid,
    payment: &str,
) -> Result<Charge, Error> {
    let key = key_of(tenant, order, payment);
    let request = app.store.read().await?.payment_request(tenant, &key).await?;
    let request = request.ok_or(Error::NotFound(Code::NotFound))?;
    if request.next_ms.is_some() {
        attempt(app, tenant, &request).await?;
    }
    told(app, tenant, order, payment).await
}

/// The payment as it is to be asked for.
fn intent(
    order: &Order,
    rules: &Rules,
    actor: &Actor,
    id: &str,
    wish: &Wish,
) -> Result<Payment, Error> {
    let source = match &wish.source {
        Some(id) => Some(order.payments.iter().find(|it| it.id == *id).ok_or_else(|| {
            refused(Issue::new(Code::PaymentUnknown, "/source").with("payment", id.as_str()))
        })?),
        None => None,
    };
    let is_charge = source.is_none() && matches!(wish.action, Action::Authorize | Action::Capture);
    if actor.role == Role::Customer && !is_charge {
        let issue = Issue::new(Code::RoleForbids, "/action");
        return Err(refused(issue.with("role", actor.role.as_str())));
    }
    if source.is_none() && !is_charge {
        return Err(refused(Issue::new(Code::Required, "/source")));
    }
    let method = match (source, &wish.method) {
        (Some(source), _) => Some(source.method.clone()),
        (None, Some(method)) => Some(method.clone()),
        (None, None) => order.details.payment_method.clone(),
    };
    let method = method.unwrap_or_default();
    let provider = match source {
        Some(source) => source.provider.clone(),
        None => rules.payment_method(&method).and_then(|it| it.provider.clone()),
    };
    let Some(provider) = provider else {
        let issue = Issue::new(Code::ProviderMissing, "/method");
        return Err(refused(issue.with("method", method)));
    };
    let amount_minor = match source {
        Some(source) => of_source(order, source, wish)?,
        None => of_order(order, wish)?,
    };
    Ok(Payment {
        id: id.to_owned(),
        kind: match wish.action {
            Action::Authorize => PaymentKind::Authorization,
            Action::Capture => PaymentKind::Capture,
            Action::Void => PaymentKind::Void,
            Action::Refund => PaymentKind::Refund,
        },
        method,
        amount_minor,
        reference: None,
        state: PaymentState::Initial,
        source: wish.source.clone(),
        failure: None,
        expires_ms: None,
        currency: None,
        recorded_ms: 0,
        is_certain: false,
        provider: Some(provider),
    })
}

/// What a buyer pays: no more than is due, and nothing while another payment may still arrive.
fn of_order(order: &Order, wish: &Wish) -> Result<Amount, Error> {
    let is_open = matches!(
        order.status,
        OrderStatus::Placed | OrderStatus::Confirmed | OrderStatus::Completed
    );
    if !is_open {
        let issue = Issue::new(Code::StatusForbids, "");
        return Err(refused(issue.with("status", order.status.as_str())));
    }
    let ledger = Ledger::of(&order.payments).map_err(Refusal::from)?;
    if ledger.pending > Amount::ZERO {
        let issue = Issue::new(Code::PaymentPending, "").with("amountMinor", ledger.pending);
        return Err(refused(issue.with("currency", order.currency)));
    }
    let due = order.derived().map_err(Refusal::from)?.balance_due_minor;
    let left = due.minus(ledger.authorized).map_err(Refusal::from)?;
    if left <= Amount::ZERO {
        return Err(refused(Issue::new(Code::NothingOpen, "")));
    }
    let amount = wish.amount_minor.unwrap_or(left);
    if amount > left {
        let issue = Issue::new(Code::PaymentTooLarge, "/amountMinor");
        let issue = issue.with("amountMinor", amount).with("balanceMinor", left);
        return Err(refused(issue.with("currency", order.currency)));
    }
    Ok(amount)
}

/// What is done with an earlier payment; whether so much is left is for the ledger to say.
fn of_source(order: &Order, source: &Payment, wish: &Wish) -> Result<Amount, Error> {
    if let Some(amount) = wish.amount_minor {
        return Ok(amount);
    }
    let payments = &order.payments;
    if wish.action == Action::Refund {
        let parts = refundable(payments).map_err(Refusal::from)?;
        let part = parts.iter().find(|part| part.source == source.id);
        return Ok(part.map_or(Amount::ZERO, |part| part.amount_minor));
    }
    Ok(left_of_authorization(payments, source).map_err(Refusal::from)?)
}

async fn told(app: &App, tenant: &str, order: Uuid, id: &str) -> Result<Charge, Error> {
    let missing = || StoreError::Corrupt("a payment that was kept is missing".to_owned());
    let stored = app.store.read().await?.order(tenant, order).await?.ok_or_else(missing)?;
    let payment = stored.order.payments.iter().find(|it| it.id == id).cloned();
    let payment = payment.ok_or_else(missing)?;
    tracing::info!(%order, is_known = is_final(payment.state), "payment asked for");
    Ok(Charge { payment, stored })
}

fn refused(issue: Issue) -> Error {
    Error::Refused(issue.into())
}

/// A refusal of the ledger as seen from the request body, which has no `/args`.
fn from_body(error: Error) -> Error {
    let Error::Refused(refusal) = error else { return error };
    let issues = refusal.issues.into_iter().map(|issue| {
        let path = issue.path.strip_prefix("/args").unwrap_or(&issue.path).to_owned();
        Issue { path, ..issue }
    });
    Error::Refused(Refusal { issues: issues.collect() })
}
