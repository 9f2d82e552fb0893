import type { Browser, BrowserContext, Page } from "@playwright/test";
import { Desk, type Workflow } from "./life";
import type { Server, SessionAnswer } from "./server";
import { expect, open, orderNumber, useSession } from "./shop";

/** What the tests do on the page of an order. */

/** What can be done with the order, by its name. */
export const action = (page: Page, name: string) =>
  page.getByRole("region", { name: "What can be done" }).getByRole("button", { name, exact: true });
export const dialog = (page: Page) => page.getByRole("dialog");
export const dialogButton = (page: Page, name: string) =>
  dialog(page).getByRole("button", { name, exact: true });

/** An order, and its page as somebody of the shop sees it, in a shop that works like this. */
export async function onDesk(
  page: Page,
  context: BrowserContext,
  server: Server,
  workflow: Workflow = {},
  payment = "card",
): Promise<{ desk: Desk; id: string }> {
  const desk = await Desk.of(server);
  await desk.work(workflow);
  const id = await desk.place(payment);
  await useSession(context, desk.staff);
  await open(page, `${server.url}/orders/${id}`);
  await expect(orderNumber(page)).toBeVisible();
  return { desk, id };
}

/** A page of somebody else, in a browser of their own. */
export async function pageOf(browser: Browser, who: SessionAnswer, url: string): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB" });
  await useSession(context, who);
  const page = await context.newPage();
  await open(page, url);
  return page;
}

/** One of two White is left: the line and the sums say what was and what is. */
export async function showsOneOfTwo(page: Page, totalMinor: number): Promise<void> {
  const goods = page.getByRole("region", { name: "Goods", exact: true });
  const line = goods.getByRole("listitem").filter({ hasText: "White" });
  await expect(line.locator("s")).toHaveText(["2", "£5.90"]);
  await expect(line).toContainText(/1\s*× £2\.95/);
  await expect(line.locator(".amount")).toContainText(/£2\.95$/);
  const sums = goods.locator("dl");
  await expect(sums).toContainText(/As ordered\s*£\d+\.\d\d/);
  await expect(sums).toContainText(/Order changed\s*−£2\.51/);
  await expect(sums).toContainText(new RegExp(`Total now\\s*£${(totalMinor / 100).toFixed(2)}`));
  await expect(sums).toContainText(/Tax included\s*£\d/);
}
