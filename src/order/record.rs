//! An event with who, when and by which command.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Event;
use crate::json::{FromJson, ToJson};

/// An event with who, when and by which command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventRecord {
    /// When it was decided.
    pub at_ms: i64,
    /// When the user asked, by the device's clock, where that differs: a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_ms: Option<i64>,
    /// Who asked for it.
    pub by: Actor,
    /// The command it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Uuid>,
    /// What happened.
    pub event: Event,
}

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Actor {
    /// The user's id in the shop.
    pub user: String,
    /// What the user may do.
    pub role: Role,
}

/// What a user may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Places orders and sees their own.
    Customer,
    /// Works with all orders.
    Staff,
    /// Works with all orders and the rules.
    Admin,
    /// The shop's own programs: deadlines, payment providers, carriers. No token has it.
    System,
}

impl EventRecord {
    /// When it happened for the user: when they asked, if that is known and not in the future.
    pub fn happened_ms(&self) -> i64 {
        self.asked_ms.map_or(self.at_ms, |asked_ms| asked_ms.min(self.at_ms))
    }
}

impl Role {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Staff => "staff",
            Self::Admin => "admin",
            Self::System => "system",
        }
    }
}
