import type { BrowserContext, Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { usualDraft } from "./draft";
import { Desk } from "./life";
import { clean } from "./look";
import type { Server } from "./server";
import { expect, fillOrder, open, orderNumber, place, sign, test, useSession } from "./shop";
import { tamper } from "./tamper";

/** What is unusual, through the inbox of the staff. */

const inbox = (page: Page) => page.getByTestId("inbox");
const entry = (page: Page, name: string) => inbox(page).getByRole("link", { name });
const resolution = (page: Page) => page.getByTestId("resolution");
const way = (page: Page, name: string) => resolution(page).getByRole("button", { name, exact: true });
const dialog = (page: Page) => page.getByRole("dialog");
const mark = (page: Page) => page.getByTestId("inbox-mark");

async function onDesk(page: Page, context: BrowserContext, server: Server): Promise<Desk> {
  const desk = await Desk.of(server);
  await useSession(context, desk.staff);
  await open(page, `${server.url}/exceptions`);
  return desk;
}

async function find(page: Page, name: string): Promise<void> {
  await entry(page, name).click();
  await expect(resolution(page).getByRole("heading", { level: 2, name })).toBeFocused();
}

test("an empty inbox says so; money that came too late brings its order back", async ({
  page,
  context,
  server,
}) => {
  const desk = await onDesk(page, context, server);
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await expect(mark(page)).toHaveCount(0);

  const id = await desk.place("card");
  const due = await desk.due(id);
  await desk.send(id, "cancel@1", { reason: "Changed my mind" });
  const late = { id: crypto.randomUUID(), method: "card", amountMinor: due, isCertain: true };
  await desk.send(id, "recordPayment@1", late);

  await expect(entry(page, "Money came too late")).toContainText("Ada Lovelace");
  await expect(page.getByTestId("inbox-count")).toHaveText("1 thing waits for somebody");
  await expect(mark(page)).toContainText("1 waiting");
  // By the keyboard alone: down into the list, Enter opens it.
  await entry(page, "Money came too late").focus();
  await page.keyboard.press("Enter");
  await expect(resolution(page).getByRole("heading", { level: 2 })).toBeFocused();
  await expect(resolution(page)).toContainText("came in after the order was closed");
  await expect(way(page, "Give the money back")).toBeVisible();
  await way(page, "Bring back").click();
  await dialog(page).getByLabel("Reason").fill("The customer still wants it");
  await dialog(page).getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByRole("heading", { name: "This is settled" })).toBeVisible();
  await expect(mark(page)).toHaveCount(0);
  await expect(sign(page)).toHaveText("All confirmed");
  expect(await desk.due(id)).toBe(0);
});

test("the mark counts what the page lists, also where one order has several", async ({
  page,
  context,
  server,
}) => {
  const desk = await onDesk(page, context, server);
  await desk.mishaps(await desk.place("card"));
  await expect(entry(page, "A parcel was not delivered")).toBeVisible();
  const listed = await inbox(page).getByRole("link").count();
  expect(listed).toBeGreaterThan(2);
  await expect(page.getByTestId("inbox-count")).toHaveText(`${listed} things wait for somebody`);
  await expect(mark(page)).toContainText(`${listed} waiting`);
});

test("money that came too late is given back", async ({ page, context, server }) => {
  const desk = await onDesk(page, context, server);
  const id = await desk.place("card");
  const due = await desk.due(id);
  await desk.send(id, "cancel@1", { reason: "Changed my mind" });
  const late = { id: crypto.randomUUID(), method: "card", amountMinor: due, isCertain: true };
  await desk.send(id, "recordPayment@1", late);
  await find(page, "Money came too late");
  await way(page, "Give the money back").click();
  await dialog(page).getByRole("button", { name: "Record refund" }).click();
  await expect(page.getByRole("heading", { name: "This is settled" })).toBeVisible();
  await expect.poll(async () => desk.due(id)).toBe(0);
});

test("a refused command is mended and sent again, and another one is dropped", async ({
  page,
  context,
  server,
}) => {
  const desk = await onDesk(page, context, server);
  const [id, other] = [await desk.place("card"), await desk.place("card")];
  for (const order of [id, other]) {
    await desk.pay(order);
    await desk.send(order, "confirm@1", {});
  }
  await page.goto(`${server.url}/orders/${id}`);
  await expect(sign(page)).toHaveText("All confirmed");
  const actions = page.getByRole("region", { name: "What can be done" });

  await context.setOffline(true);
  await actions.getByRole("button", { name: "Ship", exact: true }).click();
  await dialog(page)
    .getByRole("textbox", { name: /Quantity of White/ })
    .fill("1");
  await dialog(page)
    .getByRole("textbox", { name: /Quantity of Rabbit/ })
    .fill("0");
  await dialog(page).getByLabel("Tracking number").fill("RM 7");
  await dialog(page).getByRole("button", { name: "Ship", exact: true }).click();
  await expect(dialog(page)).toBeHidden();
  await goTo(page, `/orders/${other}`);
  await actions.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Cancel order" }).click();
  await dialog(page).getByLabel("Reason", { exact: true }).fill("Called by telephone");
  await dialog(page).getByRole("button", { name: "Cancel order" }).click();
  await expect(dialog(page)).toBeHidden();
  // Meanwhile another desk has used the tracking number, and has sent the other order.
  const lines = [{ line: "1", quantity: "1" }];
  await desk.send(id, "ship@1", { shipment: crypto.randomUUID(), lines, tracking: "RM 7" });
  await desk.send(other, "ship@1", { shipment: crypto.randomUUID() });
  await context.setOffline(false);

  await expect(sign(page)).toHaveText("2 refused");
  await page.getByRole("link", { name: /^Exceptions/ }).click();
  await expect(inbox(page).getByRole("listitem")).toHaveCount(2);
  await inbox(page).getByRole("link").filter({ hasText: "Ship" }).click();
  await expect(resolution(page)).toContainText("is used by another shipment");
  await way(page, "Mend and send again").click();
  // As it was filled in, with the reason at its field.
  await expect(dialog(page).getByRole("textbox", { name: /Quantity of White/ })).toHaveValue("1");
  await expect(dialog(page).getByLabel("Tracking number")).toHaveValue("RM 7");
  await expect(dialog(page).getByLabel("Tracking number")).toHaveAttribute("aria-invalid", "true");
  await dialog(page).getByLabel("Tracking number").fill("RM 8");
  await dialog(page).getByRole("button", { name: "Ship", exact: true }).click();
  await expect(page.getByRole("heading", { name: "This is settled" })).toBeVisible();

  await page.getByRole("link", { name: "Go on with the next" }).click();
  await expect(resolution(page)).toContainText("Cancel order");
  await way(page, "Drop it").click();
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await expect(sign(page)).toHaveText("All confirmed");
  await goTo(page, `/orders/${id}`);
  await expect(page.getByText("RM 8").first()).toBeVisible();
});

/** Goes to another page without asking the server for it. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}

test("a changed log is shown, kept as evidence, and fetched anew", async ({ page, context, server }) => {
  const desk = await onDesk(page, context, server);
  const id = await desk.place("card");
  await page.goto(`${server.url}/orders/${id}`);
  await expect(orderNumber(page)).toBeVisible();
  const number = await orderNumber(page).textContent();
  const due = await desk.due(id);

  await page.goto(`${server.url}/health`);
  await tamper(page, "Ada Lovelace", "Eve Lovelace");
  // It shows when the log is read, which is when somebody opens the order.
  await page.goto(`${server.url}/orders/${id}`);
  await expect(page.getByText("Eve Lovelace").first()).toBeVisible();
  await page.locator("header a[href='/exceptions']").click();
  await find(page, "A stored log was changed");
  await expect(resolution(page)).toContainText("at entry 1");
  await expect(resolution(page)).toContainText("can only be looked at");

  const [file] = await Promise.all([page.waitForEvent("download"), way(page, "Save a copy").click()]);
  const evidence = JSON.parse(await readFile(await file.path(), "utf8")) as {
    format: string;
    brokenEntry: number;
    log: { id: string };
  };
  expect(evidence).toMatchObject({ format: "orderkit/log@1", brokenEntry: 0, log: { id } });
  expect(JSON.stringify(evidence)).toContain("Eve Lovelace");

  // Whatever is pressed at the order itself is refused.
  await resolution(page)
    .getByRole("link", { name: number ?? "" })
    .click();
  const actions = page.getByRole("region", { name: "What can be done" });
  await expect(actions.getByRole("button", { name: "Record payment" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await page.goBack();

  await way(page, "Fetch anew").click();
  await expect(page.getByRole("heading", { name: "This is settled" })).toBeVisible();
  await page.goto(`${server.url}/orders/${id}`);
  await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
  expect(await desk.due(id)).toBe(due);
});

test("stored orders that cannot be read are fetched again, and it is said meanwhile", async ({
  page,
  context,
  server,
}) => {
  const desk = await onDesk(page, context, server);
  const id = await desk.place("card");
  await page.goto(`${server.url}/orders/${id}`);
  await expect(orderNumber(page)).toBeVisible();
  await page.goto(`${server.url}/health`);
  await tamper(page, "Ada Lovelace", "Eve Lovelace", { keepsChecksum: true });
  await page.route("**/v1/main/sync", (route) => route.abort());
  await page.goto(`${server.url}/exceptions`);
  await find(page, "Storage of this device");
  await expect(resolution(page)).toContainText("could not be read");
  // Pressed while the server is out of reach: it stays as it is until an exchange gets through, by itself or by another press.
  await way(page, "Fetch anew").click();
  await expect(resolution(page)).toContainText("could not be read");
  await page.unroute("**/v1/main/sync");
  await expect(page.getByRole("heading", { name: "This is settled" })).toBeVisible({ timeout: 60_000 });
});

test("a clock that is wrong is told by the next exchange", async ({ page, context, server }) => {
  const desk = await Desk.of(server);
  await useSession(context, desk.staff);
  await page.clock.install({ time: Date.now() + 3 * 60 * 60 * 1000 });
  await page.goto(`${server.url}/exceptions`);
  await find(page, "The clock of this device is wrong");
  await expect(resolution(page)).toContainText("3 hours fast");
  await expect(resolution(page)).toContainText("let it set the time by itself");
  await expect(resolution(page).getByRole("button")).toHaveCount(0);
});

test("the same request twice is one order", async ({ server }) => {
  const desk = await Desk.of(server);
  const draft = usualDraft();
  const key = crypto.randomUUID();
  const placing = () =>
    fetch(`${server.url}/v1/main/orders`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${desk.buyer.token}`,
        "content-type": "application/json",
        "idempotency-key": key,
      },
      body: JSON.stringify({ draft }),
    });
  const answers = await Promise.all([placing(), placing(), placing()]);
  const numbers = await Promise.all(
    answers.map(async (answer) => ((await answer.json()) as { order: { number: string } }).order.number),
  );
  expect(new Set(numbers).size).toBe(1);
  expect(await server.orders()).toHaveLength(1);
});

test.describe("without the service worker, which hides requests from the test", () => {
  test.use({ serviceWorkers: "block" });

  test("an order that was refused opens in its form again, with the reasons", async ({
    page,
    context,
    server,
  }) => {
    const desk = await Desk.of(server);
    await useSession(context, desk.staff);
    await open(page, server.url);
    await context.setOffline(true);
    await fillOrder(page);
    await place(page);
    await page.route("**/v1/main/sync", async (route) => {
      const body = route.request().postDataJSON() as {
        commands: { kind: string; args: { draft: { details: { customer: { email: string } } } } }[];
      };
      for (const command of body.commands) {
        if (command.kind === "place@1") command.args.draft.details.customer.email = "ada at example";
      }
      await route.continue({ postData: JSON.stringify(body) });
    });
    await context.setOffline(false);
    await expect(sign(page)).toHaveText("1 refused");
    await page.unroute("**/v1/main/sync");
    await page.getByRole("link", { name: /^Exceptions/ }).click();
    await find(page, "Something entered is wrong");
    await way(page, "Mend and send again").click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada Lovelace");
    await expect(page.getByLabel("E-mail")).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("E-mail").fill("ada@example.org");
    await place(page);
    await expect(page.getByText("Received by the shop")).toBeVisible();
    expect(await server.orders()).toHaveLength(1);
  });
});

for (const [device, viewport] of [
  ["desktop", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const language of ["en", "zh"] as const) {
      test(`nothing for axe to find: ${device}, ${colorScheme}, ${language}`, async ({
        page,
        context,
        server,
      }) => {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.addInitScript((text) => {
          localStorage.setItem("orderkit.language", text);
        }, language);
        const desk = await Desk.of(server);
        await useSession(context, desk.staff);
        const id = await desk.place("card");
        await desk.mishaps(id);
        await page.goto(`${server.url}/exceptions`);
        await expect(inbox(page).getByRole("listitem").first()).toBeVisible();
        await clean(page, "the list");
        const count = await inbox(page).getByRole("listitem").count();
        expect(count).toBeGreaterThan(2);
        await inbox(page).getByRole("link").first().click();
        await expect(resolution(page)).toBeVisible();
        await clean(page, "the resolution");
      });
    }
  }
}
