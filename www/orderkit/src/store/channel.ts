import { Listeners } from "../listeners.js";
import type { SyncState } from "../sync/state.js";

/** What pages on the same data tell each other. Only hints: the truth is in the database. */
export type Hint =
  | { kind: "appended" }
  | { kind: "received" }
  | { kind: "syncWanted" }
  /** The page that exchanges is alive. */
  | { kind: "leads" }
  | { kind: "synced"; state: SyncState };

/** The line between pages on the same data. */
export class Channel {
  #line: BroadcastChannel | undefined;
  readonly #listeners = new Listeners<[Hint]>();

  constructor(name: string, listener: (hint: Hint) => void) {
    this.#listeners.add(listener);
    if (typeof BroadcastChannel === "undefined") return;
    this.#line = new BroadcastChannel(`orderkit/${name}`);
    this.#line.onmessage = (event: MessageEvent<Hint>) => {
      this.#listeners.tell(event.data);
    };
    // A process that has nothing else to do should end.
    (this.#line as { unref?: () => void }).unref?.();
  }

  post(hint: Hint): void {
    this.#line?.postMessage(hint);
  }

  listen(listener: (hint: Hint) => void): () => void {
    return this.#listeners.add(listener);
  }

  close(): void {
    this.#listeners.clear();
    this.#line?.close();
    // What ends meanwhile may still want to tell others.
    this.#line = undefined;
  }
}
