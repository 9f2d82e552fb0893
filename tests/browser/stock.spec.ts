import type { Page } from "@playwright/test";
import { usualDraft } from "./draft";
import { clean } from "./look";
import { put, saveElsewhere } from "./rules";
import type { Server } from "./server";
import { expect, fillOrder, open, orderNumber, place, test, useSession } from "./shop";

/** The stock, as buyers and staff meet it. */

const dialog = (page: Page) => page.getByRole("dialog");
const rowOf = (page: Page, sku: string) => page.getByRole("row").filter({ hasText: sku });

const count = (server: Server, sku: string, quantity: number) =>
  put(server, `/stock/${sku}`, { quantity: String(quantity) });

/** The shop gives devices a part of the stock, or sells what two devices sold at once. */
const sells = (server: Server, inventory: object) =>
  saveElsewhere(server, (rules) => {
    rules.version = crypto.randomUUID();
    rules["inventory"] = inventory;
  });

test("a buyer is told what is left, and orders that", async ({ page, server }) => {
  await count(server, "85123A", 1);
  await open(page, server.url);
  await fillOrder(page, { quantity: 2 });
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByText("Only 1 of 85123A are in stock").first()).toBeVisible();
  await expect(orderNumber(page)).toBeHidden();
  const row = page.getByRole("listitem").filter({ hasText: "85123A" }).first();
  await row.getByRole("textbox").fill("1");
  expect(await place(page)).not.toBe("");
});

test("the sheet says what comes later, and when", async ({ page, server }) => {
  await count(server, "85123A", 1);
  await count(server, "23084", 0);
  await sells(server, { backorder: { leadDays: 5 }, products: [{ sku: "23084", backorder: {} }] });
  await open(page, server.url);
  await fillOrder(page, { quantity: 3 });
  const later = page.getByRole("region", { name: "What comes later" });
  await expect(later).toContainText(
    "2 of White hanging heart T-light holder will come later, in about 5 days.",
  );
  await expect(later).toContainText("1 of Rabbit night light will come later; when is not known yet.");
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByRole("region", { name: "稍后发出的商品" })).toContainText("约 5 天");
  await clean(page, "the sheet");
  await page.getByRole("button", { name: "English" }).click();
  await page
    .getByRole("complementary")
    .getByRole("textbox", { name: /^Quantity of White/ })
    .fill("1");
  await expect(later).not.toContainText("White hanging heart");
  expect(await place(page)).not.toBe("");
});

test("staff see the stock and say what came", async ({ page, context, server }) => {
  await count(server, "85123A", 4);
  await count(server, "23084", 9);
  await useSession(context, await server.signIn("staff"));
  await open(page, `${server.url}/stock`);
  await expect(rowOf(page, "85123A")).toContainText("4");
  await page.getByRole("searchbox").fill("8512");
  await expect(rowOf(page, "23084")).toBeHidden();
  await rowOf(page, "85123A").getByRole("button").click();
  await dialog(page).getByRole("button", { name: "Adjust", exact: true }).click();
  await expect(dialog(page).getByText("Please fill in this field.").first()).toBeVisible();
  await dialog(page).getByLabel("How many came or went").fill("-9");
  await dialog(page).getByLabel("Why").fill("broken");
  await dialog(page).getByRole("button", { name: "Adjust", exact: true }).click();
  await expect(dialog(page).getByText("Only 4 of 85123A are in stock")).toBeVisible();
  await dialog(page).getByLabel("How many came or went").fill("+12");
  await dialog(page).getByLabel("Why").fill("delivery 17");
  await dialog(page).getByRole("button", { name: "Adjust", exact: true }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(rowOf(page, "85123A")).toContainText("16");
  await rowOf(page, "85123A").getByRole("button").click();
  await expect(dialog(page)).toContainText("delivery 17");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the stock page reads well on a phone: ${colorScheme}`, async ({ page, context, server }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await count(server, "85123A", 4);
    await useSession(context, await server.signIn("staff"));
    await open(page, `${server.url}/stock`);
    await page.getByRole("button", { name: "中文" }).click();
    await expect(rowOf(page, "85123A")).toBeVisible();
    await clean(page, "the stock");
    await rowOf(page, "85123A").getByRole("button").click();
    await expect(dialog(page)).toContainText("盘点");
    await clean(page, "the adjustment");
  });
}

test("what was promised and went to somebody else waits for a decision", async ({
  page,
  context,
  server,
}) => {
  await sells(server, { oversold: "backorder" });
  await count(server, "85123A", 1);
  const staff = await server.signIn("staff");
  const headers = { authorization: `Bearer ${staff.token}`, "content-type": "application/json" };
  const draft = usualDraft();
  const answer = (await (
    await fetch(`${server.url}/v1/main/quote`, { method: "POST", headers, body: JSON.stringify(draft) })
  ).json()) as { quote: { totals: { grossMinor: number }; rulesetDigest: string } };
  // A device that was offline has told the buyer a number.
  const { totals, rulesetDigest } = answer.quote;
  const order = crypto.randomUUID();
  const expectation = { totalMinor: totals.grossMinor, rulesetDigest };
  const args = { draft, number: "T-2222AAAA", expect: expectation };
  const command = { n: 1, id: crypto.randomUUID(), order, kind: "place@1", atMs: Date.now(), args };
  const body = JSON.stringify({ v: 1, client: crypto.randomUUID(), commands: [command] });
  const sent = await fetch(`${server.url}/v1/main/sync`, { method: "POST", headers, body });
  const { results } = (await sent.json()) as { results: { verdict: string }[] };
  expect(results[0]?.verdict).toBe("accepted");

  await useSession(context, staff);
  await open(page, `${server.url}/orders/${order}`);
  const attention = page.getByTestId("attention");
  await expect(attention).toContainText("promised, and somebody else got them");
  await clean(page, "the order");
  await attention.getByRole("button", { name: "Decide about missing items" }).click();
  await dialog(page).getByLabel("What shall happen").selectOption("less");
  await dialog(page).getByRole("button", { name: "Decide about missing items" }).click();
  await expect(attention).toBeHidden();
  await expect(page.getByText("Sold to somebody else first").first()).toBeVisible();
});

test("without a network a device sells no more than its part", async ({ page, context, server }) => {
  await sells(server, { quota: { quantity: "2", percent: "100", hours: 12 } });
  await count(server, "85123A", 5);
  await useSession(context, await server.signIn("staff"));
  await open(page, server.url);
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === "activated");
  await context.setOffline(true);
  await fillOrder(page, { quantity: 3 });
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByText("Only 2 of 85123A are left for this device").first()).toBeVisible();
  const row = page.getByRole("listitem").filter({ hasText: "85123A" }).first();
  await row.getByRole("textbox").fill("2");
  await place(page);
  await context.setOffline(false);
  await expect.poll(async () => (await server.orders()).length).toBe(1);
});
