//! Exact decimal numbers: unit prices, quantities, rates and percentages.
//!
//! `rust_decimal` is the oracle of the tests but not used here: it rounds a product that needs more
//! than 28 digits without a word, and an order engine must refuse instead.

use core::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

mod entry;

pub use entry::Entry;

use crate::{
    json::{FromJson, Reader, Stop, ToJson, Writer},
    limits::{MAX_DECIMAL_FRACTION_DIGITS, MAX_DECIMAL_INTEGER_DIGITS},
};

/// An exact decimal number, `mantissa × 10^-scale`.
///
/// It is read from and written to a string; a JSON number is refused, because `0.1 + 0.2` in the
/// caller's floats has already lost what this type protects. Up to 15 digits before the point and
/// 9 after it. Equal values compare equal: `"2.50"` is `"2.5"`.
///
/// # Example
///
/// ```
/// use orderkit::Decimal;
///
/// let price: Decimal = "12.50".parse().unwrap();
/// assert_eq!(price.to_string(), "12.5");
/// assert_eq!("1e3".parse::<Decimal>().unwrap_err().to_string(),
///            "expected digits with at most one decimal point, such as \"12.50\"");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecimalError {
    /// Not of the form `-12.50`.
    Malformed,
    /// More than 15 digits before the decimal point.
    TooLarge,
    /// More than 9 digits after the decimal point.
    TooFine,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// The whole number `value`.
    pub fn from_integer(value: i64) -> Self {
        Self { mantissa: i128::from(value), scale: 0 }
    }

    /// The digits without the decimal point; trailing zeros of the fraction are dropped.
    pub fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// `10^scale`, the number by which the mantissa is divided.
    pub fn denominator(self) -> i128 {
        power_of_ten(self.scale)
    }

    /// Digits after the decimal point, 0 to 9.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// As [`Self::is_zero`], in the shape that serde asks for.
    pub(crate) fn is_nothing(&self) -> bool {
        self.mantissa == 0
    }

    /// Whether the value has no fraction.
    pub fn is_integer(self) -> bool {
        self.scale == 0
    }

    /// The value as `i64` if it is whole and fits.
    pub fn to_integer(self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.mantissa).ok() } else { None }
    }

    /// The exact sum, or `None` beyond the digits a decimal can hold.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let sum = self.scaled_to(scale)?.checked_add(other.scaled_to(scale)?)?;
        Self::from_parts(sum, scale)
    }

    /// The exact difference, or `None` beyond the digits a decimal can hold.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let negated = Self { mantissa: other.mantissa.checked_neg()?, scale: other.scale };
        self.checked_add(negated)
    }

    /// Whether this is a whole multiple of `step`; never for a step of zero.
    pub fn is_multiple_of(self, step: Self) -> bool {
        let scale = self.scale.max(step.scale);
        match (self.scaled_to(scale), step.scaled_to(scale)) {
            (Some(value), Some(step)) => value.checked_rem(step) == Some(0),
            _ => false,
        }
    }

    /// `mantissa × 10^-scale`, or `None` beyond the digits a decimal can hold.
    pub fn from_parts(mantissa: i128, scale: u8) -> Option<Self> {
        let reduced = Self { mantissa, scale }.without_trailing_zeros();
        if reduced.scale > MAX_DECIMAL_FRACTION_DIGITS {
            return None;
        }
        let whole = reduced.mantissa.checked_div(reduced.denominator())?;
        (whole.unsigned_abs() < power_of_ten(MAX_DECIMAL_INTEGER_DIGITS).unsigned_abs())
            .then_some(reduced)
    }

    fn without_trailing_zeros(mut self) -> Self {
        while self.scale > 0 && self.mantissa.checked_rem(10) == Some(0) {
            self.mantissa = self.mantissa.checked_div(10).unwrap_or_default();
            self.scale = self.scale.saturating_sub(1);
        }
        self
    }

    fn scaled_to(self, scale: u8) -> Option<i128> {
        self.mantissa.checked_mul(power_of_ten(scale.checked_sub(self.scale)?))
    }
}

/// `10^exponent`, up to 10^18, which is more than any scale or limit here asks for.
pub(crate) fn power_of_ten(exponent: u8) -> i128 {
    // A table, because a loop of 128-bit multiplications is slow on wasm32.
    const POWERS: [i64; 19] = [
        1,
        10,
        100,
        1_000,
        10_000,
        100_000,
        1_000_000,
        10_000_000,
        100_000_000,
        1_000_000_000,
        10_000_000_000,
        100_000_000_000,
        1_000_000_000_000,
        10_000_000_000_000,
        100_000_000_000_000,
        1_000_000_000_000_000,
        10_000_000_000_000_000,
        100_000_000_000_000_000,
        1_000_000_000_000_000_000,
    ];
    i128::from(POWERS.get(usize::from(exponent)).copied().unwrap_or(i64::MAX))
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return Err(DecimalError::Malformed),
            Some(parts) => parts,
            None => (digits, ""),
        };
        if whole.is_empty() {
            return Err(DecimalError::Malformed);
        }
        let fraction = fraction.trim_end_matches('0');
        if whole.trim_start_matches('0').len() > usize::from(MAX_DECIMAL_INTEGER_DIGITS) {
            return Err(check_digits(whole, fraction).err().unwrap_or(DecimalError::TooLarge));
        }
        if fraction.len() > usize::from(MAX_DECIMAL_FRACTION_DIGITS) {
            return Err(check_digits(whole, fraction).err().unwrap_or(DecimalError::TooFine));
        }
        let mut mantissa: i64 = 0;
        let mut wide: i128 = 0;
        let narrow = whole.len().saturating_add(fraction.len()) <= 18;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return Err(DecimalError::Malformed);
            }
            let digit = byte.wrapping_sub(b'0');
            if narrow {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(i64::from(digit));
            } else {
                wide = wide
                    .checked_mul(10)
                    .and_then(|shifted| shifted.checked_add(i128::from(digit)))
                    .ok_or(DecimalError::TooLarge)?;
            }
        }
        let magnitude = if narrow { i128::from(mantissa) } else { wide };
        let mantissa = if negative { magnitude.wrapping_neg() } else { magnitude };
        let scale = u8::try_from(fraction.len()).map_err(|_| DecimalError::TooFine)?;
        Ok(Self { mantissa, scale })
    }
}

/// A digit error outranks a length error, so that `"12345678901234567x"` is called malformed.
fn check_digits(whole: &str, fraction: &str) -> Result<(), DecimalError> {
    if whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(DecimalError::Malformed)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(&mut [0; TEXT_BYTES]))
    }
}

/// A sign, 15 digits, a point and 9 digits, with room to spare.
const TEXT_BYTES: usize = 48;

impl Decimal {
    /// The shortest text, without the machinery of formatting.
    pub(crate) fn to_text(self) -> String {
        self.text(&mut [0; TEXT_BYTES]).to_owned()
    }

    /// The shortest text, written from its end into the buffer.
    fn text(self, buffer: &mut [u8; TEXT_BYTES]) -> &str {
        let mut at = TEXT_BYTES;
        let mut put = |byte: u8| {
            at = at.saturating_sub(1);
            if let Some(place) = buffer.get_mut(at) {
                *place = byte;
            }
        };
        let magnitude = self.mantissa.unsigned_abs();
        // Almost every decimal fits in 64 bits, where division is one instruction.
        let mut narrow = u64::try_from(magnitude).ok();
        let mut wide = magnitude;
        let mut digits = 0_u8;
        loop {
            let digit = match &mut narrow {
                Some(rest) => {
                    let digit = rest.checked_rem(10).unwrap_or_default();
                    *rest = rest.checked_div(10).unwrap_or_default();
                    u8::try_from(digit)
                }
                None => {
                    let digit = wide.checked_rem(10).unwrap_or_default();
                    wide = wide.checked_div(10).unwrap_or_default();
                    narrow = u64::try_from(wide).ok();
                    u8::try_from(digit)
                }
            };
            put(b'0'.saturating_add(digit.unwrap_or_default()));
            digits = digits.saturating_add(1);
            let done = narrow == Some(0) && digits > self.scale;
            if done {
                break;
            }
            if digits == self.scale {
                put(b'.');
            }
        }
        if self.is_negative() {
            put(b'-');
        }
        buffer.get(at..).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        // 15 + 9 digits always fit, so the fallback never decides.
        self.scaled_to(scale).unwrap_or_default().cmp(&other.scaled_to(scale).unwrap_or_default())
    }
}

impl DecimalError {
    fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "expected digits with at most one decimal point, such as \"12.50\"",
            Self::TooLarge => "more than 15 digits before the decimal point",
            Self::TooFine => "more than 9 digits after the decimal point",
        }
    }
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl core::error::Error for DecimalError {}

impl ToJson for Decimal {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self.text(&mut [0; TEXT_BYTES]));
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text(&mut [0; TEXT_BYTES]))
    }
}

impl FromJson for Decimal {
    fn blank() -> Self {
        Self::ZERO
    }

    #[inline(never)]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let text = reader.text(entry::EXPECTED)?;
        *self = text.parse().map_err(|error: DecimalError| reader.refuse(error.as_str()))?;
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Entry::deserialize(deserializer)? {
            Entry::Value(value) => Ok(value),
            Entry::Text(text) => Err(de::Error::custom(
                text.parse::<Self>().err().unwrap_or(DecimalError::Malformed),
            )),
        }
    }
}

#[cfg(feature = "schemars")]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for super::Decimal {
        fn inline_schema() -> bool {
            true
        }
        fn schema_name() -> Cow<'static, str> {
            "Decimal".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({"type": "string", "pattern": r"^-?\d{1,15}(\.\d{1,9})?$"})
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn prints(text: &str, expected: &str) {
        assert_eq!(text.parse::<Decimal>().unwrap().to_string(), expected);
    }

    #[test]
    fn prints_the_shortest_form() {
        prints("12.50", "12.5");
        prints("0012", "12");
        prints("-0.10", "-0.1");
        prints("0.000000001", "0.000000001");
        prints("1.000000000000", "1");
        prints("-0", "0");
    }

    #[test]
    fn refuses_what_is_not_a_plain_decimal() {
        for text in ["", "-", ".", ".5", "1.", "1e3", "+1", " 1", "1,5", "NaN", "0x1", "1.2.3"] {
            assert_eq!(text.parse::<Decimal>(), Err(DecimalError::Malformed), "{text:?}");
        }
        assert_eq!("1234567890123456".parse::<Decimal>(), Err(DecimalError::TooLarge));
        assert_eq!("0.1234567891".parse::<Decimal>(), Err(DecimalError::TooFine));
        assert_eq!("1234567890123456x".parse::<Decimal>(), Err(DecimalError::Malformed));
    }

    proptest! {
        #[test]
        fn print_then_parse_is_the_identity(mantissa in -10_i128.pow(20)..10_i128.pow(20), scale in 0_u8..=9) {
            if let Some(decimal) = Decimal::from_parts(mantissa, scale) {
                prop_assert_eq!(decimal.to_string().parse::<Decimal>(), Ok(decimal));
            }
        }

        #[test]
        fn agrees_with_rust_decimal(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000, s in 0_u8..=9, t in 0_u8..=9) {
            let ours = |m: i64, scale| Decimal::from_parts(i128::from(m), scale).unwrap();
            let theirs = |m, scale: u8| rust_decimal::Decimal::new(m, u32::from(scale));
            let (x, y) = (ours(a, s), ours(b, t));
            let (p, q) = (theirs(a, s), theirs(b, t));
            prop_assert_eq!(x.to_string(), p.normalize().to_string());
            prop_assert_eq!(x.checked_add(y).unwrap().to_string(), (p + q).normalize().to_string());
            prop_assert_eq!(x.cmp(&y), p.cmp(&q));
        }
    }
}
