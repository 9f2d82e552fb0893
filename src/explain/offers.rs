//! What is in reach: the offers that the steps of a quote say something is missing for.

use serde::Serialize;

use super::words::Words;
use crate::{
    decimal::Decimal,
    issue::{Arguments, Language},
    json::ToJson,
    money::Amount,
    pricing::{Quote, QuoteShipping, TraceStep},
    ruleset::{Effect, Rules},
};

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
    /// What it saves more than now, where the rule says so whatever is added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub save_minor: Option<Amount>,
    /// The percentage that it saves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
    /// The shipping template of the goods that would be free, where it is not all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
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
    /// One more unit of a promotion that applies.
    NextUnit,
    /// Free shipping.
    FreeShipping,
}

/// What the order could get with a little more, the nearest first.
///
/// It is read off the steps of the quote: nothing is searched again. A quantity counts as near as what
/// so many units of the cheapest goods in the order that count for it would cost.
///
/// # Example
///
/// ```
/// use orderkit::{Context, Draft, Language, Rules, explain::next_offers, quote};
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
/// let quote = quote(&draft, &rules, &Context::at(0)).unwrap();
/// let offers = next_offers(&quote, &rules, Language::English);
/// assert_eq!(offers[0].sentence, "5.15 EUR more for free delivery by Post, which saves 3.90 EUR.");
/// ```
pub fn next_offers(quote: &Quote, rules: &Rules, language: Language) -> Vec<Offer> {
    let mut words = Words::new(quote, rules, language);
    let mut found: Vec<(Amount, Offer)> = Vec::new();
    for step in &quote.trace {
        if let Some(mut offer) = offer(step, &words) {
            offer.sentence = sentence(&offer, &mut words);
            let distance = distance(&offer, &words);
            let place = found.partition_point(|(other, _)| *other <= distance);
            found.insert(place, (distance, offer));
        }
    }
    found.into_iter().map(|(_, offer)| offer).collect()
}

fn offer(step: &TraceStep, words: &Words<'_>) -> Option<Offer> {
    let blank = |kind, rule: &String| Offer {
        kind,
        rule: rule.clone(),
        sentence: String::new(),
        missing_minor: None,
        missing_quantity: None,
        save_minor: None,
        percent: None,
        template: None,
    };
    Some(match step {
        TraceStep::NotReached { rule, missing_minor } => {
            let (save_minor, percent) = saving(rule, words);
            let missing_minor = Some(*missing_minor);
            Offer { missing_minor, save_minor, percent, ..blank(OfferKind::Promotion, rule) }
        }
        TraceStep::NotEnough { rule, missing_quantity } => {
            let (save_minor, percent) = saving(rule, words);
            let missing_quantity = Some(*missing_quantity);
            Offer { missing_quantity, save_minor, percent, ..blank(OfferKind::Promotion, rule) }
        }
        TraceStep::NextTier { rule, missing_minor, save_minor, percent } => {
            let now = words.quote.adjustments.iter().find(|it| it.rule == *rule);
            let now = now.map_or(Amount::ZERO, |it| it.amount_minor);
            let more = save_minor.minus(now).ok().filter(|more| *more > Amount::ZERO);
            let missing_minor = Some(*missing_minor);
            let blank = blank(OfferKind::NextTier, rule);
            Offer { missing_minor, save_minor: more, percent: *percent, ..blank }
        }
        TraceStep::NextUnit { rule, missing_quantity } => {
            Offer { missing_quantity: Some(*missing_quantity), ..blank(OfferKind::NextUnit, rule) }
        }
        TraceStep::ShippingNotFree { method, missing_minor, missing_quantity, template } => Offer {
            missing_minor: *missing_minor,
            missing_quantity: *missing_quantity,
            template: template.clone(),
            save_minor: charge(words.quote.shipping.as_ref())
                .filter(|_| template.is_none() && !has_surcharge(words.quote)),
            ..blank(OfferKind::FreeShipping, method)
        },
        _ => return None,
    })
}

/// A surcharge can stay where shipping is free.
fn has_surcharge(quote: &Quote) -> bool {
    quote.trace.iter().any(|step| matches!(step, TraceStep::ShippingSurcharge { .. }))
}

/// What is paid for shipping now.
fn charge(shipping: Option<&QuoteShipping>) -> Option<Amount> {
    shipping.map(|shipping| shipping.amount_minor).filter(|amount| *amount > Amount::ZERO)
}

/// What a promotion saves once it applies, where that does not depend on what is bought.
fn saving(rule: &str, words: &Words<'_>) -> (Option<Amount>, Option<Decimal>) {
    let Some(promotion) = words.promotion(rule) else { return (None, None) };
    match &promotion.effect {
        Effect::OrderFixed { amount_minor, .. } => (Some(*amount_minor), None),
        Effect::SpendTiers { tiers, .. } => tiers.first().map_or((None, None), |tier| {
            let save = Some(tier.save_minor).filter(|save| !save.is_zero());
            (save.filter(|_| tier.percent.is_none()), tier.percent)
        }),
        Effect::LinePercentage { percent, units: None }
        | Effect::OrderPercentage { percent, maximum_minor: None, .. } => (None, Some(*percent)),
        Effect::ShippingPercentage { percent, maximum_minor: None }
            if *percent == Decimal::from_integer(100) =>
        {
            (charge(words.quote.shipping.as_ref()), None)
        }
        _ => (None, None),
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
    let mut arguments = words.of(&name).with("saves", saves);
    if offer.kind == OfferKind::FreeShipping {
        let missing = words.threshold(offer.missing_minor, offer.missing_quantity);
        arguments = arguments.with("missing", missing);
    }
    if let Some(missing) = offer.missing_minor {
        arguments = arguments.with("missingMinor", missing);
    }
    if let Some(missing) = offer.missing_quantity {
        arguments = arguments.with("missingQuantity", missing);
    }
    let is_one = offer.missing_quantity == Some(Decimal::ONE);
    let key = match offer.kind {
        OfferKind::FreeShipping => "offer.freeShipping",
        OfferKind::NextTier => "offer.tier",
        OfferKind::NextUnit if is_one => "offer.oneAgain",
        OfferKind::NextUnit => "offer.again",
        OfferKind::Promotion if offer.missing_minor.is_some() => "offer.amount",
        OfferKind::Promotion if is_one => "offer.one",
        OfferKind::Promotion => "offer.quantity",
    };
    words.sentence(key, &arguments)
}

/// What the missing goods cost: exact for an amount; for a quantity that of the cheapest goods of the order that count.
fn distance(offer: &Offer, words: &Words<'_>) -> Amount {
    if let Some(missing) = offer.missing_minor {
        return missing;
    }
    let counts = |line: &&crate::pricing::QuoteLine| {
        let product = words.rules.product(&line.sku);
        let promotion = words.promotion(&offer.rule);
        match (product, promotion) {
            (Some(product), Some(promotion)) => promotion.target.matches(&product.target_line()),
            _ => true,
        }
    };
    let prices = words.quote.lines.iter().filter(counts).map(|line| line.unit_price);
    let price = prices.min().unwrap_or(Decimal::ONE);
    let quantity = offer.missing_quantity.unwrap_or(Decimal::ONE);
    let minor = i128::from(words.quote.currency.minor_per_major());
    let numerator = price.mantissa().checked_mul(quantity.mantissa());
    let numerator = numerator.and_then(|product| product.checked_mul(minor));
    let denominator = price.denominator().checked_mul(quantity.denominator());
    match (numerator, denominator) {
        (Some(numerator), Some(denominator)) => {
            let mode = words.rules.ruleset().rounding.mode;
            Amount::from_fraction(numerator, denominator, mode).unwrap_or(Amount::MAX)
        }
        _ => Amount::MAX,
    }
}
