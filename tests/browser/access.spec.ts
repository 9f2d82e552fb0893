import { clean } from "./look";
import { expect, fillOrder, openOffline, orderNumber, place, test } from "./shop";

/** The three pages, each way that they can look. */

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
        await clean(page, "the form");
        if (language === "zh") await page.getByRole("button", { name: "English" }).click();
        await page.getByRole("button", { name: "Why this price?" }).click();
        await clean(page, "the trace");
        await page.keyboard.press("Escape");
        await place(page);
        if (language === "zh") await page.getByRole("button", { name: "中文" }).click();
        await clean(page, "the confirmation");
        await page.getByRole("navigation").getByRole("link").nth(1).click();
        await expect(page.getByRole("listitem")).toHaveCount(1);
        await clean(page, "the list");
        await page.getByRole("listitem").getByRole("link").click();
        await expect(orderNumber(page)).toBeVisible();
        await clean(page, "the order");
        await page.getByTestId("sync-sign").click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await clean(page, "the state of the sync");
      });
    }
  }
}
