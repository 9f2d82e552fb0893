import { message, type Issue } from "orderkit";
import { country, local, money } from "../lib/format";
import { boot } from "./boot.svelte";
import { preferences } from "./preferences.svelte";

/** The sentence of an issue, with names and amounts as the reader sees them elsewhere on the page. */
export function say(issue: Issue): string {
  const language = preferences.language;
  return message({ ...issue, args: priced(named(issue.args)) }, language);
}

/** Several reasons, one after the other. */
export function sayAll(issues: readonly Issue[]): string {
  return issues.map(say).join(preferences.language === "zh" ? "" : " ");
}

/** Amounts whose currency is known, written as on the page. */
function priced(args: Issue["args"]): Issue["args"] {
  const { currency } = args;
  if (typeof currency !== "string") return args;
  const shown = Object.entries(args).map(([key, value]) =>
    key.endsWith("Minor") && typeof value === "number"
      ? [key, money(value, currency, preferences.language)]
      : [key, value],
  );
  return Object.fromEntries(shown) as Issue["args"];
}

function named(args: Issue["args"]): Issue["args"] {
  const language = preferences.language;
  if (boot.phase.name !== "ready") return args;
  const { shippingMethods = [], paymentMethods = [] } = boot.phase.shop.ruleset;
  const methods = new Map(
    [...shippingMethods, ...paymentMethods].map(({ id, name }) => [id, local(name, language)]),
  );
  const nameOf = (id: string) => methods.get(id) ?? id;
  const shown = { ...args };
  const { method, possible, country: code } = args;
  if (typeof method === "string") shown["method"] = nameOf(method);
  if (typeof possible === "string") shown["possible"] = possible.split(", ").map(nameOf).join(", ");
  if (typeof code === "string") shown["country"] = country(code, language);
  return shown;
}
