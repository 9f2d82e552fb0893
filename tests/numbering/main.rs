//! Order numbers: a year of them on many devices, chances against what happens, and the reports of
//! those who had numbers twice.

mod chances;
mod device;
mod issues;
mod random;
#[path = "../shop/mod.rs"]
mod shop;
mod simulation;

use simulation::{Extent, Simulation};

/// `make numbers` prints what comes of it.
const EXTENT: Extent = Extent { devices: 50, orders_per_day: 10_000, days: 365 };
const KEY: &str = "00112233445566778899aabbccddeeff";

#[test]
fn a_year_of_device_series_has_no_number_twice_and_no_gap() {
    let simulation = Simulation::new("{date:yyMMdd}{device:2}{seq:4}{check}", None, None, 1);
    let outcome = simulation.run(EXTENT);
    assert_eq!(outcome.duplicates, 0);
    assert_eq!(outcome.orders, 3_650_000);
    assert_eq!(outcome.provisional, 0);
    assert_eq!(outcome.totals.used, 3_650_000);
    assert_eq!(
        outcome.totals.missing, 0,
        "each device's series has no gap, whatever its clock does"
    );
    // What was simulated did happen.
    assert!(
        outcome.offline > 200_000 && outcome.clock_jumps > 3_000 && outcome.clock_suspect > 300
    );
    assert!(outcome.discarded > 1_000 && outcome.lost_devices > 0);
}

#[test]
fn a_year_of_leased_blocks_has_no_number_twice_and_accounts_for_each() {
    for key in [None, Some(KEY)] {
        let extent = Extent { orders_per_day: if key.is_some() { 200 } else { 10_000 }, ..EXTENT };
        let outcome = Simulation::new("R{seq:8}{check}", Some(100), key, 2).run(extent);
        assert_eq!(outcome.duplicates, 0);
        let totals = &outcome.totals;
        assert_eq!(totals.used, u64::try_from(outcome.orders).unwrap());
        assert_eq!(totals.used + totals.void + totals.open + totals.missing, totals.given);
        assert_eq!(totals.missing, 0);
        assert!(outcome.returned > 0 && outcome.lost_answers > 0 && outcome.provisional > 0);
    }
}

#[test]
fn what_happens_is_within_the_bounds_of_the_computed_chance() {
    for (scheme, seed) in chances::SCHEMES.iter().zip(100..) {
        let days = 400_000 / scheme.orders_per_day;
        let chance = chances::computed(scheme);
        let observed = f64::from(chances::days_with_repeat(scheme, days, seed)) / f64::from(days);
        let bound = chances::bound(chance, days);
        assert!(
            (observed - chance).abs() <= bound,
            "{}, {} at {}: {chance} computed, {observed} observed in {days} days, ± {bound}",
            scheme.name,
            scheme.pattern,
            scheme.orders_per_day
        );
    }
}
