//! What an order needs of one SKU; [`Order::stock_needs`](crate::Order::stock_needs) works it out.

use crate::decimal::Decimal;

/// What an order needs and has taken of one SKU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockNeed {
    /// The SKU that is counted: a part, for a set.
    pub sku: String,
    /// Shall be delivered and is not set aside for a shipment.
    pub open: Decimal,
    /// Is set aside for a shipment that has not left.
    pub allocated: Decimal,
    /// Has left and did not come back to the shelf.
    pub gone: Decimal,
}
