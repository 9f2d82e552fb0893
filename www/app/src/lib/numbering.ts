/**
 * What a pattern of order numbers can do, as figures. Whether a pattern is good is for the rules to
 * say; this only counts what its parts can give. Chances are floats, made to be looked at.
 */

export type Period = "day" | "month" | "year" | "never";

export interface Figures {
  /** Characters of a number. */
  length: number;
  /** How often counters and random parts start again. */
  period: Period;
  /** Devices that have codes of their own; none if the pattern names no device. */
  devices: number | undefined;
  /** Numbers that one device can give in a period, if it counts. */
  perDevice: number | undefined;
  /** Different random and time parts in a period, for patterns without a counter. */
  random: number | undefined;
  /** Orders that are expected in a period; in a year where it never ends. */
  orders: number;
  /** The chance that a period has a number twice; none where devices count. */
  chance: number | undefined;
}

/** Characters without look-alikes. */
const letters = 30;
const days: Record<Period, number> = { day: 1, month: 31, year: 366, never: 366 };
const clock: [string, number][] = [
  ["HH", 24],
  ["mm", 60],
  ["ss", 60],
  ["SSS", 1_000],
];

/** The figures of a pattern that the rules have accepted. */
export function figuresOf(pattern: string, ordersPerDay: number): Figures {
  const parts = [...pattern.matchAll(/\{(\w+):?([^}]*)\}/g)].map(([, name = "", text = ""]) => ({
    name,
    text,
  }));
  const lengthOf = (wanted: string) => Number(parts.find(({ name }) => name === wanted)?.text ?? 0);
  const times = parts.filter(({ name }) => name === "date" || name === "time").map(({ text }) => text);
  const period = periodOf(times.join(" "));
  const sequence = lengthOf("seq");
  const device = lengthOf("device");
  const orders = ordersPerDay * days[period];
  const random = parts.reduce((product, { name, text }) => {
    if (name === "rand") return product * letters ** Number(text);
    if (name === "digits") return product * 10 ** Number(text);
    return product;
  }, 1);
  const moments = clock.reduce(
    (product, [word, values]) => (times.some((text) => text.includes(word)) ? product * values : product),
    1,
  );
  const hasCounter = sequence > 0;
  return {
    length: pattern.replaceAll(/\{(\w+):?([^}]*)\}/g, (_, name: string, text: string) =>
      "_".repeat(name === "check" ? 1 : name === "date" || name === "time" ? text.length : Number(text)),
    ).length,
    period,
    devices: device > 0 ? letters ** device : undefined,
    perDevice: hasCounter ? 10 ** sequence - 1 : undefined,
    random: hasCounter ? undefined : random * moments,
    orders,
    chance: hasCounter ? undefined : repeatChance(orders, random * moments),
  };
}

function periodOf(times: string): Period {
  if (!times.includes("yy")) return "never";
  if (!times.includes("MM")) return "year";
  return times.includes("dd") ? "day" : "month";
}

/** The chance that so many draws of so many different ones have one twice: 1 − Π (1 − k / all). */
export function repeatChance(draws: number, all: number): number {
  if (draws > all) return 1;
  if (draws < 2) return 0;
  const exactly = Math.min(draws, 100_000);
  let logarithm = 0;
  for (let taken = 1; taken < exactly; taken += 1) logarithm += Math.log1p(-taken / all);
  // Beyond that many, the sum by its first two terms.
  const sum = (to: number) => {
    const last = to - 1;
    return (last * to) / 2 / all + (last * to * (2 * to - 1)) / 12 / all / all;
  };
  return -Math.expm1(logarithm - (sum(draws) - sum(exactly)));
}
