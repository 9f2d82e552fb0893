import type { Promotion } from "orderkit";
import { describe, expect, it } from "vitest";
import { asKind, freeId, inTurn } from "./effects";

const promotion = (id: string, rest: Partial<Promotion>): Promotion => ({
  id,
  name: { en: id },
  effect: { kind: "orderPercentage", percent: "5" },
  ...rest,
});

describe("promotions in a list", () => {
  it("stand in the order in which they run: phase, priority, id", () => {
    const list = [
      promotion("z", {}),
      promotion("coupon", { couponCodes: ["X"], priority: -5 }),
      promotion("a", {}),
      promotion("first", { priority: -1 }),
      promotion("ship", { effect: { kind: "shippingFixed", amountMinor: 1 } }),
      promotion("line", { effect: { kind: "linePercentage", percent: "1" } }),
    ];
    expect(inTurn(list).map((at) => list[at]?.id)).toEqual(["line", "first", "a", "z", "coupon", "ship"]);
  });

  it("keep under another kind what both kinds have", () => {
    const effect = asKind(
      { kind: "orderPercentage", percent: "12", maximumMinor: 500 },
      "shippingPercentage",
    );
    expect(effect).toEqual({ kind: "shippingPercentage", percent: "12", maximumMinor: 500 });
    const bundle = asKind({ kind: "orderFixed", amountMinor: 900 }, "bundle");
    expect(bundle).toMatchObject({ kind: "bundle", amountMinor: 900 });
    expect(bundle).not.toHaveProperty("percent");
    expect(asKind(effect, "orderFixed")).toEqual({ kind: "orderFixed", amountMinor: 500 });
  });

  it("get ids of their own", () => {
    expect(freeId("sale", [])).toBe("sale");
    expect(freeId("sale", ["sale", "sale-2"])).toBe("sale-3");
    expect(freeId("sale-2", ["sale", "sale-2"])).toBe("sale-3");
  });
});
