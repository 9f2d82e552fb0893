import type { IDBPTransaction } from "idb";
import type { Client, Progress, Reading, Writes } from "./client.js";
import { finish, isNewer, isProgress, type Tables } from "./database.js";

export const TABLES = ["outbox", "rows", "logs", "meta"] as const;

/** A transaction over everything. */
export type Transaction<M extends IDBTransactionMode = IDBTransactionMode> = IDBPTransaction<
  Tables,
  typeof TABLES,
  M
>;

/** Commands that are read at once: a long backlog must not hold up the page. */
const RECORDS_AT_ONCE = 100;
/** Pages of rows that are read at once. */
const PAGES_AT_ONCE = 4;

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
  if (isNewer(stored)) return { kind: "newer" };
  const reading = client.stale(stored);
  const { stale, afterPage } = reading;
  if (stale === "everything") client.restart(stored);
  const ruleset = stale === "nothing" ? undefined : await readRules(client, transaction);
  if (stale === "everything" || stale === "appended") await readRows(client, transaction, afterPage);
  if (stale !== "nothing") await readOutbox(client, transaction, reading);
  if (client.caughtUp(stored) !== "nothing") return { kind: "damaged" };
  return { kind: "current", progress: stored, isNews: stale !== "nothing", ruleset };
}

/** The text of the stored rules, if this version can read them; if not, the server brings them in a form that it can. */
async function readRules(client: Client, transaction: Transaction): Promise<string | undefined> {
  const ruleset = await transaction.objectStore("meta").get("ruleset");
  return typeof ruleset === "string" && client.loadRules(ruleset) ? ruleset : undefined;
}

async function readRows(client: Client, transaction: Transaction, after: number): Promise<void> {
  const table = transaction.objectStore("rows");
  for (let last = after; ;) {
    const newer = IDBKeyRange.lowerBound(last, true);
    const [pages, keys] = await Promise.all([
      table.getAll(newer, PAGES_AT_ONCE),
      table.getAllKeys(newer, PAGES_AT_ONCE),
    ]);
    pages.forEach((page, at) => {
      client.loadRows(keys[at] ?? last, page);
    });
    if (keys.length < PAGES_AT_ONCE) return;
    last = keys.at(-1) ?? last;
  }
}

/** Reads pieces of logs. Says whether they are good: if not, {@link Client.mend} says what to write. */
export async function readLogs(client: Client, transaction: Transaction, keys: number[]): Promise<boolean> {
  const table = transaction.objectStore("logs");
  const pieces = await Promise.all(keys.map((key) => table.get(key)));
  let areGood = true;
  keys.forEach((key, at) => {
    areGood = client.loadLogs(key, pieces[at]) && areGood;
  });
  return areGood;
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

/** Writes and waits for the end of the transaction. */
export async function write(
  client: Client,
  transaction: Transaction<"readwrite">,
  writes: Writes,
): Promise<void> {
  const requests: Promise<unknown>[] = [];
  try {
    ask(client, transaction, writes, requests);
  } catch (cause) {
    // Only the transaction itself tells why it ended early, if it did.
    const why = transaction.error ?? cause;
    abort(transaction);
    await Promise.allSettled(requests);
    throw why;
  }
  await finish(transaction, requests);
}

function ask(
  client: Client,
  transaction: Transaction<"readwrite">,
  writes: Writes,
  requests: Promise<unknown>[],
): void {
  const [outbox, rows, logs] = [
    transaction.objectStore("outbox"),
    transaction.objectStore("rows"),
    transaction.objectStore("logs"),
  ];
  const meta = transaction.objectStore("meta");
  const { pages } = writes;
  if (writes.clearPages) requests.push(rows.clear(), logs.clear());
  if (writes.clearOutbox) requests.push(outbox.clear());
  for (const n of writes.remove) requests.push(outbox.delete(n));
  for (const record of writes.put) requests.push(outbox.put(record));
  for (const key of pages.removeRows) requests.push(rows.delete(key));
  for (const key of pages.removeLogs) requests.push(logs.delete(key));
  for (const key of pages.putRows) requests.push(rows.put(client.newPage(key), key));
  for (const key of pages.putLogs) requests.push(logs.put(client.newPage(key), key));
  if (writes.ruleset !== undefined) requests.push(meta.put(JSON.stringify(writes.ruleset), "ruleset"));
  requests.push(meta.put(writes.progress, "progress"));
}

/** Ends a transaction without effect. */
export function abort(transaction: { abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}
