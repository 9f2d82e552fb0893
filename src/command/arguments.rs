//! What each command says besides its name.

use serde::{Deserialize, Serialize};

use crate::{
    amendment::Consent,
    draft::Draft,
    inventory::ShortageChoice,
    json::{FromJson, ToJson},
    money::Amount,
    order::{CancelCause, HoldReason, ShipmentLine},
};

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
    /// It is meant, though an order of the same buyer for the same goods came a moment ago.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_repeat: bool,
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
    /// An allocated, picked or packed shipment; or a new id, unique in the order, for goods that nobody wrote down before.
    pub shipment: String,
    /// What leaves: all of an existing shipment, and of a new one everything that is open, if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ShipmentLine>>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// The carrier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
}

/// Call off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cancel {
    /// Why; the customer sees it.
    pub reason: String,
    /// The kind of reason, to count by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CancelCause>,
}

/// Keep what somebody has filled in so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveDraft {
    /// What was filled in; it need not be complete.
    pub draft: Draft,
}

/// Let a small balance go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteOff {
    /// The balance, as it stands: above zero what the buyer need not pay, below what the shop keeps.
    pub amount_minor: Amount,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Stop the work on an order for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HoldOrder {
    /// What stands in the way.
    pub reason: HoldReason,
    /// More about it, for the staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A reason to hold is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Release {
    /// Which.
    pub reason: HoldReason,
}

/// Set goods aside for a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allocate {
    /// An id that is unique in the order.
    pub shipment: String,
    /// What; everything that is open if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ShipmentLine>>,
    /// There are no goods yet: the shipment waits for them.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_backordered: bool,
}

/// One step of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveShipment {
    /// The shipment.
    pub shipment: String,
    /// Why; needed for a step back or a mishap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was scanned, for `pick` and `pack`: refused unless it is what is in the shipment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scanned: Option<Vec<ShipmentLine>>,
    /// The code that the customer shows: set by `readyForPickup`, checked by `pickUp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pickup_code: Option<String>,
}

/// Units will not be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CancelLines {
    /// An id for the credit, unique in the order.
    pub credit: String,
    /// Which, and how many.
    pub lines: Vec<ShipmentLine>,
    /// Why; the customer sees it.
    pub reason: String,
}

/// Choose what to do about goods that were promised and are not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettleShortage {
    /// What.
    pub choice: ShortageChoice,
}

/// Say yes to an edit that was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcceptAmendment {
    /// The id of the edit.
    pub amendment: String,
    /// That the customer agrees, where staff say yes to what staff proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// Say no to an edit that was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclineAmendment {
    /// The id of the edit.
    pub amendment: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A command that needs nothing but a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reason {
    /// Why.
    pub reason: String,
}

/// Leave a word for others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Note {
    /// The word.
    pub text: String,
}
