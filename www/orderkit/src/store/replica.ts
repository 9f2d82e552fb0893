import * as engine from "../../wasm/orderkit.js";
import { mustSucceed as must, refuseMisuse } from "../error.js";
import type {
  Amendment,
  AmendmentPreview,
  Context,
  DeviceState,
  OrderLog,
  Settlement,
} from "../generated/types.js";
import { decode, encode } from "../json.js";
import type {
  EditPreviewOptions,
  InboxEntry,
  Listing,
  OrderView,
  Outcome,
  PendingCommand,
  Query,
  ReturnCommand,
  Row,
} from "../types.js";

/** The orders in the engine's memory, as the user sees them. Every call is synchronous; what it means is decided there. */
export class Replica {
  readonly #handle: number;

  constructor(handle: number) {
    this.#handle = handle;
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

  list(query: Query): Listing {
    const answer = decode<Outcome<"listing", Listing>>(engine.replicaList(this.#handle, encode(query)));
    return must(answer).listing;
  }

  /** What a list shows of one order; none if there is none of this id. */
  row(id: string): Row | undefined {
    return must(decode<Outcome<"row", Row | null>>(engine.replicaRow(this.#handle, id))).row ?? undefined;
  }

  /** One order; the reason if there is none of this id, or if its log has to be read first. */
  order(id: string, nowMs: number): Outcome<"view", OrderView> {
    return decode<Outcome<"view", OrderView>>(engine.replicaOrder(this.#handle, id, nowMs));
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

  refused(): PendingCommand[] {
    return must(decode<Outcome<"pending", PendingCommand[]>>(engine.replicaRefused(this.#handle))).pending;
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

  /** Everything that happened to an order, as it is stored; the reason as of {@link Replica.order}. */
  orderLog(id: string): Outcome<"log", OrderLog> {
    return decode<Outcome<"log", OrderLog>>(engine.replicaOrderLog(this.#handle, id));
  }
}

type EditPreview = Outcome<"preview", AmendmentPreview>;
