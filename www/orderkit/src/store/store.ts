import { quote, type Known } from "../calls.js";
import { issue, mustSucceed, OrderkitError } from "../error.js";
import type {
  Actor,
  Amendment,
  AmendmentPreview,
  Draft,
  Expectation,
  Place,
  Quote,
  Ruleset,
  Settlement,
} from "../generated/types.js";
import { host } from "../host.js";
import { newId } from "../id.js";
import { ready } from "../ready.js";
import type { Rules } from "../rules.js";
import type {
  CommandArgs,
  CommandName,
  EditOptions,
  EditPreviewOptions,
  InboxEntry,
  Issue,
  Listing,
  OrderView,
  Outcome,
  PendingCommand,
  Query,
  ReturnCommand,
  Row,
  Saved,
  Standing,
  StoreState,
} from "../types.js";
import { append, dismiss, importUnsent, type ImportedCommands } from "./append.js";
import { dropConfirmed } from "./change.js";
import { Core } from "./core.js";

/** Whose orders to keep on this device. */
export interface StoreOptions {
  /** The name of the application on this origin. */
  name: string;
  /** The shop. */
  tenant: string;
  /** The user; each has a database of their own. */
  actor: Actor;
  /** The rules to begin with; the server's take their place when they come. */
  ruleset: Ruleset;
}

/** How to place an order. */
export interface PlaceOptions {
  /** The quote that the buyer saw; a new one if missing. */
  quote?: Quote;
  /** An id for the order; a new one if missing. Placing twice with one id places once. */
  order?: string;
  /** A number that was made before; one of this device's series if missing. */
  number?: string;
  /** The buyer means it, though an order for the same goods came a moment ago (`order_looks_repeated`). */
  isRepeat?: boolean;
}

let coreIn: (store: Store) => Core;

/** Whether an order has only to be read from the device. */
function isLoading({ code }: Issue): boolean {
  return code === "order_loading";
}

/**
 * The orders of one user on this device: what the server confirmed, with the commands that it has not decided yet folded
 * in. Works without a network, in several pages at once, and without any server.
 */
export class Store {
  readonly #core: Core;

  static {
    coreIn = (store) => store.#core;
  }

  private constructor(core: Core) {
    this.#core = core;
  }

  /**
   * Opens the copy of a user, and makes one if there is none.
   *
   * @throws {@link OrderkitError} if the browser's storage cannot be used, or the rules are not usable.
   */
  static async open(options: StoreOptions): Promise<Store> {
    await ready();
    return new Store(await Core.open(options));
  }

  /** The rules that decide here. Another object after the server has sent newer ones. */
  get rules(): Rules {
    return this.#core.rules;
  }

  /**
   * What the server said last that prices depend on besides the rules: the groups, orders and balances of the user, what
   * was used of limited promotions, what is in stock. To be given to `quote`; nothing before the first exchange. Staff
   * are told of no customer.
   */
  get known(): Known {
    return this.#core.known();
  }

  /** Whether it can be used; if not, the page has to be reloaded. */
  get state(): StoreState {
    return this.#core.state;
  }

  /** Lists orders, newest first. */
  list(query: Query = {}): Listing {
    return this.#core.replica.list(query);
  }

  /** What a list shows of one order; `undefined` if there is none. */
  row(id: string): Row | undefined {
    return this.#core.replica.row(id);
  }

  /**
   * One order as the user sees it; `undefined` if there is none, or if it has to be read from the device first. It is read
   * then, and {@link Store.subscribe} tells when it is there: {@link Store.row} says whether there is one. For a few orders at
   * a time, since not all that are read stay in memory; {@link Store.list} is for many.
   */
  order(id: string): OrderView | undefined {
    const answer = this.#read(id, this.#core.replica.order(id, Date.now()));
    if (!answer.ok && this.#isMissing(answer.issues)) return undefined;
    return mustSucceed<Outcome<"view", OrderView> & { ok: true }>(answer).view;
  }

  /**
   * As {@link Store.order}, and waits until it is read: `undefined` only if there is none.
   *
   * @throws {@link OrderkitError} if the device cannot be read.
   */
  async load(id: string): Promise<OrderView | undefined> {
    const view = this.order(id);
    if (view !== undefined) return view;
    const failed = await this.#core.logs.load(id);
    if (failed !== undefined) throw new OrderkitError([failed]);
    return this.order(id);
  }

  /** What a return would give, before anybody asks for it or settles it; works offline. */
  previewReturn(id: string, command: ReturnCommand): Outcome<"settlement", Settlement> {
    return this.#read(id, this.#core.replica.previewReturn(id, command, Date.now()));
  }

  /**
   * What an edit (`amend@1`) would come to: every line, shipping, discounts, the difference, and whether the customer must agree.
   * Nothing is changed.
   */
  previewAmendment(
    order: string,
    amendment: Amendment,
    options: EditPreviewOptions = {},
  ): Outcome<"preview", AmendmentPreview> {
    const preview = this.#core.replica.previewAmendment(order, amendment, options, Date.now());
    return this.#read(order, preview);
  }

  /** Reads an order from the device if that is all that keeps an answer from being given. */
  #read<A extends { ok: boolean; issues?: Issue[] }>(order: string, answer: A): A {
    if (!answer.ok && answer.issues?.some(isLoading)) void this.#core.logs.load(order);
    return answer;
  }

  #isMissing(issues: Issue[]): boolean {
    return issues.some((it) => it.code === "order_unknown" || isLoading(it));
  }

  /** The commands that are not confirmed, the refused ones among them. */
  pending(): PendingCommand[] {
    return this.#core.replica.pending();
  }

  /** The commands that the server refused, until the user has seen why. Costs little, however many wait. */
  refused(): PendingCommand[] {
    return this.#core.replica.refused();
  }

  /**
   * Everything unusual on this copy: orders that wait for a decision or are late, commands that were refused, a wrong clock and
   * storage that fails, the worst first. No order is read for it.
   */
  inbox(): InboxEntry[] {
    const { replica, device, progress } = this.#core;
    return replica.inbox(device.state(progress), Date.now());
  }

  /** How many things the inbox is about, notices apart: for a mark that is always shown. */
  inboxCount(): number {
    const { replica, device, progress } = this.#core;
    return replica.inboxCount(device.state(progress), Date.now());
  }

  /**
   * Gives a command. Answers when it is written to this device (then nothing but losing the device can lose it), or
   * says why the rules refuse it or why it could not be written.
   *
   * @param order The order; a new id if `undefined`, which only `place@1` can use.
   * @param options For an edit, what its form began with.
   */
  submit<K extends CommandName>(
    kind: K,
    order: string | undefined,
    args: CommandArgs[K],
    options: EditOptions = {},
  ): Promise<Outcome<"saved", Saved>> {
    return this.#submit(kind, order ?? newId(), args, options.base);
  }

  /** Places an order at the price that the buyer saw. */
  place(draft: Draft, options: PlaceOptions = {}): Promise<Outcome<"saved", Saved>> {
    const priced = options.quote
      ? { ok: true as const, quote: options.quote }
      : quote(draft, this.rules, this.known);
    if (!priced.ok) return Promise.resolve(priced);
    const expect: Expectation = {
      totalMinor: priced.quote.totals.grossMinor,
      rulesetDigest: priced.quote.rulesetDigest,
      payableMinor: priced.quote.totals.payableMinor,
    };
    const args: Place = { draft, expect };
    if (options.number !== undefined) args.number = options.number;
    if (options.isRepeat) args.isRepeat = true;
    return this.#submit("place@1", options.order ?? newId(), args);
  }

  async #submit(kind: string, order: string, args: unknown, base?: number): Promise<Outcome<"saved", Saved>> {
    const request = { kind, order, args, ...(base === undefined ? {} : { base }) };
    const answer = await append(this.#core, request);
    if (answer.ok) void this.#askToPersist();
    return answer;
  }

  /** Forgets a refused command after the user has seen why. */
  dismiss(n: number): Promise<Outcome<"dismissed", number>> {
    return dismiss(this.#core, n);
  }

  /**
   * Gives a refused command again, at today's price and under a number of today if it places an order, and forgets the refused
   * one. Ids inside of it stay, so that what was done after all is not done twice. With `isRepeat`, an order that looks like an
   * earlier one is a second one on purpose.
   */
  async resend(n: number, { isRepeat = false } = {}): Promise<Outcome<"saved", Saved>> {
    const refused = this.refused().find((it) => it.n === n);
    if (refused?.verdict === undefined) return { ok: false, issues: [issue("nothing_open")] };
    const { kind, order, args } = refused;
    const placed = args as Place;
    const answer =
      kind === "place@1"
        ? await this.place(placed.draft, { order, isRepeat: isRepeat || placed.isRepeat === true })
        : await this.#submit(kind, order, args);
    if (answer.ok) await this.dismiss(n);
    return answer;
  }

  /** Drops the confirmed orders of this copy, which the next exchange brings anew. What was not sent stays. */
  async fetchAgain(): Promise<void> {
    const core = this.#core;
    await core.exclusive(() => dropConfirmed(core));
    core.channel.post({ kind: "appended" });
    core.appended();
  }

  /** How the copy stands: what is still only here, and since when. */
  standing(): Standing {
    const { progress, device: facts, client, clearedMs } = this.#core;
    const { damagedMs } = progress;
    const { orders, unsent, refused, oldestUnsentMs } = client.standing();
    const { device } = progress.position;
    return {
      orders,
      unsent,
      refused,
      oldestUnsentMs,
      persisted: facts.persisted ?? false,
      ...(device === undefined ? {} : { device }),
      ...(clearedMs === undefined ? {} : { clearedMs }),
      ...(damagedMs === undefined ? {} : { damagedMs }),
      ...(progress.lastSyncMs === undefined ? {} : { lastSyncMs: progress.lastSyncMs }),
    };
  }

  /** The commands that the server has not decided, as JSON to be kept elsewhere: `new Blob([store.exportUnsent()])`. */
  exportUnsent(): string {
    return this.#core.client.exportUnsent(Date.now());
  }

  /**
   * Brings in commands of a file that {@link Store.exportUnsent} made, on this device or another one, behind those that wait
   * here. What the server has decided of them is not decided again.
   */
  importUnsent(text: string): Promise<Outcome<"imported", ImportedCommands>> {
    return importUnsent(this.#core, text);
  }

  /**
   * Everything that happened to an order, as JSON to be kept as evidence; `undefined` if there is no such order.
   *
   * @throws {@link OrderkitError} if the device cannot be read.
   */
  async exportLog(id: string): Promise<string | undefined> {
    const view = await this.load(id);
    const answer = this.#core.replica.orderLog(id);
    if (!answer.ok) return undefined;
    const { client, actor } = this.#core.progress.position;
    const brokenEntry = view?.order.brokenEntry;
    return JSON.stringify({
      format: "orderkit/log@1",
      client,
      actor,
      exportedMs: Date.now(),
      ...(brokenEntry === undefined ? {} : { brokenEntry }),
      log: answer.log,
    });
  }

  /** Calls back after every change of what this shows, also when another page made it. */
  subscribe(listener: () => void): () => void {
    return this.#core.subscribe(listener);
  }

  /** Closes the copy when what is being written is written. */
  async close(): Promise<void> {
    await this.#core.exclusive(() => {
      this.#core.close();
      return Promise.resolve();
    });
  }

  /** Browsers delete data that nobody asked them to keep. Asked when there is something to lose, or nobody would agree. */
  async #askToPersist(): Promise<void> {
    if (this.#core.device.persisted === true || this.#hasAsked) return;
    this.#hasAsked = true;
    try {
      this.#core.device.persisted = (await host.navigator?.storage?.persist?.()) ?? false;
    } catch {
      return;
    }
    this.#core.changed();
  }

  #hasAsked = false;
}

/**
 * What {@link Sync} works on.
 *
 * @internal
 */
export function coreOf(store: Store): Core {
  return coreIn(store);
}
