//! The logs that are in memory: those that were opened last, up to a measure.

use core::cell::Cell;

use super::{
    keyed::Keyed,
    packed::{Place, corrupt, logs::check},
};
use crate::issue::{Code, Issue};

/// Bytes that are kept. A log that is needed again is read again.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct Logs {
    pieces: Keyed<u64, Piece>,
    bytes: usize,
    /// Rises with every use.
    uses: Cell<u64>,
}

#[derive(Debug)]
struct Piece {
    bytes: Vec<u8>,
    used: Cell<u64>,
}

impl Logs {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn has(&self, key: u64) -> bool {
        self.pieces.get(&key).is_some()
    }

    /// Takes a piece in, and drops those that were not used for longest.
    ///
    /// # Errors
    ///
    /// `store_corrupt` if it is not as it was written.
    pub(super) fn insert(&mut self, key: u64, bytes: Vec<u8>) -> Result<(), Issue> {
        check(&bytes)?;
        self.remove(key);
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.pieces.add(key, Piece { bytes, used: Cell::new(self.next_use()) });
        while self.bytes > KEPT_BYTES && self.pieces.len() > 1 {
            let oldest = self.pieces.iter().min_by_key(|(_, piece)| piece.used.get());
            let Some(oldest) = oldest.map(|(key, _)| *key) else { break };
            self.remove(oldest);
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, key: u64) {
        if let Some(piece) = self.pieces.remove(&key) {
            self.bytes = self.bytes.saturating_sub(piece.bytes.len());
        }
    }

    /// The bytes of a log.
    ///
    /// # Errors
    ///
    /// `order_loading` if its piece has to be read first.
    pub(super) fn get(&self, place: &Place) -> Result<&[u8], Issue> {
        let Some(piece) = self.pieces.get(&place.key) else {
            return Err(Issue::new(Code::OrderLoading, ""));
        };
        piece.used.set(self.next_use());
        let at = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX);
        piece.bytes.get(at(place.bytes.start)..at(place.bytes.end)).ok_or_else(corrupt)
    }

    fn next_use(&self) -> u64 {
        self.uses.set(self.uses.get().saturating_add(1));
        self.uses.get()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::packed::logs::LogWriter, *};

    #[test]
    fn what_was_not_used_for_longest_is_read_again() {
        let piece = || {
            let mut writer = LogWriter::default();
            writer.log(&vec![1; KEPT_BYTES / 4]).unwrap();
            writer.finish().remove(0)
        };
        let place = |key| Place { key, bytes: 24..25 };
        let mut logs = Logs::default();
        for key in 1..=3 {
            logs.insert(key, piece()).unwrap();
        }
        assert_eq!(logs.get(&place(1)).unwrap(), [1]);
        logs.insert(4, piece()).unwrap();
        assert_eq!(logs.get(&place(2)).unwrap_err().code, Code::OrderLoading);
        assert!([1, 3, 4].into_iter().all(|key| logs.has(key)));
        // One that is larger than all that is kept can be opened all the same.
        let mut writer = LogWriter::default();
        writer.log(&vec![1; KEPT_BYTES]).unwrap();
        logs.insert(5, writer.finish().remove(0)).unwrap();
        assert_eq!((logs.has(5), logs.has(4)), (true, false));
    }
}
