//! What happens next: the plan, and what follows from it.

use std::rc::Rc;

use orderkit::client::{Retry, Unsent};

use super::{Event, HostOf, World, shop_name, unreached};
use crate::{
    device::page::{Page, PageFault, nothing},
    plan::{Chance, Planned, What},
    server::shop,
};

impl World<'_> {
    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Planned(at) => {
                let planned = self.plan.events[at];
                self.carry_out(planned);
            }
            Event::Turn { device, page, turn } => {
                let is_current = self.turns.get(&page).is_some_and(|it| it.number == turn);
                let stopped = self.devices[device].page(page).map(|it| it.is_stopped);
                match stopped {
                    Some(true) if is_current => self.start_again(device, page),
                    Some(false) if is_current => self.take_turn(device, page),
                    _ => {}
                }
            }
            Event::Arrival(sent) => self.arrive(&sent),
            Event::Answer { sent, answer } => self.hear(&sent, &answer),
            Event::TimeOut { device, page, request } => {
                let page_at = self.devices[device].page(page);
                // What has come cannot be late any more.
                let waits_for = page_at.filter(|it| !it.is_reading).and_then(|it| it.waits_for);
                if waits_for == Some(request) {
                    let sent = super::Sent {
                        id: request,
                        device,
                        page,
                        tenant: self.devices[device].tenant,
                        is_allowed: true,
                        body: Vec::new(),
                        between: None,
                        trouble: None,
                    };
                    self.hear(&sent, &unreached());
                }
            }
            Event::Poke { device } => self.wake(device),
        }
    }

    fn carry_out(&mut self, planned: Planned) {
        let Planned { device, what, choice, .. } = planned;
        if !matches!(what, What::Place | What::Act | What::Dismiss) {
            self.met(what);
        }
        match what {
            What::Place => self.place(device, choice),
            What::Act => self.act(device, choice),
            What::Dismiss => self.dismiss(device),
            What::OpenPage => self.open_page(device),
            What::ClosePage => {
                if let Some((page, _)) = self.devices[device].pages.first() {
                    let page = *page;
                    self.end_page(device, page);
                }
            }
            What::CutPower => {
                self.devices[device].disk.cut_power();
                self.end_all_pages(device);
            }
            What::Wipe => self.wipe(device),
            What::DamagePage => {
                self.devices[device].disk.damage(usize::try_from(choice % 100_000).unwrap_or(0));
                // It shows when somebody reads it.
                self.end_all_pages(device);
            }
            What::GoOffline(seconds) => {
                self.devices[device].offline_until_ms = self.until(seconds);
            }
            What::Freeze(seconds) => self.devices[device].frozen_until_ms = self.until(seconds),
            What::SecondLeader => self.second_leader(device),
            What::CopyProfile => self.copy_profile(device),
            What::BringUnsent => self.bring_unsent(device),
            What::SetClock(minutes) => {
                self.devices[device].clock_ahead_ms = i64::from(minutes) * 60_000;
            }
            What::ExpireToken => self.devices[device].has_stale_token = true,
            What::Revoke(seconds) => self.devices[device].revoked_until_ms = self.until(seconds),
            What::ChangeRules => {
                self.rules_version += 1;
                let tenant = self.devices[device].tenant;
                self.server.change_rules(shop_name(tenant), self.rules_version);
                self.poke(tenant);
            }
            What::Backup => self.server.back_up(),
            What::Restore => self.restore(),
            What::Replay => {
                let count = self.captured.len();
                if count > 0 {
                    let at = usize::try_from(choice).unwrap_or(0) % count;
                    let sent = Rc::clone(&self.captured[at]);
                    self.after(1, Event::Arrival(sent));
                }
            }
        }
    }

    fn until(&self, seconds: u16) -> i64 {
        self.now_ms + i64::from(seconds) * 1_000
    }

    /// A user opens the application, once more or again.
    pub(super) fn open_page(&mut self, device: usize) {
        let now_ms = shop::START_MS + self.now_ms + self.devices[device].clock_ahead_ms;
        self.devices[device].disk.heal();
        if self.meets_later(Chance::ReadBreaksOff, 2) {
            self.devices[device].disk.breaks_after = Some(self.random.u32(0..6));
        }
        let it = &mut self.devices[device];
        self.watch.opened(&it.disk, &mut self.outcome.broken);
        let mut host = HostOf { now_ms, random: &mut self.random };
        let rules = (*it.rules).clone();
        let opened = Page::open(&mut it.disk, rules, &it.actor, &mut host);
        let Ok(mut page) = opened else {
            return self.broken("I9", "a page cannot be opened on what is stored");
        };
        self.ids += 1;
        let id = self.ids;
        page.client.begin_exchange(Retry::default());
        page.is_leader = it.leader().is_none();
        let is_leader = page.is_leader;
        it.pages.push((id, page));
        if is_leader {
            self.turn_after(device, id, 5, false);
        }
    }

    fn end_all_pages(&mut self, device: usize) {
        let pages: Vec<u64> = self.devices[device].pages.iter().map(|(id, _)| *id).collect();
        for page in &pages {
            self.watch.ended(&self.devices[device], device, *page);
            self.turns.remove(page);
        }
        self.devices[device].pages.clear();
        self.open_page(device);
    }

    /// The browser deletes everything under its open pages, which know what was there.
    fn wipe(&mut self, device: usize) {
        let it = &mut self.devices[device];
        let known: Vec<uuid::Uuid> = it
            .pages
            .iter()
            .flat_map(|(_, page)| page.client.replica().outbox().map(|it| it.command.id))
            .collect();
        let stored = it.disk.stored();
        let lost = stored.outbox.values().map(|it| it.command.id);
        self.watch.lost_with_device.extend(lost.filter(|id| !known.contains(id)));
        it.disk.wipe();
        self.watch.wiped.insert(device);
        self.wake(device);
    }

    /// A frozen page wakes up and exchanges, though another one holds the lock by now.
    fn second_leader(&mut self, device: usize) {
        if self.devices[device].pages.len() < 2 {
            self.open_page(device);
        }
        let other = self.devices[device].pages.iter_mut().find(|(_, page)| !page.is_leader);
        if let Some((id, page)) = other {
            page.is_leader = true;
            let id = *id;
            self.turn_after(device, id, 1, false);
        }
    }

    fn copy_profile(&mut self, device: usize) {
        let it = &self.devices[device];
        let (tenant, actor, disk) = (it.tenant, it.actor.clone(), it.disk.clone());
        if self.devices.len() < 6 {
            self.add_device(tenant, actor, disk);
        }
    }

    /// A file of unsent commands goes from one device of a user to another.
    fn bring_unsent(&mut self, device: usize) {
        let from = &self.devices[device];
        let Some((_, page)) = from.pages.first() else { return };
        let file: Unsent = page.client.export_unsent(shop::START_MS + self.now_ms);
        let (user, tenant) = (from.actor.user.clone(), from.tenant);
        let same = |(at, it): (usize, &crate::device::Device)| {
            (at != device && it.actor.user == user && it.tenant == tenant).then_some(at)
        };
        let Some(to) = self.devices.iter().enumerate().find_map(same) else { return };
        let now_ms = shop::START_MS + self.now_ms;
        let it = &mut self.devices[to];
        let mut host = HostOf { now_ms, random: &mut self.random };
        let Some((id, page)) = it.pages.first_mut() else { return };
        let id = *id;
        let imported = page.change(&mut it.disk, &mut host, nothing, |client, _| {
            let imported = client.import_unsent(file.clone()).ok();
            (imported.and_then(|imported| imported.writes), ())
        });
        match imported {
            Ok(_) | Err(PageFault::Storage) => self.wake(to),
            Err(PageFault::Ended) => self.end_page(to, id),
        }
    }

    /// What was decided since the backup is gone with the database; clients send what they still have.
    fn restore(&mut self) {
        let promised = self.watch.promises.clone();
        let decided = |world: &Self, promise: &crate::device::Promise| {
            world.server.verdict(shop_name(promise.tenant), promise.command).is_some()
        };
        let before: Vec<_> = promised.iter().filter(|it| decided(self, it)).collect();
        if !self.server.restore() {
            return;
        }
        let lost: Vec<uuid::Uuid> =
            before.into_iter().filter(|it| !decided(self, it)).map(|it| it.command).collect();
        self.watch.lost_with_backup.extend(lost);
        for tenant in 0..shop::TENANTS.len() {
            self.poke(tenant);
        }
    }
}
