//! A page of the application: it works on the storage as the browser's package does, step by step.

use orderkit::{
    Actor, Refusal, Rules,
    client::{
        AppendInputs, Client, Mending, Outcome, Received, Response, Saved, Stale, Step, Writes,
    },
    replica::OutboxRecord,
};
use uuid::Uuid;

use super::disk::{Disk, DiskFault};

/// Times a page tries to mend what is stored before a change.
const MAX_MENDS: usize = 3;
/// Changes in one answer: few, so that a pull has many pages.
const MAX_CHANGES: u32 = 4;

/// Pieces of logs that are read at once.
const LOGS_AT_ONCE: usize = 4;

/// What the host gives a page: the time and new ids.
pub trait Host {
    fn now_ms(&self) -> i64;
    fn new_id(&mut self) -> Uuid;
    fn random(&mut self) -> u32;
}

/// An open page.
#[derive(Debug)]
pub struct Page {
    pub client: Client,
    /// Whether it draws up requests: it holds the lock, or believes so.
    pub is_leader: bool,
    /// The request that waits for an answer.
    pub waits_for: Option<u64>,
    /// Whether it has begun to read the answer that it waits for.
    pub is_reading: bool,
    /// Whether the last token was refused.
    pub is_token_refused: bool,
    /// Since when it waits, and how: nothing before the first exchange.
    pub is_stopped: bool,
}

/// Why a page could not do what it was asked for.
#[derive(Clone, Debug)]
pub enum PageFault {
    /// The storage said no; the page goes on.
    Storage,
    /// The page is gone.
    Ended,
}

/// What became of an answer.
#[derive(Debug)]
pub struct Applied {
    pub step: Step,
    /// The orders were not what the server says, and were dropped.
    pub disagreed: bool,
}

impl Page {
    /// Opens a page on a device's storage.
    pub fn open(
        disk: &mut Disk,
        rules: Rules,
        actor: &Actor,
        host: &mut dyn Host,
    ) -> Result<Self, PageFault> {
        let client = match disk.stored().progress.as_deref() {
            Some(progress) => Client::open(rules, progress.clone()),
            None => {
                let (client, writes) =
                    Client::begin(rules, host.new_id(), actor.clone(), host.now_ms());
                disk.commit(&writes, &client).map_err(|_| PageFault::Ended)?;
                client
            }
        };
        let mut page = Self {
            client,
            is_leader: false,
            waits_for: None,
            is_reading: false,
            is_token_refused: false,
            is_stopped: false,
        };
        // A reading that breaks off begins again.
        let mut read = || page.refresh(disk, host).and_then(|()| page.fold_rest(disk, host));
        if read().is_err() {
            read()?;
        }
        Ok(page)
    }

    /// Decides on what is stored, and writes what follows, in one transaction. The pieces of logs that this needs are read before.
    pub fn change<A>(
        &mut self,
        disk: &mut Disk,
        host: &mut dyn Host,
        needs: impl Fn(&Client) -> Vec<u64>,
        mut decide: impl FnMut(&mut Client, &mut dyn Host) -> (Option<Writes>, A),
    ) -> Result<(A, bool), PageFault> {
        for retry in 0..2 {
            self.load(disk, host, &needs)?;
            let (writes, answer) = decide(&mut self.client, host);
            let Some(writes) = writes else { return Ok((answer, true)) };
            match self.store(disk, &writes) {
                Ok(agrees) => return Ok((answer, agrees)),
                // Tried once more with a new connection.
                Err(DiskFault::Lost) if retry == 0 => {}
                Err(DiskFault::Lost | DiskFault::Full) => return Err(PageFault::Storage),
                Err(DiskFault::EndedBefore | DiskFault::EndedAfter) => {
                    return Err(PageFault::Ended);
                }
            }
        }
        Err(PageFault::Storage)
    }

    fn store(&mut self, disk: &mut Disk, writes: &Writes) -> Result<bool, DiskFault> {
        match disk.commit(writes, &self.client) {
            Ok(()) => Ok(self.client.settle().is_ok_and(|settled| settled.agrees)),
            Err(fault) => {
                self.client.abandon();
                Err(fault)
            }
        }
    }

    /// Reads what other pages wrote, and the pieces of logs that something needs then; mends what cannot be read.
    fn load(
        &mut self,
        disk: &mut Disk,
        host: &mut dyn Host,
        needs: impl Fn(&Client) -> Vec<u64>,
    ) -> Result<(), PageFault> {
        for _ in 0..=MAX_MENDS {
            self.refresh(disk, host)?;
            let stored = disk.stored();
            let mut are_good = true;
            for key in needs(&self.client) {
                if disk.breaks_off() {
                    return Err(PageFault::Storage);
                }
                let piece = stored.logs.get(&key).map(|piece| piece.to_vec());
                are_good &= self.client.load_logs(key, piece);
            }
            if are_good {
                return Ok(());
            }
        }
        Err(PageFault::Storage)
    }

    /// Reads all that is stored, as if somebody opened every order.
    pub fn open_all(&mut self, disk: &mut Disk, host: &mut dyn Host) -> Result<(), PageFault> {
        self.refresh(disk, host)?;
        self.fold_rest(disk, host)?;
        let orders: Vec<Uuid> = self.client.replica().confirmed().map(|(id, _)| id).collect();
        for order in orders {
            self.load(disk, host, |client| client.logs_of(order))?;
        }
        Ok(())
    }

    /// Folds everything that waits, as a page does between other work.
    pub fn fold_rest(&mut self, disk: &mut Disk, host: &mut dyn Host) -> Result<(), PageFault> {
        loop {
            while self.client.fold_more() {}
            if self.client.replica().wanted_logs(1).is_empty() {
                return Ok(());
            }
            self.load(disk, host, |client| client.replica().wanted_logs(LOGS_AT_ONCE))?;
        }
    }

    /// Reads what other pages wrote, and mends what cannot be read.
    pub fn refresh(&mut self, disk: &mut Disk, host: &mut dyn Host) -> Result<(), PageFault> {
        for _ in 0..=MAX_MENDS {
            let writes = match self.catch_up(disk) {
                Caught::Current => return Ok(()),
                Caught::BrokenOff => return Err(PageFault::Storage),
                Caught::Gone => {
                    let id = host.new_id();
                    self.client.rebuild(id, host.now_ms())
                }
                Caught::Damaged => self.client.mend(host.now_ms()),
            };
            match self.store(disk, &writes) {
                Ok(_) => {}
                Err(DiskFault::Full | DiskFault::Lost) => return Err(PageFault::Storage),
                Err(_) => return Err(PageFault::Ended),
            }
        }
        Err(PageFault::Storage)
    }

    fn catch_up(&mut self, disk: &mut Disk) -> Caught {
        let stored = disk.stored();
        let Some(progress) = stored.progress.as_deref() else { return Caught::Gone };
        let client = &mut self.client;
        let reading = client.stale(progress);
        let is_everything = reading.stale == Stale::Everything;
        if is_everything {
            client.restart(progress.clone());
        }
        let is_stale = reading.stale != Stale::Nothing;
        if is_stale && let Some(ruleset) = &stored.ruleset {
            client.load_rules(ruleset.as_bytes());
        }
        if is_everything || reading.stale == Stale::Appended {
            for (key, page) in stored.rows.range(reading.after_page + 1..) {
                if disk.breaks_off() {
                    return Caught::BrokenOff;
                }
                client.load_rows(*key, page);
            }
        }
        if is_stale {
            let (upto, from) = (reading.commands_upto, reading.commands_from);
            client.forget_commands(upto, from);
            let read = stored.outbox.values().filter(|record| record.n <= upto || record.n >= from);
            let records: Vec<OutboxRecord> = read.map(|record| (**record).clone()).collect();
            for record in records {
                if disk.breaks_off() {
                    return Caught::BrokenOff;
                }
                client.add_records(vec![record]);
            }
            if disk.breaks_off() {
                return Caught::BrokenOff;
            }
        }
        match client.caught_up(progress.clone()) {
            Mending::Nothing => Caught::Current,
            Mending::Pages | Mending::Commands => Caught::Damaged,
        }
    }

    /// Gives a command, as a user does.
    pub fn append(
        &mut self,
        disk: &mut Disk,
        host: &mut dyn Host,
        inputs: &AppendInputs,
    ) -> Result<Result<Saved, Refusal>, PageFault> {
        let (answer, _) = self.change(
            disk,
            host,
            |client| client.logs_of(inputs.order),
            |client, _| match client.append(inputs.clone()) {
                Ok(appended) => (appended.writes, Ok(appended.saved)),
                Err(refusal) => (None, Err(refusal)),
            },
        )?;
        Ok(answer)
    }

    /// Draws up a request.
    pub fn request(&mut self, disk: &mut Disk, host: &mut dyn Host) -> Result<Vec<u8>, PageFault> {
        self.refresh(disk, host)?;
        self.fold_rest(disk, host)?;
        Ok(self.client.request(MAX_CHANGES))
    }

    /// Takes an answer, and says what to do next.
    pub fn hear(
        &mut self,
        disk: &mut Disk,
        host: &mut dyn Host,
        response: &Response,
        body: &[u8],
    ) -> Result<Applied, PageFault> {
        let step = self.client.hear(response, host.random());
        match step {
            Step::Take => self.receive(disk, host, body),
            Step::Rename => {
                let old = self.client.progress().position.client;
                let new = host.new_id();
                let renamed =
                    self.change(disk, host, nothing, |client, _| (client.rename(old, new), ()));
                self.went_on(host, step, renamed)
            }
            Step::SetAside { ref issue } => {
                let new = host.new_id();
                let aside = self
                    .change(disk, host, nothing, |client, _| (client.set_aside(new, issue), ()));
                self.went_on(host, step, aside)
            }
            step => Ok(Applied { step, disagreed: false }),
        }
    }

    fn went_on(
        &mut self,
        host: &mut dyn Host,
        step: Step,
        changed: Result<((), bool), PageFault>,
    ) -> Result<Applied, PageFault> {
        match changed {
            Ok(_) => Ok(Applied { step, disagreed: false }),
            Err(PageFault::Storage) => Ok(self.could_not_store(host)),
            Err(PageFault::Ended) => Err(PageFault::Ended),
        }
    }

    fn could_not_store(&mut self, host: &mut dyn Host) -> Applied {
        Applied { step: self.client.could_not_store(host.random()), disagreed: false }
    }

    fn receive(
        &mut self,
        disk: &mut Disk,
        host: &mut dyn Host,
        body: &[u8],
    ) -> Result<Applied, PageFault> {
        let now_ms = host.now_ms();
        let is_begun = core::mem::take(&mut self.is_reading);
        let rest = |client: &mut Client| {
            if is_begun { client.finish_answer(now_ms) } else { client.receive(body, now_ms) }
        };
        let changed = self.change(disk, host, nothing, |client, _| match rest(client) {
            Ok(received) => {
                let Received { writes, decided, more, retry_after_ms, gap } = received;
                let outcome =
                    Outcome { decided, more, retry_after_ms, gap, agrees: true, poked: 0 };
                (writes, Ok(outcome))
            }
            Err(refusal) => (None, Err(refusal)),
        });
        let (answer, agrees) = match changed {
            Ok(changed) => changed,
            Err(PageFault::Storage) => return Ok(self.could_not_store(host)),
            Err(PageFault::Ended) => return Err(PageFault::Ended),
        };
        let outcome = match answer {
            Ok(outcome) => Outcome { agrees, ..outcome },
            Err(refusal) => {
                let step = match refusal.issues.first() {
                    Some(issue) => self.client.found_unreadable(issue, host.random()),
                    None => self.client.could_not_store(host.random()),
                };
                return Ok(Applied { step, disagreed: false });
            }
        };
        if !agrees {
            match self
                .change(disk, host, nothing, |client, _| (Some(client.drop_confirmed(None)), ()))
            {
                Ok(_) => {}
                Err(PageFault::Storage) => return Ok(self.could_not_store(host)),
                Err(PageFault::Ended) => return Err(PageFault::Ended),
            }
        }
        let mut step = self.client.took(outcome, host.random());
        // What follows an answer is carried out as after any other.
        if step == Step::Rename {
            let old = self.client.progress().position.client;
            let new = host.new_id();
            let renamed =
                self.change(disk, host, nothing, |client, _| (client.rename(old, new), ()));
            step = self.went_on(host, step, renamed)?.step;
        }
        Ok(Applied { step, disagreed: !agrees })
    }

    /// Packs what came in many pieces, as a page does when it rests.
    pub fn pack(&mut self, disk: &mut Disk, host: &mut dyn Host) -> Result<(), PageFault> {
        let needs = |client: &Client| client.replica().logs_to_pack();
        let pack = |client: &mut Client, _: &mut dyn Host| {
            let writes = client.pack().ok().flatten();
            let is_more = writes.is_some();
            (writes, is_more)
        };
        loop {
            match self.change(disk, host, needs, pack) {
                Ok((true, _)) => {}
                Ok((false, _)) | Err(PageFault::Storage) => return Ok(()),
                Err(PageFault::Ended) => return Err(PageFault::Ended),
            }
        }
    }
}

/// For what needs no log.
pub fn nothing(_: &Client) -> Vec<u64> {
    Vec::new()
}

enum Caught {
    Current,
    BrokenOff,
    Gone,
    Damaged,
}
