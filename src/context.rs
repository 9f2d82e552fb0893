//! What a draft is priced and checked against besides the rules: the time, and what is known of the
//! customer, the stock and the balances.
//!
//! The core looks nothing up. Whoever asks says what they know: the page what it was told last, the
//! server what is true now.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::Amount,
};

/// The facts of one question. All but the time may be missing; what is missing is not assumed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Context {
    /// The time at which prices, promotions and rates must be valid.
    pub now_ms: i64,
    /// Whether manual allowances and charges are accepted (staff).
    #[serde(default)]
    pub may_adjust: bool,
    /// How much of an order whoever asks may take off by hand, in per cent; no limit if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment_limit_percent: Option<Decimal>,
    /// What is known of the buyer.
    #[serde(default)]
    pub customer: CustomerFacts,
    /// How often limited promotions were used; one that is not listed counts as unused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<RuleUse>,
    /// What is in stock; a SKU that is not listed counts as available.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stock: Vec<StockLevel>,
    /// Whether the device has no network: where the shop gives devices a part of the stock, it sells no more than that.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_offline: bool,
    /// The gift cards that the buyer entered, with what is on them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gift_cards: Vec<GiftCard>,
    /// Prices that carriers gave for this draft.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carrier_quotes: Vec<CarrierQuote>,
}

/// What is known of the buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerFacts {
    /// The groups the customer belongs to, such as `gold` or `wholesale`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Orders that the customer placed before this one; unknown if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_orders: Option<u32>,
    /// When the last of them was placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_order_ms: Option<i64>,
    /// Points that can be spent.
    #[serde(default)]
    pub points: u32,
    /// Store credit that can be spent.
    #[serde(default)]
    pub store_credit_minor: Amount,
    /// The check of the buyer's tax number, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<TaxNumberCheck>,
    /// Exemption certificates on file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<TaxExemption>,
}

/// The answer of a tax authority about a number (VIES and the like).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxNumberCheck {
    /// The number that was asked about.
    pub number: String,
    /// Whether it is valid.
    pub valid: bool,
    /// When it was asked.
    pub checked_ms: i64,
    /// The authority's reference of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// An exemption from tax that the shop has a certificate of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TaxExemption {
    /// The number of the certificate.
    pub certificate: String,
    /// Who would levy the tax; every tax if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// Only these tax classes; all if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_classes: Vec<String>,
    /// Valid from this time on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_ms: Option<i64>,
    /// Valid before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_ms: Option<i64>,
}

/// How often and how far a promotion or price list was used before this draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleUse {
    /// The id of the promotion or price list.
    pub rule: String,
    /// Orders that used it; for a price list, units that were sold at it.
    #[serde(default)]
    pub count: u32,
    /// Those of this customer.
    #[serde(default)]
    pub customer_count: u32,
    /// What it took off so far.
    #[serde(default)]
    pub amount_minor: Amount,
    /// That of this customer.
    #[serde(default)]
    pub customer_amount_minor: Amount,
}

/// How much of a SKU can be sold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StockLevel {
    /// The stock keeping unit.
    pub sku: String,
    /// How many there are that are nobody's.
    pub quantity: Decimal,
    /// How many are kept beside that for whoever asks: for the order in question, or on the device's lease.
    #[serde(default, skip_serializing_if = "Decimal::is_nothing")]
    pub held: Decimal,
    /// How many are owed to orders; a limit of backorders counts them.
    #[serde(default, skip_serializing_if = "Decimal::is_nothing")]
    pub backordered: Decimal,
}

/// A gift card that the buyer entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GiftCard {
    /// Its code.
    pub code: String,
    /// What is on it.
    pub balance_minor: Amount,
    /// Valid before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_ms: Option<i64>,
}

/// What a carrier would ask for this draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarrierQuote {
    /// The shipping method that it is for.
    pub method: String,
    /// The price, in the shop's price basis.
    pub price_minor: Amount,
    /// Good before this time; afterwards the method's own table counts, marked as an estimate.
    pub expires_ms: i64,
}

impl Context {
    /// A question at a time, by somebody of whom nothing is known.
    pub fn at(now_ms: i64) -> Self {
        Self { now_ms, ..Self::default() }
    }

    /// What was used of a rule before.
    pub fn uses_of(&self, rule: &str) -> Option<&RuleUse> {
        self.uses.iter().find(|it| it.rule == rule)
    }
}
