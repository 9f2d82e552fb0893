import type { DeadlineKind } from "orderkit";
import { m } from "../generated/paraglide/messages.js";

/** What happens at a deadline, or should have been done by then. */
export const deadlineWords: Record<DeadlineKind, () => string> = {
  pay: m.deadline_pay,
  capture: m.deadline_capture,
  pack: m.deadline_pack,
  ship: m.deadline_ship,
  fetchPickup: m.deadline_fetch,
  receipt: m.deadline_receipt,
  return: m.deadline_return,
  sendReturn: m.deadline_send_return,
};

/** What a buyer waits for, too; the rest is the shop's own work. */
export const isBuyers = (kind: DeadlineKind): boolean => kind !== "capture" && kind !== "pack";
