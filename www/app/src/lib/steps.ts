import type { Product } from "orderkit";
import { compare, difference, isDecimal, isPositive, sum } from "./quantity";

/** The quantity one step up or down; nothing below the smallest one. */
export function stepped(product: Product, now: string, direction: 1 | -1): string | undefined {
  const step = product.quantityStep ?? "1";
  const least = product.minimumQuantity ?? step;
  if (!isDecimal(now) || !isPositive(now)) return direction === 1 ? least : undefined;
  const next = direction === 1 ? sum(now, step) : difference(now, step);
  return compare(next, least) < 0 ? undefined : next;
}
