//! Exact decimals of the case files, to compare with and to convert to minor units.

use std::fmt;

use serde_json::Value;

/// Digits after the decimal point that are kept: the finest figure in the files has 18.
const SCALE: u32 = 20;
const ONE: i128 = 10_i128.pow(SCALE);

/// A decimal in major units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exact(i128);

impl Exact {
    pub const ZERO: Self = Self(0);

    /// Reads `-12.50` or `1e-9`; digits beyond the twentieth decimal are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
            let exponent: i32 = exponent.parse().ok()?;
            let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
            let mantissa = Self::parse(mantissa)?.0;
            return match exponent < 0 {
                true => Some(Self(mantissa / power)),
                false => Some(Self(mantissa.checked_mul(power)?)),
            };
        }
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 15 || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let kept: String =
            fraction.chars().chain(std::iter::repeat('0')).take(SCALE as usize).collect();
        let value =
            whole.parse::<i128>().ok()?.checked_mul(ONE)?.checked_add(kept.parse().ok()?)?;
        Some(Self(if negative { -value } else { value }))
    }

    /// Reads a JSON string or number.
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text),
            Value::Number(number) => Self::parse(&number.to_string()),
            _ => None,
        }
    }

    pub fn from_minor(minor: i64, digits: u32) -> Self {
        Self(i128::from(minor) * 10_i128.pow(SCALE - digits.min(SCALE)))
    }

    /// A number of minor units that need not be whole.
    pub fn from_minor_json(value: &Value, digits: u32) -> Option<Self> {
        Some(Self(Self::from_json(value)?.0.checked_div(10_i128.checked_pow(digits)?)?))
    }

    /// Whole minor units, or `None` if it is finer.
    pub fn minor(self, digits: u32) -> Option<i64> {
        let unit = 10_i128.checked_pow(SCALE.checked_sub(digits)?)?;
        if self.0 % unit == 0 { i64::try_from(self.0 / unit).ok() } else { None }
    }

    /// Moved by so many decimals.
    pub fn scaled(self, digits: u32) -> Option<Self> {
        Some(Self(self.0.checked_mul(10_i128.checked_pow(digits)?)?))
    }

    /// A part of it, rounded half up at so many decimals.
    pub fn over(self, parts: i64, digits: u32) -> Option<Self> {
        let unit = 10_i128.checked_pow(SCALE.checked_sub(digits)?)?;
        let divisor = i128::from(parts).checked_mul(unit)?;
        let quotient = orderkit::Rounding::HalfUp.divide(self.0, divisor)?;
        Some(Self(quotient.checked_mul(unit)?))
    }

    /// Times a whole number.
    pub fn times(self, count: i64) -> Option<Self> {
        Some(Self(self.0.checked_mul(count.into())?))
    }

    /// Times a percentage.
    pub fn percent(self, percent: Self) -> Option<Self> {
        // Half of the decimals of each, so that the product fits.
        const HALF: i128 = 10_i128.pow(SCALE / 2);
        Some(Self((self.0 / HALF).checked_mul(percent.0 / HALF)? / 100))
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, fraction) = (
            self.0.unsigned_abs() / 10_u128.pow(SCALE),
            self.0.unsigned_abs() % 10_u128.pow(SCALE),
        );
        let fraction = format!("{fraction:020}");
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            digits => write!(f, "{sign}{whole}.{digits}"),
        }
    }
}
