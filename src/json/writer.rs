//! The writer of JSON text, as a serializer of serde.
//!
//! `serde_json` writes the same bytes, which the tests hold; but it looks for escapes in every field
//! name and writes each quote and comma on its own, which made writing the slowest part of a quote.

use serde::ser::{self, Serialize, Serializer};

use super::{raw::RawWriter, reader::is_special};

/// The name by which `serde_json` hands out raw values.
const RAW_NAME: &str = "$serde_json::private::RawValue";

/// Writes to the end of the bytes.
pub(super) struct Writer<'a> {
    pub(super) bytes: &'a mut Vec<u8>,
}

/// Why a value has no JSON form here.
#[derive(Debug)]
pub(super) struct Unwritable(pub(super) Box<str>);

type Result<T> = core::result::Result<T, Unwritable>;

impl core::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    #[cold]
    fn custom<T: core::fmt::Display>(message: T) -> Self {
        Self(message.to_string().into_boxed_str())
    }
}

#[cold]
fn unwritable<T>(what: &str) -> Result<T> {
    Err(ser::Error::custom(what))
}

/// Adds a text that is mostly short.
///
/// A copy whose length the compiler does not know is a call out of the module in a browser, and takes as long as a dozen
/// bytes; a piece of a known length is a load and a store. So short texts are written as two pieces that overlap.
#[inline(never)]
fn append(bytes: &mut Vec<u8>, text: &[u8]) {
    match text.len() {
        0..4 => {
            for byte in text {
                bytes.push(*byte);
            }
        }
        4..8 => overlapping::<4>(bytes, text),
        8..=16 => overlapping::<8>(bytes, text),
        _ => bytes.extend_from_slice(text),
    }
}

/// Adds a text of `N` to twice `N` bytes.
fn overlapping<const N: usize>(bytes: &mut Vec<u8>, text: &[u8]) {
    let (Some(first), Some(last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else {
        return;
    };
    let end = bytes.len().saturating_add(text.len());
    bytes.extend_from_slice(first);
    bytes.extend_from_slice(&[0; N]);
    let tail = bytes.get_mut(end.saturating_sub(N)..);
    if let Some(place) = tail.and_then(|tail| tail.first_chunk_mut::<N>()) {
        *place = *last;
    }
    bytes.truncate(end);
}

impl Writer<'_> {
    fn string(&mut self, text: &str) {
        self.bytes.reserve(text.len().saturating_add(2));
        self.bytes.push(b'"');
        self.escaped(text);
        self.bytes.push(b'"');
    }

    #[inline(never)]
    fn escaped(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let Some(at) = rest.iter().position(|byte| is_special(*byte)) {
            let (plain, tail) = rest.split_at(at);
            append(self.bytes, plain);
            let Some((byte, after)) = tail.split_first() else { return };
            self.escape(*byte);
            rest = after;
        }
        append(self.bytes, rest);
    }

    #[cold]
    fn escape(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let digit = |value: u8| HEX.get(usize::from(value)).copied().unwrap_or(b'0');
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => {
                self.bytes.extend_from_slice(b"\\u00");
                self.bytes.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
                return;
            }
        };
        self.bytes.extend_from_slice(&[b'\\', short]);
    }

    fn word(&mut self, word: &str) {
        append(self.bytes, word.as_bytes());
    }

    /// `{"name":`, before the content of a variant.
    fn variant(&mut self, name: &str) {
        self.bytes.push(b'{');
        self.string(name);
        self.bytes.push(b':');
    }
}

/// The members of an object or array that is being written.
pub(super) struct Members<'a, 'b> {
    writer: &'a mut Writer<'b>,
    first: bool,
    close: &'static str,
}

impl<'a, 'b> Members<'a, 'b> {
    fn open(writer: &'a mut Writer<'b>, bracket: u8, close: &'static str) -> Self {
        writer.bytes.push(bracket);
        Self { writer, first: true, close }
    }

    fn comma(&mut self) {
        if !core::mem::take(&mut self.first) {
            self.writer.bytes.push(b',');
        }
    }

    /// A field's name is a word of the program, so it has nothing to escape.
    #[inline(never)]
    fn name(&mut self, name: &'static str) {
        let bytes = &mut *self.writer.bytes;
        if core::mem::take(&mut self.first) {
            bytes.push(b'"');
        } else {
            bytes.extend_from_slice(b",\"");
        }
        append(bytes, name.as_bytes());
        bytes.extend_from_slice(b"\":");
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.comma();
        value.serialize(&mut *self.writer)
    }

    fn close(self) {
        self.writer.word(self.close);
    }
}

impl ser::SerializeSeq for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.element(value)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeMap for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.writer.bytes.push(b':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

/// An object, or the text of a raw value.
pub(super) enum Fields<'a, 'b> {
    Object(Members<'a, 'b>),
    Raw(&'a mut Writer<'b>),
}

impl ser::SerializeStruct for Fields<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        match self {
            Self::Object(members) => {
                members.name(name);
                value.serialize(&mut *members.writer)
            }
            Self::Raw(writer) => value.serialize(RawWriter(writer)),
        }
    }

    fn end(self) -> Result<()> {
        if let Self::Object(members) = self {
            members.close();
        }
        Ok(())
    }
}

impl ser::SerializeStructVariant for Members<'_, '_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.name(name);
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

impl<'a, 'b> Serializer for &'a mut Writer<'b> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Members<'a, 'b>;
    type SerializeTuple = Members<'a, 'b>;
    type SerializeTupleStruct = ser::Impossible<(), Unwritable>;
    type SerializeTupleVariant = ser::Impossible<(), Unwritable>;
    type SerializeMap = Members<'a, 'b>;
    type SerializeStruct = Fields<'a, 'b>;
    type SerializeStructVariant = Members<'a, 'b>;

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.word(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<()> {
        self.word(itoa::Buffer::new().format(value));
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Result<()> {
        self.word(itoa::Buffer::new().format(value));
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<()> {
        self.serialize_i64(value.into())
    }

    fn serialize_u8(self, value: u8) -> Result<()> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<()> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<()> {
        self.serialize_u64(value.into())
    }

    fn serialize_f32(self, _: f32) -> Result<()> {
        unwritable("a float is not exact; use a decimal text or an integer")
    }

    fn serialize_f64(self, _: f64) -> Result<()> {
        unwritable("a float is not exact; use a decimal text or an integer")
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.string(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<()> {
        self.string(text);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<()> {
        unwritable("bytes have no JSON form")
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.word("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.variant(variant);
        value.serialize(&mut *self)?;
        self.bytes.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'a, 'b>> {
        Ok(Members::open(self, b'[', "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'a, 'b>> {
        Ok(Members::open(self, b'[', "]"))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct> {
        unwritable(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        unwritable(name)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a, 'b>> {
        Ok(Members::open(self, b'{', "}"))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'a, 'b>> {
        if name == RAW_NAME {
            return Ok(Fields::Raw(self));
        }
        Ok(Fields::Object(Members::open(self, b'{', "}")))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a, 'b>> {
        self.variant(variant);
        Ok(Members::open(self, b'{', "}}"))
    }
}
