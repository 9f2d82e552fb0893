import { describe, expect, it } from "vitest";
import type { Issue } from "orderkit";
import { byField, fieldId, fieldOf } from "./paths";

const issue = (path: string, code = "required"): Issue => ({ code, path, args: {} }) as Issue;

describe("issues and fields", () => {
  it("finds the field of a path", () => {
    expect(fieldOf(issue("/details/customer/name"))).toBe("/details/customer/name");
    expect(fieldOf(issue("/lines/3/sku"))).toBe("/lines/3/quantity");
    expect(fieldOf(issue("/lines"))).toBe("/lines");
    expect(fieldOf(issue("/details/couponCodes/0"))).toBe("/details/couponCodes");
    expect(fieldOf(issue("/details/shippingAddress/street/3"))).toBe("/details/shippingAddress/street/1");
    expect(fieldOf(issue("/currency"))).toBe("");
  });

  it("reads the paths of a refused command", () => {
    expect(fieldOf(issue("/args/draft/details/shippingMethod"))).toBe("/details/shippingMethod");
    expect(fieldOf(issue("/args/expect/totalMinor"))).toBe("");
  });

  it("keeps the first issue of a field", () => {
    const issues = [issue("/lines/0/sku", "sku_unknown"), issue("/lines/0/quantity", "quantity_step")];
    expect(byField(issues).get("/lines/0/quantity")?.code).toBe("sku_unknown");
  });

  it("makes an id that CSS and labels can use", () => {
    expect(fieldId("/details/shippingAddress/street/0")).toBe("field-details-shippingAddress-street-0");
  });
});
