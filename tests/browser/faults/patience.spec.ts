import type { Page } from "@playwright/test";
import { useSession } from "../shop";
import { openBare, placeBare, stateOf, unsentOf } from "./bare";
import { between, counted, expect, sign, test } from "./fault";

/** Answers that ask for patience or for less at once, and clocks that jump meanwhile. */

const minute = 60_000;
const none = (page: Page) => expect.poll(() => unsentOf(page)).toBe(0);

test("fault 38: of a batch that is too large the one command is found, shown with its reason, and the others go on", async ({
  page,
  context,
  shared,
}) => {
  const session = await shared.signIn("customer");
  await openBare(page, shared.url, session, { starts: false });
  const orders: string[] = [];
  for (let at = 0; at < 5; at += 1) orders.push(await placeBare(page));
  const [large = ""] = orders.splice(2, 1);
  const sizes: number[] = [];
  await between(page, async (route, { commands }) => {
    sizes.push(commands.length);
    const isTooLarge = commands.some(({ order }) => order === large);
    if (isTooLarge) return route.fulfill({ status: 413, contentType: "text/html", body: "too large" });
    return route.continue();
  });
  await useSession(context, session);
  await page.goto(`${shared.url}/orders`);
  const refused = page.getByTestId("refused");
  await expect(refused.getByRole("listitem")).toHaveCount(1);
  await expect(refused).toContainText("too large");
  await expect(sign(page)).toContainText("1 refused");
  await expect.poll(() => counted(shared, orders)).toEqual([1, 1, 1, 1]);
  expect(await counted(shared, [large])).toEqual([0]);
  // Halved down to one, and after that more again.
  expect(sizes.slice(0, 3)).toEqual([5, 3, 2]);
  expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(0);
});

interface Asking {
  name: string;
  status: number;
  retryAfter: (nowMs: number) => string | undefined;
  /** Not before, and not after. */
  fromMs: number;
  toMs: number;
}

const askings: Asking[] = [
  { name: "seconds", status: 503, retryAfter: () => "120", fromMs: 119_000, toMs: 145_000 },
  {
    name: "a date",
    status: 429,
    retryAfter: (nowMs) => new Date(nowMs + 5 * minute).toUTCString(),
    fromMs: 4.9 * minute,
    toMs: 6.1 * minute,
  },
  { name: "ages", status: 503, retryAfter: () => "99999999999", fromMs: 14.9 * minute, toMs: 18.1 * minute },
  { name: "the past", status: 429, retryAfter: () => "-5", fromMs: 0, toMs: 1_000 },
  { name: "nonsense", status: 503, retryAfter: () => "soon", fromMs: 400, toMs: 1_100 },
  { name: "nothing", status: 503, retryAfter: () => undefined, fromMs: 400, toMs: 1_100 },
];

for (const { name, status, retryAfter, fromMs, toMs } of askings) {
  test(`fault 39: ${status} that asks for ${name} is waited for, with a limit`, async ({ page, shared }) => {
    await page.clock.install();
    await openBare(page, shared.url, await shared.signIn("customer"), {
      starts: false,
      retryMs: { first: 1_000, longest: minute },
    });
    const id = await placeBare(page);
    let refusals = 0;
    await between(page, async (route) => {
      if (refusals === 1) return route.continue();
      refusals += 1;
      const nowMs = await page.evaluate(() => Date.now());
      const header = retryAfter(nowMs);
      return route.fulfill({
        status,
        ...(header === undefined ? {} : { headers: { "retry-after": header } }),
      });
    });
    await page.clock.pauseAt(Date.now() + minute);
    await page.evaluate(() => {
      window.bare.sync.start();
    });
    await expect.poll(async () => (await stateOf(page)).status).toBe("waiting");
    if (fromMs > 0) await page.clock.runFor(fromMs);
    expect(await unsentOf(page)).toBe(1);
    if (fromMs > 0) expect((await stateOf(page)).status).toBe("waiting");
    await page.clock.runFor(toMs - fromMs);
    await none(page);
    expect(await counted(shared, [id])).toEqual([1]);
  });
}

const day = 24 * 60 * minute;

test("fault 37: clocks that jump change neither the order of commands nor the waits", async ({
  page,
  shared,
}) => {
  await openBare(page, shared.url, await shared.signIn("customer"), {
    retryMs: { first: 200, longest: 800 },
  });
  await expect.poll(async () => (await stateOf(page)).status).toBe("idle");
  const nowMs = Date.now();
  const sent: number[] = [];
  let refusals = 0;
  await between(page, async (route, { commands }) => {
    // Each command is refused once, and the clock goes back a day while it is on its way.
    if (commands.some(({ n }) => !sent.includes(n))) {
      sent.push(...commands.map(({ n }) => n));
      refusals += 1;
      await page.clock.setSystemTime(nowMs - refusals * day);
      return route.fulfill({ status: 503 });
    }
    return route.continue();
  });
  const orders: string[] = [];
  for (const jump of [day, -day, 3_652 * day, -3_652 * day]) {
    await page.clock.setSystemTime(nowMs + jump);
    orders.push(await placeBare(page));
    await expect.poll(() => unsentOf(page), { timeout: 4_000 }).toBe(0);
  }
  expect(refusals).toBe(4);
  expect(sent).toEqual([...sent].sort((one, other) => one - other));
  expect(await counted(shared, orders)).toEqual([1, 1, 1, 1]);
  const refused = await page.evaluate(() => window.bare.store.standing().refused);
  expect(refused).toBe(0);
});
