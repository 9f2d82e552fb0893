//! The orders of the demo shop: an extract of a real one.

use orderkit::OrderLog;

use super::{Convention, Converter, ImportError};
use crate::{
    cli::{Line, Lines},
    store::Store,
};

/// A thousand orders in a row; where they come from stands in `examples/data/README.md`.
const EXTRACT: &[u8] = include_bytes!("../../../examples/data/online-retail-extract.jsonl.gz");
/// The name of the extract as a source.
const SOURCE: &str = "online-retail-extract";
/// Orders in one transaction.
const BATCH_ORDERS: usize = 500;

/// The orders of the extract.
///
/// # Errors
///
/// If the embedded extract is damaged.
pub fn demo_orders() -> Result<Vec<OrderLog>, ImportError> {
    let damaged = |reason: String| ImportError::Store(format!("the embedded extract: {reason}"));
    let convention = Convention::of(SOURCE, None).map_err(damaged)?;
    let mut converter = Converter::new(SOURCE, "", None, convention);
    let text = std::io::BufReader::new(flate2::read::GzDecoder::new(EXTRACT));
    let mut lines = Lines::new(text, orderkit::limits::MAX_DOCUMENT_BYTES);
    let mut orders = Vec::new();
    loop {
        let position = lines.number() + 1;
        match lines.next_line().map_err(|error| damaged(error.to_string()))? {
            None => return Ok(orders),
            Some(Line::TooLong(bytes)) => return Err(damaged(format!("a line of {bytes} bytes"))),
            Some(Line::Text(text)) => {
                orders.push(converter.convert(text, position).map_err(damaged)?.log);
            }
        }
    }
}

/// Fills a tenant with the orders of the extract, and gives how many are new. Doing it again adds
/// nothing.
///
/// # Errors
///
/// [`ImportError::Store`]
pub async fn fill_demo(store: &Store, tenant: &str) -> Result<usize, ImportError> {
    let mut inserted = 0;
    for batch in demo_orders()?.chunks(BATCH_ORDERS) {
        let outcome = store.import_orders(tenant, batch.to_vec()).await;
        inserted += outcome.map_err(|error| ImportError::Store(error.to_string()))?.inserted;
    }
    Ok(inserted)
}
