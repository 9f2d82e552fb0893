//! What customers do not receive of their own orders: words among the staff, and holds.
//!
//! A withheld record leaves its digest behind, so that the copy of the customer has the same hash chain and the same checksum as
//! the whole log. The digest tells nothing of the record: that holds the random id of its command.

use super::{Actor, Event, EventRecord, OrderLog, Role, seal};

impl OrderLog {
    /// The log as the customer receives it: without notes of the staff and without holds.
    ///
    /// # Example
    ///
    /// ```
    /// use orderkit::{Event, OrderLog};
    ///
    /// let mut log = OrderLog::new(uuid::Uuid::nil());
    /// log.push(serde_json::from_str(
    ///     r#"{"atMs": 1, "by": {"user": "sam", "role": "staff"}, "event": {"noted": {"text": "Calls every day"}}}"#
    /// ).unwrap());
    /// let seen = log.for_customer();
    /// assert!(matches!(seen.events[0].event, Event::Withheld { .. }));
    /// assert_eq!((seen.broken_entry(), seen.head()), (None, log.head()));
    /// ```
    #[must_use]
    pub fn for_customer(&self) -> Self {
        let mut at_ms = 0;
        let records = self.events.iter().map(|record| {
            if !is_for_staff(record) {
                at_ms = record.at_ms;
                return record.clone();
            }
            EventRecord {
                // Not even when it happened.
                at_ms,
                asked_ms: None,
                by: Actor { user: String::new(), role: Role::Staff },
                command: None,
                event: Event::Withheld { digest: seal::digest(record) },
            }
        });
        Self { id: self.id, events: records.collect(), links: self.links.clone() }
    }
}

fn is_for_staff(record: &EventRecord) -> bool {
    match record.event {
        Event::Held { .. } | Event::Released { .. } => true,
        Event::Noted { .. } => record.by.role != Role::Customer,
        _ => false,
    }
}
