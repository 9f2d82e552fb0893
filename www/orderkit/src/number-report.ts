import { timeOf } from "./calls.js";
import { desk } from "./desk.js";
import { mustSucceed } from "./error.js";
import type { PatternReport, Ruleset } from "./generated/types.js";
import { decode } from "./json.js";
import { handleOf, rulesFor, type Rules } from "./rules.js";
import type { Outcome } from "./types.js";

/** What the number pattern of rules can do at their volume: capacity, the chance of a repeat, examples, and what to warn of. */
export function numberReport(rules: Rules | Ruleset, known?: { nowMs?: number }): PatternReport {
  const answer = desk.glue.numberReport(handleOf(rulesFor(rules)), timeOf(known?.nowMs));
  return mustSucceed(decode<Outcome<"report", PatternReport>>(answer)).report;
}
