// `Sync` of the package with the release server, which prices every order again and decides on it. The outbox holds commands.
import { ready, Store, Sync } from "orderkit";
import { draftOf, orderIdOf, ruleset } from "../../shop.mjs";

const WASM = "orderkit_bg.wasm";

let store;
let sync;
let origin;
let token;

function must(outcome) {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues));
}

/** Exchanges until nothing waits here and nothing is new there. */
async function exchange() {
  const done = new Promise((resolve, reject) => {
    let hasBegun = false;
    const stopListening = sync.subscribe((state) => {
      if (state.error) reject(new Error(JSON.stringify(state.error)));
      if (state.status === "syncing") hasBegun = true;
      if (state.status !== "idle" || !hasBegun) return;
      stopListening();
      resolve();
    });
  });
  sync.start();
  await done;
  sync.stop();
  const { unsent, refused } = store.standing();
  if (unsent + refused > 0) throw new Error(`${unsent} commands are not sent, ${refused} are refused`);
}

export default {
  name: "orderkit",
  version: "0.1.0",
  server: "orderkit",
  assets: [WASM],
  async init(env) {
    await ready({ wasm: await env.readAsset(WASM) });
  },
  async open(name, address) {
    origin = address;
    token = await (await fetch(`${origin}/api/token`)).text();
    store = await Store.open({ name, tenant: "main", actor: { user: "staff", role: "staff" }, ruleset });
    sync = new Sync(store, { url: `${origin}/v1/main`, token: () => token, eventSource: false });
  },
  async seed(orders) {
    for (const order of orders) must(await store.place(draftOf(order), { order: orderIdOf(order.id) }));
  },
  push: exchange,
  pull: exchange,
  async localCount() {
    return store.standing().orders;
  },
  async close() {
    await store.close();
  },
};
