import { issue } from "../error.js";
import { host } from "../host.js";
import type { Core } from "../store/core.js";
import { compact, receive, rename } from "../store/receive.js";
import { coreOf, type Store } from "../store/store.js";
import type { Issue } from "../types.js";
import { listen } from "./events.js";
import { exchange } from "./exchange.js";
import type { SyncOptions, SyncState } from "./state.js";
import { backoff, Waiter, type Reason } from "./wait.js";

/** Commands in one request, so that an answer comes soon. */
const MAX_COMMANDS = 200;
/** Changes in one answer. */
const MAX_CHANGES = 1_000;
/** New names in a row after which something else is wrong. */
const MAX_RENAMES = 3;
/** How long a page waits for the one that exchanges. */
const ASK_TIMEOUT_MS = 10_000;

const ANY: readonly Reason[] = ["news", "network", "asked"];

/** What to do after a round. */
type Step =
  | { kind: "again" }
  | { kind: "rest" }
  | { kind: "offline"; issue: Issue }
  | { kind: "later"; issue: Issue; afterMs?: number | undefined }
  | { kind: "stop"; issue: Issue };

/** Asked anew each time: a signal changes while others are waited for. */
function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}

/**
 * Exchanges commands and changes with the server. Of all pages on the same data one does it, the others hand over to
 * it. Nothing counts as sent but what the server has decided.
 */
export class Sync {
  readonly #core: Core;
  readonly #options: SyncOptions;
  readonly #retryMs: { first: number; longest: number };
  readonly #listeners = new Set<(state: SyncState) => void>();
  readonly #waiter = new Waiter();
  #state: SyncState = { status: "stopped", leader: false };
  #running: AbortController | undefined;
  #batch = MAX_COMMANDS;
  #renames = 0;
  #disagreements = 0;
  /** The highest sequence that the server said there is. */
  #poked = 0;

  constructor(store: Store, options: SyncOptions) {
    this.#core = coreOf(store);
    this.#options = options;
    this.#retryMs = options.retryMs ?? { first: 1_000, longest: 60_000 };
  }

  /** Where it stands. */
  get state(): SyncState {
    return this.#state;
  }

  /** Calls back with every new state. */
  subscribe(listener: (state: SyncState) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Begins, also again after it stopped for a reason. */
  start(): void {
    if (this.#running !== undefined) return;
    const running = new AbortController();
    this.#running = running;
    const { lastSyncMs } = this.#core.progress;
    this.#set({ status: "idle", leader: false, ...(lastSyncMs === undefined ? {} : { lastSyncMs }) });
    this.#watch(running.signal);
    void this.#becomeLeader(running.signal);
  }

  /** Stops; what is on its way is given up and sent again later. */
  stop(): void {
    this.#end({ status: "stopped", leader: false });
  }

  /** Exchanges now, in whichever page does it, and says how it went. */
  async syncNow(): Promise<SyncState> {
    if (this.#running === undefined) return this.#state;
    const settled = new Promise<SyncState>((resolve) => {
      const finish = (state: SyncState) => {
        if (state.status === "syncing") return;
        clearTimeout(timer);
        stopListening();
        resolve(state);
      };
      const stopListening = this.subscribe(finish);
      const timer = setTimeout(() => {
        stopListening();
        resolve(this.#state);
      }, ASK_TIMEOUT_MS);
    });
    if (this.#state.leader) this.#waiter.wake("asked");
    else this.#core.channel.post({ kind: "syncWanted" });
    return settled;
  }

  /** Waits for its turn, and exchanges until it stops. */
  async #becomeLeader(stopped: AbortSignal): Promise<void> {
    const locks = host.navigator?.locks;
    const lead = () => this.#lead(stopped);
    try {
      // Where there are no locks, two pages may exchange at once; the server sorts that out.
      if (locks === undefined) await lead();
      else await locks.request(`orderkit-sync-${this.#core.databaseName}`, { signal: stopped }, lead);
    } catch (cause) {
      if (stopped.aborted) return;
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#end({ status: "stopped", leader: false, error: issue("internal_error", { reason }) });
    }
  }

  async #lead(stopped: AbortSignal): Promise<void> {
    this.#set({ ...this.#state, leader: true });
    if (this.#options.eventSource !== false) {
      void listen(
        this.#options,
        this.#retryMs,
        (seq) => {
          this.#hearPoke(seq);
        },
        stopped,
      );
    }
    let faults = 0;
    while (!isStopped(stopped)) {
      this.#set({ ...this.#state, status: "syncing" });
      this.#waiter.forget();
      const step = await this.#round(stopped);
      if (isStopped(stopped)) return;
      await this.#act(step, faults, stopped);
      faults = step.kind === "offline" || step.kind === "later" ? faults + 1 : 0;
    }
  }

  async #act(step: Step, faults: number, stopped: AbortSignal): Promise<void> {
    switch (step.kind) {
      case "again":
        return;
      case "rest":
        this.#rest();
        await compact(this.#core).catch(() => undefined);
        await this.#waiter.wait(this.#options.pollMs ?? 30_000, ANY, stopped);
        return;
      case "offline":
        this.#set({ ...this.#state, status: "offline", error: step.issue });
        await this.#waiter.wait(backoff(faults, this.#retryMs), ANY, stopped);
        return;
      case "later": {
        this.#set({ ...this.#state, status: "waiting", error: step.issue });
        // Spread, so that all that were told the same do not come at the same moment.
        const waitMs =
          step.afterMs === undefined
            ? backoff(faults, this.#retryMs)
            : step.afterMs * (1 + Math.random() / 5);
        await this.#waiter.wait(waitMs, ["asked"], stopped);
        return;
      }
      case "stop":
        this.#end({ status: "stopped", leader: false, error: step.issue });
    }
  }

  #rest(): void {
    const { lastSyncMs } = this.#core.progress;
    this.#set({ status: "idle", leader: true, ...(lastSyncMs === undefined ? {} : { lastSyncMs }) });
  }

  /** One request and its answer. */
  async #round(stopped: AbortSignal): Promise<Step> {
    const core = this.#core;
    if (core.state !== "open") return { kind: "stop", issue: issue("store_closed") };
    try {
      await core.exclusive(() => core.catchUp(true));
    } catch {
      return { kind: "later", issue: issue("storage_failed", { reason: "read" }) };
    }
    const poked = this.#poked;
    const sent = Math.min(this.#batch, core.waiting().length);
    const body = core.replica.request(this.#batch, MAX_CHANGES);
    let answer = await this.#send(body, false, stopped);
    if (answer.kind === "tokenRefused" && !stopped.aborted) answer = await this.#send(body, true, stopped);
    switch (answer.kind) {
      case "answered":
        return this.#take(answer.body, sent, poked);
      case "tokenRefused":
        return { kind: "stop", issue: answer.issue };
      case "forked":
        return this.#rename();
      case "tooLarge":
        if (sent <= 1) return { kind: "stop", issue: answer.issue };
        this.#batch = Math.ceil(sent / 2);
        return { kind: "again" };
      case "offline":
      case "later":
      case "stop":
        return answer;
    }
  }

  async #send(body: Uint8Array, isRefused: boolean, stopped: AbortSignal) {
    let token: string;
    try {
      token = await this.#options.token(isRefused);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { kind: "offline" as const, issue: issue("offline", { reason }) };
    }
    return exchange(this.#options, token, body, stopped);
  }

  /** Stores an answer, and says what is left to do. */
  async #take(body: Uint8Array, sent: number, poked: number): Promise<Step> {
    const applied = await receive(this.#core, body);
    if (applied.kind === "failed") return { kind: "later", issue: applied.issue };
    if (applied.kind === "unreadable") {
      if (applied.issue.code === "protocol_unknown") return { kind: "stop", issue: applied.issue };
      return { kind: "offline", issue: issue("answer_unreadable", { reason: applied.issue.code }) };
    }
    const { effects } = applied;
    if (applied.disagrees) {
      this.#disagreements += 1;
      // Once is a copy that went wrong; more is a fault of the server, which will not pass quickly.
      if (this.#disagreements > 1) return { kind: "later", issue: issue("store_corrupt") };
      return { kind: "again" };
    }
    if (effects.gap !== null) return this.#closeGap(effects.gap);
    this.#renames = 0;
    this.#batch = Math.min(this.#batch * 2, MAX_COMMANDS);
    if (effects.retryAfterMs !== null) {
      return { kind: "later", issue: issue("try_later"), afterMs: effects.retryAfterMs };
    }
    if (effects.more) return { kind: "again" };
    this.#disagreements = 0;
    const decided = effects.remove.length + effects.refused.length;
    // The server has to decide what it is sent; to send it again at once would only go round in circles.
    if (sent > 0 && decided === 0) return { kind: "later", issue: issue("try_later") };
    if (this.#core.waiting().length > 0 || this.#isBehind(poked)) return { kind: "again" };
    return { kind: "rest" };
  }

  /** Whether the server spoke of news during the round that the round did not bring. */
  #isBehind(poked: number): boolean {
    return this.#poked > poked && this.#poked > (this.#core.progress.position.since?.seq ?? 0);
  }

  /** The server misses a command. If it is not here any more, the server was set back: a new name begins a new count. */
  #closeGap(expected: number): Promise<Step> | Step {
    const isHere = this.#core.waiting().some((record) => record.n === expected);
    return isHere ? { kind: "later", issue: issue("command_gap", { expected }) } : this.#rename();
  }

  async #rename(): Promise<Step> {
    this.#renames += 1;
    if (this.#renames > MAX_RENAMES) return { kind: "stop", issue: issue("client_forked") };
    const failed = await rename(this.#core);
    return failed === undefined ? { kind: "again" } : { kind: "later", issue: failed };
  }

  #hearPoke(seq: number | undefined): void {
    if (seq === undefined) {
      this.#waiter.wake("news");
      return;
    }
    this.#poked = Math.max(this.#poked, seq);
    // The poke about what this page has just sent is no news to it.
    const isNews = seq > (this.#core.progress.position.since?.seq ?? 0);
    if (isNews && this.#state.status !== "syncing") this.#waiter.wake("news");
  }

  /** Everything that can end a wait. */
  #watch(stopped: AbortSignal): void {
    const appended = this.#core.onAppended(() => {
      this.#waiter.wake("news");
    });
    const heard = this.#core.channel.listen((hint) => {
      if (hint.kind === "syncWanted" && this.#state.leader) this.#waiter.wake("asked");
      // Pages that do not exchange show what the one does that does.
      if (hint.kind === "synced" && !this.#state.leader) this.#set({ ...hint.state, leader: false });
    });
    const online = () => {
      this.#waiter.wake("network");
    };
    // Soon enough that nobody sells more than this device may by itself; the next answer says that it is over.
    const offline = () => {
      this.#core.setOffline(true);
    };
    const visible = () => {
      if (host.document?.visibilityState === "visible") this.#waiter.wake("network");
    };
    host.addEventListener?.("online", online);
    host.addEventListener?.("offline", offline);
    host.document?.addEventListener("visibilitychange", visible);
    stopped.addEventListener("abort", () => {
      appended();
      heard();
      host.removeEventListener?.("online", online);
      host.removeEventListener?.("offline", offline);
      host.document?.removeEventListener("visibilitychange", visible);
    });
  }

  #end(state: SyncState): void {
    this.#running?.abort();
    this.#running = undefined;
    const { lastSyncMs } = this.#core.progress;
    this.#set({ ...state, ...(lastSyncMs === undefined ? {} : { lastSyncMs }) });
  }

  #set(state: SyncState): void {
    const wasLeader = this.#state.leader;
    this.#state = state;
    // Another try says nothing yet.
    if (state.status === "offline" || state.status === "idle")
      this.#core.setOffline(state.status === "offline");
    for (const listener of this.#listeners) listener(state);
    if ((state.leader || wasLeader) && this.#core.state === "open") {
      this.#core.channel.post({ kind: "synced", state });
    }
  }
}
