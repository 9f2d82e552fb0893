import { Desk } from "./life";
import { expect, fillOrder, openOffline, orderNumber, place, sign, test, useSession } from "./shop";

test("the same order a moment later asks whether a second one is meant", async ({ page, server }) => {
  await openOffline(page, server.url);
  await fillOrder(page);
  const first = await place(page);

  // Without a network: the page finds its own order.
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "New order" }).click();
  await fillOrder(page);
  await page.getByRole("button", { name: "Place order" }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText(`Order ${first} has the same goods`);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada Lovelace");

  await page.getByRole("button", { name: "Place order" }).click();
  await question.getByRole("button", { name: "Place a second order" }).click();
  await expect(orderNumber(page)).not.toHaveText(first);
  await page.context().setOffline(false);
  await expect(page.getByTestId("sync-sign")).toHaveText("All confirmed");
  await page.getByRole("link", { name: "My orders" }).click();
  await expect(page.getByRole("link", { name: new RegExp(first) })).toBeVisible();
});

test("an order that the shop refused since it looks like another one is sent as a second one", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  await useSession(context, desk.staff);
  await openOffline(page, server.url);
  await context.setOffline(true);
  await fillOrder(page);
  await place(page);
  // Meanwhile the same was ordered by another device of the shop.
  await desk.place("card", desk.staff);
  const [earlier] = await server.orders();
  await context.setOffline(false);
  await expect(sign(page)).toHaveText("1 refused");
  await page.getByRole("link", { name: /^Exceptions/ }).click();
  await page.getByTestId("inbox").getByRole("link", { name: "Perhaps ordered twice" }).click();
  const resolution = page.getByTestId("resolution");
  await expect(resolution).toContainText(`looks like order ${earlier?.number ?? ""}. It is sent once more`);
  await resolution.getByRole("button", { name: "It is a second order on purpose" }).click();
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await expect(sign(page)).toHaveText("All confirmed");
  expect(await server.orders()).toHaveLength(2);
});
