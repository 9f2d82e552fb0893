import type { Page } from "@playwright/test";
import { clean } from "./look";
import { action, dialog, dialogButton, onDesk } from "./orders";
import { expect, open, sign, test, useSession } from "./shop";

/** The lives of orders that are not the plain one, through the page. */

const shipment = (page: Page, number: number) =>
  page.getByRole("article", { name: `Shipment ${number}`, exact: true });
const attention = (page: Page) => page.getByTestId("attention");
const goods = (page: Page) => page.getByRole("region", { name: "Goods", exact: true });
const ledger = (page: Page) => page.getByRole("region", { name: "Payment", exact: true });

async function choose(page: Page, name: string): Promise<void> {
  await action(page, "More").click();
  await page.getByRole("menuitem", { name, exact: true }).click();
}

test("picked, packed, shipped, failed, sent again, delivered, received and completed", async ({
  page,
  context,
  server,
}) => {
  const { desk, id } = await onDesk(page, context, server, { picks: true, packs: true });
  await desk.pay(id);
  await action(page, "Confirm").click();
  await expect(action(page, "Pick")).toHaveAttribute("aria-disabled", "true");

  // A part is set aside first.
  await action(page, "Set goods aside").click();
  await dialog(page)
    .getByRole("textbox", { name: /Quantity of White/ })
    .fill("1");
  await dialogButton(page, "Set goods aside").click();
  await expect(shipment(page, 1)).toContainText("To be picked");

  // What was scanned has to be what is in the shipment.
  await action(page, "Pick").click();
  await dialog(page).getByLabel("Scan or type an item number").fill("85123a");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("status")).toContainText("1 of 1");
  await dialogButton(page, "Pick").click();
  await expect(dialog(page).getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await dialog(page).getByLabel("Scan or type an item number").fill("99999");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("status")).toContainText("99999 is not in this shipment");
  await dialog(page)
    .getByRole("checkbox", { name: /^Rabbit/ })
    .check();
  await dialogButton(page, "Pick").click();
  await expect(shipment(page, 1)).toContainText("Picked");

  // Back on the shelf and again, with the reason in the history.
  await shipment(page, 1).getByRole("button", { name: "Back on the shelf" }).click();
  await dialog(page).getByLabel("Reason").fill("Wrong basket");
  await dialogButton(page, "Back on the shelf").click();
  await expect(page.getByRole("listitem").filter({ hasText: "Wrong basket" })).toBeVisible();
  await action(page, "Pick").click();
  await dialog(page).getByRole("button", { name: "Tick all" }).click();
  await dialogButton(page, "Pick").click();
  await action(page, "Pack").click();
  await action(page, "Ship").click();
  await dialog(page).getByLabel("Tracking number").fill("RM 7");
  await dialogButton(page, "Ship").click();
  await expect(shipment(page, 1)).toContainText("RM 7");

  await shipment(page, 1).getByRole("button", { name: "Delivery failed" }).click();
  await dialogButton(page, "Delivery failed").click();
  await expect(dialog(page).getByText("Please fill in this field")).toBeVisible();
  await dialog(page).getByLabel("Reason").fill("Nobody home");
  await dialogButton(page, "Delivery failed").click();
  await expect(page.getByText("Needs a decision", { exact: true })).toBeVisible();
  await expect(attention(page)).toContainText("Nobody home");
  await attention(page).getByRole("button", { name: "Send again" }).click();
  await expect(attention(page)).toBeHidden();

  // The rest, then both arrive.
  await action(page, "Set goods aside").click();
  await dialogButton(page, "Set goods aside").click();
  await action(page, "Pick").click();
  await dialog(page).getByRole("button", { name: "Tick all" }).click();
  await dialogButton(page, "Pick").click();
  await action(page, "Pack").click();
  await action(page, "Ship").click();
  await dialogButton(page, "Ship").click();
  await action(page, "Mark 2 delivered").click();
  await expect(page.getByText("all delivered")).toHaveCount(2);
  await action(page, "Confirm receipt").click();
  await action(page, "Complete").click();
  await expect(
    page.getByRole("banner").or(page.getByRole("main")).getByText("Completed").first(),
  ).toBeVisible();
  await expect(sign(page)).toHaveText("All confirmed");
  await expect(page.getByTestId("refused")).toHaveCount(0);
});

test("a lost parcel is sent again, and what cannot be is cancelled", async ({ page, context, server }) => {
  const { desk, id } = await onDesk(page, context, server);
  await desk.pay(id);
  await action(page, "Confirm").click();
  await action(page, "Ship").click();
  await dialogButton(page, "Ship").click();
  await shipment(page, 1).getByRole("button", { name: "Lost" }).click();
  await dialog(page).getByLabel("Reason").fill("The carrier found nothing");
  await dialogButton(page, "Lost").click();
  await expect(attention(page)).toContainText("Shipment 1 is lost");
  await expect(page.getByText("all to be sent again")).toHaveCount(2);

  await attention(page).getByRole("button", { name: "Send new goods" }).click();
  await dialog(page)
    .getByRole("textbox", { name: /Quantity of Rabbit/ })
    .fill("0");
  await dialogButton(page, "Ship").click();
  await expect(shipment(page, 2)).toContainText("2 × White");
  await attention(page).getByRole("button", { name: "Cancel items" }).click();
  await dialog(page)
    .getByRole("button", { name: /^More of Rabbit/ })
    .click();
  await dialog(page).getByLabel("Reason").fill("Out of stock");
  await dialogButton(page, "Cancel items").click();
  await expect(attention(page)).toBeHidden();
  await expect(page.getByText("all cancelled")).toBeVisible();
  await expect(page.locator("s").filter({ hasText: "Rabbit" })).toBeVisible();
  await expect(ledger(page)).toContainText("Items cancelled");
  // The sheet says what was ordered, what was taken off, and what that leaves.
  const { totalMinor } = await desk.money(id);
  await expect(goods(page).locator("dl")).toContainText(/As ordered\s*£\d+\.\d\d/);
  await expect(goods(page).locator("dl")).toContainText(/Items cancelled\s*−£\d\.\d\d/);
  await expect(goods(page).locator("dl")).toContainText(
    new RegExp(`Total now\\s*£${(totalMinor / 100).toFixed(2)}`),
  );
  await expect(page.getByText("Refund owed", { exact: true })).toBeVisible();
});

test("an order on hold says what it stops, with the keyboard alone", async ({ page, context, server }) => {
  await onDesk(page, context, server, {}, "invoice");
  await action(page, "More").focus();
  await page.keyboard.press("Enter");
  const hold = page.getByRole("menuitem", { name: "Put on hold", exact: true });
  await expect(hold).toBeFocused();
  // What is not possible can be reached and says why, and nothing happens.
  await page.keyboard.press("ArrowDown");
  const release = page.getByRole("menuitem", { name: /^Release hold/ });
  await expect(release).toBeFocused();
  await expect(release).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Enter");
  await expect(release).toBeVisible();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");

  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(dialog(page).getByLabel("What stands in the way")).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Two names on one card");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(dialogButton(page, "Put on hold")).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(attention(page)).toContainText("On hold: Fraud review");
  await expect(attention(page)).toContainText("Two names on one card");
  await expect(attention(page)).toContainText("Stopped until it is released: Confirm");
  await expect(action(page, "More")).toBeFocused();
  await attention(page).getByRole("button", { name: "Release hold" }).focus();
  await page.keyboard.press("Enter");
  await expect(attention(page)).toBeHidden();
  await expect(action(page, "Confirm")).not.toHaveAttribute("aria-disabled", "true");
});

test("an authorization is captured in part, let go, and a receipt is given back", async ({
  page,
  context,
  server,
}) => {
  await onDesk(page, context, server);
  await action(page, "Record payment").click();
  await dialog(page).getByLabel("What it is").selectOption("authorization");
  await dialogButton(page, "Record payment").click();
  await expect(ledger(page)).toContainText("Authorised");
  // Kept ready is enough to begin.
  await expect(action(page, "Confirm")).toHaveClass(/primary/);
  await ledger(page).getByRole("button", { name: "Capture" }).click();
  await dialog(page)
    .getByLabel(/^Amount/)
    .fill("5");
  await dialogButton(page, "Capture").click();
  await expect(ledger(page)).toContainText("−£5.00");
  await ledger(page).getByRole("button", { name: "Release" }).click();
  await dialogButton(page, "Release").click();
  await expect(ledger(page).getByRole("button", { name: "Release" })).toHaveCount(0);
  await ledger(page).getByRole("button", { name: "Refund" }).click();
  await dialog(page)
    .getByLabel(/^Amount/)
    .fill("5.01");
  await dialogButton(page, "Refund").click();
  await expect(dialog(page).locator(".note.bad")).toContainText("£5.00");
  await expect(dialog(page).locator(".note.bad")).not.toContainText("GBP");
  await dialog(page)
    .getByLabel(/^Amount/)
    .fill("5");
  await dialogButton(page, "Refund").click();
  await expect(ledger(page)).toContainText("Refunded");

  // A payment on its way, and the word on how it ended.
  await action(page, "Record payment").click();
  await dialog(page).getByLabel("How far it is").selectOption("pending");
  await dialogButton(page, "Record payment").click();
  await expect(ledger(page)).toContainText("On its way");
  await ledger(page).getByRole("button", { name: "It went through" }).click();
  await dialogButton(page, "It went through").click();
  await expect(ledger(page)).toContainText(/Still due\s*£0\.00/);
  await expect(page.getByRole("listitem").filter({ hasText: "on its way" })).toHaveCount(1);
});

test("a payment after the end is recorded as certain, and brings the order back", async ({
  page,
  context,
  server,
}) => {
  await onDesk(page, context, server);
  await choose(page, "Cancel order");
  await dialog(page).getByLabel("Kind of reason").selectOption("duplicate");
  await dialog(page).getByLabel("Reason", { exact: true }).fill("Ordered twice");
  await dialogButton(page, "Cancel order").click();
  await expect(ledger(page)).toContainText("No longer asked for");
  await expect(goods(page).locator("dl")).toContainText(/Total now\s*£0\.00/);
  await expect(goods(page).locator("li s").filter({ hasText: "£" })).toHaveCount(2);

  await action(page, "Record payment").click();
  await dialog(page)
    .getByLabel(/^Amount/)
    .fill("5");
  await expect(dialog(page).getByRole("checkbox")).toHaveCount(0);
  await dialogButton(page, "Record payment").click();
  await dialog(page)
    .getByRole("checkbox", { name: /The money is there/ })
    .check();
  await dialogButton(page, "Record payment").click();
  await expect(attention(page)).toContainText("£5.00 came in, and the order is closed");
  await attention(page).getByRole("button", { name: "Bring back" }).click();
  await dialog(page).getByLabel("Reason").fill("She still wants it");
  await dialogButton(page, "Bring back").click();
  await expect(attention(page)).toBeHidden();
  await expect(page.getByText("Awaiting payment")).toBeVisible();
});

test("a small rest is let go, and units are cancelled in part", async ({ page, context, server }) => {
  const { desk, id } = await onDesk(page, context, server, { writeOffMinor: 50 });
  await choose(page, "Cancel items");
  await dialog(page)
    .getByRole("textbox", { name: /Quantity of White/ })
    .fill("1");
  await dialog(page).getByLabel("Reason").fill("One is broken");
  const before = await desk.due(id);
  await dialogButton(page, "Cancel items").click();
  await expect(page.getByText("1 cancelled", { exact: true })).toBeVisible();
  await expect(ledger(page)).toContainText("As ordered");
  // The page shows it before the server has it.
  await expect.poll(() => desk.due(id)).toBeLessThan(before);
  const due = await desk.due(id);
  await desk.pay(id, due - 30);
  await expect(ledger(page)).toContainText("£0.30");
  await choose(page, "Write off balance");
  await expect(dialog(page)).toContainText("£0.30 is let go");
  await dialogButton(page, "Write off balance").click();
  await expect(ledger(page)).toContainText("Written off");
  await expect(ledger(page)).toContainText(/Still due\s*£0\.00/);
});

test("goods wait at the counter for a code, and the buyer sees it", async ({
  page,
  context,
  server,
  browser,
}) => {
  const { desk, id } = await onDesk(page, context, server, {}, "cashOnDelivery");
  await desk.pickUp();
  await action(page, "Confirm").click();
  await action(page, "Set goods aside").click();
  await dialogButton(page, "Set goods aside").click();
  await action(page, "Ready for pickup").click();
  await dialog(page).getByLabel("Pickup code").fill("4711");
  await dialogButton(page, "Ready for pickup").click();
  await expect(shipment(page, 1)).toContainText("The buyer shows a code");
  await expect(sign(page)).toHaveText("All confirmed");

  const buyer = await browser.newContext();
  await useSession(buyer, desk.buyer);
  const view = await buyer.newPage();
  await open(view, `${server.url}/orders/${id}`);
  await expect(shipment(view, 1)).toContainText("4711");
  // Nothing that a buyer can never do is there.
  await expect(action(view, "Hand out")).toHaveCount(0);
  await expect(action(view, "More")).toHaveCount(0);
  await buyer.close();

  await action(page, "Hand out").click();
  await dialog(page).getByLabel("Pickup code").fill("1174");
  await dialogButton(page, "Hand out").click();
  await expect(dialog(page).locator(".note.bad")).toBeVisible();
  await dialog(page).getByLabel("Pickup code").fill("4711");
  await dialogButton(page, "Hand out").click();
  await expect(shipment(page, 1)).toContainText("Picked up");
});

test("what comes next, and words among colleagues", async ({ page, context, server, browser }) => {
  const { desk, id } = await onDesk(page, context, server, { payWithinMinutes: 4_320, shipWithinHours: 48 });
  const next = page.getByRole("region", { name: "What comes next" });
  await expect(next.getByRole("listitem")).toHaveText([/Expires unless paid.*in 3 days/s]);
  await page.getByRole("button", { name: "Add a note" }).click();
  await dialog(page).getByLabel("Note").fill("She called twice");
  await dialogButton(page, "Add a note").click();
  await expect(page.getByText("She called twice")).toBeVisible();
  await desk.pay(id);
  await action(page, "Confirm").click();
  await expect(next.getByRole("listitem")).toHaveText([/To be sent.*in 2 days/s]);
  await expect(sign(page)).toHaveText("All confirmed");

  const buyer = await browser.newContext();
  await useSession(buyer, desk.buyer);
  const view = await buyer.newPage();
  await open(view, `${server.url}/orders/${id}`);
  await expect(view.getByText("Placed", { exact: true })).toBeVisible();
  await expect(view.getByText("She called twice")).toHaveCount(0);
  await buyer.close();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const language of ["en", "zh"] as const) {
    test(`a busy order has nothing for axe to find: ${colorScheme}, ${language}`, async ({
      page,
      context,
      server,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const { desk, id } = await onDesk(page, context, server, { picks: true, packs: true });
      await desk.mishaps(id);
      await page.reload();
      await expect(attention(page)).toBeVisible();
      if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
      await clean(page, "the order");
      await page.getByRole("button", { name: language === "zh" ? "更多" : "More", exact: true }).click();
      await clean(page, "the menu");
      await page.getByRole("menuitem").first().press("Enter");
      await expect(dialog(page)).toBeVisible();
      await clean(page, "a dialog");
      await page.keyboard.press("Escape");
      await page.setViewportSize({ width: 360, height: 740 });
      await clean(page, "the order on a phone");
    });
  }
}
