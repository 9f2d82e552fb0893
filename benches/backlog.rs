//! What a long outbox costs: `cargo bench --bench backlog`. Each figure should hardly differ between a short and a long one.

#![allow(missing_docs, reason = "a benchmark")]

#[path = "../tests/shop/mod.rs"]
mod shop;

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use orderkit::{
    Role,
    client::{AppendInputs, Client},
    replica::Query,
};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

fn place_inputs(id: u128) -> AppendInputs {
    let draft: serde_json::Value = serde_json::from_str(shop::DRAFT).expect("a draft");
    let expect = json!({"totalMinor": 3076, "rulesetDigest": shop::rules().digest()});
    let args = json!({"draft": draft, "expect": expect, "isRepeat": true}).to_string();
    AppendInputs {
        id: Uuid::from_u128(1_000_000 + id),
        order: Uuid::from_u128(id),
        kind: "place@1".to_owned(),
        args: RawValue::from_string(args).expect("JSON"),
        base: None,
        at_ms: shop::NOW_MS,
        random: (0..160).collect(),
    }
}

fn backlog(count: u128) -> Client {
    let actor = shop::actor("sam", Role::Staff);
    let (mut client, _) = Client::begin(shop::rules(), Uuid::from_u128(1), actor, shop::NOW_MS);
    for id in 0..count {
        client.append(place_inputs(id)).expect("it is placed");
        client.settle(None).expect("it is stored");
    }
    client
}

fn waiting(criterion: &mut Criterion) {
    for count in [200_u128, 20_000] {
        let mut client = backlog(count);
        let mut group = criterion.benchmark_group("with so many orders waiting");
        let name = |name: &str| BenchmarkId::new(name, count);
        group.bench_function(name("place another"), |bencher| {
            let mut id = 1 << 90;
            bencher.iter(|| {
                id += 1;
                black_box(client.append(place_inputs(id)).expect("it is placed"));
                client.abandon();
            });
        });
        group.bench_function(name("list"), |bencher| {
            bencher.iter(|| black_box(client.replica().list(&Query::default())));
        });
        group.finish();
    }
}

fn quick() -> Criterion {
    let brief = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(300));
    brief.measurement_time(Duration::from_secs(2))
}

criterion_group! {
    name = benches;
    config = quick();
    targets = waiting
}
criterion_main!(benches);
