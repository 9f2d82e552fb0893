//! Decisions on orders.

use wasm_bindgen::prelude::wasm_bindgen;

use super::rules::with_rules;
use crate::api;

/// [`api::decide`]
#[wasm_bindgen]
pub fn decide(rules: u32, request: &[u8]) -> Vec<u8> {
    with_rules(rules, &mut |rules| api::decide(rules, request))
}

/// [`api::preview_return`]
#[wasm_bindgen(js_name = previewReturn)]
pub fn preview_return(rules: u32, request: &[u8]) -> Vec<u8> {
    with_rules(rules, &mut |rules| api::preview_return(rules, request))
}

/// [`api::allowed_commands`]
#[wasm_bindgen(js_name = allowedCommands)]
pub fn allowed_commands(rules: u32, request: &[u8]) -> Vec<u8> {
    with_rules(rules, &mut |rules| api::allowed_commands(rules, request))
}

/// [`api::view`]
#[wasm_bindgen]
pub fn view(log: &[u8]) -> Vec<u8> {
    api::view(log)
}
