import type { Effect, Phase, Promotion } from "orderkit";
import type { CodecName } from "./codecs";

/** What can be edited of each kind of effect. The types say if a kind or field is missing or gone. */

export type EffectKind = Effect["kind"];
type Of<K extends EffectKind> = Extract<Effect, { kind: K }>;
type FieldName<K extends EffectKind> = Exclude<keyof Of<K>, "kind">;

export type Part =
  | { is: "value"; name: string; codec: CodecName; isNeeded: boolean }
  | { is: "choice"; name: string; among: Choices; fallback: string | undefined }
  | { is: "switch"; name: string }
  | { is: "units" | "spendTiers" | "quantityTiers" | "bundleParts" | "get" | "gifts"; name: string };

export type Choices = "per" | "pick";

interface Form<K extends EffectKind> {
  /** A new one, with the least that it needs. */
  fresh: Of<K>;
  parts: { [F in FieldName<K>]-?: Part };
}

const value = (name: string, codec: CodecName, isNeeded = false): Part => ({
  is: "value",
  name,
  codec,
  isNeeded,
});
const percent = value("percent", "decimal", true);
const amount = value("amountMinor", "money", true);
const maximum = value("maximumMinor", "money");
const times = value("maximumTimes", "integer");
const units: Part = { is: "units", name: "units" };
const withShipping: Part = { is: "switch", name: "withShipping" };
const pick: Part = { is: "choice", name: "pick", among: "pick", fallback: "cheapest" };

export const effectForms: { [K in EffectKind]: Form<K> } = {
  linePercentage: { fresh: { kind: "linePercentage", percent: "10" }, parts: { percent, units } },
  lineFixed: {
    fresh: { kind: "lineFixed", amountMinor: 100, per: "unit" },
    parts: {
      amountMinor: amount,
      per: { is: "choice", name: "per", among: "per", fallback: undefined },
      units,
    },
  },
  fixedPrice: {
    fresh: { kind: "fixedPrice", unitPrice: "1.00" },
    parts: { unitPrice: value("unitPrice", "decimal", true), units },
  },
  orderPercentage: {
    fresh: { kind: "orderPercentage", percent: "10" },
    parts: { percent, maximumMinor: maximum, withShipping },
  },
  orderFixed: {
    fresh: { kind: "orderFixed", amountMinor: 500 },
    parts: { amountMinor: amount, withShipping },
  },
  orderFixedPrice: { fresh: { kind: "orderFixedPrice", amountMinor: 5000 }, parts: { amountMinor: amount } },
  spendTiers: {
    fresh: { kind: "spendTiers", tiers: [{ spendMinor: 10_000, saveMinor: 1_000 }] },
    parts: { tiers: { is: "spendTiers", name: "tiers" }, repeat: { is: "switch", name: "repeat" } },
  },
  quantityTiers: {
    fresh: { kind: "quantityTiers", tiers: [{ quantity: "3", percent: "10" }] },
    parts: { tiers: { is: "quantityTiers", name: "tiers" }, together: { is: "switch", name: "together" } },
  },
  nthUnit: {
    fresh: { kind: "nthUnit", n: 2, percent: "50" },
    parts: { n: value("n", "integer", true), percent, pick, maximumTimes: times },
  },
  buyGet: {
    fresh: { kind: "buyGet", buyQuantity: 2, getQuantity: 1, percent: "100" },
    parts: {
      buyQuantity: value("buyQuantity", "integer", true),
      getQuantity: value("getQuantity", "integer", true),
      percent,
      pick,
      maximumTimes: times,
      boughtFirst: { is: "switch", name: "boughtFirst" },
      wholeSetsOnly: { is: "switch", name: "wholeSetsOnly" },
      get: { is: "get", name: "get" },
    },
  },
  anyFor: {
    fresh: { kind: "anyFor", quantity: 3, amountMinor: 1_000 },
    parts: { quantity: value("quantity", "integer", true), amountMinor: amount, maximumTimes: times },
  },
  bundle: {
    fresh: { kind: "bundle", parts: [{ target: {} }, { target: {} }], percent: "10" },
    parts: {
      amountMinor: value("amountMinor", "money"),
      percent: value("percent", "decimal"),
      maximumTimes: times,
      parts: { is: "bundleParts", name: "parts" },
    },
  },
  gift: {
    fresh: { kind: "gift", skus: [] },
    parts: {
      skus: { is: "gifts", name: "skus" },
      quantity: value("quantity", "integer"),
      perUnits: value("perUnits", "integer"),
    },
  },
  shippingPercentage: {
    fresh: { kind: "shippingPercentage", percent: "100" },
    parts: { percent, maximumMinor: maximum },
  },
  shippingFixed: { fresh: { kind: "shippingFixed", amountMinor: 300 }, parts: { amountMinor: amount } },
};

export const effectKinds = Object.keys(effectForms) as EffectKind[];

export function partsOfEffect(kind: EffectKind): Part[] {
  return Object.values(effectForms[kind].parts);
}

/** Another kind of effect, with what both kinds have under the same name. */
export function asKind(effect: Effect, kind: EffectKind): Effect {
  const { fresh, parts } = effectForms[kind];
  const kept = Object.entries(effect).filter(
    ([name]) => name !== "kind" && name !== "tiers" && name in parts,
  );
  const next: Effect = { ...fresh, ...Object.fromEntries(kept) };
  // A bundle has a price or a percentage, never both.
  if (next.kind === "bundle" && next.amountMinor !== undefined) delete next.percent;
  return next;
}

export const phases: Phase[] = ["line", "order", "coupon", "shipping"];

const lineKinds: EffectKind[] = ["linePercentage", "lineFixed", "fixedPrice", "quantityTiers"];

/** When a promotion runs if it does not say so itself; only to sort the list by. */
export function phaseOf({
  phase,
  effect,
  couponCodes,
}: Pick<Promotion, "phase" | "effect" | "couponCodes">): Phase {
  if (phase) return phase;
  if (effect.kind === "shippingPercentage" || effect.kind === "shippingFixed") return "shipping";
  if (couponCodes && couponCodes.length > 0) return "coupon";
  return lineKinds.includes(effect.kind) ? "line" : "order";
}

/** Positions of promotions in the order in which they run. */
export function inTurn(promotions: readonly Promotion[]): number[] {
  const rank = (at: number): [number, number, string] => {
    const promotion = promotions[at];
    if (!promotion) return [0, 0, ""];
    return [phases.indexOf(phaseOf(promotion)), promotion.priority ?? 0, promotion.id];
  };
  return promotions
    .map((_, at) => at)
    .sort((left, right) => {
      const [a, b] = [rank(left), rank(right)];
      return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
    });
}

/** An id that is not taken: `sale`, `sale-2`, `sale-3` … */
export function freeId(wish: string, taken: readonly string[]): string {
  const stem = wish.replace(/-\d+$/, "") || "new";
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? stem : `${stem}-${count}`;
    if (!taken.includes(id)) return id;
  }
}
