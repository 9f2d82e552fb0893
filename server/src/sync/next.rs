//! The state of an order after a command.

use orderkit::{
    Actor, Command, Envelope, Event, EventRecord, Facts, Order, OrderLog, Refusal, decide,
};

use crate::{deadlines, store::StoredOrder};

/// The order after the command, or `None` if nothing is left to happen.
pub(super) fn next(
    known: Option<&StoredOrder>,
    envelope: &Envelope,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Option<(OrderLog, Order)>, Refusal> {
    let events = decide(known.map(|it| &it.order), command, facts)?;
    if events.is_empty() {
        return Ok(None);
    }
    let records = events.into_iter().map(|event| EventRecord {
        at_ms: facts.now_ms,
        asked_ms: facts.asked_claim_ms(),
        by: author(command, &event, facts),
        command: Some(envelope.id),
        event,
    });
    let Some(known) = known else {
        let mut log = OrderLog::new(envelope.order);
        records.for_each(|record| log.push(record));
        let order = log.order()?;
        return Ok(Some((log, order)));
    };
    let (mut log, mut order) = (known.log.clone(), known.order.clone());
    for record in records {
        order.apply(&record)?;
        log.push(record);
    }
    Ok(Some((log, order)))
}

/// A hold that comes with an order is the shop's, not the buyer's.
fn author(command: &Command, event: &Event, facts: &Facts<'_>) -> Actor {
    match (command, event) {
        (Command::Place(_), Event::Held { .. }) => deadlines::system(),
        _ => facts.actor.clone(),
    }
}
