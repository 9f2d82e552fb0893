import { desk } from "./desk.js";
import { mustSucceed } from "./error.js";
import { timeOf } from "./calls.js";
import type { Finding, Ruleset } from "./generated/types.js";
import { decode, encode, encodeText } from "./json.js";
import type { Outcome } from "./types.js";

/**
 * What is wrong with rules, or hardly meant like this, errors first: to be shown before they are saved. Rules that cannot be used
 * have only the errors that say why. {@link message} makes the sentence of `finding.issue`.
 */
export function lint(ruleset: Ruleset | string, known?: { nowMs?: number }): Finding[] {
  const bytes = typeof ruleset === "string" ? encodeText(ruleset) : encode(ruleset);
  const answer = desk.glue.lint(bytes, timeOf(known?.nowMs));
  return mustSucceed(decode<Outcome<"findings", Finding[]>>(answer)).findings;
}
