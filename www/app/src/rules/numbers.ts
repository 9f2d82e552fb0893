import type { Issue } from "orderkit";
import type { Session } from "../state/session";

/** What the page asks of the server about numbers that were given out. */

export interface Span {
  /** The first serial. */
  from: number;
  /** The first that is not in it. */
  to: number;
}

export interface Series {
  series: string;
  given: number;
  used: number;
  void: number;
  open: number;
  missing: number;
  openSpans: Span[];
  missingSpans: Span[];
}

export const voidReasons = ["refused", "discarded", "returned", "lost", "skipped"] as const;
export type VoidReason = (typeof voidReasons)[number];

export interface VoidRecord {
  series: string;
  span: Span;
  reason: VoidReason;
  by: string;
  atMs: number;
}

export interface HeldBlock {
  client: string;
  user: string;
  span: Span;
  atMs: number;
}

export interface NumbersReport {
  series: Series[];
  void: VoidRecord[];
  blocks: HeldBlock[];
}

export type Told<T> = { ok: true; value: T } | { ok: false; issues: Issue[] };

const unreached: Issue = { code: "offline", path: "", args: {} };

async function ask<T>(session: Session, path: string, body?: unknown): Promise<Told<T>> {
  try {
    const response = await fetch(`/v1/${encodeURIComponent(session.tenant)}/numbers/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${session.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: "no-store",
      signal: AbortSignal.timeout(30_000),
    });
    const answer = (await response.json()) as T & { issues?: Issue[] };
    return response.ok ? { ok: true, value: answer } : { ok: false, issues: answer.issues ?? [unreached] };
  } catch {
    return { ok: false, issues: [unreached] };
  }
}

export const numbersReport = (session: Session, series: string): Promise<Told<NumbersReport>> =>
  ask(session, `report?limit=50&series=${encodeURIComponent(series)}`);

export const giveUp = (
  session: Session,
  entry: { series: string; from: number; to: number; reason: VoidReason },
): Promise<Told<VoidRecord>> => ask(session, "void", entry);

/** The device is lost: what it had left is given up. */
export const giveBack = (session: Session, client: string): Promise<Told<{ void: number }>> =>
  ask(session, "return", { client });
