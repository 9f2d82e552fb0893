import { describe, expect, it } from "vitest";
import { compare, difference, isDecimal, isPositive, normalised, sum } from "./quantity";

describe("quantities", () => {
  it("adds and subtracts exactly", () => {
    expect(sum("0.1", "0.2")).toBe("0.3");
    expect(sum("1", "0.5")).toBe("1.5");
    expect(difference("1.5", "0.5")).toBe("1");
    expect(difference("1", "2.25")).toBe("-1.25");
    expect(sum("999999999999999", "0.000000001")).toBe("999999999999999.000000001");
  });

  it("compares whatever the number of digits", () => {
    expect(compare("2.50", "2.5")).toBe(0);
    expect(compare("10", "9.999")).toBe(1);
    expect(isPositive("0.00")).toBe(false);
    expect(isPositive("-1")).toBe(false);
  });

  it("reads what people type", () => {
    expect(normalised(" 1 000 ")).toBe("1000");
    expect(normalised("2,5")).toBe("2.5");
    expect(normalised("1,000,000")).toBe("1,000,000");
    expect(isDecimal("1,000,000")).toBe(false);
    expect(isDecimal("12.")).toBe(false);
  });
});
