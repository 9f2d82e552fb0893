import { expect, test } from "vitest";
import { contextOf, draftOf, trialOf } from "./trial";

const draft = {
  lines: [{ sku: "LAMP", quantity: "3" }],
  details: {
    couponCodes: ["TEN"],
    paymentMethod: "cash",
    shippingMethod: "post",
    shippingAddress: { country: "GB", postcode: "IV2 3AB" },
  },
};
const context = { nowMs: 5, customer: { groups: ["gold"], placedOrders: 0, points: 40 } };

test("the cart of a finding is priced as the finding says, whatever has no field", () => {
  const trial = trialOf(draft, context, "DE");
  expect(draftOf(trial)).toEqual(draft);
  expect(contextOf(trial, 9)).toEqual(context);
});

test("what is changed of it counts; the rest of an address goes with its country", () => {
  const trial = { ...trialOf(draft, context, "DE"), country: "FR", coupons: [], groups: [] };
  expect(draftOf(trial).details).toEqual({
    paymentMethod: "cash",
    shippingMethod: "post",
    shippingAddress: { country: "FR" },
  });
  expect(contextOf(trial, 9).customer).toEqual({ placedOrders: 0, points: 40 });
});

test("without an example only what is in the fields counts", () => {
  const trial = { lines: [], coupons: [], country: "GB", shippingMethod: "", groups: [] };
  expect(draftOf(trial)).toEqual({ lines: [], details: { shippingAddress: { country: "GB" } } });
  expect(contextOf(trial, 9)).toEqual({ nowMs: 9, customer: {} });
});
