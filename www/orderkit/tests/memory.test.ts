import { expect, it } from "vitest";
import { initSync } from "../wasm/orderkit.js";
import { quote, ready, Rules } from "../src/node.js";
import { draft, nowMs, ruleset } from "./shop.js";

/** Bytes of JavaScript's heap and of the engine's memory. */
function used(): { heap: number; engine: number } {
  globalThis.gc?.();
  // The engine is there already, so this only hands it out.
  const { memory } = initSync({ module: new Uint8Array() });
  return { heap: process.memoryUsage().heapUsed, engine: memory.buffer.byteLength };
}

it("needs no more memory after 100,000 quotes", { timeout: 120_000 }, async () => {
  await ready();
  const rules = Rules.load(ruleset);
  const cart = draft();
  const unknown = { lines: [{ sku: "nothing", quantity: "1" }] };
  const run = (times: number) => {
    for (let at = 0; at < times; at += 1) quote(at % 10 === 0 ? unknown : cart, rules, { nowMs });
  };
  run(2_000);
  const before = used();
  run(100_000);
  const after = used();
  expect(after.engine).toBe(before.engine);
  expect(after.heap - before.heap).toBeLessThan(2_000_000);
});

it("frees rules that are disposed of", async () => {
  await ready();
  const load = (times: number) => {
    for (let at = 0; at < times; at += 1) Rules.load(ruleset).dispose();
  };
  load(50);
  const before = used();
  load(500);
  expect(used().engine).toBe(before.engine);
});
