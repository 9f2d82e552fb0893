//! What turns unusual as time passes, in a form that a list's row can hold.

use serde::{Deserialize, Serialize};

use super::{Exception, ExceptionKind};
use crate::{
    json::{FromJson, ToJson},
    order::Order,
    ruleset::Workflow,
    status,
};

/// An authorization is said to end this long before it does.
const AUTHORIZATION_NOTICE_MS: i64 = 24 * 60 * 60 * 1_000;

/// What of an order may be late, without how long the rules give for it: so it stays true under other rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Lateness {
    /// Since when goods wait to be packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack_since_ms: Option<i64>,
    /// Since when goods wait to leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ship_since_ms: Option<i64>,
    /// The authorizations that can still be captured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorizations: Vec<OpenAuthorization>,
}

/// An authorization that can still be captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OpenAuthorization {
    /// The payment.
    pub payment: String,
    /// When it ends.
    pub ends_ms: i64,
}

impl Lateness {
    /// That of an order.
    pub fn of(order: &Order) -> Self {
        let authorizations = status::open_authorizations(order);
        Self {
            pack_since_ms: status::pack_since_ms(order),
            ship_since_ms: status::ship_since_ms(order),
            authorizations: authorizations
                .map(|(payment, ends_ms)| OpenAuthorization {
                    payment: payment.id.clone(),
                    ends_ms,
                })
                .collect(),
        }
    }

    /// Whether nothing can be late.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is late at a time by what the rules give, the oldest first.
    pub fn found(&self, workflow: &Workflow, now_ms: i64) -> Vec<Exception> {
        let mut found: Vec<Exception> = Vec::new();
        let mut add = |kind, at_ms, subject: Option<&str>| {
            let exception = Exception::new(kind).since(at_ms);
            let exception = match subject {
                Some(subject) => exception.about(subject),
                None => exception,
            };
            let at = found.partition_point(|known| known.since_ms <= Some(at_ms));
            found.insert(at, exception);
        };
        for open in &self.authorizations {
            if open.ends_ms.saturating_sub(AUTHORIZATION_NOTICE_MS) <= now_ms {
                let kind = ExceptionKind::AuthorizationEnding;
                add(kind, open.ends_ms, Some(&open.payment));
            }
        }
        for (kind, since_ms, hours) in [
            (ExceptionKind::PackingLate, self.pack_since_ms, workflow.pack_within_hours),
            (ExceptionKind::ShippingLate, self.ship_since_ms, workflow.ship_within_hours),
        ] {
            let at_ms = status::promised_ms(since_ms, hours).filter(|at_ms| *at_ms <= now_ms);
            if let Some(at_ms) = at_ms {
                add(kind, at_ms, None);
            }
        }
        found
    }
}
