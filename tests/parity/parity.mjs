// Sends random drafts through every way of the engine and compares the answers byte for byte.
//   node tests/parity/parity.mjs [COUNT] [--seed=N] [--binary=PATH]
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { NOT_ASKED } from "./engine.mjs";
import { browser, cleanUp, http, native, node, prepare } from "./ways.mjs";

/** The way that the others are compared with. */
const FIRST = "native";
/** Drafts with a difference that are printed in full; the others are only counted. */
const SHOWN = 3;
/** How much of a line is shown before the first byte that differs. */
const CONTEXT_CHARS = 60;

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    binary: { type: "string" },
  },
});

/** Without a binary everything is built, so that no way is older than the others. */
function build() {
  if (values.binary !== undefined) return values.binary;
  const run = (command, ...args) =>
    execFileSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  run("scripts/build-wasm");
  run("npm", "run", "--silent", "build", "--workspace", "orderkit");
  run("cargo", "build", "--quiet", "--package", "orderkit-server");
  return "target/debug/orderkit";
}

function readShops(count, seed) {
  const args = ["run", "--quiet", "--example", "drafts", "--", String(count), seed];
  const text = execFileSync("cargo", args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 30 });
  const shops = [];
  for (const line of text.trimEnd().split("\n")) {
    const { shop, draft } = JSON.parse(line);
    if (shop === undefined) shops.at(-1).drafts.push(draft);
    // Staff may adjust prices by hand and customers may not: every second shop is asked by staff.
    else
      shops.push({
        ...shop,
        ruleset: JSON.stringify(shop.ruleset),
        mayAdjust: shops.length % 2 === 0,
        drafts: [],
      });
  }
  return shops.filter((shop) => shop.drafts.length > 0);
}

/** What was found so far. */
class Tally {
  drafts = 0;
  identical = 0;
  priced = 0;
  ways = new Map();
  shown = 0;

  add(shop, answers) {
    for (const [at, draft] of shop.drafts.entries()) {
      this.drafts += 1;
      if (answers[FIRST][2 * at].startsWith('{"ok":true,"quote":')) this.priced += 1;
      const different = Object.keys(answers).filter((way) => !this.#isSame(answers, way, at));
      if (different.length === 0) this.identical += 1;
      else if (++this.shown <= SHOWN) show(shop, draft, answers, different, at);
    }
  }

  #isSame(answers, way, at) {
    const count = this.ways.get(way) ?? { asked: 0, identical: 0 };
    this.ways.set(way, count);
    if (answers[way][2 * at] === NOT_ASKED) return true;
    count.asked += 1;
    if (firstDifference(answers, way, at) !== undefined) return false;
    count.identical += 1;
    return true;
  }
}

/** The two answers to the first of both questions that a way answers differently. */
function firstDifference(answers, way, at) {
  for (const place of [2 * at, 2 * at + 1])
    if (answers[way][place] !== answers[FIRST][place]) return [answers[FIRST][place], answers[way][place]];
  return undefined;
}

function show(shop, draft, answers, ways, at) {
  console.error(`\ndifference in shop "${shop.name}" at ${shop.nowMs} ms\ndraft\n${draft}`);
  for (const way of ways) {
    const [ours, theirs] = firstDifference(answers, way, at);
    let same = 0;
    while (ours[same] === theirs[same]) same += 1;
    const from = Math.max(0, same - CONTEXT_CHARS);
    console.error(`${way}, from character ${from} on\n  ${ours.slice(from)}\n  ${theirs.slice(from)}`);
  }
  console.error(`all of ${FIRST}\n${answers[FIRST].slice(2 * at, 2 * at + 2).join("\n")}`);
}

async function run(shops) {
  const shared = await prepare(build());
  const tally = new Tally();
  const ways = [];
  const seconds = new Map();
  try {
    for (const open of [native, node, browser, http]) ways.push([open.name, await open(shared)]);
    for (const shop of shops) {
      const answers = {};
      for (const [name, way] of ways) {
        const start = performance.now();
        Object.assign(answers, await way.ask(shop));
        seconds.set(name, (seconds.get(name) ?? 0) + (performance.now() - start) / 1_000);
      }
      tally.add(shop, answers);
    }
  } finally {
    for (const [, way] of ways) await way.close();
    await cleanUp(shared);
  }
  return { tally, seconds };
}

const count = Number(positionals[0] ?? 1_000);
const { tally, seconds } = await run(readShops(count, values.seed));
console.log(
  `${tally.drafts} drafts, ${tally.priced} with a price and ${tally.drafts - tally.priced} refused; seed ${values.seed}`,
);
for (const [way, { asked, identical }] of tally.ways)
  console.log(`${way.padEnd(28)} ${String(identical).padStart(6)} of ${String(asked).padStart(6)} identical`);
console.log([...seconds].map(([name, time]) => `${name} ${time.toFixed(1)} s`).join(", "));
console.log(`parity: ${tally.identical} of ${count} identical`);
process.exitCode = tally.identical === count ? 0 : 1;
