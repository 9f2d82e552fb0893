import type { Issue } from "orderkit";
import type { Session } from "../state/session";

/** What the page asks of the server about the stock. */

export interface Level {
  sku: string;
  onHand: string;
  reserved: string;
  allocated: string;
  leased: string;
  backordered: string;
  available: string;
}

export interface Entry {
  rev: number;
  before: string;
  quantity: string;
  reason: string;
  order?: string;
  user: string;
  atMs: number;
}

export interface Levels {
  stock: Level[];
  next?: string;
}

/** An answer; nothing if the server cannot be reached. */
export type Answer<T> = { ok: true; value: T } | { ok: false; issues: Issue[] } | undefined;

async function ask<T>(session: Session, path: string, body?: unknown): Promise<Answer<T>> {
  try {
    const headers = new Headers({ authorization: `Bearer ${session.token}` });
    if (body !== undefined) headers.set("content-type", "application/json");
    const response = await fetch(`/v1/${encodeURIComponent(session.tenant)}/stock${path}`, {
      method: body === undefined ? "GET" : "POST",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers,
      signal: AbortSignal.timeout(30_000),
      cache: "no-store",
    });
    if (response.status >= 500) return undefined;
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as T };
    const refusal = answer as { code: Issue["code"]; path: string; args: Issue["args"]; issues?: Issue[] };
    const { code, args } = refusal;
    const issues = refusal.issues ?? [];
    return { ok: false, issues: issues.length > 0 ? issues : [{ code, path: refusal.path, args }] };
  } catch {
    return undefined;
  }
}

/** The SKUs that are counted and hold a text, after another one. */
export function levels(session: Session, text: string, cursor?: string): Promise<Answer<Levels>> {
  const query = new URLSearchParams({ q: text, ...(cursor === undefined ? {} : { cursor }) });
  return ask(session, `?${query}`);
}

/** One SKU with the latest changes of what is on hand. */
export function detail(session: Session, sku: string): Promise<Answer<Level & { log: Entry[] }>> {
  return ask(session, `/${encodeURIComponent(sku)}`);
}

/** So many came or went, unless somebody else was there first. */
export function adjust(
  session: Session,
  level: Level,
  change: string,
  reason: string,
): Promise<Answer<Level>> {
  return ask(session, `/${encodeURIComponent(level.sku)}/adjust`, { change, reason, onHand: level.onHand });
}
