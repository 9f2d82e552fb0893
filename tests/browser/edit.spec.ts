import type { Page } from "@playwright/test";
import { Desk } from "./life";
import { clean } from "./look";
import { action, dialog, onDesk, pageOf, showsOneOfTwo } from "./orders";
import { fetched } from "./rules";
import type { Server } from "./server";
import { expect, orderNumber, sign, test } from "./shop";

/** Orders that are changed after they were placed, through the page. */

const preview = (page: Page) => page.getByRole("complementary", { name: "What it comes to" });
const apply = (page: Page, name = "Apply") => preview(page).getByRole("button", { name, exact: true });
const quantity = (page: Page, name: RegExp) => page.getByRole("main").getByRole("textbox", { name });
const proposal = (page: Page) => page.getByTestId("proposal");

/** What of each line shall still be delivered, as the server has it. */
async function linesOf(server: Server, id: string): Promise<{ sku: string; left: number }[]> {
  const { order } = (await fetched(server, `/orders/${id}`)) as {
    order: { lines: { sku: string; ordered: string; canceled?: string }[] };
  };
  return order.lines.map(({ sku, ordered, canceled = "0" }) => ({
    sku,
    left: Number(ordered) - Number(canceled),
  }));
}

async function agreed(page: Page): Promise<void> {
  await preview(page).getByLabel("The customer agreed").selectOption("telephone");
}

test("more goods leave one difference to pay", async ({ page, context, server }) => {
  const { desk, id } = await onDesk(page, context, server);
  await desk.pay(id);
  const before = await desk.money(id);
  await action(page, "Edit").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Edit order");
  await quantity(page, /Quantity of White/).fill("4");
  await page.getByRole("button", { name: "Add goods" }).click();
  await dialog(page).getByRole("searchbox").fill("22423");
  await dialog(page)
    .getByRole("button", { name: /^Add Regency/ })
    .click();
  await dialog(page).getByRole("button", { name: "Done" }).click();

  // Two more at 2.95, and a cake stand at 12.75.
  await expect(preview(page)).toContainText("More to pay");
  await expect(preview(page)).toContainText("£18.65");
  await expect(preview(page)).toContainText("£18.65 is due then.");
  await expect(preview(page)).toContainText("The customer has to agree");
  await expect(apply(page, "Propose to the customer")).toBeVisible();
  await agreed(page);
  await preview(page).getByLabel("Reason").fill("She rang");
  await apply(page).click();

  await expect(orderNumber(page)).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Order changed" })).toContainText("She rang");
  await expect(page.getByText("Regency cakestand, 3 tier", { exact: true })).toBeVisible();
  await expect
    .poll(() => desk.money(id))
    .toMatchObject({
      totalMinor: before.totalMinor + 1865,
      balanceDueMinor: 1865,
    });
});

test("less goods give back what was paid for them, and the same price again is no change", async ({
  page,
  context,
  server,
}) => {
  const { desk, id } = await onDesk(page, context, server);
  await desk.pay(id);
  const before = await desk.money(id);
  await action(page, "Edit").click();
  await expect(apply(page)).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Remove White hanging heart T-light holder" }).click();
  await expect(preview(page)).toContainText("Less to pay");
  await page.getByRole("button", { name: /^Undo White/ }).click();
  await expect(preview(page)).toContainText("Nothing is changed yet.");

  await quantity(page, /Quantity of White/).fill("x");
  await expect(page.getByText("Please enter a number").first()).toBeVisible();
  await expect(apply(page)).toHaveAttribute("aria-disabled", "true");
  await quantity(page, /Quantity of White/).fill("1");
  await expect(preview(page)).toContainText("Less to pay");
  await expect(preview(page)).toContainText(/goes back to the buyer: Card/);
  await agreed(page);
  await apply(page).click();
  await expect(page.getByText("Refund owed", { exact: true })).toBeVisible();
  await expect.poll(() => desk.due(id)).toBeLessThan(0);
  const after = await desk.money(id);
  expect(after.balanceDueMinor).toBe(after.totalMinor - before.totalMinor);
  await showsOneOfTwo(page, after.totalMinor);
});

test("goods are replaced in one step, with one difference", async ({ page, context, server }) => {
  const { desk, id } = await onDesk(page, context, server);
  await desk.pay(id);
  await action(page, "Edit").click();
  await page.getByRole("button", { name: "Replace White hanging heart T-light holder" }).click();
  const goods = page.getByLabel("In place of White hanging heart T-light holder");
  await expect(goods).toBeFocused();
  await expect(page.getByLabel("How many", { exact: true })).toHaveValue("2");
  await goods.fill("no-such-thing");
  await expect(goods).toHaveAccessibleDescription(/no-such-thing is not sold here/);
  await goods.fill("22423");
  await expect(goods).toHaveAccessibleDescription(/Regency cakestand/);
  await page.getByLabel("How many", { exact: true }).fill("x");
  await expect(page.getByLabel("How many", { exact: true })).toHaveAccessibleDescription(
    /Please enter a number/,
  );
  await page.getByLabel("How many", { exact: true }).fill("1");
  await expect(preview(page)).toContainText("More to pay");
  await expect(preview(page)).toContainText("Regency cakestand");

  // What was said can be taken back whole.
  await page.getByRole("button", { name: "Undo White hanging heart T-light holder" }).click();
  await expect(preview(page)).toContainText("Nothing is changed yet.");
  await page.getByRole("button", { name: "Replace White hanging heart T-light holder" }).click();
  await goods.fill("22423");
  await page.getByLabel("How many", { exact: true }).fill("1");
  await agreed(page);
  await apply(page).click();
  await expect(orderNumber(page)).toBeVisible();
  await expect(page.getByText("Regency cakestand, 3 tier").first()).toBeVisible();
  await expect(sign(page)).toHaveText("All confirmed");
  expect(await linesOf(server, id)).toEqual([
    { sku: "85123A", left: 0 },
    { sku: "23084", left: 1 },
    { sku: "22423", left: 1 },
  ]);
});

test("a change that the staff propose waits for the buyer, who sees what it comes to", async ({
  page,
  context,
  server,
  browser,
}) => {
  const { desk, id } = await onDesk(page, context, server);
  await action(page, "Edit").click();
  await page.getByRole("button", { name: /^Change the price Rabbit/ }).click();
  // What is dearer is a line of its own, without the 15 % off that the old price had.
  await page.getByLabel(/^New price of Rabbit/).fill("5.08");
  await expect(preview(page)).toContainText("More to pay");
  await preview(page).getByLabel("Reason").fill("The old price was a misprint");
  await apply(page, "Propose to the customer").click();
  await expect(proposal(page)).toContainText("A change that you proposed");
  await expect(proposal(page)).toContainText("£3.31");
  await expect(sign(page)).toHaveText("All confirmed");
  const before = await desk.money(id);

  const buyer = await pageOf(browser, desk.buyer, `${server.url}/orders/${id}`);
  await expect(proposal(buyer)).toContainText("A change waits for your yes");
  await expect(proposal(buyer)).toContainText("The old price was a misprint");
  await expect(proposal(buyer)).toContainText("More to pay");
  await proposal(buyer).getByRole("button", { name: "Accept the change" }).click();
  await dialog(buyer).getByRole("button", { name: "Accept the change" }).click();
  await expect(proposal(buyer)).toHaveCount(0);
  await expect(buyer.getByRole("listitem").filter({ hasText: "Order changed" })).toBeVisible();
  await expect.poll(async () => (await desk.money(id)).totalMinor).toBe(before.totalMinor + 331);
  await expect(proposal(page)).toHaveCount(0);
  await buyer.context().close();
});

test("a buyer asks the shop for what they may not do, and the shop declines", async ({ browser, server }) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  const before = await desk.money(id);
  const buyer = await pageOf(browser, desk.buyer, `${server.url}/orders/${id}`);
  await action(buyer, "Edit").click();
  // Prices and discounts are the shop's.
  await expect(buyer.getByRole("button", { name: /^Change the price/ })).toHaveCount(0);
  await quantity(buyer, /Quantity of White/).fill("1");
  await expect(apply(buyer)).toBeVisible();
  await quantity(buyer, /Quantity of White/).fill("3");
  await expect(preview(buyer)).toContainText("The shop has to agree");
  await apply(buyer, "Ask the shop").click();
  await expect(proposal(buyer)).toContainText("A change that you proposed");
  await expect(proposal(buyer).getByRole("button", { name: /Accept/ })).toHaveCount(0);
  await expect(sign(buyer)).toHaveText("All confirmed");

  const staff = await pageOf(browser, desk.staff, `${server.url}/orders/${id}`);
  await expect(proposal(staff)).toContainText("A change waits for your yes");
  await proposal(staff).getByRole("button", { name: "Decline the change" }).click();
  await dialog(staff).getByLabel("Reason").fill("None are left");
  await dialog(staff).getByRole("button", { name: "Decline the change" }).click();
  await expect(proposal(staff)).toHaveCount(0);
  await expect(buyer.getByText("None are left")).toBeVisible();
  expect(await desk.money(id)).toEqual(before);
  await staff.context().close();
  await buyer.context().close();
});

test("two devices change the same: the second one chooses", async ({ page, context, server, browser }) => {
  const { desk, id } = await onDesk(page, context, server);
  await action(page, "Edit").click();
  await page.getByLabel("A word to the shop").fill("Ring twice");
  await quantity(page, /Quantity of Rabbit/).fill("2");
  await expect(preview(page)).toContainText("More to pay");

  // The same person is quicker with the note at another desk.
  const other = await pageOf(browser, desk.staff, `${server.url}/orders/${id}/edit`);
  await other.getByLabel("A word to the shop").fill("Leave it with the neighbour");
  await expect(apply(other)).not.toHaveAttribute("aria-disabled", "true");
  await apply(other).click();
  await expect(orderNumber(other)).toBeVisible();
  await expect(sign(other)).toHaveText("All confirmed");
  await other.context().close();

  const conflict = page.getByTestId("edit-conflict");
  await expect(conflict).toContainText("A word to the shop");
  await expect(conflict).toContainText("Changed by you");
  await expect(conflict.getByRole("button", { name: "Keep mine: Ring twice" })).toBeVisible();
  await conflict.getByRole("button", { name: "Take theirs: Leave it with the neighbour" }).click();
  await expect(conflict).toHaveCount(0);
  await expect(page.getByLabel("A word to the shop")).toHaveValue("Leave it with the neighbour");
  await expect(preview(page)).toContainText("More to pay");
  await agreed(page);
  await apply(page).click();
  await expect(orderNumber(page)).toBeVisible();
  await expect(page.getByText("Leave it with the neighbour")).toBeVisible();
  await expect.poll(() => desk.due(id)).toBeGreaterThan(0);
});

test("an edit made offline that comes too late is filled in again, with both values", async ({
  page,
  context,
  server,
}) => {
  const { desk, id } = await onDesk(page, context, server);
  await context.setOffline(true);
  await expect(sign(page)).toHaveText("Offline");
  await action(page, "Edit").click();
  await page.getByLabel("A word to the shop").fill("Ring twice");
  await expect(preview(page)).toContainText("The total stays the same");
  await apply(page).click();
  await expect(page.getByText("Ring twice")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Order changed" })).toContainText("Not sent yet");

  const changes = [{ setNote: { note: "Leave it" } }];
  await desk.send(id, "amend@1", { id: "first", changes }, desk.buyer);
  await context.setOffline(false);
  await expect(page.getByTestId("refused")).toContainText("Ring twice");
  await page.getByTestId("refused").getByRole("link", { name: "Decide" }).click();
  const conflict = page.getByTestId("edit-conflict");
  await conflict.getByRole("button", { name: "Keep mine: Ring twice" }).click();
  await expect(conflict).toHaveCount(0);
  await apply(page).click();
  await expect(orderNumber(page)).toBeVisible();
  await expect(page.getByTestId("refused")).toHaveCount(0);
  await expect(sign(page)).toHaveText("All confirmed");
  await page.reload();
  await expect(page.getByText("Ring twice").first()).toBeVisible();
});

test("what cannot be changed says why, and what was typed is not lost by a step away", async ({
  page,
  context,
  server,
}) => {
  const { desk, id } = await onDesk(page, context, server);
  await desk.pay(id);
  await desk.send(id, "confirm@1", {});
  await desk.send(id, "ship@1", { shipment: "s1", lines: [{ line: "1", quantity: "1" }] });
  await page.goto(`${server.url}/orders/${id}/edit`);
  await expect(page.getByText(/Goods have left already/).first()).toBeVisible();
  await expect(
    page.getByRole("region", { name: "Where it goes" }).getByLabel("Street and number"),
  ).toBeDisabled();
  await expect(page.getByRole("radio", { name: "Express delivery" })).toBeDisabled();
  await expect(page.getByLabel("E-mail")).toBeEnabled();
  // One of two has left: fewer than one is no quantity any more.
  await quantity(page, /Quantity of White/).fill("0");
  await expect(
    page.getByRole("main").getByRole("status").filter({ hasText: "Only 1 are left" }),
  ).toBeVisible();
  await quantity(page, /Quantity of White/).fill("1");
  await expect(preview(page)).toContainText("Less to pay");

  // An invoice can go elsewhere still; what is missing of its address is said where it is missing.
  const invoice = page.getByRole("region", { name: "Invoice address" });
  await invoice.getByRole("checkbox").check();
  await expect(apply(page)).toHaveAttribute("aria-disabled", "true");
  await invoice.getByLabel("Street and number").fill("1 Poultry");
  await invoice.getByLabel("Town or city").focus();
  await invoice.getByLabel("Postcode").fill("EC2R 8EJ");
  await expect(invoice.locator("#field-details-billingAddress-city-note")).toHaveText(/Please fill in/);
  await invoice.getByLabel("Town or city").fill("London");
  await expect(preview(page)).toContainText("Less to pay");

  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(dialog(page)).toContainText("Leave without applying?");
  await dialog(page).getByRole("button", { name: "Stay" }).click();
  await expect(quantity(page, /Quantity of White/)).toHaveValue("1");
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await dialog(page).getByRole("button", { name: "Discard and leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Orders" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const language of ["en", "zh"] as const) {
    test(`the edit form has nothing for axe to find: ${colorScheme}, ${language}`, async ({
      page,
      context,
      server,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { desk, id } = await onDesk(page, context, server);
      const changes = [{ setQuantity: { line: "1", quantity: "3" } }, { setNote: { note: "Ring twice" } }];
      await desk.send(id, "proposeAmendment@1", { id: "p", reason: "She rang", changes });
      if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
      await expect(page.getByTestId("difference")).toBeVisible();
      await clean(page, "a proposal");
      await page.getByRole("button", { name: language === "zh" ? "修改订单" : "Edit", exact: true }).click();
      await page.locator("#field-details-note").fill("?");
      await page.locator("#field-byHand-value").fill("1");
      await expect(page.getByTestId("difference")).toBeVisible();
      await clean(page, "the form");
      await page.setViewportSize({ width: 390, height: 844 });
      await clean(page, "the form on a phone");
    });
  }
}
