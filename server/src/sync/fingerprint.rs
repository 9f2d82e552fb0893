//! What makes two commands the same command.

use orderkit::{Envelope, json};
use sha2::{Digest, Sha256};

/// SHA-256 over what was asked.
///
/// The counter is left out, since a renamed client sends its commands under new ones, and so is the
/// revision it saw, which is only advice. The arguments count by value: a browser may store and
/// write them again with other white space.
pub(super) fn of(envelope: &Envelope) -> Vec<u8> {
    let text = envelope.args.get();
    match json::canonical(text.as_bytes()) {
        Ok(canonical) => over(envelope, &canonical),
        // Not arguments of any command that is known, such as with a broken number.
        Err(_) => over(envelope, by_value(text).as_bytes()),
    }
}

/// Whether a fingerprint that was kept, by this version or an earlier one, is that of a command whose fingerprint is `hash`.
pub(super) fn is(kept: &[u8], envelope: &Envelope, hash: &[u8]) -> bool {
    kept == hash || kept == over(envelope, by_value(envelope.args.get()).as_bytes())
}

/// How earlier versions wrote the arguments: the same, but for a name that comes twice and a zero below zero.
fn by_value(text: &str) -> String {
    serde_json::from_str::<serde_json::Value>(text)
        .and_then(|value| serde_json::to_string(&value))
        // Nested deeper than the parser goes: then the text itself must be the same.
        .unwrap_or_else(|_| text.to_owned())
}

fn over(envelope: &Envelope, arguments: &[u8]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(envelope.id.as_bytes());
    hasher.update(envelope.order.as_bytes());
    hasher.update(envelope.at_ms.to_be_bytes());
    hasher.update(envelope.kind.len().to_be_bytes());
    hasher.update(&envelope.kind);
    hasher.update(arguments);
    hasher.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;
    use uuid::Uuid;

    use super::*;

    fn envelope(args: &str) -> Envelope {
        Envelope {
            n: 1,
            id: Uuid::from_u128(1),
            order: Uuid::from_u128(2),
            kind: "note@1".to_owned(),
            base: 0,
            at_ms: 3,
            args: RawValue::from_string(args.to_owned()).unwrap(),
        }
    }

    fn by_earlier_version(envelope: &Envelope) -> Vec<u8> {
        over(envelope, by_value(envelope.args.get()).as_bytes())
    }

    #[test]
    fn a_fingerprint_is_that_of_earlier_versions() {
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        let rows = [
            r#" { "b" : [1, -2, null], "a": {"d": "x", "c": true} } "#,
            r#"{"text": "\u00e9\n\u0001\"\\\/ \ud83d\ude00 \u007f é"}"#,
            r#"{"number": 18446744073709551615, "other": -9223372036854775808}"#,
            r#"{"number": 1.50, "other": 1e3, "large": 123456789012345678901234567890}"#,
            &deep,
        ];
        for row in rows {
            let envelope = envelope(row);
            assert_eq!(of(&envelope), by_earlier_version(&envelope), "{row}");
        }
    }

    #[test]
    fn what_an_earlier_version_kept_is_still_the_same_command() {
        for row in [r#"{"a": 1, "a": 2}"#, r#"{"a": -0}"#] {
            let envelope = envelope(row);
            let (hash, kept) = (of(&envelope), by_earlier_version(&envelope));
            assert_ne!(hash, kept, "{row}");
            assert!(is(&kept, &envelope, &hash) && is(&hash, &envelope, &hash), "{row}");
        }
        let (one, other) = (envelope(r#"{"a": 1}"#), envelope(r#"{"a": 2}"#));
        assert!(!is(&of(&one), &other, &of(&other)));
    }
}
