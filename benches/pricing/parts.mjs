// Where the time of one call goes, for both modules. Runs in Node and, bundled, in Chromium.
import initCheckout, * as checkout from "../../www/orderkit/wasm/checkout.js";
import initDesk, * as desk from "../../www/orderkit/wasm/orderkit.js";

/** Lines of the drafts that are measured. */
const SIZES = [1, 20, 200, 1_000];
/** Drafts of each size. */
const DRAFTS = 8;
const ROUNDS = 15;
/** A batch is at least so long: the clock of a page is coarse. */
const BATCH_MS = 4;
/** The case of the frame budget. */
const FRAME = { lines: 500, promotions: 100 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export async function start(modules) {
  await initCheckout({ module_or_path: modules.checkout });
  await initDesk({ module_or_path: modules.desk });
}

/** Numbers that are the same on every machine (mulberry32). */
function randomOf(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const RATES = ["25", "25", "12", "6", "8.875"];

function draftOf(lines, seed) {
  const random = randomOf(seed);
  const line = (_, at) => ({
    id: `l${at}`,
    sku: `SKU-${10_000 + random(90_000)}`,
    quantity: String(1 + random(12)),
    unitPrice: `${random(250)}.${10 + random(90)}`,
    taxClass: RATES[random(RATES.length)],
  });
  return {
    lines: Array.from({ length: lines }, line),
    details: { shippingMethod: "post", couponCodes: ["SAVE"] },
  };
}

/** A shop whose drafts name the prices; with one promotion of each kind, or with many. */
function rulesetOf(promotionCount) {
  const name = { en: "Off" };
  const some = [
    { id: "ten", name, couponCodes: ["SAVE"], effect: { kind: "orderPercentage", percent: "10" } },
    { id: "fixed", name, priority: 1, effect: { kind: "orderFixed", amountMinor: 199 } },
    {
      id: "spend",
      name,
      priority: 2,
      effect: { kind: "spendTiers", tiers: [{ spendMinor: 100, saveMinor: 50 }] },
    },
  ];
  const many = Array.from({ length: promotionCount }, (_, at) => ({
    id: `promotion-${at}`,
    name,
    priority: at,
    effect:
      at % 2 === 0 ? { kind: "linePercentage", percent: "0.5" } : { kind: "orderFixed", amountMinor: 101 },
  }));
  return {
    version: "1",
    name: { en: "Shop" },
    currency: "EUR",
    homeCountry: "DE",
    priceBasis: "taxInclusive",
    priceSource: "draft",
    rounding: { level: "line", target: "net" },
    promotions: promotionCount > 0 ? many : some,
    shippingMethods: [{ id: "post", name, priceMinor: 495, freeOverMinor: 9_000_000, taxClass: "25" }],
    taxClasses: [...new Set(RATES)].map((percent) => ({
      id: percent,
      rules: [{ components: [{ percent }] }],
    })),
  };
}

function load(glue, ruleset) {
  const answer = JSON.parse(decoder.decode(glue.loadRules(encoder.encode(JSON.stringify(ruleset)))));
  if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
  return answer.rules.handle;
}

const CONTEXT = '{"nowMs":0}';

/** What each step of a call needs, made before the clock runs. */
function prepared(glue, rules, draft) {
  const text = JSON.stringify(draft);
  const answer = glue.quote(rules, text, CONTEXT);
  if (!answer.startsWith('{"ok":true,')) throw new Error(answer);
  return { draft, text, answer };
}

/** The steps of the package's `quote`, and all of them together. */
const stepsOf = (glue, rules) => ({
  stringify: (it) => JSON.stringify(it.draft),
  module: (it) => glue.quote(rules, it.text, CONTEXT),
  parse: (it) => JSON.parse(it.answer),
  "whole call": (it) => JSON.parse(glue.quote(rules, JSON.stringify(it.draft), CONTEXT)),
});

/** Keeps results alive, so that no step is thought away. */
export const kept = { last: undefined };

/** Microseconds of each step: the best of many rounds, because whatever else runs can only make one slower. */
function best(steps, items) {
  const entries = Object.entries(steps).map(([name, step]) => ({ name, step, times: 1, us: Infinity }));
  const run = ({ step, times }) => {
    const start = performance.now();
    for (let time = 0; time < times; time += 1) for (const item of items) kept.last = step(item);
    return performance.now() - start;
  };
  for (const entry of entries) while (run(entry) < BATCH_MS) entry.times *= 2;
  for (let round = 0; round < ROUNDS; round += 1)
    for (const entry of entries) {
      const us = (run(entry) * 1_000) / (entry.times * items.length);
      entry.us = Math.min(entry.us, us);
    }
  return Object.fromEntries(entries.map(({ name, us }) => [name, us]));
}

/** All figures of this host. */
export function measure() {
  const parts = [];
  for (const [module, glue] of Object.entries({ desk, checkout })) {
    const rules = load(glue, rulesetOf(0));
    for (const lines of SIZES) {
      const drafts = Array.from({ length: DRAFTS }, (_, seed) => draftOf(lines, seed));
      const items = drafts.map((draft) => prepared(glue, rules, draft));
      const size = { draftBytes: items[0].text.length, answerBytes: items[0].answer.length };
      parts.push({ module, lines, ...size, us: best(stepsOf(glue, rules), items) });
    }
  }
  const frame = {};
  for (const [module, glue] of Object.entries({ desk, checkout })) {
    const rules = load(glue, rulesetOf(FRAME.promotions));
    const item = prepared(glue, rules, draftOf(FRAME.lines, 1));
    frame[module] = best({ call: stepsOf(glue, rules)["whole call"] }, [item]).call / 1_000;
  }
  return { parts, frame };
}
