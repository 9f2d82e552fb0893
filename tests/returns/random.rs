//! Shops, orders and choices out of a seed, so that a life that fails can be lived again.

use orderkit::{Context, Draft};
use serde_json::{Value, json};

use super::life::{draft, ruleset};

/// Sebastiano Vigna's SplitMix64: small, and good enough to choose by.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// From 0 up to but without `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len() as u64) as usize]
    }
}

/// A shop whose prices, taxes, discounts and terms of return are chosen by chance.
pub fn shop(chance: &mut Chance) -> Value {
    let mut shop = ruleset();
    shop["priceBasis"] = json!(chance.one_of(&["taxInclusive", "taxExclusive"]));
    let level = chance.one_of(&["line", "group", "document"]);
    shop["rounding"] = json!({"level": level});
    if chance.once_in(3) {
        shop["taxation"] = json!({"lineTaxes": true});
    }
    let all = json!([
        {"id": "drinks", "name": {"en": "Drinks"}, "target": {"categories": ["drinks"]}, "effect": {"kind": "linePercentage", "percent": "10"}},
        {"id": "welcome", "name": {"en": "Welcome"}, "couponCodes": ["WELCOME"], "when": {"minimumMinor": 1000}, "effect": {"kind": "orderFixed", "amountMinor": 333}},
        {"id": "tiers", "name": {"en": "Spend"}, "effect": {"kind": "spendTiers", "tiers": [{"spendMinor": 2000, "saveMinor": 200}, {"spendMinor": 5000, "saveMinor": 777}]}},
        {"id": "seven", "name": {"en": "Seven"}, "effect": {"kind": "orderPercentage", "percent": "7"}}
    ]);
    let kept = all.as_array().unwrap().iter().filter(|_| !chance.once_in(3)).cloned();
    shop["promotions"] = kept.collect();
    shop["returns"] = json!({
        "shipping": chance.one_of(&["full", "none", "proRata", "standardCost"]),
        "shippingIfAtFault": chance.one_of(&["full", "proRata"]),
        "standardShippingMinor": 290,
        "restockingPercent": chance.one_of(&["0", "0", "15"]),
        "labelMinor": if chance.once_in(3) { 399 } else { 0 },
        "clawBack": chance.one_of(&["keep", "proRata", "wholeTier"]),
        "exchangePrice": chance.one_of(&["paid", "today"]),
        "refundOrder": chance.one_of(&["lastFirst", "proRata"])
    });
    shop
}

/// An order of that shop, with what is known of gift cards.
pub fn order(chance: &mut Chance) -> (Draft, Context) {
    let skus = ["TEA", "CUP", "MUG", "PIN", "CUT", "TAPE"];
    let mut goods = Vec::new();
    for _ in 0..=chance.below(4) {
        let sku = chance.one_of(&skus);
        let quantity = 1 + chance.below(5);
        let part = if sku == "TAPE" {
            format!("{quantity}.{}", chance.below(10))
        } else {
            quantity.to_string()
        };
        goods.push(format!("{part} {sku}"));
    }
    let mut details = json!({"paymentMethod": chance.one_of(&["card", "cash"])});
    if chance.once_in(4) {
        details["giftCards"] = json!(["GIFT"]);
    }
    if chance.once_in(4) {
        details["shippingMethod"] = Value::Null;
    }
    let mut draft = draft(&goods.join(","), details);
    let mut known = Vec::new();
    if chance.once_in(3) {
        draft.details.coupon_codes = vec!["WELCOME".to_owned()];
    }
    if chance.once_in(4) {
        known.push(json!({"kind": "charge", "amountMinor": 250, "reason": "Gift wrap", "taxes": [{"category": "S", "percent": "19"}]}));
    }
    if chance.once_in(4) {
        known.push(json!({"kind": "allowance", "amountMinor": 19, "reason": "Dented", "taxes": [{"category": "S", "percent": "19"}]}));
    }
    if chance.once_in(4) {
        known.push(json!({"kind": "allowance", "amountMinor": 7, "reason": "For old times"}));
    }
    draft.adjustments = serde_json::from_value(Value::Array(known)).unwrap();
    if chance.once_in(6) {
        draft.prepaid_minor = Some(orderkit::Amount::new(5).unwrap());
    }
    let mut context = Context::default();
    let cards = json!([{"code": "GIFT", "balanceMinor": 1234}]);
    context.gift_cards = serde_json::from_value(cards).unwrap();
    (draft, context)
}
