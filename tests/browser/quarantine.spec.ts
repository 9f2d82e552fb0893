import type { BrowserContext, Page } from "@playwright/test";
import { Desk } from "./life";
import { clean } from "./look";
import type { Server } from "./server";
import { expect, open, test, useSession } from "./shop";

/** Money that fits no order, in the inbox of the staff; and payments that a provider is asked about. */

const inbox = (page: Page) => page.getByTestId("inbox");
const money = (page: Page) => inbox(page).getByRole("link", { name: "Money that fits no order" });
const resolution = (page: Page) => page.getByTestId("resolution");
const press = (page: Page, name: string | RegExp) => resolution(page).getByRole("button", { name });
const dialog = (page: Page) => page.getByRole("dialog");
const mark = (page: Page) => page.getByTestId("inbox-mark");
const settled = (page: Page) => page.getByRole("heading", { name: "This is settled" });

interface Line {
  amountMinor: number;
  text: string;
  payer?: { name?: string; email?: string };
}

/** What the bank says came in. */
async function statement(server: Server, desk: Desk, lines: Line[]): Promise<void> {
  const body = lines.map((line, at) => ({
    id: `b${at}`,
    currency: "GBP",
    bookedMs: Date.now(),
    ...line,
  }));
  const response = await fetch(`${server.url}/v1/main/payments/statement`, {
    method: "POST",
    headers: { authorization: `Bearer ${desk.staff.token}`, "content-type": "application/json" },
    body: JSON.stringify({ lines: body }),
  });
  if (!response.ok) throw new Error(await response.text());
}

interface Kept {
  id: string;
  state: string;
  order?: string;
  by?: string;
  reason?: string;
}

/** What the server has in quarantine, also what was decided. */
async function kept(server: Server, desk: Desk): Promise<Kept[]> {
  const response = await fetch(`${server.url}/v1/main/quarantine?all=true`, {
    headers: { authorization: `Bearer ${desk.staff.token}` },
  });
  return ((await response.json()) as { entries: Kept[] }).entries;
}

async function numberOf(server: Server, desk: Desk, id: string): Promise<string> {
  const response = await fetch(`${server.url}/v1/main/orders/${id}`, {
    headers: { authorization: `Bearer ${desk.staff.token}` },
  });
  return ((await response.json()) as { order: { number: string } }).order.number;
}

/** A number with one digit exchanged for another one. */
const mistyped = (number: string) => number.slice(0, 3) + (number[3] === "7" ? "8" : "7") + number.slice(4);

async function look(page: Page, context: BrowserContext, server: Server, desk: Desk): Promise<void> {
  await useSession(context, desk.staff);
  await open(page, `${server.url}/exceptions`);
  await expect(money(page).first()).toBeVisible();
}

test("money with a mistyped number is recorded on the order that the shop proposes", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  const number = await numberOf(server, desk, id);
  const due = await desk.due(id);
  const payer = { name: "Lovelace Ada" };
  await statement(server, desk, [{ amountMinor: due, text: `order ${mistyped(number)}`, payer }]);
  await look(page, context, server, desk);
  await expect(mark(page)).toContainText("1 waiting");
  await expect(page.getByTestId("inbox-count")).toHaveText("1 thing waits for somebody");
  await expect(money(page)).toContainText("Lovelace Ada");
  await money(page).click();
  await expect(resolution(page).getByRole("heading", { level: 2 })).toBeFocused();
  await expect(resolution(page)).toContainText("Bank statement");

  const proposal = resolution(page).getByRole("radio", { name: number });
  await expect(proposal).toBeChecked();
  await expect(proposal).toHaveAccessibleName(/the number, the amount, the name/);
  await context.setOffline(true);
  await press(page, `Record on ${number}`).click();
  await expect(resolution(page)).toContainText("cannot be reached");
  await context.setOffline(false);
  await press(page, `Record on ${number}`).click();
  await expect(settled(page)).toBeVisible();
  await expect(mark(page)).toHaveCount(0);
  expect(await desk.due(id)).toBe(0);
  expect(await kept(server, desk)).toMatchObject([{ state: "matched", order: id, by: desk.staff.user }]);
});

test("an order is found by its number; without one nothing is recorded", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  const number = await numberOf(server, desk, id);
  const due = await desk.due(id);
  await statement(server, desk, [{ amountMinor: 100, text: "thank you" }]);
  await look(page, context, server, desk);
  await money(page).click();
  await expect(resolution(page)).toContainText("Nothing known of it points to an order");
  await press(page, "Record on the order").click();
  await expect(resolution(page)).toContainText("Choose an order first");

  const field = resolution(page).getByLabel("Another order, by its number");
  await field.fill("990101-0000009");
  await press(page, "Find").click();
  await expect(resolution(page)).toContainText("No order has this number");
  await field.fill(mistyped(number));
  await page.keyboard.press("Enter");
  await expect(resolution(page)).toContainText("one typing error away");
  await expect(resolution(page).getByRole("radio")).not.toBeChecked();
  await field.fill(number.toLowerCase().replace("-", " "));
  await press(page, "Find").click();
  await expect(resolution(page).getByRole("radio", { name: number })).toBeChecked();
  await press(page, `Record on ${number}`).click();
  await expect(settled(page)).toBeVisible();
  expect(await desk.due(id)).toBe(due - 100);
});

test("money is sent back, left with a reason, or was settled by somebody else", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  await statement(server, desk, [
    { amountMinor: 101, text: "one" },
    { amountMinor: 202, text: "two" },
    { amountMinor: 303, text: "three" },
  ]);
  await look(page, context, server, desk);
  await expect(mark(page)).toContainText("3 waiting");

  await money(page).filter({ hasText: "£1.01" }).click();
  await press(page, "Give the money back").click();
  await expect(dialog(page)).toContainText("transfer £1.01 back first");
  await dialog(page).getByRole("button", { name: "Give the money back" }).click();
  await expect(settled(page)).toBeVisible();
  await expect(mark(page)).toContainText("2 waiting");

  await money(page).filter({ hasText: "£2.02" }).click();
  await press(page, "Leave it").click();
  await dialog(page).getByRole("button", { name: "Leave it" }).click();
  await expect(dialog(page).getByLabel("Reason")).toHaveAttribute("aria-invalid", "true");
  await dialog(page).getByLabel("Reason").fill("A gift to the shop");
  await dialog(page).getByRole("button", { name: "Leave it" }).click();
  await expect(settled(page)).toBeVisible();

  await money(page).filter({ hasText: "£3.03" }).click();
  await press(page, "Give the money back").click();
  await expect(dialog(page)).toBeVisible();
  const last = (await kept(server, desk)).find(({ state }) => state === "open");
  const admin = await server.signIn("admin");
  const elsewhere = await fetch(`${server.url}/v1/main/quarantine/${last?.id ?? ""}/dismiss`, {
    method: "POST",
    headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
    body: JSON.stringify({ reason: "Known to the bank" }),
  });
  expect(elsewhere.status).toBe(200);
  await dialog(page).getByRole("button", { name: "Give the money back" }).click();
  await expect(settled(page)).toBeVisible();
  await expect(page.getByText("Somebody else has decided about this money")).toBeVisible();
  await expect(mark(page)).toHaveCount(0);
  const states = (await kept(server, desk)).map(({ state, reason }) => [state, reason]);
  expect(states).toContainEqual(["refunded", undefined]);
  expect(states).toContainEqual(["dismissed", "A gift to the shop"]);
  expect(states).toContainEqual(["dismissed", "Known to the bank"]);
});

/** Pays as the buyer does, through the provider. */
async function pay(server: Server, desk: Desk, id: string, instrument: string): Promise<void> {
  const response = await fetch(`${server.url}/v1/main/orders/${id}/payments`, {
    method: "POST",
    headers: { authorization: `Bearer ${desk.buyer.token}`, "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify({ action: "capture", instrument }),
  });
  expect(response.status).toBe(201);
}

test("the provider is asked what became of a payment, and sends back what came too late", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  await pay(server, desk, id, "test-lost");
  await useSession(context, desk.staff);
  await open(page, `${server.url}/exceptions`);
  await inbox(page).getByRole("link", { name: "A payment is under way" }).click();
  await expect(press(page, "Record payment")).toHaveCount(0);
  await press(page, "Ask the provider").click();
  await expect(resolution(page)).toContainText("does not know yet");
  await desk.send(id, "cancel@1", { reason: "Changed my mind" });
  await expect(settled(page)).toBeVisible({ timeout: 40_000 });

  await inbox(page).getByRole("link", { name: "Money came too late" }).click();
  await press(page, "Give the money back").click();
  await expect(dialog(page)).toContainText("The provider is asked for it");
  await dialog(page).getByRole("button", { name: "Refund", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible({ timeout: 20_000 });
  await expect.poll(async () => desk.due(id)).toBe(0);
});

for (const [device, viewport, colorScheme, language] of [
  ["desktop", { width: 1280, height: 900 }, "light", "en"],
  ["desktop", { width: 1280, height: 900 }, "dark", "zh"],
  ["phone", { width: 390, height: 844 }, "light", "zh"],
  ["phone", { width: 390, height: 844 }, "dark", "en"],
] as const) {
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
    const id = await desk.place("card");
    const other = await desk.place("card");
    const number = await numberOf(server, desk, id);
    const text = `order ${mistyped(number)}, thank you`;
    const payer = { name: "Lovelace Ada", email: "ada@example.org" };
    await statement(server, desk, [{ amountMinor: await desk.due(other), text, payer }]);
    await useSession(context, desk.staff);
    await page.goto(`${server.url}/exceptions`);
    await inbox(page).getByRole("link").first().click();
    await expect(resolution(page).getByRole("radio").first()).toBeVisible();
    await clean(page, "money that fits no order");
  });
}
