import type { Payment } from "orderkit";
import { describe, expect, it } from "vitest";
import { direction, leftOf } from "./payments";

const authorization: Payment = { id: "a", kind: "authorization", method: "card", amountMinor: 1_000 };
const capture: Payment = { id: "c", source: "a", method: "card", amountMinor: 600 };

describe("what is left of a payment", () => {
  const cases: [string, Payment[], Payment, number][] = [
    ["an authorization", [authorization], authorization, 1_000],
    ["one that was captured in part", [authorization, capture], authorization, 400],
    ["one whose capture is under way", [authorization, { ...capture, state: "pending" }], authorization, 400],
    ["one whose capture failed", [authorization, { ...capture, state: "failure" }], authorization, 1_000],
    ["a receipt", [capture], capture, 600],
    [
      "one given back in part",
      [capture, { id: "r", kind: "refund", source: "c", method: "card", amountMinor: 100 }],
      capture,
      500,
    ],
    ["one that is not there yet", [], { ...capture, state: "pending" }, 0],
    ["a refund", [], { id: "r", kind: "refund", method: "card", amountMinor: 100 }, 0],
  ];
  it.each(cases)("%s", (_, payments, payment, left) => {
    expect(leftOf(payments, payment)).toBe(left);
  });
});

it("only what has happened moves money", () => {
  expect(direction(capture)).toBe(1);
  expect(direction({ ...capture, kind: "refund" })).toBe(-1);
  expect(direction({ ...capture, state: "pending" })).toBe(0);
  expect(direction(authorization)).toBe(0);
});
