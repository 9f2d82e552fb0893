//! A provider for trying out: it moves no money, and does all that makes a real one hard.
//!
//! It answers by the instrument, as test cards do, and by the last two digits of the amount where there is none. Answers get lost,
//! questions do not arrive, outcomes are known later, and webhooks come late, twice and in the wrong order. What it does follows
//! from what it is asked and from the clock, so that a test sees the same again.

use axum::http::HeaderMap;
use orderkit::{
    Amount, Currency, Issue,
    json::FromJson,
    ledger::{PaymentFailure, PaymentKind, PaymentRemedy, PaymentState},
};
use serde_json::{Value, json};

use super::{
    Later, Outcome, Outgoing, Payer, Provider, ProviderEvent, ProviderRequest, SIGNATURE_HEADER,
    Told, WebhookFault, sign, verify,
};
use crate::{
    clock::Clock,
    secret,
    store::{LocalPayment, Store, StoreError, Transaction},
    sync::hash_of,
};

/// How long a slow payment is under way.
const SLOW_MS: i64 = 5_000;
/// How long nobody can say what became of a payment whose answer was lost.
const SILENT_MS: i64 = 8_000;
/// How long after a payment its webhook comes.
const WEBHOOK_MS: i64 = 1_000;
/// How long an authorization holds.
const AUTHORIZED_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

const SUCCESS: &str = "success";
const FAILURE: &str = "failure";
const UNREACHED: &str = "unreached";

/// The provider for trying out.
#[derive(Clone, Debug)]
pub struct LocalProvider {
    store: Store,
    clock: Clock,
    secret: String,
}

/// What it does with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Succeeds,
    /// Fails at first; the same key succeeds when it is tried again.
    Busy,
    NoFunds,
    Stopped,
    Slow,
    /// Succeeds, and the answer is lost.
    Lost,
    /// Fails, and the answer is lost.
    LostFailure,
    /// The question does not arrive the first time.
    Unreached,
    NoInstrument,
}

impl LocalProvider {
    /// A provider that signs its webhooks with this secret.
    pub fn new(store: Store, clock: Clock, secret: &str) -> Self {
        Self { store, clock, secret: secret.to_owned() }
    }

    async fn decide(&self, request: &ProviderRequest) -> Result<Outcome, StoreError> {
        let now_ms = self.clock.now_ms();
        let mut transaction = self.store.write(&request.tenant).await?;
        let known = transaction.local_payment(&request.tenant, &request.key).await?;
        let is_new = known.is_none();
        let manner = manner(request);
        let mut payment = match known {
            Some(known) => known,
            None => begun(&mut transaction, request, manner, now_ms).await?,
        };
        payment.asked += 1;
        let may_be_tried = payment.fate == UNREACHED || payment.remedy.as_deref() == Some("retry");
        let is_tried = !is_new && may_be_tried;
        if is_tried {
            SUCCESS.clone_into(&mut payment.fate);
            (payment.remedy, payment.reason) = (None, None);
            (payment.known_ms, payment.is_silent) = (now_ms, false);
        }
        transaction.put_local_payment(&payment).await?;
        if (is_new || is_tried) && payment.fate != UNREACHED {
            let manner = if is_tried { Manner::Succeeds } else { manner };
            announce(&mut transaction, request, &payment, manner, now_ms).await?;
        }
        transaction.commit().await?;
        Ok(outcome(&payment, now_ms).unwrap_or(Outcome::Unknown))
    }

    async fn look(&self, tenant: &str, key: &str) -> Result<Option<Outcome>, StoreError> {
        let payment = self.store.read().await?.local_payment(tenant, key).await?;
        Ok(payment.and_then(|it| outcome(&it, self.clock.now_ms())))
    }

    async fn due(&self) -> Result<Vec<Outgoing>, StoreError> {
        let now_ms = self.clock.now_ms();
        let due = self.store.read().await?.due_local_events(now_ms).await?;
        let outgoing = |(position, tenant, body): (i64, String, String)| {
            let signature = sign(&self.secret, &tenant, body.as_bytes(), now_ms);
            Outgoing { position, tenant, signature, body: body.into_bytes() }
        };
        Ok(due.into_iter().map(outgoing).collect())
    }

    async fn forget(&self, outgoing: &Outgoing) -> Result<(), StoreError> {
        let mut transaction = self.store.write(&outgoing.tenant).await?;
        transaction.end_local_event(&outgoing.tenant, outgoing.position).await?;
        transaction.commit().await
    }
}

impl Provider for LocalProvider {
    fn ask<'a>(&'a self, request: &'a ProviderRequest) -> Later<'a, Outcome> {
        // A provider whose own database fails answers nothing that says anything.
        Box::pin(async { self.decide(request).await.unwrap_or(Outcome::Unknown) })
    }

    fn status<'a>(&'a self, tenant: &'a str, key: &'a str) -> Later<'a, Option<Outcome>> {
        Box::pin(async { self.look(tenant, key).await.unwrap_or(Some(Outcome::Unknown)) })
    }

    fn read(
        &self,
        tenant: &str,
        headers: &HeaderMap,
        body: &[u8],
        now_ms: i64,
    ) -> Result<ProviderEvent, WebhookFault> {
        let header = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
        if !verify(&self.secret, header.unwrap_or_default(), tenant, body, now_ms) {
            return Err(WebhookFault::Signature);
        }
        let message: Message = orderkit::json::read(body).map_err(WebhookFault::Shape)?;
        Ok(message.into())
    }

    fn outgoing<'a>(&'a self) -> Later<'a, Vec<Outgoing>> {
        Box::pin(async { self.due().await.unwrap_or_default() })
    }

    fn sent<'a>(&'a self, outgoing: &'a Outgoing) -> Later<'a, ()> {
        Box::pin(async {
            if let Err(error) = self.forget(outgoing).await {
                // It is sent once more, which changes nothing.
                tracing::warn!(%error, "a webhook is not noted as sent");
            }
        })
    }
}

/// A payment as the provider takes it in.
async fn begun(
    transaction: &mut Transaction,
    request: &ProviderRequest,
    manner: Manner,
    now_ms: i64,
) -> Result<LocalPayment, StoreError> {
    let too_large = exceeds_source(transaction, request).await?;
    let (remedy, reason) = match manner {
        _ if too_large => (Some("stop"), Some("amount_too_large")),
        Manner::Busy => (Some("retry"), Some("processor_busy")),
        Manner::NoFunds => (Some("otherMethod"), Some("insufficient_funds")),
        Manner::Stopped => (Some("stop"), Some("stolen_card")),
        Manner::LostFailure => (Some("otherMethod"), Some("do_not_honor")),
        Manner::NoInstrument => (Some("otherMethod"), Some("unknown_instrument")),
        _ => (None, None),
    };
    let fate = match manner {
        _ if remedy.is_some() => FAILURE,
        Manner::Unreached => UNREACHED,
        _ => SUCCESS,
    };
    let is_silent = matches!(manner, Manner::Lost | Manner::LostFailure);
    let delay_ms = match manner {
        _ if is_silent => SILENT_MS,
        Manner::Slow => SLOW_MS,
        _ => 0,
    };
    let name = hash_of(&[request.tenant.as_bytes(), request.key.as_bytes()]);
    Ok(LocalPayment {
        tenant: request.tenant.clone(),
        key: request.key.clone(),
        reference: format!("pay_{}", secret::hexadecimal(name.get(..10).unwrap_or_default())),
        kind: request.kind.as_str().to_owned(),
        source_reference: request.source_reference.clone(),
        amount_minor: request.amount_minor.minor(),
        fate: fate.to_owned(),
        remedy: remedy.map(str::to_owned),
        reason: reason.map(str::to_owned),
        known_ms: now_ms + delay_ms,
        is_silent,
        asked: 0,
    })
}

/// Whether more is asked for than is left of the payment that it acts on.
async fn exceeds_source(
    transaction: &mut Transaction,
    request: &ProviderRequest,
) -> Result<bool, StoreError> {
    let Some(reference) = &request.source_reference else {
        return Ok(matches!(request.kind, PaymentKind::Refund | PaymentKind::Void));
    };
    let all = transaction.local_payments(&request.tenant, Some(reference)).await?;
    let (mut left, mut is_known) = (0, false);
    for payment in all.iter().filter(|it| it.fate == SUCCESS) {
        if payment.reference == *reference {
            left += payment.amount_minor;
            is_known = true;
        } else {
            left -= payment.amount_minor;
        }
    }
    Ok(!is_known || request.amount_minor.minor() > left)
}

fn manner(request: &ProviderRequest) -> Manner {
    if request.source_reference.is_some() {
        return match request.amount_minor.minor() % 100 {
            91 => Manner::Busy,
            92 => Manner::NoFunds,
            93 => Manner::Slow,
            94 => Manner::Lost,
            95 => Manner::LostFailure,
            96 => Manner::Unreached,
            _ => Manner::Succeeds,
        };
    }
    match request.instrument.as_deref() {
        Some("test-ok") => Manner::Succeeds,
        Some("test-busy") => Manner::Busy,
        Some("test-no-funds") => Manner::NoFunds,
        Some("test-stolen") => Manner::Stopped,
        Some("test-slow") => Manner::Slow,
        Some("test-lost") => Manner::Lost,
        Some("test-lost-declined") => Manner::LostFailure,
        Some("test-unreached") => Manner::Unreached,
        _ => Manner::NoInstrument,
    }
}

/// What the provider says now; nothing if it was never asked.
fn outcome(payment: &LocalPayment, now_ms: i64) -> Option<Outcome> {
    let told = Told {
        reference: Some(payment.reference.clone()),
        expires_ms: (payment.kind == PaymentKind::Authorization.as_str())
            .then(|| payment.known_ms + AUTHORIZED_MS),
    };
    Some(match payment.fate.as_str() {
        UNREACHED => return None,
        _ if now_ms < payment.known_ms && payment.is_silent => Outcome::Unknown,
        _ if now_ms < payment.known_ms => Outcome::Pending(told),
        FAILURE => Outcome::Failure(failure(payment), Told { expires_ms: None, ..told }),
        _ => Outcome::Success(told),
    })
}

fn failure(payment: &LocalPayment) -> PaymentFailure {
    let remedy = match payment.remedy.as_deref() {
        Some("retry") => PaymentRemedy::Retry,
        Some("stop") => PaymentRemedy::Stop,
        _ => PaymentRemedy::OtherMethod,
    };
    PaymentFailure { remedy, reason: payment.reason.clone() }
}

/// Lays webhooks ready: the end late, and of a slow payment the beginning after the end, and the end twice.
async fn announce(
    transaction: &mut Transaction,
    request: &ProviderRequest,
    payment: &LocalPayment,
    manner: Manner,
    now_ms: i64,
) -> Result<(), StoreError> {
    let at_ms = payment.known_ms.max(now_ms) + WEBHOOK_MS;
    let end = message(request, payment, "end", &payment.fate, at_ms);
    transaction.add_local_event(&request.tenant, &end, at_ms).await?;
    if manner == Manner::Slow {
        let beginning = message(request, payment, "beginning", "pending", now_ms);
        transaction.add_local_event(&request.tenant, &beginning, at_ms + WEBHOOK_MS).await?;
        transaction.add_local_event(&request.tenant, &end, at_ms + 2 * WEBHOOK_MS).await?;
    }
    Ok(())
}

fn message(
    request: &ProviderRequest,
    payment: &LocalPayment,
    part: &str,
    state: &str,
    at_ms: i64,
) -> String {
    let mut message = json!({
        "id": format!("{}-{}-{part}", payment.reference, payment.asked),
        "key": payment.key,
        "reference": payment.reference,
        "kind": payment.kind,
        "state": state,
        "amountMinor": payment.amount_minor,
        "currency": request.currency.code(),
        "orderNumber": request.order_number,
        "atMs": at_ms,
    });
    if state == FAILURE {
        message["failure"] = json!({"remedy": payment.remedy, "reason": payment.reason});
    }
    if payment.kind == PaymentKind::Authorization.as_str() && state == SUCCESS {
        message["expiresMs"] = Value::from(payment.known_ms + AUTHORIZED_MS);
    }
    message.to_string()
}

/// A webhook of this provider.
#[derive(FromJson)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Message {
    id: String,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    of: Option<String>,
    reference: String,
    #[serde(default)]
    kind: Option<PaymentKind>,
    state: PaymentState,
    #[serde(default)]
    amount_minor: Option<Amount>,
    #[serde(default)]
    currency: Option<Currency>,
    #[serde(default)]
    failure: Option<PaymentFailure>,
    #[serde(default)]
    expires_ms: Option<i64>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    order_number: Option<String>,
    #[serde(default)]
    payer: Option<Payer>,
    at_ms: i64,
}

impl From<Message> for ProviderEvent {
    fn from(message: Message) -> Self {
        let told = Told { reference: Some(message.reference), expires_ms: message.expires_ms };
        let unnamed = || PaymentFailure { remedy: PaymentRemedy::OtherMethod, reason: None };
        let outcome = match message.state {
            PaymentState::Success => Outcome::Success(told),
            PaymentState::Failure | PaymentState::Canceled => {
                Outcome::Failure(message.failure.unwrap_or_else(unnamed), told)
            }
            PaymentState::Initial | PaymentState::Pending => Outcome::Pending(told),
        };
        Self {
            id: message.id,
            key: message.key,
            of: message.of,
            kind: message.kind,
            outcome,
            amount_minor: message.amount_minor,
            currency: message.currency,
            method: message.method,
            order_number: message.order_number,
            payer: message.payer.unwrap_or_default(),
            at_ms: message.at_ms,
        }
    }
}

impl From<Issue> for WebhookFault {
    fn from(issue: Issue) -> Self {
        Self::Shape(issue)
    }
}
