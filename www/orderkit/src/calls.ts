import * as engine from "../wasm/orderkit.js";
import { assertReady } from "./engine.js";
import { OrderkitError, refuseMisuse } from "./error.js";
import type {
  Actor,
  AllowedCommand,
  Derived,
  Draft,
  Event,
  Order,
  OrderLog,
  Quote,
  Ruleset,
} from "./generated/types.js";
import { decode, encode } from "./json.js";
import { handleOf, type Rules } from "./rules.js";
import type { Command, Issue, Outcome } from "./types.js";

/** What a decision may look at besides the order. */
export interface Facts {
  /** The shop's rules. */
  rules: Rules | Ruleset;
  /** Who asks. */
  actor: Actor;
  /** When; now if missing. */
  atMs?: number;
  /** The code of the device that asks. */
  device?: string;
  /** A number from the authority, for an order whose device could not make one. */
  assignedNumber?: string;
}

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

/**
 * Prices a draft: exact totals, and a trace that says which rule made each amount.
 *
 * A plain ruleset is compiled when it is first seen and then remembered: treat it as frozen, or pass {@link Rules}.
 */
export function quote(
  draft: Draft,
  rules: Rules | Ruleset,
  options?: { nowMs?: number },
): Outcome<"quote", Quote> {
  const handle = handleOf(rules);
  const answer = engine.quote(handle, encode(draft), options?.nowMs ?? Date.now());
  return refuseMisuse(decode<Outcome<"quote", Quote>>(answer));
}

/** All that stands against placing a draft, in documented order. */
export function validate(
  draft: Draft,
  rules: Rules | Ruleset,
  options?: { nowMs?: number; mayAdjust?: boolean },
): { ok: boolean; issues: Issue[] } {
  const handle = handleOf(rules);
  const nowMs = options?.nowMs ?? Date.now();
  const answer = engine.validate(handle, encode(draft), nowMs, options?.mayAdjust ?? false);
  return refuseMisuse(decode<{ ok: boolean; issues: Issue[] }>(answer));
}

/** Enough for every pattern. */
const RANDOM_BYTES = 32;

/** Makes an order number by the pattern of the rules. */
export function number(
  rules: Rules | Ruleset,
  inputs: NumberInputs,
): Outcome<"made", { number: string; period: string }> {
  const handle = handleOf(rules);
  const random = inputs.random ?? crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  const request = { ...inputs, atMs: inputs.atMs ?? Date.now(), random: [...random] };
  const answer = engine.number(handle, encode(request));
  return refuseMisuse(decode<Outcome<"made", { number: string; period: string }>>(answer));
}

/**
 * Decides a command: the events it causes, or why it is refused. No events means that everything it asks for has
 * happened already.
 */
export function decide(order: OrderLog | null, command: Command, facts: Facts): Outcome<"events", Event[]> {
  const { rules, ...rest } = facts;
  const handle = handleOf(rules);
  const request = { ...rest, atMs: facts.atMs ?? Date.now(), order, kind: command.kind, args: command.args };
  return refuseMisuse(decode<Outcome<"events", Event[]>>(engine.decide(handle, encode(request))));
}

/** Every command with whether it is possible now, and if not, every reason. */
export function allowedCommands(order: OrderLog | null, facts: Facts): AllowedCommand[] {
  const { rules, ...rest } = facts;
  const handle = handleOf(rules);
  const request = { ...rest, atMs: facts.atMs ?? Date.now(), order };
  const answer = engine.allowedCommands(handle, encode(request));
  return must(decode<Outcome<"commands", AllowedCommand[]>>(answer)).commands;
}

/**
 * The state of an order and the statuses that follow from it.
 *
 * @throws {@link OrderkitError} if the log is not of an order.
 */
export function view(log: OrderLog): { order: Order; derived: Derived } {
  assertReady();
  return must(decode<Outcome<"view", { order: Order; derived: Derived }>>(engine.view(encode(log)))).view;
}

function must<T extends { ok: true }>(answer: T | { ok: false; issues: Issue[] }): T {
  if (!answer.ok) throw new OrderkitError(answer.issues);
  return answer;
}
