import type { Language, TaxComponent, TaxTotal } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { percent, price } from "./format";

/** "20 %", or what kind of no tax it is. */
export function taxName(component: TaxComponent, language: Language, currency?: string): string {
  const locale = { locale: language };
  const { amountPerUnit } = component;
  const rate =
    amountPerUnit !== undefined && currency !== undefined
      ? m.tax_each({ amount: price(amountPerUnit, currency, language) }, locale)
      : percent(component.percent ?? "0", language);
  const where = component.jurisdiction ? ` (${component.jurisdiction})` : "";
  const { category = "S" } = component;
  switch (category) {
    case "Z":
      return m.tax_zero({}, locale) + where;
    case "E":
      return m.tax_exempt({}, locale) + where;
    case "AE":
      return m.tax_reverse({}, locale) + where;
    case "K":
    case "G":
    case "O":
      return m.tax_none({}, locale) + where;
    case "S":
    case "L":
    case "M":
    case "B":
      return m.tax_rate({ rate }, locale) + where;
  }
}

export interface TaxRow {
  label: string;
  minor: number;
}

/** The taxes of a document as rows for people: kind, rate and jurisdiction, and whether the prices hold it. */
export function taxRows(
  taxes: readonly TaxTotal[],
  isInclusive: boolean,
  currency: string,
  language: Language,
): TaxRow[] {
  const locale = { locale: language };
  return taxes.map((row) => {
    const tax = taxName(row.tax, language, currency);
    // What is not taxed is neither in the prices nor on top.
    const isTaxed = row.taxMinor !== 0;
    const label = !isTaxed
      ? tax
      : isInclusive
        ? m.tax_included({ tax }, locale)
        : m.tax_added({ tax }, locale);
    return { label, minor: row.taxMinor };
  });
}
