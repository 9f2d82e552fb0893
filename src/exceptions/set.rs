//! A set of exceptions that fits into a list's row.

use serde::{Serialize, Serializer};

use super::{Exception, ExceptionKind};
use crate::json::{ToJson, Writer};

/// The kinds of exceptions of an order that do not depend on the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExceptionSet(u32);

impl ExceptionSet {
    /// The kinds of these.
    pub fn of(exceptions: &[Exception]) -> Self {
        Self(exceptions.iter().fold(0, |bits, exception| bits | bit(exception.kind)))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// The kinds, in the order of their declaration.
    pub fn kinds(self) -> impl Iterator<Item = ExceptionKind> {
        ExceptionKind::ALL.iter().copied().filter(move |kind| self.0 & bit(*kind) != 0)
    }
}

fn bit(kind: ExceptionKind) -> u32 {
    let at = ExceptionKind::ALL.iter().position(|known| *known == kind);
    at.and_then(|at| u32::try_from(at).ok())
        .and_then(|at| 1_u32.checked_shl(at))
        .unwrap_or_default()
}

impl ToJson for ExceptionSet {
    fn write(&self, writer: &mut Writer<'_>) {
        self.kinds().collect::<Vec<_>>().write(writer);
    }
}

impl Serialize for ExceptionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.kinds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_place_of_its_own() {
        let bits: Vec<u32> = ExceptionKind::ALL.iter().map(|kind| bit(*kind)).collect();
        assert!(bits.iter().all(|bit| bit.count_ones() == 1));
        assert_eq!(bits.iter().fold(0, |all, bit| all | bit).count_ones() as usize, bits.len());
        let both = ExceptionSet(bit(ExceptionKind::Lost) | bit(ExceptionKind::Overpaid));
        assert_eq!(
            both.kinds().collect::<Vec<_>>(),
            [ExceptionKind::Overpaid, ExceptionKind::Lost]
        );
    }
}
