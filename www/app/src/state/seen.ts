import type { OrderView } from "orderkit";

/** A page shows one order, or compares a few. */
const MOST = 20;

/** The orders that were shown last: one that is being read again stays as it was, so that no form begins anew. */
export class Seen {
  readonly #views = new Map<string, OrderView>();

  /** What to show of an order: what was read of it, or what was shown before as long as there is one. */
  of(id: string, read: OrderView | undefined, isThere: boolean): OrderView | undefined {
    const view = read ?? (isThere ? this.#views.get(id) : undefined);
    this.#views.delete(id);
    if (view === undefined) return undefined;
    this.#views.set(id, view);
    const [oldest] = this.#views.keys();
    if (this.#views.size > MOST && oldest !== undefined) this.#views.delete(oldest);
    return view;
  }
}
