//! The linter, for pages on which rules are edited.

use wasm_bindgen::prelude::wasm_bindgen;

use super::whole;
use crate::api;

/// [`api::lint`]
#[wasm_bindgen]
pub fn lint(ruleset: &[u8], now_ms: f64) -> Vec<u8> {
    api::lint(ruleset, whole(now_ms))
}
