//! The trace of a quote for people: each step as a sentence, and what is in reach.
//!
//! Nothing is computed again here: the steps say why each amount is what it is, and what was missing
//! for those that are not.

use serde::Serialize;

use crate::{issue::Language, json::ToJson, money::Amount, pricing::Quote, ruleset::Rules};

mod causes;
mod offers;
mod shipping;
mod steps;
mod taxes;
mod words;

pub use causes::{Causes, causes};
pub use offers::{Offer, OfferGoods, OfferKind, next_offers};

/// One step of pricing as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// What it is about, to group by.
    pub kind: ExplanationKind,
    /// The sentence.
    pub sentence: String,
    /// What it adds to the amounts of its kind (negative: takes off); missing where it has no amount of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Amount>,
    /// The id of the promotion, price list or shipping method; `manual` for what staff set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The line (position from 0), where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// What an [`Explanation`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ExplanationKind {
    /// The price of a line.
    Price,
    /// Which price of a line counts, and why.
    ListPrice,
    /// What staff changed on a line.
    Adjustment,
    /// A discount that took effect.
    Applied,
    /// A discount that would take more.
    Capped,
    /// Goods for nothing.
    Gift,
    /// Points that lower the price.
    Points,
    /// What staff changed on the whole order, with taxes of its own.
    DocumentAdjustment,
    /// A rule that does not apply, and what is missing.
    NotQualified,
    /// A rule that applies, and would do more.
    NextStep,
    /// A rule that another keeps out.
    Suppressed,
    /// A rule that lost to a better one.
    Beaten,
    /// Something to know about the discounts together, or to be checked later.
    Note,
    /// The shipping charge.
    Shipping,
    /// What the shipping charge is made of, or why a part of it is free; the amounts are in the charge.
    ShippingPart,
    /// A discount on the shipping charge.
    ShippingDiscount,
    /// A tax.
    Tax,
    /// What decides which taxes count, and how they stand to the prices.
    TaxNote,
    /// A part of the total that is paid without a payment.
    Tender,
    /// Paid before, and the rounding of what is payable.
    Payable,
    /// How the amount before it was rounded.
    Rounding,
}

/// Each step of a quote as a sentence, in the order in which the amounts were computed.
///
/// The names of promotions, methods and goods are those of the language. A step that is about several
/// lines gives a sentence for each.
///
/// # Example
///
/// ```
/// use orderkit::{Context, Draft, Language, Rules, explain::explain, quote};
///
/// let rules = Rules::from_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive",
///     "products": [{"sku": "TEA", "name": {"en": "Tea"}, "unitPrice": "4.95", "taxClass": "food"}],
///     "taxClasses": [{"id": "food", "rules": [{"components": [{"percent": "7"}]}]}]
/// }"#).unwrap();
/// let draft: Draft =
///     serde_json::from_str(r#"{"lines": [{"sku": "TEA", "quantity": "3"}]}"#).unwrap();
///
/// let quote = quote(&draft, &rules, &Context::at(0)).unwrap();
/// let told = explain(&quote, &rules, Language::English);
/// assert_eq!(told[0].sentence, "Tea: 3 × 4.95 EUR = 14.85 EUR.");
/// ```
pub fn explain(quote: &Quote, rules: &Rules, language: Language) -> Vec<Explanation> {
    let mut telling = steps::Telling::new(quote, rules, language);
    for step in &quote.trace {
        telling.step(step);
    }
    telling.told
}
