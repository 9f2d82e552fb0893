import type { OrderView, Row } from "orderkit";
import { expect, it } from "vitest";
import { Shown } from "./shown";

it("shows the page before until the order that was asked for is read", () => {
  const read = new Map<string, OrderView>();
  const shop = {
    order: (id: string) => read.get(id),
    row: (id: string) => (id === "a" ? ({ id } as Row) : undefined),
  };
  const shown = new Shown();
  const order = { name: "order", id: "a" } as const;
  expect(shown.of(order, shop)).toEqual({ name: "reading" });
  expect(shown.of({ name: "list" }, shop)).toEqual({ name: "list" });
  expect(shown.of(order, shop)).toEqual({ name: "list" });
  read.set("a", {} as OrderView);
  expect(shown.of(order, shop)).toEqual(order);
  // One that is nowhere is shown as missing, and a page without a copy waits for nothing.
  expect(shown.of({ name: "edit", id: "b" }, shop)).toEqual({ name: "edit", id: "b" });
  expect(shown.of(order, undefined)).toEqual(order);
});
