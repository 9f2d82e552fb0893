import { Desk } from "./life";
import { clean } from "./look";
import { expect, test, useSession } from "./shop";

/** What became of numbers, on the page of the rules. */

for (const [device, viewport] of [
  ["desktop", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
] as const) {
  test(`numbers are accounted for, and a lost device's block is given up: ${device}`, async ({
    page,
    context,
    server,
  }) => {
    await page.setViewportSize(viewport);
    const desk = await Desk.of(server);
    await desk.numbering({ pattern: "R{seq:4}{check}", blockSize: 10 });
    for (let count = 0; count < 2; count += 1) await desk.place("card");

    await useSession(context, await server.signIn("admin"));
    await page.goto(`${server.url}/rules/numbering`);
    const table = page.getByTestId("numbers");
    await expect(table.getByRole("columnheader", { name: "Missing" })).toBeVisible();
    const row = table.getByRole("row").nth(1);
    await expect(row.getByRole("cell").nth(1)).toHaveText("2");
    await expect(row.getByRole("cell").nth(4)).toHaveText("0");

    await clean(page, "the account of the numbers");

    const lost = page.getByRole("listitem").filter({ hasText: desk.buyer.user });
    await lost.getByRole("button", { name: "Device is lost" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("is given up");
    await dialog.getByRole("button", { name: "Device is lost" }).click();
    await expect(dialog).toBeHidden();
    await expect(lost).toHaveCount(0);
    await expect(page.getByText("the device or the paper is lost").first()).toBeVisible();
    await expect(row.getByRole("cell").nth(2)).not.toHaveText("0");
  });
}
