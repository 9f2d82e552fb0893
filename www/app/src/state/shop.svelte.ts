import {
  Store,
  Sync,
  type CommandArgs,
  type CommandName,
  type Draft,
  type EditOptions,
  type InboxEntry,
  type Issue,
  type Known,
  type Listing,
  type OrderView,
  type Outcome,
  type PendingCommand,
  type Query,
  type Quote,
  type Row,
  type Rules,
  type Ruleset,
  type Saved,
  type Standing,
  type SyncStatus,
} from "orderkit";
import { createSubscriber } from "svelte/reactivity";
import { summaryOrder } from "../lib/summaries";
import { clock } from "./clock.svelte";
import { Quarantine } from "./quarantine.svelte";
import { rulesetOf } from "./ruleset";
import { Seen } from "./seen";
import type { Session } from "./session";
import { tokenOf } from "./token";

const nothing = Object.fromEntries(summaryOrder.map((summary) => [summary, 0])) as Listing["counts"];

/** One open store with its sync, as state: whatever reads it is drawn again when it changes. */
export class Shop {
  readonly session: Session;
  readonly store: Store;
  readonly sync: Sync;
  /** Money that fits no order, for those who may decide about it. */
  readonly quarantine: Quarantine | undefined;
  /** Everything that somebody should look at; what is late shows as time goes on. */
  readonly inbox: InboxEntry[] = $derived.by(() => {
    this.#storeChanged();
    return this.isOpen && clock.nowMs > 0 ? this.store.inbox() : [];
  });
  /** What the server refused, until somebody has seen why. */
  readonly refused: PendingCommand[] = $derived.by(() => {
    this.#storeChanged();
    return this.isOpen ? this.store.refused() : [];
  });
  readonly #seen = new Seen();
  #storeChanged = createSubscriber((update) => this.store.subscribe(update));
  #syncChanged = createSubscriber((update) => this.sync.subscribe(update));
  #online = createSubscriber((update) => {
    addEventListener("online", update);
    addEventListener("offline", update);
    return () => {
      removeEventListener("online", update);
      removeEventListener("offline", update);
    };
  });

  private constructor(session: Session, store: Store) {
    this.session = session;
    this.store = store;
    this.sync = new Sync(store, {
      url: `/v1/${session.tenant}`,
      token: (isRefused) => tokenOf(session, isRefused),
    });
    this.quarantine = session.role === "customer" ? undefined : new Quarantine(session);
  }

  /** Opens what this device has; only a device that has nothing needs the server for it. */
  static async open(session: Session): Promise<Shop> {
    const { tenant, user, role } = session;
    const ruleset = await rulesetOf(session);
    const store = await Store.open({ name: "orderkit", tenant, actor: { user, role }, ruleset });
    const shop = new Shop(session, store);
    shop.quarantine?.follow(shop.sync);
    shop.sync.start();
    return shop;
  }

  close(): void {
    this.quarantine?.stop();
    this.sync.stop();
    void this.store.close();
  }

  /** False when another page has brought a newer form of the data, or the store was lost. */
  get isOpen(): boolean {
    this.#storeChanged();
    return this.store.state === "open";
  }

  get rules(): Rules {
    this.#storeChanged();
    return this.store.rules;
  }

  /** What prices depend on besides the rules, as the server said it last. */
  get known(): Known {
    this.#storeChanged();
    return this.store.known;
  }

  get ruleset(): Ruleset {
    return this.rules.ruleset;
  }

  get isCustomer(): boolean {
    return this.session.role === "customer";
  }

  /** Whether the server would take rules from this user. */
  get maySaveRules(): boolean {
    return this.session.role === "admin";
  }

  list(query: Query): Listing {
    if (!this.isOpen) return { rows: [], total: 0, counts: { ...nothing } };
    return this.store.list(query);
  }

  /** What a list shows of an order. */
  row(id: string): Row | undefined {
    return this.isOpen ? this.store.row(id) : undefined;
  }

  /** An order, once it is read from the device; whether there is one says {@link Shop.row}. */
  order(id: string): OrderView | undefined {
    if (!this.isOpen) return undefined;
    const read = this.store.order(id);
    return this.#seen.of(id, read, read !== undefined || this.#isKnown(id));
  }

  /** Whether there is such an order, or may be once all are fetched again. */
  #isKnown(id: string): boolean {
    return this.store.row(id) !== undefined || this.store.standing().damagedMs !== undefined;
  }

  /** How many things wait for somebody, wherever that is told. */
  get waitingCount(): number {
    return this.inbox.length + (this.quarantine?.entries.length ?? 0);
  }

  get standing(): Standing {
    this.#syncChanged();
    if (!this.isOpen)
      return { orders: 0, unsent: 0, refused: 0, oldestUnsentMs: undefined, persisted: false };
    return this.store.standing();
  }

  /** Whether the shop can be reached, as far as one can tell. */
  get syncStatus(): SyncStatus {
    this.#syncChanged();
    this.#online();
    return navigator.onLine ? this.sync.state.status : "offline";
  }

  get syncError(): Issue | undefined {
    this.#syncChanged();
    return this.sync.state.error;
  }

  place(draft: Draft, quote: Quote, isRepeat: boolean): Promise<Outcome<"saved", Saved>> {
    return this.store.place(draft, { quote, isRepeat });
  }

  submit<K extends CommandName>(
    kind: K,
    order: string,
    args: CommandArgs[K],
    options: EditOptions = {},
  ): Promise<Outcome<"saved", Saved>> {
    return this.store.submit(kind, order, args, options);
  }
}
