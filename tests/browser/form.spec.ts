import { add, expect, fillOrder, openOffline, orderNumber, test } from "./shop";

test("totals follow every keystroke, and each amount has its cause", async ({ page, server }) => {
  await openOffline(page, server.url);
  // Nothing chosen costs nothing, not even its delivery.
  const sums = page.getByRole("complementary", { name: "Your order" }).locator("dl");
  await expect(sums).toContainText(/Total\s*–/);
  await expect(sums).not.toContainText("£");
  await fillOrder(page, { quantity: 2 });
  await expect(sums).toContainText(/Total\s*£\d/);
  const placeButton = page.getByRole("button", { name: "Place order" });
  const before = await placeButton.textContent();
  await page
    .getByRole("textbox", { name: /Quantity of White/ })
    .first()
    .fill("6");
  await expect(placeButton).not.toHaveText(before ?? "");

  await page.getByRole("button", { name: "Why this price?" }).click();
  const trace = page.getByRole("dialog");
  await expect(trace).toContainText("White hanging heart T-light holder: 6 × 2.95 GBP = 17.70 GBP.");
  await expect(trace).toContainText("15 % off lights");
  await expect(trace).toContainText("more, and it is free");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("button", { name: "为什么是这个价格？" }).click();
  await expect(page.getByRole("dialog")).toContainText("白色心形悬挂烛台：6 × 2.95 GBP = 17.70 GBP。");
});

test("issues stand at their fields, and the first one has the focus", async ({ page, server }) => {
  await openOffline(page, server.url);
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByText("The order has no items yet.")).toBeFocused();
  await expect(
    page.getByText("11 things are still open").or(page.getByText(/things are still open/)),
  ).toBeVisible();

  await add(page, "85123A");
  await page.getByRole("button", { name: "Place order" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(
    "Please fill in this field.",
  );

  await page.getByLabel("E-mail").fill("ada@");
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription(/check the e-mail address/);
  await page.getByLabel("Country").selectOption("CN");
  await expect(page.getByLabel("Province")).toBeVisible();
  await expect(page.getByRole("radio", { name: "Standard delivery" })).toBeDisabled();
});

test("an unknown coupon says so at once", async ({ page, server }) => {
  await openOffline(page, server.url);
  await add(page, "85123A");
  await page.getByLabel("Coupon code").fill("NOPE");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The coupon NOPE is not known.")).toBeVisible();
  await page.getByRole("button", { name: "Remove NOPE" }).click();
  await page.getByLabel("Coupon code").fill("WELCOME10");
  await page.getByRole("button", { name: "Use", exact: true }).click();
  await expect(page.getByText("Welcome: 10 % off your first order")).toBeVisible();
});

test("a whole order with the keyboard alone", async ({ page, server }) => {
  await openOffline(page, server.url);

  /** Tabs on until the focus is where it should be; everything must be reachable. */
  async function tabTo(what: string, isThere: () => Promise<boolean>): Promise<void> {
    for (let presses = 0; presses < 80; presses += 1) {
      if (await isThere()) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard does not reach ${what}`);
  }
  const isFocused = (label: string) => () =>
    page.evaluate((wanted) => {
      const focused = document.activeElement as HTMLInputElement | null;
      const text =
        focused?.labels?.[0]?.textContent ??
        focused?.getAttribute("aria-label") ??
        focused?.textContent ??
        "";
      return text.trim().startsWith(wanted);
    }, label);

  await tabTo("the search", isFocused("Search by name"));
  await page.keyboard.type("rabbit");
  await tabTo("the product", isFocused("Add Rabbit"));
  await page.keyboard.press("Enter");
  await tabTo("the quantity", isFocused("Quantity of Rabbit"));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("4");
  const texts: [string, string][] = [
    ["Name", "Ada Lovelace"],
    ["E-mail", "ada@example.org"],
    ["Street and number", "12 St James's Square"],
    ["Town or city", "London"],
    ["Postcode", "SW1Y 4JH"],
  ];
  for (const [label, text] of texts) {
    await tabTo(label, isFocused(label));
    await page.keyboard.type(text);
  }
  await tabTo("delivery", isFocused("Standard delivery"));
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await tabTo("payment", isFocused("Card"));
  await page.keyboard.press("Space");
  await tabTo("the button", isFocused("Place order"));
  await page.keyboard.press("Enter");
  await expect(orderNumber(page)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});
