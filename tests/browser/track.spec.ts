import type { Page } from "@playwright/test";
import { Desk } from "./life";
import { clean } from "./look";
import { showsOneOfTwo } from "./orders";
import { expect, fillOrder, open, orderNumber, place, test } from "./shop";

/** A buyer without an account follows one order. */

const contact = (page: Page) => page.getByLabel("Telephone or e-mail");
const state = (page: Page) => page.getByTestId("track-state");
const actions = (page: Page) => page.getByRole("region", { name: "What can be done" });

async function numberOf(desk: Desk, url: string, id: string): Promise<string> {
  const response = await fetch(`${url}/v1/main/orders/${id}`, {
    headers: { authorization: `Bearer ${desk.staff.token}` },
  });
  return ((await response.json()) as { order: { number: string } }).order.number;
}

async function find(page: Page, number: string, known: string): Promise<void> {
  await page.getByLabel("Order number").fill(number);
  await contact(page).fill(known);
  await page.getByRole("button", { name: "Find the order" }).click();
}

test("an order is found by number and e-mail, followed to its end, and received", async ({
  page,
  server,
}) => {
  const desk = await Desk.of(server);
  await desk.carriers([
    { id: "rm", name: { en: "Royal Mail" }, trackingUrl: "https://carrier.example/follow?n={number}" },
  ]);
  const id = await desk.place("card");
  const number = await numberOf(desk, server.url, id);
  await desk.send(id, "note@1", { text: "Only for the staff" });

  await page.goto(`${server.url}/track`);
  await expect(page.getByRole("heading", { level: 1, name: "Follow an order" })).toBeVisible();
  // As people type: no separators, small letters.
  await find(page, number.replace("-", " ").toLowerCase(), "ADA@example.org");
  await expect(orderNumber(page)).toHaveText(number);
  await expect(orderNumber(page)).toBeFocused();
  await expect(state(page)).toContainText("The shop waits for your payment");
  await expect(page.getByText("Only for the staff")).toHaveCount(0);
  const receipt = actions(page).getByRole("button", { name: "Confirm receipt" });
  await expect(receipt).toHaveAttribute("aria-disabled", "true");

  await desk.pay(id);
  await desk.send(id, "confirm@1", {});
  await desk.send(id, "ship@1", { shipment: crypto.randomUUID(), carrier: "Royal Mail", tracking: "RM 1" });
  await page.reload();
  await expect(state(page)).toContainText("Your goods are on the way");
  await expect(page.getByRole("link", { name: /Follow it at the carrier/ })).toHaveAttribute(
    "href",
    "https://carrier.example/follow?n=RM%201",
  );
  await receipt.click();
  await expect(
    page.getByText("You have received", { exact: false }).or(page.getByText("The goods are with you")),
  ).toBeVisible();
  await expect(receipt).toHaveAttribute("aria-disabled", "true");
});

test("a wrong contact and an unknown number look alike, and tries come to an end", async ({
  page,
  server,
}) => {
  const desk = await Desk.of(server);
  const number = await numberOf(desk, server.url, await desk.place("card"));
  await page.goto(`${server.url}/track?number=${number}`);
  await expect(page.getByLabel("Order number")).toHaveValue(number);
  const alert = page.getByRole("alert").filter({ hasText: /\S/ });
  await find(page, number, "eve@example.org");
  await expect(alert).toContainText("No order has this number together with this");
  const said = await alert.textContent();
  await find(page, "990101-0000009", "ada@example.org");
  await expect(alert).toHaveText(said ?? "");
  for (let tries = 0; tries < 4; tries += 1) {
    const answered = page.waitForResponse("**/track");
    await find(page, number, "eve@example.org");
    expect((await answered).status()).toBe(404);
  }
  await find(page, number, "ada@example.org");
  await expect(alert).toContainText("tried too often");
  await expect(orderNumber(page)).toHaveCount(0);
});

test("a typing error is asked back, for whoever knows the contact", async ({ page, server }) => {
  const desk = await Desk.of(server);
  const number = await numberOf(desk, server.url, await desk.place("card"));
  const typed = number.slice(0, 3) + (number[3] === "7" ? "8" : "7") + number.slice(4);
  await page.goto(`${server.url}/track`);
  await find(page, typed, "eve@example.org");
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await expect(page.getByTestId("did-you-mean")).toBeEmpty();
  await find(page, typed, "ada@example.org");
  await page.getByTestId("did-you-mean").getByRole("button", { name: number }).click();
  await expect(orderNumber(page)).toHaveText(number);
});

test.describe("without the service worker, which hides requests from the test", () => {
  test.use({ serviceWorkers: "block" });

  test("a cancellation whose answer is lost is done once", async ({ page, server }) => {
    const desk = await Desk.of(server);
    const id = await desk.place("card");
    await page.goto(`${server.url}/track`);
    await find(page, await numberOf(desk, server.url, id), "ada@example.org");
    await actions(page).getByRole("button", { name: "Cancel order" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel order" }).click();
    await expect(dialog.getByText("Please fill in this field")).toBeVisible();
    await dialog.getByLabel("Reason", { exact: true }).fill("Ordered twice");

    const keys: (string | undefined)[] = [];
    let isFirst = true;
    await page.route("**/commands", async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      // It arrives, and nobody hears of it.
      const response = await route.fetch();
      if (isFirst) await route.abort();
      else await route.fulfill({ response });
      isFirst = false;
    });
    await dialog.getByRole("button", { name: "Cancel order" }).click();
    await expect(dialog.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
    await dialog.getByRole("button", { name: "Cancel order" }).dblclick();
    await expect(dialog).toBeHidden();
    await expect(state(page)).toContainText("The order was called off");
    expect(new Set(keys).size).toBe(1);
    await expect(page.getByRole("listitem").filter({ hasText: "Ordered twice" })).toHaveCount(1);
  });
});

test("one of two goes back, and the buyer is told to the cent what for", async ({ page, server }) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  await desk.deliver(id);
  await page.goto(`${server.url}/track`);
  await find(page, await numberOf(desk, server.url, id), "ada@example.org");
  await expect(state(page)).toContainText("Your goods are there");
  await actions(page).getByRole("button", { name: "Return goods" }).click();
  const next = page.getByRole("button", { name: "Next", exact: true });
  await page.getByRole("textbox", { name: /Quantity of White/ }).fill("1");
  await page.getByLabel(/^Why White/).selectOption("no longer wanted");
  await expect(next).not.toHaveAttribute("aria-disabled", "true");
  await next.click();
  await expect(page.getByText("£2.51 goes back to Card.")).toBeVisible();
  await next.click();
  await page.getByLabel("A word to the shop").fill("One is enough");
  await page.getByRole("button", { name: "Ask for the return" }).click();
  const card = page.getByRole("article", { name: "Return 1", exact: true });
  await expect(card).toContainText("Asked for");
  await expect(card).toContainText("One is enough");
  await expect(orderNumber(page)).toBeFocused();
});

test("fewer are wanted: the edit is shown before it is made", async ({ page, server }) => {
  const desk = await Desk.of(server);
  await desk.work({ amendments: { customer: "detailsAndLess" } });
  const id = await desk.place("card");
  const before = await desk.due(id);
  await page.goto(`${server.url}/track`);
  await find(page, await numberOf(desk, server.url, id), "ada@example.org");
  await actions(page).getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: /Quantity of White/ }).fill("1");
  await expect(page.getByRole("complementary")).toContainText("£2.51");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(orderNumber(page)).toBeFocused();
  await expect(state(page)).toBeVisible();
  expect(await desk.due(id)).toBe(before - 251);
  await showsOneOfTwo(page, before - 251);
});

test("money that the bank took back is asked for again, and the goods stay on their way", async ({
  page,
  server,
}) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  const due = await desk.due(id);
  await page.goto(`${server.url}/track`);
  await find(page, await numberOf(desk, server.url, id), "ada@example.org");
  const step = (name: string) => state(page).getByRole("listitem").filter({ hasText: name });
  await expect(step("Payment")).toHaveAttribute("aria-current", "step");

  await desk.send(id, "recordPayment@1", { id: "p", method: "card", amountMinor: due });
  await desk.send(id, "confirm@1", {});
  await desk.send(id, "ship@1", { shipment: "s1" });
  await page.reload();
  await expect(step("Paid")).toHaveText("Paid, done");
  await expect(step("With you")).toHaveAttribute("aria-current", "step");
  const taken = { id: "c", kind: "chargeback", source: "p", method: "card", amountMinor: due };
  await desk.send(id, "recordPayment@1", taken);
  await page.reload();
  await expect(step("Payment")).toHaveText("Payment, still open");
  await expect(step("Payment")).not.toHaveAttribute("aria-current");
  await expect(step("With you")).toHaveAttribute("aria-current", "step");
  await expect(page.getByText("Paid", { exact: true })).toHaveCount(0);
});

test("the way there: from the order that was placed, and from the page to sign in", async ({
  page,
  server,
}) => {
  await open(page, server.url);
  await fillOrder(page);
  const number = await place(page);
  await page.getByRole("link", { name: "Follow it later" }).click();
  await expect(page.getByLabel("Order number")).toHaveValue(number);
  await contact(page).fill("ada@example.org");
  await page.keyboard.press("Enter");
  await expect(orderNumber(page)).toHaveText(number);
  await page.getByRole("button", { name: "Follow another order" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.reload();
  await expect(page.getByLabel("Order number")).toBeVisible();
});

test("a buyer without an account pays: declined, on its way, paid", async ({ page, server }) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  const number = await numberOf(desk, server.url, id);
  await desk.send(id, "note@1", { text: "Only for the staff" });
  await page.goto(`${server.url}/track`);
  await find(page, number, "ada@example.org");
  const till = page.getByTestId("pay-now");
  const pay = till.getByRole("button", { name: /^Pay £/ });
  await till.getByRole("radio", { name: "No money on it" }).check();
  await pay.click();
  await expect(till.getByRole("status")).toContainText("choose another one");
  await till.getByRole("radio", { name: "Takes a few seconds" }).check();
  await pay.click();
  await expect(till.getByRole("status")).toContainText("on its way");
  await expect(pay).toHaveCount(0);
  // Nobody tells this page what becomes of it, and it shows all the same.
  await expect(till.getByRole("status")).toContainText("Paid", { timeout: 30_000 });
  await expect(page.getByText("Only for the staff")).toHaveCount(0);
  expect(await desk.due(id)).toBe(0);
  await page.reload();
  await expect(till.getByRole("status")).toContainText("Paid");
  await expect(pay).toHaveCount(0);
});

for (const [device, viewport] of [
  ["desktop", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const language of ["en", "zh"] as const) {
      test(`nothing for axe to find: ${device}, ${colorScheme}, ${language}`, async ({ page, server }) => {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.addInitScript((text) => {
          localStorage.setItem("orderkit.language", text);
        }, language);
        const desk = await Desk.of(server);
        const id = await desk.place("card");
        const number = await numberOf(desk, server.url, id);
        await desk.mishaps(id);
        await page.goto(`${server.url}/track?number=${number}`);
        await expect(page.getByRole("textbox").first()).toHaveValue(number);
        await clean(page, "the search");
        await page.getByRole("textbox").nth(1).fill("ada@example.org");
        await page.keyboard.press("Enter");
        await expect(orderNumber(page)).toBeVisible();
        await clean(page, "the order");
      });
    }
  }
}
