//! `simulate --seeds N`: runs so many whole shops and says what was lost, doubled or different.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader},
    process::{Child, Command, ExitCode, Stdio},
    sync::mpsc,
    time::Instant,
};

use clap::Parser;
use orderkit_simulation::{
    Simulator,
    plan::{FAULTS, Plan},
    shrink::shrink,
    world::Outcome,
};
use serde_json::{Value, json};

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
    /// Processes: unlike threads, they do not wait for each other in SQLite's memory
    #[arg(long, alias = "threads", default_value_t = 2)]
    processes: u64,
    /// Each so-manieth seed, as one of several processes, with figures for the first of them
    #[arg(long, hide = true)]
    step: Option<u64>,
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
    /// In words, each with its seed.
    failing: Vec<String>,
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
        if let Some(first) = outcome.broken.first() {
            self.fails(&format!("seed {seed}: {first}"));
        }
    }

    fn fails(&mut self, line: &str) {
        println!("{line}");
        self.failing.push(line.to_owned());
    }

    fn counts(&mut self) -> [&mut u64; 7] {
        let Self { events, commands, orders, requests, lost, doubled, diverged, .. } = self;
        [events, commands, orders, requests, lost, doubled, diverged]
    }

    /// What a process tells the one that started it.
    fn figures(mut self) -> Value {
        let counts = self.counts().map(|count| *count);
        json!({"counts": counts, "faults": self.faults})
    }

    fn take(&mut self, figures: &Value) {
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        let counts = figures["counts"].as_array().into_iter().flatten();
        for (count, more) in self.counts().into_iter().zip(counts) {
            *count += number(more);
        }
        for (fault, count) in figures["faults"].as_object().into_iter().flatten() {
            *self.faults.entry(fault.clone()).or_default() += number(count);
        }
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(seed) = args.seed {
        return explain(seed);
    }
    if let Some(step) = args.step {
        // Whoever started it keeps the input open as long as it wants the figures.
        std::thread::spawn(|| {
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            std::process::exit(1);
        });
        println!("{}", run(&args, step).figures());
        return ExitCode::SUCCESS;
    }
    let begun = Instant::now();
    let sum = if args.processes > 1 { share(&args) } else { Ok(run(&args, 1)) };
    match sum {
        Ok(sum) => report(&args, &sum, begun),
        Err(error) => {
            eprintln!("simulate: a process did not end as it should: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs seeds one after the other, each `step` apart.
fn run(args: &Args, step: u64) -> Sum {
    let mut sum = Sum::default();
    let mut simulator = Simulator::new();
    for at in (0..args.seeds).step_by(usize::try_from(step.max(1)).unwrap_or(usize::MAX)) {
        let seed = args.from.saturating_add(at);
        sum.add(seed, simulator.run(seed));
    }
    sum
}

/// Runs the seeds in several processes, and tells which fail as soon as they do.
fn share(args: &Args) -> io::Result<Sum> {
    let count = args.processes.min(args.seeds.max(1));
    let mut processes = Vec::new();
    for at in 0..count {
        processes.push(start(args, at, count)?);
    }
    let (told, heard) = mpsc::channel();
    let sum = std::thread::scope(|scope| {
        for process in &mut processes {
            let output =
                process.stdout.take().into_iter().flat_map(|it| BufReader::new(it).lines());
            let told = told.clone();
            scope.spawn(move || output.map_while(Result::ok).all(|line| told.send(line).is_ok()));
        }
        drop(told);
        let (mut sum, mut ended) = (Sum::default(), 0);
        for line in heard {
            match serde_json::from_str(&line) {
                Ok(figures) => {
                    sum.take(&figures);
                    ended += 1;
                }
                Err(_) => sum.fails(&line),
            }
        }
        (ended == count).then_some(sum)
    });
    for mut process in processes {
        process.wait()?;
    }
    sum.ok_or_else(|| io::Error::other("its figures are missing"))
}

fn start(args: &Args, at: u64, step: u64) -> io::Result<Child> {
    let from = args.from.saturating_add(at);
    let seeds = args.seeds.saturating_sub(at);
    let numbers = [("--from", from), ("--seeds", seeds), ("--step", step)];
    Command::new(std::env::current_exe()?)
        .args(numbers.iter().flat_map(|(name, number)| [(*name).to_owned(), number.to_string()]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
}

fn report(args: &Args, sum: &Sum, begun: Instant) -> ExitCode {
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
    if let Some((seed, _)) = sum.failing.first().and_then(|line| line.split_once(':')) {
        println!("see one: simulate --{seed}");
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
