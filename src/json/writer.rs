//! The writer of JSON text.
//!
//! `serde_json` writes the same bytes, which the tests hold; but it looks for escapes in every field
//! name and writes each quote and comma on its own, which made writing the slowest part of a quote.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::value::RawValue;
use uuid::Uuid;

use super::reader::is_special;

/// A value that can be written as JSON. `#[derive(ToJson)]` follows the attributes `#[serde(…)]`.
pub trait ToJson {
    /// Writes the value.
    fn write(&self, writer: &mut Writer<'_>);
}

/// Writes to the end of the bytes.
#[derive(Debug)]
pub struct Writer<'a> {
    pub(super) bytes: &'a mut Vec<u8>,
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
    /// Opens an object or array.
    pub fn open(&mut self, bracket: u8) {
        self.bytes.push(bracket);
    }

    /// Closes it.
    pub fn close(&mut self, bracket: u8) {
        self.bytes.push(bracket);
    }

    /// Writes the name of the next field. It is a word of the program, so it has nothing to escape.
    #[inline(never)]
    pub fn name(&mut self, name: &'static str) {
        // Behind a value stands never a bracket that opens.
        if self.bytes.last() == Some(&b'{') {
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(b",\"");
        }
        append(self.bytes, name.as_bytes());
        self.bytes.extend_from_slice(b"\":");
    }

    /// Writes the name of the next member of an object of any keys.
    pub fn key(&mut self, key: &str) {
        self.comma(b'{');
        self.text(key);
        self.bytes.push(b':');
    }

    /// Goes to the next item of an array.
    pub fn item(&mut self) {
        self.comma(b'[');
    }

    fn comma(&mut self, bracket: u8) {
        if self.bytes.last() != Some(&bracket) {
            self.bytes.push(b',');
        }
    }

    /// Writes a text.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        self.bytes.reserve(text.len().saturating_add(2));
        self.bytes.push(b'"');
        self.escaped(text);
        self.bytes.push(b'"');
    }

    /// Writes a whole number.
    #[inline(never)]
    pub fn signed(&mut self, number: i64) {
        append(self.bytes, itoa::Buffer::new().format(number).as_bytes());
    }

    /// Writes a whole number that is not negative.
    #[inline(never)]
    pub fn unsigned(&mut self, number: u64) {
        append(self.bytes, itoa::Buffer::new().format(number).as_bytes());
    }

    /// Writes `null`.
    #[inline(never)]
    pub fn null(&mut self) {
        append(self.bytes, b"null");
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
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn write(&self, writer: &mut Writer<'_>) {
        (**self).write(writer);
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn write(&self, writer: &mut Writer<'_>) {
        (**self).write(writer);
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Some(value) => value.write(writer),
            None => writer.null(),
        }
    }
}

impl<T: ToJson> ToJson for [T] {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.open(b'[');
        for value in self {
            writer.item();
            value.write(writer);
        }
        writer.close(b']');
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, writer: &mut Writer<'_>) {
        self.as_slice().write(writer);
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn write(&self, writer: &mut Writer<'_>) {
        self.as_slice().write(writer);
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.open(b'{');
        for (key, value) in self {
            writer.key(key);
            value.write(writer);
        }
        writer.close(b'}');
    }
}

impl ToJson for str {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self);
    }
}

impl ToJson for String {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self);
    }
}

impl ToJson for Cow<'_, str> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self);
    }
}

impl ToJson for bool {
    fn write(&self, writer: &mut Writer<'_>) {
        append(writer.bytes, if *self { b"true" } else { b"false" });
    }
}

impl ToJson for () {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.null();
    }
}

impl ToJson for RawValue {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.bytes.extend_from_slice(self.get().as_bytes());
    }
}

impl ToJson for Uuid {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self.hyphenated().encode_lower(&mut Self::encode_buffer()));
    }
}

macro_rules! integers {
    ($($kind:ident: $write:ident,)*) => {
        $(impl ToJson for $kind {
            fn write(&self, writer: &mut Writer<'_>) {
                writer.$write((*self).into());
            }
        })*
    };
}

integers! {
    i32: signed, i64: signed, u8: unsigned, u16: unsigned, u32: unsigned, u64: unsigned,
}

impl ToJson for usize {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.unsigned(u64::try_from(*self).unwrap_or(u64::MAX));
    }
}
