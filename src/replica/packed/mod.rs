//! The packed form of orders, as they are stored.
//!
//! Browsers store and load one large piece of bytes about eighty times faster than a thousand objects. What lists show of the
//! orders ([`rows`]) is read when a page opens; their logs ([`logs`]) only when somebody opens an order.
//!
//! A piece is: magic, format version, number of entries, checksum, entries. Numbers are little endian.

use core::ops::Range;

use xxhash_rust::xxh64::xxh64;

use crate::issue::{Code, Issue};

pub(super) mod logs;
pub(super) mod rows;

/// Raised when the entries change their form; a piece of another version is fetched again.
const FORMAT_VERSION: u32 = 5;
pub(super) const HEADER_BYTES: usize = 24;

/// Where the log of an order stands: under which key, and there from which byte to which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub key: u64,
    pub bytes: Range<u32>,
}

impl Place {
    pub(super) fn length(&self) -> u64 {
        u64::from(self.bytes.end.saturating_sub(self.bytes.start))
    }
}

/// Puts the header before entries.
fn seal(magic: [u8; 4], entries: u32, body: &[u8]) -> Vec<u8> {
    let mut piece = Vec::with_capacity(HEADER_BYTES.saturating_add(body.len()));
    piece.extend_from_slice(&magic);
    piece.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    piece.extend_from_slice(&entries.to_le_bytes());
    piece.extend_from_slice(&0_u32.to_le_bytes());
    piece.extend_from_slice(&xxh64(body, u64::from(entries)).to_le_bytes());
    piece.extend_from_slice(body);
    piece
}

/// The number of entries and their bytes.
///
/// # Errors
///
/// `store_corrupt` if a byte changed, something is cut off, or the version is another one.
fn unseal(magic: [u8; 4], piece: &[u8]) -> Result<(u32, &[u8]), Issue> {
    let header = piece.get(..HEADER_BYTES).ok_or_else(corrupt)?;
    let body = piece.get(HEADER_BYTES..).ok_or_else(corrupt)?;
    let word = |at: Range<usize>| header.get(at).and_then(|bytes| bytes.try_into().ok());
    let entries = word(8..12).map(u32::from_le_bytes).ok_or_else(corrupt)?;
    let checksum = header.get(16..24).and_then(|bytes| bytes.try_into().ok());
    let intact = header.starts_with(&magic)
        && word(4..8).map(u32::from_le_bytes) == Some(FORMAT_VERSION)
        && word(12..16) == Some([0; 4])
        && checksum.map(u64::from_le_bytes) == Some(xxh64(body, u64::from(entries)));
    if intact { Ok((entries, body)) } else { Err(corrupt()) }
}

pub(super) fn corrupt() -> Issue {
    Issue::new(Code::StoreCorrupt, "")
}
