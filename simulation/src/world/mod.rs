//! A whole shop at work: devices, server and network under one clock, one event after the other.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    rc::Rc,
};

use fastrand::Rng;
use orderkit::{Actor, Rules, client::Response};
use uuid::Uuid;

use crate::{
    device::{
        Device,
        disk::Disk,
        page::{Host, Page},
    },
    invariants::Watch,
    plan::{Chance, Plan},
    server::{Answer, Server, shop},
};

mod act;
mod exchange;
mod happen;

/// After everything works again, a shop must come to rest within so long, in simulated time.
const REST_WITHIN_MS: i64 = 3 * 60 * 60_000;
/// Events after which a run is given up: it goes round in circles.
const MAX_EVENTS: u32 = 20_000;

/// What can happen next.
#[derive(Debug)]
enum Event {
    /// Something of the plan, by its position.
    Planned(usize),
    /// A page draws up its next request. An older turn than its last one is void.
    Turn { device: usize, page: u64, turn: u64 },
    /// A request is at the server.
    Arrival(Rc<Sent>),
    /// An answer is at the page.
    Answer { sent: Rc<Sent>, answer: Answer },
    /// A page has waited for an answer long enough.
    TimeOut { device: usize, page: u64, request: u64 },
    /// A page hears that there is news.
    Poke { device: usize },
}

/// A request on its way.
#[derive(Debug)]
pub struct Sent {
    id: u64,
    device: usize,
    page: u64,
    tenant: usize,
    /// Whether its token is good.
    is_allowed: bool,
    body: Vec<u8>,
    between: Option<Answer>,
    trouble: Option<crate::server::Trouble>,
}

/// When the next turn of a page is due, and whether something may bring it forward.
#[derive(Clone, Copy, Debug, Default)]
struct Turn {
    number: u64,
    /// Whether news end the waiting.
    ends_with_news: bool,
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub events: u32,
    pub commands: u32,
    pub orders: u32,
    pub requests: u32,
    pub faults: BTreeMap<String, u32>,
    /// What was broken, in words; nothing if all held.
    pub broken: Vec<String>,
}

/// A shop at work.
pub struct World<'a> {
    plan: &'a Plan,
    server: &'a mut Server,
    devices: Vec<Device>,
    rules: Rc<Rules>,
    now_ms: i64,
    random: Rng,
    ids: u64,
    queue: BinaryHeap<Reverse<(i64, u64)>>,
    events: BTreeMap<u64, Event>,
    turns: BTreeMap<u64, Turn>,
    /// Requests that somebody on the way kept.
    captured: Vec<Rc<Sent>>,
    rules_version: u64,
    watch: Watch,
    outcome: Outcome,
    is_calm: bool,
    /// Whether to print what happens.
    pub is_told: bool,
}

impl<'a> World<'a> {
    /// Everybody at the start.
    pub fn new(plan: &'a Plan, server: &'a mut Server, rules: &Rc<Rules>) -> Self {
        server.reset(plan.seed);
        let mut world = Self {
            plan,
            server,
            devices: Vec::new(),
            rules: Rc::clone(rules),
            now_ms: 0,
            random: Rng::with_seed(plan.seed ^ 0x9e37_79b9_7f4a_7c15),
            ids: 0,
            queue: BinaryHeap::new(),
            events: BTreeMap::new(),
            turns: BTreeMap::new(),
            captured: Vec::new(),
            rules_version: 0,
            watch: Watch::default(),
            outcome: Outcome::default(),
            is_calm: false,
            is_told: false,
        };
        for worker in &plan.workers {
            world.add_device(worker.tenant, shop::actor(worker.user, worker.role), Disk::default());
        }
        for (at, planned) in plan.events.iter().enumerate() {
            world.at(planned.at_ms, Event::Planned(at));
        }
        world
    }

    fn add_device(&mut self, tenant: usize, actor: Actor, disk: Disk) -> usize {
        let device = self.devices.len();
        self.devices.push(Device {
            tenant,
            actor,
            disk,
            pages: Vec::new(),
            clock_ahead_ms: 0,
            offline_until_ms: 0,
            frozen_until_ms: 0,
            revoked_until_ms: 0,
            has_stale_token: false,
            rules: Rc::clone(&self.rules),
        });
        self.open_page(device);
        device
    }

    /// Runs to the end, and says what came of it.
    pub fn run(mut self) -> Outcome {
        let mut has_met_calm = false;
        while let Some(Reverse((at_ms, key))) = self.queue.pop() {
            if at_ms >= self.plan.calm_ms && !has_met_calm {
                has_met_calm = true;
                self.calm();
            }
            self.now_ms = self.now_ms.max(at_ms);
            self.server.set_time(shop::START_MS + self.now_ms);
            let Some(event) = self.events.remove(&key) else { continue };
            if self.is_told {
                self.tell(&event);
            }
            self.happen(event);
            self.outcome.events += 1;
            if self.outcome.events > MAX_EVENTS {
                self.broken("I8", "the shop does not come to rest: it goes round in circles");
                break;
            }
            if has_met_calm && self.is_at_rest() && self.is_known_to_all() {
                break;
            }
            if self.now_ms > self.plan.calm_ms + REST_WITHIN_MS {
                let waiting: Vec<String> = self.who_waits();
                self.broken(
                    "I8",
                    &format!("the shop does not come to rest: {}", waiting.join("; ")),
                );
                break;
            }
        }
        if self.outcome.broken.is_empty() {
            self.check_end();
        }
        self.outcome
    }

    fn tell(&self, event: &Event) {
        let what = match event {
            Event::Planned(at) => {
                let planned = self.plan.events[*at];
                format!("device {}: {:?}", planned.device, planned.what)
            }
            Event::Turn { device, page, .. } => format!("device {device} page {page}: turn"),
            Event::Arrival(sent) => {
                let trouble = (&sent.trouble, sent.between.is_some());
                format!("request {} of page {} arrives {trouble:?}", sent.id, sent.page)
            }
            Event::Answer { sent, answer } => {
                let status = answer.response.status;
                format!("answer {status} to request {} of page {}", sent.id, sent.page)
            }
            Event::TimeOut { page, request, .. } => {
                format!("page {page}: request {request} is late")
            }
            Event::Poke { device } => format!("device {device}: poke"),
        };
        let stored: Vec<String> = self.devices.iter().map(Device::told).collect();
        println!("{:>9} {what:<60} {}", self.now_ms, stored.join(" | "));
    }

    /// From here on everything works.
    fn calm(&mut self) {
        self.is_calm = true;
        for device in 0..self.devices.len() {
            let it = &mut self.devices[device];
            it.disk.heal();
            it.offline_until_ms = 0;
            it.frozen_until_ms = 0;
            it.revoked_until_ms = 0;
            if it.pages.is_empty() {
                self.open_page(device);
            }
            // Somebody acts on what had stopped.
            let pages: Vec<u64> = self.devices[device].pages.iter().map(|(id, _)| *id).collect();
            for page in pages {
                self.start_again(device, page);
            }
        }
    }

    /// Whether every leading page has exchanged all, and knows all that there is.
    fn is_at_rest(&mut self) -> bool {
        let is_quiet = !self.events.values().any(|event| {
            matches!(event, Event::Arrival(_) | Event::Answer { .. } | Event::Planned(_))
        });
        is_quiet && self.who_waits().is_empty()
    }

    /// Whether pages that do not exchange have nothing to add when they read what the others stored.
    fn is_known_to_all(&mut self) -> bool {
        for device in 0..self.devices.len() {
            self.refresh_pages(device);
        }
        let waiting = self.who_waits();
        for device in 0..self.devices.len() {
            self.wake(device);
        }
        waiting.is_empty()
    }

    fn who_waits(&mut self) -> Vec<String> {
        let mut waiting = Vec::new();
        for at in 0..self.devices.len() {
            let device = &self.devices[at];
            let head = self.server.head(shop_name(device.tenant));
            for (id, page) in &device.pages {
                let progress = page.client.progress();
                let since = progress.position.since.as_ref();
                let is_behind = since.is_none_or(|it| (&it.epoch, it.seq) != (&head.0, head.1));
                let stored = device.disk.stored();
                let unsent = stored.outbox.values().filter(|it| it.verdict.is_none()).count();
                // Pages that do not exchange read on when they next do something.
                if page.is_leader && (unsent > 0 || is_behind || page.waits_for.is_some()) {
                    let at_seq = since.map(|it| it.seq);
                    waiting.push(format!(
                        "device {at} page {id}: {unsent} unsent, at {at_seq:?} of {}, stopped {}",
                        head.1, page.is_stopped
                    ));
                }
            }
        }
        waiting
    }

    fn at(&mut self, at_ms: i64, event: Event) -> u64 {
        self.ids += 1;
        self.queue.push(Reverse((at_ms, self.ids)));
        self.events.insert(self.ids, event);
        self.ids
    }

    fn after(&mut self, wait_ms: i64, event: Event) {
        self.at(self.now_ms.saturating_add(wait_ms.max(0)), event);
    }

    fn met(&mut self, fault: impl std::fmt::Debug) {
        if self.is_calm {
            return;
        }
        let name = format!("{fault:?}");
        let name = name.split('(').next().unwrap_or_default().to_owned();
        *self.outcome.faults.entry(name).or_default() += 1;
    }

    pub(crate) fn broken(&mut self, invariant: &str, what: &str) {
        self.outcome.broken.push(format!("{invariant}: {what}"));
    }

    fn chances(&self) -> &'a [Chance] {
        if self.is_calm { &[] } else { &self.plan.chances }
    }

    /// Whether something happens that the plans of the first runs do not know: it draws nothing in those that are without it.
    fn meets_later(&mut self, chance: Chance, one_in: u8) -> bool {
        let happens = self.chances().contains(&chance) && self.random.u8(0..one_in) == 0;
        if happens {
            self.met(chance);
        }
        happens
    }

    /// Whether the transaction that comes next meets a fault of the storage.
    fn arm_disk(&mut self, device: usize) {
        use crate::device::disk::DiskFault;
        let chances = self.chances();
        let mut fates =
            crate::network::Fates { random: &mut self.random, chances, met: Vec::new() };
        let faults = [
            (Chance::DiskFull, DiskFault::Full),
            (Chance::DiskLost, DiskFault::Lost),
            (Chance::EndedBefore, DiskFault::EndedBefore),
            (Chance::EndedAfter, DiskFault::EndedAfter),
        ];
        let armed = faults.into_iter().find(|(chance, _)| fates.meets(*chance, 12));
        let disk = &mut self.devices[device].disk;
        disk.heal();
        if let Some((chance, fault)) = armed {
            disk.faults.push(fault);
            self.met(chance);
        }
        if self.meets_later(Chance::ReadBreaksOff, 4) {
            self.devices[device].disk.breaks_after = Some(self.random.u32(0..4));
        }
    }
}

/// What the checks at the end look at.
impl World<'_> {
    pub(crate) fn server(&self) -> &Server {
        self.server
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    pub(crate) fn device_count(&self) -> usize {
        self.devices.len()
    }

    pub(crate) fn who(&self, device: usize) -> (usize, Actor) {
        (self.devices[device].tenant, self.devices[device].actor.clone())
    }

    pub(crate) fn disk(&self, device: usize) -> &Disk {
        &self.devices[device].disk
    }

    pub(crate) fn pages(&self, device: usize) -> impl Iterator<Item = (u64, &Page)> {
        self.devices[device].pages.iter().map(|(id, page)| (*id, page))
    }

    /// Pages that do not exchange read what the others stored, as when somebody looks at them and opens every order.
    pub(crate) fn refresh_pages(&mut self, device: usize) {
        let it = &mut self.devices[device];
        it.disk.heal();
        let mut host = HostOf { now_ms: shop::START_MS + self.now_ms, random: &mut self.random };
        for (_, page) in &mut it.pages {
            // What cannot be read shows in the check that follows.
            let _ = page.open_all(&mut it.disk, &mut host);
        }
    }

    pub(crate) fn count_orders(&mut self, orders: usize) {
        let orders = u32::try_from(orders).unwrap_or(u32::MAX);
        self.outcome.orders = self.outcome.orders.saturating_add(orders);
    }

    pub(crate) fn add_broken(&mut self, faults: Vec<String>) {
        self.outcome.broken.extend(faults);
    }
}

/// The name of a shop by its position.
pub fn shop_name(tenant: usize) -> &'static str {
    shop::TENANTS[tenant]
}

/// What a page has of its device: the clock as it is set there.
pub(crate) struct HostOf<'a> {
    pub now_ms: i64,
    pub random: &'a mut Rng,
}

impl Host for HostOf<'_> {
    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn new_id(&mut self) -> Uuid {
        new_id(self.random)
    }

    fn random(&mut self) -> u32 {
        self.random.u32(..)
    }
}

/// An id as a browser makes it. Its time is of no importance.
pub(crate) fn new_id(random: &mut Rng) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(
        1_764_000_000_000,
        &random.u128(..).to_be_bytes()[..10].try_into().unwrap_or([0; 10]),
    )
    .into_uuid()
}

/// An answer of nobody: the server was not reached.
fn unreached() -> Answer {
    Answer { response: Response::default(), body: Vec::new(), typed: None }
}
