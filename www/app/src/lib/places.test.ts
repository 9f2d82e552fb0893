import { describe, expect, it } from "vitest";
import { placeOfPath, placeOfSyntaxError } from "./places";

const text = JSON.stringify(
  { name: { en: 'A "shop"' }, promotions: [{ id: "a", tags: [1, "],"] }, { id: "b" }] },
  null,
  2,
);

describe("places in a JSON text", () => {
  it.each([
    ["/name/en", 3],
    ["/promotions", 5],
    ["/promotions/0/id", 7],
    ["/promotions/0/tags/1", 10],
    ["/promotions/1/id", 14],
    // What is not there is shown at what is around it.
    ["/promotions/1/effect/percent", 13],
    ["", 1],
  ])("finds %s in line %i", (path, line) => {
    expect(placeOfPath(text, path).line).toBe(line);
  });

  it("reads the words of every browser", () => {
    const broken = '{\n  "a": 1,\n}';
    let reason = "";
    try {
      JSON.parse(broken);
    } catch (error) {
      reason = String(error);
    }
    expect(placeOfSyntaxError(broken, reason)).toEqual({ line: 3, column: 1 });
    const firefox = "expected double-quoted property name at line 3 column 1 of the JSON data";
    expect(placeOfSyntaxError(broken, firefox)).toEqual({ line: 3, column: 1 });
    expect(placeOfSyntaxError("{\n", "Unexpected end of JSON input")).toEqual({ line: 2, column: 1 });
  });
});
