import { describe, expect, it } from "vitest";
import { hasAny, isSame, moved, valueAt, withValue } from "./pointer";

const rules = {
  version: "1",
  products: [{ sku: "A" }],
  promotions: [{ id: "sale", when: { minimumMinor: 100 } }, { id: "gift" }],
};

describe("a document that is replaced and never changed", () => {
  it("shares what stays the same", () => {
    const next = withValue(rules, "/promotions/0/when/minimumMinor", 200);
    expect(valueAt(next, "/promotions/0/when/minimumMinor")).toBe(200);
    expect(valueAt(rules, "/promotions/0/when/minimumMinor")).toBe(100);
    expect(next.products).toBe(rules.products);
    expect(next.promotions[1]).toBe(rules.promotions[1]);
  });

  it("takes out fields and entries, and what is left empty where that means the same", () => {
    const without = withValue(rules, "/promotions/0/when/minimumMinor", undefined);
    expect(without.promotions[0]).toEqual({ id: "sale" });
    expect(withValue(rules, "/promotions/0", undefined).promotions).toEqual([{ id: "gift" }]);
  });

  it("makes the objects on the way", () => {
    const next = withValue(rules, "/promotions/1/limits/uses", 3);
    expect(next.promotions[1]).toEqual({ id: "gift", limits: { uses: 3 } });
  });

  it("compares without looking at the order of fields", () => {
    expect(isSame({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toBe(true);
    expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(isSame([1, 2], [2, 1])).toBe(false);
  });

  it("keeps what no form knows beside what is set", () => {
    const rules = {
      shippingMethods: [{ id: "post", novel: { deep: [1, 2] }, tables: [{ rows: [{ later: true }] }] }],
    };
    const next = withValue(rules, "/shippingMethods/0/tables/0/rows/0/freeOverMinor", 500);
    expect(next).toEqual({
      shippingMethods: [
        { id: "post", novel: { deep: [1, 2] }, tables: [{ rows: [{ later: true, freeOverMinor: 500 }] }] },
      ],
    });
  });

  it("leaves out settings that say nothing any more", () => {
    const rules = { taxation: { destination: { prices: "keepNet" } }, rounding: { level: "line" } };
    const without = withValue(rules, "/taxation/destination/prices", undefined);
    expect(withValue(without, "/rounding/level", undefined)).toEqual({});
  });

  it("moves entries, and knows whether something is said", () => {
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
    expect(moved(["a"], 0, 1)).toEqual(["a"]);
    expect(hasAny({ a: [], b: false, c: undefined }, ["a", "b", "c"])).toBe(false);
    expect(hasAny({ a: 0 }, ["a"])).toBe(true);
    expect(hasAny(undefined, ["a"])).toBe(false);
  });
});
