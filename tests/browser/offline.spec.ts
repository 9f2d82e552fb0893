import { expect, fillOrder, openOffline, orderNumber, place, sign, test } from "./shop";

test("an order placed offline outlives a reload and is confirmed when the network is back", async ({
  page,
  context,
  server,
}) => {
  await openOffline(page, server.url);
  await context.setOffline(true);
  await expect(sign(page)).toHaveText("Offline");

  await fillOrder(page);
  const number = await place(page);
  expect(number).not.toBe("");
  await expect(page.getByText("Saved on this device")).toBeVisible();
  await expect(page.getByText("Will be sent when you are online again")).toBeVisible();

  await page.reload();
  await expect(orderNumber(page)).toHaveText(number);
  await page.getByRole("link", { name: "My orders" }).click();
  const row = page.getByRole("listitem").filter({ hasText: number });
  await expect(row).toContainText("Not sent yet");
  await expect(sign(page)).toHaveText("Offline, 1 unsent");
  expect(await server.orders()).toHaveLength(0);

  await context.setOffline(false);
  await expect(sign(page)).toHaveText("All confirmed");
  await expect(row).not.toContainText("Not sent yet");
  await row.getByRole("link").click();
  await expect(page.getByText("Received by the shop").or(page.getByText("History"))).toBeVisible();
  await expect(orderNumber(page)).toHaveText(number);

  const orders = await server.orders();
  expect(orders.map((order) => order.number)).toEqual([number]);
});

test("a server that dies between commit and answer has the order once", async ({ page, context, server }) => {
  await openOffline(page, server.url);
  await context.setOffline(true);
  await fillOrder(page);
  const number = await place(page);

  await server.kill();
  await server.run({ failpoint: "after_commit:kill" });
  await context.setOffline(false);
  await server.ended();
  await server.run();

  await expect(sign(page)).toHaveText("All confirmed", { timeout: 60_000 });
  await expect(page.getByText("Received by the shop")).toBeVisible();
  await expect(orderNumber(page)).toHaveText(number);
  const orders = await server.orders();
  expect(orders.map((order) => order.number)).toEqual([number]);
});

test("what is half filled in outlives a reload", async ({ page, context, server }) => {
  await openOffline(page, server.url);
  await context.setOffline(true);
  await fillOrder(page);
  const total = await page.getByRole("button", { name: "Place order" }).textContent();
  await page.reload();
  await expect(page.getByRole("button", { name: "Place order" })).toHaveText(total ?? "");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada Lovelace");
});
