//! The one way in and out: JSON text, with the path of what is wrong.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    issue::{Code, Issue},
    limits::MAX_DOCUMENT_BYTES,
};

mod place;

/// Reads a document.
///
/// # Errors
///
/// `document_too_large`, `json_malformed`, or `shape_invalid` with the path of the wrong value.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Issue> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(Issue::new(Code::DocumentTooLarge, "")
            .with("bytes", bytes.len())
            .with("maximum", MAX_DOCUMENT_BYTES));
    }
    serde_json::from_slice(bytes).map_err(|error| explain(bytes, &error))
}

/// Writes a document.
///
/// # Errors
///
/// `internal_error` if a value has no JSON form; none of this library's types has that.
pub fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, Issue> {
    serde_json::to_vec(value)
        .map_err(|error| Issue::new(Code::InternalError, "").with("reason", error.to_string()))
}

#[cold]
fn explain(bytes: &[u8], error: &serde_json::Error) -> Issue {
    if error.is_syntax() || error.is_eof() {
        return Issue::new(Code::JsonMalformed, "").with("reason", error.to_string());
    }
    let path = place::pointer(bytes, place::offset(bytes, error.line(), error.column()));
    Issue::new(Code::ShapeInvalid, path).with("reason", reason(error))
}

/// The message of a shape error without its place in the text, which the path replaces.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
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
        refuses(r#"{"details":[],"lines":7}"#, "/lines", "expected a sequence");
        refuses(r#"{"adjustments":[{"amountMinor":5}]}"#, "/adjustments/0", "missing field `kind`");
        refuses(r#"{"a/b~c":1}"#, "/a~1b~0c", "unknown field");
        refuses(r#"{"prepaidMinor":9007199254740992}"#, "/prepaidMinor", "2^53 - 1");
        refuses(r#"[1]"#, "/0", "invalid type");
        refuses("null", "", "invalid type: null");
        refuses(r#"{"currency":"EURO"}"#, "/currency", "ISO 4217");
    }

    #[test]
    fn tells_text_that_is_not_json() {
        for text in ["", "{", "{\"lines\":[}", "{} x", "\u{0}", "{\"lines\":[1,]}"] {
            let issue = read::<serde_json::Value>(text.as_bytes()).unwrap_err();
            assert_eq!(issue.code, Code::JsonMalformed, "{text}");
        }
    }
}
