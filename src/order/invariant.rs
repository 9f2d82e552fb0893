//! What must always be so of the quantities of a line (features.md b2, "Quantities per line").

use super::{Order, OrderLine};
use crate::decimal::Decimal;

/// One rule of quantities.
type Invariant = (&'static str, fn(&OrderLine) -> Option<bool>);

/// The rules. A rule that cannot be computed is broken.
const INVARIANTS: &[Invariant] = &[
    ("no quantity is below zero", |line| {
        Some(line.quantities().iter().all(|quantity| !quantity.is_negative()))
    }),
    ("ordered ≥ canceled + backordered + allocated − out", |line| {
        let taken = line.canceled.checked_add(line.backordered)?.checked_add(line.allocated)?;
        Some(taken.checked_sub(line.out()?)? <= line.ordered)
    }),
    ("allocated ≥ picked ≥ packed ≥ shipped", |line| {
        Some(
            line.allocated >= line.picked
                && line.picked >= line.packed
                && line.packed >= line.shipped,
        )
    }),
    ("shipped ≥ delivered + lost + returnedToSender", |line| {
        Some(line.delivered.checked_add(line.out()?)? <= line.shipped)
    }),
    ("returnRequested ≤ delivered + sentBack", |line| {
        Some(line.return_requested <= line.delivered.checked_add(line.sent_back)?)
    }),
    ("received ≤ returnRequested", |line| Some(line.received <= line.return_requested)),
    ("restocked + writtenOff + sentBack = inspected", |line| {
        let placed = line.restocked.checked_add(line.written_off)?;
        Some(placed.checked_add(line.sent_back)? == line.inspected)
    }),
    ("inspected ≤ received", |line| Some(line.inspected <= line.received)),
    ("credited ≤ ordered", |line| Some(line.credited <= line.ordered)),
];

impl Order {
    /// The first line of which a rule of quantities is broken, with the rule. Nothing in an order whose
    /// events were decided by this crate.
    pub fn broken_invariant(&self) -> Option<(&OrderLine, &'static str)> {
        self.lines.iter().find_map(|line| {
            let broken = INVARIANTS.iter().find(|(_, holds)| holds(line) != Some(true))?;
            Some((line, broken.0))
        })
    }
}

impl OrderLine {
    fn quantities(&self) -> [Decimal; 17] {
        [
            self.ordered,
            self.canceled,
            self.backordered,
            self.allocated,
            self.picked,
            self.packed,
            self.shipped,
            self.delivered,
            self.returned_to_sender,
            self.lost,
            self.return_requested,
            self.received,
            self.inspected,
            self.restocked,
            self.written_off,
            self.sent_back,
            self.credited,
        ]
    }

    /// What left and is out of everybody's reach.
    fn out(&self) -> Option<Decimal> {
        self.returned_to_sender.checked_add(self.lost)
    }
}
