// Pictures of the page for the documentation: a server with sample data, some orders of today in
// every state, and a browser that looks at them. Usage: node tests/browser/screenshots.mjs [folder]

import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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

async function post(path, body, token) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

// What the orders of today are about: who, what, and how far each has come.
const buyers = [
  [
    "Amelia Okafor",
    "London",
    "N1 9GU",
    [
      ["85123A", 4],
      ["22423", 1],
    ],
    "card",
    ["pay", "confirm", "ship", "deliver", "confirmReceipt", "complete"],
  ],
  [
    "Jonas Weber",
    "Bath",
    "BA1 1UF",
    [
      ["22720", 2],
      ["22699", 6],
    ],
    "card",
    ["pay", "confirm", "ship", "deliver"],
  ],
  ["陈思远", "Manchester", "M1 1AE", [["85099B", 10]], "invoice", ["confirm", "ship"]],
  [
    "Priya Raman",
    "Leeds",
    "LS1 4AP",
    [
      ["22727", 1],
      ["22112", 2],
      ["22197", 8],
    ],
    "card",
    ["pay", "confirm", "part"],
  ],
  ["Tom Hughes", "Cardiff", "CF10 1EP", [["47566", 3]], "bankTransfer", ["pay", "confirm"]],
  [
    "Clara Novák",
    "Edinburgh",
    "EH1 1YZ",
    [
      ["22423", 2],
      ["23245", 1],
    ],
    "cashOnDelivery",
    [],
  ],
  [
    "王小明",
    "Oxford",
    "OX1 3BG",
    [
      ["22457", 1],
      ["84879", 12],
    ],
    "card",
    [],
  ],
  ["Ruth Adeyemi", "York", "YO1 7HH", [["21181", 2]], "card", ["cancel"]],
];

const staff = await post("/v1/session", { role: "staff" });
const admin = await post("/v1/session", { role: "admin" });
const client = crypto.randomUUID();
let n = 0;
const send = async (order, kind, args) => {
  n += 1;
  const command = { n, id: crypto.randomUUID(), order, kind, atMs: Date.now(), args };
  const answer = await post("/v1/main/sync", { v: 1, client, limit: 1, commands: [command] }, staff.token);
  const result = answer.results.find((candidate) => candidate.n === n);
  if (result?.verdict !== "accepted") throw new Error(`${kind}: ${JSON.stringify(result)}`);
};

let showcase = "";
for (const [name, city, postcode, items, paymentMethod, life] of buyers) {
  const draft = {
    lines: items.map(([sku, quantity]) => ({ sku, quantity: String(quantity) })),
    details: {
      customer: { name, email: "orders@example.org" },
      shippingAddress: { street: ["14 Thimble Street"], city, postcode, country: "GB" },
      shippingMethod: "standard",
      paymentMethod,
    },
  };
  const answer = await post("/v1/main/quote", draft, staff.token);
  const { totals, rulesetDigest } = answer.quote ?? answer;
  const order = crypto.randomUUID();
  await send(order, "place@1", { draft, expect: { totalMinor: totals.grossMinor, rulesetDigest } });
  for (const step of life) {
    if (step === "pay") {
      const payment = { id: crypto.randomUUID(), method: paymentMethod, amountMinor: totals.payableMinor };
      await send(order, "recordPayment@1", { ...payment, reference: "pay-7Q2M" });
    } else if (step === "ship") {
      await send(order, "ship@1", {
        shipment: `${order}-1`,
        carrier: "Royal Mail",
        tracking: `RM ${order.slice(0, 6)}`,
      });
    } else if (step === "part") {
      showcase = order;
      const lines = [
        { line: "1", quantity: "1" },
        { line: "3", quantity: "5" },
      ];
      await send(order, "ship@1", {
        shipment: `${order}-1`,
        lines,
        carrier: "Royal Mail",
        tracking: "RM 4471 0925 GB",
      });
    } else if (step === "deliver") await send(order, "deliver@1", { shipment: `${order}-1` });
    else if (step === "cancel") await send(order, "cancel@1", { reason: "Ordered twice" });
    else await send(order, `${step}@1`, {});
  }
}

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
  order: `/orders/${showcase}`,
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
    const session = { list: staff, order: staff, rules: admin, trial: admin }[name];
    if (session)
      await context.addInitScript(
        (text) => localStorage.setItem("orderkit.session", text),
        JSON.stringify(session),
      );
    const page = await context.newPage();
    await page.goto(url + paths[name]);
    await page.getByTestId("sync-sign").waitFor();
    await page.waitForFunction(() =>
      /confirmed|已确认/.test(document.querySelector("[data-testid=sync-sign]")?.textContent ?? ""),
    );
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
