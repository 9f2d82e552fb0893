import { issue, OrderkitError } from "../error.js";
import { newId } from "../id.js";
import { inPieces, pause } from "../pause.js";
import type { Issue, Outcome } from "../types.js";
import { change, dropConfirmed, withRetry } from "./change.js";
import type { Received, Step } from "./client.js";
import { isOpen, type Core } from "./core.js";
import { storageIssue } from "./database.js";

/** Changes that are read in one piece: a few milliseconds on a slow device. */
const CHANGES_AT_ONCE = 10;

/** What became of an answer of the server. */
export type Applied =
  /** It is stored; what to do next. */
  | { kind: "stored"; received: Received; step: Step }
  /** It is no answer of the protocol. */
  | { kind: "unreadable"; issue: Issue; step: Step }
  /** It could not be stored; the server will say it again. */
  | { kind: "failed"; issue: Issue; step: Step };

/**
 * Understands an answer and stores it in one transaction; only then does it count.
 *
 * @param poked The highest sequence that the server has spoken of since it was asked, until the answer is stored.
 */
export async function receive(core: Core, body: Uint8Array, poked: () => number): Promise<Applied> {
  const begun = await readChanges(core, body);
  if (!isOpen(core)) return stopped(issue("store_closed"));
  if (!begun.ok) return unreadable(core, begun.issues);
  return core.exclusive(async () => {
    const { client } = core;
    try {
      const isStrict = client.standing().unsent > 0;
      const { answer, agrees } = await change(core, isStrict, () => {
        const read = client.finishAnswer(Date.now());
        return { writes: read.ok ? read.received.writes : undefined, answer: read };
      });
      if (!answer.ok) return unreadable(core, answer.issues);
      if (!agrees) await dropConfirmed(core);
      core.wrote(undefined);
      core.channel.post({ kind: "received" });
      core.changed();
      const { received } = answer;
      return { kind: "stored", received, step: client.took(received, agrees, poked()) };
    } catch (cause) {
      const failed = cause instanceof OrderkitError ? firstOf(cause) : storageIssue(cause);
      core.wrote(failed);
      return isOpen(core) ? { kind: "failed", issue: failed, step: client.couldNotStore() } : stopped(failed);
    }
  });
}

/** Reads the changes of an answer piece by piece, so that the page can do other work between. */
async function readChanges(core: Core, body: Uint8Array): Promise<Outcome<"left", number>> {
  let read = core.client.beginAnswer(body);
  await inPieces(() => {
    if (!isOpen(core) || !read.ok || read.left === 0) return false;
    read = core.client.readChanges(CHANGES_AT_ONCE);
    return true;
  });
  return read;
}

function stopped(why: Issue): Applied {
  return { kind: "failed", issue: why, step: { kind: "stop", issue: why } };
}

function unreadable(core: Core, [first]: Issue[]): Applied {
  const found = first ?? issue("answer_unreadable");
  return { kind: "unreadable", issue: found, step: core.client.foundUnreadable(found) };
}

/**
 * Gives the copy a new name, as the server knows another one under the old name (a copied or restored profile). Says what
 * went wrong, if anything did.
 */
export function rename(core: Core): Promise<Issue | undefined> {
  const name = newId();
  const old = core.progress.position.client;
  return renamed(core, () =>
    change(core, true, (client) => ({ writes: client.rename(old, name), answer: undefined })),
  );
}

/** Puts the command aside that was sent alone and that no server takes. Says what went wrong, if anything did. */
export function setAside(core: Core, why: Issue): Promise<Issue | undefined> {
  const name = newId();
  return renamed(core, () =>
    change(core, true, (client) => ({ writes: client.setAside(name, why), answer: undefined })),
  );
}

async function renamed(core: Core, work: () => Promise<unknown>): Promise<Issue | undefined> {
  const failed = await core.exclusive(() =>
    withRetry(core, async () => {
      await work();
      return undefined;
    }),
  );
  if (failed !== undefined) return failed;
  core.channel.post({ kind: "received" });
  core.changed();
  return undefined;
}

/** Makes fewer and fuller pages of many small ones, step by step, so that nobody waits for it. */
export async function pack(core: Core): Promise<void> {
  const step = () =>
    change(
      core,
      false,
      (client) => {
        const writes = client.pack();
        return { writes, answer: writes !== undefined };
      },
      (client) => client.logsToPack(),
    );
  for (let isMore = true; isMore;) {
    isMore = await core.exclusive(async () => isOpen(core) && (await step()).answer);
    await pause();
  }
}

function firstOf(error: OrderkitError): Issue {
  return error.issues[0] ?? issue("internal_error");
}
