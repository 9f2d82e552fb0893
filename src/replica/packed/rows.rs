//! What lists show of orders, with the place of each one's log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Place, corrupt, seal, unseal};
use crate::{
    exceptions::{Exception, ExceptionSet, Lateness, OpenAuthorization},
    issue::Issue,
    json::{self, FromJson, ToJson},
    money::Amount,
    replica::{
        Row,
        row::{LocalName, Stamp},
    },
    status::Summary,
};

const MAGIC: [u8; 4] = *b"OKRW";

/// A page that was read.
#[derive(Debug, Default)]
pub(in crate::replica) struct RowPage {
    /// The pieces of logs that it speaks of: their keys and how many bytes they have.
    pub pieces: Vec<(u64, u32)>,
    pub entries: Vec<Entry>,
}

/// An entry of a page.
#[derive(Debug, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "nearly all are orders, and none lives long; smaller on wasm32"
)]
pub(in crate::replica) enum Entry {
    /// An order.
    Order { stamp: Stamp, row: Row, log: Place },
    /// An order that is no longer visible.
    Gone { id: Uuid, seq: u64 },
}

#[derive(Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "as for what is read of it; smaller on wasm32")]
enum Packed<'a> {
    #[serde(borrow)]
    Order(PackedRow<'a>),
    Gone([u8; 16], u64),
}

#[derive(Serialize, Deserialize)]
struct PackedRow<'a> {
    stamp: [u64; 3],
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
    pack_since_ms: Option<i64>,
    ship_since_ms: Option<i64>,
    /// [`Unusual`] as JSON; empty if there is nothing.
    unusual: &'a [u8],
    /// The piece of the log, by its place in the list, and there the first byte and the one after the last.
    log: [u32; 3],
}

/// What few orders have.
#[derive(FromJson, ToJson)]
#[serde(rename_all = "camelCase")]
struct Unusual {
    standing: Vec<Exception>,
    authorizations: Vec<OpenAuthorization>,
}

impl Unusual {
    fn of(row: &Row) -> Option<Self> {
        let (standing, authorizations) = (&row.standing, &row.lateness.authorizations);
        let is_there = !standing.is_empty() || !authorizations.is_empty();
        is_there
            .then(|| Self { standing: standing.clone(), authorizations: authorizations.clone() })
    }
}

/// Writes a page.
#[derive(Debug, Default)]
pub(in crate::replica) struct RowWriter {
    entries: u32,
    body: Vec<u8>,
}

impl RowWriter {
    /// Writes an order whose log is in this piece of those given to [`RowWriter::finish`].
    pub(in crate::replica) fn order(
        &mut self,
        stamp: Stamp,
        row: &Row,
        log: [u32; 3],
    ) -> Result<(), Issue> {
        let unusual = Unusual::of(row).map(|it| json::write(&it)).unwrap_or_default();
        self.push(&Packed::Order(PackedRow {
            stamp: [stamp.seq, stamp.revision, stamp.digest],
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
            pack_since_ms: row.lateness.pack_since_ms,
            ship_since_ms: row.lateness.ship_since_ms,
            unusual: &unusual,
            log,
        }))
    }

    pub(in crate::replica) fn gone(&mut self, id: Uuid, seq: u64) -> Result<(), Issue> {
        self.push(&Packed::Gone(*id.as_bytes(), seq))
    }

    fn push(&mut self, packed: &Packed<'_>) -> Result<(), Issue> {
        let body = core::mem::take(&mut self.body);
        self.body = postcard::to_extend(packed, body).map_err(|_| corrupt())?;
        self.entries = self.entries.saturating_add(1);
        Ok(())
    }

    pub(in crate::replica) fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The page, with the pieces of logs that it speaks of: their keys and how many bytes they have.
    pub(in crate::replica) fn finish(self, pieces: &[(u64, u32)]) -> Result<Vec<u8>, Issue> {
        let mut body = postcard::to_extend(pieces, Vec::new()).map_err(|_| corrupt())?;
        body.extend_from_slice(&self.body);
        Ok(seal(MAGIC, self.entries, &body))
    }
}

/// Reads a page.
///
/// # Errors
///
/// `store_corrupt` if a byte changed, something is cut off, or the version is another one.
pub(in crate::replica) fn read(page: &[u8]) -> Result<RowPage, Issue> {
    let (count, body) = unseal(MAGIC, page)?;
    let (pieces, mut rest) =
        postcard::take_from_bytes::<Vec<(u64, u32)>>(body).map_err(|_| corrupt())?;
    let capacity = usize::try_from(count).unwrap_or_default().min(body.len());
    let mut entries = Vec::with_capacity(capacity);
    for _ in 0..count {
        let (packed, after) =
            postcard::take_from_bytes::<Packed<'_>>(rest).map_err(|_| corrupt())?;
        rest = after;
        entries.push(match packed {
            Packed::Gone(id, seq) => Entry::Gone { id: Uuid::from_bytes(id), seq },
            Packed::Order(packed) => order_entry(&packed, &pieces)?,
        });
    }
    if rest.is_empty() { Ok(RowPage { pieces, entries }) } else { Err(corrupt()) }
}

fn order_entry(packed: &PackedRow<'_>, pieces: &[(u64, u32)]) -> Result<Entry, Issue> {
    let Unusual { standing, authorizations } = match packed.unusual.is_empty() {
        true => Unusual { standing: Vec::new(), authorizations: Vec::new() },
        false => json::read(packed.unusual).map_err(|_| corrupt())?,
    };
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
        exceptions: ExceptionSet::of(&standing),
        standing,
        lateness: Lateness {
            pack_since_ms: packed.pack_since_ms,
            ship_since_ms: packed.ship_since_ms,
            authorizations,
        },
    };
    let [piece, start, end] = packed.log;
    let piece = usize::try_from(piece).ok().and_then(|at| pieces.get(at));
    let (key, bytes) = *piece.ok_or_else(corrupt)?;
    if start > end || end > bytes {
        return Err(corrupt());
    }
    let [seq, revision, digest] = packed.stamp;
    let stamp = Stamp { seq, revision, digest };
    Ok(Entry::Order { stamp, row, log: Place { key, bytes: start..end } })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{exceptions::ExceptionKind, issue::Code};

    fn row(number: &str) -> Row {
        let standing = vec![Exception::new(ExceptionKind::Overpaid)];
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
            exceptions: ExceptionSet::of(&standing),
            standing,
            lateness: Lateness {
                pack_since_ms: None,
                ship_since_ms: Some(9),
                authorizations: vec![OpenAuthorization { payment: "p".to_owned(), ends_ms: 4 }],
            },
        }
    }

    const STAMP: Stamp = Stamp { seq: 9, revision: 2, digest: 77 };

    fn page() -> Vec<u8> {
        let mut writer = RowWriter::default();
        writer.order(STAMP, &row("A-1"), [1, 24, 30]).unwrap();
        writer.gone(Uuid::from_u128(8), 11).unwrap();
        let plain = Row { standing: Vec::new(), exceptions: ExceptionSet::default(), ..row("A-2") };
        writer.order(Stamp { seq: 10, ..STAMP }, &plain, [0, 24, 24]).unwrap();
        writer.finish(&[(5, 24), (6, 30)]).unwrap()
    }

    #[test]
    fn reads_what_it_wrote() {
        let RowPage { pieces, entries } = read(&page()).unwrap();
        assert_eq!(pieces, [(5, 24), (6, 30)]);
        assert_eq!(entries.len(), 3);
        let log = Place { key: 6, bytes: 24..30 };
        assert_eq!(entries[0], Entry::Order { stamp: STAMP, row: row("A-1"), log });
        assert_eq!(entries[1], Entry::Gone { id: Uuid::from_u128(8), seq: 11 });
    }

    #[test]
    fn any_changed_bit_and_any_cut_is_found() {
        let page = page();
        for at in 0..page.len() {
            for bit in 0..8 {
                let mut broken = page.clone();
                broken[at] ^= 1 << bit;
                let found = read(&broken).unwrap_err().code;
                assert_eq!(found, Code::StoreCorrupt, "byte {at} bit {bit}");
            }
            assert_eq!(read(&page[..at]).unwrap_err().code, Code::StoreCorrupt);
        }
    }

    #[test]
    fn a_log_that_is_nowhere_is_found() {
        for log in [[2, 24, 24], [0, 24, 25], [1, 25, 24]] {
            let mut writer = RowWriter::default();
            writer.order(STAMP, &row("A-1"), log).unwrap();
            let page = writer.finish(&[(5, 24), (6, 30)]).unwrap();
            assert_eq!(read(&page).unwrap_err().code, Code::StoreCorrupt, "{log:?}");
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&bytes).is_err());
        }
    }
}
