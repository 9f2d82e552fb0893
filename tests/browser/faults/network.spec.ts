import type { Page } from "@playwright/test";
import { openOffline, orderNumber } from "../shop";
import { openBare, placeBare, stateOf, unsentOf } from "./bare";
import { arrived, between, counted, expect, meet, order, sign, test, type Asked } from "./fault";
import { Proxy } from "./proxy";

/** The network between page and server: gone, cut in the middle, or in the hands of something else. */

const none = (page: Page) => expect.poll(() => unsentOf(page)).toBe(0);

test("fault 01: without a network the outbox grows over a reload, and the page says so", async ({
  page,
  context,
  shared,
}) => {
  await openOffline(page, shared.url);
  // The page and its service worker both have no network.
  await context.setOffline(true);
  const numbers = [await order(page, shared.url)];
  await expect(sign(page)).toContainText("Offline, 1 unsent");
  await page.getByRole("link", { name: "My orders" }).click();
  await page.reload();
  await expect(page.getByRole("listitem").filter({ hasText: numbers[0] })).toContainText("Not sent yet");
  expect(await counted(shared, numbers)).toEqual([0]);
  await context.setOffline(false);
  await arrived(page, shared, numbers);
});

test("fault 02: a request that is cut in its middle is sent again and has one effect", async ({
  page,
  shared,
}) => {
  const proxy = await Proxy.start(shared.port);
  try {
    await openBare(page, proxy.url, await shared.signIn("customer"));
    await expect.poll(async () => (await stateOf(page)).status).toBe("idle");
    proxy.cut = { request: "POST /v1/main/sync", afterBytes: 900 };
    const id = await placeBare(page);
    await expect.poll(() => proxy.cuts).toBeGreaterThan(1);
    expect(await unsentOf(page)).toBe(1);
    expect(await counted(shared, [id])).toEqual([0]);
    proxy.cut = undefined;
    await none(page);
    expect(await counted(shared, [id])).toEqual([1]);
  } finally {
    await proxy.stop();
  }
});

test("fault 03: an answer that is lost after the commit is given again, and the order is there once", async ({
  page,
  shared,
}) => {
  await openBare(page, shared.url, await shared.signIn("customer"), { starts: false });
  const id = await placeBare(page);
  const sent: Asked[] = [];
  await between(page, async (route, asked) => {
    sent.push(asked);
    const answer = await route.fetch();
    if (sent.length > 2) return route.fulfill({ response: answer });
    expect(answer.status()).toBe(200);
    // The shop has it, and the page does not know.
    expect(await unsentOf(page)).toBe(1);
    return route.abort("connectionreset");
  });
  await page.evaluate(() => {
    window.bare.sync.start();
  });
  await none(page);
  await page.evaluate(() => {
    window.bare.sync.stop();
  });
  const places = sent.slice(0, 3).map(({ commands }) => commands);
  expect(places[0]).toHaveLength(1);
  expect(places).toEqual([places[0], places[0], places[0]]);
  expect(await counted(shared, [id])).toEqual([1]);
});

test("fault 16: an edit while the first push is on its way stays", async ({ page, shared }) => {
  await openBare(page, shared.url, await shared.signIn("staff"), { starts: false });
  const id = await placeBare(page);
  let release: () => void = () => undefined;
  const edited = new Promise<void>((resolve) => (release = resolve));
  let requests = 0;
  await between(page, async (route) => {
    requests += 1;
    const answer = await route.fetch();
    if (requests === 1) await edited;
    await route.fulfill({ response: answer });
  });
  await page.evaluate(() => {
    window.bare.sync.start();
  });
  await expect.poll(() => counted(shared, [id])).toEqual([1]);
  expect(await unsentOf(page)).toBe(1);
  const edit = await page.evaluate(async (order) => {
    const changes = [{ setQuantity: { line: "1", quantity: "1" } }, { setNote: { note: "Ring twice" } }];
    return window.bare.store.submit("amend@1", order, {
      id: "first",
      changes,
      consent: { by: "Ada Lovelace", how: "telephone" },
    });
  }, id);
  expect(edit, JSON.stringify(edit)).toMatchObject({ ok: true });
  release();
  await none(page);
  const seen = await page.evaluate((it) => window.bare.store.order(it), id);
  expect(seen?.pending).toEqual([]);
  expect(JSON.stringify(seen?.order)).toContain("Ring twice");
  expect(seen?.order.lines[0]).toMatchObject({ ordered: "2", canceled: "1" });
  const { token } = await shared.signIn("staff");
  const headers = { authorization: `Bearer ${token}` };
  const there = await (await fetch(`${shared.url}/v1/main/orders/${id}`, { headers })).text();
  expect(there).toContain("Ring twice");
});

const strangers: [string, { status: number; contentType: string; body: string }][] = [
  ["a proxy's page", { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }],
  [
    "half an answer",
    { status: 200, contentType: "application/json", body: '{"v":1,"epoch":"a","processed":1,"res' },
  ],
  ["a portal", { status: 200, contentType: "text/html", body: "<h1>Free wifi: sign in</h1>" }],
  ["an empty list", { status: 200, contentType: "application/json", body: "[]" }],
  ["nothing", { status: 200, contentType: "application/json", body: "" }],
  ["another's refusal", { status: 403, contentType: "text/html", body: "<h1>Blocked</h1>" }],
  ["no content", { status: 204, contentType: "application/json", body: "" }],
];

test("fault 40: what is no answer of the server never counts as one", async ({ page, shared }) => {
  await openBare(page, shared.url, await shared.signIn("customer"), { starts: false });
  const id = await placeBare(page);
  let stranger = strangers[0]?.[1];
  let answered = 0;
  const unroute = await between(page, async (route) => {
    answered += 1;
    await route.fulfill(stranger);
  });
  await page.evaluate(() => {
    window.bare.sync.start();
  });
  for (const [name, answer] of strangers) {
    stranger = answer;
    const before = answered;
    await expect.poll(() => answered, { message: name }).toBeGreaterThan(before + 1);
    expect(await unsentOf(page), name).toBe(1);
    expect((await stateOf(page)).status, name).toMatch(/^(syncing|offline|waiting)$/);
  }
  await unroute();
  await none(page);
  expect(await counted(shared, [id])).toEqual([1]);
});

test("fault 40: behind a portal the page says that nothing was sent", async ({ page, shared }) => {
  await meet(page, shared.url);
  await between(page, (route) =>
    route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Free wifi: sign in</h1>" }),
  );
  const number = await order(page, shared.url);
  await expect(sign(page)).toContainText("Offline, 1 unsent");
  await expect(page.getByText("Saved on this device")).toBeVisible();
  await sign(page).click();
  await expect(page.getByText("Perhaps this network wants you to sign in first")).toBeVisible();
  await page.unroute("**/v1/main/sync");
  await arrived(page, shared, [number]);
  await expect(orderNumber(page)).toHaveText(number);
});

test("fault 46: a line of news that is dead but open is made up for by asking", async ({ page, shared }) => {
  const proxy = await Proxy.start(shared.port);
  const session = await shared.signIn("customer");
  try {
    proxy.deaf = "GET /v1/main/events";
    await openBare(page, proxy.url, session, { eventSource: true, pollMs: 400 });
    await expect.poll(() => proxy.held).toBe(1);
    await expect.poll(async () => (await stateOf(page)).status).toBe("idle");
    const other = await page.context().newPage();
    await openBare(other, shared.url, session);
    const id = await placeBare(other);
    await none(other);
    const seen = () => page.evaluate((it) => window.bare.store.order(it)?.order.number, id);
    await expect.poll(seen, { timeout: 3_000 }).toBeDefined();
    // The line was open all the time, and said nothing.
    expect(proxy.held).toBe(1);
  } finally {
    await proxy.stop();
  }
});
