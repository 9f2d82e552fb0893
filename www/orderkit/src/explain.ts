import { contextOf, type Known } from "./calls.js";
import { desk } from "./desk.js";
import { refuseMisuse } from "./error.js";
import type { Draft, Explanation, Offer, Ruleset } from "./generated/types.js";
import { parse, stringify } from "./json.js";
import { isChinese as isChineseOf, type Language } from "./message.js";
import { handleOf, rulesFor, type Rules } from "./rules.js";
import type { Outcome } from "./types.js";

/** The language of the sentences, and what is known besides the draft. */
export type Wording = Known & { language: Language };

/** Whether the sentences are Chinese, and what is known. */
function worded(wording: Wording): [isChinese: boolean, known: Known] {
  // The types ask for it; plain JavaScript may leave it out.
  const { language, ...known } = (wording as Wording | undefined) ?? {};
  return [isChineseOf(language), known];
}

/**
 * Why each amount of a draft's {@link quote} is what it is, and why the other rules did not apply: one sentence each, with its
 * kind, its amount, its rule and its line. It takes the draft and what is known, as `quote` did.
 */
export function explain(
  draft: Draft,
  rules: Rules | Ruleset,
  wording: Wording,
): Outcome<"explanations", Explanation[]> {
  const [isChinese, known] = worded(wording);
  const { glue } = desk;
  const handle = handleOf(rulesFor(rules, glue));
  const answer = glue.explain(handle, stringify(draft), contextOf(known), isChinese);
  return refuseMisuse(parse<Outcome<"explanations", Explanation[]>>(answer));
}

/** What a draft could get with a little more, the nearest first, such as "12.40 EUR more for free delivery". */
export function nextOffers(
  draft: Draft,
  rules: Rules | Ruleset,
  wording: Wording,
): Outcome<"offers", Offer[]> {
  const [isChinese, known] = worded(wording);
  const { glue } = desk;
  const handle = handleOf(rulesFor(rules, glue));
  const answer = glue.nextOffers(handle, stringify(draft), contextOf(known), isChinese);
  return refuseMisuse(parse<Outcome<"offers", Offer[]>>(answer));
}
