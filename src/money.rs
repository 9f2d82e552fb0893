//! Amounts: integers in the minor unit of a currency.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    currency::Currency,
    json::{FromJson, Reader, Stop, ToJson, Writer},
    limits::MAX_AMOUNT_MINOR,
    rounding::Rounding,
};

/// An amount in minor units (cents), within ±(2^53 − 1), so that a JavaScript `number` is exact.
///
/// Arithmetic is checked: a sum outside the range is an [`AmountError`], never a wrap.
///
/// # Example
///
/// ```
/// use orderkit::{Amount, Currency};
///
/// let price = Amount::new(1_250).unwrap();
/// assert_eq!(price.plus(price).unwrap().minor(), 2_500);
/// assert_eq!(price.display(Currency::parse("EUR").unwrap()).to_string(), "12.50");
/// assert_eq!(Amount::MAX.plus(price).unwrap_err().to_string(),
///            "amount beyond 9007199254740991 minor units");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// An amount that would leave ±(2^53 − 1) minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountError;

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount, 2^53 − 1 minor units.
    pub const MAX: Self = Self(MAX_AMOUNT_MINOR);

    /// The amount of `minor` units.
    ///
    /// # Errors
    ///
    /// [`AmountError`] outside ±(2^53 − 1).
    pub fn new(minor: i64) -> Result<Self, AmountError> {
        if minor.unsigned_abs() <= MAX_AMOUNT_MINOR.unsigned_abs() {
            Ok(Self(minor))
        } else {
            Err(AmountError)
        }
    }

    /// The exact fraction `numerator / denominator` of minor units, rounded by `rounding`.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if the result is out of range or the denominator is zero.
    pub fn from_fraction(
        numerator: i128,
        denominator: i128,
        rounding: Rounding,
    ) -> Result<Self, AmountError> {
        let rounded = rounding.divide(numerator, denominator).ok_or(AmountError)?;
        Self::new(i64::try_from(rounded).map_err(|_| AmountError)?)
    }

    /// The number of minor units.
    pub fn minor(self) -> i64 {
        self.0
    }

    /// Whether this is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As [`Amount::is_zero`], in the form that serde asks for.
    pub(crate) fn is_nothing(&self) -> bool {
        self.0 == 0
    }

    /// Whether this is below zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if it is out of range.
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        Self::new(self.0.checked_add(other.0).ok_or(AmountError)?)
    }

    /// The difference.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if it is out of range.
    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        Self::new(self.0.checked_sub(other.0).ok_or(AmountError)?)
    }

    /// The same amount in the other direction.
    pub fn negate(self) -> Self {
        // The range is symmetric, so this cannot overflow.
        Self(self.0.wrapping_neg())
    }

    /// The sum of many.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if a partial sum is out of range.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, AmountError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// Shows the amount in major units of `currency`, with all its decimals and no symbol.
    pub fn display(self, currency: Currency) -> impl fmt::Display {
        DisplayAmount { amount: self, currency }
    }
}

/// All values, or the first error. The standard `collect` of results cannot know their number and grows step by step.
pub(crate) fn collect<T>(
    results: impl ExactSizeIterator<Item = Result<T, AmountError>>,
) -> Result<Vec<T>, AmountError> {
    let mut values = Vec::with_capacity(results.len());
    for result in results {
        values.push(result?);
    }
    Ok(values)
}

struct DisplayAmount {
    amount: Amount,
    currency: Currency,
}

impl fmt::Display for DisplayAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.amount.0.unsigned_abs();
        let unit = self.currency.minor_per_major().unsigned_abs();
        let whole = magnitude.checked_div(unit).unwrap_or_default();
        let fraction = magnitude.checked_rem(unit).unwrap_or_default();
        let sign = if self.amount.is_negative() { "-" } else { "" };
        match self.currency.exponent() {
            0 => write!(f, "{sign}{whole}"),
            digits => write!(f, "{sign}{whole}.{fraction:0width$}", width = usize::from(digits)),
        }
    }
}

impl fmt::Display for AmountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "amount beyond {MAX_AMOUNT_MINOR} minor units")
    }
}

impl core::error::Error for AmountError {}

impl ToJson for Amount {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.signed(self.0);
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

/// What is expected in the place of an amount.
const EXPECTED: &str = "a whole number of minor units (cents) within 2^53 - 1";

impl FromJson for Amount {
    fn blank() -> Self {
        Self::ZERO
    }

    #[inline(never)]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.0 = reader.signed(EXPECTED, -MAX_AMOUNT_MINOR, MAX_AMOUNT_MINOR)?;
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Minor;
        impl de::Visitor<'_> for Minor {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }
            fn visit_i64<E: de::Error>(self, minor: i64) -> Result<Amount, E> {
                Amount::new(minor)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(minor), &self))
            }
            fn visit_u64<E: de::Error>(self, minor: u64) -> Result<Amount, E> {
                i64::try_from(minor)
                    .ok()
                    .and_then(|minor| Amount::new(minor).ok())
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(minor), &self))
            }
        }
        deserializer.deserialize_i64(Minor)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Amount {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "integer", "minimum": -MAX_AMOUNT_MINOR, "maximum": MAX_AMOUNT_MINOR
        })
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Currency {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[A-Z]{3}$"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_decimals_of_the_currency() {
        let shown = |minor, code| {
            Amount::new(minor).unwrap().display(Currency::parse(code).unwrap()).to_string()
        };
        assert_eq!(shown(1_250, "EUR"), "12.50");
        assert_eq!(shown(-5, "EUR"), "-0.05");
        assert_eq!(shown(1_250, "JPY"), "1250");
        assert_eq!(shown(1_250, "KWD"), "1.250");
    }

    #[test]
    fn json_takes_whole_minor_units_only() {
        assert_eq!(serde_json::from_str::<Amount>("1250").unwrap().minor(), 1_250);
        for bad in ["12.5", "\"12\"", "9007199254740992", "-9007199254740992", "1e400", "null"] {
            assert!(serde_json::from_str::<Amount>(bad).is_err(), "{bad}");
        }
        let error = serde_json::from_str::<Amount>("12.5").unwrap_err().to_string();
        assert!(error.contains("minor units"), "{error}");
    }
}
