//! Money that fits no order: kept with what is known of it, offered to orders that it may belong to, and never thrown away.

use orderkit::{
    Amount, Code, Currency, Issue, Order,
    exceptions::{Exception, ExceptionKind, WayOut},
    ledger::{Payment, PaymentKind, PaymentState},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::App,
    error::Error,
    payment::{Figures, Outcome, Payer, ProviderEvent, key_from, source_of},
    store::{PaymentRequest, QuarantineState, Quarantined, StoreError},
    sync::hash_of,
};

mod decide;
mod proposal;
mod statement;

pub(crate) use decide::{dismiss, give_back, refund_all, take_over};
pub(crate) use proposal::{Proposal, proposals};
pub(crate) use statement::{Imported, Line, import};

/// What is known of money that fits no order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// The kind of exception that it is.
    pub kind: EntryKind,
    /// Why no order takes it.
    pub cause: Code,
    /// Who reported it: a provider, or `statement`.
    pub source: String,
    /// What they call the report.
    pub source_id: String,
    /// The provider that has it, and can give it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// What the payment does.
    pub payment_kind: PaymentKind,
    /// How much.
    pub amount_minor: Amount,
    /// Of what.
    pub currency: Currency,
    /// What was asked for under the name that the report has, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Figures>,
    /// What the provider calls the payment that it acts on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// What the bank or provider calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The payment method.
    pub method: String,
    /// The order number, as somebody wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What the payer wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Who paid.
    #[serde(default)]
    pub payer: Payer,
    /// When it was paid.
    pub paid_ms: i64,
}

/// What is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EntryKind {
    /// It names an order that nobody knows.
    UnknownOrder,
    /// It names none, or one that does not take it.
    UnknownPayment,
}

impl Entry {
    /// The entry of a provider's message.
    pub fn of_event(provider: &str, event: &ProviderEvent, figures: Figures, cause: Code) -> Self {
        Self {
            kind: EntryKind::of(cause),
            cause,
            source: provider.to_owned(),
            source_id: event.id.clone(),
            provider: Some(provider.to_owned()),
            payment_kind: figures.kind,
            amount_minor: figures.amount_minor,
            currency: figures.currency,
            asked: None,
            of: event.of.clone(),
            reference: event.outcome.told().reference,
            method: event.method.clone().unwrap_or_else(|| provider.to_owned()),
            number: event.order_number.clone(),
            text: None,
            payer: event.payer.clone(),
            paid_ms: event.at_ms,
        }
    }

    /// What it is to the staff, with the ways out that there are. Only money that came can go back.
    pub fn exception(&self, received_ms: i64) -> Exception {
        let mut exception = Exception::new(ExceptionKind::UnknownPayment);
        exception.since_ms = Some(received_ms);
        let is_money = self.payment_kind == PaymentKind::Capture;
        exception.ways_out.retain(|way| is_money || *way != WayOut::Refund);
        exception
    }

    /// The payment that an order gets when somebody says that this is its money. What was taken back was taken of a payment:
    /// of the one with this id, or of the one that the report names, or of the only one of its provider.
    fn payment(&self, id: &str, order: &Order, source: Option<&str>) -> Result<Payment, Issue> {
        let is_back = matches!(self.payment_kind, PaymentKind::Refund | PaymentKind::Chargeback);
        let found = || {
            let provider = self.provider.as_deref().filter(|_| is_back)?;
            source_of(order, provider, self.of.as_deref()).map(|it| it.id.clone())
        };
        let source = source.map(str::to_owned).or_else(found);
        if is_back && source.is_none() {
            return Err(Issue::new(Code::Required, "/source"));
        }
        Ok(Payment {
            id: format!("quarantine-{id}"),
            kind: self.payment_kind,
            method: self.method.clone(),
            amount_minor: self.amount_minor,
            reference: self.reference.clone(),
            state: PaymentState::Success,
            source,
            failure: None,
            expires_ms: None,
            currency: Some(self.currency),
            recorded_ms: 0,
            is_certain: true,
            provider: self.provider.clone(),
        })
    }
}

impl EntryKind {
    fn of(cause: Code) -> Self {
        if cause == Code::OrderUnknown { Self::UnknownOrder } else { Self::UnknownPayment }
    }
}

/// Keeps money that fits no order; the same report is kept once. Says under which id.
///
/// # Errors
///
/// [`Error`] if the store fails.
pub(crate) async fn keep(app: &App, tenant: &str, entry: &Entry) -> Result<String, Error> {
    let id = id_of(tenant, &entry.source, &entry.source_id);
    let kept = Quarantined {
        id: id.clone(),
        source: entry.source.clone(),
        source_id: entry.source_id.clone(),
        entry: serde_json::to_string(entry).map_err(unreadable)?,
        state: QuarantineState::Open,
        at_ms: app.now_ms(),
        order: None,
        user: None,
        reason: None,
        ended_ms: None,
    };
    let mut transaction = app.store.write(tenant).await?;
    if transaction.add_quarantined(tenant, &kept).await? {
        tracing::warn!(id, source = entry.source, cause = %entry.cause, "money in quarantine");
    }
    transaction.commit().await?;
    Ok(id)
}

/// Keeps a provider's outcome that its order does not take. Its provider is not asked again.
///
/// # Errors
///
/// [`Error`] if the store fails.
pub(crate) async fn keep_refused(
    app: &App,
    tenant: &str,
    request: &PaymentRequest,
    payment: &Payment,
    outcome: &Outcome,
    cause: Code,
) -> Result<(), Error> {
    let stored = app.store.read().await?.order(tenant, request.order).await?;
    if let (Outcome::Success(told), Some(stored)) = (outcome, stored) {
        let entry = Entry {
            kind: EntryKind::UnknownPayment,
            cause,
            source: request.provider.clone(),
            source_id: request.key.clone(),
            provider: Some(request.provider.clone()),
            payment_kind: payment.kind,
            amount_minor: payment.amount_minor,
            currency: stored.order.currency,
            asked: None,
            of: None,
            reference: told.reference.clone(),
            method: payment.method.clone(),
            number: Some(stored.order.number.clone()),
            text: None,
            payer: Payer::default(),
            paid_ms: app.now_ms(),
        };
        keep(app, tenant, &entry).await?;
    }
    let mut transaction = app.store.write(tenant).await?;
    transaction.end_payment_request(tenant, request.order, &request.payment).await?;
    Ok(transaction.commit().await?)
}

/// The id of what a source reported, which follows from the report.
fn id_of(tenant: &str, source: &str, source_id: &str) -> String {
    let parts: [&[u8]; 3] = [tenant.as_bytes(), source.as_bytes(), source_id.as_bytes()];
    key_from(&hash_of(&parts)).to_string()
}

/// What is known of something in quarantine.
///
/// # Errors
///
/// [`StoreError::Corrupt`]
pub(crate) fn read(kept: &Quarantined) -> Result<Entry, StoreError> {
    serde_json::from_str(&kept.entry).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

fn order_id(text: &str) -> Result<Uuid, Error> {
    Uuid::parse_str(text).map_err(|_| Error::NotFound(Code::OrderUnknown))
}
