//! What is in reach: the offers that come true with a little more in the order.
//!
//! The steps of a quote say what could be missing. Each is then tried: the draft is priced with so much more in it, and only
//! what takes effect there and saves something is offered.

use serde::Serialize;

use super::words::Words;
use crate::{
    context::Context,
    decimal::Decimal,
    draft::Draft,
    issue::{Arguments, Language, Refusal},
    json::ToJson,
    money::Amount,
    pricing::{Quote, quote},
    ruleset::{Rules, Target},
};

mod candidates;
mod search;
mod tries;

use candidates::all;
use search::Search;
use tries::Tries;

/// Something that the buyer gets with a little more in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// What it is.
    pub kind: OfferKind,
    /// The id of the promotion or shipping method.
    pub rule: String,
    /// The sentence.
    pub sentence: String,
    /// So much more is needed, of the goods that count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_minor: Option<Amount>,
    /// So many more are needed, of the goods that count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_quantity: Option<Decimal>,
    /// The goods that count, where not all do: any of them for an amount; for a quantity one way, with the cheapest there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub goods: Vec<OfferGoods>,
    /// What is saved more than now, with so much more in the order; missing where a percentage says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub save_minor: Option<Amount>,
    /// The percentage that it saves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The shipping template of the goods that would be free, where it is not all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// Goods that are missing for an [`Offer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OfferGoods {
    /// The stock keeping unit.
    pub sku: String,
    /// How many; missing where an amount of any of the goods is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
}

/// What an [`Offer`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum OfferKind {
    /// A promotion that does not apply yet.
    Promotion,
    /// The next tier of a promotion that applies.
    NextTier,
    /// Another time of a promotion that applies.
    NextUnit,
    /// Free shipping.
    FreeShipping,
}

/// What the order could get with a little more, the nearest first: by what the missing goods cost.
///
/// Each offer was tried: the draft priced with so much more in it. What does not take effect there, or saves nothing, is not
/// offered; where a discount eats into what counts, so much more is asked for. Of a very large order with many promotions only
/// the first few dozen possibilities are tried. While no shipping method is chosen, each counts as if it were.
///
/// # Errors
///
/// As [`quote`] of the draft.
///
/// # Example
///
/// ```
/// use orderkit::{Context, Draft, Language, Rules, explain::next_offers};
///
/// let rules = Rules::from_json(br#"{
///     "version": "1", "name": {"en": "Tea shop"}, "currency": "EUR", "homeCountry": "DE",
///     "priceBasis": "taxInclusive",
///     "products": [{"sku": "TEA", "name": {"en": "Tea"}, "unitPrice": "4.95", "taxClass": "food"}],
///     "shippingMethods": [{"id": "post", "name": {"en": "Post"}, "priceMinor": 390, "freeOverMinor": 2000, "taxClass": "food"}],
///     "taxClasses": [{"id": "food", "rules": [{"components": [{"percent": "7"}]}]}]
/// }"#).unwrap();
/// let draft: Draft = serde_json::from_str(
///     r#"{"lines": [{"sku": "TEA", "quantity": "3"}], "details": {"shippingMethod": "post"}}"#,
/// ).unwrap();
///
/// let offers = next_offers(&draft, &rules, &Context::at(0), Language::English).unwrap();
/// assert_eq!(offers[0].sentence, "5.15 EUR more for free delivery by Post, which saves 3.90 EUR.");
/// ```
pub fn next_offers(
    draft: &Draft,
    rules: &Rules,
    context: &Context,
    language: Language,
) -> Result<Vec<Offer>, Refusal> {
    let base = quote(draft, rules, context)?;
    let mut tries = Tries { draft, rules, context, left: most_tries(&base, rules) };
    let mut found: Vec<(Amount, Offer)> = Vec::new();
    collect(&base, &mut tries, language, &mut found);
    if draft.details.shipping_method.is_none() {
        let mut draft = draft.clone();
        for method in rules.ruleset().shipping_methods.iter().take(MOST_METHODS) {
            draft.details.shipping_method = Some(method.id.clone());
            if let Ok(base) = quote(&draft, rules, context) {
                let mut own = Tries { draft: &draft, ..tries };
                collect(&base, &mut own, language, &mut found);
                tries.left = own.left;
            }
        }
    }
    Ok(found.into_iter().map(|(_, offer)| offer).collect())
}

/// So many shipping methods are tried while none is chosen.
const MOST_METHODS: usize = 5;

/// How often the draft is priced at most: the more there is to price, the fewer times.
fn most_tries(base: &Quote, rules: &Rules) -> u32 {
    const WORK: usize = 1_000_000;
    let promotions = rules.ruleset().promotions.len().saturating_add(1);
    let size = base.lines.len().saturating_mul(promotions).saturating_add(1);
    let tries = WORK.checked_div(size).unwrap_or(0);
    u32::try_from(tries).unwrap_or(u32::MAX).clamp(24, 400)
}

/// Puts the offers of a quote that come true among those that were found before.
fn collect<'a>(
    base: &'a Quote,
    tries: &mut Tries<'a>,
    language: Language,
    found: &mut Vec<(Amount, Offer)>,
) {
    let mut words = Words::new(base, tries.rules, language);
    for candidate in all(base, tries) {
        let is_known = |(_, offer): &(Amount, Offer)| {
            offer.rule == candidate.rule && offer.template.as_deref() == candidate.template
        };
        if found.iter().any(is_known) {
            continue;
        }
        let Some((distance, mut offer)) = Search::new(&candidate, base, tries).offer() else {
            continue;
        };
        offer.sentence = sentence(&offer, &mut words);
        let place = found.partition_point(|(other, _)| *other <= distance);
        found.insert(place, (distance, offer));
    }
}

fn sentence(offer: &Offer, words: &mut Words<'_>) -> String {
    let mut saves = String::new();
    if let Some(save) = offer.save_minor {
        let arguments = words.of("").with("saveMinor", save);
        saves = words.sentence("offer.saves", &arguments);
    } else if let Some(percent) = offer.percent {
        let arguments = Arguments::default().with("percent", percent);
        saves = words.sentence("offer.savesPercent", &arguments);
    }
    let name = match offer.kind {
        OfferKind::FreeShipping => words.table(&offer.rule, offer.template.as_deref()),
        _ => words.rule(&offer.rule).to_owned(),
    };
    let arguments = words.of(&name).with("saves", saves).with("missing", missing(offer, words));
    let key = match offer.kind {
        OfferKind::FreeShipping => "offer.freeShipping",
        OfferKind::NextTier => "offer.tier",
        OfferKind::NextUnit => "offer.again",
        OfferKind::Promotion => "offer.promotion",
    };
    words.sentence(key, &arguments)
}

/// What is missing in words, such as "2 × Tea", "5.00 EUR of Tea" or "3 items".
fn missing(offer: &Offer, words: &Words<'_>) -> String {
    let mut names = String::new();
    for goods in &offer.goods {
        if !names.is_empty() {
            names.push_str(if goods.quantity.is_some() { " + " } else { " / " });
        }
        if let Some(quantity) = goods.quantity {
            names.push_str(&quantity.to_string());
            names.push_str(" × ");
        }
        names.push_str(words.product(&goods.sku));
    }
    let quantity = offer.missing_quantity;
    if offer.missing_minor.is_none() && !names.is_empty() {
        return names;
    }
    let missing = words.threshold(offer.missing_minor, quantity);
    if names.is_empty() {
        return missing;
    }
    let arguments = Arguments::default().with("missing", missing).with("goods", names);
    words.phrase("offer.of", &arguments)
}

/// The goods of a target by name, if they are few.
fn named(target: &Target, rules: &Rules) -> Vec<OfferGoods> {
    const MOST: usize = 3;
    if target.is_everything() {
        return Vec::new();
    }
    let products = rules.ruleset().products.iter();
    let fitting = products.filter(|product| target.matches(&product.target_line()));
    let goods: Vec<_> = fitting
        .take(MOST.saturating_add(1))
        .map(|product| OfferGoods { sku: product.sku.clone(), quantity: None })
        .collect();
    if goods.len() > MOST { Vec::new() } else { goods }
}
