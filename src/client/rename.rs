//! A new name for a copy, when the server knows another one under the old name, or the store lost what it had.

use uuid::Uuid;

use super::{Client, Effect, Progress, Writes};
use crate::{
    issue::Issue,
    replica::{
        OutboxRecord, Position,
        protocol::{CommandResult, Verdict},
    },
};

/// The keys of refused records after a new name: they keep their place, and take no counter that the server waits for.
const REFUSED_FROM: u64 = 1 << 50;

impl Client {
    /// Gives the copy a new name (a copied or restored profile). Waiting commands are counted from 1 again and keep their ids,
    /// so that what was decided is not decided again.
    ///
    /// Nothing is to be done if another page has renamed it since `old`.
    pub fn rename(&mut self, old: Uuid, new: Uuid) -> Option<Writes> {
        if self.progress.position.client != old {
            return None;
        }
        let records = self.replica.outbox().cloned().collect();
        Some(self.renamed(new, records))
    }

    /// Puts the command aside that was sent alone and that no server takes, for the user and support to look at, and goes on with
    /// the others. The server waits for its counter: so they go on under a new name. Nothing if another page has put it aside, or
    /// it was decided.
    pub fn set_aside(&mut self, new: Uuid, issue: &Issue) -> Option<Writes> {
        let mut records: Vec<OutboxRecord> = self.replica.outbox().cloned().collect();
        let sent = self.sent?;
        let is_sent = |record: &&mut OutboxRecord| record.command.id == sent;
        let poison = records.iter_mut().find(is_sent).filter(|it| it.verdict.is_none())?;
        let (verdict, issues) = (Verdict::Quarantined, vec![issue.clone()]);
        poison.verdict = Some(CommandResult::refused(&poison.command, verdict, issues));
        Some(self.renamed(new, records))
    }

    /// The store vanished under the page: writes down again what the page still knows, under a new name.
    pub fn rebuild(&mut self, new: Uuid, now_ms: i64) -> Writes {
        let records: Vec<OutboxRecord> = self.replica.outbox().cloned().collect();
        let mut writes = self.renamed(new, records);
        let first = Progress::first(new, self.progress.position.actor.clone(), now_ms);
        // Numbers that were given out stay given out.
        writes.progress = Progress {
            series: self.progress.series.clone(),
            next_n: writes.progress.next_n,
            outbox_stamp: writes.progress.outbox_stamp,
            pages_stamp: self.progress.pages_stamp.saturating_add(1),
            ..first
        };
        writes.clear_pages = true;
        self.propose(Effect::Rebuild(writes.put.clone()), &writes);
        writes
    }

    fn renamed(&mut self, new: Uuid, records: Vec<OutboxRecord>) -> Writes {
        let (refused, waiting): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|record| record.verdict.is_some());
        let next_n = u64::try_from(waiting.len()).unwrap_or(u64::MAX).saturating_add(1);
        let refused_from = refused.iter().map(|record| record.n).filter(|n| *n >= REFUSED_FROM);
        let free = refused_from.max().map_or(REFUSED_FROM, |last| last.saturating_add(1));
        let mut put = Vec::with_capacity(waiting.len().saturating_add(refused.len()));
        for (mut record, n) in waiting.into_iter().zip(1_u64..) {
            record.n = n;
            record.command.n = n;
            put.push(record);
        }
        let mut next_free = free;
        for mut record in refused {
            if record.n < REFUSED_FROM {
                record.n = next_free;
                record.command.n = next_free;
                next_free = next_free.saturating_add(1);
            }
            put.push(record);
        }
        let known = &self.progress;
        let actor = known.position.actor.clone();
        let position =
            Position { since: known.position.since.clone(), ..Position::new(new, actor) };
        let progress = Progress { position, next_n, ..known.with_new_outbox() };
        let writes = Writes { clear_outbox: true, put, ..Writes::strictly(progress) };
        self.propose(Effect::Outbox(writes.put.clone()), &writes);
        writes
    }
}
