/**
 * Quantities are exact decimal strings. Steps and sums are made on whole numbers, because a float
 * would turn 0.1 + 0.2 into something that the rules refuse.
 */

interface Scaled {
  value: bigint;
  digits: number;
}

const DECIMAL = /^-?\d{1,15}(?:\.\d{1,9})?$/;

/** Whether the text is a decimal as the rules read it. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** What people type, as the rules read it: without spaces, with a point. */
export function normalised(text: string): string {
  const plain = text.replaceAll(/\s/g, "");
  return /^-?\d+,\d+$/.test(plain) ? plain.replace(",", ".") : plain;
}

function scaled(text: string): Scaled {
  if (!isDecimal(text)) return { value: 0n, digits: 0 };
  const [whole = "0", fraction = ""] = text.split(".");
  return { value: BigInt(whole + fraction), digits: fraction.length };
}

function written({ value, digits }: Scaled): string {
  const sign = value < 0n ? "-" : "";
  const figures = (value < 0n ? -value : value).toString().padStart(digits + 1, "0");
  const whole = figures.slice(0, figures.length - digits);
  const fraction = figures.slice(figures.length - digits).replace(/0+$/, "");
  return sign + whole + (fraction ? `.${fraction}` : "");
}

function aligned(left: string, right: string): { a: bigint; b: bigint; digits: number } {
  const [first, second] = [scaled(left), scaled(right)];
  const digits = Math.max(first.digits, second.digits);
  const lift = (part: Scaled) => part.value * 10n ** BigInt(digits - part.digits);
  return { a: lift(first), b: lift(second), digits };
}

export function sum(left: string, right: string): string {
  const { a, b, digits } = aligned(left, right);
  return written({ value: a + b, digits });
}

export function difference(left: string, right: string): string {
  const { a, b, digits } = aligned(left, right);
  return written({ value: a - b, digits });
}

/** Below zero, zero or above, as in a sort. */
export function compare(left: string, right: string): number {
  const { a, b } = aligned(left, right);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isPositive(text: string): boolean {
  return compare(text, "0") > 0;
}
