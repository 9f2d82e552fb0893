import * as engine from "../../wasm/orderkit.js";
import { mustSucceed as must, refuseMisuse } from "../error.js";
import type {
  Amendment,
  AmendmentPreview,
  CommandResult,
  Context,
  DeviceState,
  OrderLog,
  Settlement,
} from "../generated/types.js";
import { decode, encode, encodeText } from "../json.js";
import type {
  EditPreviewOptions,
  InboxEntry,
  Listing,
  OrderView,
  Outcome,
  PendingCommand,
  Position,
  Query,
  ReturnCommand,
} from "../types.js";

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

/** The counter of the device's order numbers; what more is in it only the rules read. */
export interface Series {
  period: string;
  last: number;
}

/** What the server said last of the user, uses and stock. */
export interface ServerKnown {
  /** The server's name for this content. */
  digest: string;
  context: Context;
}

/** What a proposal is made of. */
export interface ProposalInputs {
  n: number;
  id: string;
  order: string;
  kind: string;
  args: unknown;
  base?: number;
  atMs: number;
  series: Series;
  random: number[];
}

/** What to store for a command. */
export interface Proposal {
  record: OutboxRecord;
  series: Series;
  number?: string;
  clockSuspect?: boolean;
}

/** What to store for an answer of the server. */
export interface Effects {
  reset: boolean;
  hasPage: boolean;
  remove: number[];
  refused: CommandResult[];
  position: Position;
  newRules: boolean;
  newKnown: boolean;
  more: boolean;
  retryAfterMs: number | null;
  timeMs: number;
  gap: number | null;
}

/** The orders in the engine's memory. Every call is synchronous; what it means is decided there. */
export class Replica {
  readonly #handle: number;

  private constructor(handle: number) {
    this.#handle = handle;
  }

  /** An empty copy at a position. */
  static open(ruleset: string, position: Position): Replica {
    const answer = decode<Outcome<"handle", number>>(
      engine.openReplica(encodeText(ruleset), encode(position)),
    );
    return new Replica(must(answer).handle);
  }

  drop(): void {
    engine.dropReplica(this.#handle);
  }

  setRules(ruleset: string): void {
    must(decode<Done>(engine.replicaSetRules(this.#handle, encodeText(ruleset))));
  }

  /** Whether it could be read; if not, the server brings it again. */
  setKnown(known: ServerKnown): boolean {
    return decode<Done>(engine.replicaSetKnown(this.#handle, encode(known))).ok;
  }

  /** Tells whether the device has a network: without one it sells no more than its part of the stock. */
  setOffline(isOffline: boolean): void {
    engine.replicaSetOffline(this.#handle, isOffline);
  }

  /** What prices depend on, less what waiting orders take; nothing before the first exchange. */
  known(nowMs: number): Context | undefined {
    const answer = decode<Outcome<"known", Context | null>>(engine.replicaKnown(this.#handle, nowMs));
    return must(answer).known ?? undefined;
  }

  /** Whether the page could be read; if not, everything confirmed has to be fetched again. */
  loadPage(page: Uint8Array): boolean {
    return decode<Done>(engine.replicaLoadPage(this.#handle, page)).ok;
  }

  loadOutbox(records: OutboxRecord[]): void {
    must(decode<Outcome<"loaded", number>>(engine.replicaLoadOutbox(this.#handle, encode(records))));
  }

  propose(inputs: ProposalInputs): Outcome<"proposal", Proposal> {
    return refuseMisuse(
      decode<Outcome<"proposal", Proposal>>(engine.replicaPropose(this.#handle, encode(inputs))),
    );
  }

  commit(record: OutboxRecord): void {
    must(decode<Outcome<"n", number>>(engine.replicaCommit(this.#handle, encode(record))));
  }

  /** Whether there was a refused command of this counter. */
  dismiss(n: number): boolean {
    return decode<Done>(engine.replicaDismiss(this.#handle, n)).ok;
  }

  rename(client: string): void {
    must(decode<Outcome<"records", OutboxRecord[]>>(engine.replicaRename(this.#handle, client)));
  }

  request(maximumCommands: number, limit: number): Uint8Array {
    return engine.replicaRequest(this.#handle, maximumCommands, limit);
  }

  receive(body: Uint8Array): Outcome<"effects", Effects> {
    return decode<Outcome<"effects", Effects>>(engine.replicaReceive(this.#handle, body));
  }

  receivedPage(): Uint8Array {
    return engine.replicaReceivedPage(this.#handle);
  }

  /** Whether the copy now is what the server says it must be. */
  settle(): boolean {
    const answer = decode<Outcome<"agrees", boolean>>(engine.replicaSettle(this.#handle));
    return answer.ok && answer.agrees;
  }

  abandon(): void {
    engine.replicaAbandon(this.#handle);
  }

  reset(): void {
    engine.replicaReset(this.#handle);
  }

  /** All confirmed orders in new pages of about so many. */
  repack(perPage: number): Uint8Array[] {
    const { pages } = must(decode<Outcome<"pages", number>>(engine.replicaRepack(this.#handle, perPage)));
    return Array.from({ length: pages }, (_, at) => engine.replicaRepackedPage(this.#handle, at));
  }

  settleRepack(): void {
    must(decode<Done>(engine.replicaSettleRepack(this.#handle)));
  }

  list(query: Query): Listing {
    const answer = decode<Outcome<"listing", Listing>>(engine.replicaList(this.#handle, encode(query)));
    return must(answer).listing;
  }

  /** One order; none if there is none of this id. */
  order(id: string, nowMs: number): OrderView | undefined {
    const answer = decode<Outcome<"view", OrderView>>(engine.replicaOrder(this.#handle, id, nowMs));
    if (!answer.ok && answer.issues.some((it) => it.code === "order_unknown")) return undefined;
    return must(answer).view;
  }

  /** What a return of an order would give. */
  previewReturn(id: string, command: ReturnCommand, nowMs: number): Outcome<"settlement", Settlement> {
    const answer = engine.replicaPreviewReturn(this.#handle, id, encode(command), nowMs);
    return refuseMisuse(decode<Outcome<"settlement", Settlement>>(answer));
  }

  /** What an edit would come to, or why it is not possible. */
  previewAmendment(id: string, args: Amendment, how: EditPreviewOptions, nowMs: number): EditPreview {
    return decode(engine.replicaPreviewAmendment(this.#handle, id, encode({ args, ...how }), nowMs));
  }

  pending(): PendingCommand[] {
    return must(decode<Outcome<"pending", PendingCommand[]>>(engine.replicaPending(this.#handle))).pending;
  }

  /** Everything that somebody should look at, the worst first. */
  inbox(device: DeviceState, nowMs: number): InboxEntry[] {
    const answer = engine.replicaInbox(this.#handle, encode(device), nowMs);
    return must(decode<Outcome<"inbox", InboxEntry[]>>(answer)).inbox;
  }

  inboxCount(device: DeviceState, nowMs: number): number {
    const answer = engine.replicaInboxCount(this.#handle, encode(device), nowMs);
    return must(decode<Outcome<"count", number>>(answer)).count;
  }

  /** Everything that happened to an order, as it is stored; none if there is none of this id. */
  orderLog(id: string): OrderLog | undefined {
    const answer = decode<Outcome<"log", OrderLog>>(engine.replicaOrderLog(this.#handle, id));
    return answer.ok ? answer.log : undefined;
  }

  confirmedCount(): number {
    const answer = decode<Outcome<"standing", { orders: number }>>(engine.replicaStanding(this.#handle));
    return must(answer).standing.orders;
  }
}

type EditPreview = Outcome<"preview", AmendmentPreview>;
type Done = Outcome<"done", boolean>;
