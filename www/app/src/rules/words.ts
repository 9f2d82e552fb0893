import type {
  ChargeTax,
  Language,
  Oversold,
  Phase,
  Promotion,
  Rounding,
  ShippingMeasure,
  ShippingPlace,
  ShippingRate,
  StackingMode,
  TaxCategory,
  TaxComponent,
  UnitPick,
} from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import type { EffectKind } from "../lib/effects";
import { major, money, percent, price, quantity } from "../lib/format";
import { taxName } from "../lib/taxes";
import { preferences } from "../state/preferences.svelte";

/** The page's words for the words of the rules. */

export const effectNames: Record<EffectKind, () => string> = {
  linePercentage: m.effect_line_percentage,
  lineFixed: m.effect_line_fixed,
  fixedPrice: m.effect_fixed_price,
  orderPercentage: m.effect_order_percentage,
  orderFixed: m.effect_order_fixed,
  orderFixedPrice: m.effect_order_fixed_price,
  spendTiers: m.effect_spend_tiers,
  quantityTiers: m.effect_quantity_tiers,
  nthUnit: m.effect_nth_unit,
  buyGet: m.effect_buy_get,
  anyFor: m.effect_any_for,
  bundle: m.effect_bundle,
  gift: m.effect_gift,
  shippingPercentage: m.effect_shipping_percentage,
  shippingFixed: m.effect_shipping_fixed,
};

export const phaseNames: Record<Phase, () => string> = {
  line: m.phase_line,
  order: m.phase_order,
  coupon: m.phase_coupon,
  shipping: m.phase_shipping,
};

const pickNames: Record<UnitPick, () => string> = {
  cheapest: m.pick_cheapest,
  dearest: m.pick_dearest,
  listed: m.pick_listed,
  largestLine: m.pick_largest_line,
};

const modeNames: Record<StackingMode, () => string> = {
  sequential: m.stacking_sequential,
  parallel: m.stacking_parallel,
  bestOf: m.stacking_best_of,
  bestPerLine: m.stacking_best_per_line,
};

export const options = <K extends string>(names: Record<K, () => string>): [K, string][] =>
  (Object.keys(names) as K[]).map((word) => [word, names[word]()]);

export const pickOptions = () => options(pickNames);
export const modeOptions = () => options(modeNames);
export const perOptions = () => options({ unit: m.per_unit, line: m.per_line });
export const scopeOptions = () =>
  options({ items: m.scope_items, shipping: m.scope_shipping, all: m.scope_all });
export const basisOptions = () => options({ afterDiscounts: m.basis_after, beforeDiscounts: m.basis_before });

/** Labels of the values of effects, by the name of the field. */
export const effectLabels: Record<string, () => string> = {
  percent: m.rules_percent,
  amountMinor: m.rules_amount,
  maximumMinor: m.rules_at_most,
  maximumTimes: m.rules_at_most_times,
  unitPrice: m.rules_unit_price,
  per: m.rules_per,
  pick: m.rules_pick,
  n: m.rules_every_nth,
  buyQuantity: m.rules_buy_quantity,
  getQuantity: m.rules_get_quantity,
  quantity: m.rules_quantity,
  perUnits: m.rules_per_units,
  repeat: m.rules_repeat,
  together: m.rules_together,
  wholeSetsOnly: m.rules_whole_sets,
  withShipping: m.rules_with_shipping,
  boughtFirst: m.rules_bought_first,
};

/** The kind of a promotion with its main figure: "15 % off matching lines". */
export function effectSummary({ effect }: Promotion, currency: string, language: Language): string {
  const name = effectNames[effect.kind]();
  const figure = figureOf(effect, currency, language);
  return figure ? `${name} · ${figure}` : name;
}

function figureOf(effect: Promotion["effect"], currency: string, language: Language): string {
  if ("tiers" in effect) return m.rules_tiers_count({ count: effect.tiers.length });
  if (effect.kind === "gift") return effect.skus.join(", ");
  if (effect.kind === "fixedPrice") return price(effect.unitPrice, currency, language);
  if (effect.kind === "buyGet") return `${effect.buyQuantity} + ${effect.getQuantity}`;
  if ("percent" in effect) return percent(effect.percent, language);
  return "amountMinor" in effect ? money(effect.amountMinor, currency, language) : "";
}

export const shippingKindOptions = () =>
  options({ delivery: m.shipping_kind_delivery, pickUp: m.shipping_kind_pick_up });

export const priceBasisOptions = () =>
  options({ taxInclusive: m.price_basis_inclusive, taxExclusive: m.price_basis_exclusive });

export const levelNames: Record<string, () => string> = {
  unit: m.level_unit,
  line: m.level_line,
  group: m.level_group,
  document: m.level_document,
};
export const levelOptions = () => options(levelNames);

export const roundingNames: Record<Rounding, () => string> = {
  halfUp: m.rounding_half_up,
  halfEven: m.rounding_half_even,
  halfDown: m.rounding_half_down,
  up: m.rounding_up,
  down: m.rounding_down,
  halfTowardPositive: m.rounding_half_toward_positive,
  thirdDecimal: m.rounding_third_decimal,
};
export const modeOfRoundingOptions = () => options(roundingNames);

const taxCategoryNames: Record<TaxCategory, () => string> = {
  S: m.tax_category_s,
  Z: m.tax_category_z,
  E: m.tax_category_e,
  AE: m.tax_category_ae,
  K: m.tax_category_k,
  G: m.tax_category_g,
  O: m.tax_category_o,
  L: m.tax_category_l,
  M: m.tax_category_m,
  B: m.tax_category_b,
};
export const taxCategoryOptions = () => options(taxCategoryNames);

const chargeTaxNames: Record<ChargeTax, () => string> = {
  ownClass: m.rules_charge_own,
  proRata: m.rules_charge_pro_rata,
  highestRate: m.rules_charge_highest,
  averageRate: m.rules_charge_average,
  none: m.rules_charge_none,
};
export const chargeTaxOptions = () => options(chargeTaxNames);

export const measureNames: Record<ShippingMeasure, () => string> = {
  quantity: m.rules_measure_quantity,
  weight: m.rules_measure_weight,
  volume: m.rules_measure_volume,
  value: m.rules_measure_value,
};
export const measureOptions = () => options(measureNames);

export const combinationOptions = () =>
  options({
    sum: m.rules_combination_sum,
    highestFirst: m.rules_combination_highest_first,
    highest: m.rules_combination_highest,
  });

/** A band and its price: "0 – 2,000 · £3.95 + £1.00". */
export function bandSummary(rate: ShippingRate, measure: ShippingMeasure, currency: string): string {
  const language = preferences.language;
  const size = (text: string) =>
    measure === "value" && /^\d+$/.test(text)
      ? price(major(Number(text), currency), currency, language)
      : quantity(text, language);
  const { from, to, priceMinor, percent: part, first, further } = rate;
  const band = [from ?? "0", to].map((end) => (end === undefined ? "" : size(end)));
  const amounts = [priceMinor, first?.priceMinor, further?.priceMinor].filter((it) => it !== undefined);
  const prices = amounts.map((minor) => money(minor, currency, language));
  if (part !== undefined) prices.push(percent(part, language));
  const span = from === undefined && to === undefined ? "" : band.join(" – ").trim();
  return [span, prices.join(" + ")].filter((text) => text !== "").join(" · ");
}

/** What a place is, in the words that it is made of. */
export function placeSummary(place: ShippingPlace): string {
  const { countries = [], regions = [], cities = [], postcodePrefixes = [], postcodeRanges = [] } = place;
  const ranges = postcodeRanges.map(({ from, to }) => `${from} – ${to}`);
  return [
    ...countries,
    ...regions,
    ...cities,
    ...postcodePrefixes.map((it) => `${it.trim()}…`),
    ...ranges,
  ].join(", ");
}

/** The taxes of a rule: "7 % (Berlin), 19 %". */
export function taxesSummary(components: readonly TaxComponent[], currency: string): string {
  const language = preferences.language;
  return components
    .map((tax) =>
      tax.amountPerUnit === undefined ? taxName(tax, language) : price(tax.amountPerUnit, currency, language),
    )
    .join(", ");
}

export const termsOptions = () =>
  options({
    prepaid: m.rules_terms_prepaid,
    onDelivery: m.rules_terms_on_delivery,
    onAccount: m.rules_terms_on_account,
  });

export const confirmationOptions = () =>
  options({ byHand: m.confirmation_by_hand, whenPaid: m.confirmation_when_paid });

export const oversoldOptions = () =>
  options<Oversold>({
    refuse: m.inventory_oversold_refuse,
    backorder: m.inventory_oversold_backorder,
    partial: m.inventory_oversold_partial,
  });

export const countedOptions = () =>
  options({
    "": m.inventory_counted_level,
    true: m.inventory_counted_always,
    false: m.inventory_counted_never,
  });

export const pointsKindOptions = () =>
  options({ discount: m.rules_points_discount, tender: m.rules_points_tender });

export const roundingTargetOptions = () =>
  options({ tax: m.rules_target_tax, net: m.rules_target_net, both: m.rules_target_both });

export const leftoverOptions = () =>
  options({ largestRemainder: m.rules_leftover_largest, first: m.rules_leftover_first });

export const destinationOptions = () =>
  options({ keepGross: m.rules_destination_gross, keepNet: m.rules_destination_net });

export const percentageOfOptions = () =>
  options({
    left: m.rules_base_left,
    original: m.rules_base_original,
    originalOnLines: m.rules_base_original_lines,
  });

export const percentagePlaceOptions = () =>
  options({
    line: m.rules_place_line,
    unit: m.rules_place_unit,
    order: m.rules_place_order,
    cut: m.rules_place_cut,
    working: m.rules_place_working,
  });

export const unitWorthOptions = () => options({ left: m.rules_worth_left, original: m.rules_base_original });

export const weightsOptions = () =>
  options({
    left: m.rules_weights_left,
    original: m.rules_weights_original,
    gross: m.rules_weights_gross,
    units: m.rules_weights_units,
  });

export const sharingLeftoverOptions = () =>
  options({
    largestRemainder: m.rules_leftover_largest,
    first: m.rules_leftover_first,
    halfDownFirst: m.rules_leftover_half_down,
    halfUpLast: m.rules_leftover_half_up,
    dearestUnits: m.rules_leftover_dearest,
    working: m.rules_leftover_working,
  });
