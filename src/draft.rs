//! A draft: the order that somebody is still filling in.

use serde::{Deserialize, Serialize};

use crate::{
    currency::Currency,
    decimal::{Decimal, Entry},
    issue::Language,
    json::{FromJson, ToJson},
    money::Amount,
    ruleset::{LocalText, PriceBasis, TaxComponent},
};

/// An order before it is placed. Everything may be missing; validation says what must not be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draft {
    /// The currency the buyer saw; refused if it is not the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What is ordered.
    #[serde(default)]
    pub lines: Vec<DraftLine>,
    /// Everything else that the buyer says.
    #[serde(default)]
    pub details: Details,
    /// Allowances and charges on the whole document, by staff.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// Paid before this document; lowers what is payable, not the total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepaid_minor: Option<Amount>,
    /// Rounds what is payable, for cash; its own amount, never part of the total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payable_rounding_minor: Option<Amount>,
}

/// One line of a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DraftLine {
    /// An id that is unique in the order; the position (from 1) if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The stock keeping unit.
    #[serde(default)]
    pub sku: String,
    /// How many, as a decimal.
    #[serde(default)]
    pub quantity: Entry,
    /// Price of one unit in major units; only where the shop lets the draft name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Entry>,
    /// The unit price is for this many units; 1 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_quantity: Option<Decimal>,
    /// A name for a line that is not in the price list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// What a unit cost before it was reduced; only where the draft names the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_unit_price: Option<Decimal>,
    /// No discount takes a unit below this; only where the draft names the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_unit_price: Option<Decimal>,
    /// Words that promotions aim at, besides the product's; only where the draft names the price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// A tax class other than the product's; only where the draft names the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_class: Option<String>,
    /// Explicit taxes in place of a class; only where the draft names the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Vec<TaxComponent>>,
    /// Weight of one unit, in place of the product's; only where the draft names the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_grams: Option<u32>,
    /// Length of one unit, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_mm: Option<u32>,
    /// Width of one unit, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width_mm: Option<u32>,
    /// Height of one unit, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_mm: Option<u32>,
    /// The shipping template, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_template: Option<String>,
    /// Whether the price holds the tax; only where the draft names the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<PriceBasis>,
    /// Allowances and charges on this line, by staff.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
}

/// An allowance (off) or charge (on top) that somebody set by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adjustment {
    /// Whether it is taken off or added.
    pub kind: AdjustmentKind,
    /// The amount; leave it out if `percent` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// A percentage of `base_minor`, or of the line or items if that is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// What the percentage is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_minor: Option<Amount>,
    /// Why; shown to the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Taxes of a document adjustment. Without them an allowance is shared over the lines, and a
    /// charge too unless the ruleset says where its taxes come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Vec<TaxComponent>>,
    /// Whether a document adjustment with taxes of its own holds them; as the shop's prices if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_basis: Option<PriceBasis>,
}

/// The direction of an [`Adjustment`] (the words of EN 16931).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum AdjustmentKind {
    /// Taken off.
    Allowance,
    /// Added.
    Charge,
}

/// Who orders, where it goes, and how it is paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Details {
    /// The buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Where the goods go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<Address>,
    /// Where the invoice goes, if elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<Address>,
    /// The id of a shipping method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_method: Option<String>,
    /// The id of a payment method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// Coupon codes that were entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupon_codes: Vec<String>,
    /// The gifts that the buyer chose, where a promotion gives a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gifts: Vec<GiftChoice>,
    /// Points to spend.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub spend_points: u32,
    /// Codes of gift cards to pay with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gift_cards: Vec<String>,
    /// Whether to pay with store credit.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub spend_store_credit: bool,
    /// A word to the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The language that the buyer reads; that of the shop if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// A gift that the buyer chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GiftChoice {
    /// The id of the promotion.
    pub promotion: String,
    /// The SKU.
    pub sku: String,
}

/// The buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Customer {
    /// The shop's id of a known customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Full name.
    #[serde(default)]
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The tax number (VAT identification number) of a business that wants to buy without tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<String>,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Address {
    /// The recipient, if it is not the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Street, house number and what else stands above the city; up to four lines.
    #[serde(default)]
    pub street: Vec<String>,
    /// City, town or district.
    #[serde(default)]
    pub city: String,
    /// State, province or county, where the country uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postcode, where the country uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// ISO 3166 two-letter country code.
    #[serde(default)]
    pub country: String,
}

fn is_nothing(count: &u32) -> bool {
    *count == 0
}

impl DraftLine {
    /// Whether it says what the goods weigh or measure, or how their shipping is priced.
    pub(crate) fn has_shipping_facts(&self) -> bool {
        let facts = [self.weight_grams, self.length_mm, self.width_mm, self.height_mm];
        self.shipping_template.is_some() || facts.iter().any(Option::is_some)
    }

    /// The id, or the position (from 1) as text.
    pub fn id_or_position(&self, index: usize) -> String {
        match &self.id {
            Some(id) => id.clone(),
            None => index.saturating_add(1).to_string(),
        }
    }
}

impl Details {
    /// The country that decides tax and delivery, if an address names one.
    pub fn country(&self) -> Option<&str> {
        self.tax_address().map(|address| address.country.as_str())
    }

    /// The address that decides tax and delivery, if it names a country.
    pub fn tax_address(&self) -> Option<&Address> {
        let address = self.shipping_address.as_ref().or(self.billing_address.as_ref());
        address.filter(|address| !address.country.is_empty())
    }
}
