//! Issues: every refusal as data, with a stable code, the place and the figures.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    json::{FromJson, Reader, Stop, ToJson},
    money::{Amount, AmountError},
};

mod arguments;
mod code;
mod code_json;
mod message;

pub use arguments::Arguments;
pub use code::Code;
pub use message::Language;
pub(crate) use message::{fill, template};

/// One thing that is wrong, as data.
///
/// # Example
///
/// ```
/// use orderkit::{Code, Issue, Language};
///
/// let issue = Issue::new(Code::QuantityTooLarge, "/lines/0/quantity").with("maximum", 10_i64);
/// assert_eq!(issue.message(Language::English), "At most 10 of this item can be ordered.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// What is wrong.
    pub code: Code,
    /// Where, as a JSON Pointer (RFC 6901) into the document that was sent; empty for the whole.
    pub path: String,
    /// The figures that the sentence needs: limits, what was found, what would do.
    pub args: Arguments,
}

/// A figure or word in an [`Issue`]. Keys that end in `Minor` are minor units of the `currency` key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Argument {
    /// A whole number.
    Integer(i64),
    /// A word, code or decimal.
    Text(String),
}

impl Issue {
    /// An issue at `path` without figures.
    pub fn new(code: Code, path: impl Into<String>) -> Self {
        Self { code, path: path.into(), args: Arguments::default() }
    }

    /// The same issue with one more figure or word.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Argument>) -> Self {
        self.args.insert(Cow::Borrowed(key), value.into());
        self
    }

    /// The same issue, seen from a document that holds this one at `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.path.insert_str(0, prefix);
        self
    }

    /// The sentence for people.
    pub fn message(&self, language: Language) -> String {
        message::render(self, language)
    }
}

/// One or more reasons why something was refused; the first is the most important.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// The reasons, in documented order.
    pub issues: Vec<Issue>,
}

impl Refusal {
    /// `Ok` if there is no issue.
    ///
    /// # Errors
    ///
    /// The refusal that holds the issues.
    pub fn unless_empty(issues: Vec<Issue>) -> Result<(), Self> {
        if issues.is_empty() { Ok(()) } else { Err(Self { issues }) }
    }

    /// The same refusal, seen from a document that holds this one at `prefix`.
    #[must_use]
    pub fn under(self, prefix: &str) -> Self {
        Self { issues: self.issues.into_iter().map(|issue| issue.under(prefix)).collect() }
    }

    /// The code of the first reason.
    pub fn code(&self) -> Code {
        self.issues.first().map_or(Code::InternalError, |issue| issue.code)
    }
}

impl From<Issue> for Refusal {
    fn from(issue: Issue) -> Self {
        Self { issues: vec![issue] }
    }
}

impl From<AmountError> for Issue {
    #[cold]
    fn from(_: AmountError) -> Self {
        Self::new(Code::AmountTooLarge, "").with("maximumMinor", crate::limits::MAX_AMOUNT_MINOR)
    }
}

impl From<AmountError> for Refusal {
    fn from(error: AmountError) -> Self {
        Issue::from(error).into()
    }
}

impl<'de> Deserialize<'de> for Argument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl de::Visitor<'_> for Either {
            type Value = Argument;
            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(EXPECTED)
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Argument, E> {
                Ok(Argument::Integer(value))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Argument, E> {
                let whole = i64::try_from(value);
                whole.map(Argument::Integer).map_err(|_| E::custom("a number beyond 2^63 - 1"))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Argument, E> {
                Ok(Argument::Text(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// What is expected in the place of an argument.
const EXPECTED: &str = "a whole number or a text";

impl FromJson for Argument {
    fn blank() -> Self {
        Self::Integer(0)
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        *self = if reader.is_text() {
            Self::Text(reader.text(EXPECTED)?.into_owned())
        } else {
            Self::Integer(reader.signed(EXPECTED, i64::MIN, i64::MAX)?)
        };
        Ok(())
    }
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<usize> for Argument {
    fn from(value: usize) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<Amount> for Argument {
    fn from(value: Amount) -> Self {
        Self::Integer(value.minor())
    }
}

impl From<&str> for Argument {
    #[inline(never)]
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Argument {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<crate::decimal::Decimal> for Argument {
    #[inline(never)]
    fn from(value: crate::decimal::Decimal) -> Self {
        Self::Text(value.to_string())
    }
}

impl From<crate::currency::Currency> for Argument {
    #[inline(never)]
    fn from(value: crate::currency::Currency) -> Self {
        Self::Text(value.code().to_owned())
    }
}
