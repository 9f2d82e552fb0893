import type { FulfillmentStatus, PaymentStatus, Summary } from "orderkit";
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
  awaitingPayment: { tone: "waiting", shape: "ring", text: m.summary_awaiting_payment },
  awaitingConfirmation: { tone: "waiting", shape: "dots", text: m.summary_awaiting_confirmation },
  awaitingShipment: { tone: "going", shape: "ring", text: m.summary_awaiting_shipment },
  partiallyShipped: { tone: "going", shape: "half", text: m.summary_partially_shipped },
  inTransit: { tone: "going", shape: "full", text: m.summary_in_transit },
  delivered: { tone: "good", shape: "half", text: m.summary_delivered },
  awaitingRefund: { tone: "bad", shape: "ring", text: m.summary_awaiting_refund },
  completed: { tone: "good", shape: "full", text: m.summary_completed },
  canceled: { tone: "quiet", shape: "cross", text: m.summary_canceled },
};

export const summaryOrder = Object.keys(summaries) as Summary[];

export const payments: Record<PaymentStatus, Look> = {
  notRequired: { tone: "quiet", shape: "dash", text: m.payment_not_required },
  unpaid: { tone: "waiting", shape: "ring", text: m.payment_unpaid },
  partiallyPaid: { tone: "waiting", shape: "half", text: m.payment_partially_paid },
  paid: { tone: "good", shape: "full", text: m.payment_paid },
  overpaid: { tone: "bad", shape: "full", text: m.payment_overpaid },
  refunded: { tone: "quiet", shape: "full", text: m.payment_refunded },
  elsewhere: { tone: "quiet", shape: "dash", text: m.payment_elsewhere },
};

export const fulfillments: Record<FulfillmentStatus, Look> = {
  unfulfilled: { tone: "waiting", shape: "ring", text: m.fulfillment_unfulfilled },
  partiallyShipped: { tone: "going", shape: "half", text: m.fulfillment_partially_shipped },
  shipped: { tone: "going", shape: "full", text: m.fulfillment_shipped },
  partiallyDelivered: { tone: "good", shape: "half", text: m.fulfillment_partially_delivered },
  delivered: { tone: "good", shape: "full", text: m.fulfillment_delivered },
  elsewhere: { tone: "quiet", shape: "dash", text: m.fulfillment_elsewhere },
};
