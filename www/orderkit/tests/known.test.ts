import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { quote, Sync, type Draft, type Store } from "../src/node.js";
import { FakeServer } from "./server.js";
import { draft, freshName, openStore, until } from "./shop.js";

const stores: Store[] = [];
const syncs: Sync[] = [];
let server: FakeServer;

async function open(name: string): Promise<Store> {
  const opened = await openStore(name);
  stores.push(opened);
  return opened;
}

function start(store: Store): Sync {
  const options = { url: "http://shop.test/v1/main", token: () => "token", fetch: server.fetch };
  const sync = new Sync(store, { ...options, eventSource: false, pollMs: 60_000 });
  syncs.push(sync);
  sync.start();
  return sync;
}

/** What the server says of a customer with so much store credit. */
function credit(storeCreditMinor: number) {
  const customer = { groups: ["gold"], placedOrders: 2, points: 0, storeCreditMinor };
  return { known: { digest: `d${storeCreditMinor}`, context: { nowMs: 0, mayAdjust: false, customer } } };
}

const onCredit: Draft = { ...draft(), details: { ...draft().details, spendStoreCredit: true } };

/** What is left to pay of the draft by what a store knows. */
function payable(store: Store): number | undefined {
  const priced = quote(onCredit, store.rules, store.known);
  return priced.ok ? priced.quote.totals.payableMinor : undefined;
}

beforeEach(() => {
  server = new FakeServer();
});

afterEach(async () => {
  for (const sync of syncs.splice(0)) sync.stop();
  await Promise.all(stores.splice(0).map((it) => it.close()));
});

describe("what the server says last", () => {
  it("is priced by, kept over a reload, and not asked for again", async () => {
    const name = freshName();
    const store = await open(name);
    expect(store.known).toEqual({});
    const all = payable(store) ?? 0;
    server.extras.push(credit(300));
    const sync = start(store);
    await until(() => store.known.customer !== undefined, "what is known");
    expect(store.known).toMatchObject({ customer: { groups: ["gold"], placedOrders: 2 } });
    expect(store.known).not.toHaveProperty("nowMs");
    expect(payable(store)).toBe(all - 300);

    const saved = await store.place(onCredit);
    if (!saved.ok) throw new Error(JSON.stringify(saved.issues));
    expect(store.order(saved.saved.order)?.order.totals.payableMinor).toBe(all - 300);
    // The copy on the server knows no credit here, and what was agreed on does not hold there.
    await until(() => store.standing().refused === 1, "the verdict");
    expect(store.pending()[0]?.verdict?.issues).toMatchObject([
      { code: "price_changed", path: "/args/expect/payableMinor" },
    ]);
    expect((server.requests.at(-1) as { known?: string } | undefined)?.known).toBe("d300");

    sync.stop();
    await store.close();
    const again = await open(name);
    expect(payable(again)).toBe(all - 300);
  });

  it("reaches pages that do not exchange", async () => {
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    const all = payable(two) ?? 0;
    server.extras.push(credit(300), credit(200));
    const sync = start(one);
    await until(() => payable(two) === all - 300, "the other page");
    await sync.syncNow();
    await until(() => payable(two) === all - 200, "the other page");
    const saved = await two.place(onCredit);
    if (!saved.ok) throw new Error(JSON.stringify(saved.issues));
    expect(two.order(saved.saved.order)?.order.totals.payableMinor).toBe(all - 200);
  });

  it("is dropped if another version of the package stored what this one cannot read", async () => {
    const name = freshName();
    const store = await open(name);
    server.extras.push(credit(300));
    start(store);
    await until(() => store.known.customer !== undefined, "what is known");
    syncs.splice(0).forEach((sync) => {
      sync.stop();
    });
    await store.close();
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open([name, "main", "staff"].map(encodeURIComponent).join("/"));
      opening.onsuccess = () => {
        resolve(opening.result);
      };
    });
    const meta = database.transaction("meta", "readwrite").objectStore("meta");
    await new Promise<void>((resolve) => {
      const reading = meta.get("progress");
      reading.onsuccess = () => {
        const progress = reading.result as { known: { context: Record<string, unknown> } };
        progress.known.context["later"] = true;
        meta.put(progress, "progress").onsuccess = () => {
          resolve();
        };
      };
    });
    database.close();
    const again = await open(name);
    expect(again.known).toEqual({});
    expect(payable(again)).toBeGreaterThan(300);
  });
});
