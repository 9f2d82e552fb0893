import {
  Store,
  Sync,
  type CommandArgs,
  type CommandName,
  type Draft,
  type Issue,
  type Listing,
  type OrderView,
  type Outcome,
  type PendingCommand,
  type Query,
  type Quote,
  type Rules,
  type Ruleset,
  type Saved,
  type Standing,
  type SyncStatus,
} from "orderkit";
import { createSubscriber } from "svelte/reactivity";
import { rulesetOf } from "./ruleset";
import type { Session } from "./session";

/** One open store with its sync, as state: whatever reads it is drawn again when it changes. */
export class Shop {
  readonly session: Session;
  readonly store: Store;
  readonly sync: Sync;
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
    this.sync = new Sync(store, { url: `/v1/${session.tenant}`, token: () => session.token });
  }

  /** Opens what this device has; only a device that has nothing needs the server for it. */
  static async open(session: Session): Promise<Shop> {
    const { tenant, user, role } = session;
    const ruleset = await rulesetOf(session);
    const store = await Store.open({ name: "orderkit", tenant, actor: { user, role }, ruleset });
    const shop = new Shop(session, store);
    shop.sync.start();
    return shop;
  }

  close(): void {
    this.sync.stop();
    void this.store.close();
  }

  get rules(): Rules {
    this.#storeChanged();
    return this.store.rules;
  }

  get ruleset(): Ruleset {
    return this.rules.ruleset;
  }

  get isCustomer(): boolean {
    return this.session.role === "customer";
  }

  list(query: Query): Listing {
    this.#storeChanged();
    return this.store.list(query);
  }

  order(id: string): OrderView | undefined {
    this.#storeChanged();
    return this.store.order(id);
  }

  get pending(): PendingCommand[] {
    this.#storeChanged();
    return this.store.pending();
  }

  get refused(): PendingCommand[] {
    return this.pending.filter((command) => command.verdict !== undefined);
  }

  get standing(): Standing {
    this.#storeChanged();
    this.#syncChanged();
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

  place(draft: Draft, quote: Quote): Promise<Outcome<"saved", Saved>> {
    return this.store.place(draft, { quote });
  }

  submit<K extends CommandName>(
    kind: K,
    order: string,
    args: CommandArgs[K],
  ): Promise<Outcome<"saved", Saved>> {
    return this.store.submit(kind, order, args);
  }
}
