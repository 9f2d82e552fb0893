import { issue, OrderkitError } from "../error.js";
import { newId } from "../id.js";
import type { Issue } from "../types.js";
import { withRetry, type Core } from "./core.js";
import { finish, isProgress, storageIssue, type Progress } from "./database.js";
import type { Effects, OutboxRecord, ServerKnown } from "./replica.js";
import { renumbered } from "./stored.js";

/** What became of an answer of the server. */
export type Applied =
  /** It is stored; `disagrees` if the copy was not what the server says it must be, and was dropped. */
  | { kind: "stored"; effects: Effects; disagrees: boolean }
  /** It is no answer of the protocol. */
  | { kind: "unreadable"; issue: Issue }
  /** It could not be stored; the server will say it again. */
  | { kind: "failed"; issue: Issue };

/** Understands an answer and stores it in one transaction; only then does it count. */
export function receive(core: Core, body: Uint8Array): Promise<Applied> {
  return core.exclusive(async () => {
    const read = core.replica.receive(body);
    if (!read.ok) return { kind: "unreadable", issue: read.issues[0] ?? issue("answer_unreadable") };
    const { effects } = read;
    const { ruleset, known } = textsOf(body, effects);
    try {
      await store(core, effects, ruleset, known);
    } catch (cause) {
      // The browser may have closed the copy meanwhile, and its memory with it.
      if (core.state === "open") core.replica.abandon();
      const failed = cause instanceof OrderkitError ? firstOf(cause) : storageIssue(cause);
      core.wrote(failed);
      return { kind: "failed", issue: failed };
    }
    const agrees = core.replica.settle();
    takeOver(core, effects);
    if (ruleset !== undefined) core.takeRules(ruleset);
    if (!agrees) await core.dropConfirmed();
    core.wrote(undefined);
    core.channel.post({ kind: "received" });
    core.changed();
    return { kind: "stored", effects, disagrees: !agrees };
  });
}

/** The engine has checked the body, but it gives rules and facts out only in forms of its own. */
function textsOf(
  body: Uint8Array,
  { newRules, newKnown }: Effects,
): { ruleset?: string; known?: ServerKnown } {
  if (!newRules && !newKnown) return {};
  const answer = JSON.parse(new TextDecoder().decode(body)) as { ruleset?: unknown; known?: ServerKnown };
  return {
    ...(newRules ? { ruleset: JSON.stringify(answer.ruleset) } : {}),
    ...(newKnown && answer.known !== undefined ? { known: answer.known } : {}),
  };
}

async function store(
  core: Core,
  effects: Effects,
  ruleset: string | undefined,
  known: ServerKnown | undefined,
): Promise<void> {
  const { position, remove, refused, reset, hasPage } = effects;
  const changesOutbox = remove.length + refused.length > 0;
  const transaction = core.database.transaction(["outbox", "snap", "delta", "meta"], "readwrite", {
    // What is lost of the rest comes again.
    durability: changesOutbox ? "strict" : "relaxed",
  });
  transaction.done.catch(() => undefined);
  const outbox = transaction.objectStore("outbox");
  const delta = transaction.objectStore("delta");
  const meta = transaction.objectStore("meta");
  const [progress, ...records] = await Promise.all([
    meta.get("progress"),
    ...refused.map((result) => outbox.get(result.n)),
  ]);
  if (!isProgress(progress) || progress.position.client !== position.client) {
    transaction.abort();
    throw new OrderkitError([issue("client_forked")]);
  }
  const next: Progress = {
    ...progress,
    position,
    lastSyncMs: Date.now(),
    serverMs: effects.timeMs,
    answersStamp: progress.answersStamp + 1,
    outboxStamp: progress.outboxStamp + (changesOutbox ? 1 : 0),
    pagesStamp: progress.pagesStamp + (reset ? 1 : 0),
    ...(known === undefined ? {} : { known }),
  };
  // Everything is here again.
  if (!effects.more) delete next.damagedMs;
  const writes: Promise<unknown>[] = [meta.put(next, "progress"), ...remove.map((n) => outbox.delete(n))];
  if (reset) writes.push(transaction.objectStore("snap").clear(), delta.clear());
  const page = hasPage ? core.replica.receivedPage() : undefined;
  const added = page === undefined ? undefined : delta.add(page);
  if (ruleset !== undefined) writes.push(meta.put(ruleset, "ruleset"));
  refused.forEach((verdict, at) => {
    const record = records[at];
    if (record !== undefined) writes.push(outbox.put({ ...record, verdict }));
  });
  if (added !== undefined) writes.push(added);
  await finish(transaction, writes);
  core.lastDelta = (await added) ?? core.lastDelta;
  if (reset) core.snapBytes = core.deltaBytes = 0;
  core.deltaBytes += page?.length ?? 0;
  // Commands that another page has just added are not in memory yet: its stamp must not be taken over with ours.
  const isCurrent = progress.outboxStamp === core.progress.outboxStamp;
  core.progress = { ...next, outboxStamp: isCurrent ? next.outboxStamp : core.progress.outboxStamp };
}

/** The outbox in step with what the engine has just taken over. */
function takeOver(core: Core, effects: Effects): void {
  for (const n of effects.remove) core.outbox.delete(n);
  for (const verdict of effects.refused) {
    const record = core.outbox.get(verdict.n);
    if (record !== undefined) core.outbox.set(verdict.n, { ...record, verdict });
  }
}

/** From here on a refused command keeps its place in the outbox and takes no counter that the server waits for. */
const REFUSED_FROM = 2 ** 50;

/**
 * Gives the copy a new name, as the server knows another one under the old name (a copied or restored profile). Waiting
 * commands are counted from 1 again and keep their ids, so that what was decided is not decided again.
 */
export async function rename(core: Core): Promise<Issue | undefined> {
  const failed = await core.exclusive(() => withRetry(core, () => tryRename(core)));
  if (failed !== undefined) return failed;
  core.channel.post({ kind: "received" });
  core.changed();
  return undefined;
}

async function tryRename(core: Core): Promise<undefined> {
  const client = newId();
  const transaction = core.database.transaction(["outbox", "meta"], "readwrite", { durability: "strict" });
  transaction.done.catch(() => undefined);
  const outbox = transaction.objectStore("outbox");
  const meta = transaction.objectStore("meta");
  const [records, progress] = await Promise.all([outbox.getAll(), meta.get("progress")]);
  if (!isProgress(progress)) return undefined;
  const waiting = renumbered(records.filter((record) => record.verdict === undefined));
  const refused = records.filter((record) => record.verdict !== undefined);
  const all: OutboxRecord[] = [
    ...waiting,
    ...refused.map((record, at) => ({ ...record, n: REFUSED_FROM + at })),
  ];
  const { since, actor } = progress.position;
  const position = { client, actor, ack: 0, ...(since === undefined ? {} : { since }) };
  const outboxStamp = progress.outboxStamp + 1;
  const next: Progress = { ...progress, position, nextN: waiting.length + 1, outboxStamp };
  const writes = [outbox.clear(), ...all.map((record) => outbox.put(record)), meta.put(next, "progress")];
  await finish(transaction, writes);
  core.replica.rename(client);
  core.takeOutbox(all);
  core.progress = next;
  return undefined;
}

/** Orders in a page that is not touched again. */
const ORDERS_PER_PAGE = 1_000;
const MAX_DELTAS = 200;
/** Less than this is not worth the writing. */
const MIN_DELTA_BYTES = 256 * 1024;

/** Packs the pages of many answers into few, when reading them all would take long. */
export function compact(core: Core): Promise<void> {
  return core.exclusive(async () => {
    if (core.state !== "open" || !(await isWorthwhile(core))) return;
    const pages = core.replica.repack(ORDERS_PER_PAGE);
    const transaction = core.database.transaction(["snap", "delta", "meta"], "readwrite");
    transaction.done.catch(() => undefined);
    const snap = transaction.objectStore("snap");
    const delta = transaction.objectStore("delta");
    const meta = transaction.objectStore("meta");
    const [progress, keys] = await Promise.all([meta.get("progress"), delta.getAllKeys()]);
    const isCurrent =
      isProgress(progress) &&
      progress.pagesStamp === core.progress.pagesStamp &&
      (keys.at(-1) ?? core.lastDelta) === core.lastDelta;
    if (!isCurrent) return;
    const pagesStamp = progress.pagesStamp + 1;
    const writes = [
      snap.clear(),
      delta.clear(),
      ...pages.map((page, at) => snap.put(page, at)),
      meta.put({ ...progress, pagesStamp }, "progress"),
    ];
    await finish(transaction, writes);
    core.replica.settleRepack();
    core.progress = { ...core.progress, pagesStamp };
    core.snapBytes = pages.reduce((sum, page) => sum + page.length, 0);
    core.deltaBytes = 0;
  });
}

async function isWorthwhile(core: Core): Promise<boolean> {
  const deltas = await core.database.count("delta");
  if (deltas > MAX_DELTAS) return true;
  if (core.deltaBytes < MIN_DELTA_BYTES) return false;
  return core.deltaBytes > core.snapBytes / 5;
}

function firstOf(error: OrderkitError): Issue {
  return error.issues[0] ?? issue("internal_error");
}
