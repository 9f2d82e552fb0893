import { describe, expect, it } from "vitest";
import { read, shown, words } from "./codecs";

const around = { currency: "GBP", zone: "Europe/London" };

describe("values of the rules as they are typed", () => {
  it.each([
    ["money", "12.5", 1250],
    ["money", "12,50", 1250],
    ["decimal", "12,5", "12.5"],
    ["integer", "7", 7],
    ["count", "0", 0],
    ["words", "gold, vip，新客", ["gold", "vip", "新客"]],
    ["time", "2026-07-01T00:00", Date.UTC(2026, 5, 30, 23)],
    ["text", "", undefined],
    ["minor", "12.50", "1250"],
    ["days", "30", 2_592_000_000],
    ["prefixes", "IV1␣, KW, pa_", ["IV1 ", "KW", "pa "]],
    ["words", 'Bayern, "Washington, D.C."', ["Bayern", "Washington, D.C."]],
  ] as const)("%s %s", (codec, text, value) => {
    expect(read(codec, text, around)).toEqual({ value });
  });

  it.each([
    ["money", "12.505"],
    ["money", "a"],
    ["integer", "1.5"],
    ["count", "-1"],
    ["decimal", "1.2.3"],
  ] as const)("%s %s is a mistake", (codec, text) => {
    expect(read(codec, text, around)).toEqual({ mistake: "number_malformed" });
  });

  it("shows amounts in major units, without zeros that say nothing", () => {
    expect(shown("money", 1000, around)).toBe("10");
    expect(shown("money", 1050, around)).toBe("10.50");
    expect(shown("money", 1050, { ...around, currency: "JPY" })).toBe("1050");
    expect(shown("words", ["a", "b"], around)).toBe("a, b");
    expect(shown("integer", undefined, around)).toBe("");
  });

  it("shows what it can read back", () => {
    for (const [codec, value] of [
      ["minor", "200000"],
      ["days", 86_400_000],
      ["prefixes", ["IV1 ", "IV10"]],
      ["words", ["Washington, D.C.", "Bayern"]],
    ] as const) {
      expect(read(codec, shown(codec, value, around), around)).toEqual({ value });
    }
  });

  it("takes each word once", () => {
    expect(words(" a, b; a\nc ")).toEqual(["a", "b", "c"]);
    expect(words(" , ")).toBeUndefined();
  });
});
