import type {
  CreditFeeKind,
  GoodsCondition,
  GoodsFate,
  LineOutcome,
  Order,
  Return,
  ReturnKind,
  ReturnLine,
  ReturnReason,
  ReturnStatus,
} from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { difference, sum } from "./quantity";
import type { Look } from "./summaries";

/** The words and marks of goods that come back. */

/** What is done about some units. */
export type ReturnOutcome = LineOutcome["outcome"];

export const returnStatuses: Record<ReturnStatus, Look> = {
  requested: { tone: "waiting", shape: "ring", text: m.return_status_requested },
  approved: { tone: "going", shape: "dots", text: m.return_status_approved },
  inTransit: { tone: "going", shape: "half", text: m.return_status_in_transit },
  received: { tone: "going", shape: "ring", text: m.return_status_received },
  inspected: { tone: "going", shape: "full", text: m.return_status_inspected },
  resolved: { tone: "good", shape: "half", text: m.return_status_resolved },
  closed: { tone: "good", shape: "full", text: m.return_status_closed },
  declined: { tone: "quiet", shape: "cross", text: m.return_status_declined },
  canceled: { tone: "quiet", shape: "dash", text: m.return_status_canceled },
  expired: { tone: "quiet", shape: "dots", text: m.return_status_expired },
};

export const returnKinds: Record<ReturnKind, () => string> = {
  return: m.return_kind_return,
  refundOnly: m.return_kind_refund_only,
  exchange: m.return_kind_exchange,
  claim: m.return_kind_claim,
};

/** What each kind means, for whoever chooses. */
export const returnKindHints: Record<ReturnKind, () => string> = {
  return: m.return_kind_return_hint,
  refundOnly: m.return_kind_refund_only_hint,
  exchange: m.return_kind_exchange_hint,
  claim: m.return_kind_claim_hint,
};

export const returnReasons: Record<ReturnReason, () => string> = {
  noLongerWanted: m.return_reason_no_longer_wanted,
  notAsDescribed: m.return_reason_not_as_described,
  defective: m.return_reason_defective,
  wrongItem: m.return_reason_wrong_item,
  missingItem: m.return_reason_missing_item,
  damagedInTransit: m.return_reason_damaged_in_transit,
  late: m.return_reason_late,
  other: m.return_reason_other,
};

export const conditions: Record<GoodsCondition, () => string> = {
  good: m.condition_good,
  used: m.condition_used,
  damaged: m.condition_damaged,
  wrongItem: m.condition_wrong_item,
  short: m.condition_short,
  emptyBox: m.condition_empty_box,
};

export const fates: Record<GoodsFate, () => string> = {
  restock: m.fate_restock,
  writeOff: m.fate_write_off,
  sendBack: m.fate_send_back,
};

export const outcomes: Record<ReturnOutcome, () => string> = {
  refund: m.outcome_refund,
  storeCredit: m.outcome_store_credit,
  exchange: m.outcome_exchange,
  repair: m.outcome_repair,
  rejectAndSendBack: m.outcome_reject,
};

export const fees: Record<CreditFeeKind, () => string> = {
  restocking: m.fee_restocking,
  returnLabel: m.fee_return_label,
  clawBack: m.fee_claw_back,
  shipping: m.fee_shipping,
  replacement: m.fee_replacement,
  givenBefore: m.fee_given_before,
};

/** The name of a return on its order: the first, the second. */
export function returnName(order: Order, returned: Return): string {
  const number = (order.returns ?? []).findIndex(({ id }) => id === returned.id) + 1;
  return m.return_nth({ number });
}

/** What has not come yet. */
export const missingOf = (line: ReturnLine): string => difference(line.quantity, line.received ?? "0");

/** What has come, and nobody looked at. */
export function unseenOf(line: ReturnLine): string {
  const seen = (line.inspections ?? []).reduce((all, part) => sum(all, part.quantity), "0");
  return difference(line.received ?? "0", seen);
}
