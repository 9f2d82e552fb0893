//! Notices: what a customer is told of an order, as text, made from what happened.
//!
//! The server sends them and the page can show them: they are the same words, figures and dates.

use serde::{Deserialize, Serialize};

use crate::{
    inventory::ShortageAnswer,
    issue::{Argument, Arguments, Language, fill, template},
    json::{FromJson, ToJson},
    ledger::{PaymentKind, PaymentState},
    order::{Event, Order, ShipmentStatus},
    returns::ReturnStatus,
    ruleset::Ruleset,
};

mod difference;
mod text;

/// A text for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// The language that it is in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// Paragraphs of plain text.
    pub body: String,
}

/// What a notice is made for.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    /// The shop's rules: its name, its time zone, the names of methods.
    pub ruleset: &'a Ruleset,
    /// The language; that of the order, or else of the shop, if missing.
    pub language: Option<Language>,
    /// The address of the shop's page, for a link to the order.
    pub page: Option<&'a str>,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal,)*) => {
        /// What a notice is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum NoticeKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl NoticeKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word, as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// The shop has the order.
    Placed = "placed",
    /// Money came.
    Paid = "paid",
    /// Money went back.
    Refunded = "refunded",
    /// The order was called off.
    Canceled = "canceled",
    /// The order has expired, since the money did not come.
    Expired = "expired",
    /// A part of it was called off.
    LinesCanceled = "linesCanceled",
    /// It was edited.
    Amended = "amended",
    /// An edit waits for the customer's word.
    AmendmentProposed = "amendmentProposed",
    /// Goods are not there, and come later.
    StockShort = "stockShort",
    /// Goods have left.
    Shipped = "shipped",
    /// Goods wait at the counter.
    ReadyForPickup = "readyForPickup",
    /// The shop has the request to take goods back.
    ReturnRequested = "returnRequested",
    /// The shop agrees to it.
    ReturnApproved = "returnApproved",
    /// The shop does not agree to it.
    ReturnDeclined = "returnDeclined",
    /// Goods have come back.
    ReturnReceived = "returnReceived",
    /// It is settled what is given for them.
    ReturnResolved = "returnResolved",
    /// The shop gives something to make good.
    CreditGranted = "creditGranted",
    /// An order lives again, since its money came after all.
    Reinstated = "reinstated",
}

/// The notice of an event, if customers are told of it. `before` is the order without it, `after` with it.
///
/// # Example
///
/// A payment that is only under way is no news:
///
/// ```
/// use orderkit::{Event, notice::kind_of};
///
/// let event: Event = serde_json::from_str(
///     r#"{"paymentRecorded": {"payment": {"id": "p", "method": "card", "amountMinor": 5, "state": "pending"}}}"#,
/// ).unwrap();
/// assert_eq!(kind_of(&event), None);
/// ```
pub fn notice(
    before: Option<&Order>,
    after: &Order,
    event: &Event,
    writing: &Writing<'_>,
) -> Option<Notice> {
    let kind = kind_of(event)?;
    let own = after.details.language;
    let language = writing.language.or(own).unwrap_or(writing.ruleset.language);
    let author = Author { after, before, writing, language };
    let subject = author.say(&format!("notice.{}.subject", kind.as_str()), author.arguments());
    let mut paragraphs = vec![author.greeting()];
    paragraphs.extend(author.about(kind, event));
    paragraphs.extend(author.closing(kind));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    Some(Notice { kind, language, subject, body: paragraphs.join("\n\n") })
}

/// The kind of notice that an event is told by; nothing if customers are not told of it.
pub fn kind_of(event: &Event) -> Option<NoticeKind> {
    use NoticeKind as K;
    Some(match event {
        Event::Placed { .. } => K::Placed,
        Event::PaymentRecorded { payment } if payment.state == PaymentState::Success => {
            match payment.kind {
                PaymentKind::Capture => K::Paid,
                PaymentKind::Refund => K::Refunded,
                _ => return None,
            }
        }
        Event::Canceled { .. } => K::Canceled,
        Event::Expired {} => K::Expired,
        Event::LinesCanceled { .. } => K::LinesCanceled,
        Event::Amended { .. } => K::Amended,
        Event::AmendmentProposed { .. } => K::AmendmentProposed,
        // What was called off instead is told with its credit.
        Event::StockShort { shortages }
            if shortages.iter().any(|it| it.answer == ShortageAnswer::Later) =>
        {
            K::StockShort
        }
        Event::Shipped { .. } => K::Shipped,
        Event::ShipmentMoved { to: ShipmentStatus::ReadyForPickup, .. } => K::ReadyForPickup,
        Event::ReturnRequested { .. } => K::ReturnRequested,
        Event::ReturnMoved { to: ReturnStatus::Approved, .. } => K::ReturnApproved,
        Event::ReturnMoved { to: ReturnStatus::Declined, .. } => K::ReturnDeclined,
        Event::ReturnReceived { .. } => K::ReturnReceived,
        Event::ReturnResolved { .. } => K::ReturnResolved,
        Event::CreditGranted { .. } => K::CreditGranted,
        Event::Reinstated { .. } => K::Reinstated,
        _ => return None,
    })
}

/// Who writes a notice, with all that is known.
struct Author<'a> {
    before: Option<&'a Order>,
    after: &'a Order,
    writing: &'a Writing<'a>,
    language: Language,
}

impl Author<'_> {
    /// The sentence of a key with its gaps filled.
    fn say(&self, key: &str, arguments: Arguments) -> String {
        fill(&template(key, self.language), &arguments, self.language)
    }

    /// What any sentence may name.
    fn arguments(&self) -> Arguments {
        Arguments::default()
            .with("number", self.after.number.as_str())
            .with("shop", self.writing.ruleset.name.text(self.language))
            .with("currency", self.after.currency)
    }

    fn with(&self, key: &'static str, value: impl Into<Argument>) -> Arguments {
        self.arguments().with(key, value)
    }

    /// A moment by the shop's clock.
    fn moment(&self, at_ms: i64) -> String {
        self.writing.ruleset.time_zone.text(at_ms)
    }
}
