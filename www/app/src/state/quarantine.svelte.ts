import type { Exception, PaymentKind, Sync } from "orderkit";
import { ask, type Asker, type Told } from "./server";

/** What speaks for an order. */
export type Sign = "number" | "amount" | "email" | "phone" | "name" | "time";

/** An order that money may belong to. */
export interface Proposal {
  order: string;
  number: string;
  customer: string;
  placedMs: number;
  balanceDueMinor: number;
  currency: string;
  why: Sign[];
}

/** Money that fits no order, as the server keeps it. */
export interface HeldMoney {
  id: string;
  kind: "unknownOrder" | "unknownPayment";
  source: string;
  /** Who has it and can give it back. */
  provider?: string;
  paymentKind: PaymentKind;
  amountMinor: number;
  currency: string;
  /** What the shop asked the provider for under the same key, where that was something else. */
  asked?: { kind: PaymentKind; amountMinor: number; currency: string };
  reference?: string;
  method: string;
  /** The order number, as somebody wrote it. */
  number?: string;
  text?: string;
  payer: { name?: string; phone?: string; email?: string };
  paidMs: number;
  receivedMs: number;
  state: "open" | "matched" | "refunding" | "refunded" | "dismissed";
  /** How bad it is and the ways out, as the rules say; only of what is open. */
  exception?: Exception;
  proposals: Proposal[];
  reason?: string;
}

/** Money that waits for somebody, with how bad that is. */
export type OpenMoney = HeldMoney & { exception: Exception };

/** An order that was looked up by its number. */
export interface FoundOrder {
  id: string;
  number: string;
  placedMs: number;
  currency: string;
  grossMinor: number;
}

const isOpenMoney = (money: HeldMoney): money is OpenMoney => money.exception !== undefined;

/**
 * Money that fits no order. It is of no order, so no copy on this device has it: the server is asked at each exchange, and
 * what it said last stays on the page meanwhile.
 */
export class Quarantine {
  entries = $state.raw<OpenMoney[]>([]);
  /** Whether the last question had no answer. */
  isUnreachable = $state(false);
  readonly #staff: Asker;
  #asked = 0;
  #end: (() => void) | undefined;

  constructor(staff: Asker) {
    this.#staff = staff;
  }

  /** Asks after each exchange with the server from now on. */
  follow(sync: Sync): void {
    let seenMs: number | undefined;
    this.#end = sync.subscribe(({ status, lastSyncMs }) => {
      if (status === "offline") this.isUnreachable = true;
      if (status !== "idle" || lastSyncMs === undefined || lastSyncMs === seenMs) return;
      seenMs = lastSyncMs;
      void this.load();
    });
  }

  stop(): void {
    this.#end?.();
    this.#asked += 1;
  }

  async load(): Promise<void> {
    const question = ++this.#asked;
    const answer = await ask<{ entries: HeldMoney[] }>(this.#staff, "/quarantine");
    // Of several answers the last question's counts.
    if (question !== this.#asked) return;
    this.isUnreachable = !answer.ok;
    if (answer.ok) this.entries = answer.value.entries.filter(isOpenMoney);
  }

  /** Says that it belongs to an order. */
  match(id: string, order: string): Promise<Told<HeldMoney>> {
    return this.#decide(id, "match", { order });
  }

  /** Gives it back. */
  refund(id: string, reason: string): Promise<Told<HeldMoney>> {
    return this.#decide(id, "refund", reason === "" ? {} : { reason });
  }

  /** Says that nothing has to be done, and why. */
  dismiss(id: string, reason: string): Promise<Told<HeldMoney>> {
    return this.#decide(id, "dismiss", { reason });
  }

  /** The orders with a number as somebody typed it, or those one typing error away. */
  async find(number: string): Promise<Told<{ orders: FoundOrder[]; suggestions?: FoundOrder[] }>> {
    return ask(this.#staff, `/orders?number=${encodeURIComponent(number)}`);
  }

  async #decide(id: string, what: string, body: object): Promise<Told<HeldMoney>> {
    const answer = await ask<HeldMoney>(this.#staff, `/quarantine/${id}/${what}`, { body });
    if (!answer.ok) return answer;
    // An answer that is under way does not know of it yet.
    this.#asked += 1;
    const others = this.entries.filter((money) => money.id !== id);
    this.entries = isOpenMoney(answer.value) ? [...others, answer.value] : others;
    return answer;
  }
}
