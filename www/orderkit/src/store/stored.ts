import type { IDBPTransaction } from "idb";
import type { Client, Progress, Reading, Writes } from "./client.js";
import { finish, isProgress, type Tables } from "./database.js";

export const TABLES = ["outbox", "snap", "delta", "meta"] as const;

/** A transaction over everything. */
export type Transaction<M extends IDBTransactionMode = IDBTransactionMode> = IDBPTransaction<
  Tables,
  typeof TABLES,
  M
>;

/** Commands that are read at once: a long backlog must not hold up the page. */
const RECORDS_AT_ONCE = 100;

/** How the memory stands to what is stored, after reading what was new in it. */
export type Caught =
  /** It is the same; `isNews` if it was not before. */
  | { kind: "current"; progress: Progress; isNews: boolean; ruleset?: string | undefined }
  /** There is nothing stored any more. */
  | { kind: "gone" }
  /** Stored pages could not be read, or the store lost commands that this page still knows. */
  | { kind: "damaged" }
  /** A newer version of the page has stored this; an older one must not touch it. */
  | { kind: "newer" };

/** Reads what other pages wrote since, so that what is decided next is decided on what is stored. */
export async function catchUp(client: Client, transaction: Transaction): Promise<Caught> {
  const stored = await transaction.objectStore("meta").get("progress");
  if (!isProgress(stored)) return { kind: "gone" };
  // Written by pages, so it may be of a version that is not known here.
  if ((stored.format as number) !== 1) return { kind: "newer" };
  const reading = client.stale(stored);
  const { stale, afterPage } = reading;
  if (stale === "everything") client.restart(stored);
  const ruleset = stale === "nothing" ? undefined : await readRules(client, transaction);
  if (stale === "everything") {
    for (const page of await transaction.objectStore("snap").getAll()) client.loadPacked(page);
  }
  if (stale === "everything" || stale === "appended") {
    await readPages(client, transaction, stale === "everything" ? 0 : afterPage);
  }
  if (stale !== "nothing") await readOutbox(client, transaction, reading);
  if (client.caughtUp(stored) !== "nothing") return { kind: "damaged" };
  return { kind: "current", progress: stored, isNews: stale !== "nothing", ruleset };
}

/** The text of the stored rules, if this version can read them; if not, the server brings them in a form that it can. */
async function readRules(client: Client, transaction: Transaction): Promise<string | undefined> {
  const ruleset = await transaction.objectStore("meta").get("ruleset");
  return typeof ruleset === "string" && client.loadRules(ruleset) ? ruleset : undefined;
}

async function readPages(client: Client, transaction: Transaction, after: number): Promise<void> {
  const delta = transaction.objectStore("delta");
  const newer = IDBKeyRange.lowerBound(after, true);
  const [pages, keys] = await Promise.all([delta.getAll(newer), delta.getAllKeys(newer)]);
  pages.forEach((page, at) => {
    client.loadPage(keys[at] ?? after, page);
  });
}

async function readOutbox(client: Client, transaction: Transaction, reading: Reading): Promise<void> {
  const { commandsUpto, commandsFrom } = reading;
  client.forgetCommands(reading);
  if (commandsUpto > 0) await readRecords(client, transaction, 0, commandsUpto);
  await readRecords(client, transaction, commandsFrom, Number.MAX_SAFE_INTEGER);
}

async function readRecords(
  client: Client,
  transaction: Transaction,
  from: number,
  upto: number,
): Promise<void> {
  const outbox = transaction.objectStore("outbox");
  for (let next = from; next <= upto;) {
    const records = await outbox.getAll(IDBKeyRange.bound(next, upto), RECORDS_AT_ONCE);
    client.loadRecords(records);
    const last = records.at(-1);
    if (last === undefined || records.length < RECORDS_AT_ONCE) return;
    next = last.n + 1;
  }
}

/** Writes and waits for the end of the transaction. Gives the key of the page that was appended. */
export async function write(
  client: Client,
  transaction: Transaction<"readwrite">,
  writes: Writes,
): Promise<number | undefined> {
  let added: Promise<number> | undefined;
  const requests: Promise<unknown>[] = [];
  try {
    added = ask(client, transaction, writes, requests);
  } catch (cause) {
    // Only the transaction itself tells why it ended early, if it did.
    const why = transaction.error ?? cause;
    abort(transaction);
    await Promise.allSettled(requests);
    throw why;
  }
  await finish(transaction, requests);
  return added;
}

function ask(
  client: Client,
  transaction: Transaction<"readwrite">,
  writes: Writes,
  requests: Promise<unknown>[],
): Promise<number> | undefined {
  const outbox = transaction.objectStore("outbox");
  const snap = transaction.objectStore("snap");
  const delta = transaction.objectStore("delta");
  const meta = transaction.objectStore("meta");
  if (writes.clearPages) requests.push(snap.clear(), delta.clear());
  if (writes.clearOutbox) requests.push(outbox.clear());
  for (const n of writes.remove) requests.push(outbox.delete(n));
  for (const record of writes.put) requests.push(outbox.put(record));
  for (let at = 0; at < writes.packedPages; at += 1) requests.push(snap.put(client.packedPage(at), at));
  const added = writes.hasPage ? delta.add(client.receivedPage()) : undefined;
  if (added !== undefined) requests.push(added);
  if (writes.ruleset !== undefined) requests.push(meta.put(JSON.stringify(writes.ruleset), "ruleset"));
  requests.push(meta.put(writes.progress, "progress"));
  return added;
}

/** Ends a transaction without effect. */
export function abort(transaction: { abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}
