import { request, type Answer } from "../state/request";
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
export function levels(session: Session, text: string, cursor?: string): Promise<Answer<Levels>> {
  const query = new URLSearchParams({ q: text, ...(cursor === undefined ? {} : { cursor }) });
  return request(session, `stock?${query}`);
}

/** One SKU with the latest changes of what is on hand. */
export function detail(session: Session, sku: string): Promise<Answer<Level & { log: Entry[] }>> {
  return request(session, `stock/${encodeURIComponent(sku)}`);
}

/** So many came or went, unless somebody else was there first. */
export function adjust(
  session: Session,
  level: Level,
  change: string,
  reason: string,
): Promise<Answer<Level>> {
  const body = { change, reason, onHand: level.onHand };
  return request(session, `stock/${encodeURIComponent(level.sku)}/adjust`, { body });
}
