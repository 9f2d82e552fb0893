//! Documents with a change somewhere.

use proptest::prelude::*;
use serde_json::Value;

/// One change somewhere in a document.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Value(&'static str),
    Drop,
    Twice,
    Rename(&'static str),
    ToTheEnd,
}

pub(super) fn changes() -> impl Strategy<Value = Change> {
    let value = prop::sample::select(
        &[
            "null",
            "true",
            "7",
            "-7",
            "1.5",
            "300",
            "5000000000",
            "9007199254740992",
            "18446744073709551616",
            "\"\"",
            "\"12.5\"",
            "\"line\"",
            "\"\\u00e9\"",
            "{}",
            "[]",
            "[{}]",
            "{\"a\":1}",
            "{\"confirmed\":{}}",
            "01",
        ][..],
    );
    let name =
        prop::sample::select(&["kind", "id", "percent", "amountMinor", "placed", "lines", "x"][..]);
    prop_oneof![
        value.prop_map(Change::Value),
        Just(Change::Drop),
        Just(Change::Twice),
        name.prop_map(Change::Rename),
        Just(Change::ToTheEnd),
    ]
}

/// Counts down to the place of a change.
fn due(left: &mut usize) -> bool {
    let hit = *left == 0;
    *left = left.wrapping_sub(1);
    hit
}

/// A document as text, with a change in the item or member that is `left` places ahead.
pub(super) fn changed(value: &Value, change: &Change, left: &mut usize) -> String {
    let mut texts = Vec::new();
    match value {
        Value::Array(items) => {
            for item in items {
                let hit = due(left).then_some(change);
                let text = changed(item, change, left);
                put(&mut texts, hit, "", text);
            }
            format!("[{}]", texts.join(" ,"))
        }
        Value::Object(members) => {
            let mut moved = None;
            for (key, value) in members {
                let hit = due(left).then_some(change);
                let text = changed(value, change, left);
                if matches!(hit, Some(Change::ToTheEnd)) {
                    moved = Some(format!("\"{key}\":{text}"));
                } else {
                    put(&mut texts, hit, key, text);
                }
            }
            texts.extend(moved);
            format!("{{{}}}", texts.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn put(texts: &mut Vec<String>, change: Option<&Change>, key: &str, text: String) {
    let named = |name: &str, text: &str| {
        if key.is_empty() { text.to_owned() } else { format!("\"{name}\" : {text}") }
    };
    match change {
        Some(Change::Drop) => {}
        Some(Change::Value(value)) => texts.push(named(key, value)),
        Some(Change::Twice) => texts.extend([named(key, &text), named(key, &text)]),
        Some(Change::Rename(name)) => texts.push(named(name, &text)),
        Some(Change::ToTheEnd) | None => texts.push(named(key, &text)),
    }
}
