import { describe, expect, it } from "vitest";
import { ago, country, date, local, major, minorOf, money, percent, price, quantity } from "./format";

describe("amounts", () => {
  it("shows minor units in the currency's own digits", () => {
    expect(money(123_456, "GBP", "en")).toBe("£1,234.56");
    expect(money(5, "GBP", "en")).toBe("£0.05");
    expect(money(1_250, "JPY", "en")).toBe("¥1,250");
    expect(major(1_234_567, "KWD")).toBe("1234.567");
    expect(money(-395, "GBP", "en")).toBe("−£3.95");
    expect(money(123_456, "CNY", "zh")).toBe("¥1,234.56");
  });

  it("keeps the largest amount exact", () => {
    expect(money(9_007_199_254_740_991, "GBP", "en")).toBe("£90,071,992,547,409.91");
  });

  it("shows prices that are finer than the currency", () => {
    expect(price("0.1973", "EUR", "en")).toBe("€0.1973");
    expect(price("8.5", "GBP", "en")).toBe("£8.50");
  });

  it("reads what people type and refuses the rest", () => {
    expect(minorOf("12.5", "GBP")).toBe(1250);
    expect(minorOf("12,50", "EUR")).toBe(1250);
    expect(minorOf("1 200", "JPY")).toBe(1200);
    expect(minorOf("0.29", "GBP")).toBe(29);
    for (const wrong of ["", "1.234", "-3", "12.50.1", "a"])
      expect(minorOf(wrong, "GBP"), wrong).toBeUndefined();
  });
});

describe("words around numbers", () => {
  it("shows quantities, rates and countries", () => {
    expect(quantity("1200.50", "en")).toBe("1,200.5");
    expect(percent("8.875", "en")).toBe("8.875 %");
    expect(percent("20", "zh")).toBe("20%");
    expect(country("DE", "zh")).toBe("德国");
    expect(country("", "en")).toBe("");
  });

  it("tells how long ago something was", () => {
    const now = Date.UTC(2026, 0, 2);
    expect(ago(now - 3_000, now, "en")).toBe("now");
    expect(ago(now - 5 * 60_000, now, "en")).toBe("5 minutes ago");
    expect(ago(now - 3 * 3_600_000, now, "zh")).toBe("3小时前");
    expect(date(now, "dayAndYear", "en")).toContain("2026");
  });

  it("falls back to English where the shop has no Chinese text", () => {
    expect(local({ en: "Mug" }, "zh")).toBe("Mug");
    expect(local({ en: "Mug", zh: "杯" }, "zh")).toBe("杯");
    expect(local(undefined, "en")).toBe("");
  });
});
