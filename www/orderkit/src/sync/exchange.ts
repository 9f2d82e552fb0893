import { issue } from "../error.js";
import type { Response } from "../store/client.js";
import type { Issue } from "../types.js";
import type { SyncOptions } from "./state.js";

/** What came of one request. What it means is decided by the engine. */
export interface Sent {
  response: Response;
  /** The body of an answer that may be one of the protocol; only the engine can tell. */
  body?: Uint8Array;
  /** Why there is none. */
  issue?: Issue;
}

/** A server that takes longer is not there for us. */
const TIMEOUT_MS = 60_000;

/** Sends one request and says how it was answered. */
export async function send(
  options: SyncOptions,
  token: string,
  body: Uint8Array,
  stopped: AbortSignal,
): Promise<Sent> {
  const controller = new AbortController();
  const giveUp = () => {
    controller.abort();
  };
  const timer = setTimeout(giveUp, TIMEOUT_MS);
  stopped.addEventListener("abort", giveUp);
  try {
    const response = await (options.fetch ?? fetch)(`${options.url}/sync`, {
      method: "POST",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
      },
      // The engine hands out memory of its own, never shared memory.
      body: body as Uint8Array<ArrayBuffer>,
      cache: "no-store",
      signal: controller.signal,
    });
    return await interpret(response);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.name : "unknown";
    return { response: { status: 0 }, issue: issue("offline", { reason }) };
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener("abort", giveUp);
  }
}

async function interpret(answer: globalThis.Response): Promise<Sent> {
  const { status } = answer;
  if (status === 200) {
    if (!isJson(answer)) return { response: { status }, issue: issue("answer_unreadable") };
    return { response: { status, isJson: true }, body: new Uint8Array(await answer.arrayBuffer()) };
  }
  const found = await told(answer);
  const retryAfterMs = patience(answer.headers.get("retry-after"), Date.now());
  const response: Response = { status };
  if (found !== undefined) response.issue = found;
  if (retryAfterMs !== undefined) response.retryAfterMs = retryAfterMs;
  const usual = status === 413 ? issue("batch_too_large") : issue("try_later", { status });
  return { response, issue: found ?? usual };
}

function isJson(response: globalThis.Response): boolean {
  const type = response.headers.get("content-type") ?? "";
  return /^application\/json\s*(;|$)/i.test(type);
}

/** The reason as the server tells it; none if this is not its form. */
async function told(response: globalThis.Response): Promise<Issue | undefined> {
  if (!isJson(response)) return undefined;
  try {
    const body = (await response.json()) as Partial<Issue> | null;
    if (typeof body?.code !== "string") return undefined;
    return { code: body.code, path: body.path ?? "", args: body.args ?? {} };
  } catch {
    return undefined;
  }
}

/** The wait that a `Retry-After` header asks for: seconds, or a date. */
export function patience(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds) ? Date.parse(header) - nowMs : seconds * 1_000;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.round(Math.min(Math.max(waitMs, 0), Number.MAX_SAFE_INTEGER));
}
