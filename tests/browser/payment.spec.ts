import type { Page } from "@playwright/test";
import { createHmac } from "node:crypto";
import { Desk } from "./life";
import { clean } from "./look";
import type { Server } from "./server";
import { expect, fillOrder, open, orderNumber, place, test, useSession } from "./shop";

/** Paying through the provider for trying out, as a buyer does, and what comes late. */

// What the provider signs with, so that a test can speak in its name.
const secret = "a secret of the page tests";
process.env["ORDERKIT_PAYMENT_SECRET"] = secret;

const till = (page: Page) => page.getByTestId("pay-now");
const payButton = (page: Page) => till(page).getByRole("button", { name: /^Pay £/ });
const says = (page: Page) => till(page).getByRole("status");

async function choose(page: Page, card: string): Promise<void> {
  await till(page).getByRole("radio", { name: card }).check();
  await payButton(page).click();
}

/** The payments of the only order, as the server has them. */
async function payments(server: Server): Promise<{ state?: string; provider?: string }[]> {
  const { token } = await server.signIn("staff");
  const [order] = await server.orders();
  const response = await fetch(`${server.url}/v1/main/orders/${order?.id ?? ""}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await response.json()) as { order: { payments: { state?: string }[] } }).order.payments;
}

test("a card that is declined, another one that pays, and the notices that staff see", async ({
  page,
  server,
}) => {
  await open(page, server.url);
  await fillOrder(page);
  await place(page);
  await choose(page, "Reported stolen");
  await expect(says(page)).toContainText("The payment was refused");
  await choose(page, "No money on it");
  await expect(says(page)).toContainText("choose another one");
  await choose(page, "A bank that is busy");
  await expect(says(page)).toContainText("The bank is busy");
  await clean(page, "a payment that failed");
  await choose(page, "A card that works");
  await expect(says(page)).toContainText("Paid");
  await expect(payButton(page)).toHaveCount(0);

  await page.getByRole("link", { name: "See the order" }).click();
  const ledger = page.getByRole("region", { name: "Payment", exact: true });
  await expect(ledger).toContainText("insufficient_funds");
  await expect(says(page)).toContainText("Paid");
  expect((await payments(server)).map(({ state }) => state ?? "success")).toEqual([
    "failure",
    "failure",
    "failure",
    "success",
  ]);
});

test("an answer that gets lost is waited for, and nobody pays twice", async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, server.url);
  await fillOrder(page);
  await place(page);
  await choose(page, "The answer gets lost");
  await expect(says(page)).toContainText("on its way");
  await expect(payButton(page)).toHaveCount(0);
  // What is under way survives a reload, and the page still offers no second payment.
  await page.reload();
  await expect(says(page)).toContainText("on its way");
  await expect(payButton(page)).toHaveCount(0);
  await expect(says(page)).toContainText("Paid", { timeout: 40_000 });
  expect(await payments(server)).toHaveLength(1);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test("staff give back a part through the provider, and see what the customer was told", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  const id = await desk.place("card");
  const paid = await fetch(`${server.url}/v1/main/orders/${id}/payments`, {
    method: "POST",
    headers: { authorization: `Bearer ${desk.buyer.token}`, "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify({ action: "capture", instrument: "test-ok" }),
  });
  expect(paid.status).toBe(201);
  await useSession(context, desk.staff);
  await open(page, `${server.url}/orders/${id}`);
  const ledger = page.getByRole("region", { name: "Payment", exact: true });
  await ledger.getByRole("button", { name: "Refund" }).click();
  await expect(page.getByRole("dialog")).toContainText("The provider is asked for it");
  await page
    .getByRole("dialog")
    .getByLabel(/^Amount/)
    .fill("1.00");
  await page.getByRole("dialog").getByRole("button", { name: "Refund", exact: true }).click();
  await expect(ledger).toContainText("Partly refunded");
  const notices = page.getByTestId("notices");
  await expect(notices).toContainText("Money back for");
  await notices.getByText(/^Your order/).click();
  await expect(notices).toContainText("Dear Ada Lovelace,");
  await expect(notices.getByText("sent", { exact: true }).first()).toBeVisible();
});

test("money that comes after the order has expired is seen, and brings it back", async ({
  page,
  context,
  server,
}) => {
  const desk = await Desk.of(server);
  await desk.work({ payWithinMinutes: 0 });
  const id = await desk.place("card");
  await useSession(context, desk.staff);
  await open(page, `${server.url}/orders/${id}`);
  const number = (await orderNumber(page).textContent()) ?? "";
  await expect(page.getByRole("main")).toContainText("Expired");
  await desk.work({ payWithinMinutes: 60 });

  const body = JSON.stringify({
    id: "late",
    reference: "pay_late",
    state: "success",
    amountMinor: await total(server, desk, id),
    currency: "GBP",
    method: "card",
    orderNumber: number,
    atMs: Date.now(),
  });
  const seconds = Math.floor(Date.now() / 1000);
  const code = createHmac("sha256", secret).update(`${seconds}.main.${body}`).digest("hex");
  const taken = await fetch(`${server.url}/v1/main/payments/webhook/local`, {
    method: "POST",
    headers: { "orderkit-signature": `t=${seconds},v1=${code}` },
    body,
  });
  expect(taken.status).toBe(204);
  const attention = page.getByTestId("attention");
  await expect(attention).toContainText("came in, and the order is closed");
  await attention.getByRole("button", { name: "Bring back" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Paid a little late");
  await page.getByRole("dialog").getByRole("button", { name: "Bring back", exact: true }).click();
  await expect(attention).toHaveCount(0);
});

async function total(server: Server, desk: Desk, id: string): Promise<number> {
  const response = await fetch(`${server.url}/v1/main/orders/${id}`, {
    headers: { authorization: `Bearer ${desk.staff.token}` },
  });
  return ((await response.json()) as { order: { totals: { payableMinor: number } } }).order.totals
    .payableMinor;
}
