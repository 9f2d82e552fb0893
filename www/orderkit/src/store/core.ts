import { issue, OrderkitError } from "../error.js";
import type { Known } from "../calls.js";
import type { Actor, Ruleset } from "../generated/types.js";
import { host } from "../host.js";
import { newId } from "../id.js";
import { Listeners } from "../listeners.js";
import { Rules } from "../rules.js";
import type { Issue, StoreState } from "../types.js";
import { actAs, refresh } from "./change.js";
import { Channel, type Hint } from "./channel.js";
import { Client, type Progress, type Writes } from "./client.js";
import { finish, isNewer, isProgress, openDatabase, type Database } from "./database.js";
import { Device } from "./device.js";
import { LogReader } from "./log-reader.js";
import type { Replica } from "./replica.js";
import type { Caught } from "./stored.js";

/** How long what is known counts as it was worked out: parts of the stock end with time. */
const KNOWN_FOR_MS = 10_000;

/** What a copy of the orders belongs to. */
export interface CoreOptions {
  name: string;
  tenant: string;
  actor: Actor;
  ruleset: Ruleset;
}

/**
 * The database and the orders in memory, kept in step: memory changes only after the database has changed.
 *
 * Other pages write to the same database. What they wrote is read when they say so, and before anything is decided
 * that depends on it.
 */
export class Core {
  readonly databaseName: string;
  readonly channel: Channel;
  state: StoreState = "open";
  rules: Rules;
  readonly device = new Device();
  readonly logs = new LogReader(this);
  /** How far the memory has come, as it is stored. */
  progress: Progress;
  /** When this page found that the browser had cleared the storage under it. */
  clearedMs: number | undefined;
  #database: Database;
  readonly #client: Client;
  #rulesetText: string;
  #isOffline = false;
  #known: { key: readonly unknown[]; facts: Known; atMs: number } | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Listeners<[]>();
  readonly #outboxListeners = new Listeners<[]>();
  #refreshing: Promise<void> | undefined;

  private constructor(database: Database, client: Client, progress: Progress, rulesetText: string) {
    this.databaseName = database.name;
    this.#database = database;
    this.#client = client;
    this.progress = progress;
    this.#rulesetText = rulesetText;
    this.rules = Rules.load(rulesetText);
    this.channel = new Channel(database.name, (hint) => {
      this.#hear(hint);
    });
  }

  static async open(options: CoreOptions): Promise<Core> {
    const parts = [options.name, options.tenant, options.actor.user].map(encodeURIComponent);
    let core: Core | undefined = undefined as Core | undefined;
    const database = await openDatabase(parts.join("/"), {
      outdated: () => core?.outdate(),
      lost: () => core?.recover(),
    });
    const rulesetText = JSON.stringify(options.ruleset);
    const [client, progress] = await begin(database, rulesetText, options.actor);
    core = new Core(database, client, progress, rulesetText);
    await core.exclusive(() => actAs(core, options.actor));
    core.device.persisted = await host.navigator?.storage?.persisted?.();
    void core.device.measure();
    return core;
  }

  get database(): Database {
    if (this.state !== "open") throw new OrderkitError([issue("store_closed")]);
    return this.#database;
  }

  /** The copy. A page that is out of date can still show it. */
  get client(): Client {
    if (this.state === "closed") throw new OrderkitError([issue("store_closed")]);
    return this.#client;
  }

  /** The orders. */
  get replica(): Replica {
    return this.client.replica;
  }

  /** Tells whether the server can be reached. */
  setOffline(isOffline: boolean): void {
    if (this.#isOffline === isOffline) return;
    this.#isOffline = isOffline;
    if (this.state === "closed") return;
    this.replica.setOffline(isOffline);
    this.changed();
    void this.logs.fold();
  }

  /** What prices depend on besides the rules, as it stands here. It is asked for at every key. */
  known(): Known {
    const nowMs = Date.now();
    const { known, outboxStamp, position } = this.progress;
    const key = [known?.digest, outboxStamp, position, this.#isOffline] as const;
    const cached = this.#known;
    const isFresh =
      cached !== undefined &&
      key.every((part, index) => part === cached.key[index]) &&
      nowMs - cached.atMs < KNOWN_FOR_MS;
    if (isFresh) return cached.facts;
    const facts: Known = { ...this.replica.known(nowMs) };
    delete facts.nowMs;
    this.#known = { key, facts, atMs: nowMs };
    return facts;
  }

  /** Runs one change at a time: each begins with what the last one left. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(work);
    this.#tail = run.catch(() => undefined);
    return run;
  }

  /** What other pages wrote is in memory now. */
  caughtUp({ progress, ruleset, isNews }: Caught & { kind: "current" }): void {
    if (!isNews) return;
    this.#follow(progress);
    if (ruleset !== undefined) this.#takeRules(ruleset);
    this.changed();
    void this.logs.fold();
  }

  /** What this page wrote is in memory now. */
  stored(writes: Writes): void {
    this.#follow(writes.progress);
    if (writes.ruleset !== undefined) this.#takeRules(JSON.stringify(writes.ruleset));
    void this.logs.fold();
  }

  #follow(progress: Progress): void {
    // Another store in the place of the one that this page began with.
    if (progress.createdMs !== this.progress.createdMs) this.clearedMs = Date.now();
    this.progress = progress;
  }

  /** The rules that decide from now on; the engine has them already. */
  #takeRules(ruleset: string): void {
    if (ruleset === this.#rulesetText) return;
    this.#rulesetText = ruleset;
    this.rules = Rules.load(ruleset);
  }

  /** Sees to it that what the browser lost is opened again: now, or when it is next needed. */
  recover(): void {
    this.exclusive(() => this.reopen()).catch(() => undefined);
  }

  /** Opens the database again after the browser lost it. */
  async reopen(): Promise<void> {
    if (this.state !== "open") return;
    this.#database = await openDatabase(this.databaseName, {
      outdated: () => {
        this.outdate();
      },
      lost: () => {
        this.recover();
      },
    });
    await refresh(this);
    this.changed();
    void this.logs.fold();
  }

  /** Reads what other pages wrote. Many calls at once read once. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.exclusive(async () => {
      this.#refreshing = undefined;
      if (this.state === "open" && (await refresh(this))) this.changed();
    });
    return this.#refreshing;
  }

  /** Calls back after every change of what {@link Store} shows. */
  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Calls back when there is something new to send. */
  onAppended(listener: () => void): () => void {
    return this.#outboxListeners.add(listener);
  }

  /** Notes how a reading ended, if it failed; what can be read need not be writable. */
  read(failed: Issue | undefined): void {
    if (failed !== undefined && this.device.wrote(failed)) this.changed();
  }

  /** Notes how a write ended: storage that fails is told where trouble is shown. */
  wrote(failed: Issue | undefined): void {
    if (this.device.wrote(failed)) this.changed();
    void this.device.measure();
  }

  changed(): void {
    this.#listeners.tell();
  }

  appended(): void {
    this.changed();
    this.#outboxListeners.tell();
  }

  #hear(hint: Hint): void {
    if (hint.kind !== "appended" && hint.kind !== "received") return;
    // A failure shows where it matters: at the next write.
    this.refresh().then(
      () => {
        if (hint.kind === "appended") this.appended();
      },
      () => undefined,
    );
  }

  /** Another page brought a newer version: this one can show what it has, and write nothing. */
  outdate(): void {
    if (this.state !== "open") return;
    this.state = "outdated";
    this.channel.close();
    this.changed();
  }

  close(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.#database.close();
    this.#client.drop();
    this.channel.close();
  }
}

/** Asked anew each time: the browser may close the copy at any moment. */
export function isOpen(core: Core): boolean {
  return core.state === "open";
}

/** The copy that is stored, still empty in memory; a new one if there is none, unless another page is faster. */
async function begin(database: Database, ruleset: string, actor: Actor): Promise<[Client, Progress]> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  const stored = await transaction.store.get("progress");
  if (isProgress(stored)) {
    if (isNewer(stored)) throw new OrderkitError([issue("store_closed")]);
    return [Client.open(ruleset, stored), stored];
  }
  const [client, writes] = Client.begin(ruleset, { client: newId(), actor, nowMs: Date.now() });
  await finish(transaction, [transaction.store.put(writes.progress, "progress")]);
  return [client, writes.progress];
}
