// The peers beside ours, in one run.
import { runBench, withPeers } from "../peers.mjs";
import { printTable, show } from "../table.mjs";

const PEERS = ["plain-cents", "dinero", "vendure", "medusa-decorate"];
const OURS = ["orderkit", "orderkit-checkout"];
const FILES = ["_orderkit", ...OURS].map((name) => `pricing/adapters/${name}.mjs`);
const SIZES = [1, 20, 200, 1_000];
/** Section 11 of the design: a whole quote takes less time than with dinero.js … */
const QUOTE_LIMIT = { host: "chromium", lines: [20], peer: "dinero" };
/** … and a changed quantity no more than plain cents take for the whole cart. */
const CART_LIMIT = { host: "chromium", lines: [20, 1_000], peer: "plain-cents" };

export async function runPeers(peers, modules) {
  const only = `--only=${[...PEERS, ...OURS].join(",")}`;
  const ours = { files: FILES, modules: Object.values(modules) };
  const { peers: results } = await withPeers(peers, "pricing", ours, (copy) =>
    runBench(copy, "pricing", [only, ...process.argv.slice(2)]),
  );
  printRatios("A whole quote: draft in, totals and trace out", "ns_cart", QUOTE_LIMIT, results);
  printRatios(
    "The cart handle: one quantity changed, totals out; the peers price the whole cart",
    "prepared_ns_cart",
    CART_LIMIT,
    results,
  );
  checkExact(results);
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
