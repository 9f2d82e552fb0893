//! What commands about returns say besides their name.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
    order::ShipmentLine,
    returns::{Inspection, LineOutcome, ReturnKind, ReturnReason, Wanted},
};

/// The customer wants goods or money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestReturn {
    /// An id for the return, unique in the order.
    pub return_id: String,
    /// What the customer wants.
    #[serde(default)]
    pub kind: ReturnKind,
    /// Which goods, each order line once.
    pub lines: Vec<RequestedLine>,
    /// For an exchange, the goods that are wanted; the same as those that come back if missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wanted: Vec<Wanted>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A quantity of an order line that shall come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestedLine {
    /// The id of the order line.
    pub line: String,
    /// How many.
    pub quantity: Decimal,
    /// Why.
    pub reason: ReturnReason,
    /// Proof: addresses of pictures, a protocol.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// One step of a return that needs no list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveReturn {
    /// The return.
    pub return_id: String,
    /// Why; needed to decline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who carries it, for `sendReturn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's number, for `sendReturn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
}

/// Goods of a return have come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceiveReturn {
    /// The return.
    pub return_id: String,
    /// Which; all that is missing if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ShipmentLine>>,
}

/// Goods of a return were looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InspectReturn {
    /// The return.
    pub return_id: String,
    /// What was found, and where the goods go; all is good and goes to the shelf if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inspections: Option<Vec<Inspection>>,
}

/// It is settled what is given for a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResolveReturn {
    /// The return.
    pub return_id: String,
    /// What is done about which units; by the kind of the return and what was found if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Vec<LineOutcome>>,
    /// The goods that are sent in exchange; those that were asked for if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Vec<Wanted>>,
    /// What was claimed from the carrier that lost or damaged the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier_claim: Option<String>,
    /// The credit that was shown; another one is refused. Not looked at if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_minor: Option<Amount>,
}

/// Give something though nothing is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantCredit {
    /// An id for the credit, unique in the order.
    pub credit: String,
    /// How much, with tax.
    pub amount_minor: Amount,
    /// Why; the customer sees it.
    pub reason: String,
}
