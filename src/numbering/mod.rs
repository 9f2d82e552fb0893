//! Order numbers for people: patterns, generation, check characters.
//!
//! The id of an order is a UUID; its number is what people read, say and type. A pattern such as
//! `{date:yyMMdd}-{device:2}{seq:4}{check}` is compiled once and refused if its numbers could repeat.
//!
//! | part | gives |
//! | --- | --- |
//! | `{date:FORMAT}` | the shop's calendar day; `yyyy`, `yy`, `MM`, `dd` |
//! | `{time:FORMAT}` | the shop's wall clock; `HH`, `mm`, `ss`, `SSS` |
//! | `{device:N}` | the code that the server gave to the device, N characters |
//! | `{seq:N}` | the device's counter, N digits, starting again when the date part changes |
//! | `{rand:N}` | N random characters without look-alikes (30 of them) |
//! | `{digits:N}` | N random digits |
//! | `{check}` | a check character: Damm where only digits can stand before it, else ISO 7064 MOD 37,36 |
//!
//! Everything else stands for itself; letters are upper case.
//!
//! # Who counts
//!
//! A number with a counter is unique by construction: each device counts for itself under a code that
//! the server gave it once, or leases blocks of one counter of the shop ([`Pattern::is_leased`]).
//! [`Series`] is what a device keeps; one series is never shared by two. Random patterns are unique
//! by chance, and [`Pattern::report`] says by what chance. A number that was given up is recorded
//! ([`VoidRecord`]) and never used again; [`gap_report`] accounts for each serial.

mod capacity;
mod check;
mod gaps;
mod generate;
mod lease;
mod pattern;
mod scramble;
mod series;
mod typed;

pub use capacity::PatternReport;
pub use check::check_character;
pub use gaps::{GapReport, VoidReason, VoidRecord, gap_report};
pub use generate::{NumberInputs, SHOP_SERIES, SeriesPlace};
pub use lease::{Span, needs_block, next_block, next_serial, serials_left};
pub use pattern::{Pattern, PatternOptions, Period};
use scramble::Scrambler;
pub use series::{Series, SeriesEnd, Turn};
pub use typed::{is_near, look_alike_key, near_keys};

/// What the provisional numbers of devices begin with that have no code or block.
pub const PROVISIONAL_PREFIX: &str = "T-";

/// What random parts and device codes are made of: no 0/O, 1/I/L or U.
pub(crate) const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The device code number `index`, of `length` characters, or `None` beyond the last.
///
/// The server gives codes out by counting; nobody else invents one.
///
/// # Example
///
/// ```
/// use orderkit::numbering::device_code;
///
/// assert_eq!(device_code(0, 2).as_deref(), Some("22"));
/// assert_eq!(device_code(899, 2).as_deref(), Some("ZZ"));
/// assert_eq!(device_code(900, 2), None);
/// ```
pub fn device_code(index: u64, length: u8) -> Option<String> {
    let base = u64::try_from(ALPHABET.len()).ok()?;
    let mut rest = index;
    let mut code = Vec::new();
    for _ in 0..length {
        let digit = usize::try_from(rest.checked_rem(base)?).ok()?;
        code.push(*ALPHABET.get(digit)?);
        rest = rest.checked_div(base)?;
    }
    code.reverse();
    if rest == 0 { String::from_utf8(code).ok() } else { None }
}
