//! Prints random shops and drafts for them, as JSON lines: what the parity test sends through every way of the engine.
//!
//! `cargo run --example drafts -- COUNT SEED`
//!
//! A line is `{"shop": {"name", "nowMs", "ruleset"}}` or `{"draft": "<text>"}`; a draft belongs to the last shop before
//! it. Drafts are texts, because some are not JSON. The same seed gives the same bytes.

mod draft;
mod mistake;
mod random;
mod shop;

use std::io::{self, BufWriter, Write};

use random::Random;
use serde_json::json;

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let mut number = |missing| match numbers.next() {
        None => Ok(missing),
        Some(number) => number.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error)),
    };
    let (count, seed) = (number(1_000)?, number(1)?);
    let mut random = Random::new(seed);
    let shops = shop::all();
    let mut out = BufWriter::new(io::stdout().lock());
    for (at, shop) in (0_u64..).zip(&shops) {
        let head = json!({"name": shop.name, "nowMs": shop.now_ms, "ruleset": shop.ruleset});
        writeln!(out, "{}", json!({"shop": head}))?;
        // Each shop gets its part; the first ones what is left over.
        let shops = shops.len() as u64;
        let part = count / shops + u64::from(at < count % shops);
        for _ in 0..part {
            let draft = draft::draft(shop, &mut random);
            let text = mistake::perhaps(draft, &mut random);
            writeln!(out, "{}", json!({"draft": text}))?;
        }
    }
    out.flush()
}
