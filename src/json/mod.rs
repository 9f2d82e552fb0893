//! The one way in and out: JSON text, with the path of what is wrong.

use serde_json::value::RawValue;

use crate::{
    issue::{Code, Issue},
    limits::MAX_DOCUMENT_BYTES,
};

mod canonical;
mod fault;
mod object;
mod place;
mod reader;
mod values;
mod writer;

pub use fault::Stop;
pub use object::{Content, Fields, Object, Variant};
pub use orderkit_derive::{FromJson, ToJson};
pub use reader::Reader;
pub use values::Entries;
pub use writer::{ToJson, Writer};

use fault::Fault;

/// A value that can be read from JSON. `#[derive(FromJson)]` follows the attributes `#[serde(…)]`.
pub trait FromJson {
    /// A value to read into.
    fn blank() -> Self
    where
        Self: Sized;

    /// Reads the next value into a blank one.
    ///
    /// # Errors
    ///
    /// [`Stop`] if there is none, or it is not what the type takes.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop>;
}

/// Reads a document.
///
/// # Errors
///
/// `document_too_large`, `json_malformed`, or `shape_invalid` with the path of the wrong value.
pub fn read<T: FromJson>(bytes: &[u8]) -> Result<T, Issue> {
    let mut value = T::blank();
    read_into(&mut value, bytes)?;
    Ok(value)
}

fn read_into(value: &mut dyn FromJson, bytes: &[u8]) -> Result<(), Issue> {
    let mut reader = open(bytes)?;
    let read = value.read(&mut reader).and_then(|()| reader.finish());
    read.map_err(|Stop| explain(bytes, reader.at, &reader.fault))
}

fn open(bytes: &[u8]) -> Result<Reader<'_>, Issue> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Issue::new(Code::DocumentTooLarge, "")
            .with("bytes", bytes.len())
            .with("maximum", MAX_DOCUMENT_BYTES));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(malformed(bytes, 0, "a byte order mark, which JSON does not have"));
    }
    core::str::from_utf8(bytes)
        .map(Reader::new)
        .map_err(|error| malformed(bytes, error.valid_up_to(), "not UTF-8"))
}

/// Writes a document.
pub fn write<T: ToJson + ?Sized>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_into(&mut bytes, value);
    bytes
}

/// Writes a document behind what is there already.
pub fn write_into<T: ToJson + ?Sized>(bytes: &mut Vec<u8>, value: &T) {
    value.write(&mut Writer { bytes });
}

/// The canonical form of a document (RFC 8785): two texts of the same content become the same bytes.
///
/// # Errors
///
/// `document_too_large`, `json_malformed`, or `shape_invalid` for a number that is not whole.
pub fn canonical(bytes: &[u8]) -> Result<Vec<u8>, Issue> {
    let mut reader = open(bytes)?;
    let mut out = Vec::with_capacity(bytes.len());
    let written = canonical::write(&mut reader, &mut out).and_then(|()| reader.finish());
    written.map(|()| out).map_err(|Stop| explain(bytes, reader.at, &reader.fault))
}

/// Writes a value as text to be read later.
///
/// # Errors
///
/// `internal_error` if the text is no JSON, which no value of this library writes.
pub fn write_raw<T: ToJson + ?Sized>(value: &T) -> Result<Box<RawValue>, Issue> {
    let text = String::from_utf8(write(value)).unwrap_or_default();
    RawValue::from_string(text).map_err(|_| Issue::new(Code::InternalError, ""))
}

#[cold]
fn explain(bytes: &[u8], at: usize, fault: &Fault) -> Issue {
    match fault {
        Fault::Syntax(reason) => malformed(bytes, at, reason),
        Fault::Shape(reason) => {
            let path = place::pointer(bytes, at);
            Issue::new(Code::ShapeInvalid, path).with("reason", reason.as_str())
        }
    }
}

#[cold]
fn malformed(bytes: &[u8], at: usize, reason: &str) -> Issue {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
    let column = before.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len);
    let place = format!("{reason} (line {line}, column {})", column.saturating_add(1));
    Issue::new(Code::JsonMalformed, "").with("reason", place)
}

#[cfg(test)]
mod tests;
