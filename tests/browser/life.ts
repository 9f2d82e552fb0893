import { usualDraft } from "./draft";
import type { Server, SessionAnswer } from "./server";

/** A desk without a page: it brings orders to where a test begins. */

export interface Workflow {
  picks?: boolean;
  packs?: boolean;
  writeOffMinor?: number;
  payWithinMinutes?: number;
  shipWithinHours?: number;
  amendments?: { customer?: string; policy?: string };
}

export interface Money {
  balanceDueMinor: number;
  totalMinor: number;
}

interface Rules {
  version: string;
  workflow?: Workflow;
  returns?: object;
  shippingMethods: { id: string; kind?: string }[];
  carriers?: Carrier[];
  numbering?: Numbering;
}

export interface Numbering {
  pattern: string;
  blockSize?: number;
}

export interface Carrier {
  id: string;
  name: { en: string };
  trackingUrl: string;
}

interface Answer {
  results: { n: number; verdict: string }[];
}

export class Desk {
  readonly staff: SessionAnswer;
  readonly buyer: SessionAnswer;
  readonly #server: Server;
  readonly #admin: SessionAnswer;
  readonly #clients = new Map<string, { client: string; n: number }>();

  private constructor(server: Server, staff: SessionAnswer, buyer: SessionAnswer, admin: SessionAnswer) {
    this.#server = server;
    this.staff = staff;
    this.buyer = buyer;
    this.#admin = admin;
  }

  static async of(server: Server): Promise<Desk> {
    const signIn = (role: "customer" | "staff" | "admin") => server.signIn(role);
    return new Desk(server, await signIn("staff"), await signIn("customer"), await signIn("admin"));
  }

  /** How the shop works from now on. */
  async work(workflow: Workflow): Promise<void> {
    await this.#rules((rules) => (rules.workflow = { ...rules.workflow, ...workflow }));
  }

  /** How orders are numbered from now on. */
  async numbering(numbering: Numbering): Promise<void> {
    await this.#rules((rules) => (rules.numbering = numbering));
  }

  /** Who brings the parcels from now on. */
  async carriers(carriers: Carrier[]): Promise<void> {
    await this.#rules((rules) => (rules.carriers = carriers));
  }

  /** The buyers fetch their goods from now on. */
  async pickUp(): Promise<void> {
    await this.#rules((rules) => {
      for (const method of rules.shippingMethods) method.kind = "pickUp";
    });
  }

  /** The buyer's order: two of one, one of another. */
  async place(paymentMethod: string, by = this.buyer): Promise<string> {
    const lines = [
      { sku: "85123A", quantity: "2" },
      { sku: "23084", quantity: "1" },
    ];
    const draft = usualDraft({ lines, paymentMethod });
    const answer = (await this.#post("/quote", draft, by)) as {
      quote: { totals: { grossMinor: number }; rulesetDigest: string };
    };
    const { totals, rulesetDigest } = answer.quote;
    const order = crypto.randomUUID();
    const expectation = { totalMinor: totals.grossMinor, rulesetDigest };
    // Several orders of the same goods are meant.
    await this.send(order, "place@1", { draft, expect: expectation, isRepeat: true }, by);
    return order;
  }

  async due(order: string): Promise<number> {
    return (await this.money(order)).balanceDueMinor;
  }

  /** What the server says of the money. */
  async money(order: string): Promise<Money> {
    const response = await fetch(`${this.#server.url}/v1/main/orders/${order}`, {
      headers: { authorization: `Bearer ${this.staff.token}` },
    });
    return ((await response.json()) as { derived: Money }).derived;
  }

  async pay(order: string, amountMinor?: number): Promise<void> {
    const wanted = amountMinor ?? (await this.due(order));
    const payment = { id: crypto.randomUUID(), method: "card", amountMinor: wanted };
    await this.send(order, "recordPayment@1", payment);
  }

  /** Paid, sent and arrived: what the buyer has can come back. */
  async deliver(order: string, lines?: { line: string; quantity: string }[]): Promise<void> {
    await this.pay(order);
    await this.send(order, "confirm@1", {});
    await this.send(order, "ship@1", { shipment: "s1", ...(lines ? { lines } : {}) });
    await this.send(order, "deliver@1", { shipment: "s1" });
  }

  /** How the shop takes goods back from now on. */
  async takeBack(returns: object): Promise<void> {
    await this.#rules((rules) => (rules.returns = returns));
  }

  /** A parcel that nobody took, another that is picked, a hold, and money in every state. */
  async mishaps(order: string): Promise<void> {
    await this.send(order, "recordPayment@1", {
      id: "a",
      kind: "authorization",
      method: "card",
      amountMinor: await this.due(order),
    });
    await this.send(order, "recordPayment@1", { id: "c", source: "a", method: "card", amountMinor: 100 });
    await this.send(order, "recordPayment@1", { id: "p", state: "pending", method: "card", amountMinor: 50 });
    await this.send(order, "confirm@1", {});
    await this.send(order, "allocate@1", { shipment: "s1", lines: [{ line: "1", quantity: "1" }] });
    for (const step of ["pick@1", "pack@1", "ship@1"]) await this.send(order, step, { shipment: "s1" });
    await this.send(order, "failDelivery@1", { shipment: "s1", reason: "Nobody home" });
    await this.send(order, "allocate@1", { shipment: "s2", lines: [{ line: "1", quantity: "1" }] });
    await this.send(order, "pick@1", { shipment: "s2" });
    const lines = [{ line: "2", quantity: "1" }];
    await this.send(order, "cancelLines@1", { credit: "k", lines, reason: "Out of stock" });
    await this.send(order, "hold@1", { reason: "address", note: "The house has no number" });
  }

  async send(order: string, kind: string, args: object, by = this.staff): Promise<void> {
    const desk = this.#clients.get(by.user) ?? { client: crypto.randomUUID(), n: 0 };
    this.#clients.set(by.user, desk);
    desk.n += 1;
    const command = { n: desk.n, id: crypto.randomUUID(), order, kind, atMs: Date.now(), args };
    const body = { v: 1, client: desk.client, limit: 1, commands: [command] };
    const answer = (await this.#post("/sync", body, by)) as Answer;
    const result = answer.results.find(({ n }) => n === desk.n);
    if (result?.verdict !== "accepted") throw new Error(`${kind}: ${JSON.stringify(result)}`);
  }

  async #rules(change: (rules: Rules) => void): Promise<void> {
    const headers = { authorization: `Bearer ${this.#admin.token}` };
    const url = `${this.#server.url}/v1/main/ruleset`;
    const rules = (await (await fetch(url, { headers })).json()) as Rules;
    rules.version = crypto.randomUUID();
    change(rules);
    const body = JSON.stringify(rules);
    const response = await fetch(`${url}?acceptWarnings=true`, { method: "PUT", headers, body });
    if (!response.ok) throw new Error(await response.text());
  }

  async #post(path: string, body: object, by: SessionAnswer): Promise<unknown> {
    const response = await fetch(`${this.#server.url}/v1/main${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${by.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
