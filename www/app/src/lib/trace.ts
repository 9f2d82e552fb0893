import type { Explanation } from "orderkit";

/** The engine's explanations of a price, in the groups in which the page shows them. */

export type TraceGroup = "items" | "discounts" | "shipping" | "tax" | "payment" | "unused";

export interface TraceRow {
  text: string;
  /** How the amount was rounded. */
  detail?: string;
  /** What it adds to the total or takes off; missing where a rule had no effect. */
  amountMinor?: number;
}

const GROUPS: Record<Exclude<Explanation["kind"], "rounding">, TraceGroup> = {
  price: "items",
  listPrice: "items",
  adjustment: "items",
  applied: "discounts",
  gift: "discounts",
  points: "discounts",
  documentAdjustment: "discounts",
  note: "discounts",
  shipping: "shipping",
  shippingPart: "shipping",
  shippingDiscount: "shipping",
  tax: "tax",
  taxNote: "tax",
  tender: "payment",
  payable: "payment",
  capped: "unused",
  notQualified: "unused",
  nextStep: "unused",
  suppressed: "unused",
  beaten: "unused",
};

const ORDER: TraceGroup[] = ["items", "discounts", "shipping", "tax", "payment", "unused"];

/** The groups that have rows, in their order. A rounding belongs to the amount before it. */
export function grouped(
  explanations: Explanation[],
  isInclusive: boolean,
): { group: TraceGroup; rows: TraceRow[] }[] {
  const rows = new Map<TraceGroup, TraceRow[]>(ORDER.map((group) => [group, []]));
  let last: TraceRow | undefined;
  for (const { kind, sentence, amountMinor } of explanations) {
    if (kind === "rounding") {
      if (last) last.detail = sentence;
      continue;
    }
    // Tax that the prices hold already adds nothing to the total.
    const isShown = amountMinor !== undefined && !(kind === "tax" && isInclusive);
    last = { text: sentence, ...(isShown ? { amountMinor } : {}) };
    rows.get(GROUPS[kind])?.push(last);
  }
  return ORDER.map((group) => ({ group, rows: rows.get(group) ?? [] })).filter((it) => it.rows.length > 0);
}
