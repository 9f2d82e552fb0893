//! How fairly a discount is shared over lines: random carts of fixed seeds, counted and timed.
//!
//! `cargo bench --bench allocation`
//!
//! The other rows of the table are the figures of a survey that programmed each system's way anew and ran it on carts of
//! the same classes; its carts were not the same ones, so compare the sizes and not the last digit.

use std::{hint::black_box, time::Instant};

use orderkit::{Amount, Rounding, allocate};

#[allow(dead_code, reason = "shared with an example, which uses all of it")]
#[path = "../examples/drafts/random.rs"]
mod random;

use random::Random;

const CARTS: u32 = 200_000;
const ANY_SEED: u64 = 1;
const REALISTIC_SEED: u64 = 2;
const TAX_SEED: u64 = 3;

/// Ways of other systems, as the survey measured them.
const SURVEY: [[&str; 6]; 5] = [
    ["Vendure (float, largest remainder)", "0", "0", "0", "0", "0.81-0.84"],
    ["Saleor (last line takes the rest)", "0.07 %", "0", "0.086 %", "0", "3.8-4.0"],
    ["Sylius (one more to the first lines)", "0.002 %", "0.061 %", "0.072 %", "0", "1.5"],
    ["yudao (cut off, rest to the last)", "0", "3.07 %", "0", "0", "9.1-9.3"],
    ["mall (ratio of three decimals)", "80.3 %", "9.6 %", "0", "81.3 %", "-"],
];

/// The lines of a cart in cents, and the discount on it.
struct Cart {
    lines: Vec<Amount>,
    discount: Amount,
}

fn amount(cents: u64) -> Amount {
    Amount::new(cents as i64).expect("a cart is far below 2^53 cents")
}

impl Cart {
    fn new(lines: &[u64], percent: u64) -> Self {
        let sum: u64 = lines.iter().sum();
        Self {
            lines: lines.iter().copied().map(amount).collect(),
            discount: amount(sum * percent / 100),
        }
    }

    /// Gifts and samples of a cent beside dear goods, and any discount.
    fn any(random: &mut Random) -> Self {
        let count = random.between(1, 20);
        let line = |random: &mut Random| match random.below(4) {
            0 => random.between(0, 3),
            1 => random.between(1, 99),
            2 => random.between(99, 50_000),
            _ => random.between(50_000, 5_000_000),
        };
        let lines: Vec<u64> = (0..count).map(|_| line(random)).collect();
        Self::new(&lines, random.between(0, 100))
    }

    /// 2 to 12 lines of 0.99 to 500.00, and 1 to 60 % off.
    fn realistic(random: &mut Random) -> Self {
        let count = random.between(2, 12);
        let lines: Vec<u64> = (0..count).map(|_| random.between(99, 50_000)).collect();
        Self::new(&lines, random.between(1, 60))
    }

    fn sum(&self) -> i64 {
        self.lines.iter().map(|line| line.minor()).sum()
    }
}

/// How many carts are wrong in which way.
#[derive(Default)]
struct Faults {
    wrong_sum: u32,
    above_line: u32,
    negative: u32,
    not_mirrored: u32,
    worst_cents: f64,
}

impl Faults {
    fn of(seed: u64, cart: fn(&mut Random) -> Cart) -> Self {
        let mut random = Random::new(seed);
        let mut faults = Self::default();
        for _ in 0..CARTS {
            faults.look_at(&cart(&mut random));
        }
        faults
    }

    fn look_at(&mut self, cart: &Cart) {
        let shares = allocate(cart.discount, &cart.lines).expect("in range");
        let given: i64 = shares.iter().map(|share| share.minor()).sum();
        let rows = || shares.iter().zip(&cart.lines);
        self.wrong_sum += u32::from(given != cart.discount.minor());
        self.above_line += u32::from(rows().any(|(share, line)| share > line));
        self.negative += u32::from(shares.iter().any(|share| share.is_negative()));
        let refund = allocate(cart.discount.negate(), &cart.lines).expect("in range");
        self.not_mirrored +=
            u32::from(rows().zip(&refund).any(|((share, _), back)| share.negate() != *back));
        let sum = cart.sum().max(1);
        for (share, line) in rows() {
            let exact = cart.discount.minor() as f64 * line.minor() as f64 / sum as f64;
            self.worst_cents = self.worst_cents.max((share.minor() as f64 - exact).abs());
        }
    }
}

fn percent(count: u32) -> String {
    if count == 0 {
        "0".to_owned()
    } else {
        format!("{:.3} %", 100.0 * f64::from(count) / f64::from(CARTS))
    }
}

fn print_faults() {
    let any = Faults::of(ANY_SEED, Cart::any);
    let realistic = Faults::of(REALISTIC_SEED, Cart::realistic);
    let row = |cells: [&str; 6]| {
        let [way, sum, above, negative, realistic, worst] = cells;
        println!("{way:38} {sum:>9} {above:>9} {negative:>9} {realistic:>15} {worst:>14}");
    };
    println!(
        "{CARTS} carts of each class, seeds {ANY_SEED} and {REALISTIC_SEED}; shares in whole cents\n"
    );
    row(["", "sum wrong", "> line", "negative", "realistic: sum", "worst, cents"]);
    let worst = format!("{:.2}", any.worst_cents.max(realistic.worst_cents));
    let faults = [any.wrong_sum, any.above_line, any.negative, realistic.wrong_sum].map(percent);
    row(["orderkit::allocate", &faults[0], &faults[1], &faults[2], &faults[3], &worst]);
    println!("survey:");
    SURVEY.into_iter().for_each(row);
    let mirrored = percent(any.not_mirrored + realistic.not_mirrored);
    println!("\nrefunds that are not the mirror of the charge: {mirrored}");
}

/// How often it matters where tax is rounded: one rate of 19 %, realistic carts.
fn print_levels() {
    let mut random = Random::new(TAX_SEED);
    let tax = |net: i64| Rounding::HalfUp.divide(i128::from(net) * 19, 100).expect("in range");
    let (mut differ, mut worst) = (0, 0);
    for _ in 0..CARTS {
        let cart = Cart::realistic(&mut random);
        let by_line: i128 = cart.lines.iter().map(|line| tax(line.minor())).sum();
        let distance = (by_line - tax(cart.sum())).abs();
        differ += u32::from(distance > 0);
        worst = worst.max(distance);
    }
    let differ = percent(differ);
    println!(
        "tax rounded by line and by document differs in {differ} of carts, by up to {worst} cents"
    );
    println!(
        "(survey: 48.7 %, 4 cents); the ruleset names the level, and the default is the document's group\n"
    );
}

fn print_times() {
    for count in [5_u64, 20, 200, 1_000] {
        let mut random = Random::new(count);
        let lines: Vec<u64> = (0..count).map(|_| random.between(99, 50_000)).collect();
        let carts: Vec<Cart> = (1..=16).map(|percent| Cart::new(&lines, percent * 3)).collect();
        let calls = 400_000 / (count as u32 * 16) + 1;
        // The best of many rounds: whatever else runs can only make one slower.
        let rounds = (0..15).map(|_| {
            let start = Instant::now();
            for _ in 0..calls {
                for cart in &carts {
                    let _ = black_box(allocate(black_box(cart.discount), black_box(&cart.lines)));
                }
            }
            start.elapsed().as_nanos() as f64 / f64::from(calls * 16)
        });
        let best = rounds.fold(f64::INFINITY, f64::min);
        println!(
            "allocate over {count:>5} lines {best:>8.0} ns a call {:>6.1} ns a line",
            best / count as f64
        );
    }
}

fn main() {
    print_faults();
    print_levels();
    print_times();
}
