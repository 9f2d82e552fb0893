//! Blocks of serials that the server leases to devices, for one counter of the whole shop.

use serde::{Deserialize, Serialize};

use crate::json::{FromJson, ToJson};

/// Serials from one to before another: `[from, to)`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Span {
    /// The first serial.
    pub from: u64,
    /// The first serial after it.
    pub to: u64,
}

impl Span {
    /// How many serials it has.
    pub fn count(self) -> u64 {
        self.to.saturating_sub(self.from)
    }

    /// Whether a serial is in it.
    pub fn contains(self, serial: u64) -> bool {
        (self.from..self.to).contains(&serial)
    }

    /// What is left of it behind a serial.
    pub fn after(self, serial: u64) -> Self {
        Self { from: self.from.max(serial.saturating_add(1)).min(self.to), to: self.to }
    }
}

/// The next serial of a device that has used those up to `last`: the leases are used in rising order.
///
/// # Example
///
/// ```
/// use orderkit::numbering::{Span, next_serial};
///
/// let leases = [Span { from: 101, to: 103 }, Span { from: 501, to: 601 }];
/// assert_eq!(next_serial(&leases, 0), Some(101));
/// assert_eq!(next_serial(&leases, 102), Some(501));
/// assert_eq!(next_serial(&leases, 600), None);
/// ```
pub fn next_serial(leases: &[Span], last: u64) -> Option<u64> {
    let left = leases.iter().map(|lease| lease.after(last)).filter(|lease| lease.count() > 0);
    left.map(|lease| lease.from).min()
}

/// The serials that a device has left.
pub fn serials_left(leases: &[Span], last: u64) -> u64 {
    leases.iter().map(|lease| lease.after(last).count()).fold(0, u64::saturating_add)
}

/// Whether a device should get a further block: when a fifth or less of one is left.
pub fn needs_block(leases: &[Span], last: u64, block_size: u32) -> bool {
    serials_left(leases, last).saturating_mul(5) <= u64::from(block_size)
}

/// The block that begins at `next`, cut at the end of the counter; none beyond it.
pub fn next_block(next: u64, block_size: u32, last_serial: u64) -> Option<Span> {
    let end = last_serial.saturating_add(1);
    let block = Span { from: next, to: next.saturating_add(u64::from(block_size)).min(end) };
    (block.count() > 0).then_some(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_asked_for_at_a_fifth_and_cut_at_the_end() {
        let lease = [Span { from: 1, to: 101 }];
        assert!(!needs_block(&lease, 79, 100), "21 left");
        assert!(needs_block(&lease, 80, 100), "20 left");
        assert!(needs_block(&[], 0, 100));
        assert_eq!(next_block(951, 100, 999), Some(Span { from: 951, to: 1_000 }));
        assert_eq!(next_block(1_000, 100, 999), None);
        assert_eq!(Span { from: 5, to: 9 }.after(20), Span { from: 9, to: 9 });
    }
}
