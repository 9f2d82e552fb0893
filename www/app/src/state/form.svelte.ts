import {
  explain,
  nextOffers,
  quote,
  validate,
  type Draft,
  type Explanation,
  type Issue,
  type Known,
  type Language,
  type Offer,
  type Product,
  type Quote,
  type Rules,
} from "orderkit";
import {
  addressOf,
  addressTexts,
  contactTexts,
  customerOf,
  type AddressTexts,
  type ContactTexts,
} from "../form/fields";
import { byField, draftPath } from "../lib/paths";
import { normalised } from "../lib/quantity";
import { stepped } from "../lib/steps";
import { clock } from "./clock.svelte";
import type { Shop } from "./shop.svelte";

/** The order that is being filled in. Every keystroke is priced and checked by the rules. */

export interface FormLine {
  sku: string;
  quantity: string;
}

export interface FormFields extends ContactTexts, AddressTexts {
  shippingMethod: string;
  paymentMethod: string;
  note: string;
}

/** What of the draft can be priced, and its price. */
interface Priced {
  draft: Draft;
  quote: Quote;
}

interface Kept {
  lines: FormLine[];
  fields: FormFields;
  coupons: string[];
  points?: string;
  spendsStoreCredit?: boolean;
}

/** What the buyer pays with that the shop keeps for them. */
interface Spending {
  points: number;
  spendsStoreCredit: boolean;
}

const empty: FormFields = {
  name: "",
  email: "",
  phone: "",
  country: "",
  recipient: "",
  street: "",
  street2: "",
  city: "",
  region: "",
  postcode: "",
  shippingMethod: "",
  paymentMethod: "",
  note: "",
};

export class OrderFormState {
  readonly shop: Shop;
  lines = $state<FormLine[]>([]);
  fields = $state<FormFields>({ ...empty });
  coupons = $state<string[]>([]);
  /** Points to spend, as they were typed. */
  points = $state("");
  spendsStoreCredit = $state(false);
  /** Fields that were left once; only these complain before the form is sent. */
  touched = $state<Record<string, boolean>>({});
  isSent = $state(false);
  /** What the store or server said about the draft as it stands. */
  answered = $state.raw<Issue[]>([]);

  readonly draft: Draft = $derived(
    draftOf(this.lines, this.fields, this.coupons, {
      points: wholeNumber(this.points) ?? 0,
      spendsStoreCredit: this.spendsStoreCredit,
    }),
  );
  readonly arePointsWrong: boolean = $derived(wholeNumber(this.points) === undefined);
  readonly #checked = $derived(this.check(this.draft));
  readonly #priced: Priced | undefined = $derived(this.price(this.draft));
  readonly quote: Quote | undefined = $derived(this.#priced?.quote);
  readonly issues: Issue[] = $derived(this.#checked.length > 0 ? this.#checked : this.answered);
  readonly issueByField = $derived(byField(this.issues));

  constructor(shop: Shop) {
    this.shop = shop;
    const kept = read(this.#key);
    if (kept) {
      this.lines = kept.lines;
      this.fields = { ...empty, ...kept.fields };
      this.coupons = kept.coupons;
      this.points = kept.points ?? "";
      this.spendsStoreCredit = kept.spendsStoreCredit ?? false;
    } else {
      this.fields.country = this.homeCountry;
    }
  }

  get rules(): Rules {
    return this.shop.rules;
  }

  /** What the server said of the buyer and of uses, at this moment. */
  get #known(): Known {
    return { ...this.shop.known, nowMs: clock.nowMs };
  }

  /** The issue that a field shows now: after it was left, or after the form was sent. */
  shown(path: string): Issue | undefined {
    return this.isSent || this.touched[path] ? this.issueByField.get(path) : undefined;
  }

  touch(path: string): void {
    this.touched[path] = true;
  }

  isWrong(path: string): boolean {
    return this.issueByField.has(path);
  }

  get homeCountry(): string {
    return this.shop.ruleset.homeCountry;
  }

  check(draft: Draft): Issue[] {
    return validate(draft, this.rules, {
      ...this.#known,
      mayAdjust: !this.shop.isCustomer,
    }).issues;
  }

  /** The price of what can be priced: a line that is still being typed must not blank the totals. */
  price(draft: Draft): Priced | undefined {
    const first = quote(draft, this.rules, this.#known);
    if (first.ok) return { draft, quote: first.quote };
    const paths = first.issues.map((issue) => draftPath(issue.path));
    const lines = (draft.lines ?? []).filter(
      (_, at) => !paths.some((path) => path.startsWith(`/lines/${at}/`)),
    );
    const details = { ...draft.details };
    if (paths.includes("/details/shippingMethod")) delete details.shippingMethod;
    if (paths.includes("/details/spendPoints")) delete details.spendPoints;
    const some = { ...draft, lines, details };
    const second = quote(some, this.rules, this.#known);
    return second.ok ? { draft: some, quote: second.quote } : undefined;
  }

  /** Why the price is what it is, in sentences of the engine. */
  explanations(language: Language): Explanation[] {
    if (!this.#priced) return [];
    const told = explain(this.#priced.draft, this.rules, { ...this.#known, language });
    return told.ok ? told.explanations : [];
  }

  /** What is in reach with a little more, the nearest first. */
  offers(language: Language): Offer[] {
    if (!this.#priced) return [];
    const found = nextOffers(this.#priced.draft, this.rules, { ...this.#known, language });
    return found.ok ? found.offers : [];
  }

  has(sku: string): boolean {
    return this.lines.some((line) => line.sku === sku);
  }

  isWrongQuantity(sku: string): boolean {
    return this.issueByField.has(this.#quantityPath(sku));
  }

  leave(sku: string): void {
    this.touch(this.#quantityPath(sku));
  }

  #quantityPath(sku: string): string {
    return `/lines/${this.lines.findIndex((line) => line.sku === sku)}/quantity`;
  }

  quantityOf(sku: string): string {
    return this.lines.find((line) => line.sku === sku)?.quantity ?? "";
  }

  setQuantity(sku: string, quantity: string): void {
    const at = this.lines.findIndex((line) => line.sku === sku);
    const text = normalised(quantity);
    const line = this.lines[at];
    if (line) line.quantity = text;
    else this.lines.push({ sku, quantity: text });
    this.#changed();
  }

  remove(sku: string): void {
    this.lines = this.lines.filter((line) => line.sku !== sku);
    this.#changed();
  }

  /** One step up or down; below the smallest quantity the line goes. */
  step(product: Product, direction: 1 | -1): void {
    const next = stepped(product, this.quantityOf(product.sku), direction);
    if (next === undefined) this.remove(product.sku);
    else this.setQuantity(product.sku, next);
  }

  addCoupon(code: string): void {
    const plain = code.trim();
    const known = this.coupons.some((coupon) => coupon.toLowerCase() === plain.toLowerCase());
    if (plain && !known) this.coupons.push(plain);
    this.touch("/details/couponCodes");
    this.#changed();
  }

  removeCoupon(code: string): void {
    this.coupons = this.coupons.filter((coupon) => coupon !== code);
    this.#changed();
  }

  changed(): void {
    this.#changed();
  }

  /** Fills the form with an order that was refused, with the reasons beside its fields. */
  fill(draft: Draft, issues: Issue[] = []): void {
    const { customer, shippingAddress: address } = draft.details ?? {};
    this.lines = (draft.lines ?? []).map((line) => ({
      sku: line.sku ?? "",
      quantity: line.quantity ?? "",
    }));
    this.coupons = [...(draft.details?.couponCodes ?? [])];
    this.points = String(draft.details?.spendPoints ?? "");
    this.spendsStoreCredit = draft.details?.spendStoreCredit ?? false;
    this.fields = {
      ...contactTexts(customer),
      ...addressTexts(address, this.homeCountry),
      shippingMethod: draft.details?.shippingMethod ?? "",
      paymentMethod: draft.details?.paymentMethod ?? "",
      note: draft.details?.note ?? "",
    };
    this.touched = {};
    this.isSent = true;
    this.#changed();
    this.answered = issues;
  }

  /** After an order: a customer is the same person next time, a desk serves somebody else. */
  clear(): void {
    this.lines = [];
    this.coupons = [];
    this.points = "";
    this.spendsStoreCredit = false;
    this.fields = this.shop.isCustomer
      ? { ...this.fields, note: "" }
      : { ...empty, country: this.shop.ruleset.homeCountry };
    this.touched = {};
    this.isSent = false;
    this.#changed();
  }

  get #key(): string {
    return `orderkit.draft.${this.shop.session.tenant}.${this.shop.session.user}`;
  }

  #changed(): void {
    this.answered = [];
    try {
      const { lines, fields, coupons, points, spendsStoreCredit } = this;
      const kept: Kept = { lines, fields, coupons, points, spendsStoreCredit };
      localStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // An unfinished form may be lost on a reload; a placed order is in the store.
    }
  }
}

function read(key: string): Kept | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    const isKept =
      typeof value === "object" && value !== null && "lines" in value && Array.isArray(value.lines);
    return isKept ? (value as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/** A whole number that was typed; nothing is none of them, and anything else is no number. */
function wholeNumber(text: string): number | undefined {
  if (text.trim() === "") return 0;
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}

function draftOf(lines: FormLine[], fields: FormFields, coupons: string[], spending: Spending): Draft {
  const optional = <K extends string>(key: K, value: string) =>
    (value.trim() ? { [key]: value.trim() } : {}) as Partial<Record<K, string>>;
  return {
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    details: {
      customer: customerOf(fields),
      shippingAddress: addressOf(fields),
      ...optional("shippingMethod", fields.shippingMethod),
      ...optional("paymentMethod", fields.paymentMethod),
      ...optional("note", fields.note),
      ...(coupons.length > 0 ? { couponCodes: [...coupons] } : {}),
      ...(spending.points > 0 ? { spendPoints: spending.points } : {}),
      ...(spending.spendsStoreCredit ? { spendStoreCredit: true } : {}),
    },
  };
}
