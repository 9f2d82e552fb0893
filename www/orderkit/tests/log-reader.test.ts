import "fake-indexeddb/auto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newId } from "../src/node.js";
import { coreOf } from "../src/store/store.js";
import { exchange } from "./exchange.js";
import { FakeServer } from "./server.js";
import { freshName, placed, until } from "./shop.js";
import { closed, open, raw } from "./stores.js";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A store with a confirmed order whose log is not in memory. */
async function reopened() {
  const { name, order } = await closed();
  return { name, order, store: await open(name) };
}

/** Lets reading a log fail so often. */
function failing(times: number, fail: (table: IDBObjectStore) => void): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the table as what it belongs to
  const real = IDBObjectStore.prototype.get;
  let left = times;
  vi.spyOn(IDBObjectStore.prototype, "get").mockImplementation(function (
    this: IDBObjectStore,
    key: IDBValidKey | IDBKeyRange,
  ) {
    const isMeant = this.name === "logs" && left > 0;
    if (isMeant) left -= 1;
    const request = real.call(this, key);
    if (isMeant) fail(this);
    return request;
  });
}

describe("the log of an order", () => {
  it("is read over a new connection if the browser lost the old one", async () => {
    const { order, store } = await reopened();
    coreOf(store).database.close();
    expect(store.order(order)).toBeUndefined();
    await until(() => store.order(order) !== undefined);
    expect(store.inbox()).toEqual([]);
  });

  it("that cannot be read is told, to who waits for it and in the inbox", async () => {
    const { order, store } = await reopened();
    failing(99, () => {
      throw new DOMException("broken", "UnknownError");
    });
    await expect(store.load(order)).rejects.toMatchObject({ code: "storage_failed" });
    expect(store.inbox()).toMatchObject([{ exception: { kind: "storageTrouble" } }]);
    vi.restoreAllMocks();
    expect(await store.load(order)).toBeDefined();
  });

  it("of a reading that is aborted is read again, and nothing is left unhandled", async () => {
    const { order, store } = await reopened();
    failing(1, (table) => {
      table.transaction.abort();
    });
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    expect(store.order(order)).toBeUndefined();
    await until(() => store.order(order) !== undefined || unhandled.mock.calls.length > 0);
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("is not said to be missing by a page that is out of date", async () => {
    const { order, store } = await reopened();
    coreOf(store).outdate();
    expect(store.row(order)).toBeDefined();
    await expect(store.load(order)).rejects.toMatchObject({ code: "store_closed" });
    await expect(store.exportLog(order)).rejects.toMatchObject({ code: "store_closed" });
  });

  it("is read and told at once with all that were asked for at once", async () => {
    const name = freshName();
    const server = new FakeServer();
    const first = await open(name);
    await placed(first);
    await exchange(first, server);
    const events = [...server.orders.values()].flatMap((it) => it.log.events);
    const orders = Array.from({ length: 30 }, () => newId());
    for (const id of orders) {
      server.put({ id, events });
      await exchange(first, server);
    }
    await first.close();
    const store = await open(name);
    const told = vi.fn();
    store.subscribe(told);
    for (const id of orders) expect(store.order(id)).toBeUndefined();
    await until(() => orders.every((id) => store.order(id) !== undefined));
    expect(told).toHaveBeenCalledTimes(1);
  });
});

describe("what waits on an order whose log is not in memory", () => {
  it("is folded after it was brought in from a file", async () => {
    const { name, order, store } = await reopened();
    await store.submit("cancel@1", order, { reason: "buyer" });
    const file = store.exportUnsent();
    await store.close();
    const database = await raw(name);
    await database.clear("outbox");
    database.close();
    const again = await open(name);
    expect(again.row(order)?.summary).toBe("awaitingPayment");
    expect(await again.importUnsent(file)).toMatchObject({ ok: true, imported: { imported: 1 } });
    await until(() => again.row(order)?.summary === "canceled");
  });

  it("is folded though its log could not be read at first", async () => {
    const { name, order, store } = await reopened();
    await store.submit("cancel@1", order, { reason: "buyer" });
    await store.close();
    failing(2, () => {
      throw new DOMException("broken", "UnknownError");
    });
    const again = await open(name);
    await again.load(order).catch(() => undefined);
    await again.load(order);
    await until(() => again.row(order)?.summary === "canceled");
  });
});

it("a command that is saved while the page becomes outdated is said to be saved", async () => {
  const store = await open();
  const { order } = await placed(store);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the table as what it belongs to
  const real = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (
    this: IDBObjectStore,
    value: unknown,
    key?: IDBValidKey,
  ) {
    if (this.name === "outbox") {
      queueMicrotask(() => {
        coreOf(store).outdate();
      });
    }
    return key === undefined ? real.call(this, value) : real.call(this, value, key);
  });
  expect(await store.submit("note@1", order, { text: "ring twice" })).toMatchObject({ ok: true });
});
