import type {
  Amendment,
  AmendmentPreview,
  CommandArgs,
  CommandName,
  Derived,
  EditOptions,
  EditPreviewOptions,
  Order,
  OrderView,
  Outcome,
  ReturnCommand,
  Ruleset,
  Settlement,
} from "orderkit";
import type { OrderPort } from "../order/ports";
import { keyOf, settle } from "./keys";
import {
  ask,
  outcomeOf,
  tenantHere,
  type Answer,
  type Detail,
  type Found,
  type Possible,
  type Ticket,
} from "./server";

/** One order that somebody follows without an account: found by number and contact, and asked for over HTTP. */

const ticketKey = "orderkit.track.ticket";

function keptTicket(nowMs: number): Ticket | undefined {
  try {
    const value = JSON.parse(sessionStorage.getItem(ticketKey) ?? "null") as Ticket | null;
    return value && value.expiresMs > nowMs ? value : undefined;
  } catch {
    return undefined;
  }
}

function keepTicket(ticket: Ticket | undefined): void {
  try {
    if (ticket) sessionStorage.setItem(ticketKey, JSON.stringify(ticket));
    else sessionStorage.removeItem(ticketKey);
  } catch {
    // Without storage the number is asked for again after a reload.
  }
}

type State =
  | { name: "searching" }
  | { name: "loading" }
  | { name: "shown"; detail: Detail; possible: Possible }
  | { name: "lost" };

/** What came of a search. */
export type Searched =
  { kind: "found" } | { kind: "meant"; numbers: string[] } | Exclude<Answer<never>, { kind: "ok" }>;

export class Tracking {
  state = $state.raw<State>({ name: "searching" });
  ticket = $state.raw<Ticket | undefined>();

  constructor() {
    this.ticket = keptTicket(Date.now());
    if (this.ticket) void this.load();
  }

  async search(number: string, contact: string): Promise<Searched> {
    const tenant = await tenantHere();
    if (tenant === undefined) return { kind: "lost" };
    const answer = await ask<Found>(`/v1/${tenant}/track`, { body: { number, contact } });
    if (answer.kind !== "ok") return answer;
    const { tracking, suggestions } = answer.value;
    if (!tracking) return { kind: "meant", numbers: suggestions };
    this.ticket = { tenant, ...tracking };
    keepTicket(this.ticket);
    await this.load();
    return { kind: "found" };
  }

  /** Another order, or nobody at this device any more. */
  leave(): void {
    keepTicket(undefined);
    this.ticket = undefined;
    this.state = { name: "searching" };
  }

  async load(): Promise<void> {
    const { ticket } = this;
    if (!ticket) return;
    if (this.state.name !== "shown") this.state = { name: "loading" };
    const [detail, possible] = await Promise.all([
      ask<Detail>(this.#path(ticket, "orders"), { token: ticket.token }),
      ask<Possible>(this.#path(ticket, "allowed"), { token: ticket.token }),
    ]);
    if (this.ticket !== ticket) return;
    if (detail.kind === "ok" && possible.kind === "ok") {
      this.state = { name: "shown", detail: detail.value, possible: possible.value };
    } else if (detail.kind === "refused" || possible.kind === "refused") {
      // The token has run out: the number is asked for again.
      this.leave();
    } else if (this.state.name !== "shown") {
      this.state = { name: "lost" };
    }
  }

  #path({ tenant, order }: Ticket, what: "orders" | "allowed"): string {
    return `/v1/${tenant}/${what}/${order}`;
  }
}

/** A shown order as what its forms need. */
export class TrackedOrder implements OrderPort {
  readonly ticket: Ticket;
  readonly isCustomer = true;
  readonly #tracking: Tracking;
  readonly #find: () => Extract<State, { name: "shown" }> | undefined;
  #underWay: Partial<Record<string, Promise<Outcome<"saved", unknown>>>> = {};

  constructor(tracking: Tracking, ticket: Ticket, find: () => Extract<State, { name: "shown" }> | undefined) {
    this.#tracking = tracking;
    this.ticket = ticket;
    this.#find = find;
  }

  get #shown(): Extract<State, { name: "shown" }> {
    const shown = this.#find();
    if (!shown) throw new Error("the order is not shown any more");
    return shown;
  }

  get order(): Order {
    return this.#shown.detail.order;
  }

  get derived(): Derived {
    return this.#shown.detail.derived;
  }

  get possible(): Possible {
    return this.#shown.possible;
  }

  /** The user of the order: the token speaks for them. */
  get user(): string {
    return this.order.owner;
  }

  /** Asks anew how the order stands. */
  refresh(): Promise<void> {
    return this.#tracking.load();
  }

  /** The order as pages with a copy know it: nothing of it waits here. */
  readonly view: OrderView = $derived.by(() => {
    const { detail, possible } = this.#shown;
    const { commands, ...rest } = possible;
    return {
      ...detail,
      ...rest,
      allowed: commands,
      confirmedRevision: detail.order.revision,
      pending: [],
      exceptions: [],
    };
  });

  /** Names and choices, as far as a buyer without an account is told of the rules: of goods those of the order. */
  readonly ruleset: Ruleset = $derived.by(() => {
    const { shop } = this.ticket;
    const { order } = this;
    return {
      version: order.rulesetVersion,
      name: shop.name,
      currency: order.currency,
      homeCountry: order.details.shippingAddress?.country ?? "",
      priceBasis: order.priceBasis,
      products: order.lines.map(({ sku, name = { en: sku }, unitPrice }) => ({
        sku,
        name,
        unitPrice,
        taxClass: "",
      })),
      shippingMethods: shop.shippingMethods.map((method) => ({ ...method, taxClass: "" })),
      paymentMethods: shop.paymentMethods,
      carriers: shop.carriers,
    };
  });

  async previewAmendment(
    args: Amendment,
    options: EditPreviewOptions = {},
  ): Promise<Outcome<"preview", AmendmentPreview>> {
    const answer = await this.#ask("/amendments/preview", { args, ...options });
    return outcomeOf("preview", answer, ({ preview }: { preview: AmendmentPreview }) => preview);
  }

  async previewReturn(command: ReturnCommand): Promise<Outcome<"settlement", Settlement>> {
    const answer = await this.#ask("/returns/preview", command);
    return outcomeOf("settlement", answer, (settlement: Settlement) => settlement);
  }

  /** Gives a command once, however often it is pressed and whichever answer gets lost. */
  send<K extends CommandName>(
    kind: K,
    args: CommandArgs[K],
    options: EditOptions = {},
  ): Promise<Outcome<"saved", unknown>> {
    const name = `${kind} ${JSON.stringify(args)}`;
    const underWay = this.#underWay[name] ?? this.#send(kind, args, options);
    this.#underWay[name] = underWay;
    return underWay.finally(() => (this.#underWay[name] = undefined));
  }

  async #send(kind: string, args: unknown, options: EditOptions): Promise<Outcome<"saved", unknown>> {
    const { order } = this.ticket;
    const key = keyOf(order, kind, args);
    const answer = await this.#ask("/commands", { kind, args, ...options }, key);
    if (answer.kind !== "lost") {
      settle(order, kind, args);
      await this.#tracking.load();
    }
    return outcomeOf("saved", answer, (saved: unknown) => saved);
  }

  #ask(path: string, body: unknown, key?: string): Promise<Answer<unknown>> {
    const { tenant, order, token } = this.ticket;
    return ask(`/v1/${tenant}/orders/${order}${path}`, {
      token,
      body,
      ...(key === undefined ? {} : { key }),
    });
  }
}
