import type { Product } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { local } from "./format";

/** Category words of a ruleset are plain words; the common ones have a name in both languages. */
export function categoryName(category: string): string {
  const names: Record<string, () => string> = {
    bags: m.category_bags,
    garden: m.category_garden,
    kitchen: m.category_kitchen,
    lights: m.category_lights,
    party: m.category_party,
    stationery: m.category_stationery,
    toys: m.category_toys,
    home: m.category_home,
    paper: m.category_paper,
    books: m.category_books,
    food: m.category_food,
    "": m.category_other,
  };
  return names[category]?.() ?? category.charAt(0).toUpperCase() + category.slice(1);
}

export interface CategoryGroup {
  category: string;
  products: Product[];
}

/** Products of a search by category, both in the shop's own order. */
export function grouped(
  products: readonly Product[],
  text: string,
  category: string | undefined,
): CategoryGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Product[]>();
  for (const product of products) {
    const own = product.category ?? "";
    if (category !== undefined && own !== category) continue;
    const found =
      `${product.sku} ${local(product.name, "en")} ${local(product.name, "zh")} ${own} ${categoryName(own)}`.toLowerCase();
    if (!words.every((word) => found.includes(word))) continue;
    const group = groups.get(own);
    if (group) group.push(product);
    else groups.set(own, [product]);
  }
  return [...groups].map(([name, list]) => ({ category: name, products: list }));
}
