//! Logs of orders, some dozens in a piece: small enough to be read for one of them, and few enough to be stored fast.

use super::{HEADER_BYTES, corrupt, seal, unseal};
use crate::issue::Issue;

const MAGIC: [u8; 4] = *b"OKLG";
/// A piece is full when it has so many bytes.
pub(in crate::replica) const FULL_BYTES: usize = 256 * 1024;

/// Writes logs into pieces.
#[derive(Debug, Default)]
pub(in crate::replica) struct LogWriter {
    full: Vec<Vec<u8>>,
    entries: u32,
    body: Vec<u8>,
}

/// Where a log was written: in which piece, and there from which byte to which.
#[derive(Clone, Copy, Debug)]
pub(in crate::replica) struct Written {
    pub piece: u32,
    pub start: u32,
    pub end: u32,
}

impl LogWriter {
    pub(in crate::replica) fn log(&mut self, log: &[u8]) -> Result<Written, Issue> {
        let is_full = self.body.len().saturating_add(log.len()) > FULL_BYTES;
        if is_full && !self.body.is_empty() {
            self.close();
        }
        let whole = |length: usize| u32::try_from(length).map_err(|_| corrupt());
        let start = HEADER_BYTES.saturating_add(self.body.len());
        let end = start.saturating_add(log.len());
        self.body.extend_from_slice(log);
        self.entries = self.entries.saturating_add(1);
        Ok(Written { piece: whole(self.full.len())?, start: whole(start)?, end: whole(end)? })
    }

    fn close(&mut self) {
        let body = core::mem::take(&mut self.body);
        self.full.push(seal(MAGIC, core::mem::take(&mut self.entries), &body));
    }

    /// All pieces.
    pub(in crate::replica) fn finish(mut self) -> Vec<Vec<u8>> {
        if self.entries > 0 {
            self.close();
        }
        self.full
    }
}

/// Sees whether a piece is as it was written.
///
/// # Errors
///
/// `store_corrupt` if it is not.
pub(in crate::replica) fn check(piece: &[u8]) -> Result<(), Issue> {
    unseal(MAGIC, piece).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issue::Code;

    #[test]
    fn logs_stand_where_they_were_written() {
        let mut writer = LogWriter::default();
        let large = vec![7; FULL_BYTES];
        let logs: [&[u8]; 4] = [b"one", b"", &large, b"four"];
        let written = logs.map(|log| writer.log(log).unwrap());
        let pieces = writer.finish();
        assert_eq!(pieces.len(), 3, "what is larger than a piece has one of its own");
        for (log, at) in logs.iter().zip(written) {
            let piece = &pieces[at.piece as usize];
            check(piece).unwrap();
            assert_eq!(&piece[at.start as usize..at.end as usize], *log);
        }
        assert!(LogWriter::default().finish().is_empty());
    }

    #[test]
    fn any_changed_bit_and_any_cut_is_found() {
        let mut writer = LogWriter::default();
        writer.log(b"{\"log\":1}").unwrap();
        let piece = writer.finish().remove(0);
        for at in 0..piece.len() {
            for bit in 0..8 {
                let mut broken = piece.clone();
                broken[at] ^= 1 << bit;
                assert_eq!(check(&broken).unwrap_err().code, Code::StoreCorrupt);
            }
            assert_eq!(check(&piece[..at]).unwrap_err().code, Code::StoreCorrupt);
        }
    }
}
