import type { Page } from "@playwright/test";
import { orderNumber, useSession } from "../shop";
import { openBare, placeBare, stateOf, unsentOf } from "./bare";
import { arrived, between, counted, expect, fillOrder, meet, order, place, sign, test } from "./fault";

/** The browser's storage: full, cleared, lost, blocked, or of another version. */

test.use({ serviceWorkers: "block" });

const none = (page: Page) => expect.poll(() => unsentOf(page)).toBe(0);

/** Bytes that the origin may take, before a test fills them. */
const QUOTA_BYTES = 3_000_000;

/** Leaves the origin little room. It counts from when the page first writes. */
async function limit(page: Page, url: string): Promise<(bytes?: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(url);
  const set = async (quotaSize?: number) => {
    await session.send("Storage.overrideQuotaForOrigin", {
      origin,
      ...(quotaSize === undefined ? {} : { quotaSize }),
    });
  };
  await set(QUOTA_BYTES);
  return set;
}

/** Fills what room there is with other data. */
const fill = (page: Page) =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open("other", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("bytes", { autoIncrement: true });
      opening.onsuccess = () => {
        resolve(opening.result);
      };
    });
    const add = (size: number) =>
      new Promise<boolean>((resolve) => {
        const transaction = database.transaction("bytes", "readwrite");
        transaction.objectStore("bytes").add(new Uint8Array(size));
        transaction.oncomplete = () => {
          resolve(true);
        };
        transaction.onabort = () => {
          resolve(false);
        };
      });
    for (const size of [1_000_000, 100_000, 10_000, 1_000, 100]) while (await add(size));
    database.close();
  });

/** Makes room again. */
const empty = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => (indexedDB.deleteDatabase("other").onsuccess = resolve)));

/** Clears the data of the origin, as a user or a browser that needs room does. */
async function clear(page: Page, storageTypes = "indexeddb"): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes });
}

test("fault 25: without room for an order the user is told, the form stays, and nothing is called saved", async ({
  page,
  shared,
}) => {
  const set = await limit(page, shared.url);
  await meet(page, shared.url);
  await fillOrder(page);
  await fill(page);
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByText("There is no room left on this device, so this was not saved")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada Lovelace");
  await expect(page.getByText("Saved on this device")).toHaveCount(0);
  await expect(sign(page)).toHaveText("All confirmed");
  await set();
  await empty(page);
  const number = await place(page);
  await arrived(page, shared, [number]);
});

test("fault 26: without room for what was fetched the place in the feed stays, and it is tried again", async ({
  page,
  context,
  shared,
}) => {
  const session = await shared.signIn("customer");
  const other = await context.browser()?.newContext();
  const elsewhere = await other?.newPage();
  if (elsewhere === undefined) throw new Error("no other device");
  const set = await limit(page, shared.url);
  await openBare(page, shared.url, session, { pollMs: 200 });
  await expect.poll(async () => (await stateOf(page)).status).toBe("idle");
  const asked: (number | undefined)[] = [];
  await between(page, async (route, { since }) => {
    asked.push(since?.seq);
    await route.continue();
  });
  await fill(page);
  await openBare(elsewhere, shared.url, session);
  const id = await placeBare(elsewhere);
  await none(elsewhere);
  const seen = () => page.evaluate((it) => window.bare.store.order(it) !== undefined, id);
  const known = asked.at(-1);
  await expect.poll(async () => (await stateOf(page)).error?.code).toBe("storage_full");
  const before = asked.length;
  await expect.poll(() => asked.length).toBeGreaterThan(before + 2);
  expect(new Set(asked.slice(before))).toEqual(new Set([known]));
  expect(await seen()).toBe(false);
  await set();
  await empty(page);
  await expect.poll(seen).toBe(true);
  await expect.poll(() => asked.at(-1)).toBeGreaterThan(known ?? 0);
  await other?.close();
});

test("fault 27: storage that is cleared while the page is open gets its unsent orders back, and the user a word", async ({
  page,
  shared,
}) => {
  await meet(page, shared.url);
  await between(page, (route) => route.abort());
  const number = await order(page, shared.url);
  await expect(sign(page)).toContainText("1 unsent");
  await clear(page);
  await expect(orderNumber(page)).toHaveText(number);
  const told = page.getByRole("status").filter({ hasText: "The browser cleared what this page had stored" });
  await expect(told).toContainText("1 change that was not sent is stored again");
  // It is written again, so that it outlives the page.
  await page.reload();
  await expect(orderNumber(page)).toHaveText(number);
  await page.unroute("**/v1/main/sync");
  await arrived(page, shared, [number]);
});

/** What a page asks of its database, and where it is asked. */
const operations = [
  ["IDBDatabase", "transaction"],
  ["IDBObjectStore", "get"],
  ["IDBObjectStore", "put"],
  ["IDBTransaction", "commit"],
] as const;
/** And what it asks besides, when it stores an answer. */
const more = [["IDBObjectStore", "delete"]] as const;

test("fault 28: a connection to the storage that is lost is opened again, at whatever operation", async ({
  page,
  shared,
}) => {
  await page.addInitScript(
    (all) => {
      for (const [owner, method] of all) {
        const { prototype } = globalThis[owner] as unknown as { prototype: Record<string, unknown> };
        const real = prototype[method] as (...args: unknown[]) => unknown;
        prototype[method] = function (this: unknown, ...args: unknown[]) {
          const broken = globalThis as { breaks?: string; broke?: number };
          if (broken.breaks !== method) return real.apply(this, args);
          delete broken.breaks;
          broken.broke = (broken.broke ?? 0) + 1;
          throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
        };
      }
    },
    [...operations, ...more],
  );
  await openBare(page, shared.url, await shared.signIn("customer"));
  await expect.poll(async () => (await stateOf(page)).status).toBe("idle");
  const orders: string[] = [];
  for (const [, method] of operations) {
    await page.evaluate((it) => ((globalThis as { breaks?: string }).breaks = it), method);
    orders.push(await placeBare(page));
    await none(page);
  }
  // Also if it happens while an answer is stored.
  for (const [, method] of [...operations, ...more]) {
    await page.evaluate(() => {
      window.bare.sync.stop();
    });
    orders.push(await placeBare(page));
    await page.evaluate((it) => {
      (globalThis as { breaks?: string }).breaks = it;
      window.bare.sync.start();
    }, method);
    await none(page);
  }
  expect(await page.evaluate(() => (globalThis as { broke?: number }).broke)).toBe(
    2 * operations.length + more.length,
  );
  expect(await counted(shared, orders)).toEqual(orders.map(() => 1));
});

test("fault 29: storage that does not open is told in time, with a way on", async ({
  page,
  context,
  shared,
}) => {
  const session = await shared.signIn("customer");
  await openBare(page, shared.url, session);
  // An old page that does not let go, and one that waits for it with a newer version.
  const old = await context.newPage();
  await old.goto(`${shared.url}/theme.js`);
  await old.evaluate(hold, undefined);
  const newer = await context.newPage();
  await newer.goto(`${shared.url}/theme.js`);
  await newer.evaluate((user) => void indexedDB.open(`orderkit/main/${user}`, 99), session.user);
  await useSession(context, session);
  await page.clock.install();
  await page.goto(shared.url);
  await expect(page.getByRole("status")).toBeAttached();
  await page.clock.runFor(10_500);
  await expect(page.getByText("does not answer. Close other tabs of this page")).toBeVisible();
  await newer.close();
  await old.close();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(sign(page)).toHaveText("All confirmed");
});

/** Runs in the page: opens every database of the shop, as it is or as a newer version, and never lets go. */
async function hold(version: number | undefined): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue;
    await new Promise((resolve) => (indexedDB.open(name, version).onsuccess = resolve));
  }
}

test("fault 30: an old page gives way to a newer version of the storage, and asks to be reloaded", async ({
  page,
  context,
  shared,
}) => {
  await meet(page, shared.url);
  const newer = await context.newPage();
  await newer.goto(`${shared.url}/theme.js`);
  await newer.evaluate(hold, 99);
  await expect(page.getByRole("heading", { name: "This page is out of date" })).toBeVisible();
  // The old code meets the newer data.
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(page.getByRole("heading", { name: "This page is out of date" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Reload" })).toBeVisible();
});
