//! What can go wrong around an order, how bad it is, and the ways out: as data.

use serde::{Deserialize, Serialize};

use crate::{
    command::CommandKind,
    json::{FromJson, ToJson},
};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal, $severity:ident, [$($way:expr),*];)*) => {
        /// What is unusual. The rows of features.md (h).
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson, ToJson,
        )]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum ExceptionKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl ExceptionKind {
            /// Every kind. Their order is stored: new ones are added at the end.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word, as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// How bad it is.
            pub fn severity(self) -> ExceptionSeverity {
                match self {
                    $(Self::$variant => ExceptionSeverity::$severity,)*
                }
            }

            /// What can be done about it, the usual first.
            pub fn ways_out(self) -> &'static [WayOut] {
                #[allow(unused_imports)]
                use WayOut as W;
                match self {
                    $(Self::$variant => &[$($way),*],)*
                }
            }
        }
    };
}

/// How bad an exception is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ExceptionSeverity {
    /// Somebody must decide before the work goes on.
    Block,
    /// Somebody should look.
    Warn,
    /// Good to know.
    Notice,
}

/// What can be done about an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum WayOut {
    /// Give this command to the order.
    Command(CommandKind),
    /// Give the money back.
    Refund,
    /// Ask for the payment again, by another method.
    AskForPayment,
    /// Ask the provider again, with the same key.
    AskProvider,
    /// Mend what was entered and send it again.
    Edit,
    /// Send the same again.
    Resend,
    /// Drop what was refused, now that it was read; of money that fits no order: say why nothing is to be done.
    Dismiss,
    /// Say which order it belongs to.
    Match,
    /// Keep a copy of everything as a file.
    Export,
    /// Fetch everything anew from the server.
    FetchAgain,
    /// Set the device's clock.
    SetClock,
    /// Send the goods once more.
    SendAgain,
    /// Claim it from the carrier.
    ClaimFromCarrier,
}

kinds! {
    /// The goods are not there.
    OutOfStock = "outOfStock", Warn, [
        W::Command(CommandKind::Allocate), W::Command(CommandKind::CancelLines), W::Command(CommandKind::Release)
    ];
    /// Two devices sold the same goods.
    Oversold = "oversold", Block, [
        W::Command(CommandKind::SettleShortage), W::Edit, W::Command(CommandKind::CancelLines),
        W::Command(CommandKind::Cancel), W::Dismiss
    ];
    /// Something that was entered is wrong.
    WrongData = "wrongData", Warn, [W::Edit, W::Dismiss];
    /// Nobody delivers to the address.
    UnserviceableAddress = "unserviceableAddress", Block, [
        W::Edit, W::Command(CommandKind::Release), W::Command(CommandKind::Cancel)
    ];
    /// A payment failed.
    PaymentFailed = "paymentFailed", Warn, [W::AskForPayment, W::Command(CommandKind::Cancel)];
    /// Nobody knows yet what became of a payment.
    PaymentPending = "paymentPending", Notice, [W::AskProvider, W::Command(CommandKind::RecordPayment)];
    /// Money came for an order that was closed before.
    LatePayment = "latePayment", Block, [W::Command(CommandKind::Reinstate), W::Refund];
    /// More came than was due.
    Overpaid = "overpaid", Warn, [W::Refund, W::Command(CommandKind::WriteOff)];
    /// Less came than is due.
    Underpaid = "underpaid", Warn, [W::AskForPayment, W::Command(CommandKind::WriteOff), W::Refund];
    /// The buyer's bank took money back.
    Chargeback = "chargeback", Block, [W::AskForPayment, W::Command(CommandKind::WriteOff)];
    /// The total that was sent is not what the rules give.
    TotalTampered = "totalTampered", Block, [W::Edit, W::Dismiss];
    /// Somebody changed the stored log of an order.
    LogTampered = "logTampered", Block, [W::Export, W::FetchAgain];
    /// It looks as if the same order came twice.
    DuplicateSubmission = "duplicateSubmission", Warn, [W::Resend, W::Dismiss];
    /// Something names an order that nobody knows.
    UnknownOrder = "unknownOrder", Warn, [W::Resend, W::Dismiss];
    /// Money came that fits no order.
    UnknownPayment = "unknownPayment", Warn, [W::Match, W::Refund, W::Dismiss];
    /// The price was another one by the time the order arrived.
    PriceStale = "priceStale", Warn, [W::Edit, W::Resend, W::Dismiss];
    /// The device's clock is wrong.
    ClockWrong = "clockWrong", Warn, [W::SetClock];
    /// The browser may lose what is stored, or cannot store more.
    StorageTrouble = "storageTrouble", Block, [W::Export];
    /// Another tab or device changed the same.
    EditConflict = "editConflict", Warn, [W::Edit, W::Dismiss];
    /// The server failed on a command twice and set it aside.
    PoisonMessage = "poisonMessage", Warn, [W::Resend, W::Dismiss];
    /// A parcel could not be handed over.
    DeliveryFailed = "deliveryFailed", Block, [
        W::Command(CommandKind::Redeliver), W::Command(CommandKind::ReturnToSender), W::Command(CommandKind::Lose)
    ];
    /// A parcel came back.
    ReturnedToSender = "returnedToSender", Block, [
        W::SendAgain, W::Command(CommandKind::CancelLines), W::Command(CommandKind::Cancel)
    ];
    /// A parcel is lost.
    Lost = "lost", Block, [
        W::SendAgain, W::ClaimFromCarrier, W::Command(CommandKind::CancelLines), W::Command(CommandKind::Cancel)
    ];
    /// What came back is not what was sent.
    ReturnDiffers = "returnDiffers", Warn, [
        W::Command(CommandKind::ResolveReturn), W::Command(CommandKind::InspectReturn)
    ];
    /// The order is unusual in a way that frauds are.
    FraudSuspected = "fraudSuspected", Block, [
        W::Command(CommandKind::Release), W::Command(CommandKind::Cancel)
    ];
    /// A counter or an amount is at its end.
    LimitReached = "limitReached", Block, [W::Edit];
    /// Money that is kept ready will soon be lost.
    AuthorizationEnding = "authorizationEnding", Warn, [W::Command(CommandKind::RecordPayment)];
    /// Goods should have been packed.
    PackingLate = "packingLate", Warn, [W::Command(CommandKind::Pack)];
    /// Goods should have left.
    ShippingLate = "shippingLate", Warn, [W::Command(CommandKind::Ship)];
    /// Somebody holds the order for a reason of their own.
    HeldByHand = "heldByHand", Notice, [W::Command(CommandKind::Release)];
    /// The order has ended, and money of the buyer is still with the shop.
    RefundDue = "refundDue", Warn, [W::Refund];
}
