//! A device: storage, pages, a clock, and the user who works there.

use std::rc::Rc;

use orderkit::{Actor, Rules};
use uuid::Uuid;

pub mod disk;
pub mod page;

use disk::Disk;
use page::Page;

/// A device of one user.
#[derive(Debug)]
pub struct Device {
    pub tenant: usize,
    pub actor: Actor,
    pub disk: Disk,
    /// Open pages by a number that is used once.
    pub pages: Vec<(u64, Page)>,
    /// What its clock is ahead of the true one.
    pub clock_ahead_ms: i64,
    /// Until when it has no network.
    pub offline_until_ms: i64,
    /// Until when its pages do nothing.
    pub frozen_until_ms: i64,
    /// Until when the server refuses its user.
    pub revoked_until_ms: i64,
    /// Whether its token has expired and no other was asked for.
    pub has_stale_token: bool,
    pub rules: Rc<Rules>,
}

impl Device {
    /// An open page by its number.
    pub fn page(&mut self, id: u64) -> Option<&mut Page> {
        self.pages.iter_mut().find(|(known, _)| *known == id).map(|(_, page)| page)
    }

    /// How it stands, in few words.
    pub fn told(&self) -> String {
        let stored = self.disk.stored();
        let waiting = stored.outbox.values().filter(|record| record.verdict.is_none()).count();
        let seq = stored.progress.as_ref().and_then(|it| it.position.since.as_ref());
        let pages: Vec<String> = self
            .pages
            .iter()
            .map(|(id, page)| {
                let (orders, sign) = (
                    page.client.replica().confirmed_count(),
                    if page.is_leader { "*" } else { "" },
                );
                format!("{id}{sign}:{orders}")
            })
            .collect();
        let seq = seq.map_or_else(|| "-".to_owned(), |since| since.seq.to_string());
        format!(
            "{waiting} waiting, at {seq}, {}+{} pages, open {}",
            stored.rows.len(),
            stored.logs.len(),
            pages.join(" ")
        )
    }

    /// The page that holds the lock.
    pub fn leader(&self) -> Option<u64> {
        self.pages.iter().find(|(_, page)| page.is_leader).map(|(id, _)| *id)
    }
}

/// A command that the user was told is saved.
#[derive(Clone, Debug)]
pub struct Promise {
    pub tenant: usize,
    pub command: Uuid,
    pub order: Uuid,
    pub device: usize,
}
