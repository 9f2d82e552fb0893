import type { SyncOptions } from "./state.js";
import { backoff, Waiter } from "./wait.js";

/** The server says something at least every 20 seconds; a line that is silent for longer is dead. */
const SILENCE_MS = 60_000;

/**
 * Listens to the server's stream of pokes until stopped. A poke only says that there is news; losing one costs time and
 * never data.
 */
export async function listen(
  options: SyncOptions,
  retryMs: { first: number; longest: number },
  poke: (seq: number | undefined) => void,
  stopped: AbortSignal,
): Promise<void> {
  const waiter = new Waiter();
  let wasRefused = false;
  for (let attempt = 0; !stopped.aborted; attempt += 1) {
    try {
      const token = await options.token(wasRefused);
      const status = await listenOnce(options, token, stopped, {
        opened: () => {
          // What happened while the line was down came without a poke.
          if (attempt > 0) poke(undefined);
          attempt = 0;
        },
        poke,
      });
      // Whatever else was answered may have come from something in between, or from a server that is just starting: one word is
      // not the last one. Until there is a stream, asking from time to time has to do.
      wasRefused = status === 401;
    } catch {
      // The line broke; the next one is on its way.
    }
    await waiter.wait(backoff(attempt, retryMs), [], stopped);
  }
}

interface Listener {
  opened: () => void;
  poke: (seq: number | undefined) => void;
}

/** Reads one stream to its end, and says how it was answered. `EventSource` can send no token, so `fetch` reads it. */
async function listenOnce(
  options: SyncOptions,
  token: string,
  stopped: AbortSignal,
  listener: Listener,
): Promise<number> {
  const controller = new AbortController();
  const giveUp = () => {
    controller.abort();
  };
  stopped.addEventListener("abort", giveUp);
  let timer = setTimeout(giveUp, SILENCE_MS);
  try {
    const response = await (options.fetch ?? fetch)(`${options.url}/events`, {
      headers: { accept: "text/event-stream", authorization: `Bearer ${token}` },
      cache: "no-store",
      signal: controller.signal,
    });
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
    if (!response.ok || !isStream || response.body === null) {
      await response.body?.cancel();
      return response.status;
    }
    listener.opened();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return response.status;
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      const lines = (rest + value).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data:")) listener.poke(sequenceOf(line.slice(5)));
    }
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener("abort", giveUp);
    controller.abort();
  }
}

/** The sequence that a poke names, if it names one. */
function sequenceOf(data: string): number | undefined {
  try {
    const { seq } = JSON.parse(data) as { seq?: unknown };
    return typeof seq === "number" ? seq : undefined;
  } catch {
    return undefined;
  }
}
