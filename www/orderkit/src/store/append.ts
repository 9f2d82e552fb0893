import { issue } from "../error.js";
import { newId } from "../id.js";
import type { Outcome, Saved } from "../types.js";
import { withRetry, type Core } from "./core.js";
import { finish, isProgress } from "./database.js";
import type { OutboxRecord } from "./replica.js";

/** Enough for every number pattern. */
const RANDOM_BYTES = 160;

/** What the user asks for. */
export interface Request {
  kind: string;
  order: string;
  args: unknown;
  /** The confirmed revision that its form began with. */
  base?: number;
}

/** Decides a command and stores it. Answers only when the browser has written it. */
export async function append(core: Core, request: Request): Promise<Outcome<"saved", Saved>> {
  const id = newId();
  const random = [...crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))];
  const answer = await core.exclusive(() =>
    withRetry(core, (attempt) => tryAppend(core, request, id, random, attempt)),
  );
  if ("code" in answer) {
    core.wrote(answer);
    return { ok: false, issues: [answer] };
  }
  if (answer.ok) {
    core.wrote(undefined);
    core.channel.post({ kind: "appended" });
    core.appended();
  }
  return answer;
}

async function tryAppend(
  core: Core,
  request: Request,
  id: string,
  random: number[],
  attempt: number,
): Promise<Outcome<"saved", Saved>> {
  const transaction = core.database.transaction(["outbox", "meta"], "readwrite", { durability: "strict" });
  // It is awaited below; this keeps a failure before that from being reported as nobody's.
  transaction.done.catch(() => undefined);
  const outbox = transaction.objectStore("outbox");
  const meta = transaction.objectStore("meta");
  const progress = await meta.get("progress");
  if (!isProgress(progress) || progress.position.client !== core.progress.position.client) {
    // Another page gave this copy a new name, or the data is gone.
    await core.reload();
    return tryAppend(core, request, id, random, attempt);
  }
  if (progress.outboxStamp !== core.progress.outboxStamp) {
    core.takeOutbox(await outbox.getAll());
    core.progress = { ...core.progress, outboxStamp: progress.outboxStamp };
  }
  const last = attempt > 0 ? await outbox.get(progress.nextN - 1) : undefined;
  // The first attempt was written after all, and only the news of it got lost.
  if (last?.command.id === id) return { ok: true, saved: savedAs(last) };

  let isStored = false;
  try {
    // From here to `commit` nothing may wait, or the transaction ends by itself.
    const { series, nextN: n } = progress;
    const answer = core.replica.propose({ ...request, n, id, atMs: Date.now(), series, random });
    if (!answer.ok) return answer;
    const { record, series: nextSeries, number, clockSuspect } = answer.proposal;
    const next = { ...progress, nextN: n + 1, series: nextSeries, outboxStamp: progress.outboxStamp + 1 };
    await finish(transaction, [outbox.add(record), meta.put(next, "progress")]);
    isStored = true;
    core.replica.commit(record);
    core.outbox.set(n, record);
    core.progress = {
      ...core.progress,
      nextN: next.nextN,
      series: nextSeries,
      outboxStamp: next.outboxStamp,
    };
    return { ok: true, saved: savedAs(record, number, clockSuspect) };
  } finally {
    if (!isStored) abort(transaction);
  }
}

function savedAs(record: OutboxRecord, number?: string, clockSuspect?: boolean): Saved {
  const saved: Saved = { n: record.n, order: record.command.order };
  if (number !== undefined) saved.number = number;
  if (clockSuspect === true) saved.clockSuspect = true;
  return saved;
}

function abort(transaction: { abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // It had ended already.
  }
}

/** Forgets a refused command after the user has seen why. */
export async function dismiss(core: Core, n: number): Promise<Outcome<"dismissed", number>> {
  const answer = await core.exclusive(() => withRetry(core, () => tryDismiss(core, n)));
  if (typeof answer === "object") return { ok: false, issues: [answer] };
  if (!answer) return { ok: false, issues: [issue("nothing_open")] };
  core.channel.post({ kind: "received" });
  core.changed();
  return { ok: true, dismissed: n };
}

async function tryDismiss(core: Core, n: number): Promise<boolean> {
  const transaction = core.database.transaction(["outbox", "meta"], "readwrite");
  const outbox = transaction.objectStore("outbox");
  const meta = transaction.objectStore("meta");
  const [record, progress] = await Promise.all([outbox.get(n), meta.get("progress")]);
  if (record?.verdict === undefined || !isProgress(progress)) {
    await transaction.done;
    return false;
  }
  const outboxStamp = progress.outboxStamp + 1;
  await finish(transaction, [outbox.delete(n), meta.put({ ...progress, outboxStamp }, "progress")]);
  core.outbox.delete(n);
  if (progress.outboxStamp !== core.progress.outboxStamp || !core.replica.dismiss(n)) {
    core.takeOutbox(await core.database.getAll("outbox"));
  }
  core.progress = { ...core.progress, outboxStamp };
  return true;
}
