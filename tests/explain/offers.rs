//! What is in reach, and how near.

use orderkit::{
    Context, Decimal, Draft, DraftLine, Language, Quote,
    explain::{Offer, OfferGoods, OfferKind, next_offers},
    quote,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    any::{any_promotions, any_stacking},
    shop::{cart, promotion, rules, ruleset},
};

fn offers(shop: &Value, lines: &str, language: Language) -> Vec<Offer> {
    let rules = rules(shop);
    let mut draft = cart(lines);
    draft.details.shipping_method = Some("post".to_owned());
    next_offers(&draft, &rules, &Context::at(0), language).unwrap()
}

/// The English sentences of the offers.
fn sentences(shop: &Value, lines: &str) -> Vec<String> {
    offers(shop, lines, Language::English).into_iter().map(|it| it.sentence).collect()
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
    // A 10.00 and C 5.00: a second C at half price. Of the first tier 5.00 is missing, but if it is another C, half of it is eaten.
    let found = offers(&shop(), "1A 1C", Language::English);
    let sentences: Vec<_> = found.iter().map(|it| it.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "1 × C more for second, which saves 2.50 EUR.",
            "7.50 EUR more for tiers, which saves 2.00 EUR.",
            "34.50 EUR more for free delivery by Post, which saves 5.00 EUR.",
            "7 items more for bulk, which saves 5 %.",
        ]
    );
    let kinds: Vec<_> = found.iter().map(|it| it.kind).collect();
    let goods = [OfferGoods { sku: "C".to_owned(), quantity: Some(Decimal::ONE) }];
    assert_eq!((found[0].missing_quantity, &found[0].goods[..]), (Some(Decimal::ONE), &goods[..]));
    assert_eq!(
        kinds,
        [OfferKind::Promotion, OfferKind::Promotion, OfferKind::FreeShipping, OfferKind::Promotion]
    );
    let chinese = offers(&shop(), "1A 1C", Language::Chinese);
    assert_eq!(chinese[2].sentence, "再买 34.50 EUR，Post 免运费，可省 5.00 EUR。");
    assert_eq!(chinese[0].sentence, "再买 1 × C 即享 second，可省 2.50 EUR。");
}

#[test]
fn a_promotion_that_applies_offers_its_next_tier_and_unit() {
    let found = offers(&shop(), "1A 3C", Language::English);
    let sentences: Vec<_> = found.iter().map(|it| it.sentence.as_str()).collect();
    // Tiers take 2.00 of 25.00 − 2.50; 27.50 more and they take 5.00 more.
    let again = "1 × C more, and second applies once more, which saves 2.50 EUR.";
    assert!(sentences.contains(&again), "{sentences:?}");
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

/// The offers of a promotion `x` on a cart, alone in the shop.
#[track_caller]
fn offered(effect: Value, more: Value, lines: &str, expected: &[&str]) {
    let shop = ruleset(json!([promotion("x", effect, more)]));
    assert_eq!(sentences(&shop, lines), expected);
}

#[test]
fn the_goods_that_are_missing_are_named() {
    let buy_get = |more: Value| {
        let mut effect =
            json!({"kind": "buyGet", "buyQuantity": 2, "getQuantity": 2, "percent": "100"});
        effect.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        effect
    };
    let whole = buy_get(json!({"wholeSetsOnly": true}));
    offered(whole, json!({}), "2A", &["2 × A more for x, which saves 20.00 EUR."]);
    let first = buy_get(json!({"boughtFirst": true}));
    offered(first, json!({}), "2A", &["2 × A more for x, which saves 20.00 EUR."]);
    let other = buy_get(json!({"get": {"skus": ["B"]}, "getQuantity": 1}));
    let of_a = json!({"target": {"skus": ["A"]}});
    offered(other, of_a.clone(), "2A", &["1 × B more for x, which saves 20.00 EUR."]);
    let bundle = json!({"kind": "bundle", "amountMinor": 2500,
        "parts": [{"target": {"skus": ["A"]}}, {"target": {"skus": ["B"]}}]});
    offered(bundle.clone(), json!({}), "1A", &["1 × B more for x, which saves 5.00 EUR."]);
    offered(bundle, json!({}), "1C", &["1 × A + 1 × B more for x, which saves 5.00 EUR."]);
    let fixed = json!({"kind": "orderFixed", "amountMinor": 300});
    let when = json!({"target": {"skus": ["A"]}, "when": {"minimumMinor": 5000}});
    offered(fixed, when, "1A 3B", &["40.00 EUR of A more for x, which saves 3.00 EUR."]);
}

#[test]
fn what_saves_nothing_is_not_offered() {
    let dear = json!({"kind": "anyFor", "quantity": 3, "amountMinor": 10_000});
    offered(dear, json!({}), "2A", &[]);
    let small = |more: Value| {
        let mut all = json!({"when": {"minimumMinor": 9000}});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        promotion("x", json!({"kind": "orderFixed", "amountMinor": 100}), all)
    };
    let large =
        |more: Value| promotion("y", json!({"kind": "orderFixed", "amountMinor": 2000}), more);
    let group = json!({"group": "g"});
    let mut beaten = ruleset(json!([small(group.clone()), large(group)]));
    beaten["stacking"] = json!({"groups": [{"id": "g", "mode": "bestOf"}]});
    assert_eq!(sentences(&beaten, "4B"), [""; 0]);
    let mut best = ruleset(json!([small(json!({"exclusive": "all"})), large(json!({}))]));
    best["stacking"] = json!({"bestForCustomer": true});
    assert_eq!(sentences(&best, "4B"), [""; 0]);
    let later = json!({"exclusive": "items", "priority": 1});
    assert_eq!(sentences(&ruleset(json!([small(json!({})), large(later)])), "4B"), [""; 0]);
    let free = json!({"kind": "shippingPercentage", "percent": "100"});
    let mut shop = ruleset(json!([promotion("p", free, json!({}))]));
    shop["shippingMethods"][0]["freeOverMinor"] = json!(10_000);
    assert_eq!(sentences(&shop, "4B"), [""; 0]);
}

#[test]
fn what_a_discount_eats_is_asked_for_too() {
    let ten = json!({"kind": "orderPercentage", "percent": "10"});
    let mut shop = ruleset(json!([promotion("p", ten, json!({}))]));
    shop["shippingMethods"][0]["freeOverMinor"] = json!(10_000);
    // 90 % of 111.11 is 100.00.
    assert_eq!(
        sentences(&shop, "4B"),
        ["31.11 EUR more for free delivery by Post, which saves 5.00 EUR."]
    );
    let fixed = json!({"kind": "orderFixed", "amountMinor": 300});
    let both = json!({"when": {"minimumMinor": 1500, "minimumQuantity": "5"}});
    offered(fixed, both, "1A", &["5.00 EUR and 4 items more for x, which saves 3.00 EUR."]);
}

#[test]
fn the_next_time_is_offered() {
    let tiers = |tiers: Value| json!({"kind": "quantityTiers", "tiers": tiers});
    let percents =
        tiers(json!([{"quantity": "2", "percent": "5"}, {"quantity": "3", "percent": "50"}]));
    offered(
        percents,
        json!({}),
        "2A",
        &["1 × A more for the next tier of x, which saves 14.00 EUR."],
    );
    let prices =
        tiers(json!([{"quantity": "2", "unitPrice": "10"}, {"quantity": "10", "unitPrice": "8"}]));
    offered(prices, json!({}), "5A", &["5 × A more for x, which saves 20.00 EUR."]);
    let spend = json!({"kind": "spendTiers", "repeat": true, "tiers": [{"spendMinor": 10_000, "saveMinor": 2_000}]});
    offered(
        spend,
        json!({}),
        "9B",
        &["20.00 EUR more, and x applies once more, which saves 20.00 EUR."],
    );
    let any = json!({"kind": "anyFor", "quantity": 3, "amountMinor": 5_000});
    offered(any, json!({}), "5E", &["1 × E more, and x applies once more, which saves 40.00 EUR."]);
    let buy_get = json!({"kind": "buyGet", "buyQuantity": 2, "getQuantity": 1, "percent": "100"});
    offered(
        buy_get,
        json!({}),
        "5A",
        &["1 × A more, and x applies once more, which saves 10.00 EUR."],
    );
    let gift = json!({"kind": "gift", "skus": ["D"], "perUnits": 3});
    offered(gift, json!({}), "1B", &["2 × B more for x, which saves 1.00 EUR."]);
}

#[test]
fn free_shipping_is_offered_while_no_method_is_chosen() {
    let free = json!({"kind": "shippingPercentage", "percent": "100"});
    let mut shop = ruleset(json!([promotion("s", free, json!({"when": {"minimumMinor": 9000}}))]));
    shop["shippingMethods"][0]["freeOverMinor"] = json!(10_000);
    let found = next_offers(&cart("4B"), &rules(&shop), &Context::at(0), Language::English);
    let sentences: Vec<_> = found.unwrap().into_iter().map(|it| it.sentence).collect();
    assert_eq!(
        sentences,
        [
            "10.00 EUR more for s, which saves 5.00 EUR.",
            "20.00 EUR more for free delivery by Post, which saves 5.00 EUR.",
        ]
    );
}

fn add(draft: &mut Draft, sku: &str, quantity: Decimal) {
    match draft.lines.iter_mut().find(|line| line.sku == sku) {
        Some(line) => {
            let sum = line.quantity.value().unwrap().checked_add(quantity).unwrap();
            line.quantity = sum.into();
        }
        None => {
            let line = json!({"sku": sku, "quantity": quantity});
            draft.lines.push(serde_json::from_value(line).unwrap());
        }
    }
}

/// The order with what an offer asks for.
fn taken(draft: &Draft, offer: &Offer, target: &Value, shop: &Value) -> Draft {
    let mut draft = draft.clone();
    let named: Vec<_> = offer.goods.iter().filter(|it| it.quantity.is_some()).collect();
    for goods in &named {
        add(&mut draft, &goods.sku, goods.quantity.unwrap());
    }
    if named.is_empty() {
        // Any goods of the order that count: the prices are whole, so that an amount is a decimal of units.
        let fits = |line: &DraftLine| {
            let skus = target["skus"].as_array().cloned().unwrap_or_default();
            let products = shop["products"].as_array().unwrap();
            let product = products.iter().find(|it| it["sku"] == line.sku.as_str()).unwrap();
            let words = target["categories"].as_array().cloned().unwrap_or_default();
            (skus.is_empty() && words.is_empty())
                || skus.iter().any(|sku| *sku == line.sku.as_str())
                || words.contains(&product["category"])
        };
        let sku = draft.lines.iter().find(|line| fits(line)).unwrap().sku.clone();
        let products = shop["products"].as_array().unwrap();
        let product = products.iter().find(|it| it["sku"] == sku.as_str()).unwrap();
        let price: i64 = product["unitPrice"].as_str().unwrap().parse().unwrap();
        let by_amount = offer.missing_minor.map_or(Decimal::ZERO, |minor| {
            // Minor units over a whole price in major units, with seven more digits, rounded up.
            let scaled = (i128::from(minor.minor()) * 10_000_000).div_ceil_of(i128::from(price));
            Decimal::from_parts(scaled, 9).unwrap()
        });
        add(&mut draft, &sku, by_amount.max(offer.missing_quantity.unwrap_or(Decimal::ZERO)));
    }
    draft
}

trait DivCeil {
    fn div_ceil_of(self, other: i128) -> i128;
}

impl DivCeil for i128 {
    fn div_ceil_of(self, other: i128) -> i128 {
        (self + other - 1) / other
    }
}

/// What a rule takes off, and what all take off less what delivery costs.
fn standing(quote: &Quote, rule: &str) -> (i64, i64) {
    let own = quote.adjustments.iter().filter(|it| it.rule == rule);
    let own: i64 = own.map(|it| it.amount_minor.minor()).sum();
    let totals = &quote.totals;
    (own, totals.discount_minor.minor() - totals.shipping_minor.minor())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 150 } else { 3_000 }))]

    #[test]
    fn an_offer_that_is_taken_comes_true_and_saves(
        promotions in any_promotions(), stacking in any_stacking(), best in any::<bool>(),
        lines in prop::collection::btree_map(0_usize..5, 1_u32..9, 1..5), free in 2_000_i64..30_000,
    ) {
        let mut shop = ruleset(promotions.clone());
        shop["stacking"] = stacking;
        shop["stacking"]["bestForCustomer"] = json!(best);
        shop["shippingMethods"][0]["freeOverMinor"] = json!(free);
        let names = ["A", "B", "C", "D", "E"];
        let lines: Vec<_> = lines.into_iter().map(|(sku, count)| format!("{count}{}", names[sku])).collect();
        let mut draft = cart(&lines.join(" "));
        draft.details.shipping_method = Some("post".to_owned());
        let rules = rules(&shop);
        let before = quote(&draft, &rules, &Context::at(0)).unwrap();
        for offer in next_offers(&draft, &rules, &Context::at(0), Language::English).unwrap() {
            let list = promotions.as_array().unwrap();
            let own = list.iter().find(|it| it["id"] == offer.rule.as_str()).cloned().unwrap_or_default();
            let target = if own["when"]["counting"].is_null() { &own["target"] } else { &own["when"]["counting"] };
            let more = taken(&draft, &offer, target, &shop);
            let after = quote(&more, &rules, &Context::at(0)).unwrap();
            let (earlier, later) = (standing(&before, &offer.rule), standing(&after, &offer.rule));
            let applies = match offer.kind {
                OfferKind::FreeShipping => after.totals.shipping_minor < before.totals.shipping_minor,
                _ => later.0 > earlier.0 && later.1 > earlier.1,
            };
            prop_assert!(applies, "{} {lines:?} {:?} {:?}", offer.sentence, before.trace, after.trace);
        }
    }
}
