// The engine as WebAssembly. This file runs in Node and, bundled, in Chromium: both ask in the very same way.
import initCheckout, * as checkout from "../../www/orderkit/wasm/checkout.js";
import initDesk, * as desk from "../../www/orderkit/wasm/orderkit.js";
import { OrderkitError, Rules, quote, ready, validate } from "orderkit";

/** What stands for an answer where the package cannot be asked the same question. */
export const NOT_ASKED = "-";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Loads both modules from their bytes. */
export async function start(modules) {
  await initCheckout({ module_or_path: modules.checkout });
  await initDesk({ module_or_path: modules.desk });
  await ready({ wasm: modules.desk });
}

/**
 * The answers of every way to each draft: one text a way, with the price and the check of a draft on a line of its own each.
 * A shop is `{ruleset, nowMs, mayAdjust, drafts}`.
 */
export function ask(shop) {
  return {
    desk: askModule(desk, shop).join("\n"),
    checkout: askModule(checkout, shop).join("\n"),
    package: askPackage(shop).join("\n"),
  };
}

function askModule(glue, { ruleset, nowMs, mayAdjust, drafts }) {
  const loaded = JSON.parse(decoder.decode(glue.loadRules(encoder.encode(ruleset))));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues));
  const { handle } = loaded.rules;
  const context = JSON.stringify({ nowMs, mayAdjust });
  const answers = drafts.flatMap((draft) => [
    glue.quote(handle, draft, context),
    glue.validate(handle, draft, context),
  ]);
  glue.dropRules(handle);
  return answers;
}

/** What a program gets, written again: as it was, unless reading it in JavaScript loses something. */
function askPackage({ ruleset, nowMs, mayAdjust, drafts }) {
  const rules = Rules.load(ruleset);
  const answers = drafts.flatMap((text) => {
    const draft = sameInJavaScript(text);
    if (draft === undefined) return [NOT_ASKED, NOT_ASKED];
    return [
      thrownOrGiven(() => quote(draft, rules, { nowMs })),
      thrownOrGiven(() => validate(draft, rules, { nowMs, mayAdjust })),
    ];
  });
  rules.dispose();
  return answers;
}

/** The value of a text, if JavaScript would write the same text: not so with repeated keys or huge numbers. */
function sameInJavaScript(text) {
  try {
    const value = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function thrownOrGiven(call) {
  try {
    return JSON.stringify(call());
  } catch (error) {
    if (!(error instanceof OrderkitError)) throw error;
    return JSON.stringify({ ok: false, issues: error.issues });
  }
}
