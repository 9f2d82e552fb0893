import type { Issue, Payment } from "orderkit";
import { ask, isUnreached, type Asker, type Told } from "../state/server";

/** What the page asks of the server about payments through a provider. */

export type Asked =
  { kind: "answered"; payment: Payment } | { kind: "refused"; issues: Issue[] } | { kind: "unreachable" };

/** Cards of the provider for trying out; each one behaves in its own way. */
export const testCards = [
  "test-ok",
  "test-busy",
  "test-no-funds",
  "test-stolen",
  "test-slow",
  "test-lost",
] as const;
export type TestCard = (typeof testCards)[number];

/** The provider that moves no money. */
export const tryingOut = "local";

/**
 * Asks for what is due. The key is the payment's own: with the same key nothing is paid twice, so it is kept until an answer is here.
 */
export async function pay(
  payer: Asker,
  order: string,
  key: string,
  instrument: string,
  method: string,
): Promise<Asked> {
  const body = { action: "capture", instrument, method };
  return asked(await ask<Paid>(payer, `/orders/${order}/payments`, { body, key }));
}

/** Asks the provider now what became of a payment; the server would do so by itself, but later. */
export async function askAgain(staff: Asker, order: string, payment: string): Promise<Asked> {
  const path = `/orders/${order}/payments/${encodeURIComponent(payment)}/ask`;
  return asked(await ask<Paid>(staff, path, { body: {} }));
}

interface Paid {
  payment: Payment;
}

function asked(told: Told<Paid>): Asked {
  if (told.ok) return { kind: "answered", payment: told.value.payment };
  return isUnreached(told) ? { kind: "unreachable" } : { kind: "refused", issues: told.issues };
}
