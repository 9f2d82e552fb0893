// Sending and fetching orders beside the peers, in one run: Chromium and a server on the same machine.
//   ORDERKIT_PEERS=<folder> node benches/sync/run.mjs [--orders=10000] [--rounds=3] [--peers=rxdb,pouchdb] [--limit=400]
// Needs the package built (make web) and the release server: cargo build --release --package orderkit-server
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { judge, report } from "../limits.mjs";
import { runBench, withPeers } from "../peers.mjs";

const OURS = "orderkit";
/** Those that the limits are about: whole replication, and not a loop by hand. */
const REPLICATING = ["rxdb", "pouchdb", "pouchdb-1000"];
const MODULE = "orderkit_bg.wasm";
const FILES = [
  "shop.mjs",
  "server.mjs",
  "sync/adapters/orderkit.mjs",
  "sync/servers/orderkit.mjs",
  "sync/servers/_serve.mjs",
];
const BINARY = fileURLToPath(new URL("../../target/release/orderkit", import.meta.url));

const option = (name, usual) =>
  process.argv.find((it) => it.startsWith(`--${name}=`))?.slice(name.length + 3) ?? usual;

const orders = Number(option("orders", 10_000));
/** More are there when all is fetched: the benchmark sends 100, and 20 one by one. */
const pulled = orders + 120;
const wanted = option("peers", "");

/** What crossed for each adapter and side: of the push, what crossed before anything else was sent. */
async function bytesOf(file) {
  const found = {};
  for (const line of (await readFile(file, "utf8")).trim().split("\n")) {
    const { adapter, side, ...bytes } = JSON.parse(line);
    ((found[adapter] ??= {})[side] ??= []).push(bytes);
  }
  const first = (name, side) => found[name]?.[side]?.[0];
  return (name) => ({ push: first(name, "push"), pull: first(name, "pull") });
}

function timeRows(results, among) {
  const ours = results[OURS].median;
  const row = (what, field, more) => {
    const others = among.filter((name) => results[name]?.median);
    const peers = Object.fromEntries(others.map((name) => [name, results[name].median[field]]));
    return judge({ what, unit: "ms", ours: ours[field], peers, ...more });
  };
  const note =
    "the server prices every order again and writes it to a disk; the peers' servers keep what they get in memory";
  return [
    row(`push ${orders}`, "push_ms", { limit: 0.5, note }),
    row(`pull ${pulled}`, "pull_ms", {
      limit: 0.25,
      note: "ours brings the whole log of every order: its draft, its quote, who did what",
    }),
    row("push 100 more", "inc100_ms"),
    row("push one", "one_ms", { note: "ours begins and ends its exchange each time" }),
    row("nothing to fetch", "nothing_ms"),
  ];
}

function byteRows(bytes, among) {
  const row = (what, side, count, field, limit) => {
    const each = (name) => bytes(name)[side] && field(bytes(name)[side]) / count;
    const peers = Object.fromEntries(among.map((name) => [name, each(name)]));
    return judge({ what, unit: "B", ours: each(OURS), peers, limit });
  };
  const sum = ({ sent, received }) => sent + received;
  const raw = ({ sent, unpacked }) => sent + unpacked;
  return [
    row("bytes an order, push, as sent", "push", orders, sum, 0.5),
    row("bytes an order, push, unpacked", "push", orders, raw),
    row("bytes an order, pull, as sent", "pull", pulled, sum, 0.5),
    row("bytes an order, pull, unpacked", "pull", pulled, raw),
  ];
}

async function namesOf(copy) {
  if (wanted) return [...wanted.split(","), OURS];
  const files = await readdir(join(copy, "sync", "adapters"));
  return files.filter((it) => it.endsWith(".mjs") && !it.startsWith("_")).map((it) => it.slice(0, -4));
}

async function measure(copy) {
  const file = join(copy, "bytes.jsonl");
  const env = { ORDERKIT_BYTES: file, ORDERKIT_BINARY: process.env["ORDERKIT_BINARY"] ?? BINARY };
  const names = await namesOf(copy);
  const rounds = option("rounds");
  const args = [`--only=${names.join(",")}`, `--n=${orders}`, `--limit=${option("limit", 400)}`];
  const found = await runBench(copy, "sync", rounds ? [...args, `--rounds=${rounds}`] : args, env);
  const { errors, median } = found.peers[OURS];
  if (errors.length > 0) {
    console.error(`${OURS}: ${errors.join(", ")}`);
    process.exitCode = 1;
  }
  if (!median) return;
  const bytes = await bytesOf(file);
  const among = names.filter((name) => REPLICATING.includes(name));
  const rows = [...timeRows(found.peers, among), ...byteRows(bytes, among)];
  const crossed = Object.fromEntries(names.map((name) => [name, bytes(name)]));
  const title = `Sync, ${orders} orders, medians of ${found.rounds} rounds, load ${found.machine.load1}; bytes are of bodies`;
  const { machine } = found;
  await report("sync", title, rows, { machine, orders, rounds: found.rounds, crossed });
}

const peers = process.env["ORDERKIT_PEERS"];
if (!peers) throw new Error("ORDERKIT_PEERS is not set: the folder of the peer benchmarks");
await withPeers(peers, "sync", { files: FILES, modules: [MODULE] }, measure);
