//! The examples of docs/pricing.md: every block of JSON is run, and the figures that it states are those of the engine.
//!
//! A block says what it is: `json shop` the shop of all examples, `json ruleset` fields in place of the shop's, `json context` what is
//! known, `json draft` the order, `json quote` what comes out, as far as it is written down. A row of a table that begins with an effect
//! is an example as well.

use orderkit::{
    Context, CustomerFacts, Draft, Quote, Rules, quote,
    ruleset::{Promotion, Ruleset},
};
use serde_json::{Value, json};

const PRICING: &str = include_str!("../docs/pricing.md");

/// What the blocks so far have set.
#[derive(Default)]
struct Example {
    shop: Value,
    ruleset: Value,
    context: Value,
    draft: Value,
    /// What no `json quote` has looked at yet.
    unseen: Option<usize>,
    faults: Vec<String>,
}

impl Example {
    fn read(&mut self, line: usize, word: &str, value: Value) {
        match word {
            "shop" => {
                self.ruleset = value.clone();
                self.shop = value;
            }
            "ruleset" => {
                self.ruleset = with(&self.shop, &value);
                self.context = Value::Null;
            }
            "context" => self.context = value,
            "draft" => self.draft = value,
            "quote" => {
                let priced = price(line, &self.ruleset, &self.draft, &self.context);
                let priced = serde_json::to_value(&priced).unwrap();
                compare(&priced, &value, &format!("docs/pricing.md:{line}: "), &mut self.faults);
                self.unseen = None;
                return;
            }
            other => panic!("docs/pricing.md:{line}: `json {other}` is not run: say what it is"),
        }
        self.unseen = Some(line);
    }
}

/// The shop with some fields replaced.
fn with(shop: &Value, fields: &Value) -> Value {
    let mut ruleset = shop.clone();
    for (key, value) in fields.as_object().unwrap() {
        ruleset[key] = value.clone();
    }
    ruleset
}

#[track_caller]
fn price(line: usize, ruleset: &Value, draft: &Value, context: &Value) -> Quote {
    let rules = Rules::from_json(ruleset.to_string().as_bytes())
        .unwrap_or_else(|refusal| panic!("docs/pricing.md:{line}: {refusal:?}"));
    let draft: Draft = serde_json::from_value(draft.clone()).unwrap();
    let context = match context {
        Value::Null => Context::at(0),
        known => serde_json::from_value(known.clone()).unwrap(),
    };
    quote(&draft, &rules, &context)
        .unwrap_or_else(|refusal| panic!("docs/pricing.md:{line}: {refusal:?}"))
}

/// Lists where `found` lacks what `stated` says; lists have as many entries.
fn compare(found: &Value, stated: &Value, path: &str, faults: &mut Vec<String>) {
    match (found, stated) {
        (Value::Object(found), Value::Object(stated)) => {
            for (key, value) in stated {
                let own = found.get(key).unwrap_or(&Value::Null);
                compare(own, value, &format!("{path}/{key}"), faults);
            }
        }
        (Value::Array(found), Value::Array(stated)) if found.len() == stated.len() => {
            for (at, (found, stated)) in found.iter().zip(stated).enumerate() {
                compare(found, stated, &format!("{path}/{at}"), faults);
            }
        }
        _ if found == stated => {}
        _ => faults.push(format!("{path} is {found}, not {stated}")),
    }
}

/// The blocks of JSON: the line of each, its word and its text.
fn blocks() -> Vec<(usize, &'static str, String)> {
    let mut blocks: Vec<(usize, &str, String)> = Vec::new();
    let mut inside = false;
    for (line, at) in PRICING.lines().zip(1..) {
        if let Some(word) = line.strip_prefix("```json") {
            blocks.push((at, word.trim(), String::new()));
            inside = true;
        } else if line.starts_with("```") {
            inside = false;
        } else if let (true, Some((_, _, text))) = (inside, blocks.last_mut()) {
            text.push_str(line);
            text.push('\n');
        }
    }
    blocks
}

fn parsed(line: usize, text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("docs/pricing.md:{line}: {error}"))
}

#[test]
fn every_example_of_pricing_gives_the_figures_it_states() {
    let mut example = Example::default();
    for (line, word, text) in blocks() {
        let value = parsed(line, &text);
        if word == "ruleset" || word == "shop" {
            assert!(example.unseen.is_none(), "the example before line {line} states no figures");
        }
        example.read(line, word, value);
    }
    assert!(example.unseen.is_none(), "the last example states no figures");
    assert!(example.faults.is_empty(), "{}", example.faults.join("\n"));
}

/// `3 mug, 2 tea, post` as a draft.
fn cart(cell: &str) -> Value {
    let mut lines = Vec::new();
    let mut details = json!({});
    for word in cell.split(", ") {
        match word.split_once(' ') {
            Some((quantity, sku)) => lines.push(json!({"sku": sku, "quantity": quantity})),
            None => details["shippingMethod"] = word.into(),
        }
    }
    json!({"lines": lines, "details": details})
}

#[test]
fn every_effect_is_in_the_table_with_its_phase_and_what_it_saves() {
    let (line, _, text) = blocks().into_iter().find(|(_, word, _)| *word == "shop").unwrap();
    let shop = parsed(line, &text);
    let mut kinds: Vec<String> = Vec::new();
    for (row, line) in PRICING.lines().zip(1..).filter(|(row, _)| row.starts_with("| `{\"kind\"")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let effect = parsed(line, cells[1].trim_matches('`'));
        kinds.push(effect["kind"].as_str().unwrap().to_owned());
        let promotion = json!({"id": "example", "name": {"en": "Example"}, "effect": effect});
        let typed: Promotion = serde_json::from_value(promotion.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed.phase()).unwrap(), cells[2], "line {line}");
        let draft = cart(cells[3]);
        let paid = |promotions: Value| {
            let ruleset = with(&shop, &json!({ "promotions": promotions }));
            price(line, &ruleset, &draft, &Value::Null).totals.gross_minor.minor()
        };
        let saved = paid(json!([])) - paid(json!([promotion]));
        assert_eq!(saved.to_string(), cells[4], "docs/pricing.md:{line}: {}", cells[1]);
    }
    kinds.dedup();
    let all = [
        "linePercentage lineFixed fixedPrice orderPercentage orderFixed orderFixedPrice spendTiers",
        "quantityTiers nthUnit buyGet anyFor bundle gift shippingPercentage shippingFixed",
    ];
    assert_eq!(kinds.join(" "), all.join(" "));
}

/// Names each field, so that a new one does not compile before it is looked at here and written down there.
#[test]
fn the_context_is_shown_with_every_field() {
    let full = blocks().into_iter().filter(|(_, word, _)| *word == "context");
    let (line, _, text) = full.max_by_key(|(_, _, text)| text.len()).unwrap();
    let shown = parsed(line, &text);
    let Context {
        now_ms: _,
        may_adjust,
        adjustment_limit_percent,
        customer,
        uses,
        stock,
        is_offline,
        gift_cards,
        carrier_quotes,
    } = serde_json::from_value(shown).unwrap();
    let CustomerFacts {
        groups,
        placed_orders,
        last_order_ms,
        points,
        store_credit_minor,
        tax_number,
        exemptions,
    } = customer;
    assert!(may_adjust && adjustment_limit_percent.is_some());
    assert!(!uses.is_empty() && !stock.is_empty() && is_offline);
    assert!(!gift_cards.is_empty() && !carrier_quotes.is_empty());
    assert!(!groups.is_empty() && placed_orders.is_some() && last_order_ms.is_some());
    assert!(points > 0 && store_credit_minor.minor() > 0);
    assert!(tax_number.is_some() && !exemptions.is_empty());
}

/// What the tables of defaults say of rules that leave fields out.
#[test]
fn the_defaults_are_those_of_the_tables() {
    let least = json!({
        "version": "1", "name": {"en": "Shop"}, "currency": "EUR", "homeCountry": "DE", "priceBasis": "taxInclusive",
        "priceLists": [{"id": "list", "name": {"en": "List"}, "prices": []}],
        "promotions": [{"id": "gift", "name": {"en": "Gift"}, "effect": {"kind": "gift", "skus": ["tea"]}}],
        "stacking": {"groups": [{"id": "group"}]},
        "points": {"unitPoints": 1, "unitMinor": 1},
        "shippingMethods": [{"id": "post", "name": {"en": "Post"}, "taxClass": "none", "tables": [{"rows": []}]}],
        "paymentMethods": [{"id": "cash", "name": {"en": "Cash"}, "cashRounding": {"stepMinor": 5}}],
    });
    let typed: Ruleset = serde_json::from_value(least).unwrap();
    let full = serde_json::to_value(&typed).unwrap();
    let mut seen = 0;
    for (row, line) in PRICING.lines().zip(1..).filter(|(row, _)| row.starts_with("| `/")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let stated = parsed(line, cells[2].trim_matches('`'));
        let pointer = cells[1].trim_matches('`');
        assert_eq!(full.pointer(pointer), Some(&stated), "docs/pricing.md:{line}: {pointer}");
        seen += 1;
    }
    assert!(seen >= 10);
}
