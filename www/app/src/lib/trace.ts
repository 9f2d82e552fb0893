import type { Language, Quote, Ruleset, TaxComponent, TraceStep } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { local, money, percent, price, quantity } from "./format";

/** The trace of a price as sentences: one for each amount, and one for each rule that did not count. */

export type TraceGroup = "items" | "discounts" | "shipping" | "tax" | "unused";

export interface TraceSentence {
  group: TraceGroup;
  text: string;
  /** A second sentence, for rounding. */
  detail?: string;
  /** What it adds to the total or takes off; missing where a rule had no effect. */
  amountMinor?: number;
}

interface Context {
  quote: Quote;
  ruleset: Ruleset;
  language: Language;
}

type Step<K extends TraceStep["step"]> = Extract<TraceStep, { step: K }>;

export function sentences(quote: Quote, ruleset: Ruleset, language: Language): TraceSentence[] {
  const context = { quote, ruleset, language };
  return (quote.trace ?? []).map((step) => sentence(step, context));
}

function sentence(step: TraceStep, context: Context): TraceSentence {
  const { language } = context;
  const locale = { locale: language };
  const shown = (minor: number) => money(minor, context.quote.currency, language);
  switch (step.step) {
    case "linePrice":
      return linePrice(step, context);
    case "lineAdjustment":
      return {
        group: "items",
        text: m.trace_line_adjustment(
          { name: lineName(step.line, context), reason: step.reason ?? "–" },
          locale,
        ),
        amountMinor: step.amountMinor,
      };
    case "discount":
      return discount(step, context);
    case "discountCapped":
      return {
        group: "unused",
        text: m.trace_capped(
          {
            name: ruleName(step.rule, context),
            wanted: shown(step.wantedMinor),
            taken: shown(step.amountMinor),
          },
          locale,
        ),
      };
    case "notReached":
      return {
        group: "unused",
        text: m.trace_not_reached(
          { name: ruleName(step.rule, context), missing: shown(step.missingMinor) },
          locale,
        ),
      };
    case "noLineMatches":
      return { group: "unused", text: m.trace_no_line({ name: ruleName(step.rule, context) }, locale) };
    case "notActive":
      return { group: "unused", text: m.trace_not_active({ name: ruleName(step.rule, context) }, locale) };
    case "documentAdjustment":
      return {
        group: "discounts",
        text: m.trace_document_adjustment({ reason: step.reason ?? "–" }, locale),
        amountMinor: step.amountMinor,
      };
    case "shipping":
      return {
        group: "shipping",
        text: m.trace_shipping({ name: methodName(step.method, context) }, locale),
        amountMinor: step.amountMinor,
      };
    case "shippingFree":
      return {
        group: "shipping",
        text: m.trace_shipping_free(
          {
            name: methodName(step.method, context),
            threshold: shown(step.freeOverMinor),
            saved: shown(step.savedMinor),
          },
          locale,
        ),
        amountMinor: 0,
      };
    case "shippingNotFree":
      return {
        group: "unused",
        text: m.trace_shipping_not_free(
          { name: methodName(step.method, context), missing: shown(step.missingMinor) },
          locale,
        ),
      };
    case "tax":
      return tax(step, context);
    case "payable":
      return {
        group: "tax",
        text: m.trace_payable(
          { prepaid: shown(step.prepaidMinor), rounding: shown(step.roundingMinor) },
          locale,
        ),
      };
  }
}

function linePrice(step: Step<"linePrice">, context: Context): TraceSentence {
  const { quote, language } = context;
  const line = quote.lines[step.line];
  const text = m.trace_line(
    {
      name: lineName(step.line, context),
      quantity: quantity(line?.quantity ?? "0", language),
      price: price(line?.unitPrice ?? "0", quote.currency, language),
    },
    { locale: language },
  );
  const exact = step.exact;
  return {
    group: "items",
    text,
    amountMinor: step.amountMinor,
    ...(exact
      ? { detail: m.trace_rounded({ exact: price(exact, quote.currency, language) }, { locale: language }) }
      : {}),
  };
}

function discount(step: Step<"discount">, context: Context): TraceSentence {
  const { quote, language } = context;
  const applied = quote.adjustments.find((adjustment) => adjustment.rule === step.rule);
  const touched = applied?.sharesMinor.filter((share) => share !== 0).length ?? 0;
  const name = ruleName(step.rule, context);
  const locale = { locale: language };
  return {
    group: "discounts",
    text: applied?.couponCode
      ? m.trace_discount_coupon({ name, coupon: applied.couponCode }, locale)
      : m.trace_discount({ name }, locale),
    detail: m.trace_shared({ count: touched }, locale),
    amountMinor: -step.amountMinor,
  };
}

function tax(step: Step<"tax">, context: Context): TraceSentence {
  const { quote, language } = context;
  const locale = { locale: language };
  const inputs = {
    tax: taxName(step.tax, language),
    taxable: money(step.taxableMinor, quote.currency, language),
    amount: money(step.amountMinor, quote.currency, language),
    target: step.line === undefined ? "" : lineName(step.line, context),
  };
  const inclusive = quote.priceBasis === "taxInclusive";
  const text = inclusive ? m.trace_tax_included(inputs, locale) : m.trace_tax_added(inputs, locale);
  return {
    group: "tax",
    text,
    // Tax that the prices hold already adds nothing to the total.
    ...(inclusive ? {} : { amountMinor: step.amountMinor }),
    ...(step.exact ? { detail: m.trace_tax_rounded({ exact: step.exact }, locale) } : {}),
  };
}

/** "20 %", or what kind of no tax it is. */
export function taxName(component: TaxComponent, language: Language): string {
  const locale = { locale: language };
  const rate = percent(component.percent ?? "0", language);
  const where = component.jurisdiction ? ` (${component.jurisdiction})` : "";
  switch (component.category) {
    case "Z":
      return m.tax_zero({}, locale) + where;
    case "E":
      return m.tax_exempt({}, locale) + where;
    case "AE":
      return m.tax_reverse({}, locale) + where;
    case "K":
    case "G":
    case "O":
      return m.tax_none({}, locale) + where;
    default:
      return m.tax_rate({ rate }, locale) + where;
  }
}

function lineName(line: number, { quote, language }: Context): string {
  const found = quote.lines[line];
  return local(found?.name, language) || found?.sku || String(line + 1);
}

function ruleName(rule: string, { quote, ruleset, language }: Context): string {
  const applied = quote.adjustments.find((adjustment) => adjustment.rule === rule)?.name;
  const known = ruleset.promotions?.find((promotion) => promotion.id === rule)?.name;
  if (rule === "manual" && !applied) return m.rule_manual({}, { locale: language });
  return local(applied ?? known, language) || rule;
}

function methodName(method: string, { ruleset, language }: Context): string {
  const known = ruleset.shippingMethods?.find((candidate) => candidate.id === method)?.name;
  return local(known, language) || method;
}
