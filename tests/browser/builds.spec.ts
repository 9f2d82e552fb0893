import type { Page } from "@playwright/test";
import { Server } from "./server";
import { expect, open, openOffline, test } from "./shop";

/** Builds of the page: two that do not belong together, and one that the shop takes back. */

const kept = (page: Page) =>
  page.evaluate(async () => ({
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));

test("a page that was kept for offline use is gone after one visit once the shop takes it back", async ({
  page,
}) => {
  const server = await Server.start();
  try {
    await openOffline(page, server.url);
    await expect.poll(async () => (await kept(page)).caches.length).toBeGreaterThan(1);
    await server.kill();
    await server.run({ args: ["--retire-page"] });
    const loads: string[] = [];
    page.on("load", () => loads.push(page.url()));
    await page.reload();
    await expect.poll(() => kept(page)).toEqual({ caches: [], workers: 0 });
    // The page of before goes on, and the next one comes from the shop and asks for no worker.
    await page.waitForTimeout(500);
    expect(loads).toHaveLength(1);
    await open(page, server.url);
    await page.waitForTimeout(500);
    expect((await kept(page)).workers).toBe(0);
    await server.kill();
    const gone = await page.reload().catch(() => undefined);
    expect(gone).toBeFalsy();
    // The browser's own page comes a moment after the failure is told, and would interrupt the next visit.
    await expect.poll(() => page.url()).toContain("chrome-error");
    // Taken into service again, it is kept again.
    await server.run();
    await openOffline(page, server.url);
    expect((await kept(page)).workers).toBe(1);
  } finally {
    await server.stop();
  }
});

test("an engine of another build is not used: the page asks to be reloaded", async ({ page, server }) => {
  let isOther = true;
  await page.route("**/*.wasm", async (route) => {
    const answer = await route.fetch();
    const body = Buffer.from(await answer.body());
    // The mark of the build is at the end of the module.
    if (isOther) body[body.length - 1] = body[body.length - 1] === 0x30 ? 0x31 : 0x30;
    await route.fulfill({ response: answer, body });
  });
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "This page is out of date" })).toBeVisible();
  isOther = false;
  await page.getByRole("button", { name: "Reload now" }).click();
  await expect(page.getByRole("heading", { name: "Order form" })).toBeVisible();
});
