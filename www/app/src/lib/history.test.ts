import type { Order } from "orderkit";
import { describe, expect, it } from "vitest";
import { told } from "./history";

const underWay = { event: "paymentPending", note: "card", amountMinor: 3697 };
const order = (history: object[], payments: object[]) => ({ history, payments }) as unknown as Order;
const eventsOf = (it: Order) => told(it).map(({ entry, index }) => `${index} ${entry.event}`);

describe("the history", () => {
  it("is told from its end, without what is withheld", () => {
    const history = [{ event: "placed" }, { event: "withheld" }, { event: "confirmed" }];
    expect(eventsOf(order(history, []))).toEqual(["2 confirmed", "0 placed"]);
  });

  it("says once that a payment is under way", () => {
    const history = [{ event: "placed" }, underWay, underWay, { event: "capture", amountMinor: 3697 }];
    const payments = [{ method: "card", amountMinor: 3697 }];
    expect(eventsOf(order(history, payments))).toEqual(["3 capture", "1 paymentPending", "0 placed"]);
  });

  it("says it of each of two payments that look alike", () => {
    const payments = [
      { method: "card", amountMinor: 3697 },
      { method: "card", amountMinor: 3697 },
    ];
    expect(eventsOf(order([underWay, underWay], payments))).toHaveLength(2);
    expect(eventsOf(order([underWay, { ...underWay, amountMinor: 5 }], payments))).toHaveLength(2);
  });
});
