import { expect, fillOrder, openOffline, orderNumber, place, test } from "./shop";

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
