//! What pricing answers: the totals, the amounts of each line, and the trace.

use serde::{Deserialize, Serialize};

use super::trace::{TenderKind, TraceStep};
use crate::{
    currency::Currency,
    decimal::Decimal,
    inventory::LaterGoods,
    json::{FromJson, ToJson},
    money::{Amount, AmountError},
    ruleset::{LocalText, PriceBasis, TaxComponent},
};

/// A priced draft. Every amount is a whole number of minor units and every sum adds up exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The version of the rules.
    pub ruleset_version: String,
    /// The digest of the rules.
    pub ruleset_digest: String,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Whether `amountMinor` and discounts hold tax.
    pub price_basis: PriceBasis,
    /// The lines, in the order of the draft.
    pub lines: Vec<QuoteLine>,
    /// Discounts and charges that took effect, with their share on each line.
    pub adjustments: Vec<AppliedAdjustment>,
    /// The shipping charge, if a method is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<QuoteShipping>,
    /// Tax per category and rate.
    pub taxes: Vec<TaxTotal>,
    /// What pays a part of the total without a payment: gift cards, store credit, points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenders: Vec<Tender>,
    /// The sums.
    pub totals: Totals,
    /// Goods that are not there yet and come later. Left out of stored orders, which say it themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<LaterGoods>,
    /// Why each amount is what it is. Left out of stored orders, where it can be computed again.
    #[serde(skip_deserializing, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<TraceStep>,
}

impl Quote {
    /// What an order keeps of it.
    pub(crate) fn kept(self) -> Self {
        Self { trace: Vec::new(), later: Vec::new(), ..self }
    }
}

/// The amounts of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct QuoteLine {
    /// The id of the draft line, or its position from 1.
    pub id: String,
    /// The stock keeping unit.
    pub sku: String,
    /// The name at the time of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// How many.
    pub quantity: Decimal,
    /// The price of one unit that was used, in major units.
    pub unit_price: Decimal,
    /// The price is for this many units; 1 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_quantity: Option<Decimal>,
    /// The price list that the price is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_list: Option<String>,
    /// The promotion that gives this line for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_of: Option<String>,
    /// Price × quantity with the line's own charges and allowances, before discounts.
    pub amount_minor: Amount,
    /// The sum of this line's shares of all discounts.
    pub discount_minor: Amount,
    /// After discounts, without tax.
    pub net_minor: Amount,
    /// The tax on it.
    pub tax_minor: Amount,
    /// After discounts, with tax.
    pub gross_minor: Amount,
    /// Whether `amountMinor` and discounts of this line hold tax, where it differs from the quote's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<PriceBasis>,
    /// Each tax, where the ruleset asks for `lineTaxes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<LineTax>,
}

/// One tax of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineTax {
    /// Which one: its position (from 0) in the `taxes` of the quote.
    pub tax: usize,
    /// The tax.
    pub tax_minor: Amount,
}

/// A discount or charge with the amount it has on each line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AppliedAdjustment {
    /// The promotion, `manual` for one that staff set, or `points`.
    pub rule: String,
    /// The coupon code that unlocked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon_code: Option<String>,
    /// The name that customers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// What it takes off (positive) or adds (negative).
    pub amount_minor: Amount,
    /// The share of each line, in the order of the lines; empty for a document adjustment with
    /// taxes of its own.
    pub shares_minor: Vec<Amount>,
}

/// The shipping charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct QuoteShipping {
    /// The method.
    pub method: String,
    /// The charge before promotions on shipping, in the shop's price basis; zero if the method itself is free.
    pub charge_minor: Amount,
    /// What promotions took off it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<ShippingDiscount>,
    /// The charge after them.
    pub amount_minor: Amount,
    /// Why the charge may still change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<ShippingEstimate>,
    /// Without tax.
    pub net_minor: Amount,
    /// The tax on it.
    pub tax_minor: Amount,
    /// With tax.
    pub gross_minor: Amount,
}

/// A promotion that took off the shipping charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShippingDiscount {
    /// The promotion.
    pub rule: String,
    /// The coupon code that unlocked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon_code: Option<String>,
    /// The name that customers see.
    pub name: LocalText,
    /// What it takes off.
    pub amount_minor: Amount,
}

/// What pays a part of the total without a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Tender {
    /// With what.
    pub kind: TenderKind,
    /// The gift card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How many points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u32>,
    /// How much.
    pub amount_minor: Amount,
}

/// Why a shipping charge is an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ShippingEstimate {
    /// The carrier's price is missing or too old, so the method's own counts.
    CarrierQuote,
    /// A part of the address that a zone asks for is missing, so the place around it counts.
    Address,
}

/// One row of the tax summary.
///
/// The rows add up to the tax of the document, whatever the rounding: where a sum is rounded once
/// (level `document`) or net and gross are rounded on their own (target `both`), the rest that a row
/// would have by itself is part of it. Rows of taxes that are on the same goods repeat their base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TaxTotal {
    /// Category, rate and jurisdiction.
    pub tax: TaxComponent,
    /// The sum it is on, without tax; for a compound tax with the taxes before it.
    pub taxable_minor: Amount,
    /// The tax.
    pub tax_minor: Amount,
}

/// The sums of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// All line amounts before discounts, in the price basis.
    pub items_minor: Amount,
    /// All discounts that are shared over lines, in the price basis.
    pub discount_minor: Amount,
    /// Document allowances with taxes of their own.
    pub allowance_minor: Amount,
    /// Document charges with taxes of their own.
    pub charge_minor: Amount,
    /// Shipping, in the price basis.
    pub shipping_minor: Amount,
    /// Everything without tax.
    pub net_minor: Amount,
    /// All tax.
    pub tax_minor: Amount,
    /// Everything with tax.
    pub gross_minor: Amount,
    /// The rounding of what is payable to the coins there are.
    #[serde(default, skip_serializing_if = "Amount::is_nothing")]
    pub cash_rounding_minor: Amount,
    /// What is left to pay: gross − prepaid + rounding − tenders + cash rounding.
    pub payable_minor: Amount,
}

impl Totals {
    /// The sums of two documents that go together.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if one is out of range.
    pub fn plus(&self, other: &Self) -> Result<Self, AmountError> {
        Ok(Self {
            items_minor: self.items_minor.plus(other.items_minor)?,
            discount_minor: self.discount_minor.plus(other.discount_minor)?,
            allowance_minor: self.allowance_minor.plus(other.allowance_minor)?,
            charge_minor: self.charge_minor.plus(other.charge_minor)?,
            shipping_minor: self.shipping_minor.plus(other.shipping_minor)?,
            net_minor: self.net_minor.plus(other.net_minor)?,
            tax_minor: self.tax_minor.plus(other.tax_minor)?,
            gross_minor: self.gross_minor.plus(other.gross_minor)?,
            cash_rounding_minor: self.cash_rounding_minor.plus(other.cash_rounding_minor)?,
            payable_minor: self.payable_minor.plus(other.payable_minor)?,
        })
    }
}
