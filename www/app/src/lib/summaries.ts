import type {
  CancelCause,
  CreditCause,
  FulfillmentStatus,
  HoldReason,
  PaymentKind,
  PaymentRemedy,
  PaymentState,
  PaymentStatus,
  ShipmentStatus,
  Summary,
} from "orderkit";
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

/** The words and marks for the steps of a shipment. */
export const shipmentStatuses: Record<ShipmentStatus, Look> = {
  pending: { tone: "waiting", shape: "dots", text: m.shipment_status_pending },
  allocated: { tone: "going", shape: "dots", text: m.shipment_status_allocated },
  picked: { tone: "going", shape: "ring", text: m.shipment_status_picked },
  packed: { tone: "going", shape: "half", text: m.shipment_status_packed },
  shipped: { tone: "going", shape: "full", text: m.shipment_status_shipped },
  outForDelivery: { tone: "going", shape: "full", text: m.shipment_status_out_for_delivery },
  readyForPickup: { tone: "going", shape: "ring", text: m.shipment_status_ready_for_pickup },
  delivered: { tone: "good", shape: "full", text: m.shipment_status_delivered },
  pickedUp: { tone: "good", shape: "full", text: m.shipment_status_picked_up },
  deliveryFailed: { tone: "bad", shape: "dash", text: m.shipment_status_delivery_failed },
  returnedToSender: { tone: "bad", shape: "half", text: m.shipment_status_returned_to_sender },
  lost: { tone: "bad", shape: "cross", text: m.shipment_status_lost },
  canceled: { tone: "quiet", shape: "cross", text: m.shipment_status_canceled },
};

/** The words for reasons to hold. */
export const holds: Record<HoldReason, () => string> = {
  fraudReview: m.hold_fraud_review,
  address: m.hold_address,
  stock: m.hold_stock,
  paymentReview: m.hold_payment_review,
  manual: m.hold_manual,
};

/** The words for why an order is called off. */
export const causes: Record<CancelCause, () => string> = {
  customerChangedMind: m.cause_changed_mind,
  betterOffer: m.cause_better_offer,
  outOfStock: m.cause_out_of_stock,
  paymentFailed: m.cause_payment_failed,
  fraud: m.cause_fraud,
  duplicate: m.cause_duplicate,
  wrongData: m.cause_wrong_data,
  other: m.cause_other,
};

/** Those that a buyer can have. */
export const ownCauses: readonly CancelCause[] = [
  "customerChangedMind",
  "betterOffer",
  "duplicate",
  "wrongData",
  "other",
];

/** The words for what a payment does. */
export const paymentKinds: Record<PaymentKind, () => string> = {
  capture: m.payment_kind_capture,
  authorization: m.payment_kind_authorization,
  void: m.payment_kind_void,
  refund: m.payment_kind_refund,
  chargeback: m.payment_kind_chargeback,
};

/** How far a payment has come; one that happened needs no word. */
export const paymentStates: Record<Exclude<PaymentState, "success">, Look> = {
  initial: { tone: "waiting", shape: "ring", text: m.payment_state_initial },
  pending: { tone: "waiting", shape: "dots", text: m.payment_pending },
  failure: { tone: "bad", shape: "cross", text: m.payment_state_failure },
  canceled: { tone: "quiet", shape: "cross", text: m.payment_state_canceled },
};

/** What to do about a payment that failed. */
export const remedies: Record<PaymentRemedy, () => string> = {
  retry: m.remedy_retry,
  otherMethod: m.remedy_other_method,
  stop: m.remedy_stop,
};

/** What a credit is for. */
export const creditCauses: Record<CreditCause, () => string> = {
  cancellation: m.credit_cancellation,
  return: m.credit_return,
  amendment: m.credit_amendment,
  goodwill: m.credit_goodwill,
};
