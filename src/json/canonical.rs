//! The canonical form of a JSON document (RFC 8785): sorted keys, no white space.

use std::{borrow::Cow, ops::Range};

use super::{fault::Stop, reader::Reader, write_into};

type Result<T> = core::result::Result<T, Stop>;

/// Writes the next value of the reader in its canonical form.
///
/// Keys are sorted by their bytes, which is the order of RFC 8785 for all keys inside the Basic
/// Multilingual Plane. Numbers are whole ones, as everywhere in this crate.
pub(super) fn write(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<()> {
    match reader.peek() {
        Some(b'{') => object(reader, out),
        Some(b'[') => array(reader, out),
        Some(b'"') => {
            let text = reader.string()?;
            write_into(out, text.as_ref());
            Ok(())
        }
        Some(b'-' | b'0'..=b'9') => {
            let number = reader.number("a whole number")?;
            // There is no zero below zero.
            let text = if number.magnitude == 0 { "0" } else { number.text };
            out.extend_from_slice(text.as_bytes());
            Ok(())
        }
        _ => {
            let start = reader.at;
            reader.skip()?;
            out.extend_from_slice(reader.text.get(start..reader.at).unwrap_or_default().as_bytes());
            Ok(())
        }
    }
}

fn object<'de>(reader: &mut Reader<'de>, out: &mut Vec<u8>) -> Result<()> {
    // By its key, where each member is written, counted from the first.
    let mut members: Vec<(Cow<'de, str>, Range<usize>)> = Vec::new();
    let mut is_sorted = true;
    reader.open(b'{')?;
    out.push(b'{');
    let start = out.len();
    let mut first = true;
    while reader.member(&mut first, b'}')? {
        if out.len() > start {
            out.push(b',');
        }
        let from = out.len().saturating_sub(start);
        let key = reader.key()?;
        reader.colon()?;
        write_into(out, key.as_ref());
        out.push(b':');
        write(reader, out)?;
        let place = members.partition_point(|(other, _)| *other < key);
        is_sorted &= place == members.len();
        members.insert(place, (key, from..out.len().saturating_sub(start)));
    }
    if !is_sorted {
        let written = out.split_off(start);
        for (_, range) in members {
            if out.len() > start {
                out.push(b',');
            }
            out.extend_from_slice(written.get(range).unwrap_or_default());
        }
    }
    out.push(b'}');
    Ok(())
}

fn array(reader: &mut Reader<'_>, out: &mut Vec<u8>) -> Result<()> {
    reader.open(b'[')?;
    out.push(b'[');
    let mut first = true;
    let mut comma = false;
    while reader.member(&mut first, b']')? {
        if comma {
            out.push(b',');
        }
        comma = true;
        write(reader, out)?;
    }
    out.push(b']');
    Ok(())
}
