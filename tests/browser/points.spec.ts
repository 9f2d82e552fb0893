import type { BrowserContext, Page } from "@playwright/test";
import { clean } from "./look";
import { fetched, put, saveElsewhere } from "./rules";
import type { Server } from "./server";
import { expect, fillOrder, open, place, sign, test, useSession } from "./shop";

/** Points and store credit that the shop keeps for a buyer, spent on the order form. */

const points = (page: Page) => page.getByLabel("Points to spend");
const sheet = (page: Page) => page.getByRole("complementary", { name: "Your order" });

/** A buyer with 350 points and 4.00 at the shop, in front of a filled order of 10.73. */
async function buyer(page: Page, context: BrowserContext, server: Server, kind: string): Promise<string> {
  await saveElsewhere(server, (rules) => {
    rules.version = crypto.randomUUID();
    rules["points"] = { unitPoints: 100, unitMinor: 100, as: kind };
  });
  const session = await server.signIn("customer");
  await put(server, `/customers/${session.user}`, { points: 350, storeCreditMinor: 400 });
  await useSession(context, session);
  await open(page, server.url);
  await fillOrder(page);
  await expect(sheet(page)).toContainText("£10.73");
  return session.user;
}

test("points and store credit pay a part, and are gone after the order", async ({
  page,
  context,
  server,
}) => {
  const user = await buyer(page, context, server, "tender");
  await expect(points(page)).toHaveAccessibleDescription("You have 350. 100 are worth £1.00.");
  await points(page).fill("400");
  await expect(points(page)).toHaveAccessibleDescription("400 points are more than the 350 there are.");
  // What cannot be spent leaves the totals as they are.
  await expect(sheet(page)).toContainText("£10.73");
  await points(page).fill("many");
  await expect(points(page)).toHaveAccessibleDescription(/Please enter a number/);
  await points(page).fill("350");
  await expect(points(page)).toHaveAccessibleDescription("You have 350. They take off £3.00.");
  await page.getByRole("checkbox", { name: "Pay with store credit, of which there is £4.00" }).check();
  await expect(sheet(page)).toContainText(/Points\s*−£3\.00/);
  await expect(sheet(page)).toContainText(/Still to pay\s*£3\.73/);
  await clean(page, "the form");

  // A reload keeps what was typed.
  await page.reload();
  await expect(points(page)).toHaveValue("350");
  await place(page);
  await expect(sign(page)).toHaveText("All confirmed");
  expect(await fetched(server, `/customers/${user}`)).toMatchObject({ points: 50 });
});

test("points as a discount lower the price; who has none sees no field", async ({
  page,
  context,
  server,
  browser,
}) => {
  await buyer(page, context, server, "discount");
  await points(page).fill("200");
  await expect(points(page)).toHaveAccessibleDescription("You have 350. They take off £2.00.");
  await expect(sheet(page)).toContainText(/Points\s*−£2\.00/);
  await expect(sheet(page)).toContainText(/Total\s*£8\.73/);
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByLabel("使用积分")).toHaveAccessibleDescription("可用 350 分，本单抵扣 £2.00。");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await clean(page, "the form on a phone");

  const other = await browser.newContext({ locale: "en-GB" });
  const staff = await other.newPage();
  await useSession(other, await server.signIn("staff"));
  await open(staff, server.url);
  await fillOrder(staff);
  await expect(points(staff)).toHaveCount(0);
  await other.close();
});
