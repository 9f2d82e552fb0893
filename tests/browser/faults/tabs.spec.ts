import type { Page } from "@playwright/test";
import { Server } from "../server";
import { open } from "../shop";
import { openBare, placeBare, stateOf, unsentOf } from "./bare";
import { between, counted, expect, sign, test } from "./fault";

/** Several pages on one copy: who sends, and who goes on when that one is gone. */

const none = (page: Page) => expect.poll(() => unsentOf(page)).toBe(0);
const leads = async (page: Page) => (await stateOf(page)).leader;

/** Gives a page no time from its next statement on, as the browser does with pages that nobody has looked at for long. */
async function freeze(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Debugger.enable");
  await session.send("Debugger.pause");
  return async () => {
    await session.send("Debugger.resume");
    await session.detach();
  };
}

test("fault 09: two tabs that place at once count without a gap, and each order is sent once", async ({
  page,
  context,
  shared,
}) => {
  const session = await shared.signIn("customer");
  const second = await context.newPage();
  const tabs = [page, second];
  for (const tab of tabs) await openBare(tab, shared.url, session);
  const counters = new Map<string, Set<number>>();
  await between(context, async (route, { commands }) => {
    for (const { id, n } of commands) counters.set(id, (counters.get(id) ?? new Set()).add(n));
    await route.continue();
  });
  const each = 8;
  const placed = await Promise.all(
    Array.from({ length: 2 * each }, (_, at) => placeBare(at % 2 === 0 ? page : second)),
  );
  for (const tab of tabs) await none(tab);
  const used = [...counters.values()].flatMap((it) => [...it]).sort((one, other) => one - other);
  expect(used).toEqual(Array.from({ length: 2 * each }, (_, at) => at + 1));
  expect(await counted(shared, placed)).toEqual(placed.map(() => 1));
});

test("fault 10: when the tab that sends is closed or crashes, another one goes on", async ({
  page,
  context,
  shared,
}) => {
  const session = await shared.signIn("customer");
  const tabs = [page, await context.newPage(), await context.newPage()] as const;
  for (const tab of tabs) await openBare(tab, shared.url, session);
  const [first, second, third] = tabs;
  await expect.poll(() => leads(first)).toBe(true);
  let arrivedBySecond = 0;
  // What these two send arrives, and they never hear of it.
  await between(first, async (route) => {
    await route.fetch();
  });
  await between(second, async (route) => {
    arrivedBySecond += (await route.fetch()).status() === 200 ? 1 : 0;
  });
  const id = await placeBare(third);
  await expect.poll(() => counted(shared, [id])).toEqual([1]);
  expect(await unsentOf(third)).toBe(1);

  await first.close();
  await expect.poll(() => arrivedBySecond).toBe(1);
  expect(await unsentOf(third)).toBe(1);
  const crashed = second.waitForEvent("crash");
  await second.goto("chrome://crash").catch(() => undefined);
  await crashed;

  await none(third);
  expect(await leads(third)).toBe(true);
  expect(await counted(shared, [id])).toEqual([1]);
});

test("fault 11: two tabs that send at once do no harm", async ({ page, context, shared }) => {
  const session = await shared.signIn("customer");
  const second = await context.newPage();
  // The first one says only once that it is alive, and is taken for frozen.
  await openBare(page, shared.url, session, { lead: { beatMs: 1_000_000, silenceMs: 1_000_000 } });
  await expect.poll(() => leads(page)).toBe(true);
  const held: (() => void)[] = [];
  const sent: string[] = [];
  await between(page, async (route, { commands }) => {
    sent.push(...commands.map(({ id }) => `first ${id}`));
    if (commands.length > 0) await new Promise<void>((resolve) => held.push(resolve));
    await route.continue().catch(() => undefined);
  });
  await openBare(second, shared.url, session, { lead: { beatMs: 100, silenceMs: 400 } });
  await between(second, async (route, { commands }) => {
    sent.push(...commands.map(({ id }) => `second ${id}`));
    await route.continue();
  });
  const orders = [await placeBare(page), await placeBare(second)];
  await expect.poll(() => held.length).toBeGreaterThan(0);
  // The second one takes the turn away and sends the same.
  await expect.poll(() => leads(second), { timeout: 5_000 }).toBe(true);
  await none(second);
  for (const release of held) release();
  await none(page);
  expect(await leads(page)).toBe(false);
  const ids = (by: string) => sent.filter((it) => it.startsWith(by)).map((it) => it.split(" ")[1]);
  expect(ids("second")).toEqual(expect.arrayContaining(ids("first").slice(0, 1)));
  expect(await counted(shared, orders)).toEqual([1, 1]);
  orders.push(await placeBare(page));
  await none(page);
  expect(await counted(shared, orders)).toEqual([1, 1, 1]);
});

test("fault 11: a frozen tab loses its turn to one that is looked at, and waits when it wakes", async ({
  page,
  context,
  shared,
}) => {
  const session = await shared.signIn("customer");
  const lead = { beatMs: 100, silenceMs: 400 };
  await openBare(page, shared.url, session, { lead });
  await expect.poll(() => leads(page)).toBe(true);
  const second = await context.newPage();
  await openBare(second, shared.url, session, { lead });
  const wake = await freeze(page);
  const id = await placeBare(second);
  await expect.poll(() => leads(second), { timeout: 5_000 }).toBe(true);
  await none(second);
  await wake();
  await expect.poll(() => leads(page)).toBe(false);
  await none(page);
  expect(await counted(shared, [id])).toEqual([1]);
});

test("fault 12: a tab that was frozen for longer than its token lasts catches up", async ({
  page,
  browser,
}) => {
  const server = await Server.start({ args: ["--token-seconds", "2"] });
  try {
    await open(page, `${server.url}/orders`);
    const user = await page.evaluate(() => localStorage.getItem("orderkit.session") ?? "{}");
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const wake = await freeze(page);
    const other = await browser.newContext();
    const elsewhere = await other.newPage();
    await openBare(elsewhere, server.url, await renewedSession(server, user));
    requests.length = 0;
    const id = await placeBare(elsewhere);
    await none(elsewhere);
    await elsewhere.waitForTimeout(2_200);
    expect(requests).toEqual([]);
    await wake();
    await expect(page.locator(`a[href="/orders/${id}"]`)).toBeVisible({ timeout: 40_000 });
    await expect(sign(page)).toHaveText("All confirmed");
    await other.close();
  } finally {
    await server.stop();
  }
});

/** The same user on another device, with a token of the operator's. */
async function renewedSession(server: Server, kept: string) {
  const session = JSON.parse(kept) as { tenant: string; user: string; role: "customer"; expiresMs: number };
  const token = await server.token(session.tenant, session.user, session.role);
  return { ...session, token };
}
