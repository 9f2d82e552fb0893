//! Whether this copy has an order that looks like the one that shall be placed.

use xxhash_rust::xxh64::xxh64;

use super::{Replica, Row};
use crate::{
    command::Place,
    draft::Draft,
    review::{LookAlike, Review, alike},
};

impl Replica {
    /// What this copy finds out about an order that shall be placed at a time. No order is opened for it.
    pub(super) fn review(&self, place: &Place, at_ms: i64) -> Review {
        let seconds = self.rules.ruleset().workflow.repeat_within_seconds;
        let since_ms = at_ms.saturating_sub(i64::from(seconds).saturating_mul(1_000));
        let likeness = likeness(&place.draft);
        if seconds == 0 || place.is_repeat || likeness == 0 {
            return Review::default();
        }
        let is_alike = |row: &&Row| {
            row.likeness == likeness && row.placed_ms > since_ms && row.placed_ms <= at_ms
        };
        let found = self.orders.rows().map(|(_, row)| row).find(is_alike);
        let look_alike = found.map(|row| LookAlike {
            order: row.id,
            number: row.number.clone(),
            placed_ms: row.placed_ms,
        });
        Review { look_alike, suspicion: None }
    }
}

/// The same for drafts that look alike ([`crate::review::looks_alike`]), and another for others, as far as 64 bits can tell. 0
/// for a draft without a buyer, which looks like none.
pub(super) fn likeness(draft: &Draft) -> u64 {
    alike(draft).map_or(0, |text| xxh64(text.as_bytes(), 0).max(1))
}
