import type { Known } from "../calls.js";
import { issue, OrderkitError } from "../error.js";
import type { Actor, Ruleset } from "../generated/types.js";
import { host } from "../host.js";
import { Rules } from "../rules.js";
import type { Issue, StoreState } from "../types.js";
import { Channel, type Hint } from "./channel.js";
import { Device } from "./device.js";
import { finish, isProgress, openDatabase, storageIssue, type Database, type Progress } from "./database.js";
import { Replica, type OutboxRecord } from "./replica.js";
import {
  begin,
  bytesOf,
  isOtherCopy,
  isSame,
  readAll,
  renumbered,
  TABLES,
  withUsableRules,
  type Stored,
} from "./stored.js";

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
  /** The progress that the memory has come to. */
  progress: Progress;
  /** The commands in memory, by `n`. */
  outbox = new Map<number, OutboxRecord>();
  /** The key of the last delta that is in memory. */
  lastDelta = 0;
  /** Bytes of the pages that are stored, packed for good and as they came. */
  snapBytes = 0;
  deltaBytes = 0;
  readonly #options: CoreOptions;
  #database: Database;
  #replica: Replica;
  #rulesetText: string;
  #isOffline = false;
  #known: { key: readonly unknown[]; facts: Known; atMs: number } | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #listeners = new Set<() => void>();
  #outboxListeners = new Set<() => void>();
  #refreshing: Promise<void> | undefined;

  private constructor(options: CoreOptions, database: Database, stored: Stored, progress: Progress) {
    this.#options = options;
    this.databaseName = database.name;
    this.#database = database;
    this.progress = progress;
    this.#rulesetText = stored.ruleset ?? JSON.stringify(options.ruleset);
    this.rules = Rules.load(this.#rulesetText);
    this.#replica = this.#opened(progress);
    this.channel = new Channel(database.name, (hint) => {
      this.#hear(hint);
    });
  }

  static async open(options: CoreOptions): Promise<Core> {
    const parts = [options.name, options.tenant, options.actor.user].map(encodeURIComponent);
    let core: Core | undefined = undefined as Core | undefined;
    const database = await openDatabase(parts.join("/"), {
      outdated: () => core?.outdate(),
      lost: () => void core?.exclusive(() => core?.reopen() ?? Promise.resolve()),
    });
    const stored = withUsableRules(await readAll(database));
    const progress = stored.progress ?? (await begin(database, options.actor));
    core = new Core(options, database, stored, progress);
    await core.#fill(stored);
    core.device.persisted = await host.navigator?.storage?.persisted?.();
    void core.device.measure();
    return core;
  }

  get database(): Database {
    if (this.state !== "open") throw new OrderkitError([issue("store_closed")]);
    return this.#database;
  }

  /** The orders. A page that is out of date can still show them. */
  get replica(): Replica {
    if (this.state === "closed") throw new OrderkitError([issue("store_closed")]);
    return this.#replica;
  }

  /** Tells whether the server can be reached. */
  setOffline(isOffline: boolean): void {
    if (this.#isOffline === isOffline) return;
    this.#isOffline = isOffline;
    if (this.state === "closed") return;
    this.#replica.setOffline(isOffline);
    this.changed();
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

  /** Commands that the server has not decided. */
  waiting(): OutboxRecord[] {
    return [...this.outbox.values()].filter((record) => record.verdict === undefined);
  }

  /** Runs one change at a time: each begins with what the last one left. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(work);
    this.#tail = run.catch(() => undefined);
    return run;
  }

  #opened(progress: Progress): Replica {
    const replica = Replica.open(this.#rulesetText, progress.position);
    replica.setOffline(this.#isOffline);
    // What another version of this package stored counts as nothing, here and when pricing.
    if (progress.known !== undefined && !replica.setKnown(progress.known)) delete progress.known;
    return replica;
  }

  /** Loads the memory with what is stored. */
  async #fill(stored: Stored): Promise<void> {
    this.lastDelta = stored.lastDelta;
    this.snapBytes = bytesOf(stored.snap);
    this.deltaBytes = bytesOf(stored.delta);
    const isRead = [...stored.snap, ...stored.delta].every((page) => this.#replica.loadPage(page));
    this.takeOutbox(stored.outbox);
    // Confirmed orders can be fetched again; what the user entered cannot, and stays.
    if (!isRead) await this.dropConfirmed(Date.now());
  }

  /** Takes over the outbox as it is stored. */
  takeOutbox(records: OutboxRecord[]): void {
    this.outbox = new Map(records.map((record) => [record.n, record]));
    this.#replica.loadOutbox(records);
  }

  /** Drops all confirmed orders, here and in memory; the next pull brings them again. */
  async dropConfirmed(damagedMs?: number): Promise<void> {
    const transaction = this.database.transaction(["snap", "delta", "meta"], "readwrite");
    const stored = await transaction.objectStore("meta").get("progress");
    const before = isProgress(stored) ? stored : this.progress;
    const position = { ...before.position };
    delete position.since;
    const damage = damagedMs === undefined ? {} : { damagedMs };
    const progress = { ...before, position, pagesStamp: before.pagesStamp + 1, ...damage };
    await finish(transaction, [
      transaction.objectStore("snap").clear(),
      transaction.objectStore("delta").clear(),
      transaction.objectStore("meta").put(progress, "progress"),
    ]);
    this.#replica.reset();
    this.progress = { ...this.progress, position, pagesStamp: progress.pagesStamp, ...damage };
    this.snapBytes = 0;
    this.deltaBytes = 0;
  }

  /** Reads everything anew, as at the start. */
  async reload(): Promise<void> {
    const stored = withUsableRules(await readAll(this.database));
    if (stored.progress === undefined) {
      await this.#rebuild();
      return;
    }
    this.progress = stored.progress;
    if (stored.ruleset !== undefined) this.takeRules(stored.ruleset);
    const old = this.#replica;
    this.#replica = this.#opened(stored.progress);
    old.drop();
    await this.#fill(stored);
  }

  /** The database vanished under the page. Writes down again what the page still knows, under a new name. */
  async #rebuild(): Promise<void> {
    const waiting = this.waiting();
    const progress = await begin(this.database, this.#options.actor);
    const records = renumbered(waiting);
    const transaction = this.database.transaction(["outbox", "meta"], "readwrite", { durability: "strict" });
    progress.nextN = records.length + 1;
    progress.outboxStamp += 1;
    progress.series = this.progress.series;
    await finish(transaction, [
      ...records.map((record) => transaction.objectStore("outbox").put(record)),
      transaction.objectStore("meta").put(progress, "progress"),
    ]);
    this.progress = progress;
    this.lastDelta = 0;
    this.#replica.drop();
    this.#replica = this.#opened(progress);
    this.takeOutbox(records);
  }

  /** Opens the database again after the browser lost it. */
  async reopen(): Promise<void> {
    if (this.state !== "open") return;
    this.#database = await openDatabase(this.databaseName, {
      outdated: () => {
        this.outdate();
      },
      lost: () => void this.exclusive(() => this.reopen()),
    });
    await this.reload();
    this.changed();
  }

  /** The rules that decide from now on. */
  takeRules(ruleset: string): void {
    if (ruleset === this.#rulesetText) return;
    this.#rulesetText = ruleset;
    this.rules = Rules.load(ruleset);
    this.#replica.setRules(ruleset);
  }

  /** Reads what other pages wrote. Many calls at once read once. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.exclusive(async () => {
      this.#refreshing = undefined;
      if (this.state === "open") await this.catchUp();
    });
    return this.#refreshing;
  }

  /** Reads what other pages wrote; only within {@link Core.exclusive}. */
  async catchUp(isExact = false): Promise<void> {
    const stored = await this.database.get("meta", "progress");
    const known = this.progress;
    if (
      !isProgress(stored) ||
      isOtherCopy(stored, known) ||
      (isExact && !isSame(stored.position, known.position))
    ) {
      await this.reload();
    } else if (stored.outboxStamp === known.outboxStamp && stored.answersStamp === known.answersStamp) {
      return;
    } else {
      await this.#readOn();
    }
    this.changed();
  }

  async #readOn(): Promise<void> {
    const transaction = this.database.transaction(TABLES);
    const newer = IDBKeyRange.lowerBound(this.lastDelta, true);
    const [progress, ruleset, outbox, pages, keys] = await Promise.all([
      transaction.objectStore("meta").get("progress"),
      transaction.objectStore("meta").get("ruleset"),
      transaction.objectStore("outbox").getAll(),
      transaction.objectStore("delta").getAll(newer),
      transaction.objectStore("delta").getAllKeys(newer),
    ]);
    if (!isProgress(progress)) return;
    if (typeof ruleset === "string") this.takeRules(ruleset);
    this.lastDelta = keys.at(-1) ?? this.lastDelta;
    this.deltaBytes += bytesOf(pages);
    const { known } = progress;
    if (known !== undefined && known.digest !== this.progress.known?.digest) this.#replica.setKnown(known);
    const isRead = pages.every((page) => this.#replica.loadPage(page));
    this.takeOutbox(outbox);
    // The engine keeps the position that it was opened at; it matters only to the page that exchanges.
    this.progress = { ...progress, position: this.progress.position };
    if (!isRead) await this.dropConfirmed(Date.now());
  }

  /** Calls back after every change of what {@link Store} shows. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Calls back when there is something new to send. */
  onAppended(listener: () => void): () => void {
    this.#outboxListeners.add(listener);
    return () => {
      this.#outboxListeners.delete(listener);
    };
  }

  /** Notes how a write ended: storage that fails is told where trouble is shown. */
  wrote(failed: Issue | undefined): void {
    if (this.device.wrote(failed)) this.changed();
    void this.device.measure();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  appended(): void {
    this.changed();
    for (const listener of this.#outboxListeners) listener();
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
    this.#replica.drop();
    this.channel.close();
  }
}

/** Tries once more with a new connection: some browsers lose the old one when they wake up. */
export async function withRetry<T>(core: Core, work: (attempt: number) => Promise<T>): Promise<T | Issue> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (cause) {
      if (cause instanceof OrderkitError && cause.code === "store_closed") return issue("store_closed");
      if (!(cause instanceof DOMException)) throw cause;
      const found = storageIssue(cause);
      if (attempt > 0 || found.code === "storage_full") return found;
      try {
        await core.reopen();
      } catch {
        return found;
      }
    }
  }
}
