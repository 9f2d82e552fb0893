import type { Page } from "@playwright/test";
import { Desk } from "../life";
import { longTasks, seed, watchTasks } from "./backlog";
import { openBare, unsentOf } from "./bare";
import { Server, type SessionAnswer } from "../server";
import { between, expect, test } from "./fault";

/** Much at once: what was done in two weeks without a network goes up, and comes down on another device. */

/** Commands of two weeks: twenty thousand in `make faults`, fewer in each test run, which shows the same. */
const BACKLOG = Number(process.env["ORDERKIT_BACKLOG"] ?? 2_000);
/** Whatever else a machine does: what works on the whole backlog at once takes longer. The goal, which is printed, is 50 ms. */
const LONGEST_TASK_MS = 2_000;

test.describe.configure({ mode: "serial", timeout: 480_000 });

let server: Server;
let session: SessionAnswer;

test.beforeAll(async () => {
  server = await Server.start({ args: ["--sync-rate", "off"] });
  session = await server.signIn("customer");
  // More orders than a day usually has numbers for.
  await (await Desk.of(server)).numbering({ pattern: "{date:yyMMdd}-{device:2}{seq:6}{check}" });
});
test.afterAll(() => server.stop());

const standing = (page: Page) => page.evaluate(() => window.bare.store.standing());

test("fault 43: a long backlog drains while the page stays alive", async ({ page }) => {
  await watchTasks(page);
  await openBare(page, server.url, session, { starts: false });
  const { imported } = await seed(page, BACKLOG);
  expect(imported).toBe(BACKLOG);
  // As after two weeks: the page is opened, and there is a network.
  await openBare(page, server.url, session, { starts: false });
  await longTasks(page);
  const began = Date.now();
  await page.evaluate(() => {
    window.bare.sync.start();
  });
  await expect.poll(() => unsentOf(page), { timeout: 400_000, intervals: [2_000] }).toBe(0);
  const tookMs = Date.now() - began;
  const tasks = await longTasks(page);
  console.log(`drained ${BACKLOG} in ${tookMs} ms; long tasks: ${tasks.join(" ") || "none"}`);
  expect(await standing(page)).toMatchObject({ orders: BACKLOG, refused: 0 });
  expect(Math.max(0, ...tasks)).toBeLessThan(LONGEST_TASK_MS);
});

test("fault 44: a long answer whose pages are cut goes on where it was", async ({ page }) => {
  const pages: number[] = [];
  let isCut = false;
  await openBare(page, server.url, session, { starts: false });
  await between(page, async (route, { since }) => {
    const seq = since?.seq ?? 0;
    // Each page is lost once on its way.
    isCut = !isCut;
    if (isCut) {
      await route.fetch();
      return route.abort("connectionreset");
    }
    pages.push(seq);
    return route.continue();
  });
  await page.evaluate(() => {
    window.bare.sync.start();
  });
  await expect.poll(async () => (await standing(page)).orders, { timeout: 200_000 }).toBe(BACKLOG);
  // Each page begins behind the one before: nothing is fetched twice. Whoever has all may ask for news again.
  const fetched = pages.filter((seq) => seq < BACKLOG);
  expect(fetched).toEqual([...new Set(fetched)].sort((one, other) => one - other));
  expect(pages.length).toBeGreaterThanOrEqual(BACKLOG / 1_000);
  expect(await unsentOf(page)).toBe(0);
});
