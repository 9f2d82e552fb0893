import type { FulfillmentStatus, HoldReason, PaymentStatus, ShipmentStatus, Summary } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import type { Shape, Tone } from "../parts/Mark.svelte";

/** The words and marks of states. */

export interface Look {
  tone: Tone;
  shape: Shape;
  text: () => string;
}

/** In the order in which a desk works through them. */
export const summaries: Record<Summary, Look> = {
  exception: { tone: "bad", shape: "cross", text: m.summary_exception },
  onHold: { tone: "bad", shape: "dash", text: m.summary_on_hold },
  inReturn: { tone: "waiting", shape: "half", text: m.summary_in_return },
  awaitingPayment: { tone: "waiting", shape: "ring", text: m.summary_awaiting_payment },
  awaitingConfirmation: { tone: "waiting", shape: "dots", text: m.summary_awaiting_confirmation },
  awaitingPicking: { tone: "going", shape: "dots", text: m.summary_awaiting_picking },
  awaitingPacking: { tone: "going", shape: "ring", text: m.summary_awaiting_packing },
  awaitingShipment: { tone: "going", shape: "ring", text: m.summary_awaiting_shipment },
  partiallyShipped: { tone: "going", shape: "half", text: m.summary_partially_shipped },
  inTransit: { tone: "going", shape: "full", text: m.summary_in_transit },
  delivered: { tone: "good", shape: "half", text: m.summary_delivered },
  awaitingRefund: { tone: "bad", shape: "ring", text: m.summary_awaiting_refund },
  completed: { tone: "good", shape: "full", text: m.summary_completed },
  canceled: { tone: "quiet", shape: "cross", text: m.summary_canceled },
  expired: { tone: "quiet", shape: "dash", text: m.summary_expired },
  refunded: { tone: "quiet", shape: "full", text: m.summary_refunded },
  draft: { tone: "quiet", shape: "ring", text: m.summary_draft },
  discarded: { tone: "quiet", shape: "dots", text: m.summary_discarded },
};

export const summaryOrder = Object.keys(summaries) as Summary[];

export const payments: Record<PaymentStatus, Look> = {
  elsewhere: { tone: "quiet", shape: "dash", text: m.payment_elsewhere },
  notRequired: { tone: "quiet", shape: "dash", text: m.payment_not_required },
  overpaid: { tone: "bad", shape: "full", text: m.payment_overpaid },
  refunded: { tone: "quiet", shape: "full", text: m.payment_refunded },
  partiallyRefunded: { tone: "good", shape: "half", text: m.payment_partially_refunded },
  paid: { tone: "good", shape: "full", text: m.payment_paid },
  partiallyPaid: { tone: "waiting", shape: "half", text: m.payment_partially_paid },
  authorized: { tone: "good", shape: "ring", text: m.payment_authorized },
  partiallyAuthorized: { tone: "waiting", shape: "half", text: m.payment_partially_authorized },
  pending: { tone: "waiting", shape: "dots", text: m.payment_pending },
  failed: { tone: "bad", shape: "cross", text: m.payment_failed },
  voided: { tone: "quiet", shape: "cross", text: m.payment_voided },
  unpaid: { tone: "waiting", shape: "ring", text: m.payment_unpaid },
};

export const fulfillments: Record<FulfillmentStatus, Look> = {
  elsewhere: { tone: "quiet", shape: "dash", text: m.fulfillment_elsewhere },
  notRequired: { tone: "quiet", shape: "dash", text: m.fulfillment_not_required },
  delivered: { tone: "good", shape: "full", text: m.fulfillment_delivered },
  partiallyDelivered: { tone: "good", shape: "half", text: m.fulfillment_partially_delivered },
  shipped: { tone: "going", shape: "full", text: m.fulfillment_shipped },
  partiallyShipped: { tone: "going", shape: "half", text: m.fulfillment_partially_shipped },
  fulfilled: { tone: "going", shape: "ring", text: m.fulfillment_fulfilled },
  partiallyFulfilled: { tone: "going", shape: "dots", text: m.fulfillment_partially_fulfilled },
  backordered: { tone: "waiting", shape: "dots", text: m.fulfillment_backordered },
  unfulfilled: { tone: "waiting", shape: "ring", text: m.fulfillment_unfulfilled },
};

/** The words for the steps of a shipment. */
export const shipmentStatuses: Record<ShipmentStatus, () => string> = {
  pending: m.shipment_status_pending,
  allocated: m.shipment_status_allocated,
  picked: m.shipment_status_picked,
  packed: m.shipment_status_packed,
  shipped: m.shipment_status_shipped,
  outForDelivery: m.shipment_status_out_for_delivery,
  readyForPickup: m.shipment_status_ready_for_pickup,
  delivered: m.shipment_status_delivered,
  pickedUp: m.shipment_status_picked_up,
  deliveryFailed: m.shipment_status_delivery_failed,
  returnedToSender: m.shipment_status_returned_to_sender,
  lost: m.shipment_status_lost,
  canceled: m.shipment_status_canceled,
};

/** The words for reasons to hold. */
export const holds: Record<HoldReason, () => string> = {
  fraudReview: m.hold_fraud_review,
  address: m.hold_address,
  stock: m.hold_stock,
  paymentReview: m.hold_payment_review,
  manual: m.hold_manual,
};
