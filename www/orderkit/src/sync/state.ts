import type { Issue } from "../types.js";

/**
 * What sync is doing: nothing, as all is exchanged; exchanging; without the server; waiting as the server asked or after
 * a fault; or stopped until somebody acts on `error`.
 */
export type SyncStatus = "idle" | "syncing" | "offline" | "waiting" | "stopped";

/** Where sync stands. */
export interface SyncState {
  status: SyncStatus;
  /** Whether this page is the one that exchanges; one of all pages on the same data is. */
  leader: boolean;
  /** When the server last answered. */
  lastSyncMs?: number;
  /**
   * Why it is not idle. `protocol_unknown` wants the page to be reloaded, `token_invalid` wants the user to sign in,
   * `token_forbids` is another user's data.
   */
  error?: Issue;
}

/** How to reach the server. */
export interface SyncOptions {
  /** The address of the tenant, such as `/v1/main`. */
  url: string;
  /** The token of the user. Called with `true` when the last one was refused. */
  token: (refused: boolean) => string | Promise<string>;
  /** In place of the host's `fetch`. */
  fetch?: typeof fetch;
  /** Whether to listen for news from the server; without it, it is asked from time to time. On if missing. */
  eventSource?: boolean;
  /** How often to ask for changes without being told that there are any. */
  pollMs?: number;
  /** The first and the longest wait after a fault. */
  retryMs?: { first: number; longest: number };
  /**
   * How often the page that exchanges says that it is alive, and after how much silence another one takes its place: 15 and 60
   * seconds.
   */
  lead?: { beatMs?: number; silenceMs?: number };
}
