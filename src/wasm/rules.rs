//! Rules by handle, and everything that needs only them.

use wasm_bindgen::prelude::wasm_bindgen;

use super::handles::RULES;
use crate::{api, context::Context, issue::Language, json::ToJson, ruleset::Rules};

#[derive(ToJson)]
struct Loaded<'a> {
    handle: u32,
    version: &'a str,
    digest: &'a str,
}

/// `{"ok":true,"rules":{"handle","version","digest"}}`
#[wasm_bindgen(js_name = loadRules)]
pub fn load_rules(ruleset: &[u8]) -> Vec<u8> {
    match Rules::from_json(ruleset) {
        Err(refusal) => api::answer::<()>("rules", Err(refusal)),
        Ok(rules) => {
            let (version, digest) = (rules.ruleset().version.clone(), rules.digest().to_owned());
            let handle = RULES.with(|table| table.insert(rules));
            api::answer("rules", Ok(Loaded { handle, version: &version, digest: &digest }))
        }
    }
}

/// Frees rules.
#[wasm_bindgen(js_name = dropRules)]
pub fn drop_rules(handle: u32) {
    RULES.with(|table| table.remove(handle));
}

// Not generic, as the others that act on what a handle names: each function would have its own copy.
#[inline(never)]
pub(super) fn with_rules(handle: u32, act: &mut dyn FnMut(&Rules) -> Vec<u8>) -> Vec<u8> {
    RULES
        .with(|table| table.with(handle, |rules| act(rules)))
        .unwrap_or_else(|refusal| api::answer::<()>("", Err(refusal)))
}

/// [`api::quote`]. Text in and out, and not bytes as elsewhere: it is called on every key, and two arrays a call are a fifth of
/// its time in a browser.
#[wasm_bindgen]
pub fn quote(rules: u32, draft: &str, context: &str) -> String {
    text(with_context(rules, context, &mut |rules, context| {
        api::quote(rules, draft.as_bytes(), context)
    }))
}

/// [`api::explain`]
#[cfg(feature = "desk")]
#[wasm_bindgen]
pub fn explain(rules: u32, draft: &str, context: &str, chinese: bool) -> String {
    text(with_context(rules, context, &mut |rules, context| {
        api::explain(rules, draft.as_bytes(), context, language(chinese))
    }))
}

/// [`api::next_offers`]
#[cfg(feature = "desk")]
#[wasm_bindgen(js_name = nextOffers)]
pub fn next_offers(rules: u32, draft: &str, context: &str, chinese: bool) -> String {
    text(with_context(rules, context, &mut |rules, context| {
        api::next_offers(rules, draft.as_bytes(), context, language(chinese))
    }))
}

fn language(chinese: bool) -> Language {
    if chinese { Language::Chinese } else { Language::English }
}

/// [`api::validate`]
#[wasm_bindgen]
pub fn validate(rules: u32, draft: &str, context: &str) -> String {
    text(with_context(rules, context, &mut |rules, context| {
        api::validate(rules, draft.as_bytes(), context)
    }))
}

/// [`api::shipping_options`]
#[wasm_bindgen(js_name = shippingOptions)]
pub fn shipping_options(rules: u32, draft: &str, context: &str) -> String {
    text(with_context(rules, context, &mut |rules, context| {
        api::shipping_options(rules, draft.as_bytes(), context)
    }))
}

#[inline(never)]
fn with_context(
    rules: u32,
    context: &str,
    act: &mut dyn FnMut(&Rules, &Context) -> Vec<u8>,
) -> Vec<u8> {
    with_rules(rules, &mut |rules| match api::context(context.as_bytes()) {
        Ok(context) => act(rules, &context),
        Err(refusal) => api::answer::<()>("", Err(refusal)),
    })
}

/// JSON is always UTF-8.
pub(super) fn text(json: Vec<u8>) -> String {
    String::from_utf8(json).unwrap_or_default()
}

/// [`api::number`]
#[wasm_bindgen]
pub fn number(rules: u32, request: &[u8]) -> Vec<u8> {
    with_rules(rules, &mut |rules| api::number(rules, request))
}

/// [`api::number_report`]
#[cfg(feature = "desk")]
#[wasm_bindgen(js_name = numberReport)]
pub fn number_report(rules: u32, at_ms: f64) -> Vec<u8> {
    with_rules(rules, &mut |rules| api::number_report(rules, super::whole(at_ms)))
}

/// [`api::message`]
#[wasm_bindgen]
pub fn message(issue: &[u8], chinese: bool) -> Vec<u8> {
    api::message(issue, language(chinese))
}
