import type { SignalKind } from "orderkit";
import { m } from "../../generated/paraglide/messages.js";
import { country, money, quantity } from "../../lib/format";
import type { Language } from "orderkit";

/** When a signal is given: the kinds, with what a new one begins with. */

type KeysOf<T> = T extends unknown ? keyof T : never;
export type SignalKindName = KeysOf<SignalKind>;

const fresh: Record<SignalKindName, SignalKind> = {
  totalAbove: { totalAbove: { amountMinor: 100_000 } },
  firstOrderAbove: { firstOrderAbove: { amountMinor: 50_000 } },
  quantityAbove: { quantityAbove: { quantity: "20" } },
  countriesDiffer: { countriesDiffer: {} },
  countries: { countries: { codes: [] } },
  mailDomains: { mailDomains: { domains: [] } },
  ordersWithin: { ordersWithin: { count: 3, hours: 24 } },
};

const names: Record<SignalKindName, () => string> = {
  totalAbove: m.signal_total,
  firstOrderAbove: m.signal_first_order,
  quantityAbove: m.signal_quantity,
  countriesDiffer: m.signal_countries_differ,
  countries: m.signal_countries,
  mailDomains: m.signal_domains,
  ordersWithin: m.signal_orders,
};

export const signalKinds = Object.keys(fresh) as SignalKindName[];
export const kindOptions = (): [SignalKindName, string][] => signalKinds.map((kind) => [kind, names[kind]()]);
export const freshKind = (kind: SignalKindName): SignalKind => fresh[kind];

export function kindOf(when: SignalKind): SignalKindName {
  return signalKinds.find((kind) => kind in when) ?? "totalAbove";
}

/** The kind with its figures: "The total is above · £1,000.00". */
export function kindSummary(when: SignalKind, currency: string, language: Language): string {
  const figure = figureOf(when, currency, language);
  const name = names[kindOf(when)]();
  return figure === "" ? name : `${name} · ${figure}`;
}

function figureOf(when: SignalKind, currency: string, language: Language): string {
  if ("totalAbove" in when) return money(when.totalAbove.amountMinor, currency, language);
  if ("firstOrderAbove" in when) return money(when.firstOrderAbove.amountMinor, currency, language);
  if ("quantityAbove" in when) return quantity(when.quantityAbove.quantity, language);
  if ("countries" in when)
    return when.countries.codes.map((code) => country(code, language)).join(m.list_comma());
  if ("mailDomains" in when) return when.mailDomains.domains.join(m.list_comma());
  if ("ordersWithin" in when) {
    const { count, hours } = when.ordersWithin;
    return m.signal_orders_figure({ count, hours });
  }
  return "";
}
