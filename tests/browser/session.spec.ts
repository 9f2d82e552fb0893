import type { Page, Request } from "@playwright/test";
import { Server } from "./server";
import { becomeStaff, expect, fillOrder, openOffline, place, sign, test as base } from "./shop";

/** Tokens that end while the page is open, and users who follow each other in one browser. */

const test = base.extend<{ brief: Server }>({
  // eslint-disable-next-line no-empty-pattern
  brief: async ({}, use) => {
    const server = await Server.start({ args: ["--token-seconds", "2"] });
    await use(server);
    await server.stop();
  },
});

/** The refresh tokens of a page that the server has seen. What did not reach it may be sent again. */
function refreshesOf(page: Page): string[] {
  const sent: string[] = [];
  page.on("requestfinished", (request: Request) => {
    if (request.url().endsWith("/v1/session/refresh")) sent.push(request.postData() ?? "");
  });
  return sent;
}

const stored = (page: Page) =>
  page.evaluate(
    () => JSON.parse(localStorage.getItem("orderkit.session") ?? "{}") as { user: string; token: string },
  );

test("fault_35: a token that ended is replaced once by all pages, and what was not sent is sent", async ({
  page,
  context,
  brief,
}) => {
  await openOffline(page, brief.url);
  const { user } = await stored(page);
  const second = await context.newPage();
  const refreshes = [refreshesOf(page), refreshesOf(second)];
  await second.goto(`${brief.url}/orders`);
  await context.setOffline(true);
  await fillOrder(page);
  const number = await place(page);
  await expect(sign(page)).toHaveText("Offline, 1 unsent");
  // Longer than the token lasts.
  await page.waitForTimeout(2_500);
  await context.setOffline(false);
  await expect(sign(page)).toHaveText("All confirmed");
  await second.reload();
  await expect(sign(second)).toHaveText("All confirmed");

  const sent = refreshes.flat();
  expect(sent.length).toBeGreaterThan(0);
  expect(new Set(sent).size).toBe(sent.length);
  expect((await stored(page)).user).toBe(user);
  expect((await brief.orders()).map((order) => order.number)).toEqual([number]);
});

test("fault_35: who follows in the same browser sees nothing of the one before, whose orders stay unsent", async ({
  page,
  server,
}) => {
  await openOffline(page, server.url);
  const customer = await stored(page);
  await page.route("**/v1/main/sync", (route) => route.abort());
  await fillOrder(page);
  const number = await place(page);
  await expect(sign(page)).toContainText("1 unsent");

  await page.unroute("**/v1/main/sync");
  await page.route("**/v1/main/sync", async (route) => {
    const isCustomer =
      (await route.request().headerValue("authorization"))?.includes(customer.token) ?? false;
    await (isCustomer ? route.abort() : route.continue());
  });
  await becomeStaff(page);
  await expect(sign(page)).toHaveText("All confirmed");
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText(number)).toHaveCount(0);
  await expect(page.getByText("Ada Lovelace")).toHaveCount(0);
  expect(await server.orders()).toHaveLength(0);
  const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(databases.filter((name) => name?.includes(customer.user))).toHaveLength(1);
  expect(databases.filter((name) => name?.includes("staff"))).toHaveLength(1);

  await page.unroute("**/v1/main/sync");
  await page.getByRole("button", { name: /Account and display/ }).click();
  await page.getByRole("button", { name: "Customer", exact: true }).click();
  // The one before has confirmed everything too.
  await expect.poll(async () => (await stored(page)).user).toBe(customer.user);
  await expect(sign(page)).toHaveText("All confirmed");
  expect((await server.orders()).map((order) => order.number)).toEqual([number]);
});

test("a sign-in that was ended elsewhere says so, and keeps what was not sent", async ({ page, server }) => {
  await openOffline(page, server.url);
  const { token } = await stored(page);
  const out = await page.request.delete(`${server.url}/v1/session`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(out.status()).toBe(200);
  await fillOrder(page);
  await place(page);
  await expect(sign(page)).toHaveText("1 unsent");
  await sign(page).click();
  await expect(page.getByText("Please sign in.")).toBeVisible();
  expect(await server.orders()).toHaveLength(0);
});

test("who signs out is signed out on the server too", async ({ page, server }) => {
  await openOffline(page, server.url);
  const { token } = await stored(page);
  const gone = page.waitForResponse((it) => it.request().method() === "DELETE");
  await page.getByRole("button", { name: /Account and display/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  expect((await gone).status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const holder = await page.request.get(`${server.url}/v1/session`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(holder.status()).toBe(401);
});
