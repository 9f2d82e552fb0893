import type { Issue } from "orderkit";
import type { Session } from "./session";
import { fetchAs } from "./token";

/** Who asks: somebody who is signed in, or a buyer with a token for one order. */
export interface Asker {
  tenant: string;
  token: string;
}

/** An answer of the server, or why there is none: what it refused, or that it cannot be reached. */
export type Told<T> = { ok: true; value: T } | { ok: false; issues: Issue[] };

interface Refusal {
  code: Issue["code"];
  path: string;
  args: Issue["args"];
  issues?: Issue[];
}

export const unreached: Issue = { code: "unreachable", path: "", args: {} };

/** Whether there was no answer: nobody knows then whether it was done. */
export function isUnreached(told: Told<unknown>): boolean {
  return !told.ok && told.issues.some(({ code }) => code === unreached.code);
}

interface Asking {
  method?: "GET" | "POST" | "PUT";
  /** What is sent; without it something is only read. */
  body?: unknown;
  /** The name of the request, so that it is done once however often it is sent. */
  key?: string;
}

/** Asks the server of one's shop, with the rights of who asks. */
export async function ask<T>(
  asker: Asker | Session,
  path: string,
  { body, key, method = body === undefined ? "GET" : "POST" }: Asking = {},
): Promise<Told<T>> {
  try {
    const headers = new Headers();
    if (body !== undefined) headers.set("content-type", "application/json");
    if (key !== undefined) headers.set("idempotency-key", key);
    const response = await fetchAs(asker, `/v1/${encodeURIComponent(asker.tenant)}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (response.status >= 500) return { ok: false, issues: [unreached] };
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as T };
    const { code, path: at, args, issues = [] } = answer as Refusal;
    return { ok: false, issues: issues.length > 0 ? issues : [{ code, path: at, args }] };
  } catch {
    return { ok: false, issues: [unreached] };
  }
}
