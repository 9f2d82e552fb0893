//! The compiler of number patterns.

use serde::{Deserialize, Serialize};

use super::{PROVISIONAL_PREFIX, Scrambler};
use crate::{
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    limits::{MAX_NUMBER_BLOCK, MAX_NUMBER_CHARS},
};

/// A compiled pattern of order numbers.
///
/// # Example
///
/// ```
/// use orderkit::numbering::Pattern;
///
/// let pattern = Pattern::compile("{date:yyMMdd}{digits:6}").unwrap();
/// // Six random digits a day: 39 % at 1,000 orders, as computed in parts per million.
/// assert_eq!(pattern.collision_ppm(1_000), 393_267);
///
/// let issue = Pattern::compile("{date:yyMMdd}{seq:4}").unwrap_err();
/// assert_eq!(issue.code.as_str(), "pattern_collides");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub(super) parts: Vec<Part>,
    /// The serials of a block that a device leases, if the counter is the shop's and not the device's.
    pub(super) block_size: Option<u32>,
    /// What hides how many orders there are.
    pub(super) scrambler: Option<Scrambler>,
}

/// What a shop decides besides the text of its pattern.
#[derive(Clone, Copy, Debug, Default)]
pub struct PatternOptions<'a> {
    /// Serials of a block that a device leases; each device counts for itself if missing.
    pub block_size: Option<u32>,
    /// 32 hexadecimal digits that put the serials in an order of their own.
    pub key: Option<&'a str>,
}

/// When a counter starts at 1 again. Never within a day: a wall clock shows an hour twice when
/// summer time ends.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Period {
    /// Each day of the shop's calendar.
    Day,
    /// Each month.
    Month,
    /// Each year.
    Year,
    /// Never.
    Never,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Literal(String),
    /// A date or time format, already split into its fields and literals.
    Time(Vec<TimePart>),
    Device(u8),
    Sequence(u8),
    Random(u8),
    Digits(u8),
    Check,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimePart {
    LongYear,
    ShortYear,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Literal(char),
}

const TIME_WORDS: [(&str, TimePart); 8] = [
    ("yyyy", TimePart::LongYear),
    ("SSS", TimePart::Millisecond),
    ("yy", TimePart::ShortYear),
    ("MM", TimePart::Month),
    ("dd", TimePart::Day),
    ("HH", TimePart::Hour),
    ("mm", TimePart::Minute),
    ("ss", TimePart::Second),
];

impl Pattern {
    /// Compiles a pattern and checks that its numbers cannot simply repeat.
    ///
    /// # Errors
    ///
    /// `pattern_invalid` with the place, or `pattern_collides` with the remedy: a counter without
    /// the device is the same on two devices, and a pattern needs a counter or a random part.
    pub fn compile(text: &str) -> Result<Self, Issue> {
        Self::with(text, PatternOptions::default())
    }

    /// Compiles the numbering of a shop: the pattern, and whether blocks are leased and serials hidden.
    ///
    /// # Errors
    ///
    /// As [`Pattern::compile`], and `pattern_invalid` if blocks are leased of a pattern that has no
    /// counter, if a block is larger than a tenth of it, if the key is not of 32 hexadecimal digits or
    /// has no counter to hide, or if the numbers would look like provisional ones.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::numbering::{Pattern, PatternOptions};
    ///
    /// // Without leases two devices would count alike.
    /// assert!(Pattern::compile("R{seq:7}{check}").is_err());
    /// let leased = PatternOptions { block_size: Some(100), key: None };
    /// assert!(Pattern::of_shop("R{seq:7}{check}", leased).unwrap().is_leased());
    /// ```
    pub fn of_shop(text: &str, options: PatternOptions<'_>) -> Result<Self, Issue> {
        if text.starts_with(PROVISIONAL_PREFIX) {
            return Err(invalid("pattern_provisional"));
        }
        Self::with(text, options)
    }

    fn with(text: &str, options: PatternOptions<'_>) -> Result<Self, Issue> {
        let PatternOptions { block_size, key } = options;
        let scrambler = match key {
            Some(key) => Some(Scrambler::from_hex(key).ok_or_else(|| invalid("pattern_key"))?),
            None => None,
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let brace = rest.find('{').unwrap_or(rest.len());
            let (literal, tail) = rest.split_at_checked(brace).unwrap_or((rest, ""));
            if !literal.is_empty() {
                parts.push(Part::Literal(checked_literal(literal)?));
            }
            let Some(after) = tail.strip_prefix('{') else { break };
            let (word, tail) = after.split_once('}').ok_or_else(|| invalid("pattern_brace"))?;
            parts.push(part(word)?);
            rest = tail;
        }
        let pattern = Self { parts, block_size, scrambler };
        pattern.check()?;
        Ok(pattern)
    }

    /// The characters of every number of this pattern.
    pub fn length(&self) -> usize {
        self.parts.iter().map(Part::length).fold(0, usize::saturating_add)
    }

    /// The length of the device codes in it; 0 if it has none.
    pub fn device_length(&self) -> u8 {
        self.parts
            .iter()
            .find_map(|part| match part {
                Part::Device(length) => Some(*length),
                _ => None,
            })
            .unwrap_or(0)
    }

    /// Whether a device counts in it.
    pub fn has_sequence(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Sequence(_)))
    }

    /// Whether devices lease blocks of one counter, which then never starts again.
    pub fn is_leased(&self) -> bool {
        self.block_size.is_some()
    }

    /// The serials of a leased block; none if each device counts for itself.
    pub fn block_size(&self) -> Option<u32> {
        self.block_size
    }

    /// The highest value of the counter; none without one.
    pub fn last_serial(&self) -> Option<u64> {
        self.parts.iter().find_map(|part| match part {
            Part::Sequence(width) => {
                Some(10_u64.saturating_pow(u32::from(*width)).saturating_sub(1))
            }
            _ => None,
        })
    }

    /// When its counter starts again, or may give the random parts anew.
    pub fn restarts(&self) -> Period {
        let has = |wanted: fn(&TimePart) -> bool| self.fields().any(|field| wanted(&field));
        let has_year = has(|field| matches!(field, TimePart::LongYear | TimePart::ShortYear));
        let has_month = has(|field| *field == TimePart::Month);
        match (self.is_leased(), has_year, has_month, has(|field| *field == TimePart::Day)) {
            (false, true, true, true) => Period::Day,
            (false, true, true, false) => Period::Month,
            (false, true, false, _) => Period::Year,
            _ => Period::Never,
        }
    }

    /// The fields of its date and time parts.
    pub(super) fn fields(&self) -> impl Iterator<Item = TimePart> {
        self.parts
            .iter()
            .flat_map(|part| match part {
                Part::Time(fields) => fields.as_slice(),
                _ => &[],
            })
            .copied()
    }

    fn check(&self) -> Result<(), Issue> {
        let count =
            |wanted: fn(&Part) -> bool| self.parts.iter().filter(|part| wanted(part)).count();
        let sequences = count(|part| matches!(part, Part::Sequence(_)));
        let devices = count(|part| matches!(part, Part::Device(_)));
        let random = count(|part| matches!(part, Part::Random(_) | Part::Digits(_)));
        let checks = count(|part| matches!(part, Part::Check));
        if sequences > 1 || devices > 1 || checks > 1 {
            return Err(invalid("pattern_once"));
        }
        if checks == 1 && !matches!(self.parts.last(), Some(Part::Check)) {
            return Err(invalid("pattern_check"));
        }
        if self.length() > MAX_NUMBER_CHARS {
            let most = i64::try_from(MAX_NUMBER_CHARS).unwrap_or(i64::MAX);
            return Err(invalid("pattern_long").with("most", most));
        }
        let collides = |remedy: &str| {
            Issue::new(Code::PatternCollides, "")
                .with("chance", "100 %")
                .with("volume", 2_i64)
                .with("period", self.restarts().as_str())
                .with("remedy", remedy)
        };
        match (sequences, devices, random) {
            (0, _, 0) => Err(collides("{device:2}{seq:4}")),
            (1, 0, 0) if !self.is_leased() => Err(collides("{device:2}")),
            _ => self.check_options(),
        }
    }

    fn check_options(&self) -> Result<(), Issue> {
        let last = self.last_serial();
        if self.scrambler.is_some() && last.is_none() {
            return Err(invalid("pattern_key"));
        }
        let Some(size) = self.block_size else { return Ok(()) };
        let most = last.unwrap_or_default().checked_div(10).unwrap_or_default();
        let most = most.min(u64::from(MAX_NUMBER_BLOCK));
        if (1..=most).contains(&u64::from(size)) {
            return Ok(());
        }
        Err(invalid("pattern_block").with("most", i64::try_from(most).unwrap_or(i64::MAX)))
    }
}

impl Part {
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Literal(text) => text.len(),
            Self::Time(fields) => fields.iter().map(TimePart::length).sum(),
            Self::Device(n) | Self::Sequence(n) | Self::Random(n) | Self::Digits(n) => {
                usize::from(*n)
            }
            Self::Check => 1,
        }
    }
}

impl TimePart {
    pub(super) fn length(&self) -> usize {
        match self {
            Self::LongYear => 4,
            Self::Millisecond => 3,
            Self::Literal(_) => 1,
            _ => 2,
        }
    }
}

fn part(word: &str) -> Result<Part, Issue> {
    let (name, argument) = word.split_once(':').unwrap_or((word, ""));
    match name {
        "date" | "time" => time_format(argument).map(Part::Time),
        "device" => digits(argument, 1, 6).map(Part::Device),
        "seq" => digits(argument, 1, 12).map(Part::Sequence),
        "rand" => digits(argument, 1, 16).map(Part::Random),
        "digits" => digits(argument, 1, 16).map(Part::Digits),
        "check" if argument.is_empty() => Ok(Part::Check),
        _ => Err(invalid("pattern_part").with("name", word)),
    }
}

fn digits(text: &str, least: u8, most: u8) -> Result<u8, Issue> {
    match text.parse::<u8>() {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        _ => Err(invalid("pattern_length")
            .with("least", i64::from(least))
            .with("most", i64::from(most))
            .with("name", text)),
    }
}

fn time_format(text: &str) -> Result<Vec<TimePart>, Issue> {
    let mut fields = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let known = TIME_WORDS.iter().find(|(word, _)| rest.starts_with(word));
        let length = match known {
            Some((word, field)) => {
                fields.push(*field);
                word.len()
            }
            None if matches!(first, '-' | '.' | '/') => {
                fields.push(TimePart::Literal(first));
                1
            }
            None => return Err(invalid("pattern_time").with("name", text)),
        };
        rest = rest.get(length..).unwrap_or("");
    }
    if fields.is_empty() { Err(invalid("pattern_time").with("name", text)) } else { Ok(fields) }
}

fn checked_literal(text: &str) -> Result<String, Issue> {
    let fits = |byte: u8| {
        byte.is_ascii_uppercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'-' | b'.' | b'/' | b'_')
    };
    if text.bytes().all(fits) {
        Ok(text.to_owned())
    } else {
        Err(invalid("pattern_letters").with("name", text))
    }
}

fn invalid(reason: &str) -> Issue {
    Issue::new(Code::PatternInvalid, "").with("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses(text: &str, code: Code) {
        assert_eq!(Pattern::compile(text).unwrap_err().code, code, "{text}");
    }

    #[test]
    fn refuses_what_it_does_not_understand_and_what_repeats() {
        for text in [
            "{date:yyMMdd",
            "{dat:yy}",
            "{seq:0}",
            "{seq:13}",
            "{seq}",
            "{date:}",
            "{date:yy MM}",
            "order-{rand:6}",
            "{rand:6}{check}X",
            "{rand:4}{check}{check}",
            "{rand:16}{rand:16}{rand:16}",
        ] {
            refuses(text, Code::PatternInvalid);
        }
        for text in ["", "A", "{date:yyMMdd}", "{date:yyMMdd}{seq:6}", "{device:2}", "{check}"] {
            refuses(text, Code::PatternCollides);
        }
    }

    #[test]
    fn a_counter_starts_again_only_with_a_date_that_does_not_come_back() {
        for (text, period) in [
            ("{date:yyMMdd}{device:2}{seq:4}", Period::Day),
            ("{date:ddMMyyyy}{time:HHmm}{device:2}{seq:4}", Period::Day),
            ("{date:yy}{device:2}{seq:4}{date:MM}", Period::Month),
            ("{date:yyyy}{device:2}{seq:4}", Period::Year),
            ("{date:yydd}{device:2}{seq:4}", Period::Year),
            ("{date:MMdd}{device:2}{seq:4}", Period::Never),
            ("{time:HHmm}{device:2}{seq:4}", Period::Never),
            ("{device:2}{seq:4}", Period::Never),
        ] {
            assert_eq!(Pattern::compile(text).unwrap().restarts(), period, "{text}");
        }
    }

    #[test]
    fn blocks_and_keys_that_cannot_work_are_refused() {
        let of = |pattern: &str, block_size, key: Option<&str>| {
            Pattern::of_shop(pattern, PatternOptions { block_size, key })
                .map_err(|issue| issue.code)
        };
        let key = Some("00112233445566778899aabbccddeeff");
        assert!(of("R{seq:6}{check}", Some(100), key).is_ok());
        assert!(of("{date:yyMMdd}{device:2}{seq:4}", None, key).is_ok());
        assert_eq!(
            of("R{seq:2}", Some(10), None).err(),
            Some(Code::PatternInvalid),
            "block too large"
        );
        assert_eq!(of("R{seq:4}", Some(0), None).err(), Some(Code::PatternInvalid));
        assert_eq!(of("R{rand:8}", Some(10), None).err(), Some(Code::PatternInvalid), "no counter");
        assert_eq!(of("R{rand:8}", None, key).err(), Some(Code::PatternInvalid), "nothing to hide");
        assert_eq!(of("{device:2}{seq:4}", None, Some("0011")).err(), Some(Code::PatternInvalid));
        assert_eq!(
            of("T-{rand:9}", None, None).err(),
            Some(Code::PatternInvalid),
            "as provisional"
        );
    }
}
