//! Making a number from a pattern, and checking one that somebody typed.

use core::fmt::Write;

use super::{
    ALPHABET, check,
    pattern::{Part, Pattern, TimePart},
};
use crate::{
    issue::{Code, Issue},
    zone::TimeZone,
};

/// What a number is made of. Time and random bytes come from the caller, who has a clock.
#[derive(Clone, Copy, Debug)]
pub struct NumberInputs<'a> {
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// The code that the server gave to this device; empty if none.
    pub device: &'a str,
    /// The device's counter in this period, from 1.
    pub sequence: u64,
    /// One random byte for each random character; bytes above the largest multiple are skipped, so
    /// give four times as many.
    pub random: &'a [u8],
}

impl Pattern {
    /// The period in which the counter runs: the text of the date and time parts.
    ///
    /// When it changes, the counter starts at 1 again. It never does for a pattern without a date.
    pub fn period(&self, at_ms: i64, zone: &TimeZone) -> String {
        let mut text = String::new();
        for part in &self.parts {
            if let Part::Time(fields) = part {
                write_time(fields, at_ms, zone, &mut text);
            }
        }
        text
    }

    /// Makes a number.
    ///
    /// # Errors
    ///
    /// `series_exhausted` if the counter no longer fits; `pattern_invalid` if the device code has
    /// not the pattern's length or the random bytes are used up.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::{TimeZone, numbering::{NumberInputs, Pattern}};
    ///
    /// let pattern = Pattern::compile("{date:yyMMdd}-{device:2}{seq:4}{check}").unwrap();
    /// let inputs = NumberInputs {
    ///     at_ms: 1_764_000_000_000, device: "K7", sequence: 418, random: &[],
    /// };
    /// let number = pattern.generate(inputs, &TimeZone::default()).unwrap();
    /// assert_eq!(number, "251124-K70418Z");
    /// assert!(pattern.verify(&number).is_ok());
    /// assert!(pattern.verify("251124-K70481Z").is_err());
    /// ```
    pub fn generate(&self, inputs: NumberInputs<'_>, zone: &TimeZone) -> Result<String, Issue> {
        let mut number = String::with_capacity(self.length());
        let mut random = inputs.random.iter().copied();
        for part in &self.parts {
            match part {
                Part::Literal(text) => number.push_str(text),
                Part::Time(fields) => write_time(fields, inputs.at_ms, zone, &mut number),
                Part::Device(length) => {
                    if inputs.device.len() != usize::from(*length) {
                        return Err(Issue::new(Code::PatternInvalid, "").with(
                            "reason",
                            format!("a device code of {length} characters is needed"),
                        ));
                    }
                    number.push_str(inputs.device);
                }
                Part::Sequence(width) => {
                    let text = format!("{:0width$}", inputs.sequence, width = usize::from(*width));
                    if text.len() > usize::from(*width) {
                        return Err(Issue::new(Code::SeriesExhausted, "")
                            .with("capacity", "9".repeat(usize::from(*width))));
                    }
                    number.push_str(&text);
                }
                Part::Random(length) => draw(*length, ALPHABET, &mut random, &mut number)?,
                Part::Digits(length) => draw(*length, b"0123456789", &mut random, &mut number)?,
                Part::Check => number.push(check::character(&number)),
            }
        }
        Ok(number)
    }

    /// Checks that a number has this pattern and the right check character.
    ///
    /// # Errors
    ///
    /// `number_invalid`.
    pub fn verify(&self, number: &str) -> Result<(), Issue> {
        let wrong = || Issue::new(Code::NumberInvalid, "").with("number", number);
        let mut rest = number;
        for part in &self.parts {
            rest = accept(part, number, rest).ok_or_else(wrong)?;
        }
        if rest.is_empty() { Ok(()) } else { Err(wrong()) }
    }

    /// The device code inside a number of this pattern.
    pub fn device_of<'n>(&self, number: &'n str) -> Option<&'n str> {
        let mut at = 0_usize;
        for part in &self.parts {
            let length = Self { parts: vec![part.clone()] }.length();
            let end = at.checked_add(length)?;
            if matches!(part, Part::Device(_)) {
                return number.get(at..end);
            }
            at = end;
        }
        None
    }
}

/// What is left of the number after the part, if it fits.
fn accept<'n>(part: &Part, number: &str, rest: &'n str) -> Option<&'n str> {
    let take = |length: usize, fits: fn(u8) -> bool| {
        let (head, tail) = (rest.get(..length)?, rest.get(length..)?);
        head.bytes().all(fits).then_some(tail)
    };
    let unmistakable: fn(u8) -> bool = |byte| ALPHABET.contains(&byte);
    match part {
        Part::Literal(text) => rest.strip_prefix(text.as_str()),
        Part::Device(n) | Part::Random(n) => take(usize::from(*n), unmistakable),
        Part::Sequence(n) | Part::Digits(n) => take(usize::from(*n), |byte| byte.is_ascii_digit()),
        Part::Time(fields) => fields.iter().try_fold(rest, |rest, field| match field {
            TimePart::Literal(text) => rest.strip_prefix(*text),
            field => {
                let (head, tail) = (rest.get(..field.length())?, rest.get(field.length()..)?);
                head.bytes().all(|byte| byte.is_ascii_digit()).then_some(tail)
            }
        }),
        Part::Check => {
            let payload = number.get(..number.len().checked_sub(rest.len())?)?;
            rest.strip_prefix(check::character(payload))
        }
    }
}

/// Characters by rejection: a byte above the largest multiple of the alphabet would favour the
/// first characters.
fn draw(
    length: u8,
    alphabet: &[u8],
    random: &mut impl Iterator<Item = u8>,
    number: &mut String,
) -> Result<(), Issue> {
    let size = u8::try_from(alphabet.len()).unwrap_or(u8::MAX);
    let usable = u8::MAX.saturating_sub(u8::MAX.checked_rem(size).unwrap_or_default());
    for _ in 0..length {
        let byte = random.find(|byte| *byte < usable).ok_or_else(|| {
            Issue::new(Code::PatternInvalid, "").with("reason", "more random bytes are needed")
        })?;
        let index = usize::from(byte.checked_rem(size).unwrap_or_default());
        number.push(char::from(alphabet.get(index).copied().unwrap_or(b'2')));
    }
    Ok(())
}

fn write_time(fields: &[TimePart], at_ms: i64, zone: &TimeZone, text: &mut String) {
    let local = zone.local(at_ms);
    for field in fields {
        // Writing to a string cannot fail.
        let _ = match field {
            TimePart::LongYear => write!(text, "{:04}", local.year),
            TimePart::ShortYear => write!(text, "{:02}", local.year.rem_euclid(100)),
            TimePart::Month => write!(text, "{:02}", local.month),
            TimePart::Day => write!(text, "{:02}", local.day),
            TimePart::Hour => write!(text, "{:02}", local.hour),
            TimePart::Minute => write!(text, "{:02}", local.minute),
            TimePart::Second => write!(text, "{:02}", local.second),
            TimePart::Millisecond => write!(text, "{:03}", local.millisecond),
            TimePart::Literal(literal) => write!(text, "{literal}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn inputs<'a>(sequence: u64, random: &'a [u8]) -> NumberInputs<'a> {
        NumberInputs { at_ms: 1_764_000_000_123, device: "K7", sequence, random }
    }

    #[test]
    fn the_three_schemes() {
        let zone = TimeZone::default();
        let make = |text: &str, sequence, random: &[u8]| {
            Pattern::compile(text).unwrap().generate(inputs(sequence, random), &zone).unwrap()
        };
        assert_eq!(
            make("{date:yyyyMMdd}{time:HHmmssSSS}{digits:4}", 0, &[1, 2, 3, 4]),
            "202511241600001231234"
        );
        assert_eq!(make("R-{device:2}{seq:6}", 7, &[]), "R-K7000007");
        assert_eq!(make("{date:yy.MM.dd}/{rand:4}{check}", 0, &[0, 29, 30, 59]), "25.11.24/2Z2ZD");
    }

    #[test]
    fn a_used_up_counter_is_refused_and_never_wraps() {
        let pattern = Pattern::compile("{device:2}{seq:2}").unwrap();
        let zone = TimeZone::default();
        assert_eq!(pattern.generate(inputs(99, &[]), &zone).unwrap(), "K799");
        assert_eq!(
            pattern.generate(inputs(100, &[]), &zone).unwrap_err().code,
            Code::SeriesExhausted
        );
    }

    #[test]
    fn what_is_generated_verifies_and_single_errors_do_not() {
        let zone = TimeZone::default();
        let pattern = Pattern::compile("{date:yyMMdd}-{device:2}{seq:4}{check}").unwrap();
        let mut seen = HashSet::new();
        for sequence in 1..2_000 {
            let number = pattern.generate(inputs(sequence, &[]), &zone).unwrap();
            assert_eq!(pattern.verify(&number), Ok(()), "{number}");
            assert_eq!(pattern.device_of(&number), Some("K7"));
            assert!(seen.insert(number));
        }
        for wrong in
            ["", "251124-K70418", "251124-K70418ZZ", "251124-K704I8Z", "251124-K70418Y", "中"]
        {
            assert_eq!(pattern.verify(wrong).unwrap_err().code, Code::NumberInvalid, "{wrong}");
        }
    }

    #[test]
    fn the_counter_period_is_the_shops_day() {
        let pattern = Pattern::compile("{date:yyMMdd}-{device:2}{seq:4}").unwrap();
        let zone = TimeZone { offset_minutes: 480, ..TimeZone::default() };
        assert_eq!(pattern.period(1_764_000_000_000, &zone), "251125");
        assert_eq!(pattern.period(1_764_000_000_000, &TimeZone::default()), "251124");
    }
}
