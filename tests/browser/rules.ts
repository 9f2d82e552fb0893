import type { BrowserContext, Page } from "@playwright/test";
import type { Server } from "./server";
import { expect, open, useSession } from "./shop";

/** What the tests do on the page where administrators edit the rules. */

export type Fields = Record<string, unknown>;

export interface Rules extends Fields {
  version: string;
  promotions: (Fields & { effect: { percent?: string } })[];
  shippingMethods: (Fields & { id: string; priceMinor?: number })[];
  taxClasses: (Fields & { rules: (Fields & { components: Fields[] })[] })[];
  paymentMethods: Fields[];
}

/** What the linter has to say. */
export const findings = (page: Page) => page.getByRole("region", { name: "Check", exact: true });

export async function openSection(
  page: Page,
  context: BrowserContext,
  server: Server,
  section: string,
): Promise<void> {
  await useSession(context, await server.signIn("admin"));
  await open(page, `${server.url}/rules/${section}`);
}

/** Saves what is edited, warnings and all. */
export async function saveAs(page: Page, version: string): Promise<void> {
  await expect(page.getByText("Changes are not saved")).toBeVisible();
  await page.getByRole("button", { name: "Save as a new version" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the version").fill(version);
  const accept = dialog.getByLabel("That is what I mean");
  if (await accept.isVisible()) await accept.check();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
}

export async function save(page: Page, version: string): Promise<void> {
  await saveAs(page, version);
  await expect(page.getByText(`Saved as version ${version}`)).toBeVisible();
}

/** A document of the shop as the server has it. */
export async function fetched(server: Server, path: string): Promise<unknown> {
  const { token } = await server.signIn("admin");
  const headers = { authorization: `Bearer ${token}` };
  return await (await fetch(`${server.url}/v1/main${path}`, { headers })).json();
}

export const rulesOf = async (server: Server): Promise<Rules> => (await fetched(server, "/ruleset")) as Rules;

/** Puts a document in force past the page, as a colleague at another desk. */
export async function put(server: Server, path: string, document: unknown): Promise<void> {
  const { token } = await server.signIn("admin");
  const headers = { authorization: `Bearer ${token}` };
  const body = JSON.stringify(document);
  const response = await fetch(`${server.url}/v1/main${path}`, { method: "PUT", headers, body });
  expect(response.status, await response.text()).toBe(200);
}

export async function saveElsewhere(server: Server, change: (rules: Rules) => void): Promise<void> {
  const rules = await rulesOf(server);
  change(rules);
  await put(server, "/ruleset?acceptWarnings=true", rules);
}
