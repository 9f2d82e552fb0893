//! Payments through a provider: the intent is kept before the provider is asked, and the same question is asked again until its
//! answer is known. So nothing is lost, and nobody pays twice.
//!
//! A provider is whoever moves the money: a bank, an acquirer, a wallet. Each is one implementation of [`Provider`].

use std::{fmt, future::Future, pin::Pin};

use axum::http::HeaderMap;
use orderkit::{
    Amount, Code, Currency, Issue,
    ledger::{PaymentFailure, PaymentKind, PaymentState},
};
use uuid::Uuid;

use crate::sync::hash_of;

mod ask;
mod by_hand;
mod follow;
mod local;
mod record;
mod run;
mod signature;
mod source;
mod webhook;

pub(crate) use ask::{Charge, Wish, ask_again, charge};
pub(crate) use by_hand::must_ask;
pub(crate) use follow::follow;
pub use local::LocalProvider;
pub(crate) use record::asked;
pub(crate) use run::run;
pub use signature::{SIGNATURE_HEADER, sign, verify};
pub(crate) use source::source_of;
pub(crate) use webhook::receive;

/// An answer that comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who moves the money.
///
/// Every question carries a key. The same key is the same payment, however often it is asked: a provider that has moved the money
/// says so again and moves nothing. Only after a failure whose remedy is to try again may the same key be tried anew.
pub trait Provider: fmt::Debug + Send + Sync {
    /// Asks for a payment: authorize, capture, void or refund, as its kind says.
    fn ask<'a>(&'a self, request: &'a ProviderRequest) -> Later<'a, Outcome>;

    /// What became of a payment; nothing if the question has never arrived.
    fn status<'a>(&'a self, tenant: &'a str, key: &'a str) -> Later<'a, Option<Outcome>>;

    /// Reads a webhook, if the provider has signed it for this tenant and it is fresh.
    ///
    /// # Errors
    ///
    /// Why it cannot be believed or read.
    fn read(
        &self,
        tenant: &str,
        headers: &HeaderMap,
        body: &[u8],
        now_ms: i64,
    ) -> Result<ProviderEvent, WebhookFault>;

    /// Webhooks that a provider within this process has to send by now; one outside sends its own.
    fn outgoing<'a>(&'a self) -> Later<'a, Vec<Outgoing>> {
        Box::pin(async { Vec::new() })
    }

    /// Notes that an outgoing webhook was taken.
    fn sent<'a>(&'a self, _outgoing: &'a Outgoing) -> Later<'a, ()> {
        Box::pin(async {})
    }
}

/// What a provider is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRequest {
    /// The shop.
    pub tenant: String,
    /// The name of this one payment.
    pub key: String,
    /// What it does.
    pub kind: PaymentKind,
    /// How much.
    pub amount_minor: Amount,
    /// Of what.
    pub currency: Currency,
    /// What the buyer pays with: a token of the provider's, never a card number.
    pub instrument: Option<String>,
    /// The provider's name of the payment that this one acts on.
    pub source_reference: Option<String>,
    /// What the buyer reads on the statement.
    pub order_number: String,
}

/// What a provider says of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happened.
    Success(Told),
    /// It did not.
    Failure(PaymentFailure, Told),
    /// The provider has it in hand.
    Pending(Told),
    /// No answer, or none that says anything: it may have happened.
    Unknown,
}

/// What comes with an outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The provider's name of the payment.
    pub reference: Option<String>,
    /// Until when an authorization can be captured.
    pub expires_ms: Option<i64>,
}

/// What a provider says by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The provider's name of this message; the same again is the same message.
    pub id: String,
    /// The key that the payment was asked for with, if it was.
    pub key: Option<String>,
    /// The payment that it acts on, of a refund or chargeback that nobody here asked for: the key that this one was asked for
    /// with, or the provider's name of it.
    pub of: Option<String>,
    /// What the payment does; as it was asked for if missing.
    pub kind: Option<PaymentKind>,
    /// What became of it.
    pub outcome: Outcome,
    /// How much; as it was asked for if missing.
    pub amount_minor: Option<Amount>,
    /// Of what; as it was asked for if missing.
    pub currency: Option<Currency>,
    /// The payment method, where the provider names one.
    pub method: Option<String>,
    /// The order, as the buyer or the provider wrote it.
    pub order_number: Option<String>,
    /// Who paid.
    pub payer: Payer,
    /// When it happened, by the provider's clock.
    pub at_ms: i64,
}

/// What makes a payment this one: what it does, how much, and of what.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// What it does.
    pub kind: PaymentKind,
    /// How much.
    pub amount_minor: Amount,
    /// Of what.
    pub currency: Currency,
}

/// Who paid, as far as it is known.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    orderkit::json::FromJson,
    schemars::JsonSchema,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Payer {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The telephone number, or its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Why a webhook is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookFault {
    /// Nobody knows who sent it, or it is an old one that somebody sends again.
    Signature,
    /// It is signed, and makes no sense.
    Shape(Issue),
}

/// A webhook on its way from a provider within this process.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its place.
    pub position: i64,
    /// The shop.
    pub tenant: String,
    /// The signature.
    pub signature: String,
    /// What it says.
    pub body: Vec<u8>,
}

impl Outcome {
    /// What the ledger says of it.
    pub fn state(&self) -> PaymentState {
        match self {
            Self::Success(_) => PaymentState::Success,
            Self::Failure(..) => PaymentState::Failure,
            Self::Pending(_) | Self::Unknown => PaymentState::Pending,
        }
    }

    /// What came with it.
    pub fn told(&self) -> Told {
        match self {
            Self::Success(told) | Self::Failure(_, told) | Self::Pending(told) => told.clone(),
            Self::Unknown => Told::default(),
        }
    }
}

impl ProviderEvent {
    /// What it says of the payment, where it says less by what was asked for.
    pub fn figures_or(&self, asked: Figures) -> Figures {
        Figures {
            kind: self.kind.unwrap_or(asked.kind),
            amount_minor: self.amount_minor.unwrap_or(asked.amount_minor),
            currency: self.currency.unwrap_or(asked.currency),
        }
    }

    /// What it says of a payment that nobody here asked for; money of the buyer if it does not say what it does.
    ///
    /// # Errors
    ///
    /// [`Issue`] if it does not say how much, or of what.
    pub fn figures(&self) -> Result<Figures, Issue> {
        let missing = |path: &str| Issue::new(Code::Required, path);
        Ok(Figures {
            kind: self.kind.unwrap_or_default(),
            amount_minor: self.amount_minor.ok_or_else(|| missing("/amountMinor"))?,
            currency: self.currency.ok_or_else(|| missing("/currency"))?,
        })
    }
}

/// The key of a payment at its provider. It follows from the payment, so that a server that starts anew asks the same question.
pub(crate) fn key_of(tenant: &str, order: Uuid, payment: &str) -> String {
    key_from(&hash_of(&[tenant.as_bytes(), order.as_bytes(), payment.as_bytes()])).to_string()
}

/// A name for something that is done once, out of what makes it this one thing.
pub(crate) fn key_from(hash: &[u8]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = *of_hash);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
