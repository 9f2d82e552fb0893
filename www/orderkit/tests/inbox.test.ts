import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Sync, type Store } from "../src/node.js";
import { coreOf } from "../src/store/store.js";
import { FakeServer } from "./server.js";
import { draft, freshName, openStore, placed, until } from "./shop.js";

let server: FakeServer;
let store: Store;
const syncs: Sync[] = [];

function start(of: Store = store): Sync {
  const options = { url: "http://shop.test/v1/main", token: () => "token", fetch: server.fetch };
  const sync = new Sync(of, { ...options, eventSource: false, pollMs: 60_000 });
  syncs.push(sync);
  sync.start();
  return sync;
}

const idle = (sync: Sync) => until(() => sync.state.status === "idle" && sync.state.leader, "rest");
const kinds = () => store.inbox().map(({ exception }) => exception.kind);

beforeEach(async () => {
  server = new FakeServer();
  store = await openStore();
});

afterEach(async () => {
  for (const sync of syncs.splice(0)) sync.stop();
  await store.close();
  vi.restoreAllMocks();
});

describe("a refused command", () => {
  it("is in the inbox, and leaves it when it is sent again and taken", async () => {
    server.verdicts.set("place@1", { issues: [{ code: "price_changed", path: "", args: {} }] });
    const { order } = await placed(store);
    const sync = start();
    await idle(sync);
    const [entry] = store.inbox();
    expect(entry).toMatchObject({
      exception: { kind: "priceStale", waysOut: ["edit", "resend", "dismiss"] },
      command: { n: 1, order },
    });
    expect(store.inboxCount()).toBe(1);

    server.verdicts.clear();
    expect(await store.resend(1)).toMatchObject({ ok: true, saved: { n: 2, order } });
    await until(() => store.standing().orders === 1);
    expect(store.inbox()).toEqual([]);
    expect(await store.resend(1)).toMatchObject({ ok: false, issues: [{ code: "nothing_open" }] });
  });

  it("stays when sending it again is refused at once", async () => {
    const { order } = await placed(store);
    const sync = start();
    await idle(sync);
    server.verdicts.set("cancel@1", { issues: [{ code: "status_forbids", path: "", args: {} }] });
    await store.submit("cancel@1", order, { reason: "late" });
    await until(() => store.standing().refused === 1);
    server.verdicts.clear();
    await store.submit("cancel@1", order, { reason: "later" });
    await until(() => store.order(order)?.order.status === "canceled");
    expect(await store.resend(2)).toMatchObject({ ok: false });
    expect(store.standing().refused).toBe(1);
  });
});

describe("trouble of the device", () => {
  it("is a clock that differs from the server's", async () => {
    const sync = start();
    await idle(sync);
    expect(kinds()).toEqual([]);
    const now = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => now - 60 * 60 * 1000);
    expect(kinds()).toEqual(["clockWrong"]);
    expect(store.inbox()[0]?.exception.args?.["differenceMs"]).toBeLessThan(-59 * 60 * 1000);
    expect(store.inboxCount()).toBe(1);
  });

  it("is storage that is full, until something is written again", async () => {
    const put = Reflect.get<IDBObjectStore, "put">(IDBObjectStore.prototype, "put");
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = put.apply(this, args);
      const full = new DOMException("full", "QuotaExceededError");
      Object.defineProperty(this.transaction, "error", { get: () => full });
      this.transaction.abort();
      return request;
    });
    expect(await store.place(draft(), { isRepeat: true })).toMatchObject({ ok: false });
    expect(store.inbox()).toMatchObject([
      { exception: { kind: "storageTrouble", args: { reason: "full" } } },
    ]);
    vi.restoreAllMocks();
    await placed(store);
    expect(kinds()).toEqual([]);
  });

  it("is stored orders that cannot be read, until they were fetched again", async () => {
    const name = freshName();
    const first = await openStore(name);
    const { order } = await placed(first);
    const sync = start(first);
    await idle(sync);
    sync.stop();
    const database = coreOf(first).database;
    const key = (await database.getAllKeys("rows"))[0];
    const page = await database.get("rows", key ?? 0);
    if (page) page[page.length - 1] = (page[page.length - 1] ?? 0) ^ 1;
    await database.put("rows", page ?? new Uint8Array(), key);
    await first.close();

    const again = await openStore(name);
    expect(again.order(order)).toBeUndefined();
    expect(again.inbox()).toMatchObject([
      {
        exception: { kind: "storageTrouble", args: { reason: "damaged" }, waysOut: ["fetchAgain", "export"] },
      },
    ]);
    await idle(start(again));
    expect(again.order(order)).toBeDefined();
    expect(again.inbox()).toEqual([]);
    await again.close();
  });
});

describe("a copy", () => {
  it("is fetched anew without losing what was not sent", async () => {
    const { order } = await placed(store);
    const sync = start();
    await idle(sync);
    server.next.push(() => Promise.reject(new TypeError("offline")));
    const waiting = await placed(store);
    await store.fetchAgain();
    await until(() => store.standing().orders === 2);
    expect(store.order(order)).toBeDefined();
    expect(store.order(waiting.order)).toBeDefined();
  });

  it("gives the log of an order as evidence", async () => {
    const { order } = await placed(store);
    const log = JSON.parse((await store.exportLog(order)) ?? "null") as unknown;
    expect(log).toMatchObject({ format: "orderkit/log@1", log: { id: order, events: [{ event: {} }] } });
    expect(await store.exportLog(crypto.randomUUID())).toBeUndefined();
  });
});
