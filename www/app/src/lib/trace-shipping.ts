import type { ShippingMeasure, ShippingPart, TraceStep } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { local, money, percent, quantity } from "./format";
import { type Context, methodName, ruleName, type Step, type TraceSentence } from "./trace";

/** The steps that say what shipping costs. */
export type ShippingStep = Extract<TraceStep, { step: `shipping${string}` }>;

export function isAboutShipping(step: TraceStep): step is ShippingStep {
  return step.step.startsWith("shipping");
}

export function shippingSentence(step: ShippingStep, context: Context): TraceSentence {
  const { language } = context;
  const locale = { locale: language };
  const shown = (minor: number) => money(minor, context.quote.currency, language);
  if (step.step === "shippingDiscount") {
    const text = m.trace_discount({ name: ruleName(step.rule, context) }, locale);
    return { group: "discounts", text, amountMinor: -step.amountMinor };
  }
  const name = methodName(step.method, context);
  const group = "shipping";
  switch (step.step) {
    case "shipping":
      return { group, text: m.trace_shipping({ name }, locale), amountMinor: step.amountMinor };
    case "shippingRate":
      return { group, text: rate(step, name, context) };
    case "shippingPrice":
      return { group, text: m.trace_shipping_price({ name, amount: shown(step.amountMinor) }, locale) };
    case "shippingCarrier":
      return { group, text: m.trace_shipping_carrier({ name, amount: shown(step.amountMinor) }, locale) };
    case "shippingSurcharge": {
      const inputs = { name, surcharge: local(step.name, language), amount: shown(step.amountMinor) };
      return { group, text: m.trace_shipping_surcharge(inputs, locale) };
    }
    case "shippingEstimate": {
      const isCarrier = step.reason === "carrierQuote";
      const text = isCarrier
        ? m.trace_shipping_no_quote({ name }, locale)
        : m.trace_shipping_no_address({ name }, locale);
      return { group, text };
    }
    case "shippingFree": {
      const threshold = thresholds(step.freeOverMinor, step.freeOverQuantity, context);
      const text = m.trace_shipping_free({ name, threshold, saved: shown(step.savedMinor) }, locale);
      return { group, text, amountMinor: 0 };
    }
    case "shippingNotFree": {
      const missing = thresholds(step.missingMinor, step.missingQuantity, context);
      return { group: "unused", text: m.trace_shipping_not_free({ name, missing }, locale) };
    }
  }
}

/** An amount, a quantity or both. */
function thresholds(
  minor: number | undefined,
  units: string | undefined,
  { quote, language }: Context,
): string {
  const parts: string[] = [];
  if (minor !== undefined) parts.push(money(minor, quote.currency, language));
  if (units !== undefined)
    parts.push(m.measure_quantity({ load: quantity(units, language) }, { locale: language }));
  return parts.join(" + ");
}

function rate(step: Step<"shippingRate">, name: string, context: Context): string {
  const locale = { locale: context.language };
  const load = measured(step.measure, step.load, context);
  const parts = step.parts.map((part) => partText(part, step.measure, context)).join(" + ");
  return parts === ""
    ? m.trace_shipping_rate_none({ name, load }, locale)
    : m.trace_shipping_rate({ name, load, parts }, locale);
}

function partText(part: ShippingPart, measure: ShippingMeasure, context: Context): string {
  const { quote, language } = context;
  const locale = { locale: language };
  const price = money(part.priceMinor ?? part.amountMinor, quote.currency, language);
  const size = measured(measure, part.size ?? "0", context);
  const count = quantity(String(part.count ?? 1), language);
  switch (part.kind) {
    case "price":
      return price;
    case "percent":
      return m.trace_part_percent({ percent: percent(part.percent ?? "0", language), amount: price }, locale);
    case "first":
      return part.count === 1
        ? m.trace_part_first({ size, price }, locale)
        : m.trace_part_firsts({ count, size, price }, locale);
    case "further":
      return part.load === undefined
        ? m.trace_part_further({ count, size, price }, locale)
        : m.trace_part_share({ load: measured(measure, part.load, context), size, price }, locale);
    case "minimum":
      return m.trace_part_minimum({ amount: price }, locale);
    case "maximum":
      return m.trace_part_maximum({ amount: price }, locale);
  }
}

function measured(measure: ShippingMeasure, load: string, { quote, language }: Context): string {
  const locale = { locale: language };
  const figure = quantity(load, language);
  switch (measure) {
    case "quantity":
      return m.measure_quantity({ load: figure }, locale);
    case "weight":
      return m.measure_weight({ load: figure }, locale);
    case "volume":
      return m.measure_volume({ load: figure }, locale);
    case "value":
      return money(Number(load), quote.currency, language);
  }
}
