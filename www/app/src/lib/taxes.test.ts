import { describe, expect, it } from "vitest";
import { taxName, taxRows } from "./taxes";

describe("the name of a tax", () => {
  it("says what kind of no tax it is", () => {
    expect(taxName({ category: "AE", percent: "0" }, "en")).toBe("reverse charge");
    expect(taxName({ category: "S", percent: "8.875", jurisdiction: "NY" }, "en")).toBe("8.875 % tax (NY)");
    expect(taxName({ category: "E", percent: "0" }, "zh")).toBe("免税");
  });
});

describe("the taxes of a document", () => {
  const taxes = [
    { tax: { percent: "6", jurisdiction: "State" }, taxableMinor: 1000, taxMinor: 60 },
    { tax: { amountPerUnit: "0.25" }, taxableMinor: 1000, taxMinor: 75 },
    { tax: { category: "AE" as const }, taxableMinor: 500, taxMinor: 0 },
  ];

  it("are rows by rate and jurisdiction that say whether prices hold them", () => {
    expect(taxRows(taxes, true, "GBP", "en")).toEqual([
      { label: "of which 6 % tax (State)", minor: 60 },
      { label: "of which £0.25 a unit tax", minor: 75 },
      { label: "reverse charge", minor: 0 },
    ]);
    expect(taxRows(taxes, false, "GBP", "en")[0]?.label).toBe("plus 6 % tax (State)");
    expect(taxRows(taxes, false, "GBP", "zh")[0]?.label).toBe("另加6% 税 (State)");
  });
});
