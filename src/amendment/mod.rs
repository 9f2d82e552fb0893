//! Amendments: edits of an order that was placed, as data.
//!
//! An amendment is a list of changes that take effect together. What they cost is one difference, net
//! of all of them, and never a sum of steps (vendurehq/vendure#4013).

mod change;
mod effect;

pub(crate) use change::MANUAL;
pub use change::{Change, ChangeKind};
pub use effect::{Amended, AmendmentEffect};

use serde::{Deserialize, Serialize};

use crate::{
    json::{FromJson, ToJson},
    ruleset::{AmendmentPolicy, NewLines},
};

/// An edit of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Amendment {
    /// An id that is unique in the order; a credit of it has the same.
    pub id: String,
    /// What is to change, in the order in which it was said.
    pub changes: Vec<Change>,
    /// What becomes of agreed prices and discounts; as the shop's rules say if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<AmendmentPolicy>,
    /// What added goods cost; as the shop's rules say if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_lines: Option<NewLines>,
    /// Why; the customer sees it. Needed for prices and discounts by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// That the customer agrees, where staff edit the goods or raise the total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// That the customer agrees to an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consent {
    /// Who agreed.
    pub by: String,
    /// How: by telephone, e-mail, at the counter.
    pub how: String,
}
