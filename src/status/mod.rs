//! What follows from the facts: payment, fulfillment and the one word that people sort by.
//!
//! Nothing here is stored, so no two of these can contradict each other.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    json::{FromJson, ToJson},
    money::{Amount, AmountError},
    order::{Order, OrderStatus, PaymentKind},
    ruleset::PaymentTerms,
};

/// The derived statuses of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Derived {
    /// How much of the money is there.
    pub payment: PaymentStatus,
    /// How much of the goods has moved.
    pub fulfillment: FulfillmentStatus,
    /// The one word.
    pub summary: Summary,
    /// Received minus given back.
    pub paid_minor: Amount,
    /// What is still due; negative if the shop owes.
    pub balance_due_minor: Amount,
}

/// How much of the money is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PaymentStatus {
    /// Nothing is to be paid.
    NotRequired,
    /// Nothing has come.
    Unpaid,
    /// Less than the total.
    PartiallyPaid,
    /// The total.
    Paid,
    /// More than the total: the shop owes the rest.
    Overpaid,
    /// Everything was given back.
    Refunded,
    /// The order came from another system that kept the money side.
    Elsewhere,
}

/// How much of the goods has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum FulfillmentStatus {
    /// Nothing has left.
    Unfulfilled,
    /// Some has left.
    PartiallyShipped,
    /// All has left.
    Shipped,
    /// All has left and some has arrived.
    PartiallyDelivered,
    /// All has arrived.
    Delivered,
    /// The order came from another system that kept the goods side.
    Elsewhere,
}

/// The one word that people sort their work by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Summary {
    /// 待付款
    AwaitingPayment,
    /// 待确认
    AwaitingConfirmation,
    /// 待发货
    AwaitingShipment,
    /// 部分发货
    PartiallyShipped,
    /// 待收货
    InTransit,
    /// 已签收
    Delivered,
    /// 已完成
    Completed,
    /// 已取消
    Canceled,
    /// 待退款: called off or overpaid, and money is owed to the buyer.
    AwaitingRefund,
}

impl Order {
    /// The statuses that follow from the facts.
    ///
    /// # Errors
    ///
    /// [`AmountError`] if the payments add up beyond 2^53 − 1.
    pub fn derived(&self) -> Result<Derived, AmountError> {
        let captured = self.sum_of(PaymentKind::Capture)?;
        let refunded = self.sum_of(PaymentKind::Refund)?;
        let paid = captured.minus(refunded)?;
        // A canceled order shall cost the buyer nothing.
        let due = match self.status {
            OrderStatus::Canceled => Amount::ZERO,
            _ => self.totals.payable_minor,
        };
        let balance = if self.import.is_some() { Amount::ZERO } else { due.minus(paid)? };
        let payment = self.payment_status(due, captured, refunded, paid);
        let fulfillment = self.fulfillment_status();
        Ok(Derived {
            payment,
            fulfillment,
            summary: self.summary(payment, fulfillment, balance),
            paid_minor: paid,
            balance_due_minor: balance,
        })
    }

    fn sum_of(&self, kind: PaymentKind) -> Result<Amount, AmountError> {
        let payments = self.payments.iter().filter(|payment| payment.kind == kind);
        Amount::sum(payments.map(|payment| payment.amount_minor))
    }

    fn payment_status(
        &self,
        due: Amount,
        captured: Amount,
        refunded: Amount,
        paid: Amount,
    ) -> PaymentStatus {
        if self.import.is_some() {
            return PaymentStatus::Elsewhere;
        }
        match () {
            () if due.is_zero() && captured.is_zero() => PaymentStatus::NotRequired,
            () if paid > due => PaymentStatus::Overpaid,
            () if !captured.is_zero() && refunded == captured => PaymentStatus::Refunded,
            () if paid == due => PaymentStatus::Paid,
            () if paid.is_zero() => PaymentStatus::Unpaid,
            () => PaymentStatus::PartiallyPaid,
        }
    }

    fn fulfillment_status(&self) -> FulfillmentStatus {
        if self.import.is_some() {
            return FulfillmentStatus::Elsewhere;
        }
        let all = |reached: fn(&crate::order::OrderLine) -> Decimal| {
            self.lines.iter().all(|line| reached(line) >= line.ordered)
        };
        let some_shipped = self.lines.iter().any(|line| line.shipped > Decimal::ZERO);
        let some_delivered = self.lines.iter().any(|line| line.delivered > Decimal::ZERO);
        match () {
            () if all(|line| line.delivered) => FulfillmentStatus::Delivered,
            () if all(|line| line.shipped) && some_delivered => {
                FulfillmentStatus::PartiallyDelivered
            }
            () if all(|line| line.shipped) => FulfillmentStatus::Shipped,
            () if some_shipped => FulfillmentStatus::PartiallyShipped,
            () => FulfillmentStatus::Unfulfilled,
        }
    }

    fn summary(
        &self,
        payment: PaymentStatus,
        fulfillment: FulfillmentStatus,
        balance: Amount,
    ) -> Summary {
        let owed_before_work = self.payment_terms == PaymentTerms::Prepaid
            && matches!(payment, PaymentStatus::Unpaid | PaymentStatus::PartiallyPaid);
        match self.status {
            _ if balance.is_negative() => Summary::AwaitingRefund,
            OrderStatus::Canceled => Summary::Canceled,
            OrderStatus::Completed => Summary::Completed,
            _ if owed_before_work => Summary::AwaitingPayment,
            OrderStatus::Placed => Summary::AwaitingConfirmation,
            OrderStatus::Confirmed => match fulfillment {
                FulfillmentStatus::Unfulfilled => Summary::AwaitingShipment,
                FulfillmentStatus::PartiallyShipped => Summary::PartiallyShipped,
                FulfillmentStatus::Shipped | FulfillmentStatus::PartiallyDelivered => {
                    Summary::InTransit
                }
                FulfillmentStatus::Delivered | FulfillmentStatus::Elsewhere => Summary::Delivered,
            },
        }
    }
}

impl Summary {
    /// Every summary, in the order in which a desk works through them.
    pub const ALL: [Self; 9] = [
        Self::AwaitingPayment,
        Self::AwaitingConfirmation,
        Self::AwaitingShipment,
        Self::PartiallyShipped,
        Self::InTransit,
        Self::Delivered,
        Self::AwaitingRefund,
        Self::Completed,
        Self::Canceled,
    ];

    /// The stable word, as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaitingPayment",
            Self::AwaitingConfirmation => "awaitingConfirmation",
            Self::AwaitingShipment => "awaitingShipment",
            Self::PartiallyShipped => "partiallyShipped",
            Self::InTransit => "inTransit",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
            Self::AwaitingRefund => "awaitingRefund",
        }
    }
}
