//! `simulate --seeds N`: runs so many whole shops and says what was lost, doubled or different.

use std::{
    collections::BTreeMap,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use clap::Parser;
use orderkit_simulation::{
    Simulator,
    plan::{FAULTS, Plan},
    shrink::shrink,
    world::Outcome,
};

/// Runs whole shops under seeded faults and checks what must hold.
#[derive(Debug, Parser)]
#[command(name = "simulate")]
struct Args {
    /// How many seeds
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Only this seed, with its plan; a failing one is made shorter
    #[arg(long)]
    seed: Option<u64>,
    /// Print for each fault of docs/faults.md how often it was met
    #[arg(long)]
    faults: bool,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: u64,
}

/// What all seeds came to.
#[derive(Debug, Default)]
struct Sum {
    events: u64,
    commands: u64,
    orders: u64,
    requests: u64,
    faults: BTreeMap<String, u64>,
    lost: u64,
    doubled: u64,
    diverged: u64,
    failing: Vec<(u64, String)>,
}

impl Sum {
    fn add(&mut self, seed: u64, outcome: Outcome) {
        self.events += u64::from(outcome.events);
        self.commands += u64::from(outcome.commands);
        self.orders += u64::from(outcome.orders);
        self.requests += u64::from(outcome.requests);
        for (fault, count) in outcome.faults {
            *self.faults.entry(fault).or_default() += u64::from(count);
        }
        let has = |invariant: &[&str]| {
            let is_one =
                |broken: &String| invariant.iter().any(|it| broken.starts_with(&format!("{it}:")));
            u64::from(outcome.broken.iter().any(is_one))
        };
        self.lost += has(&["I1"]);
        self.doubled += has(&["I2"]);
        self.diverged += has(&["I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10"]);
        if let Some(first) = outcome.broken.into_iter().next() {
            println!("seed {seed}: {first}");
            self.failing.push((seed, first));
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(seed) = args.seed {
        return explain(seed);
    }
    let begun = Instant::now();
    let next = AtomicU64::new(args.from);
    let end = args.from.saturating_add(args.seeds);
    let sum = Mutex::new(Sum::default());
    std::thread::scope(|scope| {
        for _ in 0..args.threads.max(1) {
            scope.spawn(|| {
                let mut simulator = Simulator::new();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    let outcome = simulator.run(seed);
                    sum.lock().unwrap_or_else(PoisonError::into_inner).add(seed, outcome);
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{} commands saved, {} orders, {} requests, {} events in {:.1} s",
        sum.commands,
        sum.orders,
        sum.requests,
        sum.events,
        begun.elapsed().as_secs_f64()
    );
    for (fault, count) in &sum.faults {
        println!("  {count:>10}  {fault}");
    }
    if args.faults {
        for (number, names) in FAULTS {
            let count: u64 = names.iter().filter_map(|name| sum.faults.get(*name)).sum();
            println!("fault {number} {count}");
        }
    }
    if let Some((seed, _)) = sum.failing.first() {
        println!("see one: simulate --seed {seed}");
    }
    println!(
        "simulate: {} seeds, lost {}, doubled {}, diverged {}",
        args.seeds, sum.lost, sum.doubled, sum.diverged
    );
    if sum.failing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn explain(seed: u64) -> ExitCode {
    let mut simulator = Simulator::new();
    let plan = Plan::of(seed);
    let outcome = simulator.run_plan(&plan);
    println!("seed {seed}: {} events, {} requests", outcome.events, outcome.requests);
    if outcome.broken.is_empty() {
        println!("nothing is broken");
        return ExitCode::SUCCESS;
    }
    for broken in &outcome.broken {
        println!("  {broken}");
    }
    let (short, runs) = shrink(&mut simulator, &plan);
    println!("the shortest plan that fails so, after {runs} runs:");
    println!("  workers {:?}", short.workers);
    println!("  chances {:?}", short.chances);
    for planned in &short.events {
        println!("  {:>8} ms  device {}  {:?}", planned.at_ms, planned.device, planned.what);
    }
    for broken in simulator.tell_plan(&short).broken {
        println!("  {broken}");
    }
    ExitCode::FAILURE
}
