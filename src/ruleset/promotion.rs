//! Promotions as data: who gets what off, when, and how often.

use serde::{Deserialize, Serialize};

use super::{Condition, Effect, LocalText, Target};
use crate::{
    json::{FromJson, ToJson},
    money::Amount,
};

/// A discount: when it applies, to what, and how much it takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Promotion {
    /// A stable id; the trace names it.
    pub id: String,
    /// The name that customers see.
    pub name: LocalText,
    /// When it runs; by its effect and coupons if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Lower runs first inside its phase; equal ones by id.
    #[serde(default)]
    pub priority: i32,
    /// Needs one of these coupon codes; automatic if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupon_codes: Vec<String>,
    /// Valid from this time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_ms: Option<i64>,
    /// Valid before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_ms: Option<i64>,
    /// The lines it takes from.
    #[serde(default, skip_serializing_if = "Target::is_everything")]
    pub target: Target,
    /// What must be so for it to run.
    #[serde(default)]
    pub when: Condition,
    /// Another promotion whose conditions count besides its own, as they were when that one had its turn: several effects of one
    /// promotion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// What it takes off.
    pub effect: Effect,
    /// The stacking group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Runs alone in this scope: the first that applies keeps all others out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusive: Option<Scope>,
    /// How much and how often at most.
    #[serde(default, skip_serializing_if = "Limits::is_none")]
    pub limits: Limits,
}

/// When promotions run. The phases follow each other in this order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// On single lines.
    Line,
    /// On the order.
    Order,
    /// With a coupon.
    Coupon,
    /// On the shipping charge.
    Shipping,
}

/// The part of an order that an exclusion reaches. One on the items leaves shipping discounts alone (Sylius/Sylius#10913).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Scope {
    /// All discounts on the items.
    Items,
    /// Discounts on shipping.
    Shipping,
    /// Both.
    All,
}

/// How much and how often a promotion may take off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// At most this much off an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_minor: Option<Amount>,
    /// At most this much off a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_minor: Option<Amount>,
    /// At most so many orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// At most so many orders of one customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses_per_customer: Option<u32>,
    /// At most this much off all orders together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_minor: Option<Amount>,
    /// At most this much off all orders of one customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_per_customer_minor: Option<Amount>,
    /// Whether a discount that the budget does not cover falls away whole; it is cut to what is left if not.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub whole_only: bool,
}

impl Limits {
    /// Whether nothing is limited.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Promotion {
    /// Whether it is valid at `now_ms`.
    pub fn is_active(&self, now_ms: i64) -> bool {
        self.starts_ms.is_none_or(|start| start <= now_ms)
            && self.ends_ms.is_none_or(|end| now_ms < end)
    }

    /// When it runs.
    pub fn phase(&self) -> Phase {
        if let Some(phase) = self.phase {
            return phase;
        }
        match self.effect {
            Effect::ShippingPercentage { .. } | Effect::ShippingFixed { .. } => Phase::Shipping,
            _ if !self.coupon_codes.is_empty() => Phase::Coupon,
            Effect::LinePercentage { .. }
            | Effect::LineFixed { .. }
            | Effect::FixedPrice { .. }
            | Effect::QuantityTiers { .. } => Phase::Line,
            _ => Phase::Order,
        }
    }

    /// Whether it takes from the shipping charge.
    pub fn is_on_shipping(&self) -> bool {
        matches!(self.effect, Effect::ShippingPercentage { .. } | Effect::ShippingFixed { .. })
    }

    /// Whether it gives goods.
    pub fn is_gift(&self) -> bool {
        matches!(self.effect, Effect::Gift { .. })
    }

    /// The entered code that unlocks it. Case does not matter: codes are read off paper.
    pub fn unlocking_coupon<'a>(&self, entered: &'a [String]) -> Option<&'a String> {
        let own = |code: &&String| self.coupon_codes.iter().any(|it| it.eq_ignore_ascii_case(code));
        entered.iter().find(own)
    }
}

impl Scope {
    /// Whether discounts on the items (or on shipping) are meant.
    pub fn reaches(self, shipping: bool) -> bool {
        match self {
            Self::All => true,
            Self::Items => !shipping,
            Self::Shipping => shipping,
        }
    }
}
