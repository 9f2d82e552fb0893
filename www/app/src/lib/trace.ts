import type { Language, Quote, Ruleset, TaxComponent, TraceStep } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { local, money, percent, price, quantity } from "./format";
import { isAboutShipping, shippingSentence, type ShippingStep } from "./trace-shipping";

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

export interface Context {
  quote: Quote;
  ruleset: Ruleset;
  language: Language;
}

export type Step<K extends TraceStep["step"]> = Extract<TraceStep, { step: K }>;

export function sentences(quote: Quote, ruleset: Ruleset, language: Language): TraceSentence[] {
  const context = { quote, ruleset, language };
  return (quote.trace ?? []).flatMap((step) => sentencesOf(step, context));
}

/** Steps that are about many lines give one sentence for each. */
function sentencesOf(step: TraceStep, context: Context): TraceSentence[] {
  if (step.step === "linePrices") return linePrices(step, context);
  if (step.step === "lineTaxes") return lineTaxes(step, context);
  return [isAboutShipping(step) ? shippingSentence(step, context) : sentence(step, context)];
}

type SingleStep = Exclude<TraceStep, ShippingStep | Step<"linePrices"> | Step<"lineTaxes">>;

function sentence(step: SingleStep, context: Context): TraceSentence {
  const { language } = context;
  const locale = { locale: language };
  const shown = (minor: number) => money(minor, context.quote.currency, language);
  switch (step.step) {
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

function linePrices(step: Step<"linePrices">, context: Context): TraceSentence[] {
  const { quote, language } = context;
  return step.amountsMinor.map((amountMinor, line) => ({
    group: "items",
    text: m.trace_line(
      {
        name: lineName(line, context),
        quantity: quantity(quote.lines[line]?.quantity ?? "0", language),
        price: price(quote.lines[line]?.unitPrice ?? "0", quote.currency, language),
      },
      { locale: language },
    ),
    amountMinor,
    ...rounding(step.rounded?.find((rounded) => rounded.line === line)?.exact, language),
  }));
}

function rounding(exact: string | undefined, language: Language): { detail?: string } {
  return exact === undefined ? {} : { detail: m.trace_rounded({ exact }, { locale: language }) };
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
  };
  const inclusive = quote.priceBasis === "taxInclusive";
  return {
    group: "tax",
    text: inclusive ? m.trace_tax_included(inputs, locale) : m.trace_tax_added(inputs, locale),
    // Tax that the prices hold already adds nothing to the total.
    ...(inclusive ? {} : { amountMinor: step.amountMinor }),
    ...rounding(step.exact, language),
  };
}

function lineTaxes(step: Step<"lineTaxes">, context: Context): TraceSentence[] {
  const { quote, language } = context;
  const locale = { locale: language };
  const inclusive = quote.priceBasis === "taxInclusive";
  return step.lines.map((line, at) => {
    const amountMinor = step.amountsMinor[at] ?? 0;
    const inputs = {
      name: lineName(line, context),
      tax: taxName(step.tax, language),
      amount: money(amountMinor, quote.currency, language),
    };
    return {
      group: "tax",
      text: inclusive ? m.trace_line_tax_included(inputs, locale) : m.trace_line_tax_added(inputs, locale),
      ...(inclusive ? {} : { amountMinor }),
      ...rounding(step.rounded?.find((rounded) => rounded.line === line)?.exact, language),
    };
  });
}

/** "20 %", or what kind of no tax it is. */
export function taxName(component: TaxComponent, language: Language): string {
  const locale = { locale: language };
  const rate = percent(component.percent ?? "0", language);
  const where = component.jurisdiction ? ` (${component.jurisdiction})` : "";
  const { category = "S" } = component;
  switch (category) {
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
    case "S":
    case "L":
    case "M":
    case "B":
      return m.tax_rate({ rate }, locale) + where;
  }
}

function lineName(line: number, { quote, language }: Context): string {
  const found = quote.lines[line];
  return local(found?.name, language) || found?.sku || String(line + 1);
}

export function ruleName(rule: string, { quote, ruleset, language }: Context): string {
  const applied = quote.adjustments.find((adjustment) => adjustment.rule === rule)?.name;
  const known = ruleset.promotions?.find((promotion) => promotion.id === rule)?.name;
  if (rule === "manual" && !applied) return m.rule_manual({}, { locale: language });
  return local(applied ?? known, language) || rule;
}

export function methodName(method: string, { ruleset, language }: Context): string {
  const known = ruleset.shippingMethods?.find((candidate) => candidate.id === method)?.name;
  return local(known, language) || method;
}
