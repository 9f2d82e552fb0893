import type { Page } from "@playwright/test";
import { Desk } from "./life";
import { clean } from "./look";
import { action, dialog, dialogButton, pageOf } from "./orders";
import { expect, open, orderNumber, sign, test, useSession } from "./shop";

/** Goods that come back, from the wish of the buyer to the money, through the page. */

const card = (page: Page) => page.getByRole("article", { name: "Return 1", exact: true });
const step = (page: Page, name: string) => card(page).getByRole("button", { name, exact: true });
const button = (page: Page, name: string) =>
  page.getByRole("main").getByRole("button", { name, exact: true });

test("one of two comes back, and the buyer gets what was paid for it to the cent", async ({
  browser,
  server,
}) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  await desk.deliver(id);
  const before = await desk.money(id);
  expect(before).toMatchObject({ totalMinor: 1073, balanceDueMinor: 0 });

  const buyer = await pageOf(browser, desk.buyer, `${server.url}/orders/${id}`);
  await action(buyer, "Return goods").click();
  await expect(button(buyer, "Next")).toHaveAttribute("aria-disabled", "true");
  await buyer.getByRole("textbox", { name: /Quantity of White/ }).fill("3");
  await buyer.getByLabel(/^Why White/).selectOption("no longer wanted");
  await expect(buyer.getByText("Only 2 are left")).toBeVisible();
  await buyer.getByRole("textbox", { name: /Quantity of White/ }).fill("1");
  await expect(button(buyer, "Next")).not.toHaveAttribute("aria-disabled", "true");
  await button(buyer, "Next").click();
  // Half of 5.90 less 15 %: a half cent goes to the first of the two.
  const given = buyer.getByTestId("settlement");
  await expect(given).toContainText("1 × White hanging heart T-light holder");
  await expect(given).toContainText("15 % off lights");
  await expect(given).toContainText(/Comes back\s*£2\.51/);
  await expect(buyer.getByText("£2.51 goes back to Card.")).toBeVisible();
  await button(buyer, "Next").click();
  await buyer.getByLabel("A word to the shop").fill("One is enough");
  await button(buyer, "Ask for the return").click();
  await expect(orderNumber(buyer)).toBeVisible();
  await expect(card(buyer)).toContainText("Asked for");
  await expect(sign(buyer)).toHaveText("All confirmed");

  const staff = await pageOf(browser, desk.staff, `${server.url}/orders/${id}`);
  await expect(card(staff)).toContainText("One is enough");
  await step(staff, "Approve").click();
  await expect(card(buyer)).toContainText("Approved");
  await step(buyer, "Sent back").click();
  await dialog(buyer).getByLabel("Tracking number").fill("RM 9");
  await dialogButton(buyer, "Sent back").click();
  await expect(card(staff)).toContainText("RM 9");
  await step(staff, "Receive").click();
  await dialogButton(staff, "Receive").click();
  await step(staff, "Look at goods").click();
  await dialog(staff)
    .getByLabel(/^Condition of White/)
    .selectOption("worn or opened");
  await dialogButton(staff, "Look at goods").click();
  await expect(card(staff)).toContainText("1 worn or opened, to the shelf");
  await step(staff, "Settle").click();
  await expect(dialog(staff).getByTestId("settlement")).toContainText(/Comes back\s*£2\.51/);
  await dialogButton(staff, "Settle").click();
  await expect(card(staff)).toContainText("Settled");
  await expect(card(staff)).toContainText("£2.51 goes back to Card.");
  await expect.poll(() => desk.money(id)).toMatchObject({ totalMinor: 822, balanceDueMinor: -251 });

  await action(staff, "Record refund").click();
  await expect(dialog(staff).getByLabel(/^Amount/)).toHaveValue("2.51");
  await dialogButton(staff, "Record refund").click();
  await expect.poll(() => desk.due(id)).toBe(0);
  await step(staff, "Close").click();
  await expect(card(staff)).toContainText("Closed");
  await expect(card(buyer)).toContainText("Closed");
  await expect(staff.getByTestId("refused")).toHaveCount(0);
  await staff.context().close();
  await buyer.context().close();
});

test("dearer goods in exchange leave one difference to pay", async ({ browser, server }) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  await desk.deliver(id);
  const staff = await pageOf(browser, desk.staff, `${server.url}/orders/${id}`);
  await button(staff, "More").click();
  await staff.getByRole("menuitem", { name: "Return goods" }).click();
  await staff.getByRole("radio", { name: /^Other goods/ }).check();
  await staff.getByRole("button", { name: "More of Rabbit night light" }).click();
  await staff.getByLabel(/^Why Rabbit/).selectOption("wrong item");
  await staff.getByLabel(/^In place of Rabbit/).fill("nothing");
  await expect(staff.getByText(/nothing/).first()).toBeVisible();
  await expect(button(staff, "Next")).toHaveAttribute("aria-disabled", "true");
  await staff.getByLabel(/^In place of Rabbit/).fill("22423");
  await button(staff, "Next").click();
  // A cake stand at 12.75, and 1.77 was paid for the light.
  await expect(staff.getByText("£10.98 is to be paid on top.")).toBeVisible();
  await button(staff, "Next").click();
  await button(staff, "Ask for the return").click();
  await step(staff, "Approve").click();
  await step(staff, "Receive").click();
  await dialogButton(staff, "Receive").click();
  await step(staff, "Look at goods").click();
  await dialogButton(staff, "Look at goods").click();
  await step(staff, "Settle").click();
  await expect(dialog(staff).getByText("£10.98 is to be paid on top.")).toBeVisible();
  await dialogButton(staff, "Settle").click();
  await expect(dialog(staff)).toHaveCount(0);
  await expect(staff.getByText("Regency cakestand, 3 tier", { exact: true })).toBeVisible();
  await expect.poll(() => desk.money(id)).toMatchObject({ totalMinor: 1073 + 1098, balanceDueMinor: 1098 });
  await staff.context().close();
});

test("what cannot come back says why, proof is asked for, and it works without a network", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  await desk.takeBack({ evidenceFor: ["defective"] });
  const id = await desk.place("card");
  await desk.deliver(id, [{ line: "1", quantity: "2" }]);
  await useSession(context, desk.buyer);
  await open(page, `${server.url}/orders/${id}`);
  await context.setOffline(true);
  await expect(sign(page)).toHaveText("Offline");
  await action(page, "Return goods").click();
  const rabbit = page.getByRole("main").getByRole("listitem").filter({ hasText: "Rabbit night light" });
  await expect(rabbit.getByRole("textbox")).toHaveCount(0);
  await expect(rabbit).toContainText("None of it is with the buyer");
  await page.getByRole("radio", { name: /^Something is wrong/ }).check();
  await page.getByRole("button", { name: "More of White hanging heart T-light holder" }).click();
  // A claim is not for goods that are no longer wanted.
  await page.getByLabel(/^Why White/).selectOption("does not work");
  await expect(button(page, "Next")).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText("Please add a picture or other proof")).toBeVisible();
  await page.getByLabel(/^Proof for White/).fill("https://example.org/dark.jpg");
  await expect(button(page, "Next")).not.toHaveAttribute("aria-disabled", "true");
  // What was filled in is not lost by a step away.
  await page.getByRole("link", { name: "My orders" }).click();
  await dialogButton(page, "Stay").click();
  await button(page, "Next").click();
  await expect(page.getByTestId("settlement")).toContainText("£2.51");
  await button(page, "Next").click();
  await button(page, "Ask for the return").click();
  await expect(card(page)).toContainText("Asked for");
  await expect(card(page)).toContainText("https://example.org/dark.jpg");
  await context.setOffline(false);
  await expect(sign(page)).toHaveText("All confirmed");
  await page.reload();
  await expect(card(page)).toContainText("Asked for");
  await expect(page.getByTestId("refused")).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const language of ["en", "zh"] as const) {
    test(`returns have nothing for axe to find: ${colorScheme}, ${language}`, async ({
      page,
      context,
      server,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const desk = await Desk.of(server);
      const id = await desk.place("card");
      await desk.deliver(id);
      const lines = [{ line: "1", quantity: "2", reason: "damagedInTransit" }];
      await desk.send(id, "requestReturn@1", { returnId: "r1", lines });
      for (const kind of ["approveReturn@1", "receiveReturn@1", "inspectReturn@1"])
        await desk.send(id, kind, { returnId: "r1" });
      await useSession(context, desk.staff);
      await open(page, `${server.url}/orders/${id}`);
      if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
      await clean(page, "a return");
      await page.getByRole("button", { name: language === "zh" ? "处理" : "Settle", exact: true }).click();
      await expect(page.getByTestId("settlement")).toBeVisible();
      await clean(page, "the settlement");
      await page.goto(`${server.url}/orders/${id}/return`);
      await page.getByRole("radio").last().check();
      const more = language === "zh" ? /增加|多/ : /^More of Rabbit/;
      await page.getByRole("main").getByRole("button", { name: more }).first().click();
      await clean(page, "the wizard");
      await page.setViewportSize({ width: 390, height: 844 });
      await clean(page, "the wizard on a phone");
    });
  }
}
