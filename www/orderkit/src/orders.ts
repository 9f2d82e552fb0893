import { desk } from "./desk.js";
import { mustSucceed, refuseMisuse } from "./error.js";
import type {
  Actor,
  AllowedCommand,
  Derived,
  Event,
  Order,
  OrderLog,
  Ruleset,
  Settlement,
} from "./generated/types.js";
import { decode, encode } from "./json.js";
import { handleOf, rulesFor, type Rules } from "./rules.js";
import type { Command, Outcome, ReturnCommand } from "./types.js";

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

/**
 * Decides a command: the events it causes, or why it is refused. No events means that everything it asks for has
 * happened already.
 */
export function decide(order: OrderLog | null, command: Command, facts: Facts): Outcome<"events", Event[]> {
  const { rules, ...rest } = facts;
  const { glue } = desk;
  const handle = handleOf(rulesFor(rules, glue));
  const request = { ...rest, atMs: facts.atMs ?? Date.now(), order, kind: command.kind, args: command.args };
  return refuseMisuse(decode<Outcome<"events", Event[]>>(glue.decide(handle, encode(request))));
}

/**
 * What a return would give, before anybody asks for it or settles it: each line, shipping, every fee, and what goes back to
 * which payment.
 */
export function previewReturn(
  order: OrderLog,
  command: ReturnCommand,
  facts: Facts,
): Outcome<"settlement", Settlement> {
  const { rules, ...rest } = facts;
  const { glue } = desk;
  const handle = handleOf(rulesFor(rules, glue));
  const request = { ...rest, atMs: facts.atMs ?? Date.now(), order, kind: command.kind, args: command.args };
  return refuseMisuse(decode<Outcome<"settlement", Settlement>>(glue.previewReturn(handle, encode(request))));
}

/** Every command with whether it is possible now, and if not, every reason. */
export function allowedCommands(order: OrderLog | null, facts: Facts): AllowedCommand[] {
  const { rules, ...rest } = facts;
  const { glue } = desk;
  const handle = handleOf(rulesFor(rules, glue));
  const request = { ...rest, atMs: facts.atMs ?? Date.now(), order };
  const answer = glue.allowedCommands(handle, encode(request));
  return mustSucceed(decode<Outcome<"commands", AllowedCommand[]>>(answer)).commands;
}

/**
 * The state of an order and the statuses that follow from it.
 *
 * @throws {@link OrderkitError} if the log is not of an order.
 */
export function view(log: OrderLog): { order: Order; derived: Derived } {
  const answer = desk.glue.view(encode(log));
  return mustSucceed(decode<Outcome<"view", { order: Order; derived: Derived }>>(answer)).view;
}
