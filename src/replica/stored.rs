//! What is stored of confirmed orders, and what of it is still of use: the books of the pages, without their bytes.
//!
//! Every answer of the server leaves a page of rows and some pieces of logs. What an order was before stays where it is until
//! packing takes it away: small pages become one, and what is left of pieces that are mostly useless is moved.

use super::{
    keyed::Keyed,
    packed::{Place, logs::FULL_BYTES},
};

/// Orders in a page that is not packed again.
const FULL_PAGE: u64 = 1_000;
/// So many small pages are left alone: reading them takes no time.
const FEW_PAGES: usize = 16;
/// Less useless bytes than this are not worth the writing.
const WORTHWHILE_BYTES: u64 = 512 * 1024;
/// Pieces that are moved at once: all are read for it.
const MAX_MOVED: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Stored {
    pages: Keyed<u64, Page>,
    pieces: Keyed<u64, Piece>,
}

/// A page of rows.
#[derive(Debug, Default)]
struct Page {
    live: u64,
}

/// A piece of logs.
#[derive(Debug)]
struct Piece {
    bytes: u64,
    live: u64,
}

/// What packing would do next.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Pages that become one.
    pub merged: Vec<u64>,
    /// Pieces whose logs are moved to another one.
    pub moved: Vec<u64>,
    /// Pages and pieces that nothing needs any more.
    pub dead_pages: Vec<u64>,
    pub dead_pieces: Vec<u64>,
}

impl Plan {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Stored {
    pub(super) fn clear(&mut self) {
        self.pages.clear();
        self.pieces.clear();
    }

    /// Notes a page, and the pieces that it speaks of.
    pub(super) fn add(&mut self, page: u64, pieces: &[(u64, u32)]) {
        self.pages.add(page, Page::default());
        for (key, bytes) in pieces {
            let bytes = u64::from(*bytes);
            self.pieces.add(*key, Piece { bytes, live: 0 });
        }
    }

    pub(super) fn remove(&mut self, pages: &[u64], pieces: &[u64]) {
        for page in pages {
            self.pages.remove(page);
        }
        for piece in pieces {
            self.pieces.remove(piece);
        }
    }

    /// An entry of a page counts; so does its log, if it has one.
    pub(super) fn hold(&mut self, page: u64, log: Option<&Place>) {
        self.count(page, log, u64::saturating_add);
    }

    /// An entry of a page counts no more, for another one says something newer.
    pub(super) fn release(&mut self, page: u64, log: Option<&Place>) {
        self.count(page, log, u64::saturating_sub);
    }

    fn count(&mut self, page: u64, log: Option<&Place>, count: fn(u64, u64) -> u64) {
        if let Some(page) = self.pages.get_mut(&page) {
            page.live = count(page.live, 1);
        }
        let Some(log) = log else { return };
        if let Some(piece) = self.pieces.get_mut(&log.key) {
            piece.live = count(piece.live, log.length());
        }
    }

    /// How many bytes a piece has.
    pub(super) fn bytes_of(&self, piece: u64) -> Option<u32> {
        self.pieces.get(&piece).and_then(|piece| u32::try_from(piece.bytes).ok())
    }

    pub(super) fn plan(&self) -> Plan {
        let dead_pages = self.pages.iter().filter(|(_, page)| page.live == 0);
        let dead_pieces = self.pieces.iter().filter(|(_, piece)| piece.live == 0);
        Plan {
            merged: self.small_pages(),
            moved: self.sparse_pieces(),
            dead_pages: dead_pages.map(|(key, _)| *key).collect(),
            dead_pieces: dead_pieces.map(|(key, _)| *key).collect(),
        }
    }

    /// The smallest pages, as many as fit into one; none while there are few.
    fn small_pages(&self) -> Vec<u64> {
        let is_small = |page: &Page| page.live > 0 && page.live <= FULL_PAGE / 2;
        let small = self.pages.iter().filter(|(_, page)| is_small(page));
        let small: Vec<(u64, u64)> = small.map(|(key, page)| (page.live, *key)).collect();
        if small.len() <= FEW_PAGES {
            return Vec::new();
        }
        first_that_fit(small, FULL_PAGE, usize::MAX)
    }

    /// Pieces of which more than half is useless, as many as fit into one; none while that is little.
    fn sparse_pieces(&self) -> Vec<u64> {
        let useless = |piece: &Piece| piece.bytes.saturating_sub(piece.live);
        let is_sparse = |piece: &Piece| piece.live > 0 && useless(piece) > piece.live;
        let mut all = 0_u64;
        let mut sparse: Vec<(u64, u64)> = Vec::new();
        for (key, piece) in self.pieces.iter().filter(|(_, piece)| is_sparse(piece)) {
            all = all.saturating_add(useless(piece));
            sparse.push((piece.live, *key));
        }
        if all < WORTHWHILE_BYTES {
            return Vec::new();
        }
        first_that_fit(sparse, u64::try_from(FULL_BYTES).unwrap_or(u64::MAX), MAX_MOVED)
    }
}

/// The keys of the smallest of them, so many as are together no larger than one may be; at least one.
fn first_that_fit(mut all: Vec<(u64, u64)>, size: u64, most: usize) -> Vec<u64> {
    let mut taken = 0_u64;
    let mut keys = Vec::new();
    // One by one: they are few, and to sort them takes more code than all of this.
    while let Some(at) = smallest(&all).filter(|_| keys.len() < most) {
        let (live, key) = all.swap_remove(at);
        taken = taken.saturating_add(live);
        if taken > size && !keys.is_empty() {
            break;
        }
        keys.push(key);
    }
    keys
}

fn smallest(all: &[(u64, u64)]) -> Option<usize> {
    (0..all.len()).min_by_key(|at| all.get(*at))
}
