//! The hash chain of a log: whoever changes, drops or inserts an event breaks it at that entry.
//!
//! The chain finds changes, it does not hinder them: a whole chain can be made anew. So its head is part
//! of the digest by which client and server compare what they have at each sync.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Event, EventRecord, Order, OrderLog};
use crate::{issue::Issue, json};

/// Bytes of a link: half a SHA-256, for which no second text can be found.
const LINK_BYTES: usize = 16;

impl OrderLog {
    /// A log without events.
    pub fn new(id: Uuid) -> Self {
        Self { id, events: Vec::new(), links: Vec::new() }
    }

    /// Adds an event and its link.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::OrderLog;
    ///
    /// let mut log = OrderLog::new(uuid::Uuid::nil());
    /// for text in ["first", "second"] {
    ///     log.push(serde_json::from_str(&format!(
    ///         r#"{{"atMs": 1, "by": {{"user": "sam", "role": "staff"}}, "event": {{"noted": {{"text": "{text}"}}}}}}"#
    ///     )).unwrap());
    /// }
    /// assert_eq!(log.broken_entry(), None);
    /// log.events[0].at_ms = 2;
    /// assert_eq!(log.broken_entry(), Some(0));
    /// ```
    pub fn push(&mut self, record: EventRecord) {
        if self.links.is_empty() {
            self.seal();
        }
        self.links.push(link(self.id, self.head(), &record));
        self.events.push(record);
    }

    /// Makes the links of a log that has none yet.
    pub fn seal(&mut self) {
        self.links.clear();
        for record in &self.events {
            self.links.push(link(self.id, self.links.last().map_or("", String::as_str), record));
        }
    }

    /// The last link, which stands for the whole log; empty if there is none.
    pub fn head(&self) -> &str {
        self.links.last().map_or("", String::as_str)
    }

    /// The position (from 0) of the first event that is not what it was, or that has no link.
    ///
    /// A log without any link comes from an authority that makes none; taking all links away changes
    /// the digest that client and server compare.
    pub fn broken_entry(&self) -> Option<usize> {
        if self.links.is_empty() {
            return None;
        }
        let mut before = "";
        for (index, record) in self.events.iter().enumerate() {
            let known = self.links.get(index);
            if known.is_none_or(|known| *known != link(self.id, before, record)) {
                return Some(index);
            }
            before = known.map_or("", String::as_str);
        }
        // More links than events: the last events are gone.
        (self.links.len() > self.events.len()).then_some(self.events.len())
    }

    /// The state after all events, with the first broken entry of the log: such an order can only be looked at.
    ///
    /// # Errors
    ///
    /// As [`OrderLog::order`].
    pub fn checked_order(&self) -> Result<Order, Issue> {
        let mut order = self.order()?;
        order.broken_entry = self.broken_entry().and_then(|entry| u32::try_from(entry).ok());
        Ok(order)
    }
}

/// SHA-256 over the order, the link before and the digest of the record, in hexadecimal.
fn link(order: Uuid, before: &str, record: &EventRecord) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"orderkit/2\n");
    hasher.update(order.as_bytes());
    hasher.update(before.as_bytes());
    hasher.update(b"\n");
    hasher.update(digest(record).as_bytes());
    hexadecimal(hasher.finalize().iter().take(LINK_BYTES))
}

/// What the chain knows of a record: SHA-256 over its canonical form (RFC 8785), in hexadecimal. A record that is
/// withheld has the digest of the one that it stands for, so that both logs have the same links.
pub(super) fn digest(record: &EventRecord) -> String {
    if let Event::Withheld { digest } = &record.event {
        return digest.clone();
    }
    let text = json::write(record);
    let canonical = json::canonical(&text).unwrap_or(text);
    hexadecimal(Sha256::digest(&canonical).iter())
}

fn hexadecimal<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    let digit = |digit: u8| char::from_digit(u32::from(digit), 16).unwrap_or('0');
    bytes.flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()
}
