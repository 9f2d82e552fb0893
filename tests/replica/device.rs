//! A device, step by step as a page works on it.

use std::collections::BTreeMap;

use orderkit::{
    Actor, Role,
    replica::{AppendInputs, OutboxRecord, PageWrites, Position, Query, Replica, Series},
};
use uuid::Uuid;

use crate::{
    authority::Authority,
    shop::{DRAFT, NOW_MS, actor, rules},
};

/// A device: a replica with what would be in its store.
pub struct Device {
    pub replica: Replica,
    pub rows: BTreeMap<u64, Vec<u8>>,
    pub logs: BTreeMap<u64, Vec<u8>>,
    next_key: u64,
    series: Series,
    pub next_n: u64,
    pub who: Actor,
}

impl Device {
    pub fn new() -> Self {
        let who = actor("sam", Role::Staff);
        let position = Position {
            client: Uuid::from_u128(99),
            actor: who.clone(),
            device: None,
            leases: Vec::new(),
            stock: Vec::new(),
            since: None,
            ack: 0,
        };
        let replica = Replica::new(rules(), position);
        Self {
            replica,
            rows: BTreeMap::new(),
            logs: BTreeMap::new(),
            next_key: 1,
            series: Series::default(),
            next_n: 1,
            who,
        }
    }

    pub fn submit(
        &mut self,
        order: u128,
        kind: &str,
        args: &str,
    ) -> Result<Option<String>, orderkit::Refusal> {
        let proposal = self.replica.propose(
            self.next_n,
            &self.series,
            AppendInputs {
                id: Uuid::from_u128(1_000 + u128::from(self.next_n)),
                order: Uuid::from_u128(order),
                kind: kind.to_owned(),
                args: serde_json::value::RawValue::from_string(args.to_owned()).unwrap(),
                base: None,
                at_ms: NOW_MS,
                random: (0..64).collect(),
            },
        )?;
        // What a page does between: it stores the record and the counter in one transaction.
        let stored = orderkit::json::write(&proposal.record);
        self.series = proposal.series;
        self.next_n += 1;
        let record: OutboxRecord = orderkit::json::read(&stored).unwrap();
        self.replica.commit(record);
        Ok(proposal.number)
    }

    pub fn place(
        &mut self,
        order: u128,
        total_minor: i64,
    ) -> Result<Option<String>, orderkit::Refusal> {
        let digest = self.replica.rules().digest();
        let args = format!(
            r#"{{"draft": {DRAFT}, "expect": {{"totalMinor": {total_minor}, "rulesetDigest": "{digest}"}}, "isRepeat": true}}"#
        );
        self.submit(order, "place@1", &args)
    }

    /// As [`Self::place`], by a buyer who does not say that a second order is meant.
    pub fn place_once(&mut self, order: u128) -> Result<Option<String>, orderkit::Refusal> {
        let digest = self.replica.rules().digest();
        let expect = format!(r#"{{"totalMinor": 3076, "rulesetDigest": "{digest}"}}"#);
        let args = format!(r#"{{"draft": {DRAFT}, "expect": {expect}}}"#);
        self.submit(order, "place@1", &args)
    }

    pub fn sync(&mut self, authority: &mut Authority) -> bool {
        let answer = authority.sync(&self.replica.request(100, 100), &self.who);
        self.take(&answer)
    }

    /// Stores an answer. Says whether the digests agree.
    pub fn take(&mut self, answer: &[u8]) -> bool {
        let effects = self.replica.receive(answer, self.next_key).unwrap();
        if effects.reset {
            self.rows.clear();
            self.logs.clear();
        }
        self.write(&effects.pages);
        self.replica.settle().unwrap()
    }

    fn write(&mut self, writes: &PageWrites) {
        self.rows.retain(|key, _| !writes.remove_rows.contains(key));
        self.logs.retain(|key, _| !writes.remove_logs.contains(key));
        for key in &writes.put_rows {
            let page = self.replica.new_page(*key).unwrap();
            assert!(self.rows.insert(*key, page.to_vec()).is_none(), "keys are never used twice");
        }
        for key in &writes.put_logs {
            let piece = self.replica.new_page(*key).unwrap();
            assert!(self.logs.insert(*key, piece.to_vec()).is_none(), "keys are never used twice");
        }
        self.next_key = writes.next_key;
    }

    /// Takes one step of packing. Says whether there was one.
    pub fn pack(&mut self) -> bool {
        for key in self.replica.logs_to_pack() {
            self.replica.load_logs(key, self.logs[&key].clone()).unwrap();
        }
        let Some(writes) = self.replica.pack(self.next_key).unwrap() else { return false };
        self.write(&writes);
        self.replica.settle_pack().unwrap();
        true
    }

    /// Reads the logs that an order needs, as a page does that opens it.
    pub fn read(&mut self, order: u128) {
        if let Some(key) = self.replica.log_key(Uuid::from_u128(order)) {
            self.replica.load_logs(key, self.logs[&key].clone()).unwrap();
        }
    }

    /// What a reload does: a new replica out of the store.
    pub fn reload(&mut self) {
        let mut replica = Replica::new(rules(), self.replica.position().clone());
        for (key, page) in &self.rows {
            replica.load_rows(*key, page).unwrap();
        }
        replica.load_outbox(self.replica.outbox().cloned().collect());
        for key in replica.wanted_logs(usize::MAX) {
            replica.load_logs(key, self.logs[&key].clone()).unwrap();
        }
        while replica.fold_more() {}
        self.replica = replica;
    }

    pub fn summaries(&self) -> Vec<(String, &'static str, bool)> {
        let listing = self.replica.list(&Query::default());
        let rows = listing.rows.iter();
        rows.map(|it| (it.row.number.clone(), it.row.summary.as_str(), it.unsent)).collect()
    }
}
