//! How codes are read and written: by their stable text form.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Code;
use crate::json::{FromJson, Reader, Stop, ToJson, Writer};

impl ToJson for Code {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self.as_str());
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl FromJson for Code {
    fn blank() -> Self {
        Self::Unknown
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let text = reader.text("a code of the issue catalogue")?;
        *self = Self::parse(&text).unwrap_or(Self::Unknown);
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Code;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a code of the issue catalogue")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Code, E> {
                // An old client must be able to read the answer of a newer server.
                Ok(Code::parse(text).unwrap_or(Code::Unknown))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Code {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IssueCode".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let codes: Vec<&str> = Self::ALL.iter().map(|code| code.as_str()).collect();
        schemars::json_schema!({"type": "string", "enum": codes})
    }
}
