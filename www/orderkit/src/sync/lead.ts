import { host } from "../host.js";
import type { Channel } from "../store/channel.js";

/** How often the page that exchanges says that it is alive. */
const BEAT_MS = 15_000;
/** A page that holds the lock and has said nothing for so long is frozen, and may stay so for hours. */
const SILENCE_MS = 60_000;

/** How long the others wait; tests wait less. */
export interface LeadTimes {
  beatMs?: number;
  silenceMs?: number;
}

/**
 * Leads when it is this page's turn, of all pages on the same data: one holds the lock, the others stand in line. If the one
 * that holds it falls silent, a page that somebody looks at takes it away. Should the other one wake up, both exchange for a
 * moment: the server knows each command by its counter, so that nothing happens twice.
 *
 * @param lead Leads until its signal is aborted.
 */
export async function takeTurns(
  name: string,
  channel: Channel,
  lead: (term: AbortSignal) => Promise<void>,
  stopped: AbortSignal,
  { beatMs = BEAT_MS, silenceMs = SILENCE_MS }: LeadTimes = {},
): Promise<void> {
  const locks = host.navigator?.locks;
  const reign = async (term: AbortController): Promise<void> => {
    const beat = setInterval(() => {
      channel.post({ kind: "leads" });
    }, beatMs);
    channel.post({ kind: "leads" });
    try {
      await lead(term.signal);
    } finally {
      clearInterval(beat);
    }
  };
  // Where there are no locks, two pages may exchange at once; the server sorts that out.
  if (locks === undefined) return reign(during(stopped));
  let isSilent = false;
  while (!isAborted(stopped)) {
    const term = during(stopped);
    const line = during(stopped);
    const watch = isSilent ? undefined : watchFor(channel, silenceMs, line);
    const options = isSilent ? { steal: true } : { signal: line.signal };
    isSilent = false;
    try {
      await locks.request(name, options, () => {
        watch?.();
        return reign(term);
      });
      return;
    } catch (cause) {
      if (isAborted(stopped)) return;
      if (line.signal.aborted) isSilent = true;
      else if (!isTakenAway(cause)) throw cause;
    } finally {
      watch?.();
      // Whoever lost the lock leads no more.
      term.abort();
    }
  }
}

/** Aborts `line` when the page that leads has been silent for too long while somebody looks at this one. */
function watchFor(channel: Channel, silenceMs: number, line: AbortController): () => void {
  let heardMs = Date.now();
  const stopListening = channel.listen((hint) => {
    if (hint.kind === "leads" || hint.kind === "synced") heardMs = Date.now();
  });
  let lookedMs = Date.now();
  const timer = setInterval(() => {
    const nowMs = Date.now();
    // If this page slept itself, it has heard nothing because of that.
    if (nowMs - lookedMs > silenceMs) heardMs = nowMs;
    lookedMs = nowMs;
    const isSeen = host.document === undefined || host.document.visibilityState === "visible";
    if (isSeen && nowMs - heardMs > silenceMs) line.abort();
  }, silenceMs / 4);
  return () => {
    clearInterval(timer);
    stopListening();
  };
}

/** Aborted with another one, or by itself. */
function during(stopped: AbortSignal): AbortController {
  const controller = new AbortController();
  if (stopped.aborted) controller.abort();
  else
    stopped.addEventListener(
      "abort",
      () => {
        controller.abort();
      },
      { signal: controller.signal },
    );
  return controller;
}

/** Asked anew each time: a signal changes while others are waited for. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function isTakenAway(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "AbortError";
}
