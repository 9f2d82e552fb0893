import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, fillOrder, openOffline, orderNumber, place, test } from "./shop";

/** The three pages, each way that they can look. */

async function check(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
  expect(found, what).toEqual([]);
  const isTooWide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(isTooWide, `${what} scrolls sideways`).toBe(false);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const language of ["en", "zh"] as const) {
    for (const [device, viewport] of [
      ["desktop", { width: 1280, height: 900 }],
      ["phone", { width: 360, height: 740 }],
    ] as const) {
      test(`nothing for axe to find: ${device}, ${colorScheme}, ${language}`, async ({ page, server }) => {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await openOffline(page, server.url);
        await fillOrder(page);
        if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
        await check(page, "the form");
        if (language === "zh") await page.getByRole("button", { name: "English" }).click();
        await page.getByRole("button", { name: "Why this price?" }).click();
        await check(page, "the trace");
        await page.keyboard.press("Escape");
        await place(page);
        if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
        await check(page, "the confirmation");
        await page.getByRole("navigation").getByRole("link").nth(1).click();
        await expect(page.getByRole("listitem")).toHaveCount(1);
        await check(page, "the list");
        await page.getByRole("listitem").getByRole("link").click();
        await expect(orderNumber(page)).toBeVisible();
        await check(page, "the order");
        await page.getByTestId("sync-sign").click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await check(page, "the state of the sync");
      });
    }
  }
}
