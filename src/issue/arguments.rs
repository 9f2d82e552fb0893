//! The figures and words of an issue, by key.

use core::fmt;
use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess},
    ser::SerializeMap,
};

use super::Argument;
use crate::json::{Entries, FromJson, Reader, Stop, ToJson, Writer};

/// The arguments of an issue, sorted by key. A handful at most, so a list is smaller and faster
/// than a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments(Vec<(Cow<'static, str>, Argument)>);

impl Arguments {
    /// The argument of a key.
    pub fn get(&self, key: &str) -> Option<&Argument> {
        self.iter().find(|(known, _)| *known == key).map(|(_, argument)| argument)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All arguments, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Argument)> {
        self.0.iter().map(|(key, argument)| (key.as_ref(), argument))
    }

    /// The same with one more.
    #[must_use]
    pub(crate) fn with(mut self, key: &'static str, value: impl Into<Argument>) -> Self {
        self.insert(Cow::Borrowed(key), value.into());
        self
    }

    // Once, and not at each of a hundred places that make an issue.
    #[inline(never)]
    pub(super) fn insert(&mut self, key: Cow<'static, str>, argument: Argument) {
        let at = self.0.partition_point(|(known, _)| *known < key);
        match self.0.get_mut(at) {
            Some((known, old)) if *known == key => *old = argument,
            _ => self.0.insert(at, (key, argument)),
        }
    }
}

impl ToJson for Arguments {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.open(b'{');
        for (key, argument) in self.iter() {
            writer.key(key);
            argument.write(writer);
        }
        writer.close(b'}');
    }
}

impl Serialize for Arguments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, argument) in self.iter() {
            map.serialize_entry(key, argument)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> de::Visitor<'de> for Object {
            type Value = Arguments;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of whole numbers and texts")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Arguments, A::Error> {
                let mut arguments = Arguments::default();
                while let Some((key, argument)) = map.next_entry::<String, Argument>()? {
                    arguments.insert(Cow::Owned(key), argument);
                }
                Ok(arguments)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl FromJson for Arguments {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        reader.entries(self)
    }
}

impl Entries for Arguments {
    fn entry(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let mut argument = Argument::blank();
        argument.read(reader)?;
        self.insert(Cow::Owned(key.to_owned()), argument);
        Ok(())
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Arguments {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Arguments".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object", "additionalProperties": {"type": ["integer", "string"]}
        })
    }
}
