import type { OrderLine } from "orderkit";
import { describe, expect, it } from "vitest";
import { openOf, unitsOf } from "./units";

const line = (counters: Partial<OrderLine>): OrderLine => ({
  id: "1",
  sku: "A",
  unitPrice: "1.00",
  amountMinor: 800,
  discountMinor: 0,
  netMinor: 800,
  taxMinor: 0,
  grossMinor: 800,
  ordered: "8",
  shipped: "0",
  delivered: "0",
  ...counters,
});

// Counters are cumulative, as the rules keep them; the states are not.
const cases: [string, Partial<OrderLine>, string][] = [
  ["nothing has happened", {}, "open 8"],
  ["a part was called off", { canceled: "3" }, "open 5, canceled 3"],
  ["a part was set aside", { allocated: "5" }, "setAside 5, open 3"],
  [
    "each step",
    { allocated: "7", picked: "5", packed: "4", shipped: "2", delivered: "1" },
    "delivered 1, onTheWay 1, packed 2, picked 1, setAside 2, open 1",
  ],
  ["a part waits for goods", { backordered: "2" }, "awaited 2, open 6"],
  [
    "a parcel is lost",
    { allocated: "8", picked: "8", packed: "8", shipped: "8", lost: "3" },
    "onTheWay 5, missing 3",
  ],
  [
    "and its goods were sent again",
    { allocated: "11", picked: "11", packed: "11", shipped: "11", lost: "3" },
    "onTheWay 8",
  ],
  [
    "a parcel came back",
    { allocated: "8", picked: "8", packed: "8", shipped: "8", delivered: "6", returnedToSender: "2" },
    "delivered 6, missing 2",
  ],
  ["parts of a unit", { ordered: "1.5", allocated: "0.25" }, "setAside 0.25, open 1.25"],
];

describe("units of a line", () => {
  it.each(cases)("%s", (_, counters, expected) => {
    const units = unitsOf(line(counters), "confirmed");
    expect(units.map(({ state, quantity }) => `${state} ${quantity}`).join(", ")).toBe(expected);
  });

  it("never move again once the order is closed", () => {
    const units = unitsOf(line({ canceled: "1" }), "canceled");
    expect(units).toEqual([{ state: "canceled", quantity: "8" }]);
  });

  it("are open again when what was sent is gone", () => {
    expect(openOf(line({ allocated: "8", shipped: "8", lost: "3" }))).toBe("3");
  });
});
