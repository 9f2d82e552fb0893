import type { OrderView } from "orderkit";
import { expect, it } from "vitest";
import { Seen } from "./seen";

const view = (number: string) => ({ order: { number } }) as OrderView;

it("keeps an order as it was shown while it is read again, and forgets one that is gone", () => {
  const seen = new Seen();
  expect(seen.of("a", undefined, true)).toBeUndefined();
  expect(seen.of("a", view("1"), true)).toEqual(view("1"));
  expect(seen.of("a", undefined, true)).toEqual(view("1"));
  expect(seen.of("a", view("2"), true)).toEqual(view("2"));
  expect(seen.of("a", undefined, false)).toBeUndefined();
  expect(seen.of("a", undefined, true)).toBeUndefined();
});

it("keeps a few, those that were shown last", () => {
  const seen = new Seen();
  for (let at = 0; at < 30; at += 1) {
    seen.of("first", view("first"), true);
    seen.of(String(at), view(String(at)), true);
  }
  expect(seen.of("first", undefined, true)).toEqual(view("first"));
  expect(seen.of("29", undefined, true)).toEqual(view("29"));
  expect(seen.of("2", undefined, true)).toBeUndefined();
});
