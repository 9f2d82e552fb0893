//! Random texts, and documents with random changes: the same answer as `serde_json`.

use proptest::prelude::*;
use serde_json::Value;

use super::{
    super::*,
    agrees,
    changes::{changed, changes},
    samples::{agrees_as, samples},
};
use crate::draft::Draft;

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

proptest! {
    #[test]
    fn agrees_with_serde_json_on_drafts(text in documents()) {
        agrees::<Draft>(text.as_bytes())?;
    }

    #[test]
    fn cut_and_changed_text_never_panics(text in documents(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        let _ = read::<Draft>(&bytes[..at]);
        bytes[at] = byte;
        agrees::<Draft>(&bytes)?;
    }

    #[test]
    fn agrees_with_serde_json_on_all_that_is_read(
        sample in 0_usize..10, first in changes(), second in changes(), at in 0_usize..200, then in 0_usize..200,
    ) {
        let samples = samples();
        let value: Value = serde_json::from_str(&samples[sample]).unwrap();
        let once = changed(&value, &first, &mut { at });
        agrees_as(sample, once.as_bytes())?;
        if let Ok(value) = serde_json::from_str::<Value>(&once) {
            agrees_as(sample, changed(&value, &second, &mut { then }).as_bytes())?;
        }
    }
}
