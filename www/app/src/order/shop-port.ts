import type {
  Amendment,
  AmendmentPreview,
  CommandArgs,
  CommandName,
  EditOptions,
  EditPreviewOptions,
  OrderView,
  Outcome,
  ReturnCommand,
  Ruleset,
  Saved,
  Settlement,
} from "orderkit";
import type { Shop } from "../state/shop.svelte";
import type { OrderPort } from "./ports";

/** An order of the copy on this device: it works without a network. */
export class ShopPort implements OrderPort {
  readonly shop: Shop;
  readonly id: string;
  readonly #find: () => OrderView | undefined;

  constructor(shop: Shop, id: string, find: () => OrderView | undefined) {
    this.shop = shop;
    this.id = id;
    this.#find = find;
  }

  get view(): OrderView {
    const view = this.#find();
    if (!view) throw new Error("the order has left this device");
    return view;
  }

  get ruleset(): Ruleset {
    return this.shop.ruleset;
  }

  get user(): string {
    return this.shop.session.user;
  }

  get isCustomer(): boolean {
    return this.shop.isCustomer;
  }

  previewAmendment(
    amendment: Amendment,
    options: EditPreviewOptions,
  ): Promise<Outcome<"preview", AmendmentPreview>> {
    return Promise.resolve(this.shop.store.previewAmendment(this.id, amendment, options));
  }

  previewReturn(command: ReturnCommand): Promise<Outcome<"settlement", Settlement>> {
    return Promise.resolve(this.shop.store.previewReturn(this.id, command));
  }

  send<K extends CommandName>(
    kind: K,
    args: CommandArgs[K],
    options: EditOptions = {},
  ): Promise<Outcome<"saved", Saved>> {
    return this.shop.submit(kind, this.id, args, options);
  }
}
