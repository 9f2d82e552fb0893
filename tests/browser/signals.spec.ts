import type { Locator, Page } from "@playwright/test";
import { clean } from "./look";
import { fetched, openSection, put } from "./rules";
import { expect, fillOrder, open, place, sign, test } from "./shop";

/** The signals of fraud: set on a page of their own, checked by the server, and in force for the next order. */

const section = (page: Page) => page.getByRole("region", { name: "Fraud", exact: true });
const save = (page: Page) => section(page).getByRole("button", { name: "Save the signals" });
const signal = (page: Page, name: string): Locator =>
  section(page)
    .getByRole("listitem")
    .filter({ has: page.getByText(name, { exact: true }) });

async function add(page: Page, name: string, kind: string): Promise<Locator> {
  await section(page).getByRole("button", { name: "Add a signal" }).click();
  const last = section(page).getByRole("listitem").last();
  await last.getByLabel("Name of the signal").fill(name);
  await last.getByLabel("It is given when").selectOption(kind);
  return signal(page, name);
}

test("signals of every kind are set, and hold the next order", async ({ page, context, server, browser }) => {
  await openSection(page, context, server, "signals");
  await section(page).getByLabel("An order is held from so many points on").fill("60");

  const large = await add(page, "large", "the order comes to more than");
  await large.getByLabel("More than, in GBP").fill("5.50");
  await large.getByLabel("Points", { exact: true }).fill("40");
  const first = await add(page, "first", "a buyer's first order comes to more than");
  await first.getByLabel("More than, in GBP").fill("6");
  const many = await add(page, "many", "there is more of one item than");
  await many.getByLabel("More units than").fill("12.5");
  await add(page, "elsewhere", "goods and invoice go to different countries");
  const countries = await add(page, "countries", "the goods go to certain countries");
  await countries.getByRole("textbox", { name: "Countries" }).fill("GB, fr");
  const domains = await add(page, "throwaway", "the e-mail address is of certain domains");
  await domains.getByLabel("Domains").fill("example.org");
  await domains.getByLabel("Points", { exact: true }).fill("20");
  const often = await add(page, "often", "a buyer orders often in a short time");
  await often.getByLabel("So many orders").fill("5");
  await often.getByLabel("in so many hours").fill("2");
  await section(page).getByRole("button", { name: "Remove countries" }).click();
  await save(page).click();
  await expect(section(page).getByText("The signals are saved and in force")).toBeVisible();

  expect(await fetched(server, "/review")).toEqual({
    holdAt: 60,
    signals: [
      { id: "large", score: 40, when: { totalAbove: { amountMinor: 550 } } },
      { id: "first", score: 50, when: { firstOrderAbove: { amountMinor: 600 } } },
      { id: "many", score: 50, when: { quantityAbove: { quantity: "12.5" } } },
      { id: "elsewhere", score: 50, when: { countriesDiffer: {} } },
      { id: "throwaway", score: 20, when: { mailDomains: { domains: ["example.org"] } } },
      { id: "often", score: 50, when: { ordersWithin: { count: 5, hours: 2 } } },
    ],
  });
  // They are as they were after a reload, and no part of the rules that every page gets.
  await page.reload();
  await expect(signal(page, "large")).toContainText("40 points · the order comes to more than · £5.50");
  await expect(section(page).getByText("No unsaved changes")).toBeVisible();
  expect(JSON.stringify(await fetched(server, "/ruleset"))).not.toContain("throwaway");

  const buyer = await browser.newContext({ locale: "en-GB" });
  const shop = await buyer.newPage();
  await open(shop, server.url);
  await fillOrder(shop);
  await place(shop);
  await expect(sign(shop)).toHaveText("All confirmed");
  const [order] = await server.orders();
  await page.goto(`${server.url}/orders/${order?.id ?? ""}`);
  await expect(page.getByTestId("attention")).toContainText("Fraud review");
  await buyer.close();
});

test("what is wrong stands at its field, before and after the server is asked", async ({
  page,
  context,
  server,
}) => {
  await openSection(page, context, server, "signals");
  const large = await add(page, "large", "the order comes to more than");
  await large.getByLabel("Points", { exact: true }).fill("-5");
  await expect(large.getByText("Please enter a number")).toBeVisible();
  await expect(save(page)).toHaveAttribute("aria-disabled", "true");
  await expect(save(page)).toHaveAccessibleDescription("1 error must be corrected first.");
  await large.getByLabel("Points", { exact: true }).fill("5");
  await large.getByLabel("More than, in GBP").fill("much");
  await expect(large.getByLabel("More than, in GBP")).toHaveAccessibleDescription(/Please enter a number/);
  await large.getByLabel("More than, in GBP").fill("100");

  await add(page, "countries", "the goods go to certain countries");
  await section(page).getByLabel("An order is held from so many points on").fill("0");
  await save(page).click();
  // The server found two things: it names no countries, and every order would be held.
  await expect(section(page).getByText("The server refused it. The fields say why.")).toBeVisible();
  const holdAt = section(page).getByLabel("An order is held from so many points on");
  await expect(holdAt).toBeFocused();
  await expect(holdAt).toHaveAccessibleDescription(/it must be above zero/);
  const codes = signal(page, "countries").getByRole("textbox", { name: "Countries" });
  await expect(codes).toHaveAccessibleDescription("Please fill in this field.");
  await expect(page.getByRole("link", { name: /^Fraud/ })).toHaveAccessibleName(/^Fraud\s*, 2 findings$/);
  await holdAt.fill("10");
  await codes.fill("FR");
  await save(page).click();
  await expect(section(page).getByText("The signals are saved and in force")).toBeVisible();
});

test("rows are added and removed by keyboard, and leaving asks", async ({ page, context, server }) => {
  await openSection(page, context, server, "signals");
  await section(page).getByRole("button", { name: "Add a signal" }).focus();
  await page.keyboard.press("Enter");
  await expect(section(page).getByRole("listitem")).toHaveCount(1);
  await section(page).getByRole("button", { name: "Remove signal" }).focus();
  await page.keyboard.press("Enter");
  await expect(section(page).getByRole("listitem")).toHaveCount(0);
  await expect(section(page).getByText("Without signals no order is held.")).toBeVisible();

  await section(page).getByRole("button", { name: "Add a signal" }).click();
  // Another part of the rules is no leaving: what was typed is still there.
  await page.getByRole("link", { name: "Numbers", exact: true }).click();
  await page.getByRole("link", { name: "Fraud", exact: true }).click();
  await expect(section(page).getByRole("listitem")).toHaveCount(1);
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("The signals are not saved and would be lost.")).toBeVisible();
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(section(page).getByRole("listitem")).toHaveCount(1);
  await section(page).getByRole("button", { name: "Discard changes" }).click();
  await expect(section(page).getByRole("listitem")).toHaveCount(0);
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect(page).toHaveURL(/\/orders$/);
});

test("signals of somebody else are not overwritten unseen", async ({ page, context, server }) => {
  await openSection(page, context, server, "signals");
  await add(page, "mine", "the order comes to more than");
  const theirs = { holdAt: 7, signals: [{ id: "theirs", score: 7, when: { countriesDiffer: {} } }] };
  await put(server, "/review", theirs);
  await save(page).click();
  await expect(section(page).getByText("Somebody else saved other signals meanwhile.")).toBeVisible();
  expect(await fetched(server, "/review")).toEqual(theirs);
  await section(page).getByRole("button", { name: "Discard changes" }).click();
  await expect(signal(page, "theirs")).toBeVisible();

  await add(page, "mine", "the order comes to more than");
  await put(server, "/review", { ...theirs, holdAt: 8 });
  await save(page).click();
  await expect(section(page).getByText("Somebody else saved other signals meanwhile.")).toBeVisible();
  await save(page).click();
  await expect(section(page).getByText("The signals are saved and in force")).toBeVisible();
  expect(await fetched(server, "/review")).toMatchObject({
    holdAt: 7,
    signals: [{ id: "theirs" }, { id: "mine" }],
  });
});

for (const language of ["en", "zh"] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`nothing for axe to find on the signals: ${colorScheme}, ${language}`, async ({
      page,
      context,
      server,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const signals = [
        { id: "large", score: 40, when: { totalAbove: { amountMinor: 100_000 } } },
        { id: "countries", score: 60, when: { countries: { codes: ["FR"] } } },
      ];
      await put(server, "/review", { holdAt: 50, signals });
      await openSection(page, context, server, "signals");
      if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
      const folds = page.locator("#content li > details > summary");
      await expect(folds).toHaveCount(2);
      for (const fold of await folds.all()) await fold.click();
      await page.locator("#field-signals-0-score").fill("x");
      await clean(page, "the signals");
      await page.setViewportSize({ width: 390, height: 844 });
      await clean(page, "the signals on a phone");
    });
  }
}
