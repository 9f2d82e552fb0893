import type { Language, TaxComponent } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { percent } from "./format";

/** "20 %", or what kind of no tax it is. */
export function taxName(component: TaxComponent, language: Language): string {
  const locale = { locale: language };
  const rate = percent(component.percent ?? "0", language);
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
