import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { between } from "./faults/fault";
import { openBare, placeBare } from "./faults/bare";
import { clean } from "./look";
import { expect, fillOrder, open, place, sign, test, useSession } from "./shop";

/** What is only on this device: since when, as a file, and brought in from one. */

const MINUTE_MS = 60_000;
const popover = (page: Page) => page.getByRole("dialog", { name: "Connection and storage" });

/** Brings a file in by keyboard. */
async function bringIn(page: Page, text: string): Promise<void> {
  const button = popover(page).getByRole("button", { name: "Bring in unsent" });
  const chosen = page.waitForEvent("filechooser");
  await button.focus();
  await page.keyboard.press("Enter");
  const file = { name: "unsent.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await (await chosen).setFiles(file);
}

test("unsent changes of one device are saved as a file and brought in on another one", async ({
  page,
  browser,
  server,
}) => {
  const session = await server.signIn("customer");
  await useSession(page.context(), session);
  await between(page, (route) => route.abort());
  await page.goto(server.url);
  await fillOrder(page);
  const number = await place(page);
  await sign(page).click();
  const saving = page.waitForEvent("download");
  await popover(page).getByRole("button", { name: "Save unsent" }).click();
  const file = await readFile(await (await saving).path(), "utf8");

  const other = await browser.newContext({ locale: "en-GB", viewport: { width: 390, height: 800 } });
  await useSession(other, session);
  const elsewhere = await other.newPage();
  await open(elsewhere, `${server.url}/orders`);
  await sign(elsewhere).click();
  const said = popover(elsewhere).getByRole("status");
  await bringIn(elsewhere, file);
  await expect(said).toHaveText("1 change was brought in.");
  await expect(sign(elsewhere)).toHaveText("All confirmed");
  await expect.poll(async () => (await server.orders()).length).toBe(1);
  await clean(elsewhere, "the popover");

  // What the shop has decided meanwhile is not done twice, wherever it is brought in.
  await page.unroute("**/v1/main/sync");
  await expect(sign(page)).toHaveText("All confirmed", { timeout: 30_000 });
  expect(await server.orders()).toHaveLength(1);
  await bringIn(elsewhere, "no file of this kind");
  await expect(said).toContainText("This is no file of unsent changes that can be read here");
  await other.close();
  expect(number).not.toBe("");
});

test("a file is refused to another user, and what is here already is counted", async ({ page, server }) => {
  await open(page, server.url);
  await between(page, (route) => route.abort());
  await fillOrder(page);
  await place(page);
  await sign(page).click();
  const saving = page.waitForEvent("download");
  await popover(page).getByRole("button", { name: "Save unsent" }).click();
  const file = await readFile(await (await saving).path(), "utf8");
  const said = popover(page).getByRole("status");
  await bringIn(page, file);
  await expect(said).toHaveText("1 was here already.");
  const { actor } = JSON.parse(file) as { actor: { user: string } };
  await bringIn(page, file.replace(`"user":"${actor.user}"`, '"user":"somebody"'));
  await expect(said).toContainText("These changes were made by the user somebody.");
  await expect(sign(page)).toContainText("1 unsent");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "中文" }).click();
  await sign(page).click();
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "导入未发送" }).click();
  await (await chosen).setFiles({ name: "a.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await expect(page.getByRole("status").filter({ hasText: "这不是可读取的未发送变更文件" })).toBeVisible();
});

test("what was not sent for long says since when, and after an hour asks to be kept", async ({
  page,
  server,
}) => {
  const session = await server.signIn("customer");
  // In the middle of a day by the clock of the device: what is of another day is told by its day.
  const nowMs = new Date().setHours(14, 0, 0, 0);
  await page.clock.install({ time: nowMs - 120 * MINUTE_MS });
  await openBare(page, server.url, session, { starts: false });
  await placeBare(page);
  await useSession(page.context(), session);
  await between(page, (route) => route.fulfill({ status: 503 }));
  await page.goto(`${server.url}/orders`);
  await expect(sign(page)).toHaveText("1 unsent");
  await page.clock.setSystemTime(nowMs - 110 * MINUTE_MS);
  await page.clock.runFor(31_000);
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(
    nowMs - 120 * MINUTE_MS,
  );
  await expect(sign(page)).toContainText(/1 unsent since .*\d\d:\d\d/);
  await expect(page.getByRole("heading", { name: /Not sent since/ })).toHaveCount(0);
  await page.clock.setSystemTime(nowMs);
  await page.clock.runFor(31_000);
  const nag = page.getByRole("region", { name: /Not sent since/ });
  await expect(nag).toContainText(time);
  await expect(nag).toContainText("1 change is only on this device");
  await expect(nag).toContainText("The browser has not promised to keep what is stored here");
  await clean(page, "the reminder");
  const saving = page.waitForEvent("download");
  await nag.getByRole("button", { name: "Save unsent" }).click();
  expect(await readFile(await (await saving).path(), "utf8")).toContain("orderkit/unsent@1");
  await nag.getByRole("button", { name: "Remind me in an hour" }).click();
  await expect(nag).toHaveCount(0);
  await sign(page).click();
  await expect(popover(page)).toContainText(/Unsent since.*2 hours ago/);
  await expect(popover(page)).toContainText("may be cleared if space runs out");
});
