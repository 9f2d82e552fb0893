//! What of an order can come back, for whoever chooses.

use serde::{Deserialize, Serialize};

use super::{super::obstacles, Facts, request::terms_issue};
use crate::{
    command::CommandKind,
    decimal::Decimal,
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    order::{Order, OrderLine},
    returns::{ReturnKind, ReturnReason},
};

/// How many of a line can come back, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReturnableLine {
    /// The id of the order line.
    pub line: String,
    /// How many are with the customer and in no return.
    pub open: Decimal,
    /// Why none of it can come back, whatever the reason; nothing if some can.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Issue>,
    /// The kinds of return that are possible, each with the reasons that it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<ReturnableKind>,
}

/// A kind of return that is possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReturnableKind {
    /// The kind.
    pub kind: ReturnKind,
    /// For which reasons.
    pub reasons: Vec<ReturnReason>,
}

/// Every line with how many can come back, in the order of the order.
pub fn returnable_lines(order: &Order, facts: &Facts<'_>) -> Vec<ReturnableLine> {
    let whole = obstacles(Some(order), CommandKind::RequestReturn, facts);
    order.lines.iter().map(|line| returnable(order, line, &whole, facts)).collect()
}

fn returnable(
    order: &Order,
    line: &OrderLine,
    whole: &[Issue],
    facts: &Facts<'_>,
) -> ReturnableLine {
    let open = line.open_to_return();
    let mut reasons = whole.to_vec();
    let mut kinds = Vec::new();
    if reasons.is_empty() && open.is_zero() {
        reasons.push(Issue::new(Code::NothingOpen, ""));
    } else if reasons.is_empty() {
        let takes = |kind| {
            let possible =
                |reason: &ReturnReason| terms_issue(order, line, kind, *reason, facts).is_none();
            let reasons: Vec<_> = ReturnReason::ALL.into_iter().filter(possible).collect();
            (!reasons.is_empty()).then_some(ReturnableKind { kind, reasons })
        };
        kinds = ReturnKind::ALL.into_iter().filter_map(takes).collect();
        if kinds.is_empty() {
            let (kind, reason) = (ReturnKind::Claim, ReturnReason::Defective);
            reasons.extend(terms_issue(order, line, kind, reason, facts));
        }
    }
    ReturnableLine { line: line.id.clone(), open, reasons, kinds }
}
