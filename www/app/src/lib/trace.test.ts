import { describe, expect, it } from "vitest";
import type { Explanation } from "orderkit";
import { grouped } from "./trace";

const told: Explanation[] = [
  { kind: "price", sentence: "Mug: 3 × 8.505 GBP = 25.52 GBP.", amountMinor: 2552, line: 0 },
  { kind: "rounding", sentence: "Mug: exactly 2551.5, rounded once to 25.52 GBP.", line: 0 },
  { kind: "notQualified", sentence: "Spend and save: 12.50 GBP more, and it applies.", rule: "spend" },
  { kind: "applied", sentence: "Welcome takes off 5.00 GBP.", amountMinor: -500, rule: "welcome" },
  { kind: "tax", sentence: "20 % tax: the prices hold 3.42 GBP on 17.10 GBP without tax.", amountMinor: 342 },
];

describe("the groups of the trace", () => {
  it("come in one order, with roundings at their amounts and taxes inside the price without one", () => {
    expect(grouped(told, true)).toEqual([
      {
        group: "items",
        rows: [{ text: told[0]?.sentence, detail: told[1]?.sentence, amountMinor: 2552 }],
      },
      { group: "discounts", rows: [{ text: told[3]?.sentence, amountMinor: -500 }] },
      { group: "tax", rows: [{ text: told[4]?.sentence }] },
      { group: "unused", rows: [{ text: told[2]?.sentence }] },
    ]);
  });

  it("count a tax that comes on top", () => {
    expect(grouped(told.slice(4), false)).toEqual([
      { group: "tax", rows: [{ text: told[4]?.sentence, amountMinor: 342 }] },
    ]);
  });
});
