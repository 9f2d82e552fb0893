//! The readers of the importer, by their files: with the server's crate, its whole network and database would get instruments.

use orderkit::{OrderLog, limits::MAX_DOCUMENT_BYTES};

use self::{convention::Convention, convert::Converter};

#[path = "../../server/src/import/amount.rs"]
mod amount;
#[path = "../../server/src/import/convention.rs"]
mod convention;
#[path = "../../server/src/import/convert.rs"]
#[allow(dead_code, reason = "the report of an import reads more")]
mod convert;
#[path = "../../server/src/import/finding.rs"]
#[allow(dead_code, reason = "the report of an import reads more")]
mod finding;
#[path = "../../server/src/cli/lines.rs"]
#[allow(dead_code, reason = "other commands read more")]
mod lines;
#[path = "../../server/src/import/neutral.rs"]
#[allow(dead_code, reason = "the report of an import reads more")]
mod neutral;
#[path = "../../server/src/import/place.rs"]
mod place;

/// The source whose convention has most in it.
const SOURCE: &str = "online-retail";

fn converter() -> Converter {
    let convention = Convention::of(SOURCE, None).expect("the zone is known");
    Converter::new(SOURCE, "A-", Some("GBP"), convention)
}

/// A file to import: a document that is taken is an order that can be read again, and the same one at another reading.
///
/// # Panics
///
/// If not.
pub fn importer(bytes: &[u8]) {
    let mut lines = lines::Lines::new(bytes, MAX_DOCUMENT_BYTES);
    let (mut first, mut second) = (converter(), converter());
    loop {
        let position = lines.number() + 1;
        let line = lines.next_line().expect("memory can be read");
        let text = match line {
            None => return,
            Some(lines::Line::Text(text)) if !lines::is_blank(text) => text,
            Some(_) => continue,
        };
        let Ok(converted) = first.convert(text, position) else { continue };
        let again = second.convert(text, position).expect("taken before");
        let written = serde_json::to_string(&converted.log).expect("a log can be written");
        assert_eq!(serde_json::to_string(&again.log).expect("a log can be written"), written);
        let read: OrderLog = serde_json::from_str(&written).expect("our own log can be read");
        let order = read.checked_order().expect("an imported order can be opened");
        assert_eq!(order.totals.gross_minor.minor(), converted.gross_minor);
    }
}
