//! Switches of the order's life, and its deadlines.

use serde::{Deserialize, Serialize};

use super::AmendmentRules;
use crate::{
    json::{FromJson, ToJson},
    money::Amount,
};

/// Switches of the order's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Workflow {
    /// How long a price that was shown is honoured after the rules have changed.
    pub price_grace_ms: i64,
    /// A payment may exceed the balance by this much (tips, wrong change).
    pub overpayment_minor: Amount,
    /// A balance up to this much is let go when a payment leaves it (bank charges).
    #[serde(skip_serializing_if = "Amount::is_nothing")]
    pub underpayment_minor: Amount,
    /// Staff may let a balance go by hand up to this much, in either direction.
    #[serde(skip_serializing_if = "Workflow::is_default_write_off")]
    pub write_off_minor: Amount,
    /// A buyer who orders the same goods again within so many seconds is asked whether it is meant; 0 for never.
    #[serde(skip_serializing_if = "Workflow::is_default_repeat")]
    pub repeat_within_seconds: u32,
    /// Days in which a delivered order can still come back before it is completed.
    pub return_window_days: u32,
    /// When the shop commits.
    #[serde(skip_serializing_if = "super::is_default")]
    pub confirmation: Confirmation,
    /// Goods are picked, with a step of its own.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub picks: bool,
    /// Goods are packed, with a step of its own.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub packs: bool,
    /// An unpaid order expires after so many minutes; never if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_within_minutes: Option<u32>,
    /// A payment that is on its way keeps an order from expiring for so many hours.
    #[serde(skip_serializing_if = "Workflow::is_default_pending")]
    pub pending_within_hours: u32,
    /// Goods should be packed so many hours after the shop has committed; no promise if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack_within_hours: Option<u32>,
    /// Goods should have left so many hours after the shop has committed; no promise if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_within_hours: Option<u32>,
    /// Goods wait at the counter for so many days; for ever if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetch_within_days: Option<u32>,
    /// Receipt counts as confirmed so many days after the goods left (自动确认收货); never if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_after_days: Option<u32>,
    /// Money that comes through a provider after an order was closed goes back by itself; if not, somebody decides.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub refunds_late_payments: bool,
    /// How orders are edited after they were placed.
    #[serde(skip_serializing_if = "super::is_default")]
    pub amendments: AmendmentRules,
}

/// When the shop commits to an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Confirmation {
    /// When somebody says so.
    #[default]
    ByHand,
    /// As soon as the payment terms are met and nothing stands in the way.
    WhenPaid,
}

impl Default for Workflow {
    fn default() -> Self {
        Self {
            price_grace_ms: 24 * 60 * 60 * 1_000,
            overpayment_minor: Amount::ZERO,
            underpayment_minor: Amount::ZERO,
            write_off_minor: Amount::new(5).unwrap_or_default(),
            repeat_within_seconds: 60,
            return_window_days: 14,
            confirmation: Confirmation::ByHand,
            picks: false,
            packs: false,
            pay_within_minutes: None,
            pending_within_hours: 24,
            pack_within_hours: None,
            ship_within_hours: None,
            fetch_within_days: None,
            receipt_after_days: None,
            refunds_late_payments: false,
            amendments: AmendmentRules::default(),
        }
    }
}

impl Workflow {
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "the shape that serde asks for; on wasm32 it is no smaller than a reference"
    )]
    fn is_default_write_off(amount: &Amount) -> bool {
        *amount == Self::default().write_off_minor
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
    fn is_default_repeat(seconds: &u32) -> bool {
        *seconds == Self::default().repeat_within_seconds
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
    fn is_default_pending(hours: &u32) -> bool {
        *hours == Self::default().pending_within_hours
    }
}
