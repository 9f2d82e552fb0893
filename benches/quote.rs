//! The rules without a browser: pricing, checking, deciding, and the fold of a small copy.
//!
//! `cargo bench --bench quote`

use std::{hint::black_box, time::Duration};

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use orderkit::{
    Actor, Command, Context, Draft, EventRecord, Expectation, Facts, OrderLog, Place, Role, Rules,
    api, decide, json, quote,
    replica::{
        Position, Query, Replica,
        protocol::{Change, PROTOCOL_VERSION, SyncResponse},
    },
    validate,
};
use serde_json::{Value, json};
use uuid::Uuid;

#[allow(dead_code, reason = "shared with an example, which uses all of it")]
#[path = "../examples/drafts/random.rs"]
mod random;

use random::Random;

const NOW_MS: i64 = 1_772_366_400_000;
const SIZES: [u64; 4] = [1, 20, 200, 1_000];
const REPLICA_ORDERS: u64 = 500;

/// A shop with three promotions, which all apply, and tax on each line: the cart of the pricing benchmark.
fn rules() -> Rules {
    let name = json!({"en": "Off"});
    let rates = ["25", "12", "6", "8.875"];
    let class = |rate: &str| json!({"id": rate, "rules": [{"components": [{"percent": rate}]}]});
    let ruleset = json!({
        "version": "1", "name": {"en": "Shop"}, "currency": "EUR", "homeCountry": "DE",
        "priceBasis": "taxInclusive", "priceSource": "draft",
        "rounding": {"level": "line", "target": "net"},
        "promotions": [
            {"id": "ten", "name": name, "couponCodes": ["SAVE"],
             "effect": {"kind": "orderPercentage", "percent": "10"}},
            {"id": "fixed", "name": name, "priority": 1,
             "effect": {"kind": "orderFixed", "amountMinor": 199}},
            {"id": "spend", "name": name, "priority": 2,
             "effect": {"kind": "spendTiers", "tiers": [{"spendMinor": 100, "saveMinor": 50}]}},
        ],
        "shippingMethods": [
            {"id": "post", "name": name, "priceMinor": 495, "freeOverMinor": 900_000_000, "taxClass": "25"},
        ],
        "paymentMethods": [{"id": "invoice", "name": name, "terms": "onAccount"}],
        "taxClasses": rates.map(class),
    });
    Rules::from_json(ruleset.to_string().as_bytes()).expect("the rules are usable")
}

fn draft_of(lines: u64) -> Vec<u8> {
    let mut random = Random::new(lines);
    let line = |at| {
        let price = format!("{}.{:02}", random.below(250), random.between(1, 99));
        let class = *random.pick(&["25", "25", "12", "6", "8.875"]);
        json!({"id": format!("l{at}"), "sku": format!("SKU-{}", random.below(90_000)), "taxClass": class,
               "quantity": random.between(1, 12).to_string(), "unitPrice": price})
    };
    let lines: Vec<Value> = (0..lines).map(line).collect();
    let address =
        json!({"street": ["Street 1"], "city": "Berlin", "postcode": "10115", "country": "DE"});
    let draft = json!({"lines": lines, "details": {
        "customer": {"name": "A. Buyer", "email": "buyer@example.org"},
        "shippingAddress": address, "shippingMethod": "post", "paymentMethod": "invoice", "couponCodes": ["SAVE"],
    }});
    draft.to_string().into_bytes()
}

fn read(bytes: &[u8]) -> Draft {
    json::read(bytes).expect("the draft is a draft")
}

fn pricing(criterion: &mut Criterion) {
    let rules = rules();
    for (name, call) in [
        ("quote", price as fn(&[u8], &Draft, &Rules)),
        ("quote, JSON to JSON", |bytes, _, rules| {
            drop(black_box(api::quote(rules, black_box(bytes), &Context::at(NOW_MS))))
        }),
        ("read a draft", |bytes, _, _| drop(black_box(json::read::<Draft>(black_box(bytes))))),
        ("validate", |_, draft, rules| {
            drop(black_box(validate(black_box(draft), rules, &Context::at(NOW_MS))));
        }),
    ] {
        let mut group = criterion.benchmark_group(name);
        for lines in SIZES {
            let bytes = draft_of(lines);
            let draft = read(&bytes);
            group.throughput(Throughput::Elements(lines));
            group.bench_with_input(BenchmarkId::from_parameter(lines), &draft, |bencher, draft| {
                bencher.iter(|| call(&bytes, draft, &rules));
            });
        }
        group.finish();
    }
}

fn price(_: &[u8], draft: &Draft, rules: &Rules) {
    drop(black_box(quote(black_box(draft), rules, &Context::at(NOW_MS))));
}

fn place(rules: &Rules, lines: u64) -> Command {
    let draft = read(&draft_of(lines));
    let total_minor =
        quote(&draft, rules, &Context::at(NOW_MS)).expect("it has a price").totals.gross_minor;
    let expect =
        Expectation { total_minor, ruleset_digest: rules.digest().to_owned(), payable_minor: None };
    Command::Place(Box::new(Place { draft, number: None, expect, is_repeat: false }))
}

fn facts<'a>(rules: &'a Rules, actor: &'a Actor, number: &'a str) -> Facts<'a> {
    Facts {
        rules,
        earlier: None,
        now_ms: NOW_MS,
        asked_ms: NOW_MS,
        actor,
        device: None,
        context: None,
        assigned_number: Some(number),
        seen: None,
        review: None,
    }
}

fn staff() -> Actor {
    Actor { user: "staff".to_owned(), role: Role::Staff }
}

fn deciding(criterion: &mut Criterion) {
    let (rules, actor) = (rules(), staff());
    let facts = facts(&rules, &actor, "1");
    let command = place(&rules, 20);
    assert!(decide(None, &command, &facts).is_ok());
    criterion.bench_function("decide to place 20 lines", |bencher| {
        bencher.iter(|| black_box(decide(None, black_box(&command), &facts)));
    });
}

/// The answer of a server with many orders of five lines.
fn response(rules: &Rules) -> Vec<u8> {
    let (actor, command) = (staff(), place(rules, 5));
    let change = |seq: u64| {
        let number = seq.to_string();
        let events =
            decide(None, &command, &facts(rules, &actor, &number)).expect("it can be placed");
        let record = |event| EventRecord {
            at_ms: NOW_MS,
            asked_ms: None,
            by: actor.clone(),
            command: None,
            event,
        };
        let mut log = OrderLog::new(Uuid::from_u128(seq.into()));
        events.into_iter().map(record).for_each(|record| log.push(record));
        Change::of(seq, &log).expect("it can be written")
    };
    let changes = (1..=REPLICA_ORDERS).map(change).collect();
    json::write(&SyncResponse {
        v: PROTOCOL_VERSION,
        epoch: "1".to_owned(),
        time_ms: NOW_MS,
        processed: 0,
        device: "A".to_owned(),
        leases: Vec::new(),
        stock: Vec::new(),
        results: Vec::new(),
        changes,
        next: REPLICA_ORDERS,
        more: false,
        resync: false,
        gap: None,
        ruleset: None,
        known: None,
        digest: None,
    })
}

fn copying(criterion: &mut Criterion) {
    let body = response(&rules());
    let position = Position {
        client: Uuid::from_u128(1),
        actor: staff(),
        device: None,
        leases: Vec::new(),
        stock: Vec::new(),
        since: None,
        ack: 0,
    };
    let empty = || Replica::new(rules(), position.clone());
    let mut group = criterion.benchmark_group(format!("a copy of {REPLICA_ORDERS} orders"));
    group.throughput(Throughput::Elements(REPLICA_ORDERS));
    group.bench_function("take an answer in", |bencher| {
        bencher.iter_batched(
            empty,
            |mut replica| {
                replica.receive(&body, 1).expect("it is an answer");
                replica.settle().expect("it is stored");
                replica
            },
            BatchSize::LargeInput,
        );
    });
    let mut replica = empty();
    let effects = replica.receive(&body, 1).expect("it is an answer");
    let pages = effects.pages.put_rows.into_iter();
    let pages: Vec<(u64, Vec<u8>)> =
        pages.map(|key| (key, replica.new_page(key).expect("it is to be put").to_vec())).collect();
    replica.settle().expect("it is stored");
    group.bench_function("load it from its page", |bencher| {
        bencher.iter_batched(
            empty,
            |mut replica| {
                for (key, page) in &pages {
                    replica.load_rows(*key, page).expect("the page is good");
                }
                replica
            },
            BatchSize::LargeInput,
        );
    });
    let query: Query = json::read(br#"{"text":"buyer"}"#).expect("it is a query");
    group.bench_function("search and list", |bencher| {
        bencher.iter(|| black_box(replica.list(&query)))
    });
    group.finish();
}

fn quick() -> Criterion {
    let brief = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500));
    brief.measurement_time(Duration::from_secs(2))
}

criterion_group! {
    name = benches;
    config = quick();
    targets = pricing, deciding, copying
}
criterion_main!(benches);
