import type { InboxEntry, Row } from "orderkit";
import { expect, test } from "vitest";
import { overwriteGetLocale } from "../generated/paraglide/runtime.js";
import { goodsOf, shortageAnswerOf } from "./figures";

/** Goods that were sold twice, as an entry of the inbox. */
function sold(args: Record<string, number | string>): InboxEntry {
  return {
    exception: { kind: "oversold", severity: "block", subject: "1", args, waysOut: [] },
    row: { id: "o" } as Row,
  };
}

const mug = { sku: "MUG", goods: "Mug", goodsZh: "马克杯", missing: "2" };

test("goods that are missing are said by name, and what was done about them in both languages", () => {
  const later = sold({ ...mug, answer: "later" });
  overwriteGetLocale(() => "en");
  expect(goodsOf(later, "en")).toBe("2 × Mug");
  expect(goodsOf(sold({ sku: "MUG", missing: "2" }), "en")).toBe("2 × MUG");
  expect(shortageAnswerOf(later)).toBe("They come later, unless the order goes on without them");
  const inDays = sold({ sku: "MUG", missing: "2", answer: "later", leadDays: 7 });
  expect(shortageAnswerOf(inDays)).toContain("about 7 days");
  expect(shortageAnswerOf(sold({ sku: "MUG", missing: "2", answer: "canceled" }))).toContain("called off");
  overwriteGetLocale(() => "zh");
  expect(goodsOf(later, "zh")).toBe("马克杯 × 2");
  expect(shortageAnswerOf(later)).toBe("稍后补发，除非订单不再需要");
  // Other entries have no goods.
  expect(goodsOf(sold({ amountMinor: 5 }), "en")).toBe("");
  expect(shortageAnswerOf(sold({}))).toBe("");
});
