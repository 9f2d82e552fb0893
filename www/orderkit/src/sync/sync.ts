import { issue } from "../error.js";
import { host } from "../host.js";
import { Listeners } from "../listeners.js";
import { isOpen, type Core } from "../store/core.js";
import { refresh, withRetry } from "../store/change.js";
import type { Step } from "../store/client.js";
import { pack, receive, rename, setAside } from "../store/receive.js";
import { coreOf, type Store } from "../store/store.js";
import type { Issue } from "../types.js";
import { listen } from "./events.js";
import { send, type Sent } from "./exchange.js";
import { takeTurns } from "./lead.js";
import type { SyncOptions, SyncState } from "./state.js";
import { Waiter, type Reason } from "./wait.js";

/** Changes in one answer. */
const MAX_CHANGES = 1_000;
/** How long a page waits for the one that exchanges. */
const ASK_TIMEOUT_MS = 10_000;

const ANY: readonly Reason[] = ["news", "network", "asked"];

/** What to do after a round, and why. */
interface Turn {
  step: Step;
  issue: Issue | undefined;
}

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
  readonly #listeners = new Listeners<[SyncState]>();
  readonly #waiter = new Waiter();
  #state: SyncState = { status: "stopped", leader: false };
  #running: AbortController | undefined;
  /** The highest sequence that the server spoke of since it was asked last. */
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
    return this.#listeners.add(listener);
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
    const { databaseName, channel } = this.#core;
    const lead = async (term: AbortSignal) => {
      await this.#lead(term);
      if (!isStopped(stopped)) this.#set({ ...this.#state, leader: false });
    };
    try {
      await takeTurns(`orderkit-sync-${databaseName}`, channel, lead, stopped, this.#options.lead);
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
    this.#core.client.beginExchange(this.#retryMs);
    while (!isStopped(stopped)) {
      this.#set({ ...this.#state, status: "syncing" });
      this.#waiter.forget();
      const turn = await this.#round(stopped);
      if (isStopped(stopped)) return;
      await this.#act(turn, stopped);
    }
  }

  async #act({ step, issue: why }: Turn, stopped: AbortSignal): Promise<void> {
    switch (step.kind) {
      case "again":
      case "take":
      case "refreshToken":
        return;
      case "rename":
        return this.#goOn(await rename(this.#core), stopped);
      case "setAside":
        return this.#goOn(await setAside(this.#core, step.issue), stopped);
      case "rest":
        this.#rest();
        await pack(this.#core).catch(() => undefined);
        return this.#waiter.wait(this.#options.pollMs ?? 30_000, ANY, stopped);
      case "offline":
        this.#set({ ...this.#state, status: "offline", error: why ?? issue("offline") });
        return this.#waiter.wait(step.waitMs, ANY, stopped);
      case "later":
        this.#set({ ...this.#state, status: "waiting", error: step.issue ?? why ?? issue("try_later") });
        return this.#waiter.wait(step.waitMs, ["asked"], stopped);
      case "stop":
        this.#end({ status: "stopped", leader: false, error: step.issue ?? why ?? issue("internal_error") });
    }
  }

  /** After the copy was to be changed: at once, unless that could not be stored. */
  async #goOn(failed: Issue | undefined, stopped: AbortSignal): Promise<void> {
    if (failed === undefined || this.#core.state === "closed") return;
    await this.#act({ step: this.#core.client.couldNotStore(), issue: failed }, stopped);
  }

  #rest(): void {
    const { lastSyncMs } = this.#core.progress;
    this.#set({ status: "idle", leader: true, ...(lastSyncMs === undefined ? {} : { lastSyncMs }) });
  }

  /** One request and its answer. */
  async #round(stopped: AbortSignal): Promise<Turn> {
    const core = this.#core;
    if (!isOpen(core)) return closed();
    const failed = await this.#refresh();
    if (!isOpen(core)) return closed();
    if (failed !== undefined) return { step: core.client.couldNotStore(), issue: failed };
    // What the server spoke of before is in the answer, or belongs to another life of it.
    this.#poked = 0;
    const body = core.client.request(MAX_CHANGES);
    let sent = await this.#send(body, false, stopped);
    let step = this.#hear(sent);
    if (step.kind === "refreshToken" && !isStopped(stopped)) {
      sent = await this.#send(body, true, stopped);
      step = this.#hear(sent);
    }
    if (step.kind !== "take" || sent.body === undefined) return { step, issue: sent.issue };
    const applied = await receive(core, sent.body, () => this.#poked);
    if (applied.kind === "stored") return { step: applied.step, issue: undefined };
    if (applied.kind === "failed") return { step: applied.step, issue: applied.issue };
    const isOther = applied.issue.code === "protocol_unknown";
    const unreadable = issue("answer_unreadable", { reason: applied.issue.code });
    return { step: applied.step, issue: isOther ? applied.issue : unreadable };
  }

  /** Reads what is stored, over a new connection if the browser lost the old one. Says what went wrong, if anything did. */
  async #refresh(): Promise<Issue | undefined> {
    const core = this.#core;
    try {
      const outcome = await core.exclusive(() => withRetry(core, () => refresh(core)));
      return typeof outcome === "boolean" ? undefined : outcome;
    } catch {
      return issue("storage_failed", { reason: "read" });
    }
  }

  #hear(sent: Sent): Step {
    if (this.#core.state === "closed") return closed().step;
    return this.#core.client.hear(sent.response);
  }

  async #send(body: Uint8Array, isRefused: boolean, stopped: AbortSignal): Promise<Sent> {
    let token: string;
    try {
      token = await this.#options.token(isRefused);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { response: { status: 0 }, issue: issue("offline", { reason }) };
    }
    return send(this.#options, token, body, stopped);
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
    this.#listeners.tell(state);
    if ((state.leader || wasLeader) && this.#core.state === "open") {
      this.#core.channel.post({ kind: "synced", state });
    }
  }
}

function closed(): Turn {
  const why = issue("store_closed");
  return { step: { kind: "stop", issue: why }, issue: why };
}
