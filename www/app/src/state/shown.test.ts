import type { OrderView, Row } from "orderkit";
import { expect, it } from "vitest";
import { Shown } from "./shown";

function shopOf() {
  const read = new Map<string, OrderView>();
  const order = (id: string) => read.get(id);
  const row = (id: string) => (id === "a" ? ({ id } as Row) : undefined);
  return { read, shop: { order, row } };
}

const order = { name: "order", id: "a" } as const;

it("shows the page before until the order that was asked for is read", () => {
  const { read, shop } = shopOf();
  const shown = new Shown();
  expect(shown.of({ name: "list" }, shop)).toEqual({ name: "list" });
  expect(shown.of(order, shop)).toEqual({ name: "list" });
  read.set("a", {} as OrderView);
  expect(shown.of(order, shop)).toEqual(order);
  // One that is nowhere is shown as missing.
  expect(shown.of({ name: "edit", id: "b" }, shop)).toEqual({ name: "edit", id: "b" });
});

it("shows no order as missing that is only not read yet, also when the page has just opened", () => {
  const { read, shop } = shopOf();
  const shown = new Shown();
  expect(shown.of(order, undefined)).toEqual(order);
  expect(shown.of(order, shop)).toEqual({ name: "reading" });
  read.set("a", {} as OrderView);
  expect(shown.of(order, shop)).toEqual(order);
  read.clear();
  expect(shown.of(order, shop)).toEqual({ name: "reading" });
});
