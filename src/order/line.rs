//! A line with its quantities in each state and its amounts.

use serde::{Deserialize, Serialize};

use super::{Order, Settled, ShipmentStatus};
use crate::{
    credit::{LineAmounts, worth},
    decimal::Decimal,
    issue::{Code, Issue},
    json::{FromJson, ToJson},
    money::{Amount, AmountError},
    pricing::{Quote, QuoteLine},
    ruleset::LocalText,
};

/// One line with its quantities. Zero counters are left out of JSON.
///
/// Always: `ordered ≥ canceled + allocated − out`, where `out` came back to the sender or is lost, and
/// `allocated ≥ picked ≥ packed`, `allocated ≥ shipped ≥ delivered + returnedToSender + lost`,
/// `delivered + sentBack ≥ returnRequested ≥ received ≥ inspected = restocked + writtenOff + sentBack`.
/// [`Order::broken_invariant`](super::Order::broken_invariant) looks whether it is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    /// The id, unique in the order.
    pub id: String,
    /// The stock keeping unit.
    pub sku: String,
    /// The name when it was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalText>,
    /// The line whose returned goods these were sent for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The price of one unit when it was ordered.
    pub unit_price: Decimal,
    /// The price is for this many units; 1 if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_quantity: Option<Decimal>,
    /// How many were ordered.
    pub ordered: Decimal,
    /// How many will not be delivered.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub canceled: Decimal,
    /// How many wait for goods.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub backordered: Decimal,
    /// How many were set aside for a shipment, wherever that is now.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub allocated: Decimal,
    /// How many were taken from the shelf.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub picked: Decimal,
    /// How many were put into a parcel.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub packed: Decimal,
    /// How many have left.
    pub shipped: Decimal,
    /// How many have arrived.
    pub delivered: Decimal,
    /// How many came back because nobody took them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub returned_to_sender: Decimal,
    /// How many were lost on the way.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: Decimal,
    /// How many shall come back, or have.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub return_requested: Decimal,
    /// How many of them have come.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub received: Decimal,
    /// How many of those were looked at.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub inspected: Decimal,
    /// How many went to the shelf again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restocked: Decimal,
    /// How many were thrown away.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub written_off: Decimal,
    /// How many went to the customer again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sent_back: Decimal,
    /// How many were credited, in whatever way: the next credit begins behind them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub credited: Decimal,
    /// The amount before discounts.
    pub amount_minor: Amount,
    /// The discounts on it.
    pub discount_minor: Amount,
    /// Each discount on it, in the order of the order's `discounts`; empty if it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts_minor: Vec<Amount>,
    /// After discounts, without tax.
    pub net_minor: Amount,
    /// The tax on it.
    pub tax_minor: Amount,
    /// After discounts, with tax.
    pub gross_minor: Amount,
    /// Each tax, in the order of the order's `taxes`, where the ruleset asks for `lineTaxes`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes_minor: Vec<Amount>,
    /// What of its amounts no longer moves, after it got another price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Box<Settled>>,
}

fn is_zero(quantity: &Decimal) -> bool {
    quantity.is_zero()
}

impl OrderLine {
    /// The line of a quote, with nothing done yet.
    pub(super) fn of(quote: &Quote, index: usize, line: &QuoteLine) -> Self {
        let zero = Decimal::ZERO;
        let shares = quote.adjustments.iter();
        let share = |shares: &[Amount]| shares.get(index).copied().unwrap_or_default();
        let mut taxes_minor = Vec::new();
        for tax in &line.taxes {
            taxes_minor.resize(quote.taxes.len().max(taxes_minor.len()), Amount::ZERO);
            if let Some(place) = taxes_minor.get_mut(tax.tax) {
                *place = tax.tax_minor;
            }
        }
        Self {
            id: line.id.clone(),
            sku: line.sku.clone(),
            name: line.name.clone(),
            replaces: None,
            unit_price: line.unit_price,
            base_quantity: line.base_quantity,
            ordered: line.quantity,
            canceled: zero,
            backordered: zero,
            allocated: zero,
            picked: zero,
            packed: zero,
            shipped: zero,
            delivered: zero,
            returned_to_sender: zero,
            lost: zero,
            return_requested: zero,
            received: zero,
            inspected: zero,
            restocked: zero,
            written_off: zero,
            sent_back: zero,
            credited: zero,
            amount_minor: line.amount_minor,
            discount_minor: line.discount_minor,
            discounts_minor: shares.map(|it| share(&it.shares_minor)).collect(),
            net_minor: line.net_minor,
            tax_minor: line.tax_minor,
            gross_minor: line.gross_minor,
            taxes_minor,
            settled: None,
        }
    }

    /// What was not set aside yet and shall be delivered; what came back to the sender or is lost counts again.
    pub fn open_to_ship(&self) -> Decimal {
        let out = self.returned_to_sender.checked_add(self.lost).unwrap_or_default();
        let taken = self.allocated.checked_add(self.backordered);
        let taken = taken.and_then(|taken| taken.checked_sub(out)).unwrap_or(self.ordered);
        self.to_deliver().checked_sub(taken).unwrap_or_default().max(Decimal::ZERO)
    }

    /// What shall be delivered: ordered less canceled.
    pub fn to_deliver(&self) -> Decimal {
        self.ordered.checked_sub(self.canceled).unwrap_or_default()
    }

    /// What all units up to so many are worth, with what was credited without a unit; `units` are no fewer than were credited.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if an amount or quantity is out of range.
    pub(crate) fn worth_of_first(&self, units: Decimal) -> Result<LineAmounts, AmountError> {
        let Some(settled) = self.settled.as_deref() else {
            return worth(&self.amounts(), self.ordered, Decimal::ZERO, units);
        };
        let behind = |units: Decimal| units.checked_sub(settled.quantity).ok_or(AmountError);
        let rest = self.amounts().minus(&settled.amounts)?;
        let rest = worth(&rest, behind(self.ordered)?, Decimal::ZERO, behind(units)?)?;
        settled.amounts.plus(&rest)
    }

    /// What the next units are worth, behind those that were credited before.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if an amount or quantity is out of range.
    pub fn worth_of_next(&self, quantity: Decimal) -> Result<LineAmounts, AmountError> {
        let settled = self.settled.as_deref();
        let before = settled.map_or(Decimal::ZERO, |settled| settled.quantity);
        let amounts = match settled {
            Some(settled) => self.amounts().minus(&settled.amounts)?,
            None => self.amounts(),
        };
        let behind = |units: Decimal| units.checked_sub(before).ok_or(AmountError);
        let end = self.credited.checked_add(quantity).ok_or(AmountError)?;
        worth(&amounts, behind(self.ordered)?, behind(self.credited)?, behind(end)?)
    }

    /// The amounts that credits are parts of.
    pub fn amounts(&self) -> LineAmounts {
        LineAmounts {
            amount_minor: self.amount_minor,
            discounts_minor: self.discounts_minor.clone(),
            net_minor: self.net_minor,
            tax_minor: self.tax_minor,
            gross_minor: self.gross_minor,
            taxes_minor: self.taxes_minor.clone(),
        }
    }
}

impl Order {
    /// Counts what shipments hold of each line anew, so that counters cannot drift from the shipments.
    pub(super) fn count_shipments(&mut self) -> Result<(), Issue> {
        for line in &mut self.lines {
            let zero = Decimal::ZERO;
            (line.backordered, line.allocated, line.picked, line.packed) = (zero, zero, zero, zero);
            (line.shipped, line.delivered) = (zero, zero);
            (line.returned_to_sender, line.lost) = (zero, zero);
        }
        let shipments = core::mem::take(&mut self.shipments);
        let counted = shipments.iter().try_for_each(|shipment| {
            shipment.lines.iter().try_for_each(|part| {
                let line = self.line_mut(&part.line)?;
                line.count(shipment.status, part.quantity).ok_or_else(super::corrupt)
            })
        });
        self.shipments = shipments;
        counted
    }

    pub(super) fn line_mut(&mut self, id: &str) -> Result<&mut OrderLine, Issue> {
        self.lines.iter_mut().find(|line| line.id == id).ok_or_else(super::corrupt)
    }

    /// The line of this id.
    ///
    /// # Errors
    ///
    /// `line_unknown` at `path`.
    pub(crate) fn line(&self, id: &str, path: &str) -> Result<&OrderLine, Issue> {
        let found = self.lines.iter().find(|line| line.id == id);
        found.ok_or_else(|| Issue::new(Code::LineUnknown, path).with("line", id))
    }
}

impl OrderLine {
    /// Adds what a shipment of this status holds to every counter that it has reached.
    fn count(&mut self, status: ShipmentStatus, quantity: Decimal) -> Option<()> {
        let mut add = |counter: fn(&mut Self) -> &mut Decimal| {
            let counter = counter(self);
            *counter = counter.checked_add(quantity)?;
            Some(())
        };
        use ShipmentStatus as Status;
        match status {
            Status::Canceled => return Some(()),
            Status::Pending => return add(|line| &mut line.backordered),
            _ => add(|line| &mut line.allocated)?,
        }
        if status == Status::Allocated {
            return Some(());
        }
        add(|line| &mut line.picked)?;
        if status == Status::Picked {
            return Some(());
        }
        add(|line| &mut line.packed)?;
        if !status.has_left() {
            return Some(());
        }
        add(|line| &mut line.shipped)?;
        match status {
            Status::Delivered | Status::PickedUp => add(|line| &mut line.delivered),
            Status::ReturnedToSender => add(|line| &mut line.returned_to_sender),
            Status::Lost => add(|line| &mut line.lost),
            _ => Some(()),
        }
    }
}
