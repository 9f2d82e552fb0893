//! The reader of JSON text for serde.
//!
//! `serde_json` is its oracle in the tests and writes all our JSON, but it is not used to read it:
//! it is made for speed and unrolls its parser into every struct, which made the browser module four
//! times as large. This one keeps one copy of each step, refuses floats by construction (an order
//! engine has no use for them), and stops where the mistake is, so that the path can be told.

use std::borrow::Cow;

use serde::de::{self, Deserializer, Expected, Unexpected, Visitor};

/// Deeper documents are refused; ours are at most a dozen levels deep.
const MAX_DEPTH: u8 = 64;

/// The name by which a value is asked for as raw text.
pub(super) const RAW_NAME: &str = "orderkit::RawValue";

/// Where reading stands. After an error it stands behind what is wrong.
pub(super) struct Reader<'de> {
    text: &'de str,
    pub(super) at: usize,
    depth: u8,
}

/// Why reading stopped.
#[derive(Debug)]
pub(super) enum Fault {
    /// The text is not JSON.
    Syntax(&'static str),
    /// The JSON has not the expected form.
    Shape(Box<str>),
}

type Result<T> = core::result::Result<T, Fault>;

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Syntax(reason) => f.write_str(reason),
            Self::Shape(reason) => f.write_str(reason),
        }
    }
}

impl core::error::Error for Fault {}

impl de::Error for Fault {
    #[cold]
    fn custom<T: core::fmt::Display>(message: T) -> Self {
        Self::Shape(message.to_string().into_boxed_str())
    }
}

/// A number as it was read.
enum Number {
    Negative(i64),
    Positive(u64),
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Nothing but white space may follow.
    pub(super) fn finish(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Fault::Syntax("more text after the end of the document")),
        }
    }

    #[inline(never)]
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at = self.at.saturating_add(1);
        }
        None
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn word(&mut self, word: &'static str) -> Result<()> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at = self.at.saturating_add(word.len());
            return Ok(());
        }
        Err(Fault::Syntax("expected a value"))
    }

    #[inline(never)]
    fn string(&mut self) -> Result<Cow<'de, str>> {
        self.step();
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                None => return Err(Fault::Syntax("a string without its end")),
                Some(b'"') => break,
                Some(b'\\') => return self.escaped_string(start).map(Cow::Owned),
                Some(0..=0x1f) => return Err(Fault::Syntax("a control character in a string")),
                Some(_) => self.step(),
            }
        }
        let inside = self.text.get(start..self.at).unwrap_or_default();
        self.step();
        Ok(Cow::Borrowed(inside))
    }

    #[cold]
    fn escaped_string(&mut self, start: usize) -> Result<String> {
        let mut text = self.text.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let letter = rest.chars().next().ok_or(Fault::Syntax("a string without its end"))?;
            self.at = self.at.saturating_add(letter.len_utf8());
            match letter {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                '\0'..='\u{1f}' => return Err(Fault::Syntax("a control character in a string")),
                _ => text.push(letter),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let byte = self.byte().ok_or(Fault::Syntax("a string without its end"))?;
        self.step();
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(Fault::Syntax("an unknown escape in a string")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char> {
        const LONE: Fault = Fault::Syntax("half of a surrogate pair in a string");
        let first = self.hex()?;
        let code = match first {
            0xd800..=0xdbff => {
                self.word("\\u").map_err(|_| LONE)?;
                let second = self.hex()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(LONE);
                }
                let high = first.wrapping_sub(0xd800) << 10;
                high.wrapping_add(second.wrapping_sub(0xdc00)).wrapping_add(0x1_0000)
            }
            _ => first,
        };
        char::from_u32(code).ok_or(LONE)
    }

    fn hex(&mut self) -> Result<u32> {
        let end = self.at.saturating_add(4);
        let digits =
            self.text.get(self.at..end).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        self.at = end;
        digits
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(Fault::Syntax("an escape that is not four hexadecimal digits"))
    }

    #[inline(never)]
    fn number(&mut self, expected: &dyn Expected) -> Result<Number> {
        let start = self.at;
        let negative = self.byte() == Some(b'-');
        if negative {
            self.step();
        }
        let first = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.step();
        }
        let digits = self.text.get(first..self.at).unwrap_or_default();
        if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
            return Err(Fault::Syntax("a malformed number"));
        }
        if matches!(self.byte(), Some(b'.' | b'e' | b'E')) {
            while self.byte().is_some_and(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
            {
                self.step();
            }
            let text = self.text.get(start..self.at).unwrap_or_default();
            let found = format!("floating point `{text}`");
            return Err(de::Error::invalid_type(Unexpected::Other(&found), expected));
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let parsed = if negative {
            text.parse().map(Number::Negative)
        } else {
            text.parse().map(Number::Positive)
        };
        parsed.map_err(|_| {
            de::Error::invalid_value(Unexpected::Other("a number beyond 2^63"), expected)
        })
    }

    /// The error for a value of another type than expected; reads the value, to stand behind it.
    #[cold]
    fn unexpected(&mut self, expected: &dyn Expected) -> Fault {
        let found = match self.peek() {
            Some(b'"') => self.string().map(|text| text.into_owned()),
            Some(b'-' | b'0'..=b'9') => {
                return match self.number(expected) {
                    Err(fault) => fault,
                    Ok(Number::Positive(value)) => {
                        de::Error::invalid_type(Unexpected::Unsigned(value), expected)
                    }
                    Ok(Number::Negative(value)) => {
                        de::Error::invalid_type(Unexpected::Signed(value), expected)
                    }
                };
            }
            // The place of an object or array is its opening bracket.
            Some(b'{') => return de::Error::invalid_type(Unexpected::Map, expected),
            Some(b'[') => return de::Error::invalid_type(Unexpected::Seq, expected),
            Some(b't') => return self.unexpected_word("true", Unexpected::Bool(true), expected),
            Some(b'f') => return self.unexpected_word("false", Unexpected::Bool(false), expected),
            Some(b'n') => return self.unexpected_word("null", Unexpected::Other("null"), expected),
            _ => return Fault::Syntax("expected a value"),
        };
        match found {
            Ok(text) => de::Error::invalid_type(Unexpected::Str(&text), expected),
            Err(fault) => fault,
        }
    }

    fn unexpected_word(
        &mut self,
        word: &'static str,
        found: Unexpected<'_>,
        expected: &dyn Expected,
    ) -> Fault {
        match self.word(word) {
            Ok(()) => de::Error::invalid_type(found, expected),
            Err(fault) => fault,
        }
    }

    /// Goes into an object or array; false if something else stands here.
    #[inline(never)]
    fn open(&mut self, bracket: u8) -> Result<bool> {
        if self.peek() != Some(bracket) {
            return Ok(false);
        }
        self.step();
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH { Err(Fault::Syntax("nested too deeply")) } else { Ok(true) }
    }

    /// Comes to the next member; false at the end of the object or array.
    #[inline(never)]
    fn member(&mut self, first: &mut bool, bracket: u8) -> Result<bool> {
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.step();
                self.depth = self.depth.saturating_sub(1);
                return Ok(false);
            }
            Some(b',') if !*first => self.step(),
            Some(_) if *first => {}
            _ => return Err(Fault::Syntax("expected a comma or a closing bracket")),
        }
        *first = false;
        match self.peek() {
            Some(b'}' | b']' | b',') | None => Err(Fault::Syntax("expected a value")),
            Some(_) => Ok(true),
        }
    }

    #[inline(never)]
    fn key(&mut self) -> Result<Cow<'de, str>> {
        if self.peek() != Some(b'"') {
            return Err(Fault::Syntax("expected a key in quotes"));
        }
        self.string()
    }

    #[inline(never)]
    fn colon(&mut self) -> Result<()> {
        if self.peek() != Some(b':') {
            return Err(Fault::Syntax("expected a colon after a key"));
        }
        self.step();
        Ok(())
    }

    /// Reads a value without keeping it.
    fn skip(&mut self) -> Result<()> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'-' | b'0'..=b'9') => {
                while self
                    .byte()
                    .is_some_and(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
                {
                    self.step();
                }
                Ok(())
            }
            Some(open @ (b'{' | b'[')) => {
                let close = if open == b'{' { b'}' } else { b']' };
                self.open(open)?;
                let mut first = true;
                while self.member(&mut first, close)? {
                    if open == b'{' {
                        self.key()?;
                        self.colon()?;
                    }
                    self.skip()?;
                }
                Ok(())
            }
            _ => Err(Fault::Syntax("expected a value")),
        }
    }

    fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(&visitor));
        }
        match self.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_str(&text),
        }
    }

    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.unexpected(&visitor));
        }
        match self.number(&visitor)? {
            Number::Negative(value) => visitor.visit_i64(value),
            Number::Positive(value) => visitor.visit_u64(value),
        }
    }

    fn visit_object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if !self.open(b'{')? {
            return Err(self.unexpected(&visitor));
        }
        visitor.visit_map(Members { reader: self, first: true })
    }

    fn visit_array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if !self.open(b'[')? {
            return Err(self.unexpected(&visitor));
        }
        visitor.visit_seq(Members { reader: self, first: true })
    }
}

/// The members of an object or array.
struct Members<'a, 'de> {
    reader: &'a mut Reader<'de>,
    first: bool,
}

impl<'de> de::MapAccess<'de> for Members<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.reader.member(&mut self.first, b'}')? {
            return Ok(None);
        }
        let key = self.reader.key()?;
        seed.deserialize(Key(key)).map(Some)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        self.reader.colon()?;
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> de::SeqAccess<'de> for Members<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<T: de::DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>> {
        if !self.reader.member(&mut self.first, b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

/// A key, or the name of a variant.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_str(&text),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A variant: alone as a string, or with its content as an object of one member.
struct Variant<'a, 'de> {
    reader: &'a mut Reader<'de>,
    has_content: bool,
}

impl<'a, 'de> de::EnumAccess<'de> for Variant<'a, 'de> {
    type Error = Fault;
    type Variant = Variant<'a, 'de>;

    fn variant_seed<V: de::DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let name = self.reader.key()?;
        let value = seed.deserialize(Key(name))?;
        Ok((value, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<()> {
        if self.has_content {
            return Err(de::Error::custom("this variant has no content"));
        }
        Ok(())
    }

    fn newtype_variant_seed<T: de::DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        if !self.has_content {
            return Err(de::Error::custom("this variant needs its content"));
        }
        self.reader.colon()?;
        seed.deserialize(&mut *self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        Err(self.reader.unexpected(&visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        if !self.has_content {
            return Err(de::Error::custom("this variant needs its content"));
        }
        self.reader.colon()?;
        self.reader.visit_object(visitor)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek() {
            Some(b'"') => self.visit_string(visitor),
            Some(b'-' | b'0'..=b'9') => self.visit_number(visitor),
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek() {
            Some(b't') => {
                self.word("true")?;
                visitor.visit_bool(true)
            }
            Some(b'f') => {
                self.word("false")?;
                visitor.visit_bool(false)
            }
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.peek() == Some(b'n') {
            self.word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        if name != RAW_NAME {
            return visitor.visit_newtype_struct(self);
        }
        self.peek();
        let start = self.at;
        self.skip()?;
        visitor.visit_borrowed_str(self.text.get(start..self.at).unwrap_or_default())
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.peek() {
            Some(b'"') => visitor.visit_enum(Variant { reader: self, has_content: false }),
            Some(b'{') => {
                self.open(b'{')?;
                let value = visitor.visit_enum(Variant { reader: self, has_content: true })?;
                if self.member(&mut false, b'}')? {
                    return Err(de::Error::custom("only one variant can stand here"));
                }
                Ok(value)
            }
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.visit_object(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_object(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_array(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.visit_array(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_string(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_number(visitor)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_number(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_number(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_number(visitor)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.visit_number(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 u16 f32 f64 char bytes byte_buf unit unit_struct tuple_struct identifier
    }
}
