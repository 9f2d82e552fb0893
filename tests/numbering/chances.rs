//! The computed chance of a repeated number beside how often it happens.

use std::collections::HashSet;

use orderkit::{
    TimeZone,
    numbering::{NumberInputs, Pattern},
};

use crate::random::Random;

/// A pattern at a volume, and what published sources say of it.
pub struct Scheme {
    pub name: &'static str,
    pub pattern: &'static str,
    pub orders_per_day: u32,
}

/// Patterns of shops in the survey (features.md c1, c2) and of issue reports.
pub const SCHEMES: [Scheme; 8] = [
    Scheme { name: "litemall#258", pattern: "{date:yyyyMMdd}{digits:6}", orders_per_day: 100 },
    Scheme { name: "litemall#258", pattern: "{date:yyyyMMdd}{digits:6}", orders_per_day: 1_000 },
    Scheme { name: "Truxify#914", pattern: "{date:yyyyMMdd}{digits:4}", orders_per_day: 95 },
    Scheme { name: "Truxify#914", pattern: "{date:yyyyMMdd}{digits:4}", orders_per_day: 100 },
    Scheme {
        name: "ShopXO, fewer digits",
        pattern: "{date:yyyyMMdd}{time:HHmmss}{digits:2}",
        orders_per_day: 1_000,
    },
    Scheme {
        name: "time to the second",
        pattern: "{date:yyyyMMdd}{time:HHmmss}{digits:4}",
        orders_per_day: 10_000,
    },
    Scheme { name: "without look-alikes", pattern: "{date:yyMMdd}{rand:4}", orders_per_day: 1_000 },
    Scheme { name: "with check", pattern: "{date:yyMMdd}{rand:5}{check}", orders_per_day: 3_000 },
];

/// Of so many days, on how many a number came twice.
pub fn days_with_repeat(scheme: &Scheme, days: u32, seed: u64) -> u32 {
    let pattern = Pattern::compile(scheme.pattern).unwrap();
    let (zone, mut random) = (TimeZone::default(), Random(seed));
    let mut numbers = HashSet::new();
    let mut repeated = 0;
    for _ in 0..days {
        numbers.clear();
        let is_repeated = (0..scheme.orders_per_day).any(|_| {
            let at_ms = 1_767_225_600_000 + i64::try_from(random.below(86_400_000)).unwrap();
            let bytes: [u8; 32] = random.bytes();
            let inputs = NumberInputs { at_ms, device: "", sequence: 0, random: &bytes };
            !numbers.insert(pattern.generate(inputs, &zone).unwrap())
        });
        repeated += u32::from(is_repeated);
    }
    repeated
}

/// The computed chance that a day has a number twice.
pub fn computed(scheme: &Scheme) -> f64 {
    let pattern = Pattern::compile(scheme.pattern).unwrap();
    f64::from(pattern.collision_ppb(u64::from(scheme.orders_per_day))) / 1e9
}

/// Half of the interval in which the observed share is in 99.99 of 100 runs.
pub fn bound(chance: f64, days: u32) -> f64 {
    3.89 * (chance * (1.0 - chance) / f64::from(days)).sqrt() + 0.5 / f64::from(days)
}
