import type { Locator, Page } from "@playwright/test";
import { Desk } from "./life";
import { findings, openSection, put, rulesOf, save } from "./rules";
import { becomeStaff, expect, fillOrder, open, place, sign, test } from "./shop";

/** The forms of the rules page: each is edited, checked, saved and read back from the server. */

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
  await save(page, "weights-1");

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
  await save(page, "surcharge-1");
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
  await save(page, "tax-1");
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
  await save(page, "points-1");
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
  await save(page, "sharing-1");
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
  await save(page, "numbers-1");
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
  await save(page, "workflow-1");
  const { workflow } = await rulesOf(server);
  expect(workflow).toMatchObject({
    confirmation: "whenPaid",
    picks: true,
    payWithinMinutes: 90,
    writeOffMinor: 250,
  });
});

test("what is kept back, owed, and sold by devices; a set of parts", async ({ page, context, server }) => {
  await openSection(page, context, server, "inventory");
  await page.getByLabel("Kept back of each item").fill("-1");
  await expect(page.getByLabel("Kept back of each item")).toHaveAccessibleDescription(
    /it cannot be negative/,
  );
  await expect(page.getByRole("link", { name: /^Stock\s*, 1 finding$/ })).toBeVisible();
  await page.getByLabel("Kept back of each item").fill("1.5");
  await expect(page.getByLabel("Kept back of each item")).not.toHaveAccessibleDescription(/negative/);
  await page.getByLabel("Devices are told numbers up to").fill("50");
  await page
    .getByLabel("An order for goods that somebody else got meanwhile")
    .selectOption("is taken, and what is missing comes later");
  await page.getByRole("checkbox", { name: "They can be ordered, and come later" }).check();
  await page.getByLabel("So many of each may be owed").fill("20");
  await page.getByLabel("Days until they are there").fill("soon");
  await expect(page.getByLabel("Days until they are there")).toHaveAccessibleDescription(
    /Please enter a number/,
  );
  await page.getByLabel("Days until they are there").fill("5");
  await page.getByRole("checkbox", { name: "Each device sells from a part of its own" }).check();
  await page.getByLabel("So many of each item for a device").fill("3");
  await page.getByLabel("All devices together, per cent").fill("120");
  await expect(findings(page)).toContainText("a percentage lies between 0 and 100");
  await page.getByLabel("All devices together, per cent").fill("40");
  await page.getByLabel("A device sells by it for hours").fill("8");

  const goods = page.getByRole("group", { name: "What is different for some goods" }).last();
  await goods.getByRole("button", { name: "Add an item" }).focus();
  await page.keyboard.press("Enter");
  await goods.getByLabel("Item number").fill("22423");
  await goods.getByLabel("Its stock").selectOption("is always counted");
  await goods.getByLabel("Kept back of it").fill("2");
  await goods.getByRole("button", { name: "Add a part" }).click();
  await goods.getByLabel("Item number").last().fill("22423");
  await expect(findings(page)).toContainText("the parts of a set are no sets themselves");
  await goods.getByLabel("Item number").last().fill("23084");
  await goods.getByLabel("Of it in one set").fill("6");
  await expect(findings(page)).not.toContainText("no sets themselves");
  await goods.getByRole("checkbox", { name: "It has its own rule for orders before it is there" }).check();
  await save(page, "stock-1");
  expect((await rulesOf(server))["inventory"]).toEqual({
    safetyQuantity: "1.5",
    tellUpTo: "50",
    oversold: "backorder",
    backorder: { limit: "20", leadDays: 5 },
    quota: { quantity: "3", percent: "40", hours: 8 },
    products: [
      {
        sku: "22423",
        isCounted: true,
        safetyQuantity: "2",
        backorder: { limit: "0" },
        parts: [{ sku: "23084", quantity: 6 }],
      },
    ],
  });
});

test("a carrier, and the link by which a buyer follows its parcels", async ({ page, context, server }) => {
  const desk = await Desk.of(server);
  await openSection(page, context, server, "shipping");
  await page.getByRole("button", { name: "Add a carrier" }).click();
  const fresh = card(page, "New carrier");
  await fresh.getByLabel("Address that follows a parcel").fill("http://parcels.example.org/");
  await expect(fresh.getByLabel("Address that follows a parcel")).toHaveAccessibleDescription(
    /a tracking address begins with https:\/\/ and has \{number\} in it/,
  );
  await fresh.getByLabel("Address that follows a parcel").fill("https://parcels.example.org/{number}");
  await fresh.getByLabel("Short name in the rules").fill("swift");
  await fresh.getByLabel("Name in English").fill("Swift Parcels");
  await save(page, "carriers-1");
  expect((await rulesOf(server))["carriers"]).toEqual([
    {
      id: "swift",
      name: { en: "Swift Parcels", zh: "新承运商" },
      trackingUrl: "https://parcels.example.org/{number}",
    },
  ]);

  const order = await desk.place("card");
  await desk.pay(order);
  await desk.send(order, "confirm@1", {});
  await desk.send(order, "ship@1", { shipment: "s1", carrier: "swift", tracking: "SW 1" });
  const number = (await server.orders()).find(({ id }) => id === order)?.number ?? "";
  await page.goto(`${server.url}/track`);
  await page.getByLabel("Order number").fill(number);
  await page.getByLabel("Telephone or e-mail").fill("ada@example.org");
  await page.getByRole("button", { name: "Find the order" }).click();
  await expect(page.getByRole("link", { name: /Follow it at the carrier/ })).toHaveAttribute(
    "href",
    "https://parcels.example.org/SW%201",
  );
});

test("staff are told who may edit rules", async ({ page, server }) => {
  await open(page, server.url);
  await becomeStaff(page);
  await page.goto(`${server.url}/rules`);
  await expect(page.getByRole("heading", { name: "Only administrators edit the rules" })).toBeVisible();
  await expect(page.getByText("You are signed in as Staff")).toBeVisible();
});

test("an order shows its taxes by rate and authority", async ({ page, server }) => {
  const rules = await rulesOf(server);
  rules.version = "city-1";
  rules.taxClasses[0]?.rules[0]?.components.push({ percent: "2.5", jurisdiction: "City" });
  await put(server, "/ruleset?acceptWarnings=true", rules);

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
