//! Numbers as people type them: look-alikes, separators, and what they may have meant.

use super::{
    ALPHABET,
    pattern::{Part, Pattern, TimePart},
};
use crate::issue::{Code, Issue};

/// The characters of a key: digits and letters without those that look like a digit.
const KEY_CHARACTERS: &[u8; 33] = b"0123456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// The key under which a number is compared with what somebody typed: upper case, without separators,
/// O as 0, I and L as 1. Empty if something in it cannot stand in a number.
///
/// # Example
///
/// ```
/// use orderkit::numbering::look_alike_key;
///
/// assert_eq!(look_alike_key("251124-K70418Z"), "251124K70418Z");
/// assert_eq!(look_alike_key(" 25ll24 k7o4 i8z "), "251124K70418Z");
/// assert_eq!(look_alike_key("２５１１２４－Ｋ７０４１８Ｚ"), "251124K70418Z");
/// assert_eq!(look_alike_key("茶"), "");
/// ```
pub fn look_alike_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for typed in plain(text) {
        match typed {
            Some(byte) => key.push(char::from(look_alike(byte))),
            None => return String::new(),
        }
    }
    key
}

/// The letters and digits of a text in upper case; `None` for what stands in no number.
fn plain(text: &str) -> impl Iterator<Item = Option<u8>> {
    text.chars().filter_map(|typed| {
        let typed = match u32::from(typed) {
            // Full-width forms of an input method.
            wide @ 0xff01..=0xff5e => char::from_u32(wide.wrapping_sub(0xfee0)).unwrap_or(typed),
            _ => typed,
        };
        let is_dash = matches!(typed, '\u{2010}'..='\u{2015}' | '\u{2212}' | '·' | '\u{200b}'..='\u{200d}' | '\u{feff}');
        if typed.is_whitespace() || is_dash || matches!(typed, '-' | '.' | '/' | '_' | '#') {
            return None;
        }
        let byte = u8::try_from(typed).ok().filter(u8::is_ascii_alphanumeric);
        Some(byte.map(|byte| byte.to_ascii_uppercase()))
    })
}

fn look_alike(byte: u8) -> u8 {
    match byte {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    }
}

/// A digit for a letter that looks like it, where only a digit can stand.
fn digit_of(byte: u8) -> Option<u8> {
    Some(match byte {
        b'O' | b'Q' | b'D' => b'0',
        b'I' | b'L' => b'1',
        b'Z' => b'2',
        b'S' => b'5',
        b'G' => b'6',
        b'B' => b'8',
        digit if digit.is_ascii_digit() => digit,
        _ => return None,
    })
}

/// A character of the alphabet for what was typed where one of it must stand.
fn unmistakable_of(byte: u8) -> Option<u8> {
    match byte {
        b'U' => Some(b'V'),
        known if ALPHABET.contains(&known) => Some(known),
        _ => None,
    }
}

impl Pattern {
    /// The number of this pattern that somebody typed: any case, with or without separators, in
    /// groups, full width, and with look-alikes where only one of them can stand. The pattern's fixed
    /// letters stay what they are, also an O or I among them.
    ///
    /// # Errors
    ///
    /// `number_invalid` if it does not fit, or its check character is wrong.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::numbering::Pattern;
    ///
    /// let pattern = Pattern::compile("OIL-{device:2}{seq:4}{check}").unwrap();
    /// let number = "OIL-K704187";
    /// assert_eq!(pattern.normalize("0il k7o4 i8 7").as_deref(), Ok(number));
    /// assert_eq!(pattern.normalize("ＯＩＬＫ７０４１８７").as_deref(), Ok(number));
    /// assert!(pattern.normalize("OIL-K704817").is_err(), "two digits swapped");
    /// ```
    pub fn normalize(&self, text: &str) -> Result<String, Issue> {
        let wrong = || Issue::new(Code::NumberInvalid, "").with("number", text);
        let mut number = String::with_capacity(self.length());
        let mut typed = plain(text);
        for part in &self.parts {
            self.take(part, &mut typed, &mut number).ok_or_else(wrong)?;
        }
        if typed.next().is_some() {
            return Err(wrong());
        }
        self.verify(&number).map_err(|_| wrong())?;
        Ok(number)
    }

    fn take(
        &self,
        part: &Part,
        typed: &mut impl Iterator<Item = Option<u8>>,
        number: &mut String,
    ) -> Option<()> {
        match part {
            Part::Literal(text) => text.chars().try_for_each(|own| literal(own, typed, number)),
            Part::Time(fields) => fields.iter().try_for_each(|field| match field {
                TimePart::Literal(own) => literal(*own, typed, number),
                field => each(field.length(), digit_of, typed, number),
            }),
            Part::Sequence(length) | Part::Digits(length) => {
                each(usize::from(*length), digit_of, typed, number)
            }
            Part::Device(length) | Part::Random(length) => {
                each(usize::from(*length), unmistakable_of, typed, number)
            }
            Part::Check => {
                let right = self.check_of(number);
                let byte = u8::try_from(right).ok()?;
                let typed = typed.next()??;
                let is_alike = typed == byte
                    || look_alike(typed) == look_alike(byte)
                    || digit_of(typed).is_some_and(|digit| Some(digit) == digit_of(byte));
                is_alike.then(|| number.push(right))
            }
        }
    }
}

fn each(
    length: usize,
    read: fn(u8) -> Option<u8>,
    typed: &mut impl Iterator<Item = Option<u8>>,
    number: &mut String,
) -> Option<()> {
    for _ in 0..length {
        number.push(char::from(read(typed.next()??)?));
    }
    Some(())
}

/// A fixed character: separators may be left out, look-alikes become what stands in the pattern.
fn literal(
    own: char,
    typed: &mut impl Iterator<Item = Option<u8>>,
    number: &mut String,
) -> Option<()> {
    if own.is_ascii_alphanumeric() {
        let byte = u8::try_from(own).ok()?;
        let typed = typed.next()??;
        if look_alike(typed) != look_alike(byte) {
            return None;
        }
    }
    number.push(own);
    Some(())
}

/// Whether two keys are one typing error apart: a character wrong, missing or too many, or two
/// neighbours swapped.
///
/// # Example
///
/// ```
/// use orderkit::numbering::is_near;
///
/// for typed in ["K70418", "K70448", "K7048", "K704118", "K74018"] {
///     assert_eq!(is_near("K70418", typed), typed != "K70418", "{typed}");
/// }
/// assert!(!is_near("K70418", "K70481X"));
/// ```
pub fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let alike = one.iter().zip(other).take_while(|(left, right)| left == right).count();
    let (one, other) =
        (one.get(alike..).unwrap_or_default(), other.get(alike..).unwrap_or_default());
    match (one, other) {
        ([], []) => false,
        ([_, rest @ ..], whole) if one.len() > other.len() => rest == whole,
        (whole, [_, rest @ ..]) if one.len() < other.len() => rest == whole,
        ([first, second, left @ ..], [third, fourth, right @ ..])
            if first == fourth && second == third && first != second =>
        {
            left == right
        }
        ([_, left @ ..], [_, right @ ..]) => left == right,
        _ => false,
    }
}

/// All keys that are one typing error from this one: about seventy for each character.
///
/// For a store with an index, which asks for them in place of reading every number.
pub fn near_keys(key: &str) -> Vec<String> {
    let bytes = key.as_bytes();
    let mut near = Vec::new();
    for at in 0..=bytes.len() {
        let (before, after) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
        near.extend(KEY_CHARACTERS.iter().map(|more| [before, &[*more], after].concat()));
        if let [_, rest @ ..] = after {
            near.push([before, rest].concat());
            near.extend(KEY_CHARACTERS.iter().map(|other| [before, &[*other], rest].concat()));
        }
        if let [first, second, rest @ ..] = after {
            near.push([before, &[*second, *first], rest].concat());
        }
    }
    let mut near: Vec<String> =
        near.into_iter().filter_map(|bytes| String::from_utf8(bytes).ok()).collect();
    near.sort_unstable();
    near.dedup();
    near.retain(|other| other != key);
    near
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbering::{NumberInputs, device_code};
    use crate::zone::TimeZone;

    #[test]
    fn what_is_typed_becomes_the_number() {
        let daily = Pattern::compile("{date:yyMMdd}-{device:2}{seq:4}{check}").unwrap();
        for typed in [
            "251124-K70418Z",
            "251124k70418z",
            "2511 24-k7 0418 z",
            "25ll24-K7o4I8Z",
            "ZSll24-K7O4lB2",
            "２５１１２４－ｋ７０４１８ｚ",
            "#251124–K7.0418.Z",
            "251124\u{3000}K70418Z",
            "\u{feff}251124-K70418Z\n",
        ] {
            assert_eq!(daily.normalize(typed).as_deref(), Ok("251124-K70418Z"), "{typed}");
        }
        for wrong in [
            "",
            "251124-K70418",
            "251124-K70418ZZ",
            "251124-KO0418Z",
            "251124-K7 中418Z",
            "251124-K70418Y",
        ] {
            assert_eq!(daily.normalize(wrong).unwrap_err().code, Code::NumberInvalid, "{wrong}");
        }
        let fixed = Pattern::compile("ILO{date:yy.MM}/{rand:4}{check}").unwrap();
        let inputs = NumberInputs {
            at_ms: 1_764_000_000_000,
            device: "",
            sequence: 0,
            random: &[25, 1, 2, 3],
        };
        let number = fixed.generate(inputs, &TimeZone::default()).unwrap();
        assert!(number.starts_with("ILO25.11/V345"), "{number}");
        for typed in ["ilo25.11/v345", "1L02511U345", "l|o2511v345"] {
            let typed = typed.replace('|', "1") + &number[number.len() - 1..].to_lowercase();
            assert_eq!(fixed.normalize(&typed).as_deref(), Ok(number.as_str()), "{typed}");
        }
    }

    #[test]
    fn near_keys_are_those_that_are_near() {
        let key = "251124K70418Z";
        let near = near_keys(key);
        assert!(near.iter().all(|other| is_near(key, other) && is_near(other, key)));
        // Wrong, too many, missing and swapped; one pair of neighbours is alike.
        assert_eq!(near.len(), 13 * 32 + (14 * 33 - 13) + 12 + 11);
        for other in ["", "2", "K70418Z251124", "251124K704", "251142K70481Z"] {
            assert!(!is_near(key, other) && !near.contains(&other.to_owned()), "{other}");
        }
    }

    #[test]
    fn a_typing_error_finds_its_number_among_50_000() {
        let pattern = Pattern::compile("{date:yyMMdd}-{device:2}{seq:4}{check}").unwrap();
        let zone = TimeZone::default();
        let numbers: Vec<String> = (0..50_000_u64)
            .map(|at| {
                let device = device_code(at % 50, 2).unwrap();
                let at_ms = 1_764_000_000_000 + i64::try_from(at / 5_000).unwrap() * 86_400_000;
                let inputs = NumberInputs {
                    at_ms,
                    device: &device,
                    sequence: at / 50 % 100 + 1,
                    random: &[],
                };
                look_alike_key(&pattern.generate(inputs, &zone).unwrap())
            })
            .collect();
        let (mut alone, mut tried) = (0, 0);
        for meant in numbers.iter().step_by(2_503) {
            for at in 0..meant.len() {
                let mut typed = meant.clone().into_bytes();
                typed[at] = if typed[at] == b'7' { b'4' } else { b'7' };
                let typed = String::from_utf8(typed).unwrap();
                let found: Vec<&String> = numbers.iter().filter(|it| is_near(it, &typed)).collect();
                assert!(found.contains(&meant), "{typed} for {meant}");
                alone += usize::from(found.len() == 1);
                tried += 1;
            }
        }
        // The check character keeps the numbers themselves apart, so that most errors have one answer.
        assert!(alone * 10 >= tried * 6, "{alone} of {tried}");
    }
}
