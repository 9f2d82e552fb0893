// How the time of a call grows with lines and promotions. Runs in Node and, bundled, in Chromium.

export const LINES = [1, 3, 10, 30, 100, 300, 1_000];
export const PROMOTIONS = [0, 1, 10, 100];

/** Goods of the shop; each promotion that has a target is for a tenth of them. */
const GOODS = 200;
/** A batch is at least so long: the clock of a page is coarse. */
const BATCH_MS = 4;
const ROUNDS = 7;

const sku = (at) => `SKU-${at % GOODS}`;

function draftOf(lines) {
  const line = (_, at) => ({
    id: `l${at}`,
    sku: sku(at * 7),
    quantity: String(1 + (at % 5)),
    unitPrice: `${1 + (at % 97)}.${10 + (at % 90)}`,
    taxClass: at % 3 === 0 ? "7" : "19",
  });
  return { lines: Array.from({ length: lines }, line), details: { shippingMethod: "post" } };
}

/** Kinds that shops use, in turn: so every count of promotions is a mix of them. */
const EFFECTS = [
  { kind: "linePercentage", percent: "1.5" },
  { kind: "orderFixed", amountMinor: 101 },
  { kind: "buyGet", buyQuantity: 3, getQuantity: 1, percent: "50" },
  { kind: "lineFixed", amountMinor: 15, per: "unit" },
  { kind: "orderPercentage", percent: "0.4" },
  {
    kind: "quantityTiers",
    tiers: [
      { quantity: "3", percent: "2" },
      { quantity: "5", percent: "3" },
    ],
  },
  { kind: "spendTiers", tiers: [{ spendMinor: 5_000, saveMinor: 50 }] },
  { kind: "nthUnit", n: 2, percent: "10" },
  { kind: "anyFor", quantity: 3, amountMinor: 2_000 },
  { kind: "shippingPercentage", percent: "5" },
];
const FOR_THE_ORDER = ["orderFixed", "orderPercentage", "spendTiers", "shippingPercentage"];

function promotionOf(at) {
  const effect = EFFECTS[at % EFFECTS.length];
  const promotion = { id: `promotion-${at}`, name: { en: "Off" }, priority: at, effect };
  if (FOR_THE_ORDER.includes(effect.kind)) return promotion;
  const skus = Array.from({ length: GOODS / 10 }, (_, each) => sku(at + each * 10));
  return { ...promotion, target: { skus } };
}

function rulesetOf(promotions) {
  return {
    version: "1",
    name: { en: "Shop" },
    currency: "EUR",
    homeCountry: "DE",
    priceBasis: "taxInclusive",
    priceSource: "draft",
    promotions: Array.from({ length: promotions }, (_, at) => promotionOf(at)),
    shippingMethods: [{ id: "post", name: { en: "Post" }, priceMinor: 495, taxClass: "19" }],
    taxClasses: ["7", "19"].map((percent) => ({ id: percent, rules: [{ components: [{ percent }] }] })),
  };
}

/** Microseconds of a call: the best of many rounds, because whatever else runs can only make one slower. */
function best(call) {
  const run = (times) => {
    const start = performance.now();
    for (let time = 0; time < times; time += 1) call();
    return performance.now() - start;
  };
  let times = 1;
  while (run(times) < BATCH_MS) times *= 2;
  let us = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) us = Math.min(us, (run(times) * 1_000) / times);
  return us;
}

/**
 * Times of `quote` (draft in, totals and trace out) and of the cart handle (one quantity changed, totals out), for each count of
 * promotions and lines.
 *
 * @param engine the package, after `ready`
 */
export function measureGrowth({ Cart, Rules, quote }) {
  const rows = [];
  for (const promotions of PROMOTIONS) {
    const rules = Rules.load(rulesetOf(promotions));
    for (const lines of LINES) {
      const draft = draftOf(lines);
      const answer = quote(draft, rules, { nowMs: 0 });
      if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
      const cart = Cart.open(draft, rules, { nowMs: 0 });
      let calls = 0;
      const change = () => cart.setQuantity((calls += 1) % lines, 1 + (calls % 5));
      rows.push({
        promotions,
        lines,
        steps: answer.quote.trace.length,
        quoteUs: best(() => quote(draft, rules, { nowMs: 0 })),
        cartUs: best(change),
      });
      cart.dispose();
    }
    rules.dispose();
  }
  return rows;
}
