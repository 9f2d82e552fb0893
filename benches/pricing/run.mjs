// Measures the package: where the time of a call goes, how it grows, and how it compares with the peers.
//   node benches/pricing/run.mjs [--plot] [--rounds=N] [--budget=MS]
//   --plot: writes the pictures of docs/performance.md
//   ORDERKIT_PEERS=<folder of the peer benchmarks, set up>: runs them beside ours; nothing is written into that folder.
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as engine from "../../www/orderkit/dist/node.js";
import { measureGrowth } from "./growth.mjs";
import { measure, start } from "./parts.mjs";
import { runPeers } from "./peers.mjs";
import { plotOf } from "./plot.mjs";
import { printTable, show } from "../table.mjs";

const file = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

const FRAME_LIMIT_MS = 16;
const MODULES = { desk: "orderkit_bg.wasm", checkout: "checkout_bg.wasm" };

async function readModules() {
  const entries = Object.entries(MODULES).map(async ([name, wasm]) => [
    name,
    await readFile(file(`www/orderkit/wasm/${wasm}`)),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function measureInChromium(modules) {
  const contents = `
    import * as engine from "../../www/orderkit/dist/browser.js";
    import { measureGrowth } from "./growth.mjs";
    import { measure, start } from "./parts.mjs";
    globalThis.parts = { engine, measure, measureGrowth, start };`;
  const bundle = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ type: "module", content: bundle.outputFiles[0].text });
    await page.waitForFunction(() => globalThis.parts !== undefined);
    const texts = Object.entries(modules).map(([name, bytes]) => [name, bytes.toString("base64")]);
    return await page.evaluate(async (modules) => {
      const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const { engine, measure, measureGrowth, start } = globalThis.parts;
      const compiled = Object.fromEntries(modules.map(([name, text]) => [name, bytes(text)]));
      await start(compiled);
      await engine.ready({ wasm: compiled.desk });
      return { ...measure(), growth: measureGrowth(engine) };
    }, texts);
  } finally {
    await browser.close();
  }
}

function printParts(host, { parts, frame }) {
  const steps = Object.keys(parts[0].us);
  console.log(`\n${host}: microseconds of each step of a call, best of many rounds`);
  printTable(
    ["module", "lines", "bytes in", "bytes out", ...steps],
    parts.map(({ module, lines, draftBytes, answerBytes, us }) => [
      module,
      lines,
      draftBytes,
      answerBytes,
      ...steps.map((step) => show(us[step])),
    ]),
  );
  for (const [module, ms] of Object.entries(frame))
    console.log(`500 lines and 100 promotions, ${module} module: ${show(ms)} ms, limit ${FRAME_LIMIT_MS} ms`);
}

function printGrowth(host, rows) {
  console.log(`\n${host}: microseconds of a quote, and of one quantity changed in a cart handle`);
  printTable(
    ["promotions", "lines", "steps of the trace", "quote", "cart"],
    rows.map((row) => [row.promotions, row.lines, row.steps, show(row.quoteUs), show(row.cartUs)]),
  );
}

const modules = await readModules();
await start(modules);
await engine.ready({ wasm: modules.desk });
printParts("Node", measure());
printGrowth("Node", measureGrowth(engine));
const inChromium = await measureInChromium(modules);
printParts("Chromium", inChromium);
printGrowth("Chromium", inChromium.growth);
if (process.argv.includes("--plot")) {
  await writeFile(
    file("docs/growth-quote.svg"),
    plotOf("A quote with its trace, Chromium", inChromium.growth, "quoteUs"),
  );
  await writeFile(
    file("docs/growth-cart.svg"),
    plotOf("One quantity changed in a cart handle, Chromium", inChromium.growth, "cartUs"),
  );
}
const peers = process.env["ORDERKIT_PEERS"];
if (peers) await runPeers(peers, MODULES);
else console.log("\nORDERKIT_PEERS is not set: no peers beside ours");
