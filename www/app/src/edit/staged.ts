import type { Address, Adjustment, Change, ChangeKind, Order, OrderLine } from "orderkit";
import {
  addressOf,
  addressTexts,
  contactTexts,
  customerOf,
  type AddressTexts,
  type ContactTexts,
} from "../form/fields";
import { major, minorOf } from "../lib/format";
import { compare, isDecimal } from "../lib/quantity";
import { wanted } from "../lib/units";

/** What was changed on the form, as the changes of an edit. A field that says what the order says changes nothing. */

/** A discount or charge that is set by hand. */
export interface ByHand {
  kind: Adjustment["kind"];
  unit: "amount" | "percent";
  value: string;
}

/** Other goods, by their item number. */
export interface Goods {
  sku: string;
  quantity: string;
}

/** What was typed; what is missing is as the order has it. */
export interface Typed {
  /** By line. */
  quantities: Record<string, string>;
  removed: readonly string[];
  /** By line: the goods that come in its place. */
  replaced: Record<string, Goods>;
  /** By line. */
  prices: Record<string, string>;
  added: readonly Goods[];
  contact: ContactTexts | undefined;
  address: AddressTexts | undefined;
  /** Where the invoice goes: elsewhere, or with the goods. */
  billing: AddressTexts | "withGoods" | undefined;
  note: string | undefined;
  shippingMethod: string | undefined;
  paymentMethod: string | undefined;
  couponsAdded: readonly string[];
  couponsRemoved: readonly string[];
  discountsRemoved: readonly string[];
  byHand: ByHand | undefined;
}

/** One change, with the field that it comes from. */
export interface Staged {
  change: Change;
  kind: ChangeKind;
  /** The path of its field on the form. */
  path: string;
  /** What of an issue's path names a field inside of it, and where that begins on the form. */
  inner?: { from: string; to: string };
}

export const paths = {
  quantity: (line: string) => `/quantities/${line}`,
  replaced: (line: string) => `/replaced/${line}`,
  replacedQuantity: (line: string) => `/replaced/${line}/quantity`,
  price: (line: string) => `/prices/${line}`,
  added: (sku: string) => `/added/${sku}`,
  contact: "/details/customer",
  address: "/details/shippingAddress",
  billing: "/details/billingAddress",
  note: "/details/note",
  shippingMethod: "/details/shippingMethod",
  paymentMethod: "/details/paymentMethod",
  coupon: "/details/couponCodes",
  discount: (rule: string) => `/discounts/${rule}`,
  byHand: "/byHand/value",
} as const;

/** The path on the form of an issue with an edit, or nothing if it is about no field of it. */
export function fieldPath(staged: readonly Staged[], issuePath: string): string | undefined {
  const match = /^\/args\/changes\/(\d+)(\/.*)?$/.exec(issuePath);
  if (!match)
    return issuePath === "/args/reason" || issuePath.startsWith("/args/consent") ? issuePath : undefined;
  const own = staged[Number(match[1])];
  const rest = match[2] ?? "";
  if (!own?.inner || !rest.startsWith(own.inner.from)) return own?.path;
  return own.inner.to + rest.slice(own.inner.from.length);
}

export function stagedChanges(order: Order, typed: Typed, currency: string): Staged[] {
  return [
    ...order.lines.flatMap((line) => lineChanges(line, typed)),
    ...typed.added.flatMap(addedLine),
    ...detailChanges(order, typed),
    ...discountChanges(order, typed, currency),
  ];
}

function lineChanges(line: OrderLine, typed: Typed): Staged[] {
  const staged: Staged[] = [];
  const by = typed.replaced[line.id];
  // Nothing is left of a line whose goods are replaced: no more can be said of it.
  if (by) return replacedLine(line.id, by);
  const quantity = typed.quantities[line.id];
  const left = wanted(line);
  if (typed.removed.includes(line.id)) {
    const path = paths.quantity(line.id);
    staged.push({ change: { removeLine: { line: line.id } }, kind: "lessGoods", path });
  } else if (quantity !== undefined && isDecimal(quantity) && compare(quantity, left) !== 0) {
    const kind = compare(quantity, left) > 0 ? "moreGoods" : "lessGoods";
    const change = { setQuantity: { line: line.id, quantity } };
    staged.push({ change, kind, path: paths.quantity(line.id) });
  }
  const unitPrice = typed.prices[line.id];
  if (unitPrice !== undefined && isDecimal(unitPrice) && compare(unitPrice, line.unitPrice) !== 0) {
    const change = { setUnitPrice: { line: line.id, unitPrice } };
    staged.push({ change, kind: "unitPrice", path: paths.price(line.id) });
  }
  return staged;
}

function replacedLine(line: string, { sku, quantity }: Goods): Staged[] {
  if (sku.trim() === "" || !isDecimal(quantity)) return [];
  const change = { replaceLine: { line, by: { sku: sku.trim(), quantity } } };
  return [{ change, kind: "moreGoods", path: paths.replaced(line) }];
}

function addedLine({ sku, quantity }: Goods): Staged[] {
  if (!isDecimal(quantity)) return [];
  return [{ change: { addLine: { line: { sku, quantity } } }, kind: "moreGoods", path: paths.added(sku) }];
}

const isSame = (left: object, right: object) => JSON.stringify(left) === JSON.stringify(right);

function isSameAddress(texts: AddressTexts, address: Address | undefined): boolean {
  return isSame(addressOf(texts), addressOf(addressTexts(address, texts.country)));
}

function billingChange(known: Address | undefined, billing: Typed["billing"]): Staged[] {
  if (billing === undefined) return [];
  const own = { kind: "billingAddress", path: paths.billing } as const;
  if (billing === "withGoods") return known ? [{ change: { setBillingAddress: {} }, ...own }] : [];
  if (known && isSameAddress(billing, known)) return [];
  const inner = { from: "/address", to: paths.billing };
  return [{ change: { setBillingAddress: { address: addressOf(billing) } }, ...own, inner }];
}

function detailChanges({ details }: Order, typed: Typed): Staged[] {
  const staged: Staged[] = [];
  const { contact, address, note, shippingMethod, paymentMethod } = typed;
  if (contact && !isSame(customerOf(contact), customerOf(contactTexts(details.customer)))) {
    const inner = { from: "/contact", to: paths.contact };
    staged.push({
      change: { setContact: { contact: customerOf(contact) } },
      kind: "contact",
      path: paths.contact,
      inner,
    });
  }
  if (address && !isSameAddress(address, details.shippingAddress)) {
    const inner = { from: "/address", to: paths.address };
    const change = { setShippingAddress: { address: addressOf(address) } };
    staged.push({ change, kind: "shippingAddress", path: paths.address, inner });
  }
  staged.push(...billingChange(details.billingAddress, typed.billing));
  if (note !== undefined && note.trim() !== (details.note ?? "")) {
    const change = { setNote: note.trim() === "" ? {} : { note: note.trim() } };
    staged.push({ change, kind: "note", path: paths.note });
  }
  if (shippingMethod !== undefined && shippingMethod !== details.shippingMethod) {
    const change = { setShippingMethod: { method: shippingMethod } };
    staged.push({ change, kind: "shippingMethod", path: paths.shippingMethod });
  }
  if (paymentMethod !== undefined && paymentMethod !== details.paymentMethod) {
    const change = { setPaymentMethod: { method: paymentMethod } };
    staged.push({ change, kind: "paymentMethod", path: paths.paymentMethod });
  }
  return staged;
}

/** Charges and discounts by hand as the rules take them; nothing while no amount is typed. */
function adjustmentOf({ kind, unit, value }: ByHand, currency: string): Adjustment | undefined {
  if (unit === "percent") return isDecimal(value) ? { kind, percent: value } : undefined;
  const amountMinor = minorOf(value, currency);
  return amountMinor === undefined ? undefined : { kind, amountMinor };
}

function discountChanges(order: Order, typed: Typed, currency: string): Staged[] {
  const staged: Staged[] = [];
  const known = order.details.couponCodes ?? [];
  for (const code of typed.couponsRemoved.filter((code) => known.includes(code)))
    staged.push({ change: { removeCoupon: { code } }, kind: "coupon", path: paths.coupon });
  for (const rule of typed.discountsRemoved)
    staged.push({ change: { removeDiscount: { rule } }, kind: "discount", path: paths.discount(rule) });
  for (const code of typed.couponsAdded)
    staged.push({ change: { addCoupon: { code } }, kind: "coupon", path: paths.coupon });
  const adjustment = typed.byHand && adjustmentOf(typed.byHand, currency);
  if (adjustment)
    staged.push({ change: { addAdjustment: { adjustment } }, kind: "discount", path: paths.byHand });
  return staged;
}

/** What was typed, from the changes of an edit that was refused: the way back. */
export function typedFrom(changes: readonly Change[], order: Order, homeCountry: string): Partial<Typed> {
  const quantities: Record<string, string> = {};
  const prices: Record<string, string> = {};
  const removed: string[] = [];
  const replaced: Record<string, Goods> = {};
  const added: Goods[] = [];
  const couponsAdded: string[] = [];
  const couponsRemoved: string[] = [];
  const discountsRemoved: string[] = [];
  const one: Partial<Typed> = {};
  for (const change of changes) {
    if ("setQuantity" in change) quantities[change.setQuantity.line] = change.setQuantity.quantity;
    else if ("replaceLine" in change) {
      const { sku = "", quantity = "" } = change.replaceLine.by;
      replaced[change.replaceLine.line] = { sku, quantity };
    } else if ("removeLine" in change) removed.push(change.removeLine.line);
    else if ("setUnitPrice" in change) prices[change.setUnitPrice.line] = change.setUnitPrice.unitPrice;
    else if ("addLine" in change) {
      const { sku = "", quantity = "" } = change.addLine.line;
      added.push({ sku, quantity });
    } else if ("setContact" in change) one.contact = contactTexts(change.setContact.contact);
    else if ("setShippingAddress" in change)
      one.address = addressTexts(change.setShippingAddress.address, homeCountry);
    else if ("setBillingAddress" in change) {
      const { address } = change.setBillingAddress;
      one.billing = address ? addressTexts(address, homeCountry) : "withGoods";
    } else if ("setNote" in change) one.note = change.setNote.note ?? "";
    else if ("setShippingMethod" in change) one.shippingMethod = change.setShippingMethod.method;
    else if ("setPaymentMethod" in change) one.paymentMethod = change.setPaymentMethod.method;
    else if ("addCoupon" in change) couponsAdded.push(change.addCoupon.code);
    else if ("removeCoupon" in change) couponsRemoved.push(change.removeCoupon.code);
    else if ("removeDiscount" in change) discountsRemoved.push(change.removeDiscount.rule);
    else if ("addAdjustment" in change)
      one.byHand = byHandFrom(change.addAdjustment.adjustment, order.currency);
  }
  return {
    ...one,
    quantities,
    prices,
    removed,
    replaced,
    added,
    couponsAdded,
    couponsRemoved,
    discountsRemoved,
  };
}

function byHandFrom({ kind, percent, amountMinor }: Adjustment, currency: string): ByHand {
  if (percent !== undefined) return { kind, unit: "percent", value: percent };
  return { kind, unit: "amount", value: major(amountMinor ?? 0, currency) };
}
