import { describe, expect, it } from "vitest";
import { taxName } from "./taxes";

describe("the name of a tax", () => {
  it("says what kind of no tax it is", () => {
    expect(taxName({ category: "AE", percent: "0" }, "en")).toBe("reverse charge");
    expect(taxName({ category: "S", percent: "8.875", jurisdiction: "NY" }, "en")).toBe("8.875 % tax (NY)");
    expect(taxName({ category: "E", percent: "0" }, "zh")).toBe("免税");
  });
});
