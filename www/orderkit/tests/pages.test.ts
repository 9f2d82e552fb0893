import "fake-indexeddb/auto";
import { openDB } from "idb";
import { describe, expect, it } from "vitest";
import { newId } from "../src/node.js";
import type { Progress } from "../src/store/client.js";
import { pack } from "../src/store/receive.js";
import { coreOf } from "../src/store/store.js";
import { exchange } from "./exchange.js";
import { FakeServer } from "./server.js";
import { freshName, placed, until } from "./shop.js";
import { closed, open, raw } from "./stores.js";

describe("confirmed orders, as they are stored,", () => {
  it("are packed when they have come in many pieces", async () => {
    const name = freshName();
    const server = new FakeServer();
    server.pageSize = 1;
    const other = await open();
    await placed(other);
    await exchange(other, server);
    const events = [...server.orders.values()].flatMap((it) => it.log.events);
    for (let at = 1; at < 203; at += 1) server.put({ id: newId(), events });
    const [store, idle] = [await open(name), await open(name)];
    for (let at = 0; at < 203; at += 1) {
      await exchange(store, server);
      await pack(coreOf(store));
    }
    const { order } = await placed(store);
    const database = await raw(name);
    expect(await database.count("rows")).toBeLessThan(18);
    expect(await database.count("logs")).toBeLessThan(206);
    database.close();
    expect(store.standing().orders).toBe(203);
    await until(() => idle.standing().orders === 203);
    expect(await exchange(store, server)).toMatchObject({ kind: "stored", step: { kind: "rest" } });
    await until(() => idle.standing().orders === 204);
    await store.close();
    const again = await open(name);
    expect(again.standing()).toMatchObject({ orders: 204, unsent: 0 });
    expect(again.row(order)).toBeDefined();
    expect(await again.load(order)).toBeDefined();
  });

  it("are read when somebody opens them, and the page is told", async () => {
    const { name, order } = await closed();
    const store = await open(name);
    expect(store.list().rows.map(({ row }) => row.id)).toEqual([order]);
    let told = 0;
    store.subscribe(() => (told += 1));
    expect(store.order(order)).toBeUndefined();
    await until(() => store.order(order) !== undefined);
    expect(told).toBe(1);
    expect(await store.load(order)).toMatchObject({ confirmedRevision: 1 });
    expect(await store.load(newId())).toBeUndefined();
    await store.close();
    // What is given on an order that was not opened is decided on it all the same.
    const again = await open(name);
    expect(await again.submit("note@1", order, { text: "ring twice" })).toMatchObject({ ok: true });
    expect(again.order(order)?.pending).toHaveLength(1);
    await again.close();
  });

  it("are fetched again when a page is damaged; the outbox stays", async () => {
    const name = freshName();
    const server = new FakeServer();
    const store = await open(name);
    await placed(store);
    await exchange(store, server);
    const { order } = await placed(store);
    await store.close();
    const database = await raw(name);
    const [key] = await database.getAllKeys("rows");
    const page = await database.get("rows", key ?? 0);
    page?.fill(7, 20, 60);
    await database.put("rows", page ?? new Uint8Array(), key);
    database.close();

    const again = await open(name);
    expect(again.standing()).toMatchObject({ orders: 0, unsent: 1 });
    expect(again.order(order)).toBeDefined();
    await exchange(again, server);
    expect(again.standing()).toMatchObject({ orders: 2, unsent: 0 });
    await again.close();
    expect((await open(name)).standing().orders).toBe(2);
  });

  it("are fetched again when a log is damaged or lost", async () => {
    for (const harm of ["changed", "deleted"]) {
      const { name, server, order } = await closed();
      const database = await raw(name);
      const [key = 0] = await database.getAllKeys("logs");
      const piece = await database.get("logs", key);
      piece?.fill(7, 30, 60);
      if (harm === "changed") await database.put("logs", piece ?? new Uint8Array(), key);
      else await database.delete("logs", key);
      database.close();

      const store = await open(name);
      expect(store.row(order)).toBeDefined();
      expect(await store.load(order)).toBeUndefined();
      expect(store.standing().orders).toBe(0);
      await exchange(store, server);
      expect(await store.load(order)).toBeDefined();
      await store.close();
    }
  });

  it("of the first version are fetched again, and what waits is kept", async () => {
    const name = freshName();
    const old = await openDB(`${name}/main/staff`, 1, {
      upgrade(database) {
        database.createObjectStore("outbox", { keyPath: "n" });
        database.createObjectStore("snap");
        database.createObjectStore("delta", { autoIncrement: true });
        database.createObjectStore("meta");
      },
    });
    const server = new FakeServer();
    const template = await open(freshName());
    await placed(template);
    await exchange(template, server);
    const { order } = await placed(template);
    const source = coreOf(template).database;
    const progress = { ...((await source.get("meta", "progress")) as Progress), format: 1 };
    for (const record of await source.getAll("outbox")) await old.put("outbox", record);
    await old.put("meta", progress, "progress");
    await old.put("delta", new Uint8Array([1, 2, 3]));
    old.close();
    await template.close();

    const store = await open(name);
    expect(store.standing()).toMatchObject({ orders: 0, unsent: 1 });
    expect(store.order(order)?.pending).toHaveLength(1);
    expect(store.inbox()).toEqual([]);
    await exchange(store, server);
    expect(store.standing()).toMatchObject({ orders: 2, unsent: 0 });
    await store.close();
  });
});
