import type { ExceptionKind, ExceptionSeverity, WayOut } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import type { Shape, Tone } from "../parts/Mark.svelte";
import type { Sign } from "../state/quarantine.svelte";

/** The words of what is unusual, how bad it is, and of the ways out. */

/** The figures of an exception, as people write them. */
export interface Figures {
  amount: string;
  entry: string;
  difference: string;
  reason: string;
  left: string;
}

interface Words {
  title: () => string;
  /** What happened, in plain words. */
  text: (figures: Figures) => string;
}

const storage: Record<string, (figures: Figures) => string> = {
  full: m.storage_full_text,
  failed: m.storage_failed_text,
  damaged: m.storage_damaged_text,
  scarce: m.storage_scarce_text,
  unpersisted: m.storage_unpersisted_text,
};

export const kindWords: Record<ExceptionKind, Words> = {
  outOfStock: { title: m.unusual_outOfStock, text: m.unusual_outOfStock_text },
  oversold: { title: m.unusual_oversold, text: m.unusual_oversold_text },
  wrongData: { title: m.unusual_wrongData, text: m.unusual_wrongData_text },
  unserviceableAddress: { title: m.unusual_unserviceableAddress, text: m.unusual_unserviceableAddress_text },
  paymentFailed: { title: m.unusual_paymentFailed, text: m.unusual_paymentFailed_text },
  paymentPending: { title: m.unusual_paymentPending, text: m.unusual_paymentPending_text },
  latePayment: { title: m.unusual_latePayment, text: m.unusual_latePayment_text },
  refundDue: { title: m.unusual_refundDue, text: m.unusual_refundDue_text },
  overpaid: { title: m.unusual_overpaid, text: m.unusual_overpaid_text },
  underpaid: { title: m.unusual_underpaid, text: m.unusual_underpaid_text },
  chargeback: { title: m.unusual_chargeback, text: m.unusual_chargeback_text },
  totalTampered: { title: m.unusual_totalTampered, text: m.unusual_totalTampered_text },
  logTampered: { title: m.unusual_logTampered, text: m.unusual_logTampered_text },
  duplicateSubmission: { title: m.unusual_duplicateSubmission, text: m.unusual_duplicateSubmission_text },
  unknownOrder: { title: m.unusual_unknownOrder, text: m.unusual_unknownOrder_text },
  unknownPayment: { title: m.unusual_unknownPayment, text: m.unusual_unknownPayment_text },
  priceStale: { title: m.unusual_priceStale, text: m.unusual_priceStale_text },
  clockWrong: { title: m.unusual_clockWrong, text: m.unusual_clockWrong_text },
  storageTrouble: {
    title: m.unusual_storageTrouble,
    text: (figures) => storage[figures.reason]?.(figures) ?? "",
  },
  editConflict: { title: m.unusual_editConflict, text: m.unusual_editConflict_text },
  poisonMessage: { title: m.unusual_poisonMessage, text: m.unusual_poisonMessage_text },
  deliveryFailed: { title: m.unusual_deliveryFailed, text: m.unusual_deliveryFailed_text },
  returnedToSender: { title: m.unusual_returnedToSender, text: m.unusual_returnedToSender_text },
  lost: { title: m.unusual_lost, text: m.unusual_lost_text },
  returnDiffers: { title: m.unusual_returnDiffers, text: m.unusual_returnDiffers_text },
  fraudSuspected: { title: m.unusual_fraudSuspected, text: m.unusual_fraudSuspected_text },
  limitReached: { title: m.unusual_limitReached, text: m.unusual_limitReached_text },
  authorizationEnding: { title: m.unusual_authorizationEnding, text: m.unusual_authorizationEnding_text },
  packingLate: { title: m.unusual_packingLate, text: m.unusual_packingLate_text },
  shippingLate: { title: m.unusual_shippingLate, text: m.unusual_shippingLate_text },
  heldByHand: { title: m.unusual_heldByHand, text: m.unusual_heldByHand_text },
};

export const severities: Record<ExceptionSeverity, { tone: Tone; shape: Shape; text: () => string }> = {
  block: { tone: "bad", shape: "cross", text: m.severity_block },
  warn: { tone: "waiting", shape: "half", text: m.severity_warn },
  notice: { tone: "quiet", shape: "dots", text: m.severity_notice },
};

export const severityOrder = Object.keys(severities) as ExceptionSeverity[];

/** The ways out that are no command. */
export type PlainWay = Exclude<WayOut, object>;

/** The ways out of what is unusual about an order or this device; money that fits no order has its own. */
export type OrderWay = Exclude<PlainWay, "match">;

/** The ways out of money that fits no order, and the words on their buttons. */
export const moneyWays: Record<
  Extract<PlainWay, "match" | "refund" | "dismiss">,
  { label: () => string; hint: () => string; press: () => string }
> = {
  match: { label: m.way_match, hint: m.way_match_hint, press: m.money_record_none },
  refund: { label: m.way_refund, hint: m.way_refund_hint, press: m.way_refund },
  dismiss: { label: m.money_dismiss, hint: m.money_dismiss_hint, press: m.money_dismiss },
};

/** What speaks for an order. */
export const signWords: Record<Sign, () => string> = {
  number: m.money_why_number,
  amount: m.money_why_amount,
  email: m.money_why_email,
  phone: m.money_why_phone,
  name: m.money_why_name,
  time: m.money_why_time,
};

export const wayWords: Record<OrderWay, { label: () => string; hint: () => string }> = {
  refund: { label: m.way_refund, hint: m.way_refund_hint },
  askForPayment: { label: m.way_askForPayment, hint: m.way_askForPayment_hint },
  askProvider: { label: m.way_askProvider, hint: m.way_askProvider_hint },
  edit: { label: m.way_edit, hint: m.way_edit_hint },
  resend: { label: m.way_resend, hint: m.way_resend_hint },
  dismiss: { label: m.way_dismiss, hint: m.way_dismiss_hint },
  export: { label: m.way_export, hint: m.way_export_hint },
  fetchAgain: { label: m.way_fetchAgain, hint: m.way_fetchAgain_hint },
  setClock: { label: m.way_setClock, hint: m.way_setClock_hint },
  sendAgain: { label: m.way_sendAgain, hint: m.way_sendAgain_hint },
  claimFromCarrier: { label: m.way_claimFromCarrier, hint: m.way_claimFromCarrier_hint },
};

/** What the commands do that are ways out. */
export const commandHints: Partial<Record<string, () => string>> = {
  settleShortage: m.way_command_settle_shortage,
  allocate: m.way_command_allocate,
  cancelLines: m.way_command_cancelLines,
  release: m.way_command_release,
  cancel: m.way_command_cancel,
  recordPayment: m.way_command_recordPayment,
  reinstate: m.way_command_reinstate,
  writeOff: m.way_command_writeOff,
  redeliver: m.way_command_redeliver,
  returnToSender: m.way_command_returnToSender,
  lose: m.way_command_lose,
  resolveReturn: m.way_command_resolveReturn,
  inspectReturn: m.way_command_inspectReturn,
  pack: m.way_command_pack,
  ship: m.way_command_ship,
};
