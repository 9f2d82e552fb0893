import { describe, expect, it } from "vitest";
import { timeOfWall, wallTime } from "./zone";

describe("the clock on the shop's wall", () => {
  it.each([
    ["Europe/London", "2026-07-01T00:00", Date.UTC(2026, 5, 30, 23)],
    ["Europe/London", "2026-12-01T00:00", Date.UTC(2026, 11, 1)],
    ["Asia/Shanghai", "2026-11-11T00:00", Date.UTC(2026, 10, 10, 16)],
    ["America/New_York", "2026-11-27T09:30", Date.UTC(2026, 10, 27, 14, 30)],
    // A zone that no browser knows counts as UTC.
    ["Nowhere/Land", "2026-01-01T12:00", Date.UTC(2026, 0, 1, 12)],
  ])("in %s at %s", (zone, wall, atMs) => {
    expect(timeOfWall(wall, zone)).toBe(atMs);
    expect(wallTime(atMs, zone)).toBe(wall);
  });

  it("reads nothing else", () => {
    expect(timeOfWall("tomorrow", "UTC")).toBeUndefined();
  });
});
