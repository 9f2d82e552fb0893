import type { HistoryEntry, Order } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { shipmentStatuses } from "./summaries";

/** The words of the history: one for each event of an order. */

type Word = (args: { amount: string }) => string;

const payments: Record<string, Word> = {
  capture: m.event_capture,
  authorization: m.event_authorization,
  void: m.event_void,
  refund: m.event_refund,
  chargeback: m.event_chargeback,
  paymentFailed: m.event_payment_failed,
  paymentCanceled: m.event_payment_canceled,
  paymentPending: m.event_payment_pending,
};

const words: Record<string, Word> = {
  ...payments,
  drafted: m.event_drafted,
  discarded: m.event_discarded,
  placed: m.event_placed,
  imported: m.event_imported,
  writtenOff: m.event_written_off,
  confirmed: m.event_confirmed,
  held: m.event_held,
  released: m.event_released,
  allocated: m.event_allocated,
  receiptConfirmed: m.event_receipt_confirmed,
  linesCanceled: m.event_lines_canceled,
  completed: m.event_completed,
  reopened: m.event_reopened,
  canceled: m.event_canceled,
  expired: m.event_expired,
  reinstated: m.event_reinstated,
  returnRequested: m.event_return_requested,
  returnApproved: m.event_return_approved,
  returnDeclined: m.event_return_declined,
  returnSent: m.event_return_sent,
  returnReceived: m.event_return_received,
  returnInspected: m.event_return_inspected,
  returnResolved: m.event_return_resolved,
  returnClosed: m.event_return_closed,
  returnCanceled: m.event_return_canceled,
  returnExpired: m.event_return_expired,
  creditGranted: m.event_credit_granted,
  amended: m.event_amended,
  amendmentProposed: m.event_amendment_proposed,
  amendmentDeclined: m.event_amendment_declined,
  stockShort: m.event_stock_short,
  shortageSettled: m.event_shortage_settled,
  noted: m.event_noted,
  shipped: m.event_shipped,
  delivered: m.event_delivered,
};

/** What happened, as a sentence; a step of a shipment is named by where it led. */
export function historyWord(event: string, amount: string): string {
  const word = words[event];
  if (word) return word({ amount });
  return event in shipmentStatuses ? shipmentStatuses[event as keyof typeof shipmentStatuses].text() : event;
}

/** Whether an entry is about money, so that its note is a payment method. */
export function isPayment(event: string): boolean {
  return event in payments;
}

/** An entry of the history with its place in it. */
export interface Told {
  entry: HistoryEntry;
  index: number;
}

/**
 * What there is to tell, the latest first. That a payment is under way is told once, however often its provider says so; an
 * entry names no payment, so two that look alike stay two wherever the order has two such payments.
 */
export function told({ history, payments }: Order): Told[] {
  const isOfOne = ({ note, amountMinor }: HistoryEntry) =>
    payments.filter((it) => it.method === note && it.amountMinor === amountMinor).length === 1;
  const isRepeated = ({ entry, index }: Told) =>
    entry.event === "paymentPending" &&
    isOfOne(entry) &&
    history
      .slice(0, index)
      .some(
        ({ event, note, amountMinor }) =>
          event === entry.event && note === entry.note && amountMinor === entry.amountMinor,
      );
  return history
    .map((entry, index) => ({ entry, index }))
    .filter((it) => it.entry.event !== "withheld" && !isRepeated(it))
    .reverse();
}
