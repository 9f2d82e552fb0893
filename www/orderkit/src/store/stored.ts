import type { Actor } from "../generated/types.js";
import { newId } from "../id.js";
import { Rules } from "../rules.js";
import type { Position } from "../types.js";
import { finish, isProgress, type Database, type Progress } from "./database.js";
import type { OutboxRecord } from "./replica.js";

export const TABLES = ["outbox", "snap", "delta", "meta"] as const;

/** Everything that is stored, as read in one transaction. */
export interface Stored {
  progress: Progress | undefined;
  ruleset: string | undefined;
  outbox: OutboxRecord[];
  snap: Uint8Array[];
  delta: Uint8Array[];
  lastDelta: number;
}

/** Commands under new counters from 1 on. They keep their ids, by which the server knows them. */
export function renumbered(records: OutboxRecord[]): OutboxRecord[] {
  return records.map((record, at) => ({ ...record, n: at + 1, command: { ...record.command, n: at + 1 } }));
}

export function bytesOf(pages: Uint8Array[]): number {
  return pages.reduce((sum, page) => sum + page.length, 0);
}

/** Whether the stored data must be read from the start: another name, or other pages. */
export function isOtherCopy(stored: Progress, known: Progress): boolean {
  return (
    stored.pagesStamp !== known.pagesStamp ||
    stored.position.client !== known.position.client ||
    stored.position.device !== known.position.device
  );
}

export function isSame(one: Position, other: Position): boolean {
  return (
    one.ack === other.ack && one.since?.epoch === other.since?.epoch && one.since?.seq === other.since?.seq
  );
}

export async function readAll(database: Database): Promise<Stored> {
  const transaction = database.transaction(TABLES);
  const [progress, ruleset, outbox, snap, delta, keys] = await Promise.all([
    transaction.objectStore("meta").get("progress"),
    transaction.objectStore("meta").get("ruleset"),
    transaction.objectStore("outbox").getAll(),
    transaction.objectStore("snap").getAll(),
    transaction.objectStore("delta").getAll(),
    transaction.objectStore("delta").getAllKeys(),
  ]);
  return {
    progress: isProgress(progress) ? progress : undefined,
    ruleset: typeof ruleset === "string" ? ruleset : undefined,
    outbox,
    snap,
    delta,
    lastDelta: keys.at(-1) ?? 0,
  };
}

/** Rules from the server that this version cannot read count as none: it brings them again in a form that it can. */
export function withUsableRules(stored: Stored): Stored {
  if (stored.ruleset === undefined) return stored;
  try {
    Rules.load(stored.ruleset).dispose();
    return stored;
  } catch {
    return { ...stored, ruleset: undefined };
  }
}

/** Writes the first record of a new database, unless another page was faster. */
export async function begin(database: Database, actor: Actor): Promise<Progress> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  const stored = await transaction.store.get("progress");
  if (isProgress(stored)) return stored;
  const progress: Progress = {
    format: 1,
    createdMs: Date.now(),
    position: { client: newId(), actor, ack: 0 },
    nextN: 1,
    series: { period: "", last: 0 },
    outboxStamp: 0,
    answersStamp: 0,
    pagesStamp: 0,
  };
  await finish(transaction, [transaction.store.put(progress, "progress")]);
  return progress;
}
