//! What must hold when a shop has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use orderkit::{
    OrderLog, Role, json,
    replica::{
        Brief,
        protocol::{Change, Verdict},
    },
};
use uuid::Uuid;

use super::MAX_STORED_PAGES;
use crate::{
    server::shop,
    world::{World, shop_name},
};

impl World<'_> {
    /// Holds what came of the run against what must be.
    pub(crate) fn check_end(&mut self) {
        for tenant in 0..shop::TENANTS.len() {
            let changes = self.server().changes(shop_name(tenant), None);
            self.check_orders(tenant, &changes);
        }
        self.check_promises();
        for device in 0..self.device_count() {
            self.check_device(device);
        }
    }

    /// I1: every command that a user was told is saved has one verdict, which its user can see.
    fn check_promises(&mut self) {
        let promises = self.watch().promises.clone();
        for promise in promises {
            let id = promise.command;
            let verdict = self.server().verdict(shop_name(promise.tenant), id);
            let watch = self.watch();
            let is_excused = watch.lost_with_device.contains(&id);
            // Its user was told that it is accepted, which the backup does not know. A request of that time that comes late may
            // have it decided once more; whoever still keeps it sends it again, and is told.
            let is_undone =
                watch.lost_with_backup.contains(&id) && watch.heard_accepted.contains(&id);
            match verdict {
                None if is_excused || is_undone => {}
                // Put aside, because no server took it: its user is told, and can send it again.
                None if watch.dismissed.contains(&id) || self.is_shown_as_refused(id) => {}
                None => self.broken("I1", &format!("command {id} was saved and is lost")),
                Some(Verdict::Accepted) => {}
                Some(verdict) => {
                    let is_seen = watch.dismissed.contains(&id)
                        || is_excused
                        || is_undone
                        || watch.wiped.contains(&promise.device)
                        || self.is_shown_as_refused(id);
                    if !is_seen {
                        let what = format!("command {id} is {verdict:?}, and nobody is told");
                        self.broken("I1", &what);
                    }
                }
            }
        }
    }

    /// I2, I5, I6: each command counts once, totals are those of the rules, numbers and sequences are given once.
    fn check_orders(&mut self, tenant: usize, changes: &[Change]) {
        let head = self.server().head(shop_name(tenant)).1;
        let mut numbers = BTreeSet::new();
        let mut orders_of: BTreeMap<Uuid, Uuid> = BTreeMap::new();
        let mut last_seq = 0;
        self.count_orders(changes.len());
        for change in changes {
            if change.seq <= last_seq || change.seq > head {
                self.broken("I6", &format!("sequence {} after {last_seq} of {head}", change.seq));
            }
            last_seq = change.seq;
            let Ok(Some(log)) = change.log() else { continue };
            match log.checked_order() {
                Err(issue) => {
                    self.broken("I5", &format!("order {} does not fold: {:?}", log.id, issue.code));
                }
                Ok(order) => {
                    if order.broken_entry.is_some() {
                        self.broken("I5", &format!("the chain of order {} is broken", log.id));
                    }
                    // What the server says of an order is what the order says of itself.
                    let told = change.brief.as_ref().map(|text| text.get().as_bytes().to_vec());
                    let brief = Brief::of(&order, &log).ok().map(|brief| json::write(&brief));
                    if told != brief {
                        self.broken("I4", &format!("the brief of order {} is another", log.id));
                    }
                    if !numbers.insert(order.number.clone()) {
                        self.broken("I6", &format!("number {} was given twice", order.number));
                    }
                }
            }
            self.check_effects(&log, &mut orders_of);
        }
    }

    fn check_effects(&mut self, log: &OrderLog, orders_of: &mut BTreeMap<Uuid, Uuid>) {
        let mut seen = BTreeSet::new();
        let mut last = None;
        for event in &log.events {
            let Some(command) = event.command else {
                last = None;
                continue;
            };
            if last != Some(command) && !seen.insert(command) {
                self.broken("I2", &format!("command {command} counts twice in order {}", log.id));
            }
            last = Some(command);
            if orders_of.insert(command, log.id).is_some_and(|other| other != log.id) {
                self.broken("I2", &format!("command {command} counts in two orders"));
            }
        }
        let mut payments = BTreeSet::new();
        if let Ok(order) = log.order() {
            for payment in order.payments.iter().map(|it| it.id.clone()) {
                if !payments.insert(payment.clone()) {
                    self.broken("I2", &format!("payment {payment} counts twice"));
                }
            }
        }
    }

    /// I4, I10: every page has what the server has for its user, and keeps no more than it must.
    fn check_device(&mut self, device: usize) {
        let (tenant, actor) = self.who(device);
        let owner = (actor.role == Role::Customer).then(|| actor.user.clone());
        let changes = self.server().changes(shop_name(tenant), owner.as_deref());
        let expected: BTreeMap<Uuid, Vec<u8>> = changes
            .iter()
            .filter_map(|change| change.log().ok().flatten())
            .map(|log| (log.id, json::write(&log)))
            .collect();
        let mut faults = Vec::new();
        self.refresh_pages(device);
        for (page, open) in self.pages(device) {
            let replica = open.client.replica();
            if replica.confirmed_count() != expected.len() {
                let (has, wants) = (replica.confirmed_count(), expected.len());
                faults.push(format!("I4: device {device} page {page} has {has} orders of {wants}"));
            }
            for (id, bytes) in &expected {
                let log = replica.order_log(*id).map(|log| json::write(&log));
                if log.as_ref().ok() != Some(bytes) {
                    faults.push(format!("I4: device {device} has another order {id}"));
                }
            }
        }
        let stored = self.disk(device).stored();
        if stored.rows.len() > MAX_STORED_PAGES {
            faults.push(format!("I10: {} pages are stored", stored.rows.len()));
        }
        if stored.logs.len() > expected.len().saturating_add(MAX_STORED_PAGES) {
            faults.push(format!("I10: {} pieces of logs are stored", stored.logs.len()));
        }
        let waiting = stored.outbox.values().filter(|it| it.verdict.is_none()).count();
        if waiting > 0 {
            faults.push(format!("I8: device {device} keeps {waiting} commands"));
        }
        let kept: BTreeSet<Uuid> = stored.outbox.values().map(|it| it.command.id).collect();
        if kept.len() < stored.outbox.len() || !kept.is_subset(&self.watch().given) {
            let (has, given) = (stored.outbox.len(), self.watch().given.len());
            faults.push(format!(
                "I10: device {device} keeps {has} commands, {} others, of {given} given",
                kept.len()
            ));
        }
        self.add_broken(faults);
    }

    fn is_shown_as_refused(&self, id: Uuid) -> bool {
        (0..self.device_count()).any(|device| {
            let stored = self.disk(device).stored();
            stored.outbox.values().any(|it| it.command.id == id && it.verdict.is_some())
        })
    }
}
