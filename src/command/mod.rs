//! What may be asked of an order.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    amendment::Amendment,
    issue::{Code, Issue},
    json::{self, FromJson, ToJson},
    ledger::Payment,
};

mod arguments;
mod kind;
mod returns;

pub use arguments::{
    AcceptAmendment, Allocate, Cancel, CancelLines, DeclineAmendment, Expectation, HoldOrder,
    MoveShipment, Note, Place, Reason, Release, SaveDraft, SettleShortage, Ship, WriteOff,
};
pub use kind::CommandKind;
pub use returns::{
    GrantCredit, InspectReturn, MoveReturn, ReceiveReturn, RequestReturn, RequestedLine,
    ResolveReturn,
};

/// A command as it travels: the envelope is read first, so that one bad command harms no other.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// The client's counter, without gaps, from 1.
    pub n: u64,
    /// The id of the command, a UUIDv7 that the client kept before it sent.
    pub id: Uuid,
    /// The order it is about.
    pub order: Uuid,
    /// The kind with its version, such as `place@1`.
    pub kind: String,
    /// The confirmed revision of the order that the user saw, 0 if none: an edit of a field that somebody else edited since is
    /// refused, and nothing else.
    #[serde(default)]
    pub base: u64,
    /// When the user asked, by the device's clock: a claim.
    pub at_ms: i64,
    /// The arguments of the kind.
    #[cfg_attr(feature = "schemars", schemars(with = "serde_json::Value"))]
    pub args: Box<RawValue>,
}

/// A command with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `saveDraft@1`
    SaveDraft(Box<SaveDraft>),
    /// `discard@1`
    Discard,
    /// `place@1`
    Place(Box<Place>),
    /// `recordPayment@1`
    RecordPayment(Payment),
    /// `writeOff@1`
    WriteOff(WriteOff),
    /// `confirm@1`
    Confirm,
    /// `hold@1`
    Hold(HoldOrder),
    /// `release@1`
    Release(Release),
    /// `allocate@1`
    Allocate(Allocate),
    /// `ship@1`
    Ship(Ship),
    /// One step of a shipment: `pick@1`, `unpick@1`, `pack@1`, `unpack@1`, `cancelShipment@1`, `handOver@1`, `readyForPickup@1`,
    /// `pickUp@1`, `deliver@1`, `failDelivery@1`, `redeliver@1`, `returnToSender@1`, `lose@1`.
    MoveShipment(CommandKind, MoveShipment),
    /// `confirmReceipt@1`
    ConfirmReceipt,
    /// `cancelLines@1`
    CancelLines(CancelLines),
    /// `settleShortage@1`
    SettleShortage(SettleShortage),
    /// `amend@1`
    Amend(Box<Amendment>),
    /// `proposeAmendment@1`
    ProposeAmendment(Box<Amendment>),
    /// `acceptAmendment@1`
    AcceptAmendment(AcceptAmendment),
    /// `declineAmendment@1`
    DeclineAmendment(DeclineAmendment),
    /// `complete@1`
    Complete,
    /// `reopen@1`
    Reopen(Reason),
    /// `cancel@1`
    Cancel(Cancel),
    /// `expire@1`
    Expire,
    /// `reinstate@1`
    Reinstate(Reason),
    /// `requestReturn@1`
    RequestReturn(RequestReturn),
    /// One step of a return: `approveReturn@1`, `declineReturn@1`, `sendReturn@1`, `closeReturn@1`, `cancelReturn@1`, `expireReturn@1`.
    MoveReturn(CommandKind, MoveReturn),
    /// `receiveReturn@1`
    ReceiveReturn(ReceiveReturn),
    /// `inspectReturn@1`
    InspectReturn(InspectReturn),
    /// `resolveReturn@1`
    ResolveReturn(ResolveReturn),
    /// `grantCredit@1`
    GrantCredit(GrantCredit),
    /// `note@1`
    Note(Note),
}

/// Arguments of commands that have none: `{}`.
#[derive(FromJson)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Command {
    /// Reads the arguments of a kind such as `place@1`.
    ///
    /// # Errors
    ///
    /// `command_unknown`, or the shape errors of the arguments with a path from `/args` on.
    pub fn parse(kind: &str, args: &[u8]) -> Result<Self, Issue> {
        let unknown = || Issue::new(Code::CommandUnknown, "/kind").with("kind", kind);
        let name = kind.strip_suffix("@1").ok_or_else(unknown)?;
        let found = CommandKind::ALL.iter().find(|known| known.as_str() == name);
        let kind = *found.ok_or_else(unknown)?;
        Self::read(kind, args).map_err(|issue| issue.under("/args"))
    }

    fn read(kind: CommandKind, args: &[u8]) -> Result<Self, Issue> {
        use CommandKind as Kind;
        let without = |command: Self| json::read::<Nothing>(args).map(|Nothing {}| command);
        match kind {
            Kind::SaveDraft => json::read(args).map(Box::new).map(Self::SaveDraft),
            Kind::Discard => without(Self::Discard),
            Kind::Place => json::read(args).map(Box::new).map(Self::Place),
            Kind::RecordPayment => json::read(args).map(Self::RecordPayment),
            Kind::WriteOff => json::read(args).map(Self::WriteOff),
            Kind::Confirm => without(Self::Confirm),
            Kind::Hold => json::read(args).map(Self::Hold),
            Kind::Release => json::read(args).map(Self::Release),
            Kind::Allocate => json::read(args).map(Self::Allocate),
            Kind::Ship => json::read(args).map(Self::Ship),
            Kind::Pick
            | Kind::Unpick
            | Kind::Pack
            | Kind::Unpack
            | Kind::CancelShipment
            | Kind::HandOver
            | Kind::ReadyForPickup
            | Kind::PickUp
            | Kind::Deliver
            | Kind::FailDelivery
            | Kind::Redeliver
            | Kind::ReturnToSender
            | Kind::Lose => json::read(args).map(|it| Self::MoveShipment(kind, it)),
            Kind::ConfirmReceipt => without(Self::ConfirmReceipt),
            Kind::CancelLines => json::read(args).map(Self::CancelLines),
            Kind::SettleShortage => json::read(args).map(Self::SettleShortage),
            Kind::Amend => json::read(args).map(Box::new).map(Self::Amend),
            Kind::ProposeAmendment => json::read(args).map(Box::new).map(Self::ProposeAmendment),
            Kind::AcceptAmendment => json::read(args).map(Self::AcceptAmendment),
            Kind::DeclineAmendment => json::read(args).map(Self::DeclineAmendment),
            Kind::Complete => without(Self::Complete),
            Kind::Reopen => json::read(args).map(Self::Reopen),
            Kind::Cancel => json::read(args).map(Self::Cancel),
            Kind::Expire => without(Self::Expire),
            Kind::Reinstate => json::read(args).map(Self::Reinstate),
            Kind::RequestReturn => json::read(args).map(Self::RequestReturn),
            Kind::ApproveReturn
            | Kind::DeclineReturn
            | Kind::SendReturn
            | Kind::CloseReturn
            | Kind::CancelReturn
            | Kind::ExpireReturn => json::read(args).map(|it| Self::MoveReturn(kind, it)),
            Kind::ReceiveReturn => json::read(args).map(Self::ReceiveReturn),
            Kind::InspectReturn => json::read(args).map(Self::InspectReturn),
            Kind::ResolveReturn => json::read(args).map(Self::ResolveReturn),
            Kind::GrantCredit => json::read(args).map(Self::GrantCredit),
            Kind::Note => json::read(args).map(Self::Note),
        }
    }

    /// The name without the arguments.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::SaveDraft(_) => CommandKind::SaveDraft,
            Self::Discard => CommandKind::Discard,
            Self::Place(_) => CommandKind::Place,
            Self::RecordPayment(_) => CommandKind::RecordPayment,
            Self::WriteOff(_) => CommandKind::WriteOff,
            Self::Confirm => CommandKind::Confirm,
            Self::Hold(_) => CommandKind::Hold,
            Self::Release(_) => CommandKind::Release,
            Self::Allocate(_) => CommandKind::Allocate,
            Self::Ship(_) => CommandKind::Ship,
            Self::MoveShipment(kind, _) => *kind,
            Self::ConfirmReceipt => CommandKind::ConfirmReceipt,
            Self::CancelLines(_) => CommandKind::CancelLines,
            Self::SettleShortage(_) => CommandKind::SettleShortage,
            Self::Amend(_) => CommandKind::Amend,
            Self::ProposeAmendment(_) => CommandKind::ProposeAmendment,
            Self::AcceptAmendment(_) => CommandKind::AcceptAmendment,
            Self::DeclineAmendment(_) => CommandKind::DeclineAmendment,
            Self::Complete => CommandKind::Complete,
            Self::Reopen(_) => CommandKind::Reopen,
            Self::Cancel(_) => CommandKind::Cancel,
            Self::Expire => CommandKind::Expire,
            Self::Reinstate(_) => CommandKind::Reinstate,
            Self::RequestReturn(_) => CommandKind::RequestReturn,
            Self::MoveReturn(kind, _) => *kind,
            Self::ReceiveReturn(_) => CommandKind::ReceiveReturn,
            Self::InspectReturn(_) => CommandKind::InspectReturn,
            Self::ResolveReturn(_) => CommandKind::ResolveReturn,
            Self::GrantCredit(_) => CommandKind::GrantCredit,
            Self::Note(_) => CommandKind::Note,
        }
    }
}

impl Envelope {
    /// The command in it.
    ///
    /// # Errors
    ///
    /// As [`Command::parse`].
    pub fn command(&self) -> Result<Command, Issue> {
        Command::parse(&self.kind, self.args.get().as_bytes())
    }
}
