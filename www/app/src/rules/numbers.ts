import { ask, type Told } from "../state/server";
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

export const numbersReport = (session: Session, series: string): Promise<Told<NumbersReport>> =>
  ask(session, `/numbers/report?limit=50&series=${encodeURIComponent(series)}`);

export const giveUp = (
  session: Session,
  entry: { series: string; from: number; to: number; reason: VoidReason },
  key: string,
): Promise<Told<VoidRecord>> => ask(session, "/numbers/void", { method: "POST", body: entry, key });

/** The device is lost: what it had left is given up. */
export const giveBack = (session: Session, client: string): Promise<Told<{ void: number }>> =>
  ask(session, "/numbers/return", { method: "POST", body: { client } });
