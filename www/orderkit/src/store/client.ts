import * as engine from "../../wasm/orderkit.js";
import { mustSucceed as must, refuseMisuse } from "../error.js";
import type { Actor, CommandResult, Context } from "../generated/types.js";
import { decode, encode, encodeText } from "../json.js";
import type { Issue, Outcome, Position, Saved } from "../types.js";
import { Replica } from "./replica.js";

/** A command as it travels. */
export interface Envelope {
  n: number;
  id: string;
  order: string;
  kind: string;
  base: number;
  atMs: number;
  args: unknown;
}

/** One stored command. */
export interface OutboxRecord {
  n: number;
  command: Envelope;
  verdict?: CommandResult;
}

/** What the server said last of the user, uses and stock. */
export interface ServerKnown {
  /** The server's name for this content. */
  digest: string;
  context: Context;
}

/** What is stored besides orders and commands. What more is in it only the engine reads. */
export interface Progress {
  format: number;
  createdMs: number;
  position: Position;
  /** Rises whenever the outbox changes. */
  outboxStamp: number;
  lastSyncMs?: number;
  /** What the clock of the server was at that moment. */
  serverMs?: number;
  /** Since when confirmed orders are missing because their bytes could not be read. */
  damagedMs?: number;
  /** What there is to price by, besides the rules. */
  known?: ServerKnown;
}

/** Which pages of rows and pieces of logs to delete and to put; their bytes are in {@link Client.newPage}. */
export interface PageWrites {
  removeRows: number[];
  removeLogs: number[];
  putRows: number[];
  putLogs: number[];
}

/** What to write in one transaction, in the order of the fields. */
export interface Writes {
  strict: boolean;
  clearPages: boolean;
  clearOutbox: boolean;
  remove: number[];
  put: OutboxRecord[];
  pages: PageWrites;
  ruleset?: unknown;
  progress: Progress;
}

/** What to read before anything is decided on what is stored. */
export interface Reading {
  stale: "nothing" | "outbox" | "appended" | "everything";
  afterPage: number;
  /** Read the commands up to this counter, … */
  commandsUpto: number;
  /** … and from this one on. */
  commandsFrom: number;
}

/** What has to be mended after reading: pages that could not be read, or commands that the store lost. */
export type Mending = "nothing" | "pages" | "commands";

/** What the user asks for, with what only the host has. */
export interface AppendInputs {
  id: string;
  order: string;
  kind: string;
  args: unknown;
  base?: number;
  atMs: number;
  random: number[];
}

/** An answer that was understood. */
export interface Received {
  /** Nothing if another page was faster. */
  writes?: Writes;
  decided: number;
  more: boolean;
  retryAfterMs?: number;
  gap?: number;
}

/** How a request was answered, before its body is looked at. */
export interface Response {
  /** 0 if the server was not reached. */
  status: number;
  isJson?: boolean;
  issue?: Issue;
  retryAfterMs?: number;
}

/** What to do next. */
export type Step =
  | { kind: "take" | "again" | "rest" | "refreshToken" | "rename" }
  | { kind: "offline"; waitMs: number }
  | { kind: "later"; waitMs: number; issue?: Issue }
  | { kind: "setAside"; issue: Issue }
  | { kind: "stop"; issue?: Issue };

/** How the copy stands. */
interface ClientStanding {
  orders: number;
  unsent: number;
  refused: number;
  oldestUnsentMs?: number;
}

type Done = Outcome<"done", boolean>;
type Write = Outcome<"writes", Writes>;
type MayWrite = Outcome<"writes", Writes | null>;

/**
 * One copy of the orders in the engine's memory. Every call is synchronous; what it means is decided there. Calls that give
 * {@link Writes} change nothing before {@link Client.settle}.
 */
export class Client {
  /** The orders as the user sees them. */
  readonly replica: Replica;
  readonly #handle: number;

  private constructor(handle: number) {
    this.#handle = handle;
    this.replica = new Replica(handle);
  }

  /** A copy that is not stored yet, and what to store of it. */
  static begin(ruleset: string, request: { client: string; actor: Actor; nowMs: number }): [Client, Writes] {
    const answer = engine.beginClient(encodeText(ruleset), encode(request));
    const { begun } = must(decode<Outcome<"begun", { handle: number; writes: Writes }>>(answer));
    return [new Client(begun.handle), begun.writes];
  }

  /** An empty copy at its stored progress. */
  static open(ruleset: string, progress: Progress): Client {
    const answer = engine.openClient(encodeText(ruleset), encode(progress));
    return new Client(must(decode<Outcome<"handle", number>>(answer)).handle);
  }

  drop(): void {
    engine.dropClient(this.#handle);
  }

  stale(progress: Progress): Reading {
    const answer = engine.clientStale(this.#handle, encode(progress));
    return must(decode<Outcome<"reading", Reading>>(answer)).reading;
  }

  restart(progress: Progress): void {
    must(decode<Done>(engine.clientRestart(this.#handle, encode(progress))));
  }

  /** Whether these are rules that this version can read. */
  loadRules(ruleset: string): boolean {
    const answer = engine.clientLoadRules(this.#handle, encodeText(ruleset));
    return must(decode<Outcome<"loaded", boolean>>(answer)).loaded;
  }

  loadRows(key: number, page: Uint8Array): void {
    engine.clientLoadRows(this.#handle, key, page);
  }

  /** Nothing if there is none under its key. Whether it is good: if not, {@link Client.caughtUp} says what to do. */
  loadLogs(key: number, piece: Uint8Array | undefined): boolean {
    return engine.clientLoadLogs(this.#handle, key, piece);
  }

  /** The pieces of logs to load before an order can be opened, or a command on it decided. */
  logsOf(order: string): number[] {
    return keysOf(engine.clientLogsOf(this.#handle, order));
  }

  /** The pieces of logs to load before what waits can be folded. */
  wantedLogs(most: number): number[] {
    return keysOf(engine.clientWantedLogs(this.#handle, most));
  }

  /** The pieces of logs to load before {@link Client.pack}. */
  logsToPack(): number[] {
    return keysOf(engine.clientLogsToPack(this.#handle));
  }

  /** Forgets what is to be read. */
  forgetCommands({ commandsUpto, commandsFrom }: Reading): void {
    engine.clientForgetCommands(this.#handle, commandsUpto, commandsFrom);
  }

  loadRecords(records: OutboxRecord[]): void {
    must(decode<Done>(engine.clientLoadRecords(this.#handle, encode(records))));
  }

  /** What has to be mended first, with {@link Client.mend}. */
  caughtUp(progress: Progress): Mending {
    const answer = engine.clientCaughtUp(this.#handle, encode(progress));
    return must(decode<Outcome<"mending", Mending>>(answer)).mending;
  }

  mend(nowMs: number): Writes {
    return must(decode<Write>(engine.clientMend(this.#handle, nowMs))).writes;
  }

  append(inputs: AppendInputs): Outcome<"appended", { writes?: Writes; saved: Saved }> {
    return refuseMisuse(decode(engine.clientAppend(this.#handle, encode(inputs))));
  }

  /** Nothing if there is no refused command of this counter. */
  dismiss(n: number): Writes | undefined {
    return must(decode<MayWrite>(engine.clientDismiss(this.#handle, n))).writes ?? undefined;
  }

  request(limit: number): Uint8Array {
    return engine.clientRequest(this.#handle, limit);
  }

  /** How many changes there are to read. */
  beginAnswer(body: Uint8Array): Outcome<"left", number> {
    return decode(engine.clientBeginAnswer(this.#handle, body));
  }

  /** How many changes are left to read. */
  readChanges(most: number): Outcome<"left", number> {
    return decode(engine.clientReadChanges(this.#handle, most));
  }

  finishAnswer(nowMs: number): Outcome<"received", Received> {
    return decode(engine.clientFinishAnswer(this.#handle, nowMs));
  }

  /** Folds another slice of what other rules or other stock concern; says whether it did. */
  foldMore(): boolean {
    return engine.clientFoldMore(this.#handle);
  }

  /** A page of rows or a piece of logs to put. */
  newPage(key: number): Uint8Array {
    return engine.clientNewPage(this.#handle, key);
  }

  /** Takes what was written over; `agrees` if the orders are what the server says they must be. */
  settle(): { agrees: boolean } {
    const answer = engine.clientSettle(this.#handle);
    return must(decode<Outcome<"settled", { agrees: boolean }>>(answer)).settled;
  }

  abandon(): void {
    engine.clientAbandon(this.#handle);
  }

  /** Nothing if another page has given a new name since. */
  rename(old: string, name: string): Writes | undefined {
    return must(decode<MayWrite>(engine.clientRename(this.#handle, old, name))).writes ?? undefined;
  }

  setAside(name: string, issue: Issue): Writes | undefined {
    const answer = engine.clientSetAside(this.#handle, name, encode(issue));
    return must(decode<MayWrite>(answer)).writes ?? undefined;
  }

  rebuild(name: string, nowMs: number): Writes {
    return must(decode<Write>(engine.clientRebuild(this.#handle, name, nowMs))).writes;
  }

  dropConfirmed(): Writes {
    return must(decode<Write>(engine.clientDropConfirmed(this.#handle))).writes;
  }

  /** Nothing if it is the same role as before. */
  actAs(actor: Actor): Writes | undefined {
    return must(decode<MayWrite>(engine.clientActAs(this.#handle, encode(actor)))).writes ?? undefined;
  }

  /** Nothing if packing is not worth the writing. */
  pack(): Writes | undefined {
    return must(decode<MayWrite>(engine.clientPack(this.#handle))).writes ?? undefined;
  }

  exportUnsent(nowMs: number): string {
    return new TextDecoder().decode(engine.clientExportUnsent(this.#handle, nowMs));
  }

  importUnsent(file: Uint8Array): Outcome<"imported", { writes?: Writes; imported: number; known: number }> {
    return decode(engine.clientImportUnsent(this.#handle, file));
  }

  beginExchange(retryMs: { first: number; longest: number }): void {
    engine.clientBeginExchange(this.#handle, retryMs.first, retryMs.longest);
  }

  hear(response: Response): Step {
    return stepOf(engine.clientHear(this.#handle, encode(response), anyNumber()));
  }

  took({ decided, more, retryAfterMs, gap }: Received, agrees: boolean, poked: number): Step {
    const outcome = { decided, more, retryAfterMs, gap, agrees, poked };
    return stepOf(engine.clientTook(this.#handle, encode(outcome), anyNumber()));
  }

  foundUnreadable(issue: Issue): Step {
    return stepOf(engine.clientFoundUnreadable(this.#handle, encode(issue), anyNumber()));
  }

  couldNotStore(): Step {
    return stepOf(engine.clientCouldNotStore(this.#handle, anyNumber()));
  }

  standing(): ClientStanding {
    const answer = engine.clientStanding(this.#handle);
    return must(decode<Outcome<"standing", ClientStanding>>(answer)).standing;
  }
}

function keysOf(answer: Uint8Array): number[] {
  return must(decode<Outcome<"keys", number[]>>(answer)).keys;
}

function stepOf(answer: Uint8Array): Step {
  return must(decode<Outcome<"step", Step>>(answer)).step;
}

/** Spreads the waits of many clients. */
export function anyNumber(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
