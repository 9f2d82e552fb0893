//! The words of the steps.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

/// What holds a discount back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CapKind {
    /// No more is left of the lines.
    Left,
    /// The promotion's maximum for a line.
    Line,
    /// The promotion's maximum for an order.
    Order,
    /// The lowest price of a product.
    Floor,
    /// The promotion's budget.
    Budget,
    /// The shop's maximum for all discounts together.
    Shop,
}

/// What a promotion asks of an order or customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ConditionKind {
    /// The customer is in no group that it is for.
    CustomerGroup,
    /// It is for another order of the customer than this one.
    NthOrder,
    /// The customer's last order is not long enough ago.
    DaysSinceLastOrder,
    /// Another shipping method is chosen.
    ShippingMethod,
    /// Another payment method is chosen.
    PaymentMethod,
    /// It is not for this country.
    Country,
    /// Goods are missing that the order must hold, or goods are in it that it must not.
    Contains,
    /// The promotion that it goes with has not met its conditions.
    OtherPromotion,
}

/// Why a coupon code takes nothing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum CouponObstacle {
    /// The shop has no such code.
    Unknown,
    /// It is not valid at this time.
    NotActive,
    /// It was used as often as it may.
    UsedUp,
    /// It is valid; the steps of its promotions say why they do not apply to this order.
    NotUsed,
}

/// A limit of a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum LimitKind {
    /// Orders of all customers.
    Uses,
    /// Orders of this customer.
    UsesPerCustomer,
    /// What it may take off all orders.
    Budget,
    /// What it may take off all orders of this customer.
    BudgetPerCustomer,
}

/// Why two promotions do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SuppressionKind {
    /// One of them runs alone.
    Exclusive,
    /// Their groups exclude each other.
    Group,
    /// Their group has as many as an order may have.
    GroupMaximum,
    /// The shop rules out this pair.
    Pair,
}

/// What a part of the total is paid with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TenderKind {
    /// A gift card.
    GiftCard,
    /// Store credit.
    StoreCredit,
    /// Points.
    Points,
}

/// What a tax number of the buyer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TaxNumberOutcome {
    /// It is valid, and moves the tax to the buyer.
    Accepted,
    /// Nobody asked the authority about it: normal tax.
    NotChecked,
    /// The authority does not know it: normal tax.
    Invalid,
    /// The check is too old: normal tax.
    TooOld,
    /// It is of the shop's own country: normal tax.
    Domestic,
}
