//! The one way in and out: JSON text, with the path of what is wrong.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    issue::{Code, Issue},
    limits::MAX_DOCUMENT_BYTES,
};

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
    // The fast path reads without tracking the path; only a failed read is done again with it.
    serde_json::from_slice(bytes).map_err(|error| explain::<T>(bytes, &error))
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
fn explain<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Issue {
    if error.is_syntax() || error.is_eof() {
        return Issue::new(Code::JsonMalformed, "").with("reason", error.to_string());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => {
            let path = pointer(error.path());
            Issue::new(Code::ShapeInvalid, path).with("reason", reason(error.inner()))
        }
        Ok(_) => Issue::new(Code::ShapeInvalid, "").with("reason", reason(error)),
    }
}

/// The message of a shape error without its place in the text, which the path replaces.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path.iter() {
        let token = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        text.push('/');
        text.push_str(&token);
    }
    text
}
