import type { Page } from "@playwright/test";
import { becomeStaff, expect, fillOrder, openOffline, place, sign, test } from "./shop";

const button = (page: Page, name: string) =>
  page.getByRole("main").getByRole("button", { name, exact: true });
const dialogButton = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("button", { name, exact: true });

test("the life of an order through the buttons of the desk", async ({ page, server }) => {
  await openOffline(page, server.url);
  await fillOrder(page, { quantity: 3 });
  const number = await place(page);
  await expect(page.getByText("Received by the shop")).toBeVisible();

  await becomeStaff(page);
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await page.getByRole("listitem").filter({ hasText: number }).getByRole("link").click();

  // A grey button says why, also to the keyboard.
  await expect(button(page, "Confirm")).toHaveAttribute("aria-disabled", "true");
  await button(page, "Confirm").focus();
  await expect(page.getByRole("status").filter({ hasText: "The order is not paid" })).toBeVisible();
  await expect(button(page, "Confirm")).toHaveAccessibleDescription(/The order is not paid/);

  await button(page, "Record payment").click();
  await dialogButton(page, "Record payment").click();
  await expect(page.getByText("Paid", { exact: true })).toBeVisible();
  await button(page, "Confirm").click();
  await expect(page.getByText("To be shipped")).toBeVisible();

  await button(page, "Ship").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /Quantity of White/ }).fill("1");
  await dialog.getByRole("textbox", { name: /Quantity of Rabbit/ }).fill("0");
  await dialog.getByLabel("Carrier").fill("Royal Mail");
  await dialog.getByLabel("Tracking number").fill("RM 1");
  await dialogButton(page, "Ship").click();
  await expect(page.getByText("1 on the way", { exact: true })).toBeVisible();
  await expect(page.getByText("2 open", { exact: true })).toBeVisible();

  // The same tracking number again is refused at its field.
  await button(page, "Ship").click();
  await dialog.getByLabel("Tracking number").fill("RM 1");
  await dialogButton(page, "Ship").click();
  await expect(dialog.getByText("is used by another shipment")).toBeVisible();
  await dialog.getByLabel("Tracking number").fill("RM 2");
  await dialogButton(page, "Ship").click();
  await expect(page.getByText("Shipment 2", { exact: true })).toBeVisible();

  await button(page, "Mark 2 delivered").click();
  await expect(page.getByText("all delivered").first()).toBeVisible();
  // Goods can still come back for some days, unless the buyer has said that they are there.
  await expect(button(page, "Complete")).toHaveAttribute("aria-disabled", "true");
  await button(page, "Confirm receipt").click();
  await button(page, "Complete").click();
  await expect(page.getByText("Completed").first()).toBeVisible();
  await button(page, "More").click();
  const cancel = page.getByRole("menuitem", { name: /^Cancel order/ });
  await expect(cancel).toHaveAttribute("aria-disabled", "true");
  await expect(cancel).toContainText("Not possible while the order is completed");
  await page.keyboard.press("Escape");

  await expect(sign(page)).toHaveText("All confirmed");
  await expect(page.getByText("Not sent yet")).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("listitem").filter({ hasText: "Completed" })).toBeVisible();
});

test("a customer cancels an order with a reason", async ({ page, server }) => {
  await openOffline(page, server.url);
  await fillOrder(page, { payment: "Cash on delivery" });
  await place(page);
  await page.getByRole("link", { name: "See the order" }).click();
  await expect(button(page, "Confirm")).toHaveCount(0);
  await button(page, "Cancel order").click();
  await dialogButton(page, "Cancel order").click();
  await expect(page.getByRole("dialog").getByText("Please fill in this field")).toBeVisible();
  await page.getByLabel("Reason", { exact: true }).fill("Ordered twice");
  await dialogButton(page, "Cancel order").click();
  await expect(page.getByText("Ordered twice")).toBeVisible();
  await expect(sign(page)).toHaveText("All confirmed");
});

test("two desks see each other's work", async ({ page, server, browser }) => {
  await openOffline(page, server.url);
  await becomeStaff(page);
  const other = await browser.newContext();
  const view = await other.newPage();
  await openOffline(view, server.url);
  await fillOrder(view);
  const number = await place(view);
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: number })).toBeVisible({ timeout: 20_000 });
  await other.close();
});
