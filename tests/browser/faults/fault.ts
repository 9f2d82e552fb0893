import type { BrowserContext, Page, Route } from "@playwright/test";
import { Server, type OrderSummary } from "../server";
import { expect, fillOrder, open, place, sign, test as base } from "../shop";

/** What tests of faults begin with: one server for all of a worker, on which each test has a user of its own. */

export const test = base.extend<object, { shared: Server }>({
  shared: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

const SYNC = "**/v1/main/sync";

/** What a request for an exchange brought up. */
export interface Asked {
  client: string;
  since?: { seq: number };
  commands: { n: number; id: string; order: string; kind: string }[];
}

export const askedOf = (route: Route) => route.request().postDataJSON() as Asked;

/** Stands between page and server at each exchange; the requests of other pages too if it is given their context. */
export async function between(
  page: Page | BrowserContext,
  handle: (route: Route, asked: Asked) => Promise<void>,
): Promise<() => Promise<void>> {
  const stand = (route: Route) => handle(route, askedOf(route));
  await page.route(SYNC, stand);
  return () => page.unroute(SYNC, stand);
}

/** Opens the page and waits until it has met the server: from then on numbers are final. */
export async function meet(page: Page, url: string): Promise<void> {
  const answered = page.waitForResponse((answer) => answer.url().endsWith("/sync") && answer.ok());
  await open(page, url);
  await answered;
}

/** The usual order is filled in and placed; gives its number. */
export async function order(page: Page, url: string): Promise<string> {
  await page.goto(url);
  await fillOrder(page);
  return place(page);
}

/** All that was placed has arrived, each once. */
export async function arrived(page: Page, server: Server, numbers: string[]): Promise<void> {
  await expect(sign(page)).toHaveText("All confirmed", { timeout: 30_000 });
  await expect.poll(() => counted(server, numbers), { timeout: 20_000 }).toEqual(numbers.map(() => 1));
}

/** How often the server has each of these orders, by number or id. */
export async function counted(server: Server, wanted: string[]): Promise<number[]> {
  const { token } = await server.signIn("staff");
  const response = await fetch(`${server.url}/v1/main/orders?limit=500`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { orders } = (await response.json()) as { orders: OrderSummary[] };
  return wanted.map((it) => orders.filter(({ id, number }) => id === it || number === it).length);
}

export { expect, fillOrder, place, sign };
