// The store of orders in the browser beside its peers, in one run in Chromium.
//   ORDERKIT_PEERS=<folder> node benches/storage/run.mjs [--orders=10000] [--rounds=3] [--reopens=5] [--peers=dexie,idb] [--limit=240]
//   --orders: how many are pulled, listed and searched; --peers: only these; all if missing
// Needs the package built (make web) and the release server, whose answers are what is pulled.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { judge, report } from "../limits.mjs";
import { runBench, withPeers } from "../peers.mjs";
import { measureMemory } from "./memory.mjs";
import { recordAnswers } from "./record.mjs";

const OURS = "orderkit";
const MODULE = "orderkit_bg.wasm";
const FILES = ["shop.mjs", `storage/adapters/${OURS}.mjs`];
/** The limit of a cold start is for this many. */
const COLD_START_ORDERS = 50_000;
const BINARY = fileURLToPath(new URL("../../target/release/orderkit", import.meta.url));

const option = (name, usual) =>
  process.argv.find((it) => it.startsWith(`--${name}=`))?.slice(name.length + 3) ?? usual;

const orders = Number(option("orders", 10_000));
const wanted = option("peers", "");

async function record(copy) {
  const { makeOrders } = await import(pathToFileURL(join(copy, "lib", "orders.mjs")));
  const adapters = join(copy, "storage", "adapters");
  const generated = makeOrders(orders);
  const recorded = await recordAnswers(process.env["ORDERKIT_BINARY"] ?? BINARY, generated, adapters);
  await writeFile(join(adapters, "orderkit-answers.json"), JSON.stringify({ count: recorded.answers }));
  return { ...recorded, json: JSON.stringify(generated).length };
}

async function namesOf(copy) {
  if (wanted) return [...wanted.split(","), OURS];
  const files = await readdir(join(copy, "storage", "adapters"));
  return files.filter((it) => it.endsWith(".mjs") && !it.startsWith("_")).map((it) => it.slice(0, -4));
}

function rowsOf(results, memory) {
  const ours = results[OURS].median;
  const row = (what, field, more) => {
    const others = Object.entries(results).filter(([name, it]) => name !== OURS && it.median?.[field]);
    const peers = Object.fromEntries(others.map(([name, it]) => [name, it.median[field]]));
    return judge({ what, unit: "ms", ours: ours[field], peers, ...more });
  };
  const dexie = { dexie: results.dexie?.median?.bulk_ms };
  const cold = orders >= COLD_START_ORDERS ? { absolute: 250 } : {};
  return [
    row("save one order, strict", "insert_p50_ms", {
      limit: 1,
      note: "ours is priced, numbered, decided by the rules and written strictly; peers put an object, most of them relaxed",
    }),
    judge({
      what: `store ${orders} pulled orders`,
      unit: "ms",
      ours: ours.bulk_ms,
      peers: dexie,
      limit: 0.1,
      note: "ours reads the answers of a real server and checks them, then packs; Dexie (the limit's peer) puts objects",
    }),
    row(`cold start with ${orders}, one order and the first list`, "reopen_last50_ms", {
      ...cold,
      note: "wasm and all orders are read into memory",
    }),
    row("a page of 50", "last50_ms", {
      note: "ours gives rows, the peers whole orders; it has no list that begins at a time, so some 15 lists find where it begins",
    }),
    row("one order by its id", "get_p50_ms"),
    row("all of one status", "status_ms", { note: "ours gives rows" }),
    row("search for a word", "token_ms", {
      note: "ours searches numbers, buyers and tracking, a part of a word too; the peers an index of words of goods",
    }),
    row("counts by status", "count_ms"),
    row("room on the disk", "MB", { unit: "MB" }),
    judge({ what: `memory of the page with ${orders}`, unit: "MB", ours: memory.megabytes }),
  ];
}

/** A fast wrong answer is no figure. Words of goods are not searched here, which the table says. */
function checkAnswers({ errors, median }) {
  const wrong = (median?.wrong ?? []).filter((it) => it !== "byToken");
  if (errors.length + wrong.length === 0) return;
  console.error(`${OURS}: ${[...errors, ...wrong].join(", ")}`);
  process.exitCode = 1;
}

async function measure(copy) {
  const recorded = await record(copy);
  const only = `--only=${(await namesOf(copy)).join(",")}`;
  const passed = ["rounds", "reopens", "limit"].filter((name) => option(name) !== undefined);
  const args = [only, `--n=${orders}`, ...passed.map((name) => `--${name}=${option(name)}`)];
  const found = await runBench(copy, "storage", args);
  checkAnswers(found.peers[OURS]);
  if (!found.peers[OURS].median?.bulk_ms) return;
  const memory = await measureMemory(copy, OURS, orders);
  const { machine, chromium, rounds } = found;
  const title = `Storage, ${orders} orders, Chromium ${chromium}, medians of ${rounds} rounds, load ${machine.load1}`;
  const rows = rowsOf(found.peers, memory);
  const bytes = `${Math.round(recorded.bytes / orders)} bytes of JSON an order as pulled`;
  await report(`storage-${orders}`, `${title}; ${bytes}`, rows, {
    machine,
    orders,
    rounds,
    recorded,
    memory,
  });
}

const peers = process.env["ORDERKIT_PEERS"];
if (!peers) throw new Error("ORDERKIT_PEERS is not set: the folder of the peer benchmarks");
await withPeers(peers, "storage", { files: FILES, modules: [MODULE] }, measure);
