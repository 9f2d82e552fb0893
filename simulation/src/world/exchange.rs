//! Requests and answers of the pages.

use std::rc::Rc;

use orderkit::client::{Retry, Step};

use super::{Event, HostOf, Sent, Turn, World, shop_name, unreached};
use crate::{
    device::page::{Page, PageFault},
    network::Fates,
    plan::Chance,
    server::{Answer, shop},
};

/// How long a page waits for an answer.
const TIME_OUT_MS: i64 = 60_000;
/// How often a page asks without being told that there is news: seldom, so that little of a run is spent on it.
const POLL_MS: i64 = 240_000;
/// How soon the next page holds the lock when one is gone.
const TAKE_OVER_MS: i64 = 40;
/// How long a page does other work while it reads an answer in pieces.
const READING_MS: std::ops::Range<i64> = 1..30_000;
/// How long a poke is on its way.
const POKE_MS: i64 = 30;
/// After so long somebody looks at a page that stopped.
const LOOK_MS: i64 = 120_000;

impl World<'_> {
    /// A page takes its turn after a while.
    pub(super) fn turn_after(
        &mut self,
        device: usize,
        page: u64,
        wait_ms: i64,
        ends_with_news: bool,
    ) {
        let turn = self.turns.entry(page).or_default();
        turn.number += 1;
        turn.ends_with_news = ends_with_news;
        let number = turn.number;
        self.after(wait_ms, Event::Turn { device, page, turn: number });
    }

    /// There is something to exchange: whoever waits for news stops waiting.
    pub(super) fn wake(&mut self, device: usize) {
        let pages: Vec<u64> = self.devices[device]
            .pages
            .iter()
            .filter(|(_, page)| page.is_leader && !page.is_stopped && page.waits_for.is_none())
            .map(|(id, _)| *id)
            .collect();
        for page in pages {
            if self.turns.get(&page).is_some_and(|turn: &Turn| turn.ends_with_news) {
                self.turn_after(device, page, 0, false);
            }
        }
    }

    /// Somebody makes a page exchange again that had stopped.
    pub(super) fn start_again(&mut self, device: usize, page: u64) {
        let Some(it) = self.devices[device].page(page) else { return };
        if !it.is_leader {
            return;
        }
        it.is_stopped = false;
        it.waits_for = None;
        it.client.begin_exchange(Retry::default());
        self.turn_after(device, page, 0, false);
    }

    /// A page draws up a request and sends it.
    pub(super) fn take_turn(&mut self, device: usize, page: u64) {
        let frozen_ms = self.devices[device].frozen_until_ms - self.now_ms;
        if frozen_ms > 0 {
            self.turn_after(device, page, frozen_ms, false);
            return;
        }
        self.arm_disk(device);
        let now_ms = shop::START_MS + self.now_ms + self.devices[device].clock_ahead_ms;
        let is_revoked = self.devices[device].revoked_until_ms > self.now_ms;
        let is_offline = self.devices[device].offline_until_ms > self.now_ms;
        let it = &mut self.devices[device];
        let (tenant, has_stale_token) = (it.tenant, it.has_stale_token);
        let Some((_, open)) = it.pages.iter_mut().find(|(id, _)| *id == page) else { return };
        let mut host = HostOf { now_ms, random: &mut self.random };
        let body = match open.request(&mut it.disk, &mut host) {
            Ok(body) => body,
            Err(PageFault::Ended) => return self.end_page(device, page),
            Err(PageFault::Storage) => {
                let step = open.client.could_not_store(host.random.u32(..));
                return self.act_on(device, page, &step);
            }
        };
        self.outcome.requests += 1;
        self.ids += 1;
        let request = self.ids;
        if let Some(open) = self.devices[device].page(page) {
            open.is_reading = false;
            open.waits_for = Some(request);
        }
        if is_offline {
            let sent = Rc::new(Sent {
                id: request,
                device,
                page,
                tenant,
                is_allowed: true,
                body: Vec::new(),
                between: None,
                trouble: None,
            });
            return self.after(1, Event::Answer { sent, answer: unreached() });
        }
        self.after(TIME_OUT_MS, Event::TimeOut { device, page, request });
        self.send(device, page, request, body, !has_stale_token && !is_revoked);
    }

    fn send(
        &mut self,
        device: usize,
        page: u64,
        request: u64,
        mut body: Vec<u8>,
        is_allowed: bool,
    ) {
        let chances = self.chances();
        let mut fates = Fates { random: &mut self.random, chances, met: Vec::new() };
        let fate = fates.request(body.len());
        for chance in fates.met {
            self.met(chance);
        }
        if let Some(cut) = fate.cut {
            body.truncate(cut);
        }
        let tenant = self.devices[device].tenant;
        let (between, trouble) = (fate.between, fate.trouble);
        let sent =
            Rc::new(Sent { id: request, device, page, tenant, is_allowed, body, between, trouble });
        if self.captured.len() < 4 {
            self.captured.push(Rc::clone(&sent));
        }
        // A request that was cut never arrives whole: the server's HTTP does not hand it on.
        if fate.cut.is_some() {
            return;
        }
        for wait_ms in fate.arrivals_ms {
            self.after(wait_ms, Event::Arrival(Rc::clone(&sent)));
        }
    }

    /// A request is at the server.
    pub(super) fn arrive(&mut self, sent: &Rc<Sent>) {
        let answer = match &sent.between {
            Some(between) => Some(between.clone()),
            None if !sent.is_allowed => Some(refused_token()),
            None => self.decide(sent),
        };
        let Some(answer) = answer else { return };
        let chances = self.chances();
        let mut fates = Fates { random: &mut self.random, chances, met: Vec::new() };
        let fate = fates.answer(answer.body.len());
        for chance in fates.met {
            self.met(chance);
        }
        let Some((wait_ms, cut)) = fate else { return };
        let mut answer = answer;
        if let Some(cut) = cut {
            answer.body.truncate(cut);
        }
        self.after(wait_ms, Event::Answer { sent: Rc::clone(sent), answer });
    }

    fn decide(&mut self, sent: &Rc<Sent>) -> Option<Answer> {
        let tenant = shop_name(sent.tenant);
        let actor = self.devices[sent.device].actor.clone();
        let before = self.server.head(tenant);
        let trouble = if self.is_calm { None } else { sent.trouble };
        let answer = self.server.answer(tenant, &actor, &sent.body, trouble);
        let after = self.server.head(tenant);
        if let Some(answer) = &answer {
            self.watch.answered(sent.tenant, &actor, answer, &mut self.outcome.broken);
        }
        if after != before {
            self.poke(sent.tenant);
        }
        answer
    }

    /// Tells the devices of a shop that there is news.
    pub(super) fn poke(&mut self, tenant: usize) {
        for device in 0..self.devices.len() {
            if self.devices[device].tenant != tenant {
                continue;
            }
            let is_lost = self.chances().contains(&Chance::LosePoke) && self.random.bool();
            if is_lost {
                self.met(Chance::LosePoke);
            } else {
                self.after(POKE_MS, Event::Poke { device });
            }
        }
    }

    /// An answer is at the page, or its time is over.
    pub(super) fn hear(&mut self, sent: &Sent, answer: &Answer) {
        let (device, page) = (sent.device, sent.page);
        let frozen_ms = self.devices[device].frozen_until_ms - self.now_ms;
        if frozen_ms > 0 {
            let sent = Rc::new(Sent { body: Vec::new(), between: None, ..*sent });
            return self.after(frozen_ms, Event::Answer { sent, answer: answer.clone() });
        }
        self.arm_disk(device);
        if self.begins_to_read(sent, answer) {
            return;
        }
        let now_ms = shop::START_MS + self.now_ms + self.devices[device].clock_ahead_ms;
        let it = &mut self.devices[device];
        let Some((_, open)) = it.pages.iter_mut().find(|(id, _)| *id == page) else { return };
        // The page has given this request up, or has an answer to it already.
        if open.waits_for != Some(sent.id) {
            return;
        }
        open.waits_for = None;
        let before = self.watch.before(&open.client);
        let waiting = self.watch.waiting(&it.disk, &open.client);
        let mut host = HostOf { now_ms, random: &mut self.random };
        let applied = open.hear(&mut it.disk, &mut host, &answer.response, &answer.body);
        let still_open = (!matches!(applied, Err(PageFault::Ended))).then_some(&open.client);
        self.watch.heard(waiting, &it.disk, still_open);
        match applied {
            Err(PageFault::Ended) => self.end_page(device, page),
            Err(PageFault::Storage) => self.turn_after(device, page, 1_000, false),
            Ok(applied) => {
                let client = &open.client;
                self.watch.applied(&before, client, &applied, &mut self.outcome.broken);
                self.act_on(device, page, &applied.step);
            }
        }
    }

    /// Whether a page reads some changes of an answer, and other things happen before it reads the rest.
    fn begins_to_read(&mut self, sent: &Sent, answer: &Answer) -> bool {
        let begins = |it: &mut Page| {
            it.waits_for == Some(sent.id) && !it.is_reading && answer.typed.is_some()
        };
        let page = self.devices[sent.device].page(sent.page);
        if !page.is_some_and(begins) || !self.meets_later(Chance::AnswerInPieces, 2) {
            return false;
        }
        let (changes, wait_ms) = (self.random.usize(0..4), self.random.i64(READING_MS));
        let Some(page) = self.devices[sent.device].page(sent.page) else { return false };
        let begun = page.client.begin_answer(&answer.body);
        page.is_reading = begun.and_then(|_| page.client.read_changes(changes)).is_ok();
        if page.is_reading {
            let sent = Rc::new(Sent { body: Vec::new(), between: None, ..*sent });
            self.after(wait_ms, Event::Answer { sent, answer: answer.clone() });
            return true;
        }
        false
    }

    /// Does what follows an answer.
    fn act_on(&mut self, device: usize, page: u64, step: &Step) {
        match step {
            Step::Take | Step::Again | Step::Rename | Step::SetAside { .. } => {
                self.turn_after(device, page, 1, false);
            }
            Step::RefreshToken => {
                self.devices[device].has_stale_token = false;
                self.turn_after(device, page, 1, false);
            }
            Step::Rest => {
                self.pack(device, page);
                self.turn_after(device, page, POLL_MS, true);
            }
            Step::Offline { wait_ms } => self.turn_after(device, page, *wait_ms, true),
            Step::Later { wait_ms, .. } => self.turn_after(device, page, *wait_ms, false),
            Step::Stop { .. } => {
                if let Some(open) = self.devices[device].page(page) {
                    open.is_stopped = true;
                }
                // Somebody will look at it, and try again.
                self.turn_after(device, page, LOOK_MS, false);
            }
        }
    }

    fn pack(&mut self, device: usize, page: u64) {
        let now_ms = shop::START_MS + self.now_ms + self.devices[device].clock_ahead_ms;
        let it = &mut self.devices[device];
        let Some((_, open)) = it.pages.iter_mut().find(|(id, _)| *id == page) else { return };
        let mut host = HostOf { now_ms, random: &mut self.random };
        if open.pack(&mut it.disk, &mut host).is_err() {
            self.end_page(device, page);
        }
    }

    /// A page is gone: the next one takes over, or somebody opens another.
    pub(super) fn end_page(&mut self, device: usize, page: u64) {
        self.watch.ended(&self.devices[device], device, page);
        let it = &mut self.devices[device];
        it.pages.retain(|(id, _)| *id != page);
        self.turns.remove(&page);
        if it.pages.is_empty() {
            self.open_page(device);
        } else if it.leader().is_none()
            && let Some((next, open)) = it.pages.first_mut()
        {
            open.is_leader = true;
            let next = *next;
            open.client.begin_exchange(Retry::default());
            self.turn_after(device, next, TAKE_OVER_MS, false);
        }
    }
}

fn refused_token() -> Answer {
    let issue = orderkit::Issue::new(orderkit::Code::TokenInvalid, "");
    let response = orderkit::client::Response {
        status: 401,
        is_json: true,
        issue: Some(issue),
        retry_after_ms: None,
    };
    Answer { response, body: Vec::new(), typed: None }
}
