//! The records of the outbox, by their counters.

use std::collections::BTreeMap;

use super::OutboxRecord;
use crate::issue::Issue;

#[derive(Debug, Default)]
pub(super) struct Records {
    by_counter: BTreeMap<u64, Held>,
    waiting: usize,
}

#[derive(Debug)]
struct Held {
    record: OutboxRecord,
    /// Why the rules now refuse it here; the server may know better.
    doubts: Vec<Issue>,
}

impl Records {
    /// Takes a record in, in place of the one that has its counter.
    pub(super) fn insert(&mut self, record: OutboxRecord) -> Option<OutboxRecord> {
        self.waiting = self.waiting.saturating_add(waits(&record));
        let new = Held { record, doubts: Vec::new() };
        let old = self.by_counter.insert(new.record.n, new).map(|held| held.record)?;
        self.waiting = self.waiting.saturating_sub(waits(&old));
        Some(old)
    }

    pub(super) fn remove(&mut self, n: u64) -> Option<OutboxRecord> {
        let Held { record, .. } = self.by_counter.remove(&n)?;
        self.waiting = self.waiting.saturating_sub(waits(&record));
        Some(record)
    }

    pub(super) fn get(&self, n: u64) -> Option<&OutboxRecord> {
        self.by_counter.get(&n).map(|held| &held.record)
    }

    /// All, by their counters.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = &OutboxRecord> {
        self.by_counter.values().map(|held| &held.record)
    }

    /// Those that wait to be sent, by their counters.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &OutboxRecord> {
        self.all().filter(|record| record.verdict.is_none())
    }

    /// Those that are refused. Usually there is none, and what waits need not be looked through.
    pub(super) fn refused(&self) -> impl Iterator<Item = &OutboxRecord> {
        self.all().filter(|record| record.verdict.is_some()).take(self.refused_count())
    }

    pub(super) fn waiting_count(&self) -> usize {
        self.waiting
    }

    pub(super) fn refused_count(&self) -> usize {
        self.by_counter.len().saturating_sub(self.waiting)
    }

    pub(super) fn doubts(&self, n: u64) -> &[Issue] {
        self.by_counter.get(&n).map_or(&[], |held| &held.doubts)
    }

    pub(super) fn set_doubts(&mut self, n: u64, doubts: Vec<Issue>) {
        if let Some(held) = self.by_counter.get_mut(&n) {
            held.doubts = doubts;
        }
    }
}

fn waits(record: &OutboxRecord) -> usize {
    usize::from(record.verdict.is_none())
}
