import type { Ruleset } from "orderkit";
import { m } from "../generated/paraglide/messages.js";
import { local } from "../lib/format";
import { partsOf, valueAt } from "../lib/pointer";
import type { Language, LocalText } from "orderkit";

/** The parts of the page, and which parts of the document each is about. */

export const sections = [
  "promotions",
  "lists",
  "shipping",
  "tax",
  "payment",
  "inventory",
  "workflow",
  "signals",
  "numbering",
  "json",
  "versions",
] as const;
export type SectionName = (typeof sections)[number];

/** Those that hold no part of the document of the rules, or all of it. */
const whole: readonly SectionName[] = ["signals", "json", "versions"];

/** Whether a section shows its part of the document as JSON too. */
export const hasJson = (section: SectionName): boolean => !whole.includes(section);

export const sectionNames: Record<SectionName, () => string> = {
  promotions: m.rules_section_promotions,
  lists: m.rules_section_lists,
  shipping: m.rules_section_shipping,
  tax: m.rules_section_tax,
  payment: m.rules_section_payment,
  inventory: m.rules_section_inventory,
  workflow: m.rules_section_workflow,
  signals: m.rules_section_signals,
  numbering: m.rules_section_numbering,
  json: m.rules_section_json,
  versions: m.rules_section_versions,
};

const owned: [SectionName, RegExp][] = [
  ["promotions", /^(?:promotions|stacking)$/],
  ["lists", /^priceLists$/],
  ["shipping", /^(?:shipping|carrier|packag|zone)/],
  ["tax", /^(?:tax|rounding|priceBasis)/],
  ["payment", /^(?:payment|points)/],
  ["inventory", /^inventory$/],
  ["workflow", /^workflow$/],
  ["numbering", /^numbering/],
];

/** The section where something at a path can be edited. */
export function sectionOf(path: string): SectionName {
  const [name = ""] = partsOf(path);
  return owned.find(([, pattern]) => pattern.test(name))?.[0] ?? "json";
}

/** The fields of the document that a section shows as JSON; all of them for the last. */
export function fieldsOf(section: SectionName, ruleset: Ruleset): [string, unknown][] {
  const entries = Object.entries(ruleset);
  const pattern = owned.find(([name]) => name === section)?.[1];
  return pattern ? entries.filter(([name]) => pattern.test(name)) : entries;
}

/** Whether a field may be put into a section's JSON. */
export function isOwned(section: SectionName, name: string): boolean {
  return section === "json" || sectionOf(`/${name}`) === section;
}

/** Where something is, for people: the section, and the name of the entry. */
export function placeName(path: string, ruleset: Ruleset, language: Language): string {
  const parts = partsOf(path);
  const [list, at] = parts;
  const section = path === "" ? m.rules_section_whole() : sectionNames[sectionOf(path)]();
  if (list === undefined || at === undefined) return list === undefined ? section : `${section} · ${list}`;
  const entry = valueAt(ruleset, `/${list}/${at}`) as { id?: string; name?: LocalText } | undefined;
  const name = local(entry?.name, language) || (entry?.id ?? "");
  const rest = parts.slice(name ? 2 : 1).join("/");
  return [section, name, rest].filter((part) => part !== "").join(" · ");
}
