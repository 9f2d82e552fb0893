import { issue } from "../error.js";
import type { Issue } from "../types.js";
import type { SyncOptions } from "./state.js";

/** What came of one request. */
export type Exchanged =
  /** JSON that may be an answer; only the engine can tell. */
  | { kind: "answered"; body: Uint8Array }
  /** The server was not reached. */
  | { kind: "offline"; issue: Issue }
  /** The server cannot answer now. */
  | { kind: "later"; issue: Issue; afterMs: number | undefined }
  | { kind: "tokenRefused"; issue: Issue }
  | { kind: "forked" }
  | { kind: "tooLarge"; issue: Issue }
  /** Trying again would not help. */
  | { kind: "stop"; issue: Issue };

/** A server that takes longer is not there for us. */
const TIMEOUT_MS = 60_000;
/** A server may ask for patience, and not for ever. */
const LONGEST_PATIENCE_MS = 15 * 60_000;

/** Sends one request and says what its answer means. */
export async function exchange(
  options: SyncOptions,
  token: string,
  body: Uint8Array,
  stopped: AbortSignal,
): Promise<Exchanged> {
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
    return { kind: "offline", issue: issue("offline", { reason }) };
  } finally {
    clearTimeout(timer);
    stopped.removeEventListener("abort", giveUp);
  }
}

async function interpret(response: Response): Promise<Exchanged> {
  const { status } = response;
  if (status === 200) {
    // A network that wants a sign-in first answers everything with a page of its own, and with 200.
    if (!isJson(response)) return { kind: "offline", issue: issue("answer_unreadable") };
    return { kind: "answered", body: new Uint8Array(await response.arrayBuffer()) };
  }
  const found = await told(response);
  // Only the server itself may say that trying again is useless; what stands between may not.
  if (found !== undefined) {
    if (status === 400 || status === 403 || status === 426) return { kind: "stop", issue: found };
    if (status === 401) return { kind: "tokenRefused", issue: found };
    if (status === 409 && found.code === "client_forked") return { kind: "forked" };
  }
  // Proxies have limits of their own, and do not speak JSON.
  if (status === 413) return { kind: "tooLarge", issue: found ?? issue("batch_too_large") };
  const afterMs = patience(response.headers.get("retry-after"), Date.now());
  return { kind: "later", issue: found ?? issue("try_later", { status }), afterMs };
}

function isJson(response: Response): boolean {
  const type = response.headers.get("content-type") ?? "";
  return /^application\/json\s*(;|$)/i.test(type);
}

/** The reason as the server tells it; none if this is not its form. */
async function told(response: Response): Promise<Issue | undefined> {
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
  return Math.min(Math.max(waitMs, 0), LONGEST_PATIENCE_MS);
}
