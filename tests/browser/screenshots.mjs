// Pictures of the page for the documentation: a server with sample data, and a browser that looks at it. Usage: node tests/browser/screenshots.mjs [folder]

import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { placeOrders } from "./picture-orders.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.argv[2] ?? join(root, "docs/screenshots");
const binary = [
  process.env.ORDERKIT_BINARY,
  join(root, "target/debug/orderkit"),
  join(root, "target/release/orderkit"),
].find((path) => path !== undefined && existsSync(path));
if (!binary) throw new Error("build the server first: cargo build --package orderkit-server");

const port = 18_000 + (process.pid % 1_000);
const url = `http://127.0.0.1:${port}`;
const data = await mkdtemp(join(tmpdir(), "orderkit-pictures-"));

const server = spawn(
  binary,
  ["serve", "--open-sign-in", "--demo", "--data", data, "--listen", `127.0.0.1:${port}`],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
await new Promise((resolve, reject) => {
  server.stdout.on("data", (chunk) => chunk.toString().includes("is ready on") && resolve());
  server.on("exit", () => reject(new Error("the server ended")));
});

const { staff, admin, placed } = await placeOrders(url).catch((error) => {
  // Without this the server would go on alone.
  server.kill("SIGKILL");
  throw error;
});

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
  ],
});

async function fillForm(page, language) {
  const add = async (sku, quantity) => {
    const row = page.getByRole("listitem").filter({ hasText: sku }).first();
    await row.getByRole("button").click();
    if (quantity > 1) await row.getByRole("textbox").fill(String(quantity));
  };
  await add("85123A", 6);
  await add("21731", 2);
  await page.locator(".categories").getByRole("button").nth(2).click();
  await add("22423", 1);
  const values = {
    "customer-name": language === "zh" ? "王小明" : "Amelia Okafor",
    "customer-email": "amelia@example.org",
    "shippingAddress-street-0": "14 Thimble Street",
    "shippingAddress-city": "London",
    "shippingAddress-postcode": "N1 9GU",
  };
  for (const [field, value] of Object.entries(values))
    await page.locator(`#field-details-${field}`).fill(value);
  await page.locator("#field-details-shippingMethod").check();
  await page.locator("#field-details-paymentMethod").check();
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
}

const open = {
  form: async (page, language) => fillForm(page, language),
  trace: async (page, language) => {
    await fillForm(page, language);
    await page.locator(".why").click();
    await page.getByRole("dialog").waitFor();
  },
  placed: async (page, language, context) => {
    await fillForm(page, language);
    await context.setOffline(true);
    await page.locator(".place").click();
    await page.getByTestId("order-number").waitFor();
  },
  list: async (page) => page.getByRole("listitem").first().waitFor(),
  order: async (page) => page.getByTestId("order-number").waitFor(),
  edit: async (page) => {
    await page
      .getByRole("textbox", { name: /Quantity|数量/ })
      .first()
      .fill("2");
    await page.getByTestId("difference").waitFor();
  },
  return: async (page) => {
    await page
      .getByRole("textbox", { name: /Quantity|数量/ })
      .first()
      .fill("1");
  },
  exceptions: async (page) => {
    await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
    await page.getByRole("heading", { level: 2 }).first().waitFor();
  },
  track: async (page) => {
    await page.getByRole("textbox").nth(1).fill("orders@example.org");
    await page.locator("main button[type=submit]").click();
    await page.getByTestId("track-state").waitFor();
    await page.evaluate(() => scrollTo(0, 0));
  },
  rules: async (page) => {
    await page.locator("#test-cart input.figures").first().fill("40");
    await page.locator("#rule-promotions-1").click();
    await page.locator("#field-promotions-1-effect-tiers-0-saveMinor").fill("15");
    await page.locator("#field-promotions-1-effect-tiers-1-saveMinor").fill("12");
    await page.waitForTimeout(500);
    await page.evaluate(() => {
      document.activeElement?.blur();
      scrollTo(0, 0);
    });
  },
  trial: async (page, ...rest) => {
    await open.rules(page, ...rest);
    await page.evaluate(() => document.querySelector("#rules-side")?.scrollIntoView());
  },
};
const paths = {
  form: "/",
  trace: "/",
  placed: "/",
  list: "/orders",
  order: `/orders/${placed["Priya Raman"].id}`,
  edit: `/orders/${placed["Tom Hughes"].id}/edit`,
  return: `/orders/${placed["Jonas Weber"].id}/return`,
  exceptions: "/exceptions",
  track: `/track?number=${placed["Jonas Weber"].number}`,
  rules: "/rules",
  trial: "/rules",
};

/** Page, device, theme, language. */
const pictures = [
  ["form", "desktop", "light", "en"],
  ["form", "desktop", "dark", "zh"],
  ["form", "phone", "light", "en"],
  ["form", "phone", "dark", "zh"],
  ["trace", "desktop", "light", "en"],
  ["placed", "phone", "light", "en"],
  ["list", "desktop", "light", "en"],
  ["list", "desktop", "dark", "en"],
  ["list", "phone", "light", "zh"],
  ["order", "desktop", "light", "en"],
  ["order", "desktop", "dark", "zh"],
  ["order", "phone", "light", "en"],
  ["order", "phone", "dark", "zh"],
  ["edit", "desktop", "light", "en"],
  ["edit", "phone", "dark", "zh"],
  ["return", "desktop", "dark", "en"],
  ["return", "phone", "light", "zh"],
  ["exceptions", "desktop", "light", "en"],
  ["exceptions", "desktop", "dark", "zh"],
  ["exceptions", "phone", "light", "en"],
  ["track", "phone", "light", "en"],
  ["track", "desktop", "dark", "zh"],
  ["rules", "desktop", "light", "en"],
  ["rules", "desktop", "dark", "zh"],
  ["rules", "phone", "light", "en"],
  ["trial", "phone", "dark", "zh"],
];

await mkdir(folder, { recursive: true });
try {
  for (const [name, device, colorScheme, language] of pictures) {
    const isPhone = device === "phone";
    const context = await browser.newContext({
      viewport: isPhone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
      deviceScaleFactor: isPhone ? 2 : 1,
      hasTouch: isPhone,
      colorScheme,
      reducedMotion: "reduce",
      locale: language === "zh" ? "zh-CN" : "en-GB",
    });
    const session = {
      list: staff,
      order: staff,
      edit: staff,
      return: staff,
      exceptions: staff,
      rules: admin,
      trial: admin,
    }[name];
    if (session)
      await context.addInitScript(
        (text) => localStorage.setItem("orderkit.session", text),
        JSON.stringify(session),
      );
    const page = await context.newPage();
    await page.goto(url + paths[name]);
    // Who follows an order has no copy of the shop, and nothing to be sent.
    if (name !== "track") {
      await page.getByTestId("sync-sign").waitFor();
      await page.waitForFunction(() =>
        /confirmed|已确认/.test(document.querySelector("[data-testid=sync-sign]")?.textContent ?? ""),
      );
    }
    await open[name](page, language, context);
    await page.evaluate(() => document.fonts.ready.then(() => true));
    await page.waitForTimeout(300);
    const file = `${name}-${device}-${colorScheme}-${language}.png`;
    await page.screenshot({ path: join(folder, file) });
    console.log(file);
    await context.close();
  }
} finally {
  await browser.close();
  server.removeAllListeners("exit");
  server.kill("SIGKILL");
  await rm(data, { recursive: true, force: true });
}
