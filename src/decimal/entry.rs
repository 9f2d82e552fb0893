//! Decimals as they are typed into forms.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Decimal;
use crate::json::{FromJson, Reader, Stop, ToJson, Writer};

/// A decimal as somebody typed it: a value, or the text that is not one.
///
/// Forms hold half-typed numbers. Keeping the text lets validation report this field together with
/// all others instead of failing at the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A decimal.
    Value(Decimal),
    /// What was typed instead; empty if nothing was.
    Text(String),
}

impl Entry {
    /// The value, if there is one.
    pub fn value(&self) -> Option<Decimal> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Text(_) => None,
        }
    }
}

impl Default for Entry {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<Decimal> for Entry {
    fn from(value: Decimal) -> Self {
        Self::Value(value)
    }
}

impl ToJson for Entry {
    fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Value(value) => value.write(writer),
            Self::Text(text) => writer.text(text),
        }
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// What is expected in the place of a decimal.
pub(super) const EXPECTED: &str = "a decimal written as a string, such as \"12.50\"";

impl FromJson for Entry {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let text = reader.text(EXPECTED)?;
        *self = text.parse().map_or_else(|_| Self::Text(text.into_owned()), Self::Value);
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Entry;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Entry, E> {
                Ok(text.parse().map_or_else(|_| Entry::Text(text.to_owned()), Entry::Value))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Entry {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Entry".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "A decimal such as \"12.50\"."})
    }
}
