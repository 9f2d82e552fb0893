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
//! | `{check}` | a check character: Damm if all before it are digits, else ISO 7064 MOD 37,36 |
//!
//! Everything else stands for itself; letters are upper case.

mod check;
mod generate;
mod pattern;

pub use generate::NumberInputs;
pub use pattern::Pattern;

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
