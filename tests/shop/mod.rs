//! A small shop that the tests of the rules share.
#![allow(dead_code, reason = "each test program uses a part of it")]

use orderkit::{
    Actor, Amount, Command, Context, Draft, EventRecord, Expectation, Facts, Order, OrderLog,
    Place, Role, Rules, client::AppendInputs, decide, quote,
};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

pub const NOW_MS: i64 = 1_764_000_000_000;

pub const RULESET: &str = r#"{
    "version": "1", "name": {"en": "Corner shop", "zh": "街角小店"}, "currency": "EUR",
    "homeCountry": "DE", "priceBasis": "taxInclusive",
    "products": [
        {"sku": "TEA", "name": {"en": "Tea", "zh": "茶"}, "unitPrice": "4.95", "taxClass": "food", "category": "drinks"},
        {"sku": "CUP", "name": {"en": "Cup"}, "unitPrice": "12.50", "taxClass": "goods"},
        {"sku": "TAPE", "name": {"en": "Tape by the metre"}, "unitPrice": "0.333", "taxClass": "goods", "quantityStep": "0.1", "minimumQuantity": "0.5", "maximumQuantity": "50"}
    ],
    "promotions": [
        {"id": "drinks-10", "name": {"en": "Drinks week"}, "target": {"categories": ["drinks"]}, "effect": {"kind": "linePercentage", "percent": "10"}},
        {"id": "welcome", "name": {"en": "Welcome"}, "couponCodes": ["WELCOME"], "when": {"minimumMinor": 1000}, "effect": {"kind": "orderFixed", "amountMinor": 500}},
        {"id": "over", "name": {"en": "Over"}, "couponCodes": ["OLD"], "endsMs": 1000, "effect": {"kind": "orderFixed", "amountMinor": 500}}
    ],
    "shippingMethods": [
        {"id": "parcel", "name": {"en": "Parcel"}, "priceMinor": 490, "freeOverMinor": 5000, "taxClass": "goods", "countries": ["DE", "AT"]},
        {"id": "abroad", "name": {"en": "Abroad"}, "priceMinor": 1490, "taxClass": "goods"}
    ],
    "paymentMethods": [
        {"id": "card", "name": {"en": "Card"}},
        {"id": "cash", "name": {"en": "Cash on delivery"}, "terms": "onDelivery"}
    ],
    "taxClasses": [
        {"id": "food", "rules": [{"components": [{"percent": "7"}]}]},
        {"id": "goods", "rules": [{"components": [{"percent": "19"}]}]}
    ]
}"#;

pub const DRAFT: &str = r#"{
    "lines": [{"sku": "TEA", "quantity": "3"}, {"sku": "CUP", "quantity": "1"}],
    "details": {
        "customer": {"name": "Ada Lovelace", "email": "ada@example.org"},
        "shippingAddress": {"street": ["Unter den Linden 1"], "city": "Berlin", "postcode": "10117", "country": "DE"},
        "shippingMethod": "parcel", "paymentMethod": "card"
    }
}"#;

pub fn rules() -> Rules {
    Rules::from_json(RULESET.as_bytes()).unwrap()
}

/// The same shop with some of its text replaced, as another version.
pub fn rules_with(changes: &[(&str, &str)]) -> Rules {
    let mut text = RULESET.replace(r#""version": "1""#, r#""version": "2""#);
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    Rules::from_json(text.as_bytes()).unwrap()
}

pub fn draft() -> Draft {
    serde_json::from_str(DRAFT).unwrap()
}

/// The draft with one piece of its text replaced.
#[track_caller]
pub fn draft_with(from: &str, to: &str) -> Draft {
    assert!(DRAFT.contains(from), "{from}");
    serde_json::from_str(&DRAFT.replace(from, to)).unwrap()
}

pub fn minor(amount: i64) -> Amount {
    Amount::new(amount).unwrap()
}

pub fn actor(user: &str, role: Role) -> Actor {
    Actor { user: user.to_owned(), role }
}

pub fn facts<'a>(rules: &'a Rules, actor: &'a Actor) -> Facts<'a> {
    Facts {
        rules,
        earlier: None,
        now_ms: NOW_MS,
        asked_ms: NOW_MS,
        actor,
        device: Some("K7"),
        context: None,
        assigned_number: Some("251124-224444T"),
        seen: None,
        review: None,
    }
}

pub fn place(draft: Draft, rules: &Rules) -> Place {
    let total_minor = quote(&draft, rules, &Context::at(NOW_MS)).unwrap().totals.gross_minor;
    let expect =
        Expectation { total_minor, ruleset_digest: rules.digest().to_owned(), payable_minor: None };
    Place { draft, number: None, expect, is_repeat: false }
}

/// Runs commands on a new order, each decided on what the earlier ones left.
#[track_caller]
pub fn live(commands: &[Command], facts: &Facts<'_>) -> OrderLog {
    let mut log = OrderLog::new(Uuid::from_u128(1));
    for command in commands {
        let order = (!log.events.is_empty()).then(|| log.order().unwrap());
        for event in decide(order.as_ref(), command, facts).unwrap() {
            let by = facts.actor.clone();
            let (at_ms, asked_ms, command) = (facts.now_ms, None, None);
            log.push(EventRecord { at_ms, asked_ms, by, command, event });
        }
    }
    log
}

#[track_caller]
pub fn order(commands: &[Command], facts: &Facts<'_>) -> Order {
    live(commands, facts).order().unwrap()
}

/// What a page asks for to place the order of these tests, at the price that it has by [`rules`].
pub fn place_inputs(id: u128) -> AppendInputs {
    let draft: serde_json::Value = serde_json::from_str(DRAFT).unwrap();
    let expect = json!({"totalMinor": 3076, "rulesetDigest": rules().digest()});
    let args = json!({"draft": draft, "expect": expect, "isRepeat": true}).to_string();
    AppendInputs {
        id: Uuid::from_u128(1_000 + id),
        order: Uuid::from_u128(id),
        kind: "place@1".to_owned(),
        args: RawValue::from_string(args).unwrap(),
        base: None,
        at_ms: NOW_MS,
        random: (0..160).collect(),
    }
}
