//! A year of orders on many devices that lose their network, their time and sometimes themselves.

use std::collections::BTreeMap;

use orderkit::{
    TimeZone,
    numbering::{
        GapReport, NumberInputs, Pattern, PatternOptions, Series, Span, device_code, gap_report,
        needs_block, next_block,
    },
};

use crate::random::Random;

const DAY_MS: i64 = 86_400_000;
/// 1 January 2026, 00:00 UTC.
const START_MS: i64 = 1_767_225_600_000;
/// The server's own code is the first; see `server/src/sync/device.rs`.
const SERVER_CODE: u64 = 0;

/// How much is simulated.
#[derive(Clone, Copy)]
pub struct Extent {
    pub devices: usize,
    pub orders_per_day: u64,
    pub days: i64,
}

/// What came of it.
#[derive(Default)]
pub struct Outcome {
    pub orders: usize,
    pub duplicates: usize,
    pub offline: usize,
    pub provisional: usize,
    pub clock_jumps: usize,
    pub clock_suspect: usize,
    pub discarded: usize,
    pub returned: u64,
    pub lost_answers: usize,
    pub lost_devices: usize,
    pub series: usize,
    pub totals: Totals,
}

/// The gap reports of all series added up.
#[derive(Default)]
pub struct Totals {
    pub given: u64,
    pub used: u64,
    pub void: u64,
    pub open: u64,
    pub missing: u64,
}

struct Device {
    id: usize,
    code: String,
    series: Series,
    leases: Vec<Span>,
    /// How far its clock is off.
    clock_ms: i64,
    offline_until: i64,
    /// Serials that it used and has not sent.
    unsent: Vec<u64>,
}

/// The part of a server that numbers: the counter of blocks, who holds which, and what was used.
struct Server {
    code: String,
    series: Series,
    next: u64,
    held: BTreeMap<u64, (Span, usize)>,
    used: BTreeMap<String, Vec<Span>>,
    void: BTreeMap<String, Vec<Span>>,
}

pub struct Simulation {
    pattern: Pattern,
    zone: TimeZone,
    random: Random,
    devices: Vec<Device>,
    server: Server,
    next_code: u64,
    numbers: Vec<[u8; 24]>,
    outcome: Outcome,
}

impl Simulation {
    pub fn new(pattern: &str, block_size: Option<u32>, key: Option<&str>, seed: u64) -> Self {
        let pattern = Pattern::of_shop(pattern, PatternOptions { block_size, key }).unwrap();
        let code = device_code(SERVER_CODE, pattern.device_length()).unwrap();
        Self {
            pattern,
            zone: berlin(),
            random: Random(seed),
            devices: Vec::new(),
            server: Server {
                code,
                series: Series::default(),
                next: 1,
                held: BTreeMap::new(),
                used: BTreeMap::new(),
                void: BTreeMap::new(),
            },
            next_code: SERVER_CODE + 1,
            numbers: Vec::new(),
            outcome: Outcome::default(),
        }
    }

    pub fn run(mut self, extent: Extent) -> Outcome {
        for at in 0..extent.devices {
            let device = self.fresh(at);
            self.devices.push(device);
        }
        let count = extent.orders_per_day;
        let spacing = DAY_MS / i64::try_from(count).unwrap();
        for day in 0..extent.days {
            for order in 0..i64::try_from(count).unwrap() {
                let at = usize::try_from(self.random.below(extent.devices as u64)).unwrap();
                self.order(at, START_MS + day * DAY_MS + order * spacing);
            }
            self.night(START_MS + (day + 1) * DAY_MS);
        }
        self.finish()
    }

    fn fresh(&mut self, id: usize) -> Device {
        let code = device_code(self.next_code, self.pattern.device_length()).unwrap_or_default();
        self.next_code += 1;
        Device {
            id,
            code,
            series: Series::default(),
            leases: Vec::new(),
            clock_ms: 0,
            offline_until: 0,
            unsent: Vec::new(),
        }
    }

    fn order(&mut self, at: usize, now_ms: i64) {
        self.trouble(at, now_ms);
        let is_offline = now_ms < self.devices[at].offline_until;
        if !is_offline {
            self.sync(at);
        }
        self.outcome.orders += 1;
        self.outcome.offline += usize::from(is_offline);
        let Self { pattern, zone, random, .. } = self;
        let device = &mut self.devices[at];
        // Nobody stores the counter of an order that is not placed: it is as if it had not been.
        let mut series = device.series.clone();
        let clock_ms = now_ms + device.clock_ms;
        if random.once_in(200) {
            let _ = series.advance(pattern, clock_ms, zone, &device.leases);
            series = device.series.clone();
            self.outcome.discarded += 1;
        }
        let turn = series.advance(pattern, clock_ms, zone, &device.leases);
        // A clock that is years behind for months can use up the one day that it is kept in.
        let last = pattern.last_serial().unwrap_or(u64::MAX);
        let Some(turn) = turn.filter(|turn| turn.serial <= last) else {
            self.outcome.provisional += 1;
            self.number_at_server(now_ms);
            return;
        };
        device.series = series;
        self.outcome.clock_suspect += usize::from(turn.clock_suspect);
        let (code, serial) = (device.code.clone(), turn.serial);
        device.unsent.push(serial);
        self.give(&code, serial, turn.at_ms);
    }

    /// What goes wrong now and then.
    fn trouble(&mut self, at: usize, now_ms: i64) {
        let random = &mut self.random;
        let device = &mut self.devices[at];
        if random.once_in(400) {
            let hours = i64::try_from(random.below(72)).unwrap();
            device.offline_until = now_ms + hours * 3_600_000;
        }
        if device.clock_ms != 0 && random.once_in(300) {
            device.clock_ms = 0;
        }
        if random.once_in(1_000) {
            // Ahead or back, by seconds, hours, days or a year; or right again.
            let unit = [1_000, 3_600_000, DAY_MS, 365 * DAY_MS][random.below(4) as usize];
            let steps = i64::try_from(random.below(9)).unwrap() - 4;
            device.clock_ms = if random.once_in(3) { 0 } else { unit * steps.clamp(-4, 2) };
            self.outcome.clock_jumps += 1;
        }
    }

    /// Sends what waits; the server leases a block where a fifth or less is left.
    fn sync(&mut self, at: usize) {
        let device = &mut self.devices[at];
        device.unsent.clear();
        let Some(size) = self.pattern.block_size() else { return };
        let last = device.series.last;
        // A block that is used up is no longer held.
        let id = device.id;
        self.server.held.retain(|_, (span, holder)| *holder != id || span.to > last + 1);
        let mine = |server: &Server| -> Vec<Span> {
            let own = server.held.values().filter(|(_, holder)| *holder == id);
            own.map(|(span, _)| *span).collect()
        };
        let mut held = mine(&self.server);
        if needs_block(&held, last, size) {
            let block = next_block(self.server.next, size, self.pattern.last_serial().unwrap());
            if let Some(block) = block {
                self.server.next = self.server.next.max(block.to);
                self.server.held.insert(block.from, (block, device.id));
                held.push(block);
            }
        }
        // An answer that is lost comes again: the server tells all blocks each time.
        if self.random.once_in(20) {
            self.outcome.lost_answers += 1;
        } else {
            self.devices[at].leases = held;
        }
    }

    /// Once a day devices go home: some give back their blocks, and one in a while is lost.
    fn night(&mut self, now_ms: i64) {
        for at in 0..self.devices.len() {
            if self.random.once_in(2_000) {
                self.lose(at);
            } else if self.random.once_in(30) && now_ms >= self.devices[at].offline_until {
                self.give_back(at);
            }
        }
    }

    fn give_back(&mut self, at: usize) {
        self.devices[at].leases.clear();
        self.outcome.returned += self.void_rest(at);
    }

    /// A lost device takes its counter with it: another one with another code comes in its place, and
    /// the rest of its blocks is void.
    fn lose(&mut self, at: usize) {
        self.outcome.lost_devices += 1;
        self.void_rest(at);
        let id = self.outcome.lost_devices * 1_000 + at;
        self.devices[at] = self.fresh(id);
    }

    /// What a device has not used of its blocks is recorded void, and used by nobody.
    fn void_rest(&mut self, at: usize) -> u64 {
        let (id, last) = (self.devices[at].id, self.devices[at].series.last);
        let (own, others): (Vec<_>, Vec<_>) = core::mem::take(&mut self.server.held)
            .into_iter()
            .partition(|(_, (_, holder))| *holder == id);
        self.server.held.extend(others);
        let rest: Vec<Span> = own.into_iter().map(|(_, (span, _))| span.after(last)).collect();
        let count = rest.iter().map(|span| span.count()).sum();
        self.server.void.entry("shop".to_owned()).or_default().extend(rest);
        count
    }

    /// The server's own number, for an order that came with a provisional one.
    fn number_at_server(&mut self, now_ms: i64) {
        let code = self.server.code.clone();
        let leased = self.pattern.block_size().map(|_| {
            let block = Span { from: self.server.next, to: self.server.next + 1 };
            self.server.next += 1;
            block
        });
        let leases: Vec<Span> = leased.into_iter().collect();
        let turn = self.server.series.advance(&self.pattern, now_ms, &self.zone, &leases);
        let turn = turn.unwrap();
        self.give(&code, turn.serial, turn.at_ms);
    }

    fn give(&mut self, code: &str, serial: u64, at_ms: i64) {
        let random: [u8; 64] = self.random.bytes();
        let inputs = NumberInputs { at_ms, device: code, sequence: serial, random: &random };
        let number = self.pattern.generate(inputs, &self.zone).unwrap();
        let mut fixed = [0; 24];
        fixed[..number.len()].copy_from_slice(number.as_bytes());
        self.numbers.push(fixed);
        if self.pattern.has_sequence() {
            let series = self.pattern.series(code, &self.pattern.period(at_ms, &self.zone));
            self.server.used.entry(series).or_default().push(Span { from: serial, to: serial + 1 });
        }
    }

    fn finish(mut self) -> Outcome {
        self.numbers.sort_unstable();
        self.outcome.duplicates = self.numbers.windows(2).filter(|pair| pair[0] == pair[1]).count();
        let held: Vec<Span> = self.server.held.values().map(|(span, _)| *span).collect();
        let is_leased = self.pattern.is_leased();
        for (series, used) in &self.server.used {
            let void = self.server.void.get(series).map(Vec::as_slice).unwrap_or_default();
            let report = gap_report(series, used, void, if is_leased { &held } else { &[] });
            self.outcome.totals.add(&report);
            self.outcome.series += 1;
        }
        self.outcome
    }
}

impl Totals {
    fn add(&mut self, report: &GapReport) {
        self.given += report.given;
        self.used += report.used;
        self.void += report.void;
        self.open += report.open;
        self.missing += report.missing;
    }
}

/// Europe/Berlin in 2026, with both changes of the clock.
fn berlin() -> TimeZone {
    orderkit::json::read(
        br#"{"name": "Europe/Berlin", "offsetMinutes": 60, "transitions": [
            {"fromMs": 1774746000000, "offsetMinutes": 120},
            {"fromMs": 1792890000000, "offsetMinutes": 60}]}"#,
    )
    .unwrap()
}
