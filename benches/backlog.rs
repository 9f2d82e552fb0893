//! What a long outbox costs: `cargo bench --bench backlog`. Placing should hardly differ between a
//! short and a long one; a list grows with the orders in it.

#![allow(missing_docs, reason = "a benchmark")]

#[path = "../tests/shop/mod.rs"]
mod shop;

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use orderkit::{Role, client::Client, replica::Query};
use uuid::Uuid;

fn backlog(count: u128) -> Client {
    let actor = shop::actor("sam", Role::Staff);
    let (mut client, _) = Client::begin(shop::rules(), Uuid::from_u128(1), actor, shop::NOW_MS);
    for id in 0..count {
        client.append(shop::place_inputs(id)).expect("it is placed");
        client.settle().expect("it is stored");
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
                black_box(client.append(shop::place_inputs(id)).expect("it is placed"));
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
