//! The one word that people sort their work by.

use serde::{Deserialize, Serialize};

use super::{FulfillmentStatus, PaymentStatus};
use crate::{
    json::{FromJson, ToJson},
    ledger::{Payment, PaymentKind},
    money::Amount,
    order::{Order, OrderStatus, ShipmentStatus},
    ruleset::PaymentTerms,
};

macro_rules! summaries {
    ($($(#[doc = $doc:literal])* $variant:ident = $text:literal,)*) => {
        /// The one word that people sort their work by.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
        )]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub enum Summary {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Summary {
            /// Every summary, in the order in which a desk works through them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable word, as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

summaries! {
    /// 异常: something happened to the goods or the money that somebody must decide about.
    Exception = "exception",
    /// 已挂起
    OnHold = "onHold",
    /// 售后中: something comes back, or the customer wants it to.
    InReturn = "inReturn",
    /// 待付款
    AwaitingPayment = "awaitingPayment",
    /// 待确认
    AwaitingConfirmation = "awaitingConfirmation",
    /// 待配货
    AwaitingPicking = "awaitingPicking",
    /// 待打包
    AwaitingPacking = "awaitingPacking",
    /// 待发货
    AwaitingShipment = "awaitingShipment",
    /// 部分发货
    PartiallyShipped = "partiallyShipped",
    /// 待收货
    InTransit = "inTransit",
    /// 已签收
    Delivered = "delivered",
    /// 待退款: called off or overpaid, and money is owed to the buyer.
    AwaitingRefund = "awaitingRefund",
    /// 已完成
    Completed = "completed",
    /// 已取消
    Canceled = "canceled",
    /// 已过期
    Expired = "expired",
    /// 已退款: all money went back.
    Refunded = "refunded",
    /// 草稿
    Draft = "draft",
    /// 已丢弃
    Discarded = "discarded",
}

impl Order {
    pub(super) fn summary(
        &self,
        payment: PaymentStatus,
        fulfillment: FulfillmentStatus,
        balance: Amount,
    ) -> Summary {
        let owed_before_work = self.payment_terms == PaymentTerms::Prepaid
            && balance > Amount::ZERO
            && payment != PaymentStatus::Authorized;
        match self.status {
            OrderStatus::Draft => Summary::Draft,
            OrderStatus::Discarded => Summary::Discarded,
            _ if self.has_mishap() || self.lost_money(balance) => Summary::Exception,
            OrderStatus::Placed | OrderStatus::Confirmed if !self.holds.is_empty() => {
                Summary::OnHold
            }
            OrderStatus::Confirmed | OrderStatus::Completed if self.has_open_return() => {
                Summary::InReturn
            }
            _ if balance.is_negative() => Summary::AwaitingRefund,
            OrderStatus::Canceled | OrderStatus::Expired | OrderStatus::Completed
                if payment == PaymentStatus::Refunded =>
            {
                Summary::Refunded
            }
            OrderStatus::Canceled => Summary::Canceled,
            OrderStatus::Expired => Summary::Expired,
            OrderStatus::Completed => Summary::Completed,
            _ if owed_before_work => Summary::AwaitingPayment,
            OrderStatus::Placed => Summary::AwaitingConfirmation,
            OrderStatus::Confirmed => self.work_to_do(fulfillment),
        }
    }

    /// A parcel that could not be handed over, came back or is lost, and nobody has decided yet.
    fn has_mishap(&self) -> bool {
        let is_open = matches!(self.status, OrderStatus::Confirmed);
        let failed = |status| matches!(status, ShipmentStatus::DeliveryFailed);
        let gone =
            |status| matches!(status, ShipmentStatus::ReturnedToSender | ShipmentStatus::Lost);
        let open = || self.lines.iter().any(|line| !line.open_to_ship().is_zero());
        is_open
            && self
                .shipments
                .iter()
                .any(|shipment| failed(shipment.status) || (gone(shipment.status) && open()))
    }

    /// The buyer's bank took money back, or the log is not what it was.
    fn lost_money(&self, balance: Amount) -> bool {
        let is_back = |it: &Payment| it.kind == PaymentKind::Chargeback && it.is_done();
        self.broken_entry.is_some() || (balance > Amount::ZERO && self.payments.iter().any(is_back))
    }

    fn work_to_do(&self, fulfillment: FulfillmentStatus) -> Summary {
        let some = |status| self.shipments.iter().any(|shipment| shipment.status == status);
        match fulfillment {
            FulfillmentStatus::PartiallyShipped => Summary::PartiallyShipped,
            FulfillmentStatus::Shipped | FulfillmentStatus::PartiallyDelivered => {
                Summary::InTransit
            }
            FulfillmentStatus::Delivered
            | FulfillmentStatus::Elsewhere
            | FulfillmentStatus::NotRequired => Summary::Delivered,
            _ if some(ShipmentStatus::Allocated) => Summary::AwaitingPicking,
            _ if some(ShipmentStatus::Picked) => Summary::AwaitingPacking,
            _ => Summary::AwaitingShipment,
        }
    }
}
