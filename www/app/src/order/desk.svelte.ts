import type {
  CommandArgs,
  HoldReason,
  Issue,
  OrderLine,
  OrderView,
  Outcome,
  Payment,
  Saved,
  Shipment,
  Workflow,
} from "orderkit";
import { isPositive } from "../lib/quantity";
import { openOf } from "../lib/units";
import { sayAll } from "../state/say.svelte";
import { m } from "../generated/paraglide/messages.js";
import type { Shop } from "../state/shop.svelte";
import {
  actions,
  argsOf,
  isAboutShipment,
  usualSteps,
  type About,
  type Answers,
  type Asked,
} from "./actions";

/** A command that waits for its answers. */
export interface Question {
  command: Asked;
  /** The shipment that it was chosen for. */
  shipment: Shipment | undefined;
  /** A refused command that is mended: what was answered, and why it was refused. */
  again?: Again;
}

export interface Again {
  n: number;
  answers: Answers;
  issues: Issue[];
}

/** The commands whose buttons stand on the page, those with forms of their own among them. */
export type Shown = Asked | "recordPayment" | "amend" | "proposeAmendment" | "requestReturn";

/** What a payment dialog begins with. */
export type PaymentWish =
  | { about: "order"; again?: { n: number; payment: Payment; issues: Issue[] } }
  /** Capture or let go an authorization, give a receipt back. */
  | { about: "source"; kind: "capture" | "void" | "refund"; source: Payment; leftMinor: number }
  /** The last word on a payment that was under way. */
  | { about: "word"; state: "success" | "failure"; payment: Payment };

export const noAnswers: Answers = {
  shipment: "",
  isNew: false,
  goods: [],
  isAwaited: false,
  scanned: [],
  carrier: "",
  tracking: "",
  code: "",
  cause: "",
  hold: "manual",
  shortage: "less",
  text: "",
  reason: "",
};

/** One order on the desk: what may be done with it, and what is being asked. */
export class OrderDesk {
  readonly shop: Shop;
  readonly id: string;
  readonly #find: () => OrderView | undefined;
  question = $state.raw<Question | undefined>();
  payment = $state.raw<PaymentWish | undefined>();
  /** Why the last change did not work, said at the head of the page. */
  refusal = $state("");

  constructor(shop: Shop, id: string, find: () => OrderView | undefined) {
    this.shop = shop;
    this.id = id;
    this.#find = find;
  }

  /** The order as it stands; a desk is only shown while it is there. */
  get view(): OrderView {
    const view = this.#find();
    if (!view) throw new Error("the order has left this device");
    return view;
  }

  get workflow(): Workflow {
    return this.shop.ruleset.workflow ?? {};
  }

  /** Whether the buyer comes for the goods. */
  get isFetched(): boolean {
    const { shippingMethod } = this.view.order.details;
    const methods = this.shop.ruleset.shippingMethods ?? [];
    return methods.find((method) => method.id === shippingMethod)?.kind === "pickUp";
  }

  get usual(): Asked[] {
    return usualSteps(this.workflow, this.isFetched);
  }

  /** The shipments that a command could move now. */
  shipmentsFor(command: Asked): Shipment[] {
    const entries = this.view.allowed.filter((entry) => entry.command === command && entry.allowed);
    return this.view.order.shipments.filter((shipment) =>
      entries.some((entry) => entry.subject === shipment.id),
    );
  }

  /** Whether goods can leave that nobody set aside before. */
  shipsUnwritten(command: Asked): boolean {
    const isInSteps = this.workflow.picks === true || this.workflow.packs === true;
    return command === "ship" && !isInSteps && this.openLines.length > 0;
  }

  /** The lines of which something is still to be set aside or sent. */
  get openLines(): { line: OrderLine; open: string }[] {
    const lines = this.view.order.lines.map((line) => ({ line, open: openOf(line) }));
    return lines.filter(({ open }) => isPositive(open));
  }

  #entry(command: string) {
    return this.view.allowed.find((entry) => entry.command === command && entry.subject === undefined);
  }

  /** Why a command is not possible now, as one text; empty if it is. */
  reasonAgainst(command: Shown): string {
    if (command === "confirmReceipt" && this.view.order.receiptMs !== undefined)
      return m.action_receipt_done();
    const entry = this.#entry(command);
    return entry?.allowed === false ? sayAll(entry.reasons) : "";
  }

  /** What a role never may is not shown: it would only be in the way. */
  isShown(command: Shown): boolean {
    const entry = this.#entry(command);
    return entry !== undefined && !entry.reasons.some((issue) => issue.code === "role_forbids");
  }

  isPossible(command: Shown): boolean {
    return this.isShown(command) && this.reasonAgainst(command) === "";
  }

  /** Why nothing can be edited, as one text; empty if something can, or can be asked for. */
  get reasonAgainstEdit(): string {
    const isSome = this.view.changes.some(({ allowed }) => allowed) || this.isPossible("proposeAmendment");
    return isSome ? "" : this.reasonAgainst("amend");
  }

  about(shipment: Shipment | undefined): About {
    return { view: this.view, workflow: this.workflow, shipment };
  }

  /** Begins a command: sends it at once if there is nothing to ask. */
  async begin(command: Asked, chosen?: Shipment): Promise<void> {
    const possible = this.shipmentsFor(command);
    // Two parcels that arrive are noted at one press.
    if (command === "deliver" && !chosen && possible.length > 1) {
      for (const shipment of possible) await this.#sendNow(command, shipment);
      return;
    }
    const isOnly = possible.length === 1 && isAboutShipment(command) && !this.shipsUnwritten(command);
    const shipment = chosen ?? (isOnly ? possible[0] : undefined);
    const isAsking = actions[command].fields(this.about(shipment)).length > 0;
    if (isAsking || (isAboutShipment(command) && !shipment)) this.question = { command, shipment };
    else await this.#sendNow(command, shipment);
  }

  async #sendNow(command: Asked, shipment: Shipment | undefined): Promise<void> {
    const answer = await this.send(command, { ...noAnswers, shipment: shipment?.id ?? "" });
    this.refusal = answer.ok ? "" : sayAll(answer.issues);
  }

  // One type parameter ties the name to its arguments.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  send<K extends Asked>(command: K, answers: Answers): Promise<Outcome<"saved", Saved>> {
    const name: `${K}@1` = `${command}@1`;
    const args: CommandArgs[`${K}@1`] = argsOf[command](answers, this.view);
    return this.shop.submit(name, this.id, args);
  }

  /** Takes the only hold away: there is nothing to ask. */
  async releaseNow(hold: HoldReason): Promise<void> {
    const answer = await this.send("release", { ...noAnswers, hold });
    this.refusal = answer.ok ? "" : sayAll(answer.issues);
  }

  /** Records money; a refused command that was mended is forgotten. */
  async record(payment: Payment, mended?: number): Promise<Outcome<"saved", Saved>> {
    const answer = await this.shop.submit("recordPayment@1", this.id, payment);
    if (answer.ok && mended !== undefined) await this.shop.store.dismiss(mended);
    return answer;
  }

  /** Sends a refused command as it was mended, and forgets the refused one. */
  async sendMended(command: Asked, answers: Answers, n: number): Promise<Outcome<"saved", Saved>> {
    const answer = await this.send(command, answers);
    if (answer.ok) await this.shop.store.dismiss(n);
    return answer;
  }

  /** What holds stop: the commands that name one as their reason. */
  get stopped(): Asked[] {
    const isHeld = (reasons: readonly Issue[]) => reasons.some((issue) => issue.code === "on_hold");
    return this.usual.filter((command) => {
      const entry = this.#entry(command);
      return entry !== undefined && isHeld(entry.reasons);
    });
  }
}
