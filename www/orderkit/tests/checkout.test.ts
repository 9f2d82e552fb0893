import { expect, it } from "vitest";
import * as checkout from "../src/checkout/node.js";
import * as desk from "../src/node.js";
import { draft, nowMs, ruleset, staff } from "./shop.js";

it("prices with the small module, and the same as the large one", async () => {
  expect(() => checkout.quote(draft(), ruleset)).toThrow("await ready()");
  await checkout.ready();
  const small = checkout.Rules.load(ruleset);
  const priced = checkout.quote(draft(), small, { nowMs });
  expect(priced.ok).toBe(true);
  expect(checkout.validate({}, ruleset).ok).toBe(false);
  expect(checkout.number(ruleset, { device: "K7", sequence: 1 }).ok).toBe(true);
  expect(checkout.message({ code: "required", path: "", args: {} }, "zh")).not.toBe("required");
  // The large module is not there yet.
  expect(() => desk.allowedCommands(null, { rules: ruleset, actor: staff })).toThrow("await ready()");

  await desk.ready();
  expect(desk.quote(draft(), ruleset, { nowMs })).toEqual(priced);
  // Rules stay with the module that loaded them, and are loaded again where the other one needs them.
  expect(desk.quote(draft(), small, { nowMs })).toEqual(priced);
  const begins = desk.allowedCommands(null, { rules: small, actor: staff }).filter((it) => it.allowed);
  expect(begins.map((it) => it.command)).toEqual(["saveDraft", "place"]);
  small.dispose();
  expect(() => desk.quote(draft(), small, { nowMs })).toThrow("rules_disposed");
});
