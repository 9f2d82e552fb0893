//! Prints what docs/numbering.md says of order numbers: a year of them, and chances beside what
//! happens; `make numbers`.

#[path = "../tests/numbering/chances.rs"]
mod chances;
#[path = "../tests/numbering/random.rs"]
mod random;
#[path = "../tests/numbering/simulation.rs"]
mod simulation;

use simulation::{Extent, Outcome, Simulation};

/// A row of the table: its name and figure.
type Row = (&'static str, fn(&Outcome) -> u64);

const EXTENT: Extent = Extent { devices: 50, orders_per_day: 10_000, days: 365 };
const KEY: &str = "00112233445566778899aabbccddeeff";

fn main() {
    println!("10,000 orders a day for a year on 50 devices\n");
    println!(
        "| | {} |\n| --- | ---: | ---: | ---: |",
        ["device series", "leased blocks", "leased, hidden"].join(" | ")
    );
    let runs = [
        ("{date:yyMMdd}{device:2}{seq:4}{check}", None, None),
        ("R{seq:8}{check}", Some(1_000), None),
        ("R{seq:8}{check}", Some(1_000), Some(KEY)),
    ];
    let outcomes =
        runs.map(|(pattern, size, key)| Simulation::new(pattern, size, key, 1).run(EXTENT));
    let rows: [Row; 16] = [
        ("orders", |it| it.orders as u64),
        ("**numbers that came twice**", |it| it.duplicates as u64),
        ("placed offline", |it| it.offline as u64),
        ("provisional first, numbered by the server", |it| it.provisional as u64),
        ("drafts thrown away after a number was proposed", |it| it.discarded as u64),
        ("clocks set wrong or right", |it| it.clock_jumps as u64),
        ("numbers with `clockSuspect`", |it| it.clock_suspect as u64),
        ("answers of the server that got lost", |it| it.lost_answers as u64),
        ("devices lost with their counters", |it| it.lost_devices as u64),
        ("serials given back", |it| it.returned),
        ("series", |it| it.series as u64),
        ("serials given out", |it| it.totals.given),
        ("used", |it| it.totals.used),
        ("void, each with its record", |it| it.totals.void),
        ("open", |it| it.totals.open),
        ("**missing**", |it| it.totals.missing),
    ];
    for (name, of) in rows {
        let figures = outcomes.each_ref().map(|outcome| of(outcome).to_string());
        println!("| {name} | {} |", figures.join(" | "));
    }
    println!("\nDays with a number twice: the computed chance beside what happens\n");
    println!("| scheme | pattern | orders a day | computed | observed | days | bound (99.99 %) |");
    println!("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
    for (scheme, seed) in chances::SCHEMES.iter().zip(100..) {
        let chances::Scheme { name, pattern, orders_per_day } = scheme;
        let days = 2_000_000 / orders_per_day;
        let computed = chances::computed(scheme);
        let observed = f64::from(chances::days_with_repeat(scheme, days, seed)) / f64::from(days);
        println!(
            "| {name} | `{pattern}` | {orders_per_day} | {:.2} % | {:.2} % | {days} | ± {:.2} % |",
            computed * 100.0,
            observed * 100.0,
            chances::bound(computed, days) * 100.0
        );
    }
}
