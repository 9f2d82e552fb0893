//! The packed form of orders: one piece of bytes for a thousand of them.
//!
//! Browsers store and load one large piece of bytes about eighty times faster than a thousand
//! objects. A page is: magic, format version, number of entries, checksum, entries. An entry is a
//! [`Row`] for lists in binary form, then the order's log as JSON, which is only read when the order
//! is opened. Numbers are little endian.

use core::ops::Range;

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use xxhash_rust::xxh64::xxh64;

use super::row::{LocalName, Row};
use crate::{
    exceptions::ExceptionSet,
    issue::{Code, Issue},
    money::Amount,
    status::Summary,
};

const MAGIC: &[u8; 4] = b"OKPG";
/// Raised when the entries change their form; a page of another version is fetched again.
const FORMAT_VERSION: u32 = 4;
const HEADER_BYTES: usize = 24;

/// Where the log of an order stands: in which page, and there from which byte to which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub page: usize,
    pub bytes: Range<usize>,
}

/// An entry of a page, borrowed from its bytes.
#[derive(Debug, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "nearly all are orders, and none lives long; smaller on wasm32"
)]
pub(super) enum Entry {
    /// An order, with the place of its log in the page.
    Order { seq: u64, revision: u64, digest: u64, row: Row, log: Range<usize> },
    /// An order that is no longer visible.
    Gone { id: Uuid },
}

#[derive(Serialize, Deserialize)]
enum Packed<'a> {
    #[serde(borrow)]
    Order(PackedRow<'a>),
    Gone([u8; 16]),
}

#[derive(Serialize, Deserialize)]
struct PackedRow<'a> {
    seq: u64,
    revision: u64,
    digest: u64,
    id: [u8; 16],
    number: &'a str,
    summary: u8,
    placed_ms: i64,
    total_minor: i64,
    currency: &'a str,
    customer: &'a str,
    country: &'a str,
    item_en: &'a str,
    item_zh: &'a str,
    lines: u32,
    search: &'a str,
    likeness: u64,
    exceptions: u32,
    log_bytes: u32,
}

/// Writes a page.
#[derive(Debug, Default)]
pub(super) struct PageWriter {
    entries: u32,
    body: Vec<u8>,
}

impl PageWriter {
    pub(super) fn order(
        &mut self,
        seq: u64,
        revision: u64,
        digest: u64,
        row: &Row,
        log: &[u8],
    ) -> Result<(), Issue> {
        let packed = Packed::Order(PackedRow {
            seq,
            revision,
            digest,
            id: *row.id.as_bytes(),
            number: &row.number,
            summary: summary_code(row.summary),
            placed_ms: row.placed_ms,
            total_minor: row.total_minor.minor(),
            currency: &row.currency,
            customer: &row.customer,
            country: &row.country,
            item_en: &row.first_item.en,
            item_zh: &row.first_item.zh,
            lines: row.lines,
            search: &row.search,
            likeness: row.likeness,
            exceptions: row.exceptions.bits(),
            log_bytes: u32::try_from(log.len()).map_err(|_| corrupt())?,
        });
        self.push(&packed)?;
        self.body.extend_from_slice(log);
        Ok(())
    }

    pub(super) fn gone(&mut self, id: Uuid) -> Result<(), Issue> {
        self.push(&Packed::Gone(*id.as_bytes()))
    }

    fn push(&mut self, packed: &Packed<'_>) -> Result<(), Issue> {
        let body = core::mem::take(&mut self.body);
        self.body = postcard::to_extend(packed, body).map_err(|_| corrupt())?;
        self.entries = self.entries.saturating_add(1);
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries == 0
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut page = Vec::with_capacity(HEADER_BYTES.saturating_add(self.body.len()));
        page.extend_from_slice(MAGIC);
        page.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        page.extend_from_slice(&self.entries.to_le_bytes());
        page.extend_from_slice(&0_u32.to_le_bytes());
        page.extend_from_slice(&xxh64(&self.body, u64::from(self.entries)).to_le_bytes());
        page.extend_from_slice(&self.body);
        page
    }
}

/// Reads a page.
///
/// # Errors
///
/// `store_corrupt` if a byte changed, something is cut off, or the version is another one.
pub(super) fn read(page: &[u8]) -> Result<Vec<Entry>, Issue> {
    let header = page.get(..HEADER_BYTES).ok_or_else(corrupt)?;
    let body = page.get(HEADER_BYTES..).ok_or_else(corrupt)?;
    let word = |at: Range<usize>| header.get(at).and_then(|bytes| bytes.try_into().ok());
    let entries = word(8..12).map(u32::from_le_bytes).ok_or_else(corrupt)?;
    let checksum = header.get(16..24).and_then(|bytes| bytes.try_into().ok());
    let intact = header.starts_with(MAGIC)
        && word(4..8).map(u32::from_le_bytes) == Some(FORMAT_VERSION)
        && word(12..16) == Some([0; 4])
        && checksum.map(u64::from_le_bytes) == Some(xxh64(body, u64::from(entries)));
    if !intact {
        return Err(corrupt());
    }
    let mut list = Vec::with_capacity(usize::try_from(entries).unwrap_or_default().min(body.len()));
    let mut rest = body;
    for _ in 0..entries {
        let (packed, after) =
            postcard::take_from_bytes::<Packed<'_>>(rest).map_err(|_| corrupt())?;
        rest = after;
        match packed {
            Packed::Gone(id) => list.push(Entry::Gone { id: Uuid::from_bytes(id) }),
            Packed::Order(packed) => {
                let length = usize::try_from(packed.log_bytes).map_err(|_| corrupt())?;
                let start = page.len().checked_sub(rest.len()).ok_or_else(corrupt)?;
                let end = start.checked_add(length).ok_or_else(corrupt)?;
                rest = rest.get(length..).ok_or_else(corrupt)?;
                list.push(order_entry(&packed, start..end)?);
            }
        }
    }
    if rest.is_empty() { Ok(list) } else { Err(corrupt()) }
}

fn order_entry(packed: &PackedRow<'_>, log: Range<usize>) -> Result<Entry, Issue> {
    let row = Row {
        id: Uuid::from_bytes(packed.id),
        number: packed.number.to_owned(),
        summary: summary_of(packed.summary).ok_or_else(corrupt)?,
        placed_ms: packed.placed_ms,
        total_minor: Amount::new(packed.total_minor).map_err(|_| corrupt())?,
        currency: packed.currency.to_owned(),
        customer: packed.customer.to_owned(),
        country: packed.country.to_owned(),
        first_item: LocalName { en: packed.item_en.to_owned(), zh: packed.item_zh.to_owned() },
        lines: packed.lines,
        search: packed.search.to_owned(),
        likeness: packed.likeness,
        exceptions: ExceptionSet::from_bits(packed.exceptions),
    };
    let PackedRow { seq, revision, digest, .. } = *packed;
    Ok(Entry::Order { seq, revision, digest, row, log })
}

/// The packed codes of summaries: new ones are added at the end, none is used twice.
const SUMMARY_CODES: [Summary; Summary::ALL.len()] = [
    Summary::AwaitingPayment,
    Summary::AwaitingConfirmation,
    Summary::AwaitingShipment,
    Summary::PartiallyShipped,
    Summary::InTransit,
    Summary::Delivered,
    Summary::Completed,
    Summary::Canceled,
    Summary::AwaitingRefund,
    Summary::Exception,
    Summary::OnHold,
    Summary::AwaitingPicking,
    Summary::AwaitingPacking,
    Summary::Expired,
    Summary::Refunded,
    Summary::Draft,
    Summary::Discarded,
    Summary::InReturn,
];

fn summary_code(summary: Summary) -> u8 {
    let at = SUMMARY_CODES.iter().position(|known| *known == summary);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn summary_of(code: u8) -> Option<Summary> {
    SUMMARY_CODES.get(usize::from(code)).copied()
}

pub(super) fn corrupt() -> Issue {
    Issue::new(Code::StoreCorrupt, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(number: &str) -> Row {
        Row {
            id: Uuid::from_u128(7),
            number: number.to_owned(),
            summary: Summary::InTransit,
            placed_ms: -5,
            total_minor: Amount::new(1_999).unwrap(),
            currency: "EUR".to_owned(),
            customer: "李雷".to_owned(),
            country: "CN".to_owned(),
            first_item: LocalName { en: "Tea".to_owned(), zh: "茶".to_owned() },
            lines: 3,
            search: "a b".to_owned(),
            likeness: 5,
            exceptions: ExceptionSet::default(),
        }
    }

    fn page() -> Vec<u8> {
        let mut writer = PageWriter::default();
        writer.order(9, 2, 77, &row("A-1"), b"{\"log\":1}").unwrap();
        writer.gone(Uuid::from_u128(8)).unwrap();
        writer.order(10, 1, 78, &row("A-2"), b"").unwrap();
        writer.finish()
    }

    #[test]
    fn reads_what_it_wrote() {
        let page = page();
        let entries = read(&page).unwrap();
        assert_eq!(entries.len(), 3);
        let Entry::Order { seq: 9, revision: 2, digest: 77, row: first, log } = &entries[0] else {
            panic!()
        };
        assert_eq!((first, &page[log.clone()]), (&row("A-1"), b"{\"log\":1}".as_slice()));
        assert_eq!(entries[1], Entry::Gone { id: Uuid::from_u128(8) });
    }

    #[test]
    fn any_changed_bit_and_any_cut_is_found() {
        let page = page();
        for at in 0..page.len() {
            for bit in 0..8 {
                let mut broken = page.clone();
                broken[at] ^= 1 << bit;
                assert_eq!(
                    read(&broken).unwrap_err().code,
                    Code::StoreCorrupt,
                    "byte {at} bit {bit}"
                );
            }
            assert_eq!(read(&page[..at]).unwrap_err().code, Code::StoreCorrupt);
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&bytes).is_err());
        }
    }
}
