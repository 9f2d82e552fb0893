//! How far a return has come.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

/// How far a return has come.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    FromJson,
    ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ReturnStatus {
    /// The customer asks for it.
    #[default]
    Requested,
    /// The shop agrees.
    Approved,
    /// The goods are on their way.
    InTransit,
    /// Goods have come, all or some.
    Received,
    /// They were looked at.
    Inspected,
    /// What is given for them is settled.
    Resolved,
    /// Nothing is left to do.
    Closed,
    /// The shop does not agree.
    Declined,
    /// The customer no longer wants it.
    Canceled,
    /// The goods were not sent in time.
    Expired,
}

impl ReturnStatus {
    /// Every status, in the order of a return's life.
    pub const ALL: [Self; 10] = [
        Self::Requested,
        Self::Approved,
        Self::InTransit,
        Self::Received,
        Self::Inspected,
        Self::Resolved,
        Self::Closed,
        Self::Declined,
        Self::Canceled,
        Self::Expired,
    ];

    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::InTransit => "inTransit",
            Self::Received => "received",
            Self::Inspected => "inspected",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Declined => "declined",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }

    /// Whether goods or an answer are still to come.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Requested | Self::Approved | Self::InTransit | Self::Received | Self::Inspected
        )
    }

    /// Whether nothing can follow.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Closed | Self::Declined | Self::Canceled | Self::Expired)
    }
}
