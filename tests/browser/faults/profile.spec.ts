import { cp } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { openBare, placeBare, stateOf, unsentOf } from "./bare";
import { Chromium } from "./chromium";
import { counted, expect, test } from "./fault";

/** Whole browsers with a profile on the disk: killed, and copied. */

const clientOf = (page: Page) =>
  page.evaluate(() => (JSON.parse(window.bare.store.exportUnsent()) as { client: string }).client);

test("fault 07: of two copies of a profile one takes a new name, and the orders of both arrive once", async ({
  shared,
}) => {
  const session = await shared.signIn("customer");
  const folders = [await Chromium.folder(), await Chromium.folder()] as const;
  const browsers: Chromium[] = [];
  try {
    const first = await Chromium.start(folders[0]);
    browsers.push(first);
    const before = await first.context.newPage();
    await openBare(before, shared.url, session);
    const orders = [await placeBare(before)];
    await expect.poll(() => unsentOf(before)).toBe(0);
    const name = await clientOf(before);
    await first.close();
    await cp(folders[0], folders[1], { recursive: true });

    const pages: Page[] = [];
    for (const folder of folders) {
      const browser = await Chromium.start(folder);
      browsers.push(browser);
      const page = await browser.context.newPage();
      await openBare(page, shared.url, session, { starts: false });
      expect(await clientOf(page)).toBe(name);
      orders.push(await placeBare(page), await placeBare(page));
      pages.push(page);
    }
    for (const page of pages) {
      await page.evaluate(() => {
        window.bare.sync.start();
      });
      await expect.poll(() => unsentOf(page)).toBe(0);
    }
    // Both made numbers of one series: those that came second are shown as refused, and get a number of the new name.
    const [, copy] = pages;
    const refused = await copy?.evaluate(async () => {
      const all = window.bare.store.pending().filter(({ verdict }) => verdict !== undefined);
      const codes = all.flatMap(({ verdict }) => verdict?.issues?.map(({ code }) => code));
      for (const { n } of all) await window.bare.store.resend(n, { isRepeat: true });
      return codes;
    });
    expect(refused).toEqual(["number_taken", "number_taken"]);
    if (copy !== undefined) await expect.poll(() => unsentOf(copy)).toBe(0);
    const names = await Promise.all(pages.map(clientOf));
    expect(names[0]).toBe(name);
    expect(names[1]).not.toBe(name);
    expect(await counted(shared, orders)).toEqual(orders.map(() => 1));
    for (const page of pages)
      await expect.poll(() => page.evaluate(() => window.bare.store.standing().orders)).toBe(orders.length);
  } finally {
    for (const browser of browsers) await browser.kill();
    await Chromium.remove(...folders);
  }
});

test("fault 33: of a browser that is killed in a transaction all that was said to be saved is there", async ({
  shared,
}) => {
  const session = await shared.signIn("customer");
  const folder = await Chromium.folder();
  let browser = await Chromium.start(folder);
  try {
    const saved: string[] = [];
    const page = await browser.context.newPage();
    await openBare(page, shared.url, session, { starts: false });
    // Several at a time, until the end of the browser.
    for (let at = 0; at < 4; at += 1) {
      void (async () => {
        for (;;) {
          const id = await placeBare(page);
          saved.push(id);
        }
      })().catch(() => undefined);
    }
    await expect.poll(() => saved.length).toBeGreaterThan(20);
    await browser.kill();
    const acknowledged = [...saved];

    browser = await Chromium.start(folder);
    const again = await browser.context.newPage();
    await openBare(again, shared.url, session, { starts: false });
    const stored = await again.evaluate(() =>
      window.bare.store.pending().map(({ n, order }) => ({ n, order })),
    );
    // Some beginning of what happened: without a gap, and with everything that was acknowledged.
    expect(stored.map(({ n }) => n)).toEqual(stored.map((_, at) => at + 1));
    const orders = stored.map(({ order }) => order);
    expect(acknowledged.filter((id) => !orders.includes(id))).toEqual([]);
    await again.evaluate(() => {
      window.bare.sync.start();
    });
    await expect.poll(() => unsentOf(again)).toBe(0);
    expect((await stateOf(again)).status).not.toBe("stopped");
    expect(await counted(shared, orders)).toEqual(orders.map(() => 1));
  } finally {
    await browser.kill();
    await Chromium.remove(folder);
  }
});
