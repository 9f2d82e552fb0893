//! The names of the commands.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal,)*) => {
        /// The name of a command, without its arguments.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, FromJson, ToJson,
        )]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum CommandKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl CommandKind {
            /// Every kind, in the order of an order's life.
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
    /// Keep what somebody has filled in so far.
    SaveDraft = "saveDraft",
    /// Throw a draft away.
    Discard = "discard",
    /// Commit to a draft.
    Place = "place",
    /// Note money that moved, or a new word on it.
    RecordPayment = "recordPayment",
    /// Let a small balance go.
    WriteOff = "writeOff",
    /// The shop commits.
    Confirm = "confirm",
    /// Stop the work for a reason.
    Hold = "hold",
    /// The reason is gone.
    Release = "release",
    /// Set goods aside for a shipment.
    Allocate = "allocate",
    /// Goods are taken from the shelf.
    Pick = "pick",
    /// Picked goods are put back.
    Unpick = "unpick",
    /// Goods are put into the parcel.
    Pack = "pack",
    /// They are taken out again.
    Unpack = "unpack",
    /// A shipment is called off before it leaves.
    CancelShipment = "cancelShipment",
    /// Goods leave.
    Ship = "ship",
    /// The shipment is in the van of the last mile.
    HandOver = "handOver",
    /// The goods wait at the counter.
    ReadyForPickup = "readyForPickup",
    /// The customer fetched them.
    PickUp = "pickUp",
    /// A shipment arrives.
    Deliver = "deliver",
    /// It could not be handed over.
    FailDelivery = "failDelivery",
    /// Another try, after it could not be handed over.
    Redeliver = "redeliver",
    /// It came back.
    ReturnToSender = "returnToSender",
    /// It is lost.
    Lose = "lose",
    /// The customer has the goods.
    ConfirmReceipt = "confirmReceipt",
    /// Units will not be delivered.
    CancelLines = "cancelLines",
    /// Choose what to do about goods that were promised and are not there.
    SettleShortage = "settleShortage",
    /// Edit a placed order.
    Amend = "amend",
    /// Ask for a yes to an edit.
    ProposeAmendment = "proposeAmendment",
    /// Say yes to an edit.
    AcceptAmendment = "acceptAmendment",
    /// Say no to an edit.
    DeclineAmendment = "declineAmendment",
    /// Close a delivered and settled order.
    Complete = "complete",
    /// A completed order has work again.
    Reopen = "reopen",
    /// Call off.
    Cancel = "cancel",
    /// The money did not come in time.
    Expire = "expire",
    /// Bring a closed order back to life, after its payment came late.
    Reinstate = "reinstate",
    /// The customer wants goods or money back.
    RequestReturn = "requestReturn",
    /// The shop agrees to a return.
    ApproveReturn = "approveReturn",
    /// The shop does not agree.
    DeclineReturn = "declineReturn",
    /// The goods of a return are on their way.
    SendReturn = "sendReturn",
    /// They have come, all or some.
    ReceiveReturn = "receiveReturn",
    /// They were looked at.
    InspectReturn = "inspectReturn",
    /// It is settled what is given for them.
    ResolveReturn = "resolveReturn",
    /// Nothing is left to do about a return.
    CloseReturn = "closeReturn",
    /// The customer no longer wants the return.
    CancelReturn = "cancelReturn",
    /// The goods were not sent in time.
    ExpireReturn = "expireReturn",
    /// Give something though nothing is owed.
    GrantCredit = "grantCredit",
    /// Leave a word for others.
    Note = "note",
}
