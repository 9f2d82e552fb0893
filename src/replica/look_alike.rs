//! Whether this copy has an order that looks like the one that shall be placed.

use super::{Replica, Row};
use crate::{
    command::Place,
    draft::Draft,
    issue::Refusal,
    order::{Event, OrderLog},
    review::{LookAlike, Review, looks_alike},
};

impl Replica {
    /// What this copy finds out about an order that shall be placed at a time. Only orders of the last moments are opened.
    pub(super) fn review(&self, place: &Place, at_ms: i64) -> Result<Review, Refusal> {
        let seconds = self.rules.ruleset().workflow.repeat_within_seconds;
        let since_ms = at_ms.saturating_sub(i64::from(seconds).saturating_mul(1_000));
        if seconds == 0 || place.is_repeat {
            return Ok(Review::default());
        }
        let folded = self.folded.iter().map(|folded| &folded.row);
        let confirmed = self.confirmed.values().map(|confirmed| &confirmed.row);
        let is_recent = |row: &&Row| row.placed_ms > since_ms && row.placed_ms <= at_ms;
        for row in folded.chain(confirmed).filter(is_recent) {
            let alike = match self.folded(row.id) {
                Some(folded) => is_alike(&folded.log, &place.draft),
                None => self.log(row.id)?.is_some_and(|log| is_alike(&log, &place.draft)),
            };
            if alike {
                let (order, number) = (row.id, row.number.clone());
                let look_alike = LookAlike { order, number, placed_ms: row.placed_ms };
                return Ok(Review { look_alike: Some(look_alike), suspicion: None });
            }
        }
        Ok(Review::default())
    }
}

fn is_alike(log: &OrderLog, draft: &Draft) -> bool {
    log.events.iter().any(|record| match &record.event {
        Event::Placed { draft: placed, .. } => looks_alike(placed, draft),
        _ => false,
    })
}
