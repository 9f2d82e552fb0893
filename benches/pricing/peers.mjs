// The peers beside ours, in one run.
import { spawnSync } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { printTable, show } from "./table.mjs";

const file = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

const PEERS = ["plain-cents", "dinero", "vendure", "medusa-decorate"];
const OURS = ["orderkit", "orderkit-checkout"];
const ADAPTERS = ["_orderkit", ...OURS];
const SIZES = [1, 20, 200, 1_000];
/** Section 11 of the design: a whole quote takes less time than with dinero.js … */
const QUOTE_LIMIT = { host: "chromium", lines: [20], peer: "dinero" };
/** … and a changed quantity no more than plain cents take for the whole cart. */
const CART_LIMIT = { host: "chromium", lines: [20, 1_000], peer: "plain-cents" };

/** A copy of the peers' folder with our adapters in it; what is installed there is only linked. */
async function copyOfPeers(peers, modules) {
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
  for (const wasm of Object.values(modules))
    await copyFile(file(`www/orderkit/wasm/${wasm}`), join(adapters, wasm));
  await mkdir(join(adapters, "node_modules"));
  await symlink(file("www/orderkit"), join(adapters, "node_modules", "orderkit"));
  return copy;
}

export async function runPeers(peers, modules) {
  const copy = await copyOfPeers(resolve(peers), modules);
  try {
    const only = `--only=${[...PEERS, ...OURS].join(",")}`;
    const args = [join(copy, "pricing", "bench.mjs"), only, ...process.argv.slice(2)];
    const run = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "ignore"], cwd: copy });
    if (run.status !== 0)
      throw new Error(`the benchmark of the peers ended with ${run.status ?? run.signal}`);
    const results = JSON.parse(await readFile(join(copy, "results", "pricing.only.json"), "utf8")).peers;
    printRatios("A whole quote: draft in, totals and trace out", "ns_cart", QUOTE_LIMIT, results);
    printRatios(
      "The cart handle: one quantity changed, totals out; the peers price the whole cart",
      "prepared_ns_cart",
      CART_LIMIT,
      results,
    );
    checkExact(results);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** A fast wrong answer is no figure. */
function checkExact(results) {
  for (const ours of OURS) {
    const { vsOwnMode, linesVsOwnMode, carts } = results[ours].check;
    const wrong = vsOwnMode + linesVsOwnMode;
    console.log(`${ours}, checked against the exact reference: ${wrong} of ${carts} carts differ`);
    if (wrong > 0) process.exitCode = 1;
  }
}

/** Ours beside the two peers that count, in one run: how many times as long. */
function printRatios(title, field, limit, results) {
  const rows = [];
  for (const host of ["node", "chromium"])
    for (const ours of OURS)
      for (const lines of SIZES) {
        const time = results[ours]?.[host]?.[lines]?.[field];
        const ratio = (name) => time / results[name]?.[host]?.[lines]?.ns_cart;
        const limited = host === limit.host && limit.lines.includes(lines);
        const verdict = ratio(limit.peer) <= 1 ? "inside" : "above";
        rows.push([
          ours,
          host,
          lines,
          show(time / 1_000),
          ...["plain-cents", "dinero"].map((name) => show(ratio(name))),
          limited ? `1 x ${limit.peer}: ${verdict}` : "",
        ]);
      }
  console.log(`\n${title}`);
  printTable(["", "host", "lines", "us", "x plain cents", "x dinero.js", "limit"], rows);
}
