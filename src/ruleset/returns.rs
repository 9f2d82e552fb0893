//! Returns as data: how long, for which reasons, and what is given back.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
};

/// How a shop takes goods back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ReturnRules {
    /// Days after arrival in which a claim for faulty goods is taken.
    pub warranty_days: u32,
    /// Days after the approval in which goods have to be sent; for ever if 0.
    pub send_within_days: u32,
    /// Reasons that a customer has to prove, with a picture for instance.
    pub evidence_for: Vec<ReturnReason>,
    /// The shipping charge that goes back when the buyer changed their mind.
    pub shipping: ShippingRefund,
    /// The shipping charge that goes back when the shop is at fault, or does not deliver.
    pub shipping_if_at_fault: ShippingRefund,
    /// What the least expensive standard delivery costs with tax, for `standardCost`.
    pub standard_shipping_minor: Amount,
    /// What the shop keeps of the goods' price when the buyer changed their mind, in per cent.
    pub restocking_percent: Decimal,
    /// What the shop keeps for the parcel's label, with tax, when the buyer changed their mind.
    pub label_minor: Amount,
    /// What becomes of a discount whose threshold the goods that stay no longer reach.
    pub claw_back: ClawBack,
    /// What goods cost that are sent in exchange.
    pub exchange_price: ExchangePrice,
    /// Which payments give money back first.
    pub refund_order: RefundOrder,
    /// When coupons, points and the like can be used again.
    pub uses_come_back: UsesComeBack,
}

/// Why goods come back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ReturnReason {
    /// They are not what was described.
    NotAsDescribed,
    /// They do not work.
    Defective,
    /// Other goods came.
    WrongItem,
    /// Something was not in the parcel.
    MissingItem,
    /// They were damaged on the way.
    DamagedInTransit,
    /// They came too late.
    Late,
    /// The buyer wants them no longer (七天无理由).
    NoLongerWanted,
    /// Anything else.
    Other,
}

/// How much of the shipping charge goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShippingRefund {
    /// All of it, with the last of the goods.
    #[default]
    Full,
    /// Nothing.
    None,
    /// In proportion to the goods' price.
    ProRata,
    /// With the last of the goods, but no more than the standard delivery (Directive 2011/83/EU, article 13 (2)).
    StandardCost,
}

/// What becomes of a discount whose threshold is no longer reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ClawBack {
    /// The goods that stay keep it.
    #[default]
    Keep,
    /// They keep it in proportion to how near they come to the threshold.
    ProRata,
    /// They keep what they would have got by themselves: a lower tier, or nothing.
    WholeTier,
}

/// What goods cost that are sent in exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ExchangePrice {
    /// For the same goods what was paid, for others today's price.
    #[default]
    Paid,
    /// Today's price.
    Today,
}

/// When coupons, points and the like can be used again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum UsesComeBack {
    /// When the order is called off or expires.
    #[default]
    Canceled,
    /// Then, and when all of its goods came back.
    AllBack,
    /// Never.
    Never,
}

/// In which order several payments give money back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum RefundOrder {
    /// The last payment first.
    #[default]
    LastFirst,
    /// Each in proportion to what is left of it.
    ProRata,
}

impl Default for ReturnRules {
    fn default() -> Self {
        use ReturnReason as Why;
        Self {
            warranty_days: 730,
            send_within_days: 14,
            evidence_for: vec![
                Why::NotAsDescribed,
                Why::Defective,
                Why::WrongItem,
                Why::DamagedInTransit,
            ],
            shipping: ShippingRefund::Full,
            shipping_if_at_fault: ShippingRefund::Full,
            standard_shipping_minor: Amount::ZERO,
            restocking_percent: Decimal::ZERO,
            label_minor: Amount::ZERO,
            claw_back: ClawBack::Keep,
            exchange_price: ExchangePrice::Paid,
            refund_order: RefundOrder::LastFirst,
            uses_come_back: UsesComeBack::Canceled,
        }
    }
}

impl ReturnReason {
    /// Every reason, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::NotAsDescribed,
        Self::Defective,
        Self::WrongItem,
        Self::MissingItem,
        Self::DamagedInTransit,
        Self::Late,
        Self::NoLongerWanted,
        Self::Other,
    ];

    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAsDescribed => "notAsDescribed",
            Self::Defective => "defective",
            Self::WrongItem => "wrongItem",
            Self::MissingItem => "missingItem",
            Self::DamagedInTransit => "damagedInTransit",
            Self::Late => "late",
            Self::NoLongerWanted => "noLongerWanted",
            Self::Other => "other",
        }
    }

    /// Whether the buyer bears the cost: they changed their mind.
    pub fn is_buyers(self) -> bool {
        matches!(self, Self::NoLongerWanted | Self::Other)
    }
}
