// The store of the package. A single order is placed: priced, numbered and decided by the rules, then written strictly. Many are
// pulled: `Sync` understands recorded answers of a real server and stores them. Lists are rows; a whole order is opened by its id.
import { ready, Store, Sync } from "orderkit";
import {
  draftOf,
  generatedNumber,
  idOfOrder,
  orderIdOf,
  ruleset,
  statusOf,
  summariesOf,
} from "../../shop.mjs";

const WASM = "orderkit_bg.wasm";
const ALL = 1_000_000;

let env;
let store;
let answers = [];

/** Read before the clock starts: the peers get their orders in memory as well. */
async function readAnswers() {
  const { count } = JSON.parse(new TextDecoder().decode(await env.readAsset("orderkit-answers.json")));
  const names = Array.from({ length: count }, (_, at) => `orderkit-answer-${at}.json`);
  answers = await Promise.all(names.map((name) => env.readAsset(name)));
}

function must(outcome) {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues));
}

const idsOf = ({ rows }) => rows.map(({ row }) => ({ id: idOfOrder(row.id), lines: row.lines }));

/** How many orders are as new as that or newer: where a list goes on that begins before. */
function offsetBefore(before) {
  let low = 0;
  let high = store.list({ limit: 1 }).total;
  while (low < high) {
    const middle = (low + high) >> 1;
    const [found] = store.list({ offset: middle, limit: 1 }).rows;
    if (found.row.placedMs < before) high = middle;
    else low = middle + 1;
  }
  return low;
}

export default {
  name: "orderkit",
  version: "0.1.0",
  assets: [WASM],
  async init(given) {
    env = given;
    await ready({ wasm: await env.readAsset(WASM) });
  },
  async open(name) {
    if (name === "single") await readAnswers();
    store = await Store.open({ name, tenant: "main", actor: { user: "staff", role: "staff" }, ruleset });
  },
  async insert(order) {
    must(await store.place(draftOf(order), { order: orderIdOf(order.id) }));
  },
  async bulk() {
    let next = 0;
    const headers = { "content-type": "application/json" };
    const answer = () => Promise.resolve(new Response(answers[next++], { headers }));
    const sync = new Sync(store, { url: "", token: () => "", fetch: answer, eventSource: false });
    const idle = new Promise((resolve, reject) => {
      let hasBegun = false;
      sync.subscribe((state) => {
        if (state.error) reject(new Error(JSON.stringify(state.error)));
        if (state.status === "syncing") hasBegun = true;
        if (state.status === "idle" && hasBegun) resolve();
      });
    });
    sync.start();
    await idle;
    // Waits behind what is still being packed.
    await store.dismiss(0);
    sync.stop();
    answers = [];
  },
  async get(id) {
    const { order } = await store.load(orderIdOf(id));
    return {
      id,
      number: generatedNumber(order.number),
      total: order.totals.grossMinor,
      lines: order.lines,
    };
  },
  async lastCreated(limit, before) {
    const [newest] = store.list({ limit: 1 }).rows;
    const offset = newest && newest.row.placedMs >= before ? offsetBefore(before) : 0;
    return idsOf(store.list({ offset, limit }));
  },
  async byStatus(status) {
    return idsOf(store.list({ summaries: summariesOf(status), limit: ALL }));
  },
  // Numbers, buyers and tracking numbers are searched, names of goods are not: the time counts, the answer cannot be that of the peers.
  async byToken(word) {
    return idsOf(store.list({ text: word, limit: ALL }));
  },
  async countByStatus() {
    const counts = {};
    for (const [summary, count] of Object.entries(store.list({ limit: 1 }).counts)) {
      const status = statusOf(summary);
      if (status !== undefined) counts[status] = (counts[status] ?? 0) + count;
    }
    return counts;
  },
  async all() {
    return idsOf(store.list({ limit: ALL }));
  },
  async close() {
    await store.close();
  },
};
