//! The one way in and out: JSON text, with the path of what is wrong.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    issue::{Code, Issue},
    limits::MAX_DOCUMENT_BYTES,
};

mod canonical;
mod deserializer;
mod place;
mod raw;
mod reader;
mod writer;

pub use raw::{raw, raw_option};

use reader::{Fault, Reader};
use writer::Writer;

/// Reads a document.
///
/// # Errors
///
/// `document_too_large`, `json_malformed`, or `shape_invalid` with the path of the wrong value.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Issue> {
    let mut reader = open(bytes)?;
    let value = T::deserialize(&mut reader);
    let finished = match &value {
        Ok(_) => reader.finish().err(),
        Err(_) => None,
    };
    match (value, finished) {
        (Ok(value), None) => Ok(value),
        (Err(fault), _) | (Ok(_), Some(fault)) => Err(explain(bytes, reader.at, &fault)),
    }
}

fn open(bytes: &[u8]) -> Result<Reader<'_>, Issue> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Issue::new(Code::DocumentTooLarge, "")
            .with("bytes", bytes.len())
            .with("maximum", MAX_DOCUMENT_BYTES));
    }
    core::str::from_utf8(bytes)
        .map(Reader::new)
        .map_err(|error| malformed(bytes, error.valid_up_to(), "not UTF-8"))
}

/// Writes a document.
///
/// # Errors
///
/// `internal_error` if a value has no JSON form; none of this library's types has that.
pub fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, Issue> {
    let mut bytes = Vec::new();
    write_into(&mut bytes, value)?;
    Ok(bytes)
}

/// Writes a document behind what is there already.
///
/// # Errors
///
/// As [`write`].
pub fn write_into<T: Serialize>(bytes: &mut Vec<u8>, value: &T) -> Result<(), Issue> {
    value.serialize(&mut Writer { bytes }).map_err(|error| unwritable(&error))
}

#[cold]
fn unwritable(error: &dyn core::fmt::Display) -> Issue {
    Issue::new(Code::InternalError, "").with("reason", error.to_string())
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
    written.map(|()| out).map_err(|fault| explain(bytes, reader.at, &fault))
}

/// Writes a value as text to be read later.
///
/// # Errors
///
/// As [`write`].
pub fn write_raw<T: Serialize>(value: &T) -> Result<Box<RawValue>, Issue> {
    serde_json::value::to_raw_value(value)
        .map_err(|error| Issue::new(Code::InternalError, "").with("reason", error.to_string()))
}

#[cold]
fn explain(bytes: &[u8], at: usize, fault: &Fault) -> Issue {
    match fault {
        Fault::Syntax(reason) => malformed(bytes, at, reason),
        Fault::Shape(reason) => {
            let path = place::pointer(bytes, at);
            Issue::new(Code::ShapeInvalid, path).with("reason", reason.as_ref())
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::draft::Draft;

    #[track_caller]
    fn refuses(text: &str, path: &str, reason: &str) {
        let issue = read::<Draft>(text.as_bytes()).unwrap_err();
        assert_eq!((issue.code, issue.path.as_str()), (Code::ShapeInvalid, path), "{text}");
        let found = issue.message(crate::issue::Language::English);
        assert!(found.contains(reason), "{text}: {found}");
    }

    #[test]
    fn names_the_place_of_what_is_wrong() {
        refuses(r#"{"lines":[{"quantity":1.5}]}"#, "/lines/0/quantity", "written as a string");
        refuses(
            "{\n \"lines\": [ {},\n {\"sku\":\"中文\", \"unitPrice\" : 12 } ] }",
            "/lines/1/unitPrice",
            "such as \"12.50\"",
        );
        refuses(r#"{"lines":[],"colour":"red"}"#, "/colour", "unknown field `colour`");
        refuses(
            r#"{"details":{"customer":{"nom":"x"}}}"#,
            "/details/customer/nom",
            "unknown field",
        );
        refuses(r#"{"details":{},"lines":7}"#, "/lines", "expected a sequence");
        refuses(r#"{"details":[]}"#, "/details", "invalid type: array");
        refuses(r#"{"adjustments":[{"amountMinor":5}]}"#, "/adjustments/0", "missing field `kind`");
        refuses(r#"{"a/b~c":1}"#, "/a~1b~0c", "unknown field");
        refuses(r#"{"prepaidMinor":9007199254740992}"#, "/prepaidMinor", "2^53 - 1");
        refuses(r#"[1]"#, "", "invalid type: array");
        refuses("null", "", "invalid type: null");
        refuses(r#"{"currency":"EURO"}"#, "/currency", "ISO 4217");
    }

    #[test]
    fn canonical_form_sorts_keys_and_drops_white_space() {
        let text = br#" { "b" : [ 1 , -2, {"z":null,"a":true} ], "a":"\u00e9\n\u001f", "c":{} } "#;
        let canonical = canonical(text).unwrap();
        let expected = "{\"a\":\"é\\n\\u001f\",\"b\":[1,-2,{\"a\":true,\"z\":null}],\"c\":{}}";
        assert_eq!(String::from_utf8(canonical).unwrap(), expected);
        assert_eq!(super::canonical(b"[1.5]").unwrap_err().path, "/0");
        assert_eq!(super::canonical(b"[1,]").unwrap_err().code, Code::JsonMalformed);
    }

    #[test]
    fn tells_text_that_is_not_json() {
        for text in ["", "{", "{\"lines\":[}", "{} x", "\u{0}", "{\"lines\":[{},]}"] {
            let issue = read::<Draft>(text.as_bytes()).unwrap_err();
            assert_eq!(issue.code, Code::JsonMalformed, "{text}");
        }
        let issue = read::<Draft>(b"{\n  \"lines\" []}").unwrap_err();
        let message = issue.message(crate::issue::Language::English);
        assert!(message.contains("expected a colon after a key (line 2, column 11)"), "{message}");
    }

    #[test]
    fn raw_values_stay_as_they_are() {
        let text = r#"{"n":1,"id":"00000000-0000-0000-0000-000000000001","order":"00000000-0000-0000-0000-000000000002","kind":"x@1","base":0,"atMs":-5,"args":{ "a" : [1, "\n"] }}"#;
        let envelope: crate::command::Envelope = read(text.as_bytes()).unwrap();
        assert_eq!(envelope.args.get(), r#"{ "a" : [1, "\n"] }"#);
        assert_eq!(String::from_utf8(write(&envelope).unwrap()).unwrap(), text);
        assert_eq!(serde_json::to_string(&envelope).unwrap(), text);
    }

    #[test]
    fn floats_and_bytes_are_not_written() {
        assert_eq!(write(&1.5).unwrap_err().code, Code::InternalError);
        assert_eq!(write(&Some([0_u8; 2])).unwrap(), b"[0,0]");
    }

    #[test]
    fn texts_of_every_length_are_written_whole() {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for length in 0..=letters.len() {
            let text = &letters[..length];
            let twice = [text, &format!("{text}\n{text}")];
            assert_eq!(write(&twice).unwrap(), serde_json::to_vec(&twice).unwrap());
        }
    }

    /// JSON text of drafts, right and wrong, with white space and escapes.
    fn documents() -> impl Strategy<Value = String> {
        let text = prop_oneof![
            "[a-z\"\\\\/\\PC]{0,6}",
            Just("\u{1f600}\n\t".to_owned()),
            Just("12.50".to_owned()),
        ];
        let scalar = prop_oneof![
            text.prop_map(|text| serde_json::to_string(&text).unwrap()),
            any::<i64>().prop_map(|number| number.to_string()),
            any::<f64>().prop_map(|number| serde_json::to_string(&number).unwrap()),
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just("\"\\ud83d\\ude00\\u00e9\"".to_owned()),
        ];
        let key = prop_oneof![
            Just("lines"),
            Just("sku"),
            Just("quantity"),
            Just("details"),
            Just("customer"),
            Just("name"),
            Just("street"),
            Just("country"),
            Just("couponCodes"),
            Just("adjustments"),
            Just("kind"),
            Just("prepaidMinor"),
            Just("unknown"),
        ];
        scalar.prop_recursive(5, 40, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4)
                    .prop_map(|items| format!("[ {} ]", items.join(" ,"))),
                prop::collection::vec((key.clone(), inner), 0..4).prop_map(|members| {
                    let members = members.iter().map(|(key, value)| format!("\"{key}\" :{value}"));
                    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(","))
                }),
            ]
        })
    }

    /// The same value or a refusal by both, but for one thing: `serde_json` also takes an array in
    /// place of a struct, its fields by position.
    fn agrees(bytes: &[u8]) -> Result<(), TestCaseError> {
        match (read::<Draft>(bytes), serde_json::from_slice::<Draft>(bytes)) {
            (Err(issue), Ok(_)) => {
                let message = issue.message(crate::issue::Language::English);
                prop_assert!(message.contains("invalid type: array"), "{}", message);
            }
            (ours, theirs) => prop_assert_eq!(ours.ok(), theirs.ok()),
        }
        if let Ok(draft) = read::<Draft>(bytes) {
            prop_assert_eq!(write(&draft).unwrap(), serde_json::to_vec(&draft).unwrap());
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json_on_drafts(text in documents()) {
            agrees(text.as_bytes())?;
        }

        #[test]
        fn cut_and_changed_text_never_panics(text in documents(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = text.into_bytes();
            let at = at.index(bytes.len());
            let _ = read::<Draft>(&bytes[..at]);
            bytes[at] = byte;
            agrees(&bytes)?;
        }
    }
}
