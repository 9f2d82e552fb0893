import type { Carrier, Shipment, Summary } from "orderkit";
import { m } from "../generated/paraglide/messages.js";

/** The words of one order for its buyer. */

/** What the state of the order means for them. */
export const summaryTexts: Record<Summary, () => string> = {
  exception: m.track_summary_exception,
  onHold: m.track_summary_on_hold,
  inReturn: m.track_summary_in_return,
  awaitingPayment: m.track_summary_awaiting_payment,
  awaitingConfirmation: m.track_summary_awaiting_confirmation,
  awaitingPicking: m.track_summary_preparing,
  awaitingPacking: m.track_summary_preparing,
  awaitingShipment: m.track_summary_preparing,
  partiallyShipped: m.track_summary_partially_shipped,
  inTransit: m.track_summary_in_transit,
  delivered: m.track_summary_delivered,
  awaitingRefund: m.track_summary_awaiting_refund,
  completed: m.track_summary_completed,
  canceled: m.track_summary_canceled,
  expired: m.track_summary_expired,
  refunded: m.track_summary_refunded,
  draft: m.track_summary_draft,
  discarded: m.track_summary_canceled,
};

/** What happens inside of the shop, and is no news to a buyer. */
const insideEvents = [
  "allocated",
  "picked",
  "packed",
  "drafted",
  "noted",
  "writtenOff",
  "held",
  "released",
  "paymentCanceled",
];

export const isNews = (event: string): boolean => !insideEvents.includes(event);

/** The word for an event where a buyer says it otherwise than the desk. */
export const eventTexts: Partial<Record<string, () => string>> = {
  placed: m.track_event_placed,
  confirmed: m.track_event_confirmed,
  completed: m.track_event_completed,
  receiptConfirmed: m.track_event_received,
};

/** The page of the carrier that follows a parcel, if the shop knows one. */
export function trackingLink(
  carriers: readonly Carrier[],
  { carrier, tracking }: Shipment,
): string | undefined {
  const wanted = carrier?.trim().toLowerCase();
  if (wanted === undefined || tracking === undefined) return undefined;
  const isIt = ({ id, name }: Carrier) =>
    [id, name.en, name.zh].some((known) => known?.trim().toLowerCase() === wanted);
  return carriers.find(isIt)?.trackingUrl.replaceAll("{number}", encodeURIComponent(tracking));
}
