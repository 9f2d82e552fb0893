//! What is in reach, and how near.

use orderkit::{
    Context, Language,
    explain::{Offer, OfferKind, next_offers},
    quote,
};
use serde_json::{Value, json};

use super::shop::{cart, promotion, rules, ruleset};

fn offers(shop: &Value, lines: &str, language: Language) -> Vec<Offer> {
    let rules = rules(shop);
    let mut draft = cart(lines);
    draft.details.shipping_method = Some("post".to_owned());
    let quote = quote(&draft, &rules, &Context::at(0)).unwrap();
    next_offers(&quote, &rules, language)
}

fn shop() -> Value {
    let tiers = json!({"kind": "spendTiers", "tiers": [{"spendMinor": 2000, "saveMinor": 200}, {"spendMinor": 5000, "saveMinor": 700}]});
    let mut shop = ruleset(json!([
        promotion("tiers", tiers, json!({})),
        promotion(
            "second",
            json!({"kind": "nthUnit", "n": 2, "percent": "50"}),
            json!({"target": {"skus": ["C"]}})
        ),
        promotion(
            "bulk",
            json!({"kind": "linePercentage", "percent": "5"}),
            json!({"when": {"minimumQuantity": "9"}})
        ),
    ]));
    shop["shippingMethods"][0]["freeOverMinor"] = json!(4_000);
    shop
}

#[test]
fn the_nearest_comes_first_with_what_it_saves() {
    // A 10.00 and C 5.00: 5.00 to the first tier, one C of 5.00, 25.00 to free shipping, seven units of at least 5.00.
    let found = offers(&shop(), "1A 1C", Language::English);
    let sentences: Vec<_> = found.iter().map(|it| it.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "One more for second.",
            "5.00 EUR more for tiers, which saves 2.00 EUR.",
            "25.00 EUR more for free delivery by Post, which saves 5.00 EUR.",
            "7 more for bulk, which saves 5 %.",
        ]
    );
    let kinds: Vec<_> = found.iter().map(|it| it.kind).collect();
    let Offer { missing_quantity, save_minor, .. } = &found[0];
    assert_eq!(
        (missing_quantity.map(|it| it.to_string()).as_deref(), *save_minor),
        (Some("1"), None)
    );
    assert_eq!(
        kinds,
        [OfferKind::Promotion, OfferKind::Promotion, OfferKind::FreeShipping, OfferKind::Promotion]
    );
    let chinese = offers(&shop(), "1A 1C", Language::Chinese);
    assert_eq!(chinese[2].sentence, "再买 25.00 EUR，Post免运费，可省 5.00 EUR。");
    assert_eq!(chinese[0].sentence, "再买 1 件即享second。");
}

#[test]
fn a_promotion_that_applies_offers_its_next_tier_and_unit() {
    let found = offers(&shop(), "1A 3C", Language::English);
    let sentences: Vec<_> = found.iter().map(|it| it.sentence.as_str()).collect();
    // Tiers take 2.00 of 25.00 − 2.50; 27.50 more and they take 5.00 more.
    assert!(sentences.contains(&"One more, and second applies once more."), "{sentences:?}");
    assert!(
        sentences
            .iter()
            .any(|it| it.ends_with("for the next tier of tiers, which saves 5.00 EUR.")),
        "{sentences:?}"
    );
}

#[test]
fn what_is_reached_is_not_offered() {
    assert_eq!(
        offers(&shop(), "9A 9C", Language::English)
            .iter()
            .filter(|it| it.kind != OfferKind::NextUnit)
            .count(),
        0
    );
}

/// What an offer promises comes true: with so much more in the cart, the rule applies or shipping is free.
#[test]
fn an_offer_that_is_taken_comes_true() {
    // Without the promotion that would lower what the others count, and with free delivery by what was bought.
    let mut shop = shop();
    shop["shippingMethods"][0]["freeOverBasis"] = json!("beforeDiscounts");
    shop["promotions"].as_array_mut().unwrap().pop();
    let rules = rules(&shop);
    for count in 1..40_u32 {
        // D costs 1.00, so any amount can be made up to a unit.
        let lines = format!("{count}D 1C");
        for offer in offers(&shop, &lines, Language::English) {
            let more = match (offer.missing_minor, offer.missing_quantity) {
                (Some(amount), _) => u32::try_from(amount.minor().div_euclid(100) + 1).unwrap(),
                (_, Some(quantity)) => quantity.to_string().parse().unwrap(),
                _ => unreachable!("an offer says what is missing"),
            };
            let after = if offer.rule == "second" {
                format!("{count}D {}C", 1 + more)
            } else {
                format!("{}D 1C", count + more)
            };
            let mut draft = cart(&after);
            draft.details.shipping_method = Some("post".to_owned());
            let quote = quote(&draft, &rules, &Context::at(0)).unwrap();
            let came_true = match offer.kind {
                OfferKind::FreeShipping => quote.totals.shipping_minor.is_zero(),
                _ => quote.adjustments.iter().any(|it| it.rule == offer.rule),
            };
            assert!(came_true, "{} with {after}: {:?}", offer.sentence, quote.trace);
        }
    }
}
