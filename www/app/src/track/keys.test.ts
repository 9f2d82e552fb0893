import { beforeEach, expect, it, vi } from "vitest";
import { keyOf, settle } from "./keys";

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});

it("keeps the name of a command until it is settled", () => {
  const first = keyOf("o", "cancel@1", { reason: "a" });
  expect(keyOf("o", "cancel@1", { reason: "a" })).toBe(first);
  expect(keyOf("o", "cancel@1", { reason: "b" })).not.toBe(first);
  expect(keyOf("p", "cancel@1", { reason: "a" })).not.toBe(first);
  settle("o", "cancel@1", { reason: "a" });
  expect(keyOf("o", "cancel@1", { reason: "a" })).not.toBe(first);
});

it("keeps it on the page where nothing can be stored", () => {
  vi.stubGlobal("sessionStorage", undefined);
  const first = keyOf("o", "confirmReceipt@1", {});
  expect(keyOf("o", "confirmReceipt@1", {})).toBe(first);
  settle("o", "confirmReceipt@1", {});
  expect(keyOf("o", "confirmReceipt@1", {})).not.toBe(first);
});
