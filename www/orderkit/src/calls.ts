import { refuseMisuse } from "./error.js";
import type { Context, Draft, Quote, Ruleset, ShippingOption } from "./generated/types.js";
import { decode, encode, parse, shapeError, stringify } from "./json.js";
import { glueOf, handleOf, rulesFor, type Rules } from "./rules.js";
import type { Issue, Outcome } from "./types.js";

/** What an order number is made of. */
export interface NumberInputs {
  /** The time; now if missing. */
  atMs?: number;
  /** The code of the device, where the pattern has one. */
  device?: string;
  /** The counter, where the pattern has one. */
  sequence?: number;
  /** Random bytes; from `crypto` if missing. */
  random?: Uint8Array;
}

/** What is known besides the draft: the time (now if missing), the customer, stock and balances. */
export type Known = Partial<Context>;

/**
 * Prices a draft: exact totals, and a trace that says which rule made each amount.
 *
 * A plain ruleset is compiled when it is first seen and then remembered: treat it as frozen, or pass {@link Rules}.
 */
export function quote(draft: Draft, rules: Rules | Ruleset, known?: Known): Outcome<"quote", Quote> {
  const loaded = rulesFor(rules);
  const answer = glueOf(loaded).quote(handleOf(loaded), stringify(draft), contextOf(known));
  return refuseMisuse(parse<Outcome<"quote", Quote>>(answer));
}

/** Every shipping method with its price for a draft, or with the reasons why it cannot be used. */
export function shippingOptions(
  draft: Draft,
  rules: Rules | Ruleset,
  known?: Known,
): Outcome<"options", ShippingOption[]> {
  const loaded = rulesFor(rules);
  const answer = glueOf(loaded).shippingOptions(handleOf(loaded), stringify(draft), contextOf(known));
  return refuseMisuse(parse<Outcome<"options", ShippingOption[]>>(answer));
}

/** All that stands against placing a draft, in documented order. */
export function validate(
  draft: Draft,
  rules: Rules | Ruleset,
  known?: Known,
): { ok: boolean; issues: Issue[] } {
  const loaded = rulesFor(rules);
  const answer = glueOf(loaded).validate(handleOf(loaded), stringify(draft), contextOf(known));
  return refuseMisuse(parse<{ ok: boolean; issues: Issue[] }>(answer));
}

/** The context as text. Most have only the time, which needs no serializer. */
export function contextOf(known: Known | undefined): string {
  if (known !== undefined && (typeof known !== "object" || (known as Known | null) === null)) {
    throw shapeError("", `what is known is an object, not ${typeof known}`);
  }
  const nowMs = timeOf(known?.nowMs);
  for (const name in known) if (name !== "nowMs") return stringify({ ...known, nowMs });
  return `{"nowMs":${nowMs}}`;
}

/** The time that was passed, or now. A failed `Date.parse` is not a number, and must not become 1970. */
export function timeOf(nowMs: number | undefined): number {
  if (nowMs === undefined) return Date.now();
  if (Number.isSafeInteger(nowMs)) return nowMs;
  throw shapeError("/nowMs", `whole milliseconds since 1970 are needed, not ${String(nowMs)}`);
}

/** Enough for every pattern. */
const RANDOM_BYTES = 160;

/** Makes an order number by the pattern of the rules. */
export function number(
  rules: Rules | Ruleset,
  inputs: NumberInputs,
): Outcome<"made", { number: string; period: string }> {
  const loaded = rulesFor(rules);
  const random = inputs.random ?? crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  const request = { ...inputs, atMs: inputs.atMs ?? Date.now(), random: [...random] };
  const answer = glueOf(loaded).number(handleOf(loaded), encode(request));
  return refuseMisuse(decode<Outcome<"made", { number: string; period: string }>>(answer));
}
