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

it("tells a line that is not there from a position that is none", () => {
  using cart = Cart.open(draft(), rules, { nowMs });
  const before = cart.draft;
  for (const line of [-1, 5, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
    const unknown = { ok: false, issues: [{ code: "line_unknown", path: `/lines/${line}` }] };
    expect(cart.setQuantity(line, 2)).toMatchObject(unknown);
    expect(cart.removeLine(line)).toMatchObject(unknown);
  }
  for (const line of [NaN, Infinity, undefined, null, "0", 0.5, 2 ** 53]) {
    expect(() => cart.setQuantity(line as number, 2)).toThrow("shape_invalid (at /line)");
    expect(() => cart.removeLine(line as number)).toThrow("shape_invalid (at /line)");
  }
  for (const quantity of [undefined, null, {}, true]) {
    expect(() => cart.setQuantity(0, quantity as never)).toThrow("shape_invalid (at /quantity)");
  }
  expect(cart.draft).toEqual(before);
});

it("takes no change that changes nothing", () => {
  using cart = Cart.open(draft(), rules, { nowMs });
  const before = cart.draft;
  const required = { ok: false, issues: [{ code: "required" }] };
  expect(cart.addLine({})).toMatchObject(required);
  expect(cart.applyCoupon("")).toMatchObject(required);
  expect(() => cart.addLine(null as never)).toThrow("shape_invalid (at /addLine)");
  expect(() => cart.applyCoupon(undefined as never)).toThrow("shape_invalid (at /applyCoupon)");
  expect(() => cart.setDetails(undefined as never)).toThrow("shape_invalid (at /details)");
  expect(cart.draft).toEqual(before);
});

it("says of a coupon code that is not known that it is not", () => {
  using cart = Cart.open(draft(), rules, { nowMs });
  cart.applyCoupon("nope");
  const answer = cart.quote();
  if (!answer.ok) throw new Error(JSON.stringify(answer.issues));
  expect(answer.quote.trace).toContainEqual({ step: "couponNotUsed", coupon: "nope", obstacle: "unknown" });
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
