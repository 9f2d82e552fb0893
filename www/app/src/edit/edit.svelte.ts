import {
  newId,
  type Amendment,
  type AmendmentPolicy,
  type AmendmentPreview,
  type ChangeKind,
  type Issue,
  type NewLines,
  type Outcome,
  type Product,
  type Ruleset,
} from "orderkit";
import type { Basket } from "../form/basket";
import { contactTexts } from "../form/fields";
import { isDecimal, normalised } from "../lib/quantity";
import { stepped } from "../lib/steps";
import type { OrderPort } from "../order/ports";
import { sayAll } from "../state/say.svelte";
import { AddressPart, ContactPart } from "./parts.svelte";
import { fieldPath, paths, stagedChanges, typedFrom, type ByHand, type Goods, type Staged } from "./staged";

/** How the customer said yes. */
export type ConsentWay = "" | "telephone" | "email" | "counter" | "letter";

const malformed = (path: string): Issue => ({ code: "number_malformed", path, args: {} });

/** What was typed for a key; nothing takes it away. */
function withText(texts: Record<string, string>, key: string, text: string | undefined) {
  const others = Object.entries(texts).filter(([known]) => known !== key);
  return Object.fromEntries(text === undefined ? others : [...others, [key, normalised(text)]]);
}

/** What the rules are asked, and the state of the order that the answer is about. */
export interface Wish {
  amendment: Amendment;
  options: { base: number; isProposal: boolean };
  revision: number;
  ruleset: Ruleset;
}

/** An order that is being edited: nothing of it is done before it is applied. */
export class OrderEdit implements Basket {
  readonly port: OrderPort;
  readonly contact: ContactPart;
  readonly address: AddressPart;
  readonly billing: AddressPart;
  quantities = $state<Record<string, string>>({});
  removed = $state<string[]>([]);
  replaced = $state<Record<string, Goods>>({});
  prices = $state<Record<string, string>>({});
  added = $state<Goods[]>([]);
  /** Whether the invoice goes elsewhere; as the order has it if nobody said so. */
  billsElsewhere = $state<boolean | undefined>();
  note = $state<string | undefined>();
  shippingMethod = $state<string | undefined>();
  paymentMethod = $state<string | undefined>();
  couponsAdded = $state<string[]>([]);
  couponsRemoved = $state<string[]>([]);
  discountsRemoved = $state<string[]>([]);
  byHand = $state<ByHand>({ kind: "allowance", unit: "amount", value: "" });
  policy = $state<AmendmentPolicy | "">("");
  newLines = $state<NewLines | "">("");
  reason = $state("");
  consentBy = $state("");
  consentHow = $state<ConsentWay>("");

  /** The confirmed revision that the form began with: what others did since may be a conflict. */
  base = $state(0);
  preview = $state.raw<AmendmentPreview | undefined>();
  isWorking = $state(false);
  isSending = $state(false);
  #refused = $state.raw<Issue[]>([]);
  #kept = $state.raw<string[]>([]);
  #asked = 0;
  /** Sending twice makes one edit. */
  #id = newId();

  readonly staged: Staged[] = $derived(this.#stage());
  readonly isDirty = $derived(this.staged.length > 0 || this.#typos().length > 0);
  readonly issues: Issue[] = $derived([...this.#typos(), ...this.#refused]);
  readonly conflicts: Issue[] = $derived(this.#refused.filter((issue) => issue.code === "edit_conflict"));

  constructor(port: OrderPort) {
    this.port = port;
    const { details } = port.view.order;
    this.contact = new ContactPart(this, contactTexts(details.customer));
    this.address = new AddressPart(this, "shippingAddress");
    this.billing = new AddressPart(this, "billingAddress");
    this.base = port.view.confirmedRevision;
    this.consentBy = details.customer?.name ?? "";
  }

  get order() {
    return this.port.view.order;
  }

  /** Whether somebody else has to say yes, because the buyer may not do it alone. */
  get isProposal(): boolean {
    return this.port.isCustomer && this.staged.some(({ kind }) => this.#against(kind).length > 0);
  }

  #against(kind: ChangeKind): Issue[] {
    return this.port.view.changes.find((entry) => entry.change === kind)?.reasons ?? [];
  }

  /** Whether a buyer can ask the shop for what they may not do. */
  get #mayPropose(): boolean {
    const entry = this.port.view.allowed.find(({ command }) => command === "proposeAmendment");
    return this.port.isCustomer && entry?.allowed === true;
  }

  /** Why a change is not possible, as one text; empty if it is, or can be asked for. */
  reasonAgainst(kind: ChangeKind): string {
    const reasons = this.#against(kind);
    const isAskable = reasons.every(({ code }) => code === "role_forbids" || code === "status_forbids");
    return isAskable && this.#mayPropose ? "" : sayAll(reasons);
  }

  /** What only the shop ever does is not shown to a buyer. */
  isShown(kind: ChangeKind): boolean {
    return !this.port.isCustomer || !["unitPrice", "discount", "paymentMethod"].includes(kind);
  }

  #stage(): Staged[] {
    return stagedChanges(
      this.order,
      {
        quantities: this.quantities,
        removed: this.removed,
        replaced: this.replaced,
        prices: this.prices,
        added: this.added,
        contact: this.contact.typed,
        address: this.address.typed,
        billing: this.billsElsewhere === false ? "withGoods" : this.billing.typed,
        note: this.note,
        shippingMethod: this.shippingMethod,
        paymentMethod: this.paymentMethod,
        couponsAdded: this.couponsAdded,
        couponsRemoved: this.couponsRemoved,
        discountsRemoved: this.discountsRemoved,
        byHand: this.byHand,
      },
      this.order.currency,
    );
  }

  /** Numbers that are none: the rules are not asked about them. */
  #typos(): Issue[] {
    const wrong = (texts: Record<string, string>, path: (key: string) => string) =>
      Object.entries(texts)
        .filter(([, text]) => !isDecimal(text))
        .map(([key]) => malformed(path(key)));
    const added = this.added.filter(({ quantity }) => !isDecimal(quantity));
    const counts = Object.entries(this.replaced).map(([line, { quantity }]) => [line, quantity] as const);
    const { value } = this.byHand;
    const isByHandWrong = value !== "" && !this.#stage().some(({ path }) => path === paths.byHand);
    return [
      ...wrong(this.quantities, paths.quantity),
      ...wrong(this.prices, paths.price),
      ...wrong(Object.fromEntries(counts), paths.replacedQuantity),
      ...added.map(({ sku }) => malformed(paths.added(sku))),
      ...(isByHandWrong ? [malformed(paths.byHand)] : []),
    ];
  }

  get amendment(): Amendment {
    const reason = this.reason.trim();
    const by = this.consentBy.trim();
    const changes = this.staged.map(({ change }) =>
      "addAdjustment" in change && reason !== ""
        ? { addAdjustment: { adjustment: { ...change.addAdjustment.adjustment, reason } } }
        : change,
    );
    return {
      id: this.#id,
      changes,
      ...(this.policy === "" ? {} : { policy: this.policy }),
      ...(this.newLines === "" ? {} : { newLines: this.newLines }),
      ...(reason === "" ? {} : { reason }),
      ...(this.consentHow === "" ? {} : { consent: { by, how: this.consentHow } }),
    };
  }

  /** The first issue of a field. */
  issueAt(path: string): Issue | undefined {
    return this.issues.find((issue) => (fieldPath(this.staged, issue.path) ?? issue.path) === path);
  }

  /** What is wrong and belongs to no field. */
  get general(): Issue[] {
    return this.#refused.filter(
      (issue) => issue.code !== "edit_conflict" && fieldPath(this.staged, issue.path) === undefined,
    );
  }

  get wish(): Wish {
    const { base, isProposal } = this;
    const { view, ruleset } = this.port;
    // A reason that is still to be given holds back no figures; it is asked for when the edit is applied.
    const amendment = { reason: "…", ...this.amendment };
    return { amendment, options: { base, isProposal }, revision: view.order.revision, ruleset };
  }

  /** Asks the rules what the edit comes to; only the latest answer counts. */
  async workOut({ amendment, options }: Wish): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    if (amendment.changes.length === 0) {
      this.preview = undefined;
      this.#refused = [];
      this.isWorking = false;
      return;
    }
    this.isWorking = true;
    const answer = await this.port.previewAmendment(amendment, options);
    if (asked !== this.#asked) return;
    this.isWorking = false;
    this.#refused = answer.ok ? [] : answer.issues;
    this.preview = answer.ok ? answer.preview : undefined;
    this.#settleConflicts();
  }

  /** One's own value stands: once that is said of each conflict, the form begins with what is seen now. */
  keepMine(issue: Issue): void {
    this.#kept = [...this.#kept, String(issue.args["field"])];
    this.#settleConflicts();
  }

  isKept(issue: Issue): boolean {
    return this.#kept.includes(String(issue.args["field"]));
  }

  takeTheirs(issue: Issue): void {
    const own = this.staged[Number(/\d+/.exec(issue.path)?.[0])];
    if (own) this.undo(own.path);
  }

  #settleConflicts(): void {
    if (this.conflicts.length === 0 || !this.conflicts.every((issue) => this.isKept(issue))) return;
    this.#kept = [];
    this.base = this.port.view.confirmedRevision;
  }

  /** A field says again what the order says. */
  undo(path: string): void {
    const [, part, key = ""] = path.split("/");
    if (part === "quantities") this.setLine(key, undefined);
    else if (part === "replaced") this.replace(key, undefined);
    else if (part === "prices") this.setPrice(key, undefined);
    else if (part === "added") this.remove(key);
    else if (part === "discounts")
      this.discountsRemoved = this.discountsRemoved.filter((rule) => rule !== key);
    else if (part === "byHand") this.byHand.value = "";
    else if (path === paths.contact) this.contact.reset();
    else if (path === paths.address) this.address.reset();
    else if (path === paths.billing) this.billElsewhere(undefined);
    else if (path === paths.note) this.note = undefined;
    else if (path === paths.shippingMethod) this.shippingMethod = undefined;
    else if (path === paths.paymentMethod) this.paymentMethod = undefined;
    else if (path === paths.coupon) [this.couponsAdded, this.couponsRemoved] = [[], []];
  }

  /** Fills the form with an edit that was refused. */
  fill(amendment: Amendment, base: number): void {
    const typed = typedFrom(amendment.changes, this.order, this.port.ruleset.homeCountry);
    const { contact, address, billing, byHand, ...rest } = typed;
    if (contact) this.contact.fill(contact);
    if (address) this.address.fill(address);
    if (billing !== undefined) this.billsElsewhere = billing !== "withGoods";
    if (typeof billing === "object") this.billing.fill(billing);
    if (byHand) this.byHand = byHand;
    Object.assign(this, rest);
    this.reason = amendment.reason ?? "";
    this.policy = amendment.policy ?? "";
    this.newLines = amendment.newLines ?? "";
    this.base = base;
  }

  async send(kind: "amend@1" | "proposeAmendment@1"): Promise<Outcome<"saved", unknown>> {
    this.isSending = true;
    try {
      const answer = await this.port.send(kind, this.amendment, { base: this.base });
      if (!answer.ok) this.#refused = answer.issues;
      return answer;
    } finally {
      this.isSending = false;
    }
  }

  /** Where the invoice goes; an address that begins empty is still to be filled in. */
  billElsewhere(isElsewhere: boolean | undefined): void {
    this.billsElsewhere = isElsewhere;
    if (isElsewhere === true) this.billing.changed();
    else this.billing.reset();
  }

  setLine(line: string, quantity: string | undefined): void {
    this.removed = this.removed.filter((id) => id !== line);
    this.quantities = withText(this.quantities, line, quantity);
  }

  removeLine(line: string): void {
    this.setLine(line, undefined);
    this.removed = [...this.removed, line];
  }

  /** Other goods in place of what is left of a line: what else was said of the line falls away. */
  replace(line: string, by: Goods | undefined): void {
    this.setLine(line, undefined);
    this.setPrice(line, undefined);
    const others = Object.entries(this.replaced).filter(([known]) => known !== line);
    const own = by ? [[line, { ...by, quantity: normalised(by.quantity) }] as const] : [];
    this.replaced = Object.fromEntries([...others, ...own]);
  }

  setPrice(line: string, price: string | undefined): void {
    this.prices = withText(this.prices, line, price);
  }

  quantityOf(sku: string): string {
    return this.added.find((line) => line.sku === sku)?.quantity ?? "";
  }

  has(sku: string): boolean {
    return this.added.some((line) => line.sku === sku);
  }

  isWrongQuantity(sku: string): boolean {
    return this.issueAt(paths.added(sku)) !== undefined;
  }

  setQuantity(sku: string, quantity: string): void {
    const line = this.added.find((known) => known.sku === sku);
    if (line) line.quantity = normalised(quantity);
    else this.added.push({ sku, quantity: normalised(quantity) });
  }

  step(product: Product, direction: 1 | -1): void {
    const next = stepped(product, this.quantityOf(product.sku), direction);
    if (next === undefined) this.remove(product.sku);
    else this.setQuantity(product.sku, next);
  }

  remove(sku: string): void {
    this.added = this.added.filter((line) => line.sku !== sku);
  }

  leave(): void {
    // A wrong quantity is said at once.
  }
}
