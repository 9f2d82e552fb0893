import "fake-indexeddb/auto";
import { openDB } from "idb";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OrderkitError } from "../src/node.js";
import { coreOf } from "../src/store/store.js";
import { exchange } from "./exchange.js";
import { FakeServer } from "./server.js";
import { draft, freshName, placed, ruleset, staff, until } from "./shop.js";
import { open, raw } from "./stores.js";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("saving", () => {
  it("survives a reopening", async () => {
    const name = freshName();
    const store = await open(name);
    const { n, order, number } = await placed(store);
    expect(n).toBe(1);
    // No server has given this device a code yet, so the number is provisional.
    expect(number).toMatch(/^T-/);
    await store.close();

    const again = await open(name);
    expect(again.list().rows).toMatchObject([{ unsent: true, row: { id: order, number } }]);
    expect(again.order(order)?.pending).toHaveLength(1);
    expect(again.standing()).toMatchObject({ orders: 0, unsent: 1, refused: 0 });
    expect(again.standing().oldestUnsentMs).toBeGreaterThan(0);
  });

  it("refuses what the rules refuse, and stores nothing of it", async () => {
    const store = await open();
    const { order } = await placed(store);
    expect(await store.submit("cancel@1", order, { reason: "" })).toMatchObject({
      ok: false,
      issues: [{ code: "required" }],
    });
    expect(await store.place(draft("0"))).toMatchObject({ ok: false });
    expect(await store.submit("confirm@1", undefined, {})).toMatchObject({
      ok: false,
      issues: [{ code: "order_unknown" }],
    });
    expect(store.pending()).toHaveLength(1);
    expect((await placed(store)).n).toBe(2);
  });

  it("counts though a listener of the page throws, which is reported", async () => {
    const store = await open();
    const fault = new Error("of the page");
    const reported = vi.fn();
    vi.stubGlobal("reportError", reported);
    store.subscribe(() => {
      throw fault;
    });
    const heard = vi.fn();
    store.subscribe(heard);
    await placed(store);
    vi.unstubAllGlobals();
    expect(store.standing().unsent).toBe(1);
    expect(heard).toHaveBeenCalled();
    expect(reported).toHaveBeenCalledWith(fault);
  });

  it("goes on in another role of the same user, and pulls anew what that one may see", async () => {
    const name = freshName();
    const server = new FakeServer();
    const before = await open(name);
    await placed(before);
    await exchange(before, server);
    await placed(before);
    await before.close();
    const again = await open(name, { ...staff, role: "admin" });
    expect(coreOf(again).progress.position).toMatchObject({ actor: { role: "admin" } });
    expect(again.standing()).toMatchObject({ orders: 0, unsent: 1 });
    await exchange(again, server);
    expect(again.standing()).toMatchObject({ orders: 2, unsent: 0 });
  });

  it("throws what only a programmer can mend, and goes on", async () => {
    const store = await open();
    const wrong = store.submit("cancel@1", (await placed(store)).order, { reason: 1 } as never);
    await expect(wrong).rejects.toMatchObject({ code: "shape_invalid" });
    const cyclic: { reason: string; self?: unknown } = { reason: "x" };
    cyclic.self = cyclic;
    await expect(store.submit("cancel@1", undefined, cyclic)).rejects.toMatchObject({
      code: "document_cyclic",
    });
    expect((await placed(store)).n).toBe(2);
  });

  it("keeps users and shops apart", async () => {
    const name = freshName();
    await placed(await open(name));
    const other = await open(name, { user: "ada/1", role: "customer" });
    expect(other.list().total).toBe(0);
  });

  it("tells what is only here", async () => {
    const store = await open();
    const { order } = await placed(store);
    const exported = JSON.parse(store.exportUnsent()) as { commands: { order: string }[] };
    expect(exported).toMatchObject({ format: "orderkit/unsent@1", actor: staff });
    expect(exported.commands).toMatchObject([{ n: 1, order, kind: "place@1" }]);
  });

  it("says when there is no room, and has saved nothing", async () => {
    const store = await open();
    const put = Reflect.get<IDBObjectStore, "put">(IDBObjectStore.prototype, "put");
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = put.apply(this, args);
      const full = new DOMException("full", "QuotaExceededError");
      Object.defineProperty(this.transaction, "error", { get: () => full, configurable: true });
      this.transaction.abort();
      return request;
    });
    expect(await store.place(draft(), { isRepeat: true })).toMatchObject({
      ok: false,
      issues: [{ code: "storage_full" }],
    });
    vi.restoreAllMocks();
    expect(store.pending()).toHaveLength(0);
    expect(await placed(store)).toMatchObject({ n: 1 });
  });

  it("opens the database again when the browser lost it", async () => {
    const store = await open();
    await placed(store);
    coreOf(store).database.close();
    expect((await placed(store)).n).toBe(2);
    expect(store.pending()).toHaveLength(2);
  });

  it("asks the browser to keep the data when there is something to keep", async () => {
    const persist = vi.fn(() => Promise.resolve(true));
    vi.stubGlobal("navigator", { storage: { persist } });
    const store = await open();
    expect(persist).not.toHaveBeenCalled();
    await placed(store);
    await placed(store);
    await until(() => store.standing().persisted);
    expect(persist).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });
});

describe("two pages on one database", () => {
  it("count without gaps and see each other", async () => {
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    const saved = await Promise.all(Array.from({ length: 20 }, (_, at) => placed(at % 2 ? one : two)));
    const counters = saved.map((it) => it.n).sort((a, b) => a - b);
    expect(counters).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    await until(() => one.pending().length === 20 && two.pending().length === 20, "the exchange of hints");
    expect(one.list()).toEqual(two.list());
  });

  it("decide on what the other one has just stored", async () => {
    const name = freshName();
    const [one, two] = [await open(name), await open(name)];
    const { order } = await placed(one);
    // Without waiting for any hint.
    expect(await two.submit("cancel@1", order, { reason: "twice" })).toMatchObject({ ok: true });
    expect(await one.submit("cancel@1", order, { reason: "twice" })).toMatchObject({
      ok: false,
      issues: [{ code: "status_forbids" }],
    });
  });

  it("see what the server sent to one of them", async () => {
    const name = freshName();
    const server = new FakeServer();
    const [one, two] = [await open(name), await open(name)];
    const { order } = await placed(one);
    expect(await exchange(one, server)).toMatchObject({ kind: "stored", step: { kind: "rest" } });
    await until(() => two.standing().orders === 1);
    expect(two.list().rows).toMatchObject([{ unsent: false, row: { id: order } }]);
    expect(two.standing()).toMatchObject({ unsent: 0, device: "K7" });
  });

  it("let go when another page brings a new version", async () => {
    const name = freshName();
    const store = await open(name);
    const changed = vi.fn();
    store.subscribe(changed);
    const newer = await openDB(`${name}/main/staff`, 99);
    newer.close();
    expect(store.state).toBe("outdated");
    // What is there can still be read.
    expect(store.list().total).toBe(0);
    expect(changed).toHaveBeenCalled();
    expect(await store.place(draft(), { isRepeat: true })).toMatchObject({
      ok: false,
      issues: [{ code: "store_closed" }],
    });
    await expect(open(name)).rejects.toMatchObject({
      code: "store_closed",
    } satisfies Partial<OrderkitError>);
  });
});

describe("opening", () => {
  it("says so when the browser does not answer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    vi.spyOn(indexedDB, "open").mockImplementation(() =>
      Reflect.construct<[], IDBOpenDBRequest>(IDBOpenDBRequest, []),
    );
    const opening = expect(open()).rejects.toMatchObject({ code: "storage_blocked" });
    await vi.advanceTimersByTimeAsync(11_000);
    await opening;
    vi.useRealTimers();
  });

  it("says so where there is no storage", async () => {
    vi.stubGlobal("indexedDB", undefined);
    await expect(open()).rejects.toMatchObject({ code: "storage_failed" });
    vi.unstubAllGlobals();
  });
});

describe("what the server answers", () => {
  it("keeps a refused command with its reason until it is dismissed", async () => {
    const name = freshName();
    const server = new FakeServer();
    const store = await open(name);
    server.verdicts.set("cancel@1", { issues: [{ code: "already_shipped", path: "", args: {} }] });
    const { order } = await placed(store);
    await store.submit("cancel@1", order, { reason: "no more" });
    expect(await store.dismiss(2)).toMatchObject({ ok: false, issues: [{ code: "nothing_open" }] });
    await exchange(store, server);
    await store.close();

    const again = await open(name);
    expect(again.standing()).toMatchObject({ orders: 1, unsent: 0, refused: 1 });
    const [pending] = again.pending();
    expect(pending).toMatchObject({
      n: 2,
      args: { reason: "no more" },
      verdict: { verdict: "rejected", issues: [{ code: "already_shipped" }] },
    });
    expect(again.list().rows[0]?.refused).toBe(true);
    expect(await again.dismiss(2)).toEqual({ ok: true, dismissed: 2 });
    expect(again.pending()).toHaveLength(0);
    expect((await placed(again)).n).toBe(3);
  });

  it("takes over newer rules and keeps them", async () => {
    const name = freshName();
    const server = new FakeServer();
    const store = await open(name);
    server.rulesetText = JSON.stringify({ ...ruleset, version: "demo-2" });
    await exchange(store, server);
    expect(store.rules.version).toBe("demo-2");
    expect(store.rules.ruleset.version).toBe("demo-2");
    await store.close();
    expect((await open(name)).rules.version).toBe("demo-2");
  });

  it("is not taken over when it cannot be stored", async () => {
    const server = new FakeServer();
    const store = await open();
    await placed(store);
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("broken", "UnknownError");
    });
    expect(await exchange(store, server)).toMatchObject({
      kind: "failed",
      issue: { code: "storage_failed" },
    });
    put.mockRestore();
    expect(store.standing()).toMatchObject({ orders: 0, unsent: 1 });
    expect(await exchange(store, server)).toMatchObject({ kind: "stored", step: { kind: "rest" } });
    expect(store.standing()).toMatchObject({ orders: 1, unsent: 0 });
  });

  it("is dropped when the copy is not what the server says", async () => {
    const server = new FakeServer();
    const store = await open();
    await placed(store);
    server.digest = { orders: 5, hash: "0000000000000000" };
    expect(await exchange(store, server)).toMatchObject({ step: { kind: "again" } });
    expect(store.standing().orders).toBe(0);
    server.digest = undefined;
    expect(await exchange(store, server)).toMatchObject({ step: { kind: "rest" } });
    expect(server.requests.at(-1)?.since).toBeUndefined();
    expect(store.standing().orders).toBe(1);
  });

  it("outlives a database that vanished under the page", async () => {
    const name = freshName();
    const server = new FakeServer();
    const store = await open(name);
    await placed(store);
    await exchange(store, server);
    const { order } = await placed(store);
    const client = server.requests.at(-1)?.client;
    const database = await raw(name);
    await Promise.all((["outbox", "rows", "logs", "meta"] as const).map((table) => database.clear(table)));
    database.close();
    expect((await placed(store)).n).toBe(2);
    await exchange(store, server);
    expect(server.requests.at(-1)?.client).not.toBe(client);
    expect(store.standing()).toMatchObject({ orders: 3, unsent: 0 });
    expect(store.order(order)?.pending).toHaveLength(0);
  });
});
