import type { BrowserContext, Page } from "@playwright/test";
import { clean } from "./look";
import { findings, rulesOf, saveAs, saveElsewhere } from "./rules";
import type { Server, SessionAnswer } from "./server";
import { becomeStaff, expect, fillOrder, openOffline, place, sign, test, useSession } from "./shop";

/** The page where administrators edit the rules of the shop. */

const discount = (page: Page) => page.getByLabel("Per cent off", { exact: true });
const total = (page: Page) => page.getByTestId("comparison").getByRole("row", { name: /^Total/ });

async function signInAsAdmin(context: BrowserContext, server: Server): Promise<SessionAnswer> {
  const session = await server.signIn("admin");
  await useSession(context, session);
  return session;
}

async function openRules(page: Page, server: Server): Promise<void> {
  await openOffline(page, `${server.url}/rules`);
  await expect(page.getByRole("heading", { name: "Rules of the shop" })).toBeVisible();
}

const openPromotion = (page: Page, name: string) =>
  page.getByRole("button", { name: new RegExp(name) }).click();

test("a promotion is edited, tried, saved, and priced with", async ({ page, context, server, browser }) => {
  // An order from before.
  const buyer = await browser.newContext();
  const shop = await buyer.newPage();
  await openOffline(shop, server.url);
  await fillOrder(shop);
  const before = await place(shop);
  await expect(sign(shop)).toHaveText("All confirmed");

  await signInAsAdmin(context, server);
  await openRules(page, server);
  await page.getByRole("textbox", { name: /^Quantity of White/ }).fill("10");
  await expect(total(page)).toContainText("=");
  await openPromotion(page, "15 % off lights");
  await discount(page).fill("40");
  // 10 × 2.95 with 40 % off (11.80) and not with 15 % off (4.43).
  await expect(total(page)).toContainText("−£7.37");
  await expect(page.getByText("Changes are not saved")).toBeVisible();

  await saveAs(page, "autumn-1");
  await expect(page.getByText("Saved as version autumn-1")).toBeVisible();
  await expect(total(page)).toContainText("=");
  await page.getByRole("link", { name: "Versions" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "autumn-1" })).toContainText("by admin");

  // The buyer's open page learns of it, and the order from before stays as it was.
  await shop.getByRole("link", { name: "Order", exact: true }).click();
  await fillOrder(shop, { quantity: 10 });
  await expect(shop.getByText("−£12.63")).toBeVisible();
  const after = await place(shop);
  await expect(sign(shop)).toHaveText("All confirmed");
  const versions = await versionsByNumber(server);
  expect(versions.get(before)).toBe("demo-1");
  expect(versions.get(after)).toBe("autumn-1");
  await buyer.close();
});

async function versionsByNumber(server: Server): Promise<Map<string, string>> {
  const { token } = await server.signIn("staff");
  const found = new Map<string, string>();
  for (const { id, number } of await server.orders()) {
    const response = await fetch(`${server.url}/v1/main/orders/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { order } = (await response.json()) as { order: { rulesetVersion: string } };
    found.set(number, order.rulesetVersion);
  }
  return found;
}

test("the check follows every key and leads to the field", async ({ page, context, server }) => {
  await signInAsAdmin(context, server);
  await openRules(page, server);
  await openPromotion(page, "15 % off lights");
  await page.getByLabel("Categories or tags").first().fill("lamps");
  await expect(findings(page)).toContainText("lamps");
  await page.getByRole("link", { name: /^Delivery/ }).click();
  await findings(page)
    .getByRole("button", { name: /15 % off lights/ })
    .first()
    .click();
  await expect(page.getByLabel("Categories or tags").first()).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("lights");
  await expect(findings(page)).not.toContainText("lamps");

  await discount(page).fill("a lot");
  await expect(page.getByText("1 error must be corrected first.").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Save as a new version" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await discount(page).fill("120");
  await expect(findings(page)).toContainText("1 error");
});

test("JSON says the line, and keeps what no field knows", async ({ page, context, server }) => {
  await signInAsAdmin(context, server);
  await openRules(page, server);
  await page.goto(`${server.url}/rules/numbering`);
  await page.getByText("This part as JSON").click();
  const json = page.getByLabel("Rules as JSON");
  await json.fill('{\n  "numbering": {\n    "pattern": "{seq:4}",\n  }\n}');
  await expect(page.getByRole("button", { name: "Line 4, column 3" })).toBeVisible();
  await json.fill('{\n  "numbering": {\n    "pattern": "{nonsense}"\n  }\n}');
  await expect(page.getByRole("button", { name: /^Line 3/ })).toBeVisible();
  await json.fill('{\n  "numbering": {\n    "pattern": "{date:yy}-{device:2}{seq:5}"\n  }\n}');
  await expect(page.getByText(/^\d\d-2300001$/)).toBeVisible();
});

test("edits survive a reload, and leaving asks", async ({ page, context, server }) => {
  await signInAsAdmin(context, server);
  await openRules(page, server);
  await openPromotion(page, "15 % off lights");
  await discount(page).fill("16");
  await expect(page.getByText("Changes are not saved")).toBeVisible();
  await page.waitForTimeout(300);
  await page.reload();
  await expect(page.getByText("Changes are not saved")).toBeVisible();
  await openPromotion(page, "15 % off lights");
  await expect(discount(page)).toHaveValue("16");

  await page.getByRole("link", { name: "Orders", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Leave with unsaved changes?")).toBeVisible();
  await dialog.getByRole("button", { name: "Stay" }).click();
  await expect(discount(page)).toHaveValue("16");
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await dialog.getByRole("button", { name: "Discard and leave" }).click();
  await expect(page).toHaveURL(/\/orders$/);
  await page.getByRole("link", { name: "Rules", exact: true }).click();
  await expect(page.getByText("No unsaved changes")).toBeVisible();
});

test("without a network all but saving works", async ({ page, context, server }) => {
  await signInAsAdmin(context, server);
  await openRules(page, server);
  await context.setOffline(true);
  await openPromotion(page, "15 % off lights");
  await discount(page).fill("50");
  await expect(total(page)).toContainText("−£");
  const save = page.getByRole("button", { name: "Save as a new version" });
  await expect(save).toHaveAttribute("aria-disabled", "true");
  await expect(save).toHaveAccessibleDescription(/Saving needs the server/);
  await context.setOffline(false);
  await expect(save).not.toHaveAttribute("aria-disabled", "true");
});

for (const [news, hears] of [
  ["that are heard of", true],
  ["that only the server knows of", false],
] as const) {
  test(`two editors, with changes ${news}: nothing is overwritten unseen`, async ({
    page,
    context,
    server,
  }) => {
    if (!hears) await context.route("**/events*", (route) => route.abort());
    await signInAsAdmin(context, server);
    await openRules(page, server);
    await openPromotion(page, "15 % off lights");
    await discount(page).fill("20");
    await saveElsewhere(server, (rules) => {
      rules.version = "theirs-1";
      const [standard] = rules.shippingMethods;
      if (standard) standard.priceMinor = 450;
    });
    const conflict = page.getByTestId("conflict");
    if (!hears) {
      await saveAs(page, "mine-1");
      await expect(conflict).toContainText("admin saved it on");
    }
    await expect(conflict).toContainText("Version theirs-1 was saved meanwhile");
    await expect(conflict).toContainText("in other places");
    await conflict.getByRole("button", { name: "Put my changes on version theirs-1" }).click();
    await expect(conflict).toHaveCount(0);
    await saveAs(page, "mine-1");
    await expect(page.getByText("Saved as version mine-1")).toBeVisible();
    const saved = await rulesOf(server);
    expect(saved.promotions[0]?.effect.percent).toBe("20");
    expect(saved.shippingMethods[0]?.priceMinor).toBe(450);
  });
}

test("an earlier version becomes a new one", async ({ page, context, server }) => {
  await signInAsAdmin(context, server);
  await saveElsewhere(server, (rules) => {
    rules.version = "summer";
    rules.promotions = [];
  });
  await openRules(page, server);
  await page.getByRole("link", { name: "Versions" }).click();
  await page.getByRole("button", { name: "Look at it demo-1" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Edit from this version" }).click();
  await expect(page.getByRole("button", { name: /15 % off lights/ })).toBeVisible();
  await saveAs(page, "demo-2");
  await expect(page.getByText("Saved as version demo-2")).toBeVisible();
});

test("buyers and staff neither see the rules nor save", async ({ page, server }) => {
  await page.goto(`${server.url}/rules`);
  await expect(sign(page)).toHaveText("All confirmed");
  await expect(page.getByRole("link", { name: "Rules", exact: true })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Rules of the shop" })).toHaveCount(0);
  await becomeStaff(page);
  await expect(page.getByRole("link", { name: "Rules", exact: true })).toHaveCount(0);
  for (const role of ["customer", "staff"] as const) {
    const { token } = await server.signIn(role);
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}/v1/main/ruleset`, { method: "PUT", headers, body: "{}" });
    expect(response.status).toBe(403);
  }
});

for (const language of ["en", "zh"] as const) {
  for (const [device, viewport, colorScheme] of [
    ["desktop", { width: 1280, height: 900 }, "light"],
    ["phone", { width: 360, height: 740 }, "dark"],
  ] as const) {
    test(`nothing for axe to find on the rules page: ${device}, ${language}`, async ({
      page,
      context,
      server,
    }) => {
      // Eight looks at one page.
      test.slow();
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await context.addInitScript((chosen) => {
        localStorage.setItem("orderkit.language", chosen);
      }, language);
      await signInAsAdmin(context, server);
      await page.goto(`${server.url}/rules`);
      await page.locator("#rule-promotions-0").click();
      for (const fold of await page.locator("main details > summary").all()) await fold.click();
      await clean(page, "promotions");
      for (const section of [
        "lists",
        "shipping",
        "tax",
        "payment",
        "inventory",
        "numbering",
        "json",
        "versions",
      ]) {
        await page.goto(`${server.url}/rules/${section}`);
        await page.getByTestId("comparison").waitFor();
        await page.evaluate(() => {
          for (const fold of document.querySelectorAll<HTMLDetailsElement>("section details:not(.json)"))
            fold.open = true;
        });
        await clean(page, section);
      }
      await page.goto(`${server.url}/rules`);
      await page.locator("#rule-promotions-0").click();
      await page.locator("#field-promotions-0-effect-percent").fill("30");
      await page.locator(".bar .primary").click();
      await page.getByRole("dialog").waitFor();
      await clean(page, "saving");
    });
  }
}
