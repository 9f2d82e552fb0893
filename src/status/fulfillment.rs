//! How much of the goods has moved, as a word.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    order::{Order, OrderLine},
};

/// How much of the goods has moved. What came back to the sender or is lost has not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum FulfillmentStatus {
    /// The order came from another system that kept the goods side.
    Elsewhere,
    /// Nothing shall be delivered.
    NotRequired,
    /// All has arrived.
    Delivered,
    /// Some has arrived.
    PartiallyDelivered,
    /// All has left.
    Shipped,
    /// Some has left.
    PartiallyShipped,
    /// All is packed.
    Fulfilled,
    /// Some is packed.
    PartiallyFulfilled,
    /// Some waits for goods, and nothing has left.
    Backordered,
    /// Nothing is packed.
    Unfulfilled,
}

impl Order {
    /// How much of the goods has moved.
    pub fn fulfillment(&self) -> FulfillmentStatus {
        if self.import.is_some() {
            return FulfillmentStatus::Elsewhere;
        }
        let wanted = || self.lines.iter().filter(|line| !line.to_deliver().is_zero());
        if wanted().next().is_none() {
            return FulfillmentStatus::NotRequired;
        }
        let all = |reached: fn(&OrderLine) -> Decimal| {
            wanted().all(|line| reached(line) >= line.to_deliver())
        };
        let some = |reached: fn(&OrderLine) -> Decimal| {
            self.lines.iter().any(|line| reached(line) > Decimal::ZERO)
        };
        match () {
            () if all(delivered) => FulfillmentStatus::Delivered,
            () if all(gone) && some(delivered) => FulfillmentStatus::PartiallyDelivered,
            () if all(gone) => FulfillmentStatus::Shipped,
            () if some(gone) => FulfillmentStatus::PartiallyShipped,
            () if all(packed) => FulfillmentStatus::Fulfilled,
            () if some(packed) => FulfillmentStatus::PartiallyFulfilled,
            () if some(|line| line.backordered) => FulfillmentStatus::Backordered,
            () => FulfillmentStatus::Unfulfilled,
        }
    }
}

fn delivered(line: &OrderLine) -> Decimal {
    line.delivered
}

fn gone(line: &OrderLine) -> Decimal {
    without_failed(line, line.shipped)
}

fn packed(line: &OrderLine) -> Decimal {
    without_failed(line, line.packed)
}

fn without_failed(line: &OrderLine, reached: Decimal) -> Decimal {
    let out = line.returned_to_sender.checked_add(line.lost).unwrap_or_default();
    reached.checked_sub(out).unwrap_or_default()
}
