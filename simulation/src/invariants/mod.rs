//! What must hold in every run, whatever went wrong in it. The numbers are those of docs/simulation.md.

use std::collections::{BTreeMap, BTreeSet};

use orderkit::{
    Actor, Role,
    client::{Client, Stale, Step},
};
use uuid::Uuid;

use crate::{
    device::{Device, Promise, disk::Disk, page::Applied},
    server::Answer,
};

mod end;

/// Pages of rows that are stored at most, of so few orders: packing makes one of seventeen, and several may come after it.
const MAX_STORED_PAGES: usize = 60;
/// Counters from here on are those of refused commands after a new name.
const REFUSED_FROM: u64 = 1 << 50;

/// What is remembered of a run, to hold it against what came of it.
#[derive(Debug, Default)]
pub struct Watch {
    /// Commands of which a user was told that they are saved.
    pub promises: Vec<Promise>,
    /// Commands that were only where everything was deleted.
    pub lost_with_device: BTreeSet<Uuid>,
    /// Commands that a store may hold: those that were promised, and those after which a page ended before it could say so.
    pub given: BTreeSet<Uuid>,
    /// Commands whose verdicts a restored backup does not know.
    pub lost_with_backup: BTreeSet<Uuid>,
    /// Commands that a device no longer keeps, because it heard that they are accepted.
    pub heard_accepted: BTreeSet<Uuid>,
    /// Commands whose refusal a user has read.
    pub dismissed: BTreeSet<Uuid>,
    /// Devices that lost everything once.
    pub wiped: BTreeSet<usize>,
    /// The shop of each order.
    pub tenants: BTreeMap<Uuid, usize>,
}

/// What a client had confirmed.
#[derive(Debug)]
pub struct Before {
    epoch: Option<String>,
    pages_stamp: u64,
    revisions: Vec<(Uuid, u64)>,
}

impl Watch {
    /// I9: what is stored is what some part of the history explains.
    pub fn opened(&self, disk: &Disk, broken: &mut Vec<String>) {
        let stored = disk.stored();
        let Some(progress) = &stored.progress else {
            if !stored.outbox.is_empty() {
                broken.push("I9: commands are stored without the record of progress".to_owned());
            }
            return;
        };
        let counters: Vec<u64> =
            stored.outbox.keys().copied().filter(|n| *n < REFUSED_FROM).collect();
        if counters.last().is_some_and(|last| *last >= progress.next_n) {
            broken.push("I9: a stored command has a counter that will be given again".to_owned());
        }
        let waiting: Vec<u64> = stored
            .outbox
            .values()
            .filter(|record| record.verdict.is_none())
            .map(|record| record.n)
            .collect();
        let has_gap = waiting.windows(2).any(|pair| pair[1] != pair[0] + 1);
        if has_gap {
            broken.push(format!("I9: waiting commands have a gap: {waiting:?}"));
        }
        if stored.outbox.iter().any(|(n, record)| record.n != *n || record.command.n != *n) {
            broken.push("I9: a command is stored under a counter that is not its own".to_owned());
        }
    }

    /// A page ends: what only it knew, of a device that lost everything, is gone with it.
    pub fn ended(&mut self, device: &Device, number: usize, page: u64) {
        let Some((_, open)) = device.pages.iter().find(|(id, _)| *id == page) else { return };
        if !self.wiped.contains(&number) {
            return;
        }
        let stored = device.disk.stored();
        let is_stored =
            |command: Uuid| stored.outbox.values().any(|record| record.command.id == command);
        let client = &open.client;
        let known = client.replica().outbox().chain(client.orphans());
        let known = known.map(|record| record.command.id);
        self.lost_with_device.extend(known.filter(|id| !is_stored(*id)));
    }

    /// The commands that wait on a device, as it is stored and as a page knows.
    pub fn waiting(&self, disk: &Disk, client: &Client) -> BTreeSet<Uuid> {
        let stored = disk.stored();
        let records = stored.outbox.values().map(|record| &**record);
        let waiting =
            records.chain(client.replica().outbox()).filter(|record| record.verdict.is_none());
        waiting.map(|record| record.command.id).collect()
    }

    /// A page took an answer over: what waited and is kept nowhere any more was accepted. A page that ended keeps nothing.
    pub fn heard(&mut self, mut waited: BTreeSet<Uuid>, disk: &Disk, client: Option<&Client>) {
        if waited.is_empty() {
            return;
        }
        for record in disk.stored().outbox.values() {
            waited.remove(&record.command.id);
        }
        for record in client.into_iter().flat_map(|client| client.replica().outbox()) {
            waited.remove(&record.command.id);
        }
        self.heard_accepted.extend(waited);
    }

    /// What a client had before an answer.
    pub fn before(&self, client: &Client) -> Before {
        let progress = client.progress();
        Before {
            epoch: progress.position.since.as_ref().map(|it| it.epoch.clone()),
            pages_stamp: progress.pages_stamp,
            revisions: client.replica().confirmed().collect(),
        }
    }

    /// I3: what is confirmed never goes back within one life of the feed.
    pub fn applied(
        &self,
        before: &Before,
        client: &Client,
        applied: &Applied,
        broken: &mut Vec<String>,
    ) {
        let now = self.before(client);
        // A reading that broke off begins again before anything is decided on it.
        let is_whole = client.stale(client.progress()).stale == Stale::Nothing;
        let is_same_life = is_whole
            && now.epoch == before.epoch
            && now.pages_stamp == before.pages_stamp
            && applied.step != Step::Rename;
        if !is_same_life {
            return;
        }
        let after: BTreeMap<Uuid, u64> = now.revisions.into_iter().collect();
        for (id, revision) in &before.revisions {
            if after.get(id).is_some_and(|later| later < revision) {
                broken.push(format!("I3: order {id} went back from revision {revision}"));
            }
        }
    }

    /// I7: nobody reads what is not theirs.
    pub fn answered(
        &self,
        tenant: usize,
        actor: &Actor,
        answer: &Answer,
        broken: &mut Vec<String>,
    ) {
        let Some(response) = &answer.typed else {
            let text = String::from_utf8_lossy(&answer.body);
            let foreign = self.tenants.iter().filter(|(_, of)| **of != tenant);
            for (id, _) in foreign {
                if text.contains(&id.to_string()) {
                    broken.push(format!("I7: an error names order {id} of another shop"));
                }
            }
            return;
        };
        for change in &response.changes {
            let Ok(Some(log)) = change.log() else { continue };
            if self.tenants.get(&log.id).is_some_and(|of| *of != tenant) {
                broken.push(format!("I7: order {} of another shop was answered", log.id));
            }
            let placed_by = log.events.first().map(|event| event.by.user.as_str());
            if actor.role == Role::Customer && placed_by != Some(actor.user.as_str()) {
                broken.push(format!("I7: order {} of another user was answered", log.id));
            }
        }
    }
}
