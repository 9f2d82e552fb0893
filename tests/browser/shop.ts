import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import { Server } from "./server";

/** What the tests do on the page, in the words of its users. */

export const test = base.extend<{ server: Server }>({
  // Playwright reads the names of what a fixture needs from a pattern: here, none.
  // eslint-disable-next-line no-empty-pattern
  server: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
  },
});

/** Opens the page and waits until it has exchanged with the server. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(sign(page)).toHaveText("All confirmed");
}

/** Opens the page and waits until it could also be opened without a network. */
export async function openOffline(page: Page, url: string): Promise<void> {
  await open(page, url);
  await page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.ready;
    return registration.active?.state === "activated";
  });
}

/** The sign in the header that says how the page stands with the shop. */
export const sign = (page: Page) => page.getByTestId("sync-sign");

export const orderNumber = (page: Page) => page.getByTestId("order-number");

/** Adds a product of the first category by its item number. */
export async function add(page: Page, sku: string, quantity = 1): Promise<void> {
  const row = page.getByRole("listitem").filter({ hasText: sku }).first();
  await row.getByRole("button", { name: /^Add/ }).click();
  if (quantity !== 1) await row.getByRole("textbox").fill(String(quantity));
}

export interface Wishes {
  payment?: string;
  quantity?: number;
}

/** Fills in an order that can be placed. */
export async function fillOrder(page: Page, { payment = "Card", quantity = 2 }: Wishes = {}): Promise<void> {
  await add(page, "85123A", quantity);
  await add(page, "23084");
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Street and number").fill("12 St James's Square");
  await page.getByLabel("Town or city").fill("London");
  await page.getByLabel("Postcode").fill("SW1Y 4JH");
  await page.getByRole("radio", { name: "Standard delivery" }).check();
  await page.getByRole("radio", { name: payment }).check();
}

/** Places what is filled in and gives the number that the page shows. */
export async function place(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(orderNumber(page)).toBeVisible();
  return (await orderNumber(page).textContent()) ?? "";
}

export async function becomeStaff(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Account and display/ }).click();
  await page.getByRole("button", { name: "Staff", exact: true }).click();
  await expect(page.getByRole("link", { name: "Orders", exact: true })).toBeVisible();
}

/** Puts a session in place before the page opens, as if somebody had signed in here. */
export async function useSession(context: BrowserContext, session: object): Promise<void> {
  await context.addInitScript((text) => {
    localStorage.setItem("orderkit.session", text);
  }, JSON.stringify(session));
}

export { expect };
