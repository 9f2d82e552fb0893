// Measures the package: where the time of a call goes, and how it compares with the peers.
//   node benches/pricing/run.mjs [--rounds=N] [--budget=MS]
//   ORDERKIT_PEERS=<folder of the peer benchmarks, set up>: runs them beside ours; nothing is written into that folder.
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { measure, start } from "./parts.mjs";

const file = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

const FRAME_LIMIT_MS = 16;
const PEERS = ["plain-cents", "dinero", "vendure", "medusa-decorate"];
const OURS = ["orderkit", "orderkit-checkout"];
const ADAPTERS = ["_orderkit", ...OURS];
const MODULES = { desk: "orderkit_bg.wasm", checkout: "checkout_bg.wasm" };
const SIZES = [1, 20, 200, 1_000];
/** Section 11 of the design: a quote of so many lines in Chromium takes less time than with dinero.js. */
const LIMIT = { lines: 20, host: "chromium", peer: "dinero", ratio: 1 };

const show = (number) => (number >= 100 ? number.toFixed(0) : number.toFixed(number >= 10 ? 1 : 2));

function printTable(head, rows) {
  const all = [head, ...rows].map((row) => row.map(String));
  const width = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  for (const row of all)
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(width[0]) : cell.padStart(width[column])))
        .join("  "),
    );
}

async function readModules() {
  const entries = Object.entries(MODULES).map(async ([name, wasm]) => [
    name,
    await readFile(file(`www/orderkit/wasm/${wasm}`)),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function measureInChromium(modules) {
  const contents = 'import { measure, start } from "./parts.mjs"; globalThis.parts = { measure, start };';
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
      await globalThis.parts.start(Object.fromEntries(modules.map(([name, text]) => [name, bytes(text)])));
      return globalThis.parts.measure();
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

/** A copy of the peers' folder with our adapters in it; what is installed there is only linked. */
async function copyOfPeers(peers) {
  const copy = await mkdtemp(join(tmpdir(), "orderkit-bench-"));
  const parts = ["lib", "pricing"];
  for (const part of parts) {
    const isSource = (path) =>
      !path.split(/[\\/]/).some((name) => name === "node_modules" || name === "dist");
    const source = join(peers, part);
    await cp(source, join(copy, part), {
      recursive: true,
      filter: (path) => isSource(path.slice(source.length)),
    });
  }
  await copyFile(join(peers, "package.json"), join(copy, "package.json"));
  for (const folder of ["", "pricing"])
    await symlink(join(peers, folder, "node_modules"), join(copy, folder, "node_modules"));
  const adapters = join(copy, "pricing", "adapters");
  for (const name of ADAPTERS) await copyFile(join(here, `${name}.mjs`), join(adapters, `${name}.mjs`));
  for (const wasm of Object.values(MODULES))
    await copyFile(file(`www/orderkit/wasm/${wasm}`), join(adapters, wasm));
  await mkdir(join(adapters, "node_modules"));
  await symlink(file("www/orderkit"), join(adapters, "node_modules", "orderkit"));
  return copy;
}

async function runPeers(peers) {
  const copy = await copyOfPeers(resolve(peers));
  try {
    const only = `--only=${[...PEERS, ...OURS].join(",")}`;
    const args = [join(copy, "pricing", "bench.mjs"), only, ...process.argv.slice(2)];
    const run = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "ignore"], cwd: copy });
    if (run.status !== 0)
      throw new Error(`the benchmark of the peers ended with ${run.status ?? run.signal}`);
    printRatios(JSON.parse(await readFile(join(copy, "results", "pricing.only.json"), "utf8")).peers);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Ours beside the two peers that count, in one run: how many times as long. */
function printRatios(peers) {
  const rows = [];
  for (const host of ["node", "chromium"])
    for (const ours of OURS)
      for (const lines of SIZES) {
        const time = (name) => peers[name]?.[host]?.[lines]?.ns_cart;
        const ratio = (name) => time(ours) / time(name);
        const limited = host === LIMIT.host && lines === LIMIT.lines;
        const verdict = ratio(LIMIT.peer) < LIMIT.ratio ? "inside" : "above";
        const limit = limited ? `< ${LIMIT.ratio} x ${LIMIT.peer}: ${verdict}` : "";
        const ratios = ["plain-cents", "dinero"].map((name) => show(ratio(name)));
        rows.push([ours, host, lines, show(time(ours) / 1_000), ...ratios, limit]);
      }
  console.log("\nRatios in this run");
  printTable(["", "host", "lines", "us a cart", "x plain cents", "x dinero.js", "limit"], rows);
  const { vsOwnMode, linesVsOwnMode, carts } = peers.orderkit.check;
  console.log(`checked against the exact reference: ${vsOwnMode + linesVsOwnMode} of ${carts} carts differ`);
}

const modules = await readModules();
await start(modules);
printParts("Node", measure());
printParts("Chromium", await measureInChromium(modules));
const peers = process.env["ORDERKIT_PEERS"];
if (peers) await runPeers(peers);
else console.log("\nORDERKIT_PEERS is not set: no peers beside ours");
