//! The compiler of number patterns.

use crate::{
    issue::{Code, Issue},
    limits::MAX_NUMBER_CHARS,
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
        let pattern = Self { parts };
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

    /// Different numbers that the random and time parts can give in one day.
    pub fn capacity_per_day(&self) -> u128 {
        let parts = self.parts.iter().map(|part| match part {
            Part::Random(length) => 30_u128.saturating_pow(u32::from(*length)),
            Part::Digits(length) => 10_u128.saturating_pow(u32::from(*length)),
            Part::Time(fields) => {
                fields.iter().fold(1_u128, |all, field| all.saturating_mul(field.values_per_day()))
            }
            _ => 1,
        });
        parts.fold(1, u128::saturating_mul)
    }

    /// The chance, in parts per million, that a day with so many orders has a number twice.
    ///
    /// 0 for patterns with a device counter. For random patterns it is the exact birthday product
    /// over [`Pattern::capacity_per_day`], for orders spread evenly over the day.
    pub fn collision_ppm(&self, orders_per_day: u32) -> u32 {
        const ONE: u128 = 1 << 60;
        if self.has_sequence() {
            return 0;
        }
        let capacity = self.capacity_per_day();
        let mut all_different = ONE;
        for taken in 1..u128::from(orders_per_day) {
            let free = capacity.saturating_sub(taken);
            // 2^60 times a capacity beyond 2^68 would overflow; then the chance is nil anyway.
            let Some(product) = all_different.checked_mul(free) else { return 0 };
            all_different = product.checked_div(capacity).unwrap_or_default();
            if all_different == 0 {
                break;
            }
        }
        let chance = ONE.saturating_sub(all_different).saturating_mul(1_000_000);
        u32::try_from(chance.checked_div(ONE).unwrap_or_default()).unwrap_or(1_000_000)
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
                .with("remedy", remedy)
        };
        match (sequences, devices, random) {
            (0, _, 0) => Err(collides("{device:2}{seq:4}")),
            (1, 0, 0) => Err(collides("{device:2}")),
            _ => Ok(()),
        }
    }
}

impl Part {
    fn length(&self) -> usize {
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

    fn values_per_day(&self) -> u128 {
        match self {
            Self::Hour => 24,
            Self::Minute | Self::Second => 60,
            Self::Millisecond => 1_000,
            _ => 1,
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
    fn chances_of_the_survey() {
        // Chance of at least one duplicate a day, as published for real shops' schemes.
        let ppm = |text, orders| Pattern::compile(text).unwrap().collision_ppm(orders);
        assert_eq!(ppm("{date:yyMMdd}{digits:6}", 100) / 100, 49); // 0.5 %
        assert_eq!(ppm("{date:yyMMdd}{digits:6}", 1_000) / 10_000, 39); // 39 %
        assert_eq!(ppm("{date:yyMMdd}{digits:6}", 10_000) / 10_000, 100);
        assert_eq!(ppm("{date:yyMMdd}{time:HHmmss}{digits:4}", 10_000) / 1_000, 56); // 5.6 %
        assert_eq!(ppm("{date:yyMMdd}{time:HHmmss}{digits:6}", 10_000) / 10, 57); // 0.06 %
        assert_eq!(ppm("{date:yyMMdd}{device:2}{seq:4}", 10_000), 0);
    }
}
