import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { issue, OrderkitError } from "../error.js";
import type { Issue } from "../types.js";
import type { OutboxRecord, Progress } from "./client.js";

/** The tables. A fixed set with bytes inside, so that an upgrade is hardly ever needed. */
export interface Tables extends DBSchema {
  /** One plain record for each command: readable by support, and by an older version of the page. */
  outbox: { key: number; value: OutboxRecord };
  /** Pages of what lists show of confirmed orders: read when the copy is opened. */
  rows: { key: number; value: Uint8Array };
  /** Pieces of the logs of confirmed orders, some dozens in each: read when somebody opens one. */
  logs: { key: number; value: Uint8Array };
  meta: { key: string; value: Progress | string };
}

export type Database = IDBPDatabase<Tables>;

/** What happens to an open database from outside. */
export interface Incidents {
  /** Another page wants to upgrade the database. */
  outdated: () => void;
  /** The browser closed the database. */
  lost: () => void;
}

const VERSION = 2;
/** Some browsers never answer a first open; people should be told before they give up. */
const OPEN_TIMEOUT_MS = 10_000;

/** Opens a database, or says within some seconds that it cannot be opened. */
export async function openDatabase(name: string, incidents: Incidents): Promise<Database> {
  if (typeof indexedDB === "undefined") {
    throw new OrderkitError([issue("storage_failed", { reason: "there is no IndexedDB here" })]);
  }
  const opening = openDB<Tables>(name, VERSION, {
    upgrade(database, version) {
      if (version < 1) {
        database.createObjectStore("outbox", { keyPath: "n" });
        database.createObjectStore("meta");
      } else {
        // Confirmed orders of the first version: the engine sees that they are missing and fetches them again.
        const first = database as unknown as IDBPDatabase;
        for (const table of ["snap", "delta"]) first.deleteObjectStore(table);
      }
      database.createObjectStore("rows");
      database.createObjectStore("logs");
    },
    blocking(_current, _blocked, event) {
      // Another page waits for this one to let go, and would wait for ever.
      (event.target as IDBDatabase).close();
      incidents.outdated();
    },
    terminated: () => {
      incidents.lost();
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new OrderkitError([issue("storage_blocked")]));
      // If it opens after all, nobody waits for it any more.
      opening.then(
        (late) => {
          late.close();
        },
        () => undefined,
      );
    }, OPEN_TIMEOUT_MS);
  });
  try {
    return await Promise.race([opening, timeout]);
  } catch (cause) {
    throw cause instanceof OrderkitError ? cause : new OrderkitError([storageIssue(cause)], { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** What a failed transaction means for the user. */
export function storageIssue(cause: unknown): Issue {
  const name = cause instanceof Error ? cause.name : "unknown";
  // A newer page has been here; only one as new can read what it stored.
  if (name === "VersionError") return issue("store_closed");
  if (name === "QuotaExceededError") return issue("storage_full");
  return issue("storage_failed", { reason: name });
}

/** The formats of the record of progress that the engine reads. */
const LAST_FORMAT = 2;

/** A record of progress that is really there. */
export function isProgress(value: Progress | string | undefined): value is Progress {
  return typeof value === "object";
}

/** Whether a newer version of the page has stored this; an older one must not touch it. */
export function isNewer(progress: Progress): boolean {
  return progress.format > LAST_FORMAT;
}

/**
 * Waits until all that was asked of a transaction is written. Only the transaction itself tells why it failed (a full
 * disk, say); its requests merely say that they were aborted.
 */
export async function finish(
  transaction: { commit: () => void; done: Promise<void> },
  requests: Promise<unknown>[],
): Promise<void> {
  const settled = Promise.allSettled(requests);
  try {
    transaction.commit();
  } catch {
    // It was aborted already; `done` says why.
  }
  await transaction.done;
  await settled;
}
