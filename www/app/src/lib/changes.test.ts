import type { Credit, Derived, Order, OrderLine } from "orderkit";
import { describe, expect, it } from "vitest";
import { changesOf, creditedOf, returnedOf } from "./changes";

const line = { id: "1", amountMinor: 800 } as OrderLine;
const totals = { grossMinor: 1200, payableMinor: 1200, taxMinor: 200 };

function order(rest: object): Order {
  return { status: "confirmed", lines: [line], totals, ...rest } as unknown as Order;
}

const facts = (totalMinor: number) => ({ totalMinor }) as Derived;

/** Units of the line, at 100 each, with 20 % tax in them. */
function credit(id: string, cause: Credit["cause"], units: number, keptMinor = 0): Credit {
  const grossMinor = units * 100;
  const taxMinor = Math.round((grossMinor - keptMinor) / 6);
  const fee = { grossMinor: keptMinor, netMinor: keptMinor, taxMinor: 0 };
  return {
    id,
    cause,
    lines: [
      {
        line: "1",
        quantity: String(units),
        amounts: { amountMinor: grossMinor, grossMinor, netMinor: grossMinor, taxMinor: 0 },
      },
    ],
    ...(keptMinor === 0 ? {} : { fees: [{ kind: "restocking", amount: fee }] }),
    netMinor: grossMinor - keptMinor - taxMinor,
    taxMinor,
    totalMinor: grossMinor - keptMinor,
  };
}

describe("what an order comes to now", () => {
  it("is as it was ordered while nothing was taken off", () => {
    expect(changesOf(order({}), facts(1200))).toMatchObject({ rows: [], totalMinor: 1200, isChanged: false });
  });

  it("is explained by its credits, whatever they are for", () => {
    const credits = [credit("a", "cancellation", 3), credit("b", "return", 2, 50)];
    const changed = order({ credits });
    expect(changesOf(changed, facts(750))).toEqual({
      orderedMinor: 1200,
      rows: [
        { key: "a", label: "Items cancelled", minor: -300, keptMinor: 0 },
        { key: "b", label: "Items returned", minor: -150, keptMinor: 50 },
      ],
      totalMinor: 750,
      taxMinor: 125,
      isChanged: true,
    });
    expect(creditedOf(changed, line)).toBe(500);
    expect(returnedOf(changed, line)).toBe("2");
    expect(creditedOf(changed, { ...line, id: "2" })).toBe(0);
  });

  it("takes in what was let go, and what gift cards paid", () => {
    const changed = order({
      writtenOffMinor: 5,
      tenderedMinor: 300,
      totals: { ...totals, payableMinor: 900 },
    });
    expect(changesOf(changed, facts(1195))).toMatchObject({
      orderedMinor: 1200,
      rows: [{ label: "Written off", minor: -5 }],
      totalMinor: 1195,
    });
  });

  it("is nothing of an order that was called off, and tells no tax of it", () => {
    const called = order({ status: "canceled", credits: [credit("a", "cancellation", 3)] });
    const { rows, taxMinor } = changesOf(called, facts(0));
    expect(rows.map(({ minor }) => minor)).toEqual([-300, -900]);
    expect(rows.at(-1)?.label).toBe("No longer asked for");
    expect(taxMinor).toBeUndefined();
  });

  it("is what it would be of a draft, which binds nobody", () => {
    expect(changesOf(order({ status: "draft" }), facts(0))).toMatchObject({
      totalMinor: 1200,
      isChanged: false,
    });
  });
});
