import { ask, type Told } from "../state/server";
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

/** The SKUs that are counted and hold a text, after another one. */
export function levels(session: Session, text: string, cursor?: string): Promise<Told<Levels>> {
  const query = new URLSearchParams({ q: text, ...(cursor === undefined ? {} : { cursor }) });
  return ask(session, `/stock?${query}`);
}

/** One SKU with the latest changes of what is on hand. */
export function detail(session: Session, sku: string): Promise<Told<Level & { log: Entry[] }>> {
  return ask(session, `/stock/${encodeURIComponent(sku)}`);
}

/** So many came or went, unless somebody else was there first. */
export function adjust(session: Session, level: Level, change: string, reason: string): Promise<Told<Level>> {
  const body = { change, reason, onHand: level.onHand };
  return ask(session, `/stock/${encodeURIComponent(level.sku)}/adjust`, { body });
}
