import { issue } from "../error.js";
import { inPieces } from "../pause.js";
import type { Issue } from "../types.js";
import { refresh, withRetry, type Needs } from "./change.js";
import { isOpen, type Core } from "./core.js";

/** Pieces of logs that are read at once to fold what waits. */
const LOGS_AT_ONCE = 8;

/** Reads logs from the storage: of orders that somebody opens, and of those that have to be folded again. */
export class LogReader {
  readonly #core: Core;
  #wanted = new Set<string>();
  #reading: Promise<Issue | undefined> | undefined;
  #isFolding = false;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Reads the log of an order, and says why not if it could not. What is asked for at once is read and told at once. */
  load(order: string): Promise<Issue | undefined> {
    const core = this.#core;
    this.#wanted.add(order);
    this.#reading ??= core.exclusive(async () => {
      const orders = [...this.#wanted];
      this.#wanted = new Set();
      this.#reading = undefined;
      const read = new Set<number>();
      const failed = await this.#read((client) => {
        const keys = [...new Set(orders.flatMap((id) => client.logsOf(id)))];
        for (const key of keys) read.add(key);
        return keys;
      });
      // Who is told of a failure would only ask again.
      if (read.size > 0 && failed === undefined) core.changed();
      void this.fold();
      return failed;
    });
    return this.#reading;
  }

  /** Folds what other rules, other stock or other pages concern, between other work. */
  async fold(): Promise<void> {
    if (this.#isFolding) return;
    this.#isFolding = true;
    const core = this.#core;
    const wanted: Needs = (client) => client.wantedLogs(LOGS_AT_ONCE);
    try {
      for (;;) {
        const pieces = await inPieces(() => core.state !== "closed" && core.client.foldMore());
        if (pieces > 0) core.changed();
        if (!isOpen(core) || wanted(core.client).length === 0) return;
        // It goes on with the next change, or when the connection is opened again.
        if ((await core.exclusive(() => this.#read(wanted))) !== undefined) return;
      }
    } finally {
      this.#isFolding = false;
    }
  }

  async #read(needs: Needs): Promise<Issue | undefined> {
    const core = this.#core;
    if (!isOpen(core)) return issue("store_closed");
    let failed: Issue | undefined;
    try {
      const outcome = await withRetry(core, () => refresh(core, needs));
      failed = typeof outcome === "boolean" ? undefined : outcome;
    } catch {
      failed = issue("storage_failed", { reason: "read" });
    }
    core.read(failed);
    return failed;
  }
}
