//! What may be asked of an order.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    draft::Draft,
    issue::{Code, Issue},
    json::{self, FromJson, ToJson},
    money::Amount,
    order::{Payment, ShipmentLine},
};

/// A command as it travels: the envelope is read first, so that one bad command harms no other.
#[derive(Clone, Debug, Serialize, Deserialize, FromJson, ToJson)]
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
    /// The revision of the order that the user saw; advice, never a reason to refuse.
    #[serde(default)]
    pub base: u64,
    /// When the user asked, by the device's clock: a claim.
    pub at_ms: i64,
    /// The arguments of the kind.
    pub args: Box<RawValue>,
}

/// A command with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `place@1`
    Place(Box<Place>),
    /// `recordPayment@1`
    RecordPayment(Payment),
    /// `confirm@1`
    Confirm,
    /// `ship@1`
    Ship(Ship),
    /// `deliver@1`
    Deliver(Deliver),
    /// `complete@1`
    Complete,
    /// `cancel@1`
    Cancel(Cancel),
}

/// The name of a command, without its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CommandKind {
    /// Commit to a draft.
    Place,
    /// Note money that moved.
    RecordPayment,
    /// The shop commits.
    Confirm,
    /// Goods leave.
    Ship,
    /// A shipment arrives.
    Deliver,
    /// Close a delivered and settled order.
    Complete,
    /// Call off.
    Cancel,
}

/// Commit to a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    /// What is ordered.
    pub draft: Draft,
    /// The number that the device made; the authority gives one if it is missing or provisional.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What the buyer saw.
    pub expect: Expectation,
}

/// The price that the buyer saw and agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Expectation {
    /// The total with tax.
    pub total_minor: Amount,
    /// The digest of the rules it was computed with.
    pub ruleset_digest: String,
    /// What gift cards, points and store credit left to pay; more than that is a changed price. Not looked at if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payable_minor: Option<Amount>,
}

/// Goods leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ship {
    /// An id that is unique in the order.
    pub shipment: String,
    /// What leaves; everything that is open if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ShipmentLine>>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
}

/// A shipment arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Deliver {
    /// The shipment.
    pub shipment: String,
}

/// Call off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cancel {
    /// Why; the customer sees it.
    pub reason: String,
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
        let under = |issue: Issue| issue.under("/args");
        Ok(match kind {
            "place@1" => Self::Place(Box::new(json::read(args).map_err(under)?)),
            "recordPayment@1" => Self::RecordPayment(json::read(args).map_err(under)?),
            "confirm@1" => {
                let Nothing {} = json::read(args).map_err(under)?;
                Self::Confirm
            }
            "ship@1" => Self::Ship(json::read(args).map_err(under)?),
            "deliver@1" => Self::Deliver(json::read(args).map_err(under)?),
            "complete@1" => {
                let Nothing {} = json::read(args).map_err(under)?;
                Self::Complete
            }
            "cancel@1" => Self::Cancel(json::read(args).map_err(under)?),
            _ => return Err(Issue::new(Code::CommandUnknown, "/kind").with("kind", kind)),
        })
    }

    /// The name without the arguments.
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Place(_) => CommandKind::Place,
            Self::RecordPayment(_) => CommandKind::RecordPayment,
            Self::Confirm => CommandKind::Confirm,
            Self::Ship(_) => CommandKind::Ship,
            Self::Deliver(_) => CommandKind::Deliver,
            Self::Complete => CommandKind::Complete,
            Self::Cancel(_) => CommandKind::Cancel,
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

impl CommandKind {
    /// Every kind, in the order of an order's life.
    pub const ALL: [Self; 7] = [
        Self::Place,
        Self::RecordPayment,
        Self::Confirm,
        Self::Ship,
        Self::Deliver,
        Self::Complete,
        Self::Cancel,
    ];
}
