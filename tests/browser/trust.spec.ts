import { becomeStaff, expect, fillOrder, open, openOffline, place, sign, test, useSession } from "./shop";

interface SyncBody {
  commands: { kind: string; args: { expect: { totalMinor: number } } }[];
}

test.describe("without the service worker, which hides requests from the test", () => {
  test.use({ serviceWorkers: "block" });

  test("a total that was changed on the way is refused, with ways out", async ({ page, context, server }) => {
    await open(page, server.url);
    await context.setOffline(true);
    await fillOrder(page);
    await place(page);

    await page.route("**/v1/main/sync", async (route) => {
      const body = route.request().postDataJSON() as SyncBody;
      for (const command of body.commands) {
        if (command.kind === "place@1") command.args.expect.totalMinor = 1;
      }
      await route.continue({ postData: JSON.stringify(body) });
    });
    const answered = page.waitForResponse(
      async (response) =>
        response.url().endsWith("/sync") && (await response.text()).includes("total_mismatch"),
    );
    await context.setOffline(false);
    await answered;

    const banner = page.getByTestId("refused");
    await expect(banner).toContainText("The total does not match the shop rules");
    await expect(sign(page)).toHaveText("1 refused");
    expect(await server.orders()).toHaveLength(0);

    await page.unroute("**/v1/main/sync");
    await banner.getByRole("button", { name: "Fill in the form again" }).click();
    await expect(banner).toBeHidden();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada Lovelace");
    await place(page);
    await expect(page.getByText("Received by the shop")).toBeVisible();
    expect(await server.orders()).toHaveLength(1);
  });
});

test("another shop's token sees nothing here", async ({ page, browser, server }) => {
  await openOffline(page, server.url);
  await fillOrder(page);
  await place(page);
  await expect(page.getByText("Received by the shop")).toBeVisible();

  const token = await server.token("elsewhere", "mallory", "staff");
  const stranger = await browser.newContext();
  // The page is told the wrong tenant: the server has to see through it.
  await useSession(stranger, { token, tenant: "main", user: "mallory", role: "staff" });
  const view = await stranger.newPage();
  await view.goto(`${server.url}/orders`);
  await expect(view.getByText("Sign in").first()).toBeVisible();
  await expect(view.getByText("Ada Lovelace")).toHaveCount(0);

  const headers = { authorization: `Bearer ${token}` };
  for (const path of ["/v1/main/orders", "/v1/main/ruleset"]) {
    expect((await fetch(server.url + path, { headers })).status, path).toBe(403);
  }
  const sync = await fetch(`${server.url}/v1/main/sync`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ v: 1, client: crypto.randomUUID(), commands: [] }),
  });
  expect(sync.status).toBe(403);
  await stranger.close();
});

test("a customer does not see another customer's orders; staff sees all", async ({
  page,
  server,
  browser,
}) => {
  await openOffline(page, server.url);
  await fillOrder(page);
  const number = await place(page);
  await expect(page.getByText("Received by the shop")).toBeVisible();

  const other = await browser.newContext();
  const view = await other.newPage();
  await view.goto(`${server.url}/orders`);
  await expect(sign(view)).toHaveText("All confirmed");
  await expect(view.getByText("The book is still empty")).toBeVisible();
  await becomeStaff(view);
  await expect(view.getByRole("listitem").filter({ hasText: number })).toBeVisible();
  await other.close();
});
