import { describe, expect, it } from "vitest";
import type { Quote, Ruleset, TraceStep } from "orderkit";
import { sentences, taxName } from "./trace";

const ruleset = {
  promotions: [{ id: "spend", name: { en: "Spend and save", zh: "满减" } }],
  shippingMethods: [{ id: "post", name: { en: "Post", zh: "邮寄" } }],
} as unknown as Ruleset;

function quoteOf(trace: TraceStep[], more: Partial<Quote> = {}): Quote {
  const line = { id: "1", sku: "MUG", name: { en: "Mug", zh: "杯" }, quantity: "3", unitPrice: "8.505" };
  return {
    currency: "GBP",
    priceBasis: "taxInclusive",
    lines: [line],
    adjustments: [
      { rule: "welcome", couponCode: "HI", name: { en: "Welcome" }, amountMinor: 500, sharesMinor: [500] },
    ],
    trace,
    ...more,
  } as unknown as Quote;
}

const vat = { category: "S", percent: "20" } as const;

describe("the trace as sentences", () => {
  it("gives every line its price, and says where it was rounded", () => {
    const steps: TraceStep[] = [
      { step: "linePrices", amountsMinor: [2552], rounded: [{ line: 0, exact: "2551.5" }] },
    ];
    expect(sentences(quoteOf(steps), ruleset, "en")).toEqual([
      {
        group: "items",
        text: "Mug: 3 × £8.505.",
        amountMinor: 2552,
        detail: "Exactly 2551.5 in the smallest unit of the currency, rounded once.",
      },
    ]);
    expect(sentences(quoteOf(steps), ruleset, "zh")[0]?.text).toBe("杯：3 × £8.505。");
  });

  it("names discounts, their coupons and what is missing for others", () => {
    const steps: TraceStep[] = [
      { step: "discount", rule: "welcome", amountMinor: 500 },
      { step: "notReached", rule: "spend", missingMinor: 1250 },
      { step: "shippingNotFree", method: "post", missingMinor: 100 },
    ];
    const [discount, missing, shipping] = sentences(quoteOf(steps), ruleset, "en");
    expect(discount).toMatchObject({ text: "Welcome, unlocked by coupon HI.", amountMinor: -500 });
    expect(missing).toEqual({ group: "unused", text: "Spend and save: £12.50 more and it counts." });
    expect(shipping?.text).toBe("Post: £1.00 more and it is free.");
    expect(sentences(quoteOf(steps), ruleset, "zh")[1]?.text).toBe("满减：再买 £12.50 即可生效。");
  });

  it("shows what a shipping rate is made of", () => {
    const steps: TraceStep[] = [
      {
        step: "shippingRate",
        method: "post",
        row: 0,
        measure: "weight",
        load: "3200",
        parts: [
          { kind: "first", count: 1, size: "1000", priceMinor: 800, amountMinor: 800 },
          { kind: "further", count: 3, size: "1000", priceMinor: 200, amountMinor: 600 },
        ],
        amountMinor: 1400,
      },
      { step: "shippingNotFree", method: "post", missingMinor: 100, missingQuantity: "2" },
      { step: "shipping", method: "post", amountMinor: 1400 },
    ];
    const texts = sentences(quoteOf(steps), ruleset, "en").map((it) => [it.text, it.amountMinor]);
    expect(texts).toEqual([
      ["Post for 3,200 g: first 1,000 g £8.00 + 3 × 1,000 g £2.00.", undefined],
      ["Post: £1.00 + 2 items more and it is free.", undefined],
      ["Post.", 1400],
    ]);
    expect(sentences(quoteOf(steps), ruleset, "zh")[0]?.text).toContain(
      "首 1,000 克 £8.00 + 续 3 × 1,000 克 £2.00",
    );
  });

  it("counts tax only where it comes on top", () => {
    const steps: TraceStep[] = [{ step: "tax", tax: vat, taxableMinor: 1000, amountMinor: 200 }];
    const [included] = sentences(quoteOf(steps), ruleset, "en");
    expect(included).toEqual({
      group: "tax",
      text: "20 % tax: the prices hold £2.00 on £10.00 without tax.",
    });
    const [added] = sentences(quoteOf(steps, { priceBasis: "taxExclusive" }), ruleset, "en");
    expect(added).toEqual({ group: "tax", text: "20 % tax on £10.00.", amountMinor: 200 });
  });

  it("gives every line its tax where the shop rounds by line", () => {
    const steps: TraceStep[] = [{ step: "lineTaxes", tax: vat, lines: [0], amountsMinor: [425] }];
    expect(sentences(quoteOf(steps, { priceBasis: "taxExclusive" }), ruleset, "en")).toEqual([
      { group: "tax", text: "Mug, 20 % tax.", amountMinor: 425 },
    ]);
  });

  it("says what kind of no tax it is", () => {
    expect(taxName({ category: "AE", percent: "0" }, "en")).toBe("reverse charge");
    expect(taxName({ category: "S", percent: "8.875", jurisdiction: "NY" }, "en")).toBe("8.875 % tax (NY)");
    expect(taxName({ category: "E", percent: "0" }, "zh")).toBe("免税");
  });
});
