//! How values that are no objects are read: texts, numbers, lists, and what may be missing.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::value::RawValue;
use uuid::Uuid;

use super::{FromJson, fault::Stop, reader::Reader};

/// An object of any keys, which is read member by member.
pub trait Entries {
    /// Reads the value of a key.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it is not what the key takes.
    fn entry(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), Stop>;
}

/// A list that is read item by item.
trait Items {
    fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop>;
}

impl<'de> Reader<'de> {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it is none.
    #[inline(never)]
    pub fn text(&mut self, expected: &str) -> Result<Cow<'de, str>, Stop> {
        if self.is_text() { self.string() } else { Err(self.mismatch(expected)) }
    }

    /// Reads a whole number.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it is none, or not in the range.
    #[inline(never)]
    pub fn signed(&mut self, expected: &str, minimum: i64, maximum: i64) -> Result<i64, Stop> {
        let number = self.number(expected)?;
        let value = if number.is_negative {
            0_i64.checked_sub_unsigned(number.magnitude)
        } else {
            i64::try_from(number.magnitude).ok()
        };
        let within = value.filter(|value| (minimum..=maximum).contains(value));
        within.ok_or_else(|| self.out_of_range(number.text, expected))
    }

    /// Reads a whole number that is not negative.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it is none, or above the maximum.
    #[inline(never)]
    pub fn unsigned(&mut self, expected: &str, maximum: u64) -> Result<u64, Stop> {
        let number = self.number(expected)?;
        if number.magnitude > maximum || (number.is_negative && number.magnitude > 0) {
            return Err(self.out_of_range(number.text, expected));
        }
        Ok(number.magnitude)
    }

    /// Whether the next value is a text.
    pub fn is_text(&mut self) -> bool {
        self.peek() == Some(b'"')
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it is neither.
    pub fn boolean(&mut self) -> Result<bool, Stop> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => Err(self.mismatch("a boolean")),
        }
    }

    /// Whether the next value is `null`, which is read then.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it only begins like that.
    pub fn null(&mut self) -> Result<bool, Stop> {
        if self.peek() == Some(b'n') { self.word("null").map(|()| true) } else { Ok(false) }
    }

    /// Reads an object of any keys.
    ///
    /// # Errors
    ///
    /// [`Stop`] if it is none, and as [`Entries::entry`].
    #[inline(never)]
    pub fn entries(&mut self, entries: &mut dyn Entries) -> Result<(), Stop> {
        if !self.open(b'{')? {
            return Err(self.mismatch("an object"));
        }
        let mut first = true;
        while self.member(&mut first, b'}')? {
            let key = self.key()?;
            self.colon()?;
            entries.entry(&key, self)?;
        }
        Ok(())
    }

    #[inline(never)]
    fn list(&mut self, items: &mut dyn Items) -> Result<(), Stop> {
        if !self.open(b'[')? {
            return Err(self.mismatch("an array"));
        }
        let mut first = true;
        while self.member(&mut first, b']')? {
            items.item(self)?;
        }
        Ok(())
    }

    /// Reads any value as the text that it is.
    fn raw(&mut self) -> Result<&'de str, Stop> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }
}

impl FromJson for String {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        read_text(self, reader)
    }
}

#[inline(never)]
fn read_text(text: &mut String, reader: &mut Reader<'_>) -> Result<(), Stop> {
    *text = reader.text("a text")?.into_owned();
    Ok(())
}

impl FromJson for bool {
    fn blank() -> Self {
        false
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        *self = reader.boolean()?;
        Ok(())
    }
}

/// Integers: the range of the type is the range that is read.
macro_rules! integers {
    ($read:ident as $wide:ident, $($kind:ident: $expected:literal, $($limit:expr),+;)*) => {
        $(impl FromJson for $kind {
            fn blank() -> Self {
                0
            }

            #[inline(never)]
            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
                let value: $wide = reader.$read($expected, $($limit.into()),+)?;
                *self = value.try_into().unwrap_or_default();
                Ok(())
            }
        })*
    };
}

integers! { signed as i64,
    i32: "a whole number within 2^31", i32::MIN, i32::MAX;
    i64: "a whole number within 2^63", i64::MIN, i64::MAX;
}
integers! { unsigned as u64,
    u8: "a whole number from 0 to 255", u8::MAX;
    u16: "a whole number from 0 to 65535", u16::MAX;
    u32: "a whole number from 0 to 2^32 - 1", u32::MAX;
    u64: "a whole number from 0 to 2^64 - 1", u64::MAX;
}

impl FromJson for usize {
    fn blank() -> Self {
        0
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let maximum = u64::try_from(Self::MAX).unwrap_or(u64::MAX);
        *self = reader.unsigned("a count", maximum)?.try_into().unwrap_or_default();
        Ok(())
    }
}

impl FromJson for Uuid {
    fn blank() -> Self {
        Self::nil()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let text = reader.text("a UUID")?;
        *self = Self::try_parse(&text).map_err(|_| reader.invalid_text(&text, "a UUID"))?;
        Ok(())
    }
}

impl FromJson for Box<RawValue> {
    fn blank() -> Self {
        RawValue::NULL.to_owned()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let text = reader.raw()?;
        *self = RawValue::from_string(text.to_owned()).map_err(|_| reader.refuse("no value"))?;
        Ok(())
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn blank() -> Self {
        None
    }

    // Once for each type, not once for each field of it; so also below and for amounts and decimals.
    #[inline(never)]
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        if reader.null()? {
            return Ok(());
        }
        self.get_or_insert_with(T::blank).read(reader)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.as_mut().read(reader)
    }
}

impl<T: FromJson> Items for Vec<T> {
    fn item(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        self.push(T::blank());
        match self.last_mut() {
            Some(item) => item.read(reader),
            None => Ok(()),
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        reader.list(self)
    }
}

impl<T: FromJson> Entries for BTreeMap<String, T> {
    fn entry(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        let mut value = T::blank();
        value.read(reader)?;
        self.insert(key.to_owned(), value);
        Ok(())
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        reader.entries(self)
    }
}
