import { expect, test } from "vitest";
import { figuresOf, repeatChance } from "./numbering";

test("a pattern with a counter never repeats, and says how much it can count", () => {
  expect(figuresOf("{date:yyMMdd}-{device:2}{seq:4}{check}", 100)).toEqual({
    length: 14,
    period: "day",
    devices: 900,
    perDevice: 9_999,
    random: undefined,
    orders: 100,
    chance: undefined,
  });
});

test("six random digits a day repeat as the birthday paradox says", () => {
  const { random, chance } = figuresOf("{date:yyMMdd}{digits:6}", 1_000);
  expect(random).toBe(1_000_000);
  // The core computes 393,267 parts per million.
  expect(chance).toBeCloseTo(0.393_267, 6);
});

test("the period is the finest one that dates in the number tell apart", () => {
  expect(figuresOf("{date:yyMM}{rand:6}", 10)).toMatchObject({ period: "month", orders: 310 });
  expect(figuresOf("{date:yyyy}{rand:6}", 10)).toMatchObject({ period: "year", orders: 3_660 });
  expect(figuresOf("{date:dd}{rand:6}", 10)).toMatchObject({ period: "never", orders: 3_660 });
  expect(figuresOf("{date:yyMMdd}{time:HHmm}{digits:2}", 10)).toMatchObject({ random: 144_000 });
});

test("chances of few, of too many and of very many draws", () => {
  expect(repeatChance(1, 10)).toBe(0);
  expect(repeatChance(23, 365)).toBeCloseTo(0.5073, 4);
  expect(repeatChance(11, 10)).toBe(1);
  // By the sum and by its first terms.
  expect(repeatChance(1_000_000, 1e12)).toBeCloseTo(0.393_469, 5);
  expect(repeatChance(10, 1e15)).toBeGreaterThan(0);
});
