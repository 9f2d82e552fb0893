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

export interface Adjustment {
  change: string;
  reason: string;
  /** How many there were when it was said. */
  onHand: string;
}

/** So many came or went, unless somebody else was there first; once under a key. */
export function adjust(session: Session, sku: string, body: Adjustment, key: string): Promise<Told<Level>> {
  return ask(session, `/stock/${encodeURIComponent(sku)}/adjust`, { body, key });
}
