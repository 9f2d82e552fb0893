import { beforeAll, expect, it } from "vitest";
import { initSync } from "../wasm/orderkit.js";
import { Cart, quote, ready, Rules, type Totals } from "../src/node.js";
import { draft, nowMs, ruleset } from "./shop.js";

let rules: Rules;
beforeAll(async () => {
  await ready();
  rules = Rules.load(ruleset);
});

/** The totals of a whole quote of the same draft, which every change has to agree with. */
function quoted(cart: Cart): Totals {
  const answer = quote(cart.draft, rules, { nowMs });
  if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
  return answer.quote.totals;
}

it("prices every change as a quote of the whole draft would", () => {
  using cart = Cart.open(draft(), rules, { nowMs });
  const first = draft().lines?.[0];
  if (first?.sku === undefined) throw new Error("the shop's draft has lines");
  const { sku } = first;
  const steps = [
    () => cart.totals(),
    () => cart.setQuantity(0, 7),
    () => cart.setQuantity(0, "2"),
    () => cart.addLine({ sku, quantity: "5" }),
    () => cart.applyCoupon("NOBODY"),
    () => cart.removeCoupon("nobody"),
    () => cart.setDetails({}),
    () => cart.removeLine(1),
    () => cart.setKnown({ nowMs: nowMs + 1 }),
    () => cart.setRules(ruleset),
  ];
  for (const step of steps) {
    const priced = step();
    expect(priced).toEqual({ ok: true, totals: quoted(cart) });
  }
  expect(cart.quote()).toMatchObject({ ok: true, quote: { totals: quoted(cart) } });
});

it("says what is wrong and goes on", () => {
  using cart = Cart.open(draft(), rules, { nowMs });
  expect(cart.setQuantity(0, "many")).toMatchObject({
    ok: false,
    issues: [{ code: "number_malformed", path: "/lines/0/quantity" }],
  });
  expect(cart.draft.lines?.[0]?.quantity).toBe("many");
  expect(cart.removeLine(99)).toMatchObject({ ok: false, issues: [{ code: "line_unknown" }] });
  expect(cart.setQuantity(0, 1).ok).toBe(true);
  expect(() => cart.addLine({ sku: 5 } as never)).toThrow("shape_invalid");
});

it("cannot be used once it is disposed of", () => {
  const cart = Cart.open(draft(), rules, { nowMs });
  cart.dispose();
  cart.dispose();
  expect(() => cart.totals()).toThrow("cart_disposed");
});

it("needs no more memory after 100,000 changes and 1,000 carts", { timeout: 120_000 }, () => {
  const used = () => initSync({ module: new Uint8Array() }).memory.buffer.byteLength;
  const run = (times: number) => {
    for (let at = 0; at < times; at += 1) {
      using cart = Cart.open(draft(), rules, { nowMs });
      for (let key = 0; key < 100; key += 1) cart.setQuantity(0, (key % 9) + 1);
    }
  };
  run(50);
  const before = used();
  run(1_000);
  expect(used()).toBe(before);
});
