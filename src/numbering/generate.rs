//! Making a number from a pattern, and checking one that somebody typed.

use core::fmt::Write;

use super::{
    ALPHABET, check,
    pattern::{Part, Pattern, Period, TimePart},
};
use crate::{
    issue::{Code, Issue},
    zone::{LocalTime, TimeZone},
};

/// The name of the one series of a shop that leases blocks.
pub const SHOP_SERIES: &str = "shop";

/// Where a number stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesPlace {
    /// The series; see [`Pattern::series`].
    pub series: String,
    /// Its place there, from 1.
    pub serial: u64,
}

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
    /// The period in which the counter runs: year, month and day as far as the pattern has them, such
    /// as `20251124`. Periods are in the order of time as texts.
    ///
    /// When it changes, the counter starts at 1 again. It never does for a pattern whose date comes
    /// back (`{date:MMdd}`), and never within a day: see [`Pattern::restarts`].
    pub fn period(&self, at_ms: i64, zone: &TimeZone) -> String {
        let local = zone.local(at_ms);
        let mut text = String::new();
        let fields: &[TimePart] = match self.restarts() {
            Period::Day => &[TimePart::LongYear, TimePart::Month, TimePart::Day],
            Period::Month => &[TimePart::LongYear, TimePart::Month],
            Period::Year => &[TimePart::LongYear],
            Period::Never => &[],
        };
        write_time(fields, &local, &mut text);
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
        let local = zone.local(inputs.at_ms);
        for part in &self.parts {
            match part {
                Part::Literal(text) => number.push_str(text),
                Part::Time(fields) => write_time(fields, &local, &mut number),
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
                    let shown = self.shown(inputs, zone);
                    let text = format!("{shown:0width$}", width = usize::from(*width));
                    if text.len() > usize::from(*width) {
                        return Err(Issue::new(Code::SeriesExhausted, "")
                            .with("capacity", "9".repeat(usize::from(*width))));
                    }
                    number.push_str(&text);
                }
                Part::Random(length) => draw(*length, ALPHABET, &mut random, &mut number)?,
                Part::Digits(length) => draw(*length, b"0123456789", &mut random, &mut number)?,
                Part::Check => number.push(self.check_of(&number)),
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
            rest = self.accept(part, number, rest).ok_or_else(wrong)?;
        }
        if rest.is_empty() { Ok(()) } else { Err(wrong()) }
    }

    /// The check character of what stands before it in a number of this pattern.
    pub(super) fn check_of(&self, payload: &str) -> char {
        let is_digits = self.parts.iter().all(|part| match part {
            Part::Literal(text) => !text.bytes().any(|byte| byte.is_ascii_alphabetic()),
            Part::Device(_) | Part::Random(_) => false,
            Part::Time(_) | Part::Sequence(_) | Part::Digits(_) | Part::Check => true,
        });
        check::character(payload, is_digits)
    }

    /// What is left of the number after the part, if it fits.
    fn accept<'n>(&self, part: &Part, number: &str, rest: &'n str) -> Option<&'n str> {
        let take = |length: usize, fits: fn(u8) -> bool| {
            let (head, tail) = (rest.get(..length)?, rest.get(length..)?);
            head.bytes().all(fits).then_some(tail)
        };
        let unmistakable: fn(u8) -> bool = |byte| ALPHABET.contains(&byte);
        match part {
            Part::Literal(text) => rest.strip_prefix(text.as_str()),
            Part::Device(n) | Part::Random(n) => take(usize::from(*n), unmistakable),
            Part::Sequence(n) | Part::Digits(n) => {
                take(usize::from(*n), |byte| byte.is_ascii_digit())
            }
            Part::Time(fields) => fields.iter().try_fold(rest, |rest, field| match field {
                TimePart::Literal(text) => rest.strip_prefix(*text),
                field => {
                    let (head, tail) = (rest.get(..field.length())?, rest.get(field.length()..)?);
                    head.bytes().all(|byte| byte.is_ascii_digit()).then_some(tail)
                }
            }),
            Part::Check => {
                let payload = number.get(..number.len().checked_sub(rest.len())?)?;
                rest.strip_prefix(self.check_of(payload))
            }
        }
    }

    /// The serial as it stands in the number.
    fn shown(&self, inputs: NumberInputs<'_>, zone: &TimeZone) -> u64 {
        match (&self.scrambler, self.last_serial()) {
            (Some(scrambler), Some(last)) => {
                let series = self.series(inputs.device, &self.period(inputs.at_ms, zone));
                scrambler.hide(inputs.sequence, last, series.as_bytes())
            }
            _ => inputs.sequence,
        }
    }

    /// The name of the series of a device in a period; of the shop's only one if blocks are leased.
    pub fn series(&self, device: &str, period: &str) -> String {
        if self.is_leased() {
            return SHOP_SERIES.to_owned();
        }
        let slash = if period.is_empty() || device.is_empty() { "" } else { "/" };
        format!("{period}{slash}{device}")
    }

    /// The device code inside a number of this pattern.
    pub fn device_of<'n>(&self, number: &'n str) -> Option<&'n str> {
        let is_device = |part: &Part| matches!(part, Part::Device(_));
        self.places(number).find(|(part, _)| is_device(part)).map(|(_, text)| text)
    }

    /// The series of a number of this pattern and its serial there; none for random numbers and for
    /// other texts. Two-digit years are of this century.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::numbering::Pattern;
    ///
    /// let pattern = Pattern::compile("{date:yyMMdd}-{device:2}{seq:4}{check}").unwrap();
    /// let place = pattern.place_of("251124-K70418Z").unwrap();
    /// assert_eq!((place.series.as_str(), place.serial), ("20251124/K7", 418));
    /// ```
    pub fn place_of(&self, number: &str) -> Option<SeriesPlace> {
        self.verify(number).ok()?;
        let last = self.last_serial()?;
        let is_counter = |part: &Part| matches!(part, Part::Sequence(_));
        let (_, shown) = self.places(number).find(|(part, _)| is_counter(part))?;
        let device = self.device_of(number).unwrap_or_default();
        let series = self.series(device, &self.period_of(number));
        let shown = shown.parse().ok()?;
        let serial = match &self.scrambler {
            Some(scrambler) => scrambler.reveal(shown, last, series.as_bytes()),
            None => shown,
        };
        Some(SeriesPlace { series, serial })
    }

    /// The period that a number of this pattern tells.
    fn period_of(&self, number: &str) -> String {
        let (mut year, mut month, mut day) = (String::new(), "", "");
        for (part, text) in self.places(number) {
            let Part::Time(fields) = part else { continue };
            let mut rest = text;
            for field in fields {
                let (own, tail) = rest.split_at_checked(field.length()).unwrap_or((rest, ""));
                match field {
                    TimePart::LongYear => own.clone_into(&mut year),
                    TimePart::ShortYear if year.is_empty() => year = format!("20{own}"),
                    TimePart::Month => month = own,
                    TimePart::Day => day = own,
                    _ => {}
                }
                rest = tail;
            }
        }
        match self.restarts() {
            Period::Day => format!("{year}{month}{day}"),
            Period::Month => format!("{year}{month}"),
            Period::Year => year,
            Period::Never => String::new(),
        }
    }

    /// Each part with its text in a number; nothing after the end of a shorter text.
    fn places<'p, 'n>(&'p self, number: &'n str) -> impl Iterator<Item = (&'p Part, &'n str)> {
        let mut at = 0_usize;
        self.parts.iter().map_while(move |part| {
            let end = at.checked_add(part.length())?;
            let text = number.get(at..end)?;
            at = end;
            Some((part, text))
        })
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

fn write_time(fields: &[TimePart], local: &LocalTime, text: &mut String) {
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
    use crate::numbering::PatternOptions;

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
        assert_eq!(pattern.period(1_764_000_000_000, &zone), "20251125");
        assert_eq!(pattern.period(1_764_000_000_000, &TimeZone::default()), "20251124");
    }

    #[test]
    fn a_number_tells_its_series_and_serial_hidden_or_not() {
        let zone = TimeZone::default();
        let key = Some("00112233445566778899aabbccddeeff".to_owned());
        for (text, block_size, series) in [
            ("{seq:4}-{device:2}{date:ddMMyy}", None, "20251124/K7"),
            ("{date:yyyy.MM}/{device:2}{seq:4}{check}", None, "202511/K7"),
            ("{time:HHmmss}{device:2}{seq:4}{rand:3}", None, "K7"),
            ("{date:yyMMdd}{seq:5}{check}", Some(50), "shop"),
        ] {
            for key in [None, key.clone()] {
                let options = PatternOptions { block_size, key: key.as_deref() };
                let pattern = Pattern::of_shop(text, options).unwrap();
                let number = pattern.generate(inputs(418, &[1, 2, 3]), &zone).unwrap();
                let place = pattern.place_of(&number).unwrap();
                assert_eq!((place.series.as_str(), place.serial), (series, 418), "{number}");
                assert_eq!(number.contains("0418"), key.is_none(), "{number}");
            }
        }
        let random = Pattern::compile("{date:yyMMdd}{digits:6}").unwrap();
        assert_eq!(random.place_of("251124123456"), None);
    }
}
