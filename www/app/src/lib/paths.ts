import type { Issue } from "orderkit";

/**
 * Which field of the form an issue belongs to. The rules name a JSON Pointer into the draft; a field
 * carries the pointer of what it edits, so the two only have to be brought together.
 */

/** Fields of the form, in its order. Line and coupon fields follow from the draft. */
export const detailFields = [
  "/details/customer/name",
  "/details/customer/email",
  "/details/customer/phone",
  "/details/shippingAddress/country",
  "/details/shippingAddress/name",
  "/details/shippingAddress/street/0",
  "/details/shippingAddress/street/1",
  "/details/shippingAddress/city",
  "/details/shippingAddress/region",
  "/details/shippingAddress/postcode",
  "/details/shippingMethod",
  "/details/paymentMethod",
  "/details/spendPoints",
  "/details/note",
] as const;

/** The id of the element that edits a path: `/lines/0/quantity` is `field-lines-0-quantity`. */
export function fieldId(path: string): string {
  return `field${path.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
}

/** The pointer into the draft, also for issues that came back from the server about a command. */
export function draftPath(path: string): string {
  return path.replace(/^\/args\/draft(?=\/|$)/, "");
}

/** The path of the field that shows an issue, or "" if only the foot of the form can. */
export function fieldOf(issue: Issue): string {
  const path = draftPath(issue.path);
  if (/^\/details\/couponCodes(\/|$)/.test(path)) return "/details/couponCodes";
  const line = /^\/lines\/(\d+)(\/|$)/.exec(path);
  if (line) return `/lines/${line[1] ?? ""}/quantity`;
  if (path === "/lines") return "/lines";
  const fields: readonly string[] = detailFields;
  if (fields.includes(path)) return path;
  // A street line that the form does not show separately is part of the second one.
  if (path.startsWith("/details/shippingAddress/street")) return "/details/shippingAddress/street/1";
  return "";
}

/** The first issue of each field. */
export function byField(issues: Issue[]): Map<string, Issue> {
  const found = new Map<string, Issue>();
  for (const issue of issues) {
    const field = fieldOf(issue);
    if (!found.has(field)) found.set(field, issue);
  }
  return found;
}
