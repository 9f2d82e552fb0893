import { message, type Issue } from "orderkit";
import { country, local } from "../lib/format";
import { boot } from "./boot.svelte";
import { preferences } from "./preferences.svelte";

/** The sentence of an issue, with the names that the reader sees on the page in place of ids. */
export function say(issue: Issue): string {
  const language = preferences.language;
  return message({ ...issue, args: named(issue.args) }, language);
}

/** Several reasons, one after the other. */
export function sayAll(issues: readonly Issue[]): string {
  return issues.map(say).join(preferences.language === "zh" ? "" : " ");
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
