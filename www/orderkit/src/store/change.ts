import { issue, OrderkitError } from "../error.js";
import { newId } from "../id.js";
import type { Actor } from "../generated/types.js";
import type { Issue } from "../types.js";
import type { Client, Writes } from "./client.js";
import type { Core } from "./core.js";
import { storageIssue } from "./database.js";
import { abort, catchUp, readLogs, TABLES, write, type Caught, type Transaction } from "./stored.js";

/** What is to be written, and what to say once it is. */
export interface Decision<A> {
  writes: Writes | undefined;
  answer: A;
}

/** A decision that was carried out; `agrees` as in {@link Client.settle}. */
export interface Changed<A> {
  answer: A;
  agrees: boolean;
}

/** The pieces of logs that something needs, by their keys. */
export type Needs = (client: Client) => number[];

/** Tries to mend what is stored before a change that often. */
const MAX_MENDS = 3;

/**
 * Decides on what is stored and writes what follows, in one transaction: what another page wrote a moment before counts, and
 * memory changes only after the database has changed. Only within {@link Core.exclusive}.
 *
 * @param isStrict Whether the disk must have it before it counts.
 * @param needs The pieces of logs to read before.
 */
export async function change<A>(
  core: Core,
  isStrict: boolean,
  decide: (client: Client) => Decision<A>,
  needs: Needs = () => [],
): Promise<Changed<A>> {
  for (let mends = 0; ; mends += 1) {
    const transaction = begin(core, isStrict);
    let isLeft = true;
    try {
      const caught = await catchUpWith(core, transaction, needs);
      if (caught.kind === "current") {
        // From here to the end of the writing nothing may wait, or the transaction ends by itself.
        const { writes, answer } = decide(core.client);
        if (writes === undefined) return { answer, agrees: true };
        isLeft = false;
        return { answer, agrees: await store(core, transaction, writes) };
      }
      if (mends === MAX_MENDS) throw new OrderkitError([issue("storage_failed", { reason: caught.kind })]);
      abort(transaction);
      isLeft = false;
      await mend(core, caught);
    } finally {
      if (isLeft) abort(transaction);
    }
  }
}

/**
 * Reads what other pages wrote, and the pieces of logs that something needs then; only within {@link Core.exclusive}. Says
 * whether anything was new.
 */
export async function refresh(core: Core, needs: Needs = () => []): Promise<boolean> {
  for (let mends = 0; mends <= MAX_MENDS; mends += 1) {
    const caught = await catchUpWith(core, awaitedLater(core.database.transaction(TABLES)), needs);
    if (caught.kind === "current") return caught.isNews || mends > 0;
    await mend(core, caught);
  }
  throw new OrderkitError([issue("storage_failed", { reason: "read" })]);
}

async function catchUpWith(core: Core, transaction: Transaction, needs: Needs): Promise<Caught> {
  const { client } = core;
  const caught = await catchUp(client, transaction);
  if (caught.kind !== "current") return caught;
  core.caughtUp(caught);
  const keys = needs(client);
  return keys.length === 0 || (await readLogs(client, transaction, keys)) ? caught : { kind: "damaged" };
}

/** Reads what is stored, and goes on as this user, whose role may be another one than before. */
export async function actAs(core: Core, actor: Actor): Promise<void> {
  await refresh(core);
  if (core.state !== "open" || core.progress.position.actor.role === actor.role) return;
  await change(core, true, (client) => ({ writes: client.actAs(actor), answer: undefined }));
}

/** Drops all confirmed orders; the next pull brings them again. */
export async function dropConfirmed(core: Core): Promise<void> {
  await change(core, false, (client) => ({ writes: client.dropConfirmed(), answer: undefined }));
}

async function mend(core: Core, caught: Exclude<Caught, { kind: "current" }>): Promise<void> {
  if (caught.kind === "newer") {
    core.outdate();
    throw new OrderkitError([issue("store_closed")]);
  }
  const { client } = core;
  // The page still knows what was stored: what is not sent yet is written down again.
  const writes = caught.kind === "gone" ? client.rebuild(newId(), Date.now()) : client.mend(Date.now());
  await store(core, begin(core, writes.strict), writes);
}

function begin(core: Core, isStrict: boolean): Transaction<"readwrite"> {
  const durability = isStrict ? "strict" : "relaxed";
  return awaitedLater(core.database.transaction(TABLES, "readwrite", { durability }));
}

/** Keeps a failure before it is awaited from being reported as nobody's. */
function awaitedLater<T extends { done: Promise<void> }>(transaction: T): T {
  transaction.done.catch(() => undefined);
  return transaction;
}

async function store(core: Core, transaction: Transaction<"readwrite">, writes: Writes): Promise<boolean> {
  const { client } = core;
  try {
    await write(client, transaction, writes);
  } catch (cause) {
    // The browser may have closed the copy meanwhile, and its memory with it.
    if (core.state !== "closed") client.abandon();
    throw cause;
  }
  const { agrees } = client.settle();
  core.stored(writes);
  return agrees;
}

/** Tries once more with a new connection: some browsers lose the old one when they wake up. */
export async function withRetry<T>(core: Core, work: () => Promise<T>): Promise<T | Issue> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof OrderkitError && cause.code === "store_closed") return issue("store_closed");
      if (!(cause instanceof DOMException)) throw cause;
      const found = storageIssue(cause);
      if (attempt > 0 || found.code === "storage_full") return found;
      try {
        await core.reopen();
      } catch {
        return found;
      }
    }
  }
}
