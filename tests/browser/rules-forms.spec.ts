import type { BrowserContext, Locator, Page } from "@playwright/test";
import type { Server } from "./server";
import { becomeStaff, expect, fillOrder, open, place, sign, test, useSession } from "./shop";

/** The forms of the rules page: each is edited, checked, saved and read back from the server. */

type Fields = Record<string, unknown>;

interface Rules extends Fields {
  shippingMethods: (Fields & { id: string })[];
  taxClasses: (Fields & { rules: (Fields & { components: Fields[] })[] })[];
  paymentMethods: Fields[];
}

const findings = (page: Page) => page.getByRole("region", { name: "Check", exact: true });

async function openSection(page: Page, context: BrowserContext, server: Server, section: string) {
  await useSession(context, await server.signIn("admin"));
  await open(page, `${server.url}/rules/${section}`);
}

async function saveAs(page: Page, version: string): Promise<void> {
  await expect(page.getByText("Changes are not saved")).toBeVisible();
  await page.getByRole("button", { name: "Save as a new version" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the version").fill(version);
  const accept = dialog.getByLabel("That is what I mean");
  if (await accept.isVisible()) await accept.check();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(`Saved as version ${version}`)).toBeVisible();
}

async function rulesOf(server: Server): Promise<Rules> {
  const { token } = await server.signIn("admin");
  const headers = { authorization: `Bearer ${token}` };
  return (await (await fetch(`${server.url}/v1/main/ruleset`, { headers })).json()) as Rules;
}

const card = (page: Page, name: string): Locator =>
  page
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name, exact: true }) })
    .first();

const unfold = (within: Locator, title: string) => within.getByText(title, { exact: true }).first().click();

test("a table by weight with first and further kilograms, by zone", async ({ page, context, server }) => {
  await openSection(page, context, server, "shipping");
  const before = await rulesOf(server);
  await page.getByRole("button", { name: "Add a zone" }).click();
  const zone = card(page, "zone");
  await zone.getByLabel("Short name in the rules").fill("highlands");
  const highlands = card(page, "highlands");
  await highlands.getByLabel("Postcodes that begin with").fill("IV1_, KW");
  await highlands.getByLabel("Postcodes that begin with").blur();
  await expect(highlands.getByLabel("Postcodes that begin with")).toHaveValue("IV1␣, KW");

  const method = card(page, "Standard delivery");
  await unfold(method, "Rates by weight, size, value or quantity");
  await method.getByRole("button", { name: "Add a table" }).click();
  await method.getByLabel("Rounded up to").fill("500");
  await method.getByLabel("Fixed price").fill("3.95");
  await method.getByLabel("Below").fill("2000");
  await method.getByRole("button", { name: "Add a row" }).click();
  const row = method.getByRole("group", { name: "Rows: the first that holds the address counts" });
  await expect(findings(page)).toContainText("an earlier row counts everywhere, so this one never does");
  await row.getByRole("button", { name: "Move Row 2 up" }).click();
  await row.getByRole("checkbox", { name: "highlands" }).first().check();
  await row.getByRole("checkbox", { name: "A price for the first part" }).first().check();
  const first = row.getByLabel("Size");
  await first.first().fill("1000");
  await row.getByLabel("Price", { exact: true }).first().fill("9");
  await row.getByRole("checkbox", { name: "A price for each further part" }).first().check();
  await row.getByLabel("Size").nth(1).fill("1000");
  await row.getByLabel("Price", { exact: true }).nth(1).fill("2.50");
  await row.getByRole("checkbox", { name: "Part of a step costs part" }).check();
  await expect(findings(page)).not.toContainText("an earlier row");
  await saveAs(page, "weights-1");

  const after = await rulesOf(server);
  const [standard, ...others] = after.shippingMethods;
  expect(standard?.["tables"]).toEqual([
    {
      measure: "weight",
      roundUpTo: 500,
      rows: [
        {
          zones: ["highlands"],
          rates: [
            {
              priceMinor: 0,
              first: { size: "1000", priceMinor: 900 },
              further: { size: "1000", priceMinor: 250, proportional: true },
            },
          ],
        },
        { rates: [{ priceMinor: 395, to: "2000" }] },
      ],
    },
  ]);
  expect(after["shippingZones"]).toEqual([
    { id: "highlands", places: [{ countries: ["GB"], postcodePrefixes: ["IV1 ", "KW"] }] },
  ]);
  // Nothing else is touched.
  expect(others).toEqual(before.shippingMethods.slice(1));
  expect({ ...after, version: "", shippingMethods: [], shippingZones: [] }).toEqual({
    ...before,
    version: "",
    shippingMethods: [],
    shippingZones: [],
  });
});

test("a surcharge for cash on delivery, and free delivery by quantity", async ({ page, context, server }) => {
  await openSection(page, context, server, "shipping");
  const method = card(page, "Express delivery");
  await method.getByLabel("Free from so many units on").fill("12");
  await unfold(method, "Surcharges");
  await method.getByRole("button", { name: "Add a surcharge" }).click();
  await method.getByLabel("Name in English").last().fill("Cash on delivery");
  await method.getByRole("textbox", { name: "Amount" }).fill("-2");
  await expect(method.getByText("Please enter a number")).toBeVisible();
  await method.getByRole("textbox", { name: "Amount" }).fill("");
  await expect(findings(page)).toContainText("a surcharge needs an amount or a percentage");
  await method.getByLabel("and per cent of these goods").fill("1.5");
  const payments = method.getByRole("group", { name: "Only with these ways to pay" });
  await payments.getByRole("checkbox").first().check();
  await expect(findings(page)).not.toContainText("a surcharge needs");
  await saveAs(page, "surcharge-1");
  const [, express] = (await rulesOf(server)).shippingMethods;
  expect(express).toMatchObject({ freeOverQuantity: "12" });
  expect(express?.["surcharges"]).toEqual([
    {
      id: "surcharge",
      name: { en: "Cash on delivery", zh: "新附加费" },
      percent: "1.5",
      paymentMethods: [(await rulesOf(server)).paymentMethods[0]?.["id"]],
    },
  ]);
});

test("tax on tax, a fixed tax, and reverse charge", async ({ page, context, server }) => {
  await openSection(page, context, server, "tax");
  await page.getByLabel("Tax of delivery").selectOption("shared as the goods are taxed");
  await unfold(
    page.locator("main"),
    "Reverse charge: a checked foreign tax number moves the tax to the buyer",
  );
  const reverse = page.getByRole("group", { name: /^Reverse charge/ }).last();
  await reverse.getByRole("button", { name: "Add countries" }).click();
  await reverse.getByRole("textbox", { name: "Countries" }).fill("GB, DE");
  await expect(findings(page)).toContainText("the tax of the home country stays");
  await reverse.getByRole("textbox", { name: "Countries" }).fill("DE, FR");
  await page.getByLabel("A checked tax number is good for so many days").fill("30");

  const rates = page.getByRole("group", { name: /^Rates by country/ }).first();
  await unfold(rates, "Rates 1");
  const taxes = rates.getByRole("group", { name: "Taxes" }).first();
  await taxes.getByRole("button", { name: "Add a tax" }).click();
  await taxes.getByLabel("Levied by").last().fill("City");
  await taxes.getByText("More", { exact: true }).last().click();
  await taxes.getByLabel("Fixed for each unit").last().fill("0.25");
  await taxes.getByRole("checkbox", { name: "On the taxes before it, too" }).last().check();
  await expect(findings(page)).toContainText("a tax has a rate or an amount per unit, not both");
  await taxes.getByRole("checkbox", { name: "On the taxes before it, too" }).last().uncheck();
  await expect(findings(page)).not.toContainText("not both");
  await saveAs(page, "tax-1");
  const { taxation, taxClasses } = await rulesOf(server);
  expect(taxation).toEqual({
    shipping: "proRata",
    maximumCheckAgeMs: 2_592_000_000,
    reverseCharges: [{ countries: ["DE", "FR"], tax: { category: "AE", exemptionCode: "VATEX-EU-AE" } }],
  });
  expect(taxClasses[0]?.rules[0]?.components.at(-1)).toMatchObject({
    amountPerUnit: "0.25",
    jurisdiction: "City",
  });
});

test("points and coins; reasons are said in Chinese too", async ({ page, context, server }) => {
  await openSection(page, context, server, "payment");
  await page.getByRole("checkbox", { name: "Customers can spend points" }).check();
  await page.getByLabel("So many points").fill("0");
  await expect(findings(page)).toContainText("so many points must be worth an amount: both above zero");
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.getByRole("region", { name: "检查", exact: true })).toContainText(
    "积分数和对应金额都必须大于零",
  );
  await page.getByRole("button", { name: "English" }).click();
  await page.getByLabel("So many points").fill("50");
  await page.getByLabel("At most, per cent of the order").fill("30");
  await page.getByRole("checkbox", { name: "Rounded to coins" }).first().check();
  await saveAs(page, "points-1");
  const { points, paymentMethods } = await rulesOf(server);
  expect(points).toEqual({ unitPoints: 50, unitMinor: 100, maximumPercent: "30" });
  expect(paymentMethods[0]?.["cashRounding"]).toMatchObject({ stepMinor: 5 });
});

test("sharing, and a group that keeps another out", async ({ page, context, server }) => {
  await openSection(page, context, server, "promotions");
  await unfold(page.locator("main"), "How discounts are counted and shared");
  await page.getByLabel("Amounts are shared by").selectOption("units");
  await page.getByRole("checkbox", { name: "Lines worth nothing share evenly" }).check();
  const groups = page.getByRole("group", { name: "Stacking groups" }).last();
  await groups.getByRole("button", { name: "Add a group" }).click();
  await groups.getByLabel("Short name in the rules").fill("sale");
  await groups.getByRole("button", { name: "Add a group" }).click();
  await groups.getByLabel("Short name in the rules").last().fill("sale");
  await expect(findings(page)).toContainText("empty, or the same as an earlier one");
  await groups.getByLabel("Short name in the rules").last().fill("club");
  await groups.getByRole("checkbox", { name: "club" }).check();
  await saveAs(page, "sharing-1");
  expect((await rulesOf(server))["stacking"]).toEqual({
    sharing: { weights: "units", zeroEvenly: true },
    groups: [{ id: "sale", excludes: ["club"] }, { id: "club" }],
  });
});

test("a pattern of numbers says what it can do", async ({ page, context, server }) => {
  await openSection(page, context, server, "numbering");
  const figures = page.getByTestId("figures");
  await expect(figures).toContainText("none: numbers are counted");
  await page.getByLabel("Pattern").fill("{date:yyMMdd}{digits:6}");
  await page.getByLabel("Orders a day").fill("1000");
  await expect(figures).toContainText("39%");
  await expect(figures).toContainText("1,000,000");
  await expect(findings(page)).toContainText("39.3 % a day");
  await page.getByLabel("Pattern").fill("{date:yyMMdd}{rand:9}{check}");
  await expect(findings(page)).not.toContainText("39.3 % a day");
  await saveAs(page, "numbers-1");
  expect((await rulesOf(server))["numbering"]).toEqual({
    pattern: "{date:yyMMdd}{rand:9}{check}",
    ordersPerDay: 1000,
  });
});

test("the cart of a finding is tried, and one's own comes back", async ({ page, context, server }) => {
  await openSection(page, context, server, "promotions");
  const cart = page.getByRole("region", { name: "Test cart" });
  await cart
    .getByRole("textbox", { name: /^Quantity of/ })
    .first()
    .fill("7");
  await page.getByRole("button", { name: "Put the example into the test cart" }).first().click();
  await expect(cart).toContainText("The example of a finding");
  await cart.getByRole("button", { name: "My own again" }).click();
  await expect(cart.getByRole("textbox", { name: /^Quantity of/ }).first()).toHaveValue("7");
});

test("the steps, deadlines and tolerances of a shop", async ({ page, context, server }) => {
  await openSection(page, context, server, "workflow");
  await page.getByLabel("The shop commits").selectOption("whenPaid");
  await page.getByLabel("Goods are picked, with a step of its own").check();
  await page.getByLabel("Unpaid orders expire after minutes").fill("90");
  await page.getByLabel("Staff may write off up to").fill("2.50");
  await saveAs(page, "workflow-1");
  const { workflow } = await rulesOf(server);
  expect(workflow).toMatchObject({
    confirmation: "whenPaid",
    picks: true,
    payWithinMinutes: 90,
    writeOffMinor: 250,
  });
});

test("staff are told who may edit rules", async ({ page, server }) => {
  await open(page, server.url);
  await becomeStaff(page);
  await page.goto(`${server.url}/rules`);
  await expect(page.getByRole("heading", { name: "Only administrators edit the rules" })).toBeVisible();
  await expect(page.getByText("You are signed in as Staff")).toBeVisible();
});

test("an order shows its taxes by rate and authority", async ({ page, server }) => {
  const { token } = await server.signIn("admin");
  const headers = { authorization: `Bearer ${token}` };
  const rules = await rulesOf(server);
  rules["version"] = "city-1";
  rules.taxClasses[0]?.rules[0]?.components.push({ percent: "2.5", jurisdiction: "City" });
  const body = JSON.stringify(rules);
  const url = `${server.url}/v1/main/ruleset?acceptWarnings=true`;
  expect((await fetch(url, { method: "PUT", headers, body })).status).toBe(200);

  await open(page, server.url);
  await fillOrder(page);
  await expect(page.getByText("of which 2.5 % tax (City)")).toBeVisible();
  await place(page);
  await expect(sign(page)).toHaveText("All confirmed");
  await page.getByRole("navigation").getByRole("link").nth(1).click();
  await page.getByRole("listitem").getByRole("link").click();
  await expect(page.getByText("of which 20 % tax")).toBeVisible();
  await expect(page.getByText("of which 2.5 % tax (City)")).toBeVisible();
});
