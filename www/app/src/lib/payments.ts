import type { Payment, PaymentKind, PaymentState } from "orderkit";

/** What can still be done with a payment, by adding up those that name it as their source. */

const isUnderWay = (state: PaymentState) => state === "initial" || state === "pending";

export const kindOf = (payment: Payment): PaymentKind => payment.kind ?? "capture";
export const stateOf = (payment: Payment): PaymentState => payment.state ?? "success";

/** Whether somebody still has to say how it ended. */
export const isOpen = (payment: Payment): boolean => isUnderWay(stateOf(payment));

/** Whether it moved money between buyer and shop, and in which direction; 0 if it did not. */
export function direction(payment: Payment): 1 | -1 | 0 {
  if (stateOf(payment) !== "success") return 0;
  const kind = kindOf(payment);
  return kind === "capture" ? 1 : kind === "refund" || kind === "chargeback" ? -1 : 0;
}

const takers: Partial<Record<PaymentKind, PaymentKind[]>> = {
  authorization: ["capture", "void"],
  capture: ["refund", "chargeback"],
};

/** What is left of an authorization to capture, or of a receipt to give back; ones under way count as done. */
export function leftOf(payments: readonly Payment[], payment: Payment): number {
  const kinds = takers[kindOf(payment)];
  if (!kinds || stateOf(payment) !== "success") return 0;
  const used = payments
    .filter((other) => other.source === payment.id && kinds.includes(kindOf(other)))
    .filter((other) => stateOf(other) === "success" || isOpen(other))
    .reduce((sum, other) => sum + other.amountMinor, 0);
  return Math.max(0, payment.amountMinor - used);
}
