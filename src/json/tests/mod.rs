//! The reader and the writer against `serde_json`, and the words of refusals.

use core::fmt::Debug;

use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::*;
use crate::issue::Language;

mod agreement;
mod changes;
mod derives;
mod refusals;
mod samples;

/// The same value or a refusal by both, but for one thing: `serde_json` also takes an array in
/// place of a struct, its fields by position.
fn reads_alike<T: FromJson + DeserializeOwned + Debug>(text: &[u8]) -> Result<(), TestCaseError> {
    let shown = |value: T| format!("{value:?}");
    match (read::<T>(text), serde_json::from_slice::<T>(text)) {
        (Err(issue), Ok(_)) => {
            let message = issue.message(Language::English);
            prop_assert!(message.contains("invalid type: array"), "{}", message);
        }
        (ours, theirs) => prop_assert_eq!(ours.ok().map(shown), theirs.ok().map(shown)),
    }
    Ok(())
}

/// The same value or a refusal by both, and the same text of that value.
fn agrees<T>(text: &[u8]) -> Result<(), TestCaseError>
where
    T: FromJson + ToJson + DeserializeOwned + Serialize + Debug,
{
    reads_alike::<T>(text)?;
    if let Ok(value) = read::<T>(text) {
        prop_assert_eq!(write(&value), serde_json::to_vec(&value).unwrap());
    }
    Ok(())
}
