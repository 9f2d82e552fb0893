//! What makes two commands the same command.

use orderkit::Envelope;
use sha2::{Digest, Sha256};

/// SHA-256 over what was asked.
///
/// The counter is left out, since a renamed client sends its commands under new ones, and so is the
/// revision it saw, which is only advice. The arguments count by value: a browser may store and
/// write them again with other white space.
pub(super) fn of(envelope: &Envelope) -> Vec<u8> {
    let text = envelope.args.get();
    let canonical = serde_json::from_str::<serde_json::Value>(text)
        .and_then(|value| serde_json::to_string(&value))
        // Nested deeper than the parser goes: then the text itself must be the same.
        .unwrap_or_else(|_| text.to_owned());
    let mut hasher = Sha256::new();
    hasher.update(envelope.id.as_bytes());
    hasher.update(envelope.order.as_bytes());
    hasher.update(envelope.at_ms.to_be_bytes());
    hasher.update(envelope.kind.len().to_be_bytes());
    hasher.update(&envelope.kind);
    hasher.update(canonical);
    hasher.finalize().to_vec()
}
