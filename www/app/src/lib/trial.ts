import {
  explain,
  OrderkitError,
  quote,
  Rules,
  type Context,
  type Draft,
  type Explanation,
  type Issue,
  type Language,
  type Quote,
  type Rounding,
  type Ruleset,
} from "orderkit";

/** One cart under several rules. */

export interface Trial {
  lines: { sku: string; quantity: string }[];
  coupons: string[];
  country: string;
  shippingMethod: string;
  groups: string[];
  /** Orders of the customer before this one; unknown if missing. */
  placedOrders?: number | undefined;
  /** The cart of a finding that this began as, for all that has no field here: region, postcode, payment, time. */
  example?: { draft: Draft; context: Context } | undefined;
}

export type Priced = { quote: Quote } | { issues: Issue[] };

export function draftOf(trial: Trial): Draft {
  const { details: base = {}, lines: baseLines = [], ...rest } = trial.example?.draft ?? {};
  const { shippingAddress, ...details } = base;
  delete details.couponCodes;
  delete details.shippingMethod;
  // The rest of the address belongs to its country.
  const address = shippingAddress?.country === trial.country ? shippingAddress : { country: trial.country };
  return {
    ...rest,
    lines: trial.lines.map(({ sku, quantity }) => ({
      ...baseLines.find((line) => line.sku === sku),
      sku,
      quantity,
    })),
    details: {
      ...details,
      ...(trial.country ? { shippingAddress: address } : {}),
      ...(trial.shippingMethod ? { shippingMethod: trial.shippingMethod } : {}),
      ...(trial.coupons.length > 0 ? { couponCodes: trial.coupons } : {}),
    },
  };
}

export function contextOf(trial: Trial, nowMs: number): Context {
  const { groups, placedOrders, example } = trial;
  const customer = { ...example?.context.customer };
  delete customer.groups;
  delete customer.placedOrders;
  return {
    nowMs,
    ...example?.context,
    customer: {
      ...customer,
      ...(groups.length > 0 ? { groups } : {}),
      ...(placedOrders === undefined ? {} : { placedOrders }),
    },
  };
}

/** The cart that shows a finding, as a test cart. */
export function trialOf(draft: Draft, context: Context, homeCountry: string): Trial {
  const { lines = [], details = {} } = draft;
  return {
    lines: lines.map(({ sku = "", quantity = "1" }) => ({ sku, quantity })),
    coupons: details.couponCodes ?? [],
    country: details.shippingAddress?.country ?? homeCountry,
    shippingMethod: details.shippingMethod ?? "",
    groups: context.customer?.groups ?? [],
    placedOrders: context.customer?.placedOrders,
    example: { draft, context },
  };
}

export function priced(trial: Trial, rules: Rules, nowMs: number): Priced {
  try {
    const answer = quote(draftOf(trial), rules, contextOf(trial, nowMs));
    return answer.ok ? { quote: answer.quote } : { issues: answer.issues };
  } catch (error) {
    // A quantity that is still being typed.
    if (error instanceof OrderkitError) return { issues: error.issues };
    throw error;
  }
}

/** Why the cart costs what it does, in sentences of the engine. */
export function explained(trial: Trial, rules: Rules, language: Language, nowMs: number): Explanation[] {
  const told = explain(draftOf(trial), rules, { language, ...contextOf(trial, nowMs) });
  return told.ok ? told.explanations : [];
}

export function quoteOf(answer: Priced | undefined): Quote | undefined {
  return answer && "quote" in answer ? answer.quote : undefined;
}

export interface Row {
  sku: string;
  old: number | undefined;
  now: number | undefined;
}

/** The lines of both quotes beside each other: what each costs after discounts; gifts come last. */
export function compared(old: Quote | undefined, now: Quote | undefined): Row[] {
  const skus = [...new Set([...(now?.lines ?? []), ...(old?.lines ?? [])].map((line) => line.sku))];
  return skus.map((sku) => ({ sku, old: paidFor(old, sku), now: paidFor(now, sku) }));
}

function paidFor(priced: Quote | undefined, sku: string): number | undefined {
  const lines = (priced?.lines ?? []).filter((line) => line.sku === sku);
  if (lines.length === 0) return undefined;
  return lines.reduce((sum, line) => sum + line.amountMinor - line.discountMinor, 0);
}

export const roundingLevels = ["unit", "line", "group", "document"] as const;
export const roundingModes: Rounding[] = ["halfUp", "halfEven"];

export interface Variant {
  level: (typeof roundingLevels)[number];
  mode: Rounding;
  rules: Rules;
}

const known = new WeakMap<Rules, Variant[]>();

/** The same rules with each way of rounding that this engine has. */
export function roundingVariants(rules: Rules): Variant[] {
  let variants = known.get(rules);
  if (variants === undefined) {
    variants = [...variantsOf(rules.ruleset)];
    known.set(rules, variants);
  }
  return variants;
}

function* variantsOf(ruleset: Ruleset): Generator<Variant> {
  // A mode for prices of one kind would take the place of the one that is tried.
  const others = { ...ruleset.rounding };
  delete others.taxInclusiveMode;
  delete others.taxExclusiveMode;
  for (const level of roundingLevels) {
    for (const mode of roundingModes) {
      const rounding = { ...others, level, mode };
      try {
        yield { level, mode, rules: Rules.load(JSON.stringify({ ...ruleset, rounding })) };
      } catch (error) {
        // A level that does not go with the rest of these rules.
        if (!(error instanceof OrderkitError)) throw error;
      }
    }
  }
}
