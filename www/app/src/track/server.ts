import type {
  AllowedChange,
  AllowedCommand,
  Carrier,
  Deadline,
  Derived,
  Issue,
  LocalText,
  Order,
  Outcome,
  ReturnableLine,
} from "orderkit";
import { preferences } from "../state/preferences.svelte";

/** What the page of one order asks of the server; without an account, by a token for that order alone. */

export interface NamedChoice {
  id: string;
  name: LocalText;
}

export interface PaymentChoice extends NamedChoice {
  /** Who takes the money, if it can be paid here. */
  provider?: string;
}

/** What of the shop's rules stands beside an order. */
export interface ShopFront {
  name: LocalText;
  timeZone: string;
  shippingMethods: NamedChoice[];
  paymentMethods: PaymentChoice[];
  carriers: Carrier[];
}

export interface Ticket {
  tenant: string;
  token: string;
  order: string;
  number: string;
  expiresMs: number;
  shop: ShopFront;
}

export interface Found {
  tracking?: Omit<Ticket, "tenant">;
  suggestions: string[];
}

export interface Detail {
  order: Order;
  derived: Derived;
}

export interface Possible {
  commands: AllowedCommand[];
  changes: AllowedChange[];
  returnable: ReturnableLine[];
  deadlines: Deadline[];
}

/** The answer to a request: what was asked for, why it was refused, or nothing as the server was not reached. */
export type Answer<T> =
  { kind: "ok"; value: T } | { kind: "refused"; status: number; issues: Issue[] } | { kind: "lost" };

interface Asking {
  token?: string;
  body?: unknown;
  key?: string;
}

export async function ask<T>(path: string, { token, body, key }: Asking = {}): Promise<Answer<T>> {
  const headers = new Headers({ "accept-language": preferences.language });
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  if (key !== undefined) headers.set("idempotency-key", key);
  try {
    const response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: "no-store",
      signal: AbortSignal.timeout(30_000),
    });
    // Whether it was done nobody knows then: the same is asked again under the same key.
    if (response.status >= 500) return { kind: "lost" };
    const answer = (await response.json()) as T & { issues?: Issue[] };
    if (response.ok) return { kind: "ok", value: answer };
    return { kind: "refused", status: response.status, issues: answer.issues ?? [] };
  } catch {
    return { kind: "lost" };
  }
}

/** The tenant that this server's page works with. */
export async function tenantHere(): Promise<string | undefined> {
  const answer = await ask<{ tenant: string }>("/health");
  return answer.kind === "ok" ? answer.value.tenant : undefined;
}

/** The shop was not reached, as the reason that it is for a form. */
export const unreached: Issue = { code: "unreachable", path: "", args: {} };

export function outcomeOf<K extends string, T>(
  key: K,
  answer: Answer<unknown>,
  value: (found: never) => T,
): Outcome<K, T> {
  if (answer.kind === "ok") return { ok: true, [key]: value(answer.value as never) };
  return { ok: false, issues: answer.kind === "lost" ? [unreached] : answer.issues };
}
