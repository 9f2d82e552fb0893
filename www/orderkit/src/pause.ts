import { host } from "./host.js";

/** How long a piece of work may hold up the page: half of a frame. */
const PIECE_MS = 8;

/** Lets the page do other work: drawing, and what the user does. Faster than a timer, which browsers hold back. */
export function pause(): Promise<void> {
  if (host.scheduler?.yield !== undefined) return host.scheduler.yield();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/**
 * Works piece by piece until there is nothing left, with a pause whenever the pieces took as long as one may. Gives how often
 * there was more.
 */
export async function inPieces(work: () => boolean): Promise<number> {
  let begunMs = performance.now();
  let pieces = 0;
  for (; work(); pieces += 1) {
    if (performance.now() - begunMs < PIECE_MS) continue;
    await pause();
    begunMs = performance.now();
  }
  return pieces;
}
